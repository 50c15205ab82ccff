// FEEL text to syntax tree. Only the grammar's own translation units see X3.
#pragma once

#include "engine/diag/diagnostic.hpp"
#include "engine/feel/syntax/ast.hpp"
#include "engine/feel/syntax/names_in_scope.hpp"

namespace zoneval::feel {

/// On failure returns nullptr and adds diagnostics (syntax, unknown name or function, limits).
ExprPtr parse_expression(const ExpressionText& text, const Names& names, Diagnostics& diagnostics);
/// Unary tests of a decision-table cell or `allowed values`; the tested value is the name `?`.
ExprPtr parse_unary_tests(const ExpressionText& text, const Names& names, Diagnostics& diagnostics);

}  // namespace zoneval::feel
