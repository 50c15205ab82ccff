// An evaluation to the run that is stored. For assessment.cpp.
#pragma once

#include "engine/assess/assessment.hpp"

namespace zoneval::assess {

/// Everything but the engine's version. `also`: names of definitions whose values are recorded beside those that are
/// kept.
store::Run make_run(const graph::Graph& graph, const exec::Evaluation& evaluation, const Basis& basis,
                    const std::vector<std::string>& also);

/// INVARIANT (counts add up): for each decision every record has one outcome or is undetermined, and says why. Checked
/// before anything is recorded; a violation is a mistake of this program, a std::logic_error.
void check_counts(const store::Run& run, std::size_t decisions);

}  // namespace zoneval::assess
