// What results show of a rule set, and its columns as a run keeps them.
#pragma once

#include <string>
#include <vector>

#include "engine/exec/results/evaluation.hpp"
#include "engine/store/store.hpp"

namespace zoneval::assess {

/// Names, in their order: `publish`, or measures with a title, scores and decisions; of a rule set with none of these,
/// all its measures.
std::vector<std::string> published(const graph::Graph& graph);

/// Those of them that are computed and no decisions, each once.
std::vector<graph::NodeId> published_nodes(const graph::Graph& graph);

/// Of published_nodes(): every value as a column. Where a value is a list, or takes the
/// reference evaluator for each of many records, the column is left out: it is computed again when it is asked for.
std::vector<store::Published> published_columns(const graph::Graph& graph, const exec::Evaluation& evaluation);

}  // namespace zoneval::assess
