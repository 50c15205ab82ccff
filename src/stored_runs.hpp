// Stored runs, as commands ask for them.
#pragma once

#include "engine/audit/replay.hpp"
#include "src/command.hpp"

namespace zoneval::command {

/// Throws InputError saying which runs, years and rule sets there are.
store::Run stored_run(const store::Store& store, const audit::RunWanted& wanted);
using audit::made_again;
/// audit::decision_to_explain; throws InputError (ZV103) where there is none of that name.
const graph::Node& find_decision(const graph::Graph& graph, const std::string& name);

}  // namespace zoneval::command
