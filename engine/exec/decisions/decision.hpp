// One decision for one record: its rules or rows tried under a reading of what is known.
#pragma once

#include "engine/exec/decisions/decide.hpp"
#include "engine/exec/decisions/reading.hpp"

namespace zoneval::exec {

/// The decision by its hit policy; what three-valued logic leaves open is looked at case by case
/// (possible_answers.hpp). An adverse outcome is given only when one and the same rule leads to it in every case.
/// `because` is left to the caller.
/// `settling`: where wanted, and the outcome is open for what is missing behind a few nodes: PossibleAnswers::settling.
using Settling = std::vector<std::vector<graph::NodeId>>;
Decided decide_node(const graph::Graph& graph, const graph::Node& node, const Reading& reading,
                    Settling* settling = nullptr);

}  // namespace zoneval::exec
