// What the builtin tables share. Private to this wing.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "engine/feel/builtins/builtins.hpp"
#include "engine/feel/value/limits.hpp"

namespace zoneval::feel {

using Arguments = std::span<const Value>;

// One table per category, in the order of the manual.
std::vector<Builtin> conversion_builtins();
std::vector<Builtin> boolean_builtins();
std::vector<Builtin> string_builtins();
std::vector<Builtin> list_builtins();
std::vector<Builtin> aggregate_builtins();
std::vector<Builtin> numeric_builtins();
std::vector<Builtin> temporal_builtins();
std::vector<Builtin> range_builtins();
std::vector<Builtin> context_builtins();
std::vector<Builtin> cohort_builtins();

/// The elements of `f(list)` or of `f(a, b, c)`.
inline Arguments items(Arguments arguments) {
    if (arguments.size() == 1 && arguments[0].list() != nullptr) return *arguments[0].list();
    return arguments;
}

inline bool given(Arguments arguments, std::size_t index) {
    return index < arguments.size() && !arguments[index].is_null();
}

/// An integer argument; fractions are cut off (10.3.4: "positive integer" and the like).
inline std::optional<std::int64_t> integer(const Value& value) {
    return value.number()->rounded(0, Rounding::down).to_int64();
}

/// Why elements of a list are unknown, where nulls mean that: what they turn out to be would change the result.
inline std::vector<CausePtr> unknown_among(const List& list, const CallContext& context) {
    std::vector<CausePtr> out;
    if (context.nulls() != NullMeaning::unknown) return out;
    for (const auto& element : list)
        if (is_unknown(element)) out.push_back(element.cause());
    return out;
}

inline Value number_or_fail(Decimal d, const CallContext& context) {
    return d.is_finite() ? Value(d) : context.fail(reasons::not_finite());
}

}  // namespace zoneval::feel
