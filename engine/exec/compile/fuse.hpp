// Fewer passes over registers for the same bits: dead instructions out, chains of instructions in one.
#pragma once

#include "engine/exec/columns/program.hpp"

namespace zoneval::exec {

/// Rewrites a finished program.
///   max(low, min(high, (x + c) * k))                         one `clamp`
///   a + b + … of products and of `if missing then 0 else …`  one `sum`, from the left to the right as written
///   a comparison that is null where its operands are         one comparison with a mask
void fuse(Program& program);

}  // namespace zoneval::exec
