// A program of the column machine as text.
#pragma once

#include "engine/exec/columns/program.hpp"

namespace zoneval::exec {

/// Of a column: "0..100, scale 2, exact".
std::string bound_text(const Bound& bound);
/// "r3", a constant's value, or "-".
std::string operand_text(const Program& program, Ref r, Shape shape, const StringCodes& strings);
/// What an instruction carries beside its operands: "within 0..100"; empty if nothing.
std::string payload_text(const Program& program, const Instruction& i, const StringCodes& strings);

}  // namespace zoneval::exec
