// Causes as JSON, exactly: what a store keeps, so that the words can be chosen when they are read.
// A cause is an array: the reason's id, its arguments, then, where there is more to say, one object of
//   "missing": the kind of missing datum       "possible": FEEL texts of the values still possible
//   "because": the causes behind it; a whole number is a cause already written, counted from 0 in the order of writing.
// Arguments: text as text, counts and years as numbers, types by FEEL's words, values as FEEL text, a figure to be
// shown as [FEEL text, places or null], operands as [text, whether missing]. Where a cause stands in an expression is
// not kept: the run is made again to see that.
#pragma once

#include <string>
#include <string_view>

#include "engine/feel/value/cause.hpp"

namespace zoneval::feel {

std::string to_json(const CausePtr& cause);  ///< "null" for none
/// Nothing when the text is no cause, or one with reasons or arguments that this version does not know.
CausePtr cause_from_json(std::string_view json);

}  // namespace zoneval::feel
