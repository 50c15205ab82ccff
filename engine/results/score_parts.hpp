// What a score is made of: its indicators with their points and weights.
#pragma once

#include "engine/results/table.hpp"

namespace zoneval::results {

struct ScorePart {
    std::string group;                      ///< empty: the score has none
    feel::Decimal group_weight{1}, weight;  ///< the group's share of the whole, and the indicator's of the group
    const graph::Node* value = nullptr;     ///< the indicator
    const graph::Node* points = nullptr;
};
/// In the order of the rule file. A score that is no weighted arithmetic mean of indicators has no parts.
std::vector<ScorePart> parts_of(const graph::Graph& graph, const model::Score& score);

/// Of one record: the share of the whole that each part had, where missing ones were left out or count as nothing, and
/// what it lost. INVARIANT: with a score, the points lost add up to the top of the scale less the unrounded score.
struct PartShare {
    feel::Value value, points;
    std::optional<feel::Decimal> share, lost;  ///< none: the part is missing and was left out
};
std::vector<PartShare> shares_of(const assess::Assessment& assessment, const model::Score& score,
                                 const std::vector<ScorePart>& parts, std::size_t record);

}  // namespace zoneval::results
