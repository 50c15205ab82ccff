// Which definitions get columns of their own. Not for other folders.
#pragma once

#include "engine/exec/by_columns/column_evaluation.hpp"

namespace zoneval::exec {

/// No decisions, which always have theirs.
std::vector<graph::NodeId> nodes_to_keep(const graph::Graph& graph, const Table& table, const ColumnOptions& options);

}  // namespace zoneval::exec
