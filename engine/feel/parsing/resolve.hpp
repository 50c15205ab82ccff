// Binds names to slots and locals, calls to builtins; reports every unknown name and function of a tree.
#pragma once

#include "engine/diag/diagnostic.hpp"
#include "engine/feel/syntax/ast.hpp"
#include "engine/feel/syntax/names_in_scope.hpp"

namespace zoneval::feel {

/// Spans in the tree must already be spans of the source.
void resolve(Expr& expression, const Names& names, const SourcePtr& source, Diagnostics& diagnostics);

}  // namespace zoneval::feel
