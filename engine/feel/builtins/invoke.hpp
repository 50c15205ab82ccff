// Calling a builtin.
#pragma once

#include "engine/feel/builtins/builtins.hpp"

namespace zoneval::feel {

/// Picks the overload, converts the arguments (10.3.2.9.4) and runs it.
Value invoke(const BuiltinSet& set, std::span<const Value> arguments, const std::vector<std::string>& argument_names,
             const CallContext& context);

}  // namespace zoneval::feel
