// Every builtin is declared once: name, parameters, types, clause, documentation, example, scalar function.
// Parser, checker, evaluator, `zoneval functions` and the reference manual all read this table.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/feel/builtins/call_context.hpp"
#include "engine/feel/value/type.hpp"
#include "engine/feel/value/value.hpp"

namespace zoneval::feel {

struct Parameter {
    std::string_view name;  ///< FEEL name for named arguments ("grouping separator")
    std::string_view type;  ///< FEEL spelling
    bool optional = false;
    bool variadic = false;  ///< the last parameter only: any number of further arguments
    bool nullable = false;  ///< null is an argument like any other; else a null argument gives null
};

using ScalarFunction = Value (*)(std::span<const Value> arguments, const CallContext& context);

/// What the unit of a result is: that of the first argument; that of all arguments, which must agree; or none in
/// particular.
enum class UnitOf : std::uint8_t { none, first, all };
/// How whole columns are computed: by a kernel, by one call for each different text (the result then depends on texts
/// and numbers alone, and is null where one of them is), or not at all.
enum class Kernel : std::uint8_t {
    none,
    round,
    least,
    greatest,
    sum,
    product,
    mean,
    median,
    count,
    all,
    any,
    negation,
    magnitude,
    square_root,
    logarithm,
    exponential,
    remainder,
    of_text,
    contains
};

/// What those who compute with sets of values, with columns and with units need to know of a function.
struct Traits {
    Kernel kernel = Kernel::none;
    bool rises = false;  ///< never falls when its first argument rises and the others stay
    UnitOf unit = UnitOf::none;
    Rounding rounding = Rounding::half_even;  ///< of Kernel::round
};

struct Builtin {
    std::string_view name;
    std::vector<Parameter> parameters;  ///< one row per overload
    std::string_view result;            ///< FEEL spelling of the result type
    std::string_view
        category;  ///< "string", "list", "numeric", "date and time", "range", "context", "cohort", "history" …
    std::string_view clause;          ///< "10.3.4.3", or "zoneval" for what the standard does not have
    std::string_view doc;             ///< one line
    std::string_view example;         ///< FEEL that a test runs; with
    std::string_view example_result;  ///< its value as FEEL; both empty for what the graph lowers
    ScalarFunction scalar = nullptr;  ///< null: lowered by the graph (cohort, history)
    Traits traits = {};               ///< the same for all rows of a name
};

/// All overloads of one name.
struct BuiltinSet {
    std::string name;
    struct Overload {
        const Builtin* row = nullptr;
        std::vector<TypePtr> types;  ///< of the parameters
        TypePtr result;
        std::size_t required = 0;
        bool variadic = false;
    };
    std::vector<Overload> overloads;
    Traits traits;
};
/// Of a call to a builtin; of any other call, none.
Traits traits_of(const BuiltinSet* set);

/// A builtin as a value.
struct BuiltinFunction final : Function {
    explicit BuiltinFunction(const BuiltinSet& builtin) : set(&builtin) {}
    bool same(const Function& other) const override;
    TypePtr type() const override;  ///< of the first overload
    std::string to_feel() const override { return set->name; }
    const BuiltinSet* set;
};
Value builtin_as_value(const BuiltinSet& set);

std::span<const Builtin> builtins();
/// All overloads of a name; empty when there is none.
std::vector<const Builtin*> find_builtin(std::string_view name);
/// nullptr when there is none.
const BuiltinSet* builtin_set(std::string_view name);
/// Names of all builtins, sorted.
const std::vector<std::string>& builtin_names();

}  // namespace zoneval::feel
