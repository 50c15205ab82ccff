// Every builtin is declared once: name, parameters, types, clause, documentation, example, scalar function.
// Parser, checker, evaluator, `zoneval functions` and the reference manual all read this table.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/feel/eval.hpp"
#include "engine/feel/type.hpp"
#include "engine/feel/value.hpp"

namespace zoneval::feel {

struct Parameter {
    std::string_view name;  ///< FEEL name for named arguments ("grouping separator")
    std::string_view type;  ///< FEEL spelling
    bool optional = false;
    bool variadic = false;  ///< the last parameter only: any number of further arguments
    bool nullable = false;  ///< null is an argument like any other; else a null argument gives null
};

class Evaluator;

/// What a builtin may use beside its arguments.
struct CallContext {
    Evaluator& evaluator;
    Span span;  ///< of the call
    /// Null with this cause at the call.
    Value fail(std::string message, std::vector<CausePtr> because = {}) const;
    Value call(const Value& function, std::span<const Value> arguments) const;
    NullMeaning nulls() const;
    /// Counts work against limits::steps; false when it is used up.
    bool spend(std::size_t steps) const;
    /// `=` under the meaning of nulls in force; nullopt when unknown or not comparable.
    std::optional<bool> equal(const Value& a, const Value& b) const;
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

std::span<const Builtin> builtins();
/// All overloads of a name; empty when there is none.
std::vector<const Builtin*> find_builtin(std::string_view name);
/// nullptr when there is none.
const BuiltinSet* builtin_set(std::string_view name);
/// Names of all builtins, sorted.
const std::vector<std::string>& builtin_names();

/// Picks the overload, converts the arguments (10.3.2.9.4) and runs it.
Value invoke(const BuiltinSet& set, std::span<const Value> arguments, const std::vector<std::string>& argument_names,
             const CallContext& context);

}  // namespace zoneval::feel
