// What a score is made of: its indicators with their points and weights.
#pragma once

#include <array>

#include "engine/assess/assessment.hpp"
#include "engine/audit/conditions.hpp"

namespace zoneval::audit {

struct ScorePart {
    std::string group;                      ///< empty: the score has none
    feel::Decimal group_weight{1}, weight;  ///< the group's share of the whole, and the indicator's of the group
    const graph::Node* value = nullptr;     ///< the indicator
    const graph::Node* points = nullptr;
    const graph::Node* used = nullptr;  ///< what the points are made of: the indicator, or what stands in for it
};
/// In the order of the rule file. A score that is no weighted arithmetic mean of points on its scale has no parts.
std::vector<ScorePart> parts_of(const graph::Graph& graph, const model::Score& score);

/// Points of a record that are not made of the indicator's own value: what they are made of.
struct Instead {
    feel::Value value;
    bool imputed = false;  ///< in place of a blank; else of an outlier
};
std::optional<Instead> instead_of(const assess::Assessment& assessment, const ScorePart& part, std::size_t record);
/// "2.67 (imputed)", "900, taken as 5"; nothing stands in: the value alone, empty where it is missing.
std::string value_told(const assess::Assessment& assessment, const ScorePart& part, std::size_t record,
                       std::string_view language);

/// What was done about outliers of a cohort, "; " before each: the steps, whose values, and skewness and kurtosis
/// before and after.
std::string treatment_told(const exec::Evaluation& evaluation, const graph::CohortForm& form,
                           wording::Language language);

/// Of one record: the share of the whole that each part had, where missing ones were left out or count as nothing, and
/// what it lost. INVARIANT: with a score, the points lost add up to the top of the scale less the unrounded score.
struct PartShare {
    feel::Value value, points;
    std::optional<feel::Decimal> share, lost;  ///< none: the part is missing and was left out
};
std::vector<PartShare> shares_of(const exec::Evaluation& evaluation, const model::Score& score,
                                 const std::vector<ScorePart>& parts, std::size_t record);

/// What a score was made of, the largest loss first. INVARIANT (losses add up): the points lost, as shown, add up to
/// the top of the scale less the score, as shown.
struct PointsLost {
    struct Part {
        Subject of;
        std::string value, unit;  ///< value: empty where it is missing
        /// Where points are places: from which to which place equal ones stand, of how many.
        std::optional<std::array<std::int64_t, 3>> place;
        feel::Decimal to_win, lost;
    };
    Subject score;
    int decimals = 2;
    feel::Decimal scale, lost;  ///< the top of the scale; what of it was lost
    std::vector<Part> parts;
    std::size_t left_out = 0;  ///< parts that are missing and count for nothing
};

/// nullopt: the node is no score with parts, or has no value. `members`: of the cohort functions.
std::optional<PointsLost> points_lost(const assess::Assessment& assessment, const graph::Node& node, std::size_t record,
                                      const exec::CohortMembers& members, std::string_view language);

}  // namespace zoneval::audit
