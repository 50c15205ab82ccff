// Scores: groups of indicators, how values become points, and points one score.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "engine/model/read_definitions.hpp"

namespace zoneval::model {

namespace {

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

void read_scale(const Yaml& node, Score& score, MapReader& map) {
    const auto range = read_goalposts(node, "scale", map);
    if (!range) return;
    const auto low = parse_share(range->first.text), high = parse_share(range->second.text);
    if (low && high && *low < *high) {
        score.low = *low;
        score.high = *high;
        return;
    }
    map.wrong(node, "scale", "a range such as `0..100`");
}

/// `60 %`, `2` or `1/3`.
struct WrittenWeight {
    enum class As { nothing, per_cent, number } as = As::nothing;
    feel::Decimal value{1};
    std::int64_t divisor = 1;
};

WrittenWeight read_weight(MapReader& map) {
    const auto* node = map.take("weight");
    if (!node) return {};
    const auto wrong = [&] {
        map.wrong(*node, "weight", "a share such as `20 %`, a number such as `2`, or a fraction such as `1/3`",
                  "leave the weights out where all count alike");
        return WrittenWeight{};
    };
    if (!node->is_scalar()) return wrong();
    const std::string_view text = node->scalar;
    const auto slash = text.find('/');
    const auto number = parse_share(text.substr(0, slash));
    if (!number || *number < feel::Decimal(0)) return wrong();
    const bool per_cent = text.find('%') != std::string_view::npos;
    if (slash == std::string_view::npos)
        return {per_cent ? WrittenWeight::As::per_cent : WrittenWeight::As::number, *number, 1};
    constexpr std::int64_t most = 10'000;
    const auto divisor = parse_share(text.substr(slash + 1));
    const auto whole = divisor ? divisor->to_int64() : std::nullopt;
    if (per_cent || !whole || *whole < 1 || *whole > most) return wrong();
    return {WrittenWeight::As::number, *number, *whole};
}

/// Per cents add up to 100; anything else counts by its part of the sum; no weight at all: all alike.
void settle_weights(const std::vector<Weight*>& weights, const std::vector<WrittenWeight>& written,
                    const std::string& context, const Yaml& place, Diagnostics& diagnostics) {
    if (weights.empty()) return;
    using As = WrittenWeight::As;
    const auto refuse = [&](std::string message, std::string expected) {
        diagnostics.add(Kind::weights_do_not_add_up, *place.source, place.span, std::move(message),
                        std::move(expected));
    };
    const auto any = [&](As as) {
        return std::any_of(written.begin(), written.end(), [&](const WrittenWeight& w) { return w.as == as; });
    };
    const bool per_cents = any(As::per_cent);  // 0.4 beside 60 % is a share, too
    if (any(As::nothing) && (per_cents || any(As::number)))
        return refuse(fmt::format("not all parts of {} have a weight", context),
                      "a weight for each, or none at all: then all count alike");
    std::int64_t common = 1;
    for (const auto& w : written) common = std::lcm(common, w.divisor);
    feel::Decimal sum{0};
    for (std::size_t i = 0; i < weights.size(); ++i) {
        weights[i]->written = written[i].value * feel::Decimal(common / written[i].divisor);
        sum = sum + weights[i]->written;
    }
    if (per_cents && sum != feel::Decimal(1))
        return refuse(fmt::format("the weights of {} add up to {} %", context, (sum * feel::Decimal(100)).to_string()),
                      "100 %");
    if (sum == feel::Decimal(0)) return refuse(fmt::format("the weights of {} are all 0", context), "one above 0");
    for (auto* weight : weights) weight->share = weight->written / sum;
}

/// What indicators have in common, unless they say otherwise.
struct Defaults {
    std::optional<Indicator::Normalise> normalise;
    std::optional<feel::ExpressionText> within;
};

std::optional<Indicator::Normalise> read_normalise(MapReader& map) {
    using enum Indicator::Normalise;
    constexpr std::pair<std::string_view, Indicator::Normalise> names[] = {{"goalposts", goalposts},
                                                                           {"min-max", min_max},
                                                                           {"percent rank", percent_rank},
                                                                           {"z-score", z_score},
                                                                           {"rank", rank},
                                                                           {"borda", borda},
                                                                           {"none", none},
                                                                           {"fraction of maximum", fraction_of_maximum},
                                                                           {"distance to target", distance_to_target}};
    const auto name = map.choice("normalise", {"goalposts", "min-max", "percent rank", "z-score", "rank", "borda",
                                               "fraction of maximum", "distance to target", "none"});
    for (const auto& [word, how] : names)
        if (name == word) return how;
    return std::nullopt;
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
    if (const auto mean = map.number("mean")) indicator.mean = *mean;
    if (const auto deviation = map.number("deviation")) indicator.deviation = *deviation;
}

Indicator read_indicator(const Yaml& item, const Defaults& defaults, const std::string& context,
                         std::vector<WrittenWeight>& written, Diagnostics& diagnostics) {
    Indicator indicator;
    indicator.source = item.source;
    indicator.span = item.span;
    indicator.within = defaults.within;
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
    if (auto within = map.expression("within")) indicator.within = std::move(within);
    indicator.smallest_group = map.smallest_group();
    map.finish();
    return indicator;
}

void read_indicators(const Yaml& list, const Defaults& defaults, IndicatorGroup& group, const std::string& context,
                     const Yaml& place, Diagnostics& diagnostics) {
    if (!list.is_sequence()) {
        diagnostics.add(Kind::wrong_shape, *list.source, list.span,
                        fmt::format("`indicators` of {} is {}", context, to_string(list.shape)),
                        "a list: `- {of: …, weight: …}`");
        return;
    }
    if (list.items.empty())
        diagnostics.add(Kind::wrong_shape, *list.source, list.span, fmt::format("`indicators` of {} is empty", context),
                        "at least one: `- {of: …, weight: …}`");
    std::vector<WrittenWeight> written;
    for (const auto& item : list.items)
        group.indicators.push_back(read_indicator(item, defaults, context, written, diagnostics));
    std::vector<Weight*> weights;
    for (auto& indicator : group.indicators) weights.push_back(&indicator.weight);
    settle_weights(weights, written, context, place, diagnostics);
}

/// `aggregate` and `floor`; what is not said is as in the group above.
Aggregation read_aggregation(MapReader& map, const Aggregation& above, const Score& score) {
    using enum Aggregation::How;
    constexpr std::pair<std::string_view, Aggregation::How> names[] = {{"arithmetic", arithmetic},
                                                                       {"geometric", geometric},
                                                                       {"harmonic", harmonic},
                                                                       {"median", median},
                                                                       {"minimum", minimum}};
    auto out = above;
    if (const auto* node = map.take("aggregate")) {
        constexpr std::string_view power_mean = "power ";
        const auto text = node->is_scalar() ? std::string_view(node->scalar) : std::string_view();
        const auto found =
            std::find_if(std::begin(names), std::end(names), [&](const auto& name) { return name.first == text; });
        const auto exponent =
            text.starts_with(power_mean) ? feel::Decimal::parse(text.substr(power_mean.size())) : std::nullopt;
        out.floor.reset();
        if (found != std::end(names))
            out.how = found->second;
        else if (exponent && *exponent != feel::Decimal(0))
            out.how = power, out.exponent = *exponent;
        else
            map.wrong(*node, "aggregate", "arithmetic, geometric, harmonic, median, minimum, or `power 2`");
        const auto cannot = [&](std::string_view what, std::string_view policy) {
            map.diagnostics().add(Kind::wrong_shape, *node->source, node->span,
                                  fmt::format("`aggregate: {}` of {} cannot {}", text, map.context(), what),
                                  fmt::format("arithmetic, or another policy than `missing: {}`", policy));
        };
        if ((out.how == median || out.how == minimum) && score.on_missing == Score::OnMissing::reweight)
            cannot("leave missing parts out", "… reweight");
        if (out.how != arithmetic && score.on_missing == Score::OnMissing::zero)
            cannot("count a missing part as zero", "zero");
    }
    if (const auto floor = map.number("floor")) out.floor = *floor;
    return out;
}

class GroupsReader {
  public:
    GroupsReader(const Score& score, Defaults defaults, Diagnostics& diagnostics)
        : score_(score), defaults_(std::move(defaults)), diagnostics_(diagnostics) {}

