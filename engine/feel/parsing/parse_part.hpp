// Parses one part of a larger expression: what the surroundings declare is known, nothing is resolved yet.
// Private to parse.cpp and boxed.cpp.
#pragma once

#include <string>
#include <vector>

#include "engine/diag/diagnostic.hpp"
#include "engine/feel/syntax/names_in_scope.hpp"

namespace zoneval::feel {

struct PartScope {
    std::vector<std::string> names;    ///< of enclosing functions, iterations and contexts
    std::vector<std::string> members;  ///< keys of contexts seen so far: the longest wins after a dot
    int filters = 0;                   ///< enclosing filters: there, members are names
};

enum class PartKind { expression, unary_tests };

/// Spans of the tree are the file's. nullptr and a diagnostic when the text cannot be read.
ExprPtr parse_part(const ExpressionText& text, const Names& names, PartKind kind, PartScope& scope,
                   Diagnostics& diagnostics);

}  // namespace zoneval::feel
