// Places: 1 for the highest, equal exact values share one.
#pragma once

#include "engine/results/table.hpp"

namespace zoneval::results {

/// What a rule set itself ranks: the argument of the first `rank(…)` it publishes, if that has a name; else its first
/// score. nullptr: nothing.
const graph::Node* ranked_node(const graph::Graph& graph);

struct Ranking {
    std::vector<std::uint32_t> place;  ///< by record; 0: none
    std::vector<std::uint8_t> tied;
    std::size_t ranked = 0;
};
/// Records without a value have no place.
Ranking rank(const Column& numbers);

/// The records in the order of their places, those without one at the end in their own order.
std::vector<std::uint32_t> by_rank(const Table& table);
/// Ordered by a column: numbers from the highest, everything else ascending; what has no value at the end.
std::vector<std::uint32_t> by_column(const Column& column, bool turned, std::size_t records);

}  // namespace zoneval::results
