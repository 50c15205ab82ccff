// FEEL syntax tree. Every node carries the bytes of the file it came from.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "engine/diag/source.hpp"
#include "engine/feel/type.hpp"
#include "engine/feel/value.hpp"

namespace zoneval::feel {

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;
struct Builtin;

struct Literal { Value value; };
/// A name of the frame (slot) or of an enclosing for/some/every/function/context/filter (local).
struct Name { std::string name; int slot = -1; /* see resolve rules in parse.cpp */ };
struct Call {
    /// Exactly one of builtin (a registry name; the overload is picked by the arguments) or callee is set.
    std::string builtin;
    ExprPtr callee;
    std::vector<ExprPtr> arguments;
    std::vector<std::string> argument_names;                 ///< empty for positional calls
};
// … Unary, Binary, If, Between, In, For, Quantified, Filter, Path, InstanceOf, ListExpr, ContextExpr, RangeExpr,
// FunctionDefinition, UnaryTests.

}  // namespace zoneval::feel
