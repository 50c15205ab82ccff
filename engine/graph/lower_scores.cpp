// A score is sugar: indicators become points, points become weighted means, each an ordinary expression.
#include <fmt/format.h>

#include "engine/feel/syntax/print.hpp"
#include "engine/feel/value/names.hpp"
#include "engine/graph/builder.hpp"

namespace zoneval::graph {

namespace {

using feel::Decimal;
using model::Indicator;
using model::Score;

/// What a weighted mean is made of: the node's name and its weight (a share).
struct Part {
    std::string name;
    Decimal weight;
};

std::string text(Decimal number) { return number.to_string(); }

std::string sum_of(const std::vector<Part>& parts, std::string_view item) {
    std::string out;
    for (const auto& part : parts) {
        if (!out.empty()) out += " + ";
        out += fmt::format(fmt::runtime(item), fmt::arg("name", part.name), fmt::arg("weight", text(part.weight)));
    }
    return out;
}

/// The weighted mean of `parts` under a policy for missing ones. `all` are the leaves whose weight counts as missing.
std::string weighted_mean(const Score& score, const std::vector<Part>& parts, const std::vector<Part>& all) {
    constexpr auto plain = "{weight} * {name}";
    constexpr auto present = "(if {name} = null then 0 else {weight} * {name})";
    constexpr auto present_weight = "(if {name} = null then 0 else {weight})";
    constexpr auto missing_weight = "(if {name} = null then {weight} else 0)";
    switch (score.on_missing) {
        case Score::OnMissing::unknown: return sum_of(parts, plain);
        case Score::OnMissing::zero: return sum_of(parts, present);
        case Score::OnMissing::reweight: break;
    }
    // Too much missing: the plain sum is null, and knows why.
    return fmt::format("if {} > {} or {} = 0 then {} else ({}) / ({})", sum_of(all, missing_weight),
                       text(score.at_most), sum_of(parts, present_weight), sum_of(all, plain), sum_of(parts, present),
                       sum_of(parts, present_weight));
}

std::string points(const Score& score, const Indicator& indicator, const std::string& value, const std::string& worst,
                   const std::string& best, const std::string& within) {
    const auto low = text(score.low), high = text(score.high), width = text(score.high - score.low);
    const auto group = within.empty() ? "" : ", " + within;
    if (indicator.normalise == "none") return value;
    if (indicator.normalise == "percent rank")
        return fmt::format("{} + percent rank({}{}) * {}", low, indicator.lower_is_better ? "-" + value : value, group,
                           width);
    if (indicator.normalise == "min-max") {
        const auto min = fmt::format("cohort min({}{})", value, group),
                   max = fmt::format("cohort max({}{})", value, group);
        const auto above =
            indicator.lower_is_better ? fmt::format("{} - {}", max, value) : fmt::format("{} - {}", value, min);
        const auto middle = text(score.low + (score.high - score.low) / Decimal(2));
        // Where all records are alike nobody is better: half the points for each.
        return fmt::format("if {0} = null then {0} else if {1} = {2} then {3} else {4} + ({5}) / ({1} - {2}) * {6}",
                           value, max, min, middle, low, above, width);
    }
    return fmt::format("max({0}, min({1}, {0} + ({2} - ({3})) / (({4}) - ({3})) * {5}))", low, high, value, worst, best,
                       width);
}

/// What explanations show instead of the lowered text.
std::string points_in_words(const Score& score, const Indicator& indicator, const std::string& value,
                            const std::string& worst, const std::string& best, const std::string& within) {
    const auto scale = fmt::format("{} to {}", text(score.low), text(score.high));
    const auto group = within.empty() ? "" : " within " + within;
    const auto turned = indicator.lower_is_better ? ", lower is better" : "";
    if (indicator.normalise == "none") return value;
    if (indicator.normalise == "percent rank")
        return fmt::format("percent rank of {}{}{}, as {}", value, group, turned, scale);
    if (indicator.normalise == "min-max")
        return fmt::format("{} between the least and the most{}{}, as {}", value, group, turned, scale);
    return fmt::format("{} from {} (worst) to {} (best), as {}", value, worst, best, scale);
}

/// Points lie on the scale, whatever the figure; a part that counts as zero may lie below it.
void set_bounds(const Score& score, Node& node) {
    const bool as_zero = score.on_missing == Score::OnMissing::zero;
    node.low = as_zero ? std::min(score.low, Decimal(0)) : score.low;
    node.high = as_zero ? std::max(score.high, Decimal(0)) : score.high;
}

std::string mean_in_words(const Score& score, const std::vector<Part>& parts, Decimal at_most) {
    std::string out = "weighted mean: ";
    for (std::size_t i = 0; i < parts.size(); ++i)
        out += fmt::format("{}{} % {}", i == 0 ? "" : ", ", text(parts[i].weight * Decimal(100)), parts[i].name);
    if (score.on_missing == Score::OnMissing::zero) return out + "; a missing part counts as 0";
    if (score.on_missing == Score::OnMissing::unknown) return out + "; unknown when a part is missing";
    if (at_most == Decimal(1)) return out + "; of the parts that are there";
    return out + fmt::format("; of the parts that are there, unknown when more than {} % of the weight is missing",
                             text(at_most * Decimal(100)));
}

}  // namespace

/// An indicator's expressions as printed, to be put into its formula; nullopt when one of them could not be read.
struct Builder::IndicatorTexts {
    std::string value, worst, best, within;
};

std::optional<Builder::IndicatorTexts> Builder::read_indicator(const Indicator& indicator, const std::string& owner,
                                                               std::size_t number) {
    bool fine = true;
    const auto printed = [&](const std::optional<feel::ExpressionText>& expression) -> std::string {
        if (!expression) return "";
        const auto formula = parse(*expression);
        fine = fine && formula;
        return formula ? feel::to_feel(*formula.expr) : "";
    };
    auto of = parse(indicator.of);
    IndicatorTexts out{"", printed(indicator.worst), printed(indicator.best), printed(indicator.within)};
    if (!of || !fine) return std::nullopt;
    out.value = feel::to_feel(*of.expr);
    if (!of.expr->as<feel::Name>()) {
        const auto id = hidden_by_name(fmt::format("value {} of {}", number, owner));
        out.value = node(id).name;
        node(id).form = ExpressionForm{std::move(of)};
    }
    return out;
}

/// "points of productivity", where nothing is called so yet: explanations list them by this name.
std::string Builder::points_name(const std::string& value, const std::string& owner, std::size_t number) const {
    const auto plain = feel::is_name(value) && !value.starts_with("value ");
    for (const auto& name : {fmt::format("points of {}", value), fmt::format("points of {} in {}", value, owner)})
        if (plain && !hidden_.contains(name) && !graph_.find(name)) return name;
    return fmt::format("points {} of {}", number, owner);
}

void Builder::lower_score(const Score& score) {
    std::vector<Part> groups, leaves;
    for (const auto& group : score.groups) {
        const auto owner = group.name.empty() ? score.name : fmt::format("{} of {}", group.name, score.name);
        std::vector<Part> parts;
        for (std::size_t i = 0; i < group.indicators.size(); ++i) {
            const auto& indicator = group.indicators[i];
            const auto texts = read_indicator(indicator, owner, i + 1);
            if (!texts) continue;
            const auto id = hidden_by_name(points_name(texts->value, owner, i + 1));
            auto formula =
                parse_lowered(points(score, indicator, texts->value, texts->worst, texts->best, texts->within),
                              fmt::format("score `{}`, indicator {}", owner, i + 1));
            node(id).of_score = true;
            if (indicator.normalise != "none") set_bounds(score, node(id));
            places_.emplace(
                id, Place{indicator.source, indicator.span, fmt::format("indicator {} of score `{}`", i + 1, owner)});
            formula.text = points_in_words(score, indicator, texts->value, texts->worst, texts->best, texts->within);
            node(id).form = ExpressionForm{std::move(formula)};
            parts.push_back({node(id).name, indicator.weight});
            leaves.push_back({node(id).name, indicator.weight * group.weight});
        }
        if (parts.empty()) return;  // the errors are already told
        if (group.name.empty()) {
            groups = parts;
            continue;
        }
        auto policy = score;  // within a group any share may be missing; the whole decides
        policy.at_most = Decimal(1);
        auto formula = parse_lowered(weighted_mean(policy, parts, parts), "score `" + owner + "`");
        formula.text = mean_in_words(policy, parts, policy.at_most);
        define_score(owner, std::move(formula));
        groups.push_back({owner, group.weight});
    }
    auto formula = parse_lowered(weighted_mean(score, groups, leaves), "score `" + score.name + "`");
    formula.text = mean_in_words(score, groups, score.at_most);
    if (score.decimals) round_to(formula, *score.decimals);
    define_score(score.name, std::move(formula));
}

void Builder::define_score(const std::string& name, Formula formula) {
    define_visible(name, std::move(formula));
    if (const auto* place = graph_.find(name)) node(place->id).of_score = true;
}

}  // namespace zoneval::graph
