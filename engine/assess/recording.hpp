// An evaluation to the run that is stored.
#pragma once

#include "engine/assess/assessment.hpp"

namespace zoneval::assess {

/// Everything but the engine's version. `also`: names of definitions whose values are recorded beside those that are
/// kept.
store::Run make_run(const graph::Graph& graph, const exec::Evaluation& evaluation, const Basis& basis,
                    const std::vector<std::string>& also);

/// One outcome as a run has it, without what later years read of its blanks.
store::Outcome recorded_outcome(const graph::Node& decision, const exec::Evaluation& evaluation, std::size_t record);

/// INVARIANT (counts add up): for each decision every record has one outcome or is undetermined, and says why. Checked
/// before anything is recorded; a violation is a mistake of this program, a std::logic_error.
void check_counts(const store::Run& run, std::size_t decisions);

}  // namespace zoneval::assess
