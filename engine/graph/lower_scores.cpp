// A score is sugar: indicators become points (points.cpp), points become means, each an ordinary expression.
// Scoring (score/scoring.hpp) computes the same for thousands of readings.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/graph/builder.hpp"
#include "engine/graph/trees.hpp"

namespace zoneval::graph {

using feel::BinaryOp;
using feel::Decimal;
using feel::ExprPtr;
using model::Aggregation;
using model::IndicatorGroup;
using model::Score;
using How = Aggregation::How;

namespace {

Decimal total_of(const Builder::WeightedNodes& parts) {
    Decimal out{0};
    for (const auto& part : parts) out = out + part.weight;
    return out;
}

/// Some weight is no number: what they add up to is known only when a record is evaluated.
bool any_by(const Builder::WeightedNodes& parts) {
    return std::any_of(parts.begin(), parts.end(), [](const Builder::WeightedNode& p) { return p.by.has_value(); });
}

ExprPtr weight_of(const Trees& t, const Builder::WeightedNode& p) { return p.by ? t.name(*p.by) : t.value(p.weight); }

ExprPtr total_weight(const Trees& t, const Builder::WeightedNodes& parts) {
    if (!any_by(parts)) return t.value(total_of(parts));
    ExprPtr out;
    for (const auto& p : parts) out = t.add(std::move(out), weight_of(t, p));
    return out;
}

/// Points as one, under a policy for missing ones: g⁻¹(Σ w g(x) / Σ w) with g the identity, the logarithm, the
/// reciprocal or a power (OECD/JRC, Handbook on Constructing Composite Indicators, 2008, 6.2); or their median or
/// least.
class Mean {
  public:
    Mean(const Trees& trees, const Score& score, const Aggregation& aggregation)
        : t_(trees), score_(score), aggregation_(aggregation) {}

    /// `limits`: of the parts, or of the leaves with their shares of the whole.
    template <class Limits>
    ExprPtr of(const Builder::WeightedNodes& parts, const Limits& limits) const {
        if (aggregation_.how == How::median) return call_all("median", parts);
        if (aggregation_.how == How::minimum) return call_all("min", parts);
        const auto plain = [&](const Builder::WeightedNode& p) { return weighted(p); };
        const auto present = [&](const Builder::WeightedNode& p) {
            return t_.choose(t_.is_null(p.id), zero(), weighted(p));
        };
        const auto weight_there = [&](const Builder::WeightedNode& p) {
            return t_.choose(t_.is_null(p.id), zero(), weight_of(t_, p));
        };
        if (score_.on_missing == Score::OnMissing::unknown) return back(by_total(sum_of(parts, plain), parts));
        if (score_.on_missing == Score::OnMissing::zero) return by_total(sum_of(parts, present), parts);
        // Too much missing: the plain sum is null, and knows why.
        auto too_much = t_.binary(BinaryOp::equal, sum_of(parts, weight_there), zero());
        const Builder::WeightedNodes* whole = &parts;
        for (const auto& limit : limits) {
            if (limit.presence->at_most || limit.presence->at_least) whole = limit.of;
            too_much = exceeded(limit, std::move(too_much));
        }
        return t_.choose(std::move(too_much), sum_of(*whole, plain),
                         back(t_.divide(sum_of(parts, present), sum_of(parts, weight_there))));
    }

