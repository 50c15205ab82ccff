// Conditions that no value can make true.
#pragma once

#include "engine/feel/syntax/ast.hpp"

namespace zoneval::feel {

inline bool is_null_literal(const Expr& expression) {
    const auto* literal = expression.as<Literal>();
    return literal && literal->value.is_null();
}

/// A written null, or an order against one: `x > null` is null whatever x is (10.3.2.13).
inline bool is_never_true(const Expr& expression) {
    const auto* b = expression.as<Binary>();
    return is_null_literal(expression) || (b && b->op >= BinaryOp::less && b->op <= BinaryOp::greater_equal &&
                                           (is_null_literal(*b->left) || is_null_literal(*b->right)));
}

}  // namespace zoneval::feel
