// Decision tables evaluated (DMN 1.5 chapter 8).
#pragma once

#include <span>

#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/syntax/decision_table.hpp"
#include "engine/feel/value/value.hpp"

namespace zoneval::feel {

/// One output gives its value, several a context of their names. Null with a cause when nothing matches and there
/// is no default, when the hit policy is broken, or (NullMeaning::unknown) when a rule that could matter is unknown.
Value evaluate(const DecisionTable& table, std::span<const Value> frame, const EvalOptions& options);

}  // namespace zoneval::feel