  private:
    /// Too little of the parts is there; or what is told otherwise.
    template <class Limit>
    ExprPtr exceeded(const Limit& limit, ExprPtr otherwise) const {
        const auto& [presence, of, shares] = limit;
        const auto either = [&](ExprPtr one) { return t_.binary(BinaryOp::or_, std::move(one), std::move(otherwise)); };
        if (presence->at_most && *presence->at_most < Decimal(1)) {
            auto missing = sum_of(*of, [&](const Builder::WeightedNode& p) {
                return t_.choose(t_.is_null(p.id), weight_of(t_, p), zero());
            });
            auto most = t_.value(*presence->at_most);
            if (!shares && (any_by(*of) || total_of(*of) != Decimal(1)))
                most = t_.multiply(std::move(most), total_weight(t_, *of));
            otherwise = either(t_.binary(BinaryOp::greater, std::move(missing), std::move(most)));
        }
        if (presence->at_least) {
            const auto count = Decimal(static_cast<std::int64_t>(of->size()));
            auto there =
                sum_of(*of, [&](const Builder::WeightedNode& p) { return t_.choose(t_.is_null(p.id), zero(), one()); });
            const auto least = presence->is_share ? *presence->at_least * count : *presence->at_least;
            otherwise = either(t_.binary(BinaryOp::less, std::move(there), t_.value(least)));
        }
        return otherwise;
    }
    ExprPtr zero() const { return t_.value(Decimal(0)); }
    ExprPtr one() const { return t_.value(Decimal(1)); }
    ExprPtr power(ExprPtr base, ExprPtr exponent) const {
        return t_.binary(BinaryOp::power, std::move(base), std::move(exponent));
    }
    ExprPtr part(NodeId id) const {
        return aggregation_.floor ? t_.call("max", t_.name(id), t_.value(*aggregation_.floor)) : t_.name(id);
    }
    ExprPtr weighted(const Builder::WeightedNode& p) const {
        auto out = transformed(p.id);
        return t_.multiply(weight_of(t_, p), std::move(out));
    }
    ExprPtr transformed(NodeId id) const {
        switch (aggregation_.how) {
            case How::geometric: return t_.call("log", part(id));
            case How::harmonic: return t_.divide(one(), part(id));
            case How::power: return power(part(id), t_.value(aggregation_.exponent));
            default: return part(id);
        }
    }
    ExprPtr back(ExprPtr mean) const {
        switch (aggregation_.how) {
            case How::geometric: return settled(t_.call("exp", std::move(mean)));
            case How::harmonic: return settled(t_.divide(one(), std::move(mean)));
            case How::power: return settled(power(std::move(mean), t_.value(Decimal(1) / aggregation_.exponent)));
            default: return mean;
        }
    }
    /// Logarithms, roots and inverses end in digits that are none: without them the mean of 60 and 60 is 60, which a
    /// line at 60 may ask for, and what is equal is tied.
    ExprPtr settled(ExprPtr mean) const {
        constexpr std::int64_t places = 24;
        return t_.call("decimal", std::move(mean), t_.value(Decimal(places)));
    }
    ExprPtr by_total(ExprPtr sum, const Builder::WeightedNodes& parts) const {
        if (!any_by(parts) && total_of(parts) == Decimal(1)) return sum;
        return t_.divide(std::move(sum), total_weight(t_, parts));
    }
    template <class Item>
    ExprPtr sum_of(const Builder::WeightedNodes& parts, const Item& item) const {
        ExprPtr out;
        for (const auto& p : parts) out = t_.add(std::move(out), item(p));
        return out;
    }
    ExprPtr call_all(std::string builtin, const Builder::WeightedNodes& parts) const {
        return t_.call_with(std::move(builtin), parts.size(), [&](std::size_t i) { return part(parts[i].id); });
    }

