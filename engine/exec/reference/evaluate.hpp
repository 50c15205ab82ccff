// The reference evaluation of a rule set: every node for every record of one year's cohort.
#pragma once

#include "engine/exec/results/evaluation.hpp"

namespace zoneval::exec {

/// Values set from outside (a rule set's own tests): used instead of computing. [node][row of the table].
using Overrides = std::map<graph::NodeId, std::vector<std::optional<feel::Value>>>;

/// Throws InputError when the assessment cannot be made (ZV306 no value in force, ZV305 an undeclared outcome).
Evaluation evaluate(const graph::Graph& graph, const Table& table, const History& history,
                    const Overrides& overrides = {});

[[noreturn]] void refuse_unknown_membership(const graph::Graph& graph, const Table& table, std::size_t row,
                                            const feel::Value& value);
}  // namespace zoneval::exec
