// One indicator: its value, how outliers and blanks of it are treated, and how it becomes points.
#include <fmt/format.h>

#include "engine/model/read_scores.hpp"

namespace zoneval::model {

std::optional<std::pair<feel::ExpressionText, feel::ExpressionText>> read_goalposts(const Yaml& node,
                                                                                    std::string_view key,
                                                                                    MapReader& map) {
    const auto text = node.expression();
    const auto dots = node.is_scalar() ? text.text.find("..") : std::string::npos;
    if (dots == std::string::npos) {
        map.wrong(node, key, key == "from" ? "goalposts `worst..best`, e.g. `0..10`" : "a range such as `0..100`");
        return std::nullopt;
    }
    const auto part = [&](std::size_t begin, std::size_t end) {
        return feel::ExpressionText{text.source,
                                    text.text.substr(begin, end - begin),
                                    {text.offsets.begin() + static_cast<std::ptrdiff_t>(begin),
                                     text.offsets.begin() + static_cast<std::ptrdiff_t>(end + 1)}};
    };
    return std::pair{part(0, dots), part(dots + 2, text.text.size())};
}

namespace {

std::optional<Indicator::Normalise> read_normalise(MapReader& map) {
    using enum Indicator::Normalise;
    constexpr std::pair<std::string_view, Indicator::Normalise> names[] = {
        {"goalposts", goalposts},
        {"min-max", min_max},
        {"percent rank", percent_rank},
        {"z-score", z_score},
        {"rank", rank},
        {"borda", borda},
        {"none", none},
        {"fraction of maximum", fraction_of_maximum},
        {"distance to target", distance_to_target},
        {"distance to reference", distance_to_reference},
        {"categories", categories}};
    const auto name = map.choice(
        "normalise", {"goalposts", "min-max", "percent rank", "z-score", "rank", "borda", "fraction of maximum",
                      "distance to target", "distance to reference", "categories", "none"});
    for (const auto& [word, how] : names)
        if (name == word) return how;
    return std::nullopt;
}

/// `{excellent: 100, '>= 60': 50}`: what the value may be, as in a decision table, and the points for it.
std::vector<Indicator::Category> read_categories(const Yaml& node, MapReader& map) {
    std::vector<Indicator::Category> out;
    if (!node.is_mapping() || node.entries.empty()) {
        map.wrong(node, "categories", "what the value may be, and the points for it: `{excellent: 100, good: 60}`");
        return out;
    }
    for (const auto& [test, points] : node.entries) {
        const auto number = points.is_scalar() ? feel::Decimal::parse(points.scalar) : std::nullopt;
        if (!number) map.wrong(points, test.scalar, "a number of points");
        auto text = test.expression();
        out.push_back({std::move(text), number.value_or(feel::Decimal(0))});
    }
    return out;
}

/// How the value becomes points.
void read_points(const Yaml& item, MapReader& map, const Defaults& defaults, Indicator& indicator,
                 const std::string& context, Diagnostics& diagnostics) {
    using enum Indicator::Normalise;
    const auto* from = map.take("from");
    if (from)
        if (auto posts = read_goalposts(*from, "from", map)) {
            indicator.worst = std::move(posts->first);
            indicator.best = std::move(posts->second);
        }
    auto how = read_normalise(map);
    if (const auto* categories_node = map.take("categories")) {
        indicator.categories = read_categories(*categories_node, map);
        if (how.value_or(categories) != categories || from)
            map.pointless(*categories_node, "categories", "the points are made in another way",
                          "one way to points: categories, or goalposts or another");
        how = categories;
    } else if (how == categories) {
        map.require("categories");
    }
    if (!how && !from) how = defaults.normalise;
    indicator.normalise = how.value_or(goalposts);
    if (!how && !from && item.is_mapping())
        diagnostics.add(
            Kind::missing_key, *item.source, item.span,
            fmt::format("an indicator of {} does not say how its value becomes points", context),
            "`from: worst..best`, or `normalise: min-max`, `percent rank`, `z-score` or others, here or for "
            "the whole score");
    if (how == goalposts && !from) map.require("from");
    indicator.target = map.expression("target");
    if (indicator.normalise == distance_to_target && !indicator.target) map.require("target");
    indicator.reference = map.text("reference");
    if (indicator.normalise == distance_to_reference && indicator.reference.empty()) map.require("reference");
    if (const auto ties = map.choice("ties", {"lower", "average"})) {
        indicator.average_ties = *ties == "average";
        if (indicator.normalise != rank && indicator.normalise != borda && indicator.normalise != percent_rank)
            map.pointless(*map.take("ties"), "ties", "the points are no places",
                          "`normalise: rank`, `borda` or `percent rank`");
    }
    if (const auto mean = map.number("mean")) indicator.mean = *mean;
    if (const auto deviation = map.number("deviation")) indicator.deviation = *deviation;
}

constexpr std::string_view treatments =
    "`none`, `log`, `box-cox 0.5`, `winsorise 5`, `winsorise 5, log` (one after the other), or `{winsorise: 5, then: "
    "log}`";

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(' ');
    return begin == text.npos ? "" : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

/// `log`, `box-cox 0.5` or `winsorise 5`.
std::optional<Treatment::Step> read_step(std::string_view text) {
    using enum Treatment::Step::How;
    constexpr std::string_view words_of_box_cox = "box-cox ", words_of_winsorise = "winsorise ";
    if (text == "log") return Treatment::Step{log};
    const auto number = [&](std::string_view words) {
        return text.starts_with(words) ? feel::Decimal::parse(text.substr(words.size())) : std::nullopt;
    };
    if (const auto lambda = number(words_of_box_cox)) return Treatment::Step{box_cox, *lambda};
    const auto most = number(words_of_winsorise);
    const auto whole = most ? most->to_int64() : std::nullopt;
    if (whole && *whole > 0) return Treatment::Step{winsorise, *most};
    return std::nullopt;
}

/// Steps one after the other: a list, or a text with commas. False: it is told.
bool read_steps(const Yaml& node, std::string_view key, MapReader& map, Treatment& out) {
    std::vector<std::string_view> texts;
    for (const auto& item : node.items) texts.push_back(item.is_scalar() ? std::string_view(item.scalar) : "");
    for (std::string_view rest = node.scalar; node.is_scalar() && !rest.empty();) {
        const auto comma = std::min(rest.find(','), rest.size());
        texts.push_back(rest.substr(0, comma));
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    for (const auto text : texts)
        if (const auto step = read_step(trimmed(text))) out.steps.push_back(*step);
    const bool fine = !texts.empty() && out.steps.size() == texts.size();
    if (!fine) map.wrong(node, key, std::string(treatments));
    return fine;
}

/// A text, a list of steps, or `{winsorise: 5, then: log, skewness: 2, kurtosis: 3.5}`.
std::optional<Treatment> read_treatment(const Yaml& node, MapReader& map) {
    Treatment out;
    if (!node.is_mapping()) {
        if (node.is_scalar() && node.scalar == "none") return std::nullopt;
        if (!read_steps(node, "treatment", map, out)) return std::nullopt;
        out.chained = true;
        out.always = node.is_scalar() && out.steps.size() == 1 && out.steps[0].how != Treatment::Step::How::winsorise;
        return out;
    }
    MapReader inner(node, "`treatment` of " + map.context(), map.diagnostics());
    if (const auto most = inner.whole("winsorise"); most && *most > 0)
        out.steps.push_back({Treatment::Step::How::winsorise, feel::Decimal(std::int64_t{*most})});
    if (const auto* next = inner.take("then")) {
        const auto step = next->is_scalar() ? read_step(next->scalar) : std::nullopt;
        if (step && step->how != Treatment::Step::How::winsorise)
            out.steps.push_back(*step);
        else
            inner.wrong(*next, "then", "`log` or `box-cox 0.5`");
    }
    if (const auto* steps = inner.take("steps")) {
        out.chained = true;
        if (!out.steps.empty())
            inner.pointless(
                *steps, "steps", "`winsorise` and `then` say what is done",
                "`steps`, each of what the step before left, or `winsorise` and, where it does not suffice, "
                "`then` of the values as they were");
        else if (!read_steps(*steps, "steps", inner, out))
            return std::nullopt;
    }
    if (const auto skewness = inner.number("skewness")) out.skewness = *skewness;
    if (const auto kurtosis = inner.number("kurtosis")) out.kurtosis = *kurtosis;
    if (out.steps.empty())
        inner.wrong(node, "winsorise", "how many records at most take the next value, or `then: log`");
    inner.finish();
    return out;
}

void read_impute(MapReader& map, Impute& impute, std::optional<feel::ExpressionText>& within) {
    constexpr std::pair<std::string_view, Impute> names[] = {{"none", Impute::nothing},
                                                             {"mean", Impute::mean},
                                                             {"median", Impute::median},
                                                             {"last year", Impute::last_year},
                                                             {"linear", Impute::linear}};
    const auto name = map.choice("impute", {"none", "mean", "median", "last year", "linear"});
    for (const auto& [word, how] : names)
        if (name == word) impute = how;
    if (auto group = map.expression("impute within")) within = std::move(group);
}

/// `2018`, `2018..2022` or `all`.
void read_reference_years(MapReader& map, std::optional<ReferenceYears>& out) {
    const auto* node = map.take("reference years");
    if (!node) return;
    const auto wrong = [&] { map.wrong(*node, "reference years", "a year, years such as `2018..2022`, or `all`"); };
    if (!node->is_scalar()) return wrong();
    const std::string_view text = node->scalar;
    if (text == "all") {
        out = ReferenceYears{};
        return;
    }
    const auto year = [](std::string_view of) -> std::optional<std::int32_t> {
        const auto number = feel::Decimal::parse(of);
        const auto whole = number ? number->to_int64() : std::nullopt;
        constexpr std::int64_t last = 9998;
        if (!whole || *whole < 1 || *whole > last) return std::nullopt;
        return static_cast<std::int32_t>(*whole);
    };
    const auto dots = text.find("..");
    const auto from = year(text.substr(0, dots)), until = dots == text.npos ? from : year(text.substr(dots + 2));
    if (!from || !until || *from > *until) return wrong();
    out = ReferenceYears{from, until};
}

void read_truncate(MapReader& map, std::optional<bool>& out) {
    if (map.take("truncate")) out = map.flag("truncate");
}

}  // namespace

std::string ReferenceYears::to_string() const {
    if (!from) return "all years";
    return *from == *until ? fmt::format("{}", *from) : fmt::format("{}..{}", *from, *until);
}

void read_defaults(MapReader& map, Defaults& defaults) {
    if (const auto how = read_normalise(map)) {
        using enum Indicator::Normalise;
        if (how == goalposts || how == distance_to_target || how == distance_to_reference || how == categories)
            map.wrong(*map.take("normalise"), "normalise", "a way that needs nothing else of each indicator",
                      "say it with each indicator");
        defaults.normalise = how;
    }
    if (auto within = map.expression("within")) defaults.within = std::move(within);
    if (const auto* treatment = map.take("treatment")) defaults.treatment = read_treatment(*treatment, map);
    read_impute(map, defaults.impute, defaults.impute_within);
    read_reference_years(map, defaults.reference_years);
    read_truncate(map, defaults.truncate);
}

Indicator read_indicator(const Yaml& item, const Defaults& defaults, const std::string& context,
                         std::vector<WrittenWeight>& written, Diagnostics& diagnostics) {
    Indicator indicator;
    indicator.source = item.source;
    indicator.span = item.span;
    indicator.within = defaults.within;
    indicator.treatment = defaults.treatment;
    indicator.impute = defaults.impute;
    indicator.impute_within = defaults.impute_within;
    indicator.reference_years = defaults.reference_years;
    indicator.truncate = defaults.truncate;
    if (item.is_scalar() && defaults.normalise) {  // nothing but the value
        indicator.of = item.expression();
        indicator.normalise = *defaults.normalise;
        written.emplace_back();
        return indicator;
    }
    MapReader map(item, "an indicator of " + context, diagnostics);
    if (map.require("of"))
        if (auto of = map.expression("of")) indicator.of = std::move(*of);
    written.push_back(read_weight(map));
    read_points(item, map, defaults, indicator, context, diagnostics);
    indicator.lower_is_better = map.flag("lower is better");
    if (indicator.lower_is_better && !indicator.categories.empty())
        map.pointless(*map.take("lower is better"), "lower is better", "categories say what is better",
                      "points for each category");
    if (auto within = map.expression("within")) indicator.within = std::move(within);
    indicator.smallest_group = map.smallest_group();
    indicator.per = map.expression("per");
    indicator.minimum = map.number("minimum");
    if (const auto* treatment = map.take("treatment")) indicator.treatment = read_treatment(*treatment, map);
    read_impute(map, indicator.impute, indicator.impute_within);
    read_reference_years(map, indicator.reference_years);
    using enum Indicator::Normalise;
    if (const auto* years = map.take("reference years");
        years && (indicator.normalise == goalposts || indicator.normalise == categories || indicator.normalise == none))
        map.pointless(*years, "reference years", "these points compare with no record",
                      "`min-max`, `z-score`, `fraction of maximum`, or a distance to a target or a reference");
    read_truncate(map, indicator.truncate);
    map.finish();
    return indicator;
}

}  // namespace zoneval::model