    const Trees& t_;
    const Score& score_;
    const Aggregation& aggregation_;
};

std::string mean_name(const Aggregation& aggregation) {
    switch (aggregation.how) {
        case How::geometric: return "weighted geometric mean";
        case How::harmonic: return "weighted harmonic mean";
        case How::power: return fmt::format("weighted power mean of exponent {}", aggregation.exponent.to_string());
        case How::median: return "median";
        case How::minimum: return "the least";
        case How::copeland: return "records beaten less records that beat it";
        case How::arithmetic: break;
    }
    return "weighted mean";
}

}  // namespace

std::string Builder::mean_in_words(const Score& score, const Aggregation& aggregation, const WeightedNodes& parts,
                                   const std::vector<Limit>& limits) {
    auto out = mean_name(aggregation) + ": ";
    const bool weighs = aggregation.how != How::median && aggregation.how != How::minimum;
    const bool by = any_by(parts);
    const auto total = total_of(parts);
    const bool per_cent = weighs && !by && total == Decimal(1);
    const bool alike = !by && std::all_of(parts.begin(), parts.end(),
                                          [&](const WeightedNode& p) { return p.weight == parts[0].weight; });
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) out += ", ";
        if (per_cent) out += fmt::format("{} % ", (parts[i].weight * Decimal(100)).to_string());
        if (weighs && !per_cent && !alike)
            out += fmt::format("{} × ", parts[i].by ? node(*parts[i].by).name : parts[i].weight.to_string());
        out += node(parts[i].id).name;
    }
    if (weighs && !per_cent)
        out += alike ? ", all alike" : by ? ", of their sum" : fmt::format(", of {}", total.to_string());
    if (aggregation.floor) out += fmt::format("; each at least {}", aggregation.floor->to_string());
    if (score.on_missing == Score::OnMissing::zero) return out + "; a missing part counts as 0";
    if (score.on_missing == Score::OnMissing::unknown) return out + "; unknown when a part is missing";
    out += "; of the parts that are there";
    for (const auto& [presence, of, shares] : limits) {
        if (presence->at_most && *presence->at_most < Decimal(1))
            out += fmt::format(", unknown when more than {} % of the weight is missing",
                               (*presence->at_most * Decimal(100)).to_string());
        if (presence->at_least && presence->is_share)
            out += fmt::format(", unknown when fewer than {} % of {} are there",
                               (*presence->at_least * Decimal(100)).to_string(), of->size());
        if (presence->at_least && !presence->is_share)
            out += fmt::format(", unknown when fewer than {} are there", presence->at_least->to_string());
    }
    return out;
}

/// Parts beside each other: a list of them, or the first that is null.
NodeId Builder::together(const std::vector<NodeId>& parts, const IndicatorGroup& group) {
    const Trees t(graph_, group.span);
    std::vector<std::string> names;
    feel::ListExpr list;
    for (const auto id : parts) {
        names.push_back(node(id).name);
        list.items.push_back(t.name(id));
    }
    const auto out = hidden(fmt::format("[{}]", fmt::join(names, ", ")));
    auto tree = feel::make_expr(group.span, std::move(list));
    for (auto part = parts.rbegin(); part != parts.rend(); ++part)
        tree = t.choose(t.is_null(*part), t.name(*part), std::move(tree));
    node(out).form = ExpressionForm{{std::move(tree), group.source, node(out).name}};
    return out;
}

/// Weights that the data give: how unevenly a part is spread, or how much of what the parts share it carries.
void Builder::weigh_by_data(const IndicatorGroup& group, ScoreNodes::Group& nodes, WeightedNodes& parts) {
    if (group.weigh == IndicatorGroup::Weigh::as_written) return;
    std::vector<NodeId> ids;
    for (const auto& part : parts) ids.push_back(part.id);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto of_all =
            group.weigh == IndicatorGroup::Weigh::component ? CohortFunction::component : CohortFunction::balance;
        parts[i].by =
            group.weigh == IndicatorGroup::Weigh::entropy
                ? cohort_node(CohortFunction::diversity, ids[i], std::nullopt)
                : cohort_node(of_all, together(ids, group), std::nullopt, {Decimal(static_cast<std::int64_t>(i))});
        (i < nodes.parts.size() ? nodes.parts[i].weight : nodes.groups[i - nodes.parts.size()].weight) = parts[i].by;
    }
}

/// A mean of the parts, or what they come to against those of the other records.
ExprPtr Builder::aggregated(const Score& score, const IndicatorGroup& group, const WeightedNodes& parts,
                            const std::vector<Limit>& limits) {
    const Trees t(graph_, group.span);
    if (group.aggregation.how != How::copeland) return Mean(t, score, group.aggregation).of(parts, limits);
    std::vector<NodeId> ids;
    std::vector<Decimal> weights;
    for (const auto& part : parts) ids.push_back(part.id), weights.push_back(part.weight);
    return t.name(cohort_node(CohortFunction::copeland, together(ids, group), std::nullopt, std::move(weights)));
}

Builder::WeightedNode Builder::weighted(NodeId id, const model::Weight& weight) {
    if (!weight.by) return {id, weight.written};
    auto by = parse(*weight.by);
    return {id, Decimal(0), by ? std::optional(operand_node(std::move(by))) : std::nullopt};
}

