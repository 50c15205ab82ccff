// When the second look at an outcome cannot change it. Rows of which that is certain need no reference evaluator.
#pragma once

#include <functional>

#include "engine/graph/graph.hpp"

namespace zoneval::exec {

/// Whether input data may be known to be absent (`not applicable`).
using MayBeAbsent = std::function<bool(graph::NodeId input)>;

/// True: for every record whose scores left nothing out and whose looks back are as they were, whatever is known of the
/// decision's conditions and outcomes, and of those it reads, is the same when it is read with the scores' blanks put
/// back (Blanks::of_scores). False: that is not certain.
bool steady_when_filled(const graph::Graph& graph, const graph::Node& decision, const MayBeAbsent& may_be_absent);

}  // namespace zoneval::exec
