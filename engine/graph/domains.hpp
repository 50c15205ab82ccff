// What each definition can come to, whatever the data: what `check` needs to know of a score or a measure.
#pragma once

#include <vector>

#include "engine/feel/evaluation/abstract_value.hpp"
#include "engine/graph/graph.hpp"

namespace zoneval::graph {

/// By node: bounds and listed values of any record in which the node is not null; an open value without either may be
/// anything of its type. `known` gives the values that are the same for all records (parameters on a day).
std::vector<feel::AbstractValue> domains_of(const Graph& graph,
                                            const std::function<std::optional<feel::Value>(NodeId)>& known);

}  // namespace zoneval::graph
