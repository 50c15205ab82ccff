// Every builtin is declared once: name, parameters, types, clause, documentation, example, scalar function.
// Parser, checker, evaluator, `zoneval functions` and the reference manual all read this table.
#pragma once

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
};

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