/// The weight of a leaf below a part, as a share of all that is below the parts.
Builder::WeightedNode Builder::share_of(const WeightedNode& leaf, const WeightedNodes& parts, std::size_t part,
                                        Decimal share, const IndicatorGroup& group) {
    if (!any_by(parts) && !leaf.by) return {leaf.id, leaf.weight * share};
    const Trees t(graph_, group.span);
    auto of_part = any_by(parts) ? t.divide(weight_of(t, parts[part]), total_weight(t, parts)) : t.value(share);
    const auto id = hidden(fmt::format("share of {} below {}", node(leaf.id).name, node(parts[part].id).name));
    node(id).form = ExpressionForm{{t.multiply(weight_of(t, leaf), std::move(of_part)), group.source, node(id).name}};
    return {leaf.id, Decimal(0), id};
}

/// Empty: the errors are already told. `leaves`: with their shares of the group.
Builder::WeightedNodes Builder::lower_parts(const Score& score, const IndicatorGroup& group, const std::string& owner,
                                            ScoreNodes::Group& nodes, WeightedNodes& leaves) {
    WeightedNodes parts;
    std::vector<WeightedNodes> below;
    std::vector<Decimal> shares;
    for (std::size_t i = 0; i < group.indicators.size(); ++i) {
        const auto& indicator = group.indicators[i];
        const auto part = lower_indicator(score, indicator, owner, i + 1);
        if (!part) continue;
        parts.push_back(weighted(part->points, indicator.weight));
        nodes.parts.push_back(*part);
        nodes.parts.back().weight = parts.back().by;
        below.push_back({{part->points, Decimal(1)}});
        shares.push_back(indicator.weight.share);
    }
    for (const auto& inner : group.groups) {
        const auto name = fmt::format("{} of {}", inner.name, score.name);
        WeightedNodes within;
        ScoreNodes::Group inner_nodes{&inner, -1, {}, {}, {}};
        const auto inner_parts = lower_parts(score, inner, name, inner_nodes, within);
        if (inner_parts.empty()) return {};
        const std::vector<Limit> limits{{&inner.presence, &inner_parts}};
        define_score(name, adjusted(score, inner, name, inner_parts,
                                    {aggregated(score, inner, inner_parts, limits), inner.source,
                                     mean_in_words(score, inner.aggregation, inner_parts, limits)},
                                    inner_nodes));
        const auto* place = graph_.find(name);
        if (!place) continue;
        parts.push_back(weighted(place->id, inner.weight));
        inner_nodes.id = place->id;
        inner_nodes.weight = parts.back().by;
        nodes.groups.push_back(std::move(inner_nodes));
        below.push_back(std::move(within));
        shares.push_back(inner.weight.share);
    }
    weigh_by_data(group, nodes, parts);
    for (std::size_t i = 0; i < parts.size(); ++i)
        for (const auto& leaf : below[i]) leaves.push_back(share_of(leaf, parts, i, shares[i], group));
    return parts;
}

void Builder::lower_score(const Score& score) {
    screen_ = screened(score);
    WeightedNodes leaves;
    ScoreNodes nodes{&score, {&score.whole, -1, {}, {}, {}}};
    const auto parts = lower_parts(score, score.whole, score.name, nodes.whole, leaves);
    if (parts.empty()) return;  // the errors are already told
    const std::vector<Limit> limits{{&score.presence, &leaves, true}, {&score.whole.presence, &parts}};
    auto formula = adjusted(score, score.whole, score.name, parts,
                            {aggregated(score, score.whole, parts, limits), score.source,
                             mean_in_words(score, score.whole.aggregation, parts, limits)},
                            nodes.whole);
    round(formula, score);
    define_score(score.name, std::move(formula));
    if (const auto* place = graph_.find(score.name)) nodes.whole.id = place->id;
    graph_.scores.push_back(std::move(nodes));
}

void Builder::define_score(const std::string& name, Formula formula) {
    define_visible(name, std::move(formula));
    if (const auto* place = graph_.find(name)) node(place->id).of_score = true;
}

}  // namespace zoneval::graph
