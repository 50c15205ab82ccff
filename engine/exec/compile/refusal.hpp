// Why a definition has no kernel.
#pragma once

#include "engine/feel/syntax/ast.hpp"

namespace zoneval::exec {

/// What no kernel was found for.
struct Refusal {
    enum class Why : std::uint8_t {
        form,        ///< of the formula
        bound,       ///< no error bound can be given, so doubles could not be told from decimals
        values,      ///< of the definition: columns cannot hold them
        hit_policy,  ///< of the decision
        outcomes,    ///< of the decision: one is null, undeclared, or has no kernel where that cannot be told
    };
    Why why;
    const feel::Expr* formula = nullptr;  ///< the innermost; nullptr: the definition as a whole
};

}  // namespace zoneval::exec
