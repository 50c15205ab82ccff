#include "engine/results/halfway.hpp"

#include <algorithm>

namespace zoneval::results {

using model::Indicator;
using model::IndicatorGroup;

namespace {

/// A parameter that a choice is, by name, is the later one's too.
class Taking {
  public:
    Taking(model::RuleSet& rules, const model::RuleSet& later, Choices choices)
        : rules_(rules), later_(later), choices_(choices) {}

    void take(model::Score& score, const model::Score& from) {
        if (choices_ == Choices::methods) {
            score.low = from.low, score.high = from.high;
            score.on_missing = from.on_missing;
            score.presence = from.presence;
            score.screen = from.screen;
            score.decimals = from.decimals;
            score.rounding = from.rounding;
        }
        take(score.whole, from.whole);
    }

  private:
    /// The same figure: as written.
    static const Indicator* same(const std::vector<Indicator>& all, const Indicator& one) {
        const auto found =
            std::find_if(all.begin(), all.end(), [&](const Indicator& other) { return other.of.text == one.of.text; });
        return found == all.end() ? nullptr : &*found;
    }
    static const IndicatorGroup* same(const std::vector<IndicatorGroup>& all, const IndicatorGroup& one) {
        const auto found =
            std::find_if(all.begin(), all.end(), [&](const IndicatorGroup& other) { return other.name == one.name; });
        return found == all.end() ? nullptr : &*found;
    }
    template <class Parts>
    static bool all_in_both(const Parts& some, const Parts& others) {
        return some.size() == others.size() &&
               std::all_of(some.begin(), some.end(), [&](const auto& one) { return same(others, one) != nullptr; });
    }

    void take(IndicatorGroup& group, const IndicatorGroup& from) {
        if (all_in_both(group.indicators, from.indicators) && all_in_both(group.groups, from.groups)) {
            group.weigh = from.weigh;
            for (auto& indicator : group.indicators)
                take_weight(indicator.weight, same(from.indicators, indicator)->weight);
            for (auto& inner : group.groups) take_weight(inner.weight, same(from.groups, inner)->weight);
        }
        if (choices_ == Choices::methods) {
            group.aggregation = from.aggregation;
            group.adjustments = from.adjustments;
            group.presence = from.presence;
            group.minimum = from.minimum;
            for (auto& indicator : group.indicators)
                if (const auto* other = same(from.indicators, indicator)) take_method(indicator, *other);
        }
        for (auto& inner : group.groups)
            if (const auto* other = same(from.groups, inner)) take(inner, *other);
    }

    void take_weight(model::Weight& weight, const model::Weight& from) {
        weight = from;
        take_parameter(from.by);
    }

    void take_method(Indicator& indicator, const Indicator& from) {
        auto weight = std::move(indicator.weight);
        indicator = from;
        indicator.weight = std::move(weight);
        for (const auto& text : {from.worst, from.best, from.target}) take_parameter(text);
    }

    void take_parameter(const std::optional<feel::ExpressionText>& text) {
        const auto named = [&](const model::Parameter& p) { return text && p.name == text->text; };
        const auto found = std::find_if(later_.parameters.begin(), later_.parameters.end(), named);
        if (found == later_.parameters.end()) return;
        const auto mine = std::find_if(rules_.parameters.begin(), rules_.parameters.end(), named);
        if (mine == rules_.parameters.end())
            rules_.parameters.push_back(*found);
        else
            *mine = *found;
    }

    model::RuleSet& rules_;
    const model::RuleSet& later_;
    const Choices choices_;
};

}  // namespace

std::shared_ptr<const graph::Graph> with_later(const graph::Graph& earlier, const graph::Graph& later,
                                               Choices choices) {
    if (earlier.rules->scores.empty() || later.rules->scores.empty()) return nullptr;
    const auto rules = std::make_shared<model::RuleSet>(*earlier.rules);
    Taking(*rules, *later.rules, choices).take(rules->scores.front(), later.rules->scores.front());
    Diagnostics found;
    auto out = std::make_shared<const graph::Graph>(graph::build_graph(rules, found));
    return found.has_errors() ? nullptr : out;
}

}  // namespace zoneval::results
