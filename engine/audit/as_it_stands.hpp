// What a store that was altered comes to as it stands: every run that can still be made, beside what is on record of
// it; what cannot be read, or made, is named and the rest goes on. Not for other folders.
#pragma once

#include "engine/audit/verification.hpp"

namespace zoneval::audit {

/// `store` is opened as it stands. `only_runs`: data and rules are as recorded, so that what results show must come
/// out, too. `records` gets how many each run has.
Verification::AsItStands as_it_stands(const store::Store& store, const VerifyOptions& options, bool only_runs,
                                      std::vector<std::size_t>& records);

/// A difference with titles and labels; `graph` is that of the run.
Verification::Moved moved(const Difference& difference, const graph::Graph& graph, std::int32_t year,
                          wording::Language language);
/// Why something was refused: in a language, what kind of mistake it is, and in English what was found.
std::string refused(const Diagnostics& found, wording::Language language);

}  // namespace zoneval::audit
