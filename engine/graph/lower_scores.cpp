// A score is sugar: indicators become points (points.cpp), points become means, each an ordinary expression.
#include <fmt/format.h>

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

Builder::WeightedNodes shares_of(Builder::WeightedNodes parts) {
    if (const auto total = total_of(parts); total != Decimal(1))
        for (auto& part : parts) part.weight = part.weight / total;
    return parts;
}

/// Points as one, under a policy for missing ones: g⁻¹(Σ w g(x) / Σ w) with g the identity, the logarithm, the
/// reciprocal or a power (OECD/JRC, Handbook on Constructing Composite Indicators, 2008, 6.2); or their median or
/// least.
class Mean {
  public:
    Mean(const Trees& trees, const Score& score, const Aggregation& aggregation, Decimal at_most)
        : t_(trees), score_(score), aggregation_(aggregation), at_most_(at_most) {}

    /// `all` are the leaves whose weight, as a share of the whole, counts as missing.
    ExprPtr of(const Builder::WeightedNodes& parts, const Builder::WeightedNodes& all) const {
        if (aggregation_.how == How::median) return call_all("median", parts);
        if (aggregation_.how == How::minimum) return call_all("min", parts);
        const auto plain = [&](const Builder::WeightedNode& p) { return weighted(p); };
        const auto present = [&](const Builder::WeightedNode& p) {
            return t_.choose(t_.is_null(p.id), zero(), weighted(p));
        };
        const auto weight_there = [&](const Builder::WeightedNode& p) {
            return t_.choose(t_.is_null(p.id), zero(), t_.value(p.weight));
        };
        const auto weight_missing = [&](const Builder::WeightedNode& p) {
            return t_.choose(t_.is_null(p.id), t_.value(p.weight), zero());
        };
        if (score_.on_missing == Score::OnMissing::unknown) return back(by_total(sum_of(parts, plain), parts));
        if (score_.on_missing == Score::OnMissing::zero) return by_total(sum_of(parts, present), parts);
        // Too much missing: the plain sum is null, and knows why.
        auto too_much = t_.binary(BinaryOp::equal, sum_of(parts, weight_there), zero());
        if (at_most_ < Decimal(1))
            too_much =
                t_.binary(BinaryOp::or_, t_.binary(BinaryOp::greater, sum_of(all, weight_missing), t_.value(at_most_)),
                          std::move(too_much));
        return t_.choose(std::move(too_much), sum_of(all, plain),
                         back(t_.divide(sum_of(parts, present), sum_of(parts, weight_there))));
    }

  private:
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
        return t_.multiply(t_.value(p.weight), std::move(out));
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
            case How::geometric: return t_.call("exp", std::move(mean));
            case How::harmonic: return t_.divide(one(), std::move(mean));
            case How::power: return power(std::move(mean), t_.value(Decimal(1) / aggregation_.exponent));
            default: return mean;
        }
    }
    ExprPtr by_total(ExprPtr sum, const Builder::WeightedNodes& parts) const {
        const auto total = total_of(parts);
        return total == Decimal(1) ? std::move(sum) : t_.divide(std::move(sum), t_.value(total));
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
    const Decimal at_most_;
};

std::string mean_name(const Aggregation& aggregation) {
    switch (aggregation.how) {
        case How::geometric: return "weighted geometric mean";
        case How::harmonic: return "weighted harmonic mean";
        case How::power: return fmt::format("weighted power mean of exponent {}", aggregation.exponent.to_string());
        case How::median: return "median";
        case How::minimum: return "the least";
        case How::arithmetic: break;
    }
    return "weighted mean";
}

}  // namespace

std::string Builder::mean_in_words(const Score& score, const Aggregation& aggregation, const WeightedNodes& parts,
                                   Decimal at_most) {
    auto out = mean_name(aggregation) + ": ";
    const bool weighs = aggregation.how != How::median && aggregation.how != How::minimum;
    const auto total = total_of(parts);
    const bool alike =
        std::all_of(parts.begin(), parts.end(), [&](const WeightedNode& p) { return p.weight == parts[0].weight; });
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) out += ", ";
        if (weighs && total == Decimal(1)) out += fmt::format("{} % ", (parts[i].weight * Decimal(100)).to_string());
        if (weighs && total != Decimal(1) && !alike) out += fmt::format("{} × ", parts[i].weight.to_string());
        out += node(parts[i].id).name;
    }
    if (weighs && total != Decimal(1)) out += alike ? ", all alike" : fmt::format(", of {}", total.to_string());
    if (aggregation.floor) out += fmt::format("; each at least {}", aggregation.floor->to_string());
    if (score.on_missing == Score::OnMissing::zero) return out + "; a missing part counts as 0";
    if (score.on_missing == Score::OnMissing::unknown) return out + "; unknown when a part is missing";
    if (at_most == Decimal(1)) return out + "; of the parts that are there";
    return out + fmt::format("; of the parts that are there, unknown when more than {} % of the weight is missing",
                             (at_most * Decimal(100)).to_string());
}

/// `share` is the group's of the whole. Empty: the errors are already told.
Builder::WeightedNodes Builder::lower_parts(const Score& score, const IndicatorGroup& group, const std::string& owner,
                                            Decimal share, WeightedNodes& leaves) {
    WeightedNodes parts;
    for (std::size_t i = 0; i < group.indicators.size(); ++i) {
        const auto& indicator = group.indicators[i];
        const auto id = lower_indicator(score, indicator, owner, i + 1);
        if (!id) continue;
        parts.push_back({*id, indicator.weight.written});
        leaves.push_back({*id, indicator.weight.share * share});
    }
    for (const auto& inner : group.groups) {
        const auto name = fmt::format("{} of {}", inner.name, score.name);
        WeightedNodes within;  // any share of a group may be missing; the whole decides
        const auto inner_parts = lower_parts(score, inner, name, Decimal(1), within);
        if (inner_parts.empty()) return {};
        for (const auto& leaf : within) leaves.push_back({leaf.id, leaf.weight * inner.weight.share * share});
        const Trees t(graph_, inner.span);
        const Decimal any(1);
        define_score(name, {Mean(t, score, inner.aggregation, any).of(inner_parts, shares_of(inner_parts)),
                            inner.source, mean_in_words(score, inner.aggregation, inner_parts, any)});
        if (const auto* place = graph_.find(name)) parts.push_back({place->id, inner.weight.written});
    }
    return parts;
}

void Builder::lower_score(const Score& score) {
    WeightedNodes leaves;
    const auto parts = lower_parts(score, score.whole, score.name, Decimal(1), leaves);
    if (parts.empty()) return;  // the errors are already told
    const Trees t(graph_, score.span);
    const auto& aggregation = score.whole.aggregation;
    Formula formula{Mean(t, score, aggregation, score.at_most).of(parts, leaves), score.source,
                    mean_in_words(score, aggregation, parts, score.at_most)};
    round(formula, score);
    define_score(score.name, std::move(formula));
}

void Builder::define_score(const std::string& name, Formula formula) {
    define_visible(name, std::move(formula));
    if (const auto* place = graph_.find(name)) node(place->id).of_score = true;
}

}  // namespace zoneval::graph