    /// Its `groups` or `indicators`.
    void read(MapReader& map, IndicatorGroup& out, const std::string& context, const Yaml& place) {
        out.aggregation = read_aggregation(map, out.aggregation, score_);
        const auto* groups = map.take("groups");
        const auto* indicators = map.take("indicators");
        if (groups && indicators) map.wrong(*indicators, "indicators", "either `groups` or `indicators`, not both");
        if (!groups && !indicators) map.require(out.name.empty() ? "groups" : "indicators");
        if (groups) read_groups(*groups, out, context);
        if (indicators) read_indicators(*indicators, defaults_, out, context, place, diagnostics_);
    }

  private:
    void read_groups(const Yaml& groups, IndicatorGroup& out, const std::string& context) {
        std::vector<WrittenWeight> written;
        for_each_entry(groups, "groups", diagnostics_, [&](const Yaml& name, const Yaml& body) {
            const auto group_context = fmt::format("group `{}` of {}", name.scalar, context);
            MapReader map(body, group_context, diagnostics_);
            IndicatorGroup group;
            group.name = name.scalar;
            group.source = name.source;
            group.span = name.span;
            group.aggregation = out.aggregation;
            written.push_back(read_weight(map));
            read(map, group, group_context, name);
            map.finish();
            out.groups.push_back(std::move(group));
        });
        if (groups.is_mapping() && groups.entries.empty())
            diagnostics_.add(Kind::wrong_shape, *groups.source, groups.span,
                             fmt::format("`groups` of {} is empty", context),
                             "at least one: `name: {weight: …, indicators: […]}`");
        std::vector<Weight*> weights;
        for (auto& group : out.groups) weights.push_back(&group.weight);
        settle_weights(weights, written, context, groups, diagnostics_);
    }

