// Static types of expressions: finds operations that can only give null.
#pragma once

#include "engine/diag/diagnostic.hpp"
#include "engine/feel/syntax/ast.hpp"
#include "engine/feel/syntax/names_in_scope.hpp"

namespace zoneval::feel {

/// The type of the expression; adds ZV105/ZV106 with spans for calls and operations that cannot succeed.
/// Any where nothing more is known; never complains about Any.
TypePtr check(const Expr& expression, const Names& names, const SourcePtr& source, Diagnostics& diagnostics);

}  // namespace zoneval::feel
