// Syntax tree to FEEL text: canonical spacing, no parentheses that are not needed.
// INVARIANT (round trip): same(parse(to_feel(x)), x) for every tree the parser makes, under the same Names.
#pragma once

#include <string>

#include "engine/feel/syntax/ast.hpp"

namespace zoneval::feel {

std::string to_feel(const Expr& expression);

}  // namespace zoneval::feel
