// The grammar as the rest of the parser sees it: without X3.
#pragma once

#include "engine/feel/parsing/parse_context.hpp"

namespace zoneval::feel::grammar {

/// Reads the whole text; true on success, and then the tree is the only operand.
bool parse_whole_expression(ParseContext& c);
bool parse_whole_tests(ParseContext& c);

}  // namespace zoneval::feel::grammar
