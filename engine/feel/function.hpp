// Function values: closures, builtins passed as values, and functions the host gives.
#pragma once

#include <functional>
#include <span>

#include "engine/feel/ast.hpp"
#include "engine/feel/builtins.hpp"
#include "engine/feel/value.hpp"

namespace zoneval::feel {

struct Function {
    using Native = std::function<Value(std::span<const Value> arguments)>;

    std::vector<FunctionDefinition::Parameter> parameters;
    TypePtr result;  ///< declared, or null
    // One of:
    std::shared_ptr<const FunctionDefinition> definition;
    const BuiltinSet* builtin = nullptr;
    Native native;

    std::shared_ptr<const std::vector<Value>> frame;  ///< of a closure, shared by its siblings
    std::vector<Value> captured;                      ///< in the order of definition->captures
    SourcePtr source;
};

}  // namespace zoneval::feel