    const Score& score_;
    const Defaults defaults_;
    Diagnostics& diagnostics_;
};

void read_missing_policy(const Yaml& node, Score& score, Diagnostics& diagnostics) {
    const std::string context = fmt::format("`missing` of score `{}`", score.name);
    if (node.is_scalar()) {
        if (node.scalar == "unknown") return;
        if (node.scalar == "zero") {
            score.on_missing = Score::OnMissing::zero;
            return;
        }
        diagnostics.add(Kind::wrong_shape, *node.source, node.span, fmt::format("{} is `{}`", context, node.scalar),
                        "`unknown`, `zero`, or `{at most: 20 %, then: reweight}`");
        return;
    }
    MapReader map(node, context, diagnostics);
    score.on_missing = Score::OnMissing::reweight;
    if (map.require("at most"))
        if (const auto share = map.share("at most")) score.at_most = *share;
    if (map.require("then")) map.choice("then", {"reweight"});
    map.finish();
}

}  // namespace

void read_scores(const Yaml& section, RuleSet& rules, Diagnostics& diagnostics) {
    for_each_entry(section, "scores", diagnostics, [&](const Yaml& key, const Yaml& body) {
        auto score = begin_definition<Score>(key);
        const auto context = fmt::format("score `{}`", key.scalar);
        MapReader map(body, context, diagnostics);
        map.common(score);
        map.rounded(score);
        if (const auto* scale = map.take("scale")) read_scale(*scale, score, map);
        if (const auto* missing = map.take("missing")) read_missing_policy(*missing, score, diagnostics);
        Defaults defaults;
        defaults.normalise = read_normalise(map);
        if (defaults.normalise == Indicator::Normalise::goalposts ||
            defaults.normalise == Indicator::Normalise::distance_to_target)
            map.wrong(*map.take("normalise"), "normalise", "a way that needs nothing else of each indicator",
                      "say it with each indicator");
        defaults.within = map.expression("within");
        score.whole.source = key.source;
        score.whole.span = key.span;
        GroupsReader(score, std::move(defaults), diagnostics).read(map, score.whole, context, key);
        map.finish();
        rules.scores.push_back(std::move(score));
    });
}

}  // namespace zoneval::model
