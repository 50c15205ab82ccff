// The reference evaluator: one expression, one frame, exact arithmetic. It defines meaning.
#pragma once

#include <span>

#include "engine/feel/syntax/ast.hpp"
#include "engine/feel/value/cause.hpp"
#include "engine/feel/value/null_meaning.hpp"
#include "engine/feel/value/value.hpp"

namespace zoneval::feel {

struct EvalOptions {
    NullMeaning nulls = NullMeaning::feel;
    SourcePtr source;  ///< for spans in causes
};

/// frame[i] is the value of names.entries[i]. Never throws on data: failure is null with a cause.
Value evaluate(const Expr& expression, std::span<const Value> frame, const EvalOptions& options);
/// The same of `left op right` (an arithmetic operator) whose operands have these values.
Value evaluate_arithmetic(const Expr& expression, const Value& left, const Value& right, const EvalOptions& options);
/// Calls a function value (closure, builtin or native) with positional arguments.
Value call(const Value& function, std::span<const Value> arguments, const EvalOptions& options);

}  // namespace zoneval::feel
