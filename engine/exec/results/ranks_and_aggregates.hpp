// Functions over the cohort of one year: ranks and aggregates, optionally within groups. This is what they mean; the
// README says who else computes them, and must agree.
#pragma once

#include <vector>

#include "engine/feel/value/reason.hpp"
#include "engine/feel/value/value.hpp"
#include "engine/graph/graph.hpp"

namespace zoneval::exec {

using graph::CohortFunction;

/// One result for each row. `groups` is empty (one group) or has one value for each row.
/// Rows whose value is null take no part; ranks give them null with that cause, and a row whose group is null gets
/// null. Ranks take numbers, or lists of numbers, of which the first that differs decides. Numbers are exact. Clauses:
/// docs/rule-files.md, "Computing".
///   rank          1 for the highest; equal values share the smaller rank
///   dense rank    the same; the next rank after equal values is one more
///   average rank  equal values share the mean of their ranks
///   percent rank  share of the other records of the group that lie strictly below; null when there are none: nobody
///                 to compare with
///   count         records with a value; of booleans, those that are true
///   stddev        of a sample (n - 1), as FEEL's stddev
/// With a smallest group, one with fewer values gives null, too, but for sum and count.
std::vector<feel::Value> evaluate_cohort(const graph::CohortForm& form, const std::vector<feel::Value>& values,
                                         const std::vector<feel::Value>& groups);

/// Null for want of others: a kind of its own, too small, that rules may ask for.
feel::Value cannot_compare(feel::Fact why);
feel::Value group_too_small(std::size_t records, int smallest);

}  // namespace zoneval::exec
