// Masks of results that need their operands.
#pragma once

#include "engine/exec/compile/compiled.hpp"
#include "engine/exec/compile/emitter.hpp"

namespace zoneval::exec {

/// Of a result that rests on nulls of `kinds`: a written null goes back to nothing, so the operation failed.
Mask result_kinds(Mask kinds);
/// The mask of a result that needs both operands.
Ref joined_mask(Emitter& emitter, const Compiled& a, const Compiled& b);
/// `value` with the mask of a result of a, or of a and b.
Compiled masked(Emitter& emitter, Compiled value, const Compiled& a, const Compiled& b = {});
/// Null also where that mask (1: failed) has bits, of `kinds`, and the value's own has none.
Compiled also_null(Emitter& emitter, Compiled value, Ref mask, Mask kinds);

}  // namespace zoneval::exec
