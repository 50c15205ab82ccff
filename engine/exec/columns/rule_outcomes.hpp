// What a decision came to by the rule that hit, as columns keep it. Not for other folders.
#pragma once

#include "engine/exec/columns/program.hpp"
#include "engine/exec/results/evaluation.hpp"

namespace zoneval::exec {

std::size_t rules_of(const graph::Node& decision);
/// The outcome of a rule when it is the same for every record; else nullptr.
const feel::Value* fixed_outcome(const graph::Node& decision, std::uint8_t rule);
/// Of a rule that gives no reason.
Outcome plain_outcome(const graph::Node& decision, std::uint8_t rule);
/// Whether the rule gives a reason, which differs from record to record.
bool explained(const graph::Node& decision, std::uint8_t rule);

}  // namespace zoneval::exec
