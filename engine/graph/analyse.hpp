// Static analysis: what is wrong with a rule set although every expression in it is fine.
#pragma once

#include "engine/graph/graph.hpp"

namespace zoneval::graph {

/// Gaps and overlaps of decision tables, rules that can never fire or are always shadowed, adverse rules that rest on
/// assumptions, parameters with holes in their dates (ZV32x; docs/findings.md has each with an example).
/// Measures and scores are taken to vary freely within what their formulas can give (domains.hpp), so a case that is
/// reported may be one that cannot arise; a case that can arise is never overlooked, unless a decision is too large to
/// look through, which is said (ZV329).
void analyse(const Graph& graph, Diagnostics& diagnostics);
/// ZV340 for titles, labels and reasons that lack a language which others have; called by analyse().
void note_missing_languages(const model::RuleSet& rules, Diagnostics& diagnostics);

}  // namespace zoneval::graph
