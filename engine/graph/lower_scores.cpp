// A score is sugar: indicators become points, points become weighted means, each an ordinary expression.
#include <fmt/format.h>

#include "engine/feel/syntax/print.hpp"
#include "engine/feel/value/names.hpp"
#include "engine/graph/builder.hpp"
#include "engine/graph/trees.hpp"

namespace zoneval::graph {

using feel::BinaryOp;
using feel::Decimal;
using feel::ExprPtr;
using model::Indicator;
using model::Score;

/// An indicator's expressions; the value is a node, so that it is computed once.
struct Builder::IndicatorParts {
    NodeId value = -1;
    Formula worst, best;
    std::optional<NodeId> within;
};

namespace {

template <class Item>
ExprPtr sum_of(const Trees& t, const Builder::WeightedNodes& parts, const Item& item) {
    ExprPtr out;
    for (const auto& [id, weight] : parts) out = t.add(std::move(out), item(id, weight));
    return out;
}

/// The weighted mean of `parts` under a policy for missing ones. `all` are the leaves whose weight counts as missing.
ExprPtr weighted_mean(const Trees& t, const Score& score, const Builder::WeightedNodes& parts,
                      const Builder::WeightedNodes& all) {
    const auto zero = [&] { return t.value(Decimal(0)); };
    const auto plain = [&](NodeId id, Decimal weight) { return t.multiply(t.value(weight), t.name(id)); };
    const auto present = [&](NodeId id, Decimal weight) { return t.choose(t.is_null(id), zero(), plain(id, weight)); };
    const auto weight_there = [&](NodeId id, Decimal weight) {
        return t.choose(t.is_null(id), zero(), t.value(weight));
    };
    const auto weight_missing = [&](NodeId id, Decimal weight) {
        return t.choose(t.is_null(id), t.value(weight), zero());
    };
    if (score.on_missing == Score::OnMissing::unknown) return sum_of(t, parts, plain);
    if (score.on_missing == Score::OnMissing::zero) return sum_of(t, parts, present);
    // Too much missing: the plain sum is null, and knows why.
    auto too_much =
        t.binary(BinaryOp::or_, t.binary(BinaryOp::greater, sum_of(t, all, weight_missing), t.value(score.at_most)),
                 t.binary(BinaryOp::equal, sum_of(t, parts, weight_there), zero()));
    return t.choose(std::move(too_much), sum_of(t, all, plain),
                    t.divide(sum_of(t, parts, present), sum_of(t, parts, weight_there)));
}

/// Points lie on the scale, whatever the figure; a part that counts as zero may lie below it.
void set_bounds(const Score& score, Node& node) {
    const bool as_zero = score.on_missing == Score::OnMissing::zero;
    node.low = as_zero ? std::min(score.low, Decimal(0)) : score.low;
    node.high = as_zero ? std::max(score.high, Decimal(0)) : score.high;
}

}  // namespace

/// low + percent rank(±value) * width; low + (value - least) / (most - least) * width, where all alike give half; or
/// the way from worst to best, within the scale.
ExprPtr Builder::points(const Score& score, const Indicator& indicator, IndicatorParts& p) {
    const Trees t(graph_, indicator.span);
    const auto low = [&] { return t.value(score.low); };
    const auto width = score.high - score.low;
    switch (indicator.normalise) {
        case Indicator::Normalise::none: return t.name(p.value);
        case Indicator::Normalise::percent_rank: {
            auto ranked = p.value;
            if (indicator.lower_is_better) {
                ranked = hidden("-" + node(p.value).name);
                node(ranked).form = ExpressionForm{{t.negate(t.name(p.value)), indicator.source, node(ranked).name}};
            }
            const auto rank = cohort_node(CohortFunction::percent_rank, ranked, p.within);
            return t.add(low(), t.multiply(t.name(rank), t.value(width)));
        }
        case Indicator::Normalise::min_max: {
            const auto least = cohort_node(CohortFunction::min, p.value, p.within),
                       most = cohort_node(CohortFunction::max, p.value, p.within);
            auto above = indicator.lower_is_better ? t.subtract(t.name(most), t.name(p.value))
                                                   : t.subtract(t.name(p.value), t.name(least));
            auto share = t.divide(std::move(above), t.subtract(t.name(most), t.name(least)));
            // Where all records are alike nobody is better: half the points for each.
            auto middle = t.value(score.low + width / Decimal(2));
            return t.choose(t.is_null(p.value), t.name(p.value),
                            t.choose(t.binary(BinaryOp::equal, t.name(most), t.name(least)), std::move(middle),
                                     t.add(low(), t.multiply(std::move(share), t.value(width)))));
        }
        case Indicator::Normalise::goalposts: break;
    }
    auto way = t.divide(t.subtract(t.name(p.value), feel::clone(*p.worst.expr)),
                        t.subtract(feel::clone(*p.best.expr), feel::clone(*p.worst.expr)));
    auto scaled = t.add(low(), t.multiply(std::move(way), t.value(width)));
    return t.call("max", low(), t.call("min", t.value(score.high), std::move(scaled)));
}

/// What explanations show instead of the tree.
std::string Builder::points_in_words(const Score& score, const Indicator& indicator, const IndicatorParts& p) {
    const auto& value = node(p.value).name;
    const auto scale = fmt::format("{} to {}", score.low.to_string(), score.high.to_string());
    const auto group = p.within ? " within " + node(*p.within).name : "";
    const auto turned = indicator.lower_is_better ? ", lower is better" : "";
    switch (indicator.normalise) {
        case Indicator::Normalise::none: return value;
        case Indicator::Normalise::percent_rank:
            return fmt::format("percent rank of {}{}{}, as {}", value, group, turned, scale);
        case Indicator::Normalise::min_max:
            return fmt::format("{} between the least and the most{}{}, as {}", value, group, turned, scale);
        case Indicator::Normalise::goalposts: break;
    }
    return fmt::format("{} from {} (worst) to {} (best), as {}", value, feel::to_feel(*p.worst.expr),
                       feel::to_feel(*p.best.expr), scale);
}

std::string Builder::mean_in_words(const Score& score, const WeightedNodes& parts, Decimal at_most) {
    std::string out = "weighted mean: ";
    for (std::size_t i = 0; i < parts.size(); ++i)
        out += fmt::format("{}{} % {}", i == 0 ? "" : ", ", (parts[i].weight * Decimal(100)).to_string(),
                           node(parts[i].id).name);
    if (score.on_missing == Score::OnMissing::zero) return out + "; a missing part counts as 0";
    if (score.on_missing == Score::OnMissing::unknown) return out + "; unknown when a part is missing";
    if (at_most == Decimal(1)) return out + "; of the parts that are there";
    return out + fmt::format("; of the parts that are there, unknown when more than {} % of the weight is missing",
                             (at_most * Decimal(100)).to_string());
}

/// nullopt when one of its expressions could not be read.
std::optional<Builder::IndicatorParts> Builder::read_indicator(const Indicator& indicator, const std::string& owner,
                                                               std::size_t number) {
    bool fine = true;
    const auto read = [&](const std::optional<feel::ExpressionText>& text) {
        Formula out;
        if (text) fine = static_cast<bool>(out = parse(*text)) && fine;
        return out;
    };
    auto of = parse(indicator.of);
    IndicatorParts out{-1, read(indicator.worst), read(indicator.best), std::nullopt};
    auto within = read(indicator.within);
    const bool posts = indicator.normalise != Indicator::Normalise::goalposts || (out.worst && out.best);
    if (!of || !fine || !posts) return std::nullopt;
    if (within) out.within = operand_node(std::move(within));
    if (const auto* name = of.expr->as<feel::Name>(); name && name->slot >= 0) {
        out.value = name->slot;
    } else {
        out.value = hidden(fmt::format("value {} of {}", number, owner));
        node(out.value).form = ExpressionForm{std::move(of)};
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

std::optional<NodeId> Builder::lower_indicator(const Score& score, const Indicator& indicator, const std::string& owner,
                                               std::size_t number) {
    smallest_group_ = indicator.smallest_group.value_or(rules_->smallest_group);
    auto parts = read_indicator(indicator, owner, number);
    if (!parts) return std::nullopt;
    const auto id = hidden(points_name(node(parts->value).name, owner, number));
    Formula formula{points(score, indicator, *parts), indicator.source, points_in_words(score, indicator, *parts)};
    node(id).of_score = true;
    if (indicator.normalise != Indicator::Normalise::none) set_bounds(score, node(id));
    places_.emplace(id,
                    Place{indicator.source, indicator.span, fmt::format("indicator {} of score `{}`", number, owner)});
    node(id).form = ExpressionForm{std::move(formula)};
    smallest_group_ = rules_->smallest_group;
    return id;
}

void Builder::lower_score(const Score& score) {
    WeightedNodes groups, leaves;
    for (const auto& group : score.groups) {
        const auto owner = group.name.empty() ? score.name : fmt::format("{} of {}", group.name, score.name);
        WeightedNodes parts;
        for (std::size_t i = 0; i < group.indicators.size(); ++i) {
            const auto& indicator = group.indicators[i];
            const auto id = lower_indicator(score, indicator, owner, i + 1);
            if (!id) continue;
            parts.push_back({*id, indicator.weight});
            leaves.push_back({*id, indicator.weight * group.weight});
        }
        if (parts.empty()) return;  // the errors are already told
        if (group.name.empty()) {
            groups = parts;
            continue;
        }
        auto policy = score;  // within a group any share may be missing; the whole decides
        policy.at_most = Decimal(1);
        const Trees t(graph_, group.span);
        define_score(owner, {weighted_mean(t, policy, parts, parts), group.source,
                             mean_in_words(policy, parts, policy.at_most)});
        if (const auto* place = graph_.find(owner)) groups.push_back({place->id, group.weight});
    }
    if (groups.empty()) return;  // the same
    const Trees t(graph_, score.span);
    Formula formula{weighted_mean(t, score, groups, leaves), score.source, mean_in_words(score, groups, score.at_most)};
    round(formula, score);
    define_score(score.name, std::move(formula));
}

void Builder::define_score(const std::string& name, Formula formula) {
    define_visible(name, std::move(formula));
    if (const auto* place = graph_.find(name)) node(place->id).of_score = true;
}

}  // namespace zoneval::graph
