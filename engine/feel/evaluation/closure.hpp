// Functions with parameters of their own: closures, and functions the host gives.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/feel/syntax/ast.hpp"
#include "engine/feel/value/function.hpp"
#include "engine/feel/value/value.hpp"

namespace zoneval::feel {

struct Closure final : Function, std::enable_shared_from_this<Closure> {
    using Native = std::function<Value(std::span<const Value> arguments)>;

    bool same(const Function& other) const override;
    int nesting() const override;
    TypePtr type() const override;
    std::string to_feel() const override;

    std::vector<FunctionDefinition::Parameter> parameters;
    // One of:
    std::shared_ptr<const FunctionDefinition> definition;
    Native native;

    std::shared_ptr<const std::vector<Value>> frame;  ///< shared by closures of one evaluation
    std::vector<Value> captured;                      ///< in the order of definition->captures
    SourcePtr source;
};

}  // namespace zoneval::feel
