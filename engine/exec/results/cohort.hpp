// Functions over the cohort of one year: ranks and aggregates, optionally within groups.
#pragma once

#include <string_view>
#include <vector>

#include "engine/feel/value/value.hpp"

namespace zoneval::exec {

enum class CohortFunction { rank, percent_rank, sum, mean, median, min, max, count, stddev };

std::optional<CohortFunction> cohort_function(std::string_view feel_name);

/// One result for each row. `groups` is empty (one group) or has one value for each row.
/// Rows whose value is null take no part; rank and percent rank give them null with that cause, and a row whose group
/// is null gets null. Numbers are exact. Clauses: docs/rule-files.md, "Computing".
///   rank          1 for the highest; equal values share the smaller rank
///   percent rank  share of the other records of the group that lie strictly below; not applicable when there are none
///   count         records with a value; of booleans, those that are true
///   stddev        of a sample (n - 1), as FEEL's stddev
std::vector<feel::Value> evaluate_cohort(CohortFunction function, const std::vector<feel::Value>& values,
                                         const std::vector<feel::Value>& groups);

}  // namespace zoneval::exec
