// The reference evaluator: one expression, one frame, exact arithmetic. It defines meaning.
#pragma once

#include <span>

#include "engine/feel/ast.hpp"
#include "engine/feel/value.hpp"

namespace zoneval::feel {

enum class NullMeaning {
    /// DMN: `null = null` is true, `null = 1` is false, `if null` takes `else`.
    feel,
    /// Rule sets: a missing datum is unknown. A comparison (=, !=, <, between, in …) with a null that goes back to a
    /// missing datum (or to a failed operation) is unknown (null with that cause); `if` on an unknown condition is
    /// unknown unless both branches agree; comparing with the literal `null` asks whether the datum is missing and
    /// is always known. A datum that is *not applicable* is known to be absent: `=`, `<`, `in` … give false and
    /// `!=` gives true.
    unknown,
};

struct EvalOptions {
    NullMeaning nulls = NullMeaning::feel;
    SourcePtr source;  ///< for spans in causes
};

/// frame[i] is the value of names.entries[i]. Never throws on data: failure is null with a cause.
Value evaluate(const Expr& expression, std::span<const Value> frame, const EvalOptions& options);
/// Calls a function value (closure, builtin or native) with positional arguments.
Value call(const Value& function, std::span<const Value> arguments, const EvalOptions& options);

/// True for a null that is unknown under NullMeaning::unknown: it has a cause, and that is not a datum known
/// to be inapplicable.
bool is_unknown(const Value& value);

}  // namespace zoneval::feel
