// Every builtin is declared once: name, parameters, types, clause, documentation, example, scalar function.
// Parser, checker, evaluator, `zoneval functions` and the reference manual all read this table.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "engine/feel/type.hpp"
#include "engine/feel/value.hpp"

namespace zoneval::feel {

struct Parameter {
    std::string_view name;          ///< FEEL name for named arguments ("grouping separator")
    std::string_view type;          ///< FEEL spelling
    bool optional = false;
    bool variadic = false;
};

struct CallContext;                 ///< what a builtin may use: evaluator for function arguments, cause building

struct Builtin {
    std::string_view name;
    std::vector<Parameter> parameters;       ///< one row per overload
    std::string_view result;
    std::string_view category;      ///< "string", "list", "numeric", "date and time", "range", "context", "cohort", "history" …
    std::string_view clause;        ///< "10.3.4.3", or "zoneval" for what the standard does not have
    std::string_view doc;           ///< one line
    std::string_view example;       ///< FEEL that a test runs; with
    std::string_view example_result;///< its value as FEEL
    Value (*scalar)(std::span<const Value> arguments, CallContext& context) = nullptr;   ///< null: lowered by the graph (cohort, history)
};

std::span<const Builtin> builtins();
/// All overloads of a name; empty when there is none.
std::vector<const Builtin*> find_builtin(std::string_view name);

}  // namespace zoneval::feel
