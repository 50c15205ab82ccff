// Typed JSON values of the TCK records. Private to tck*.cpp.
#pragma once

#include <nlohmann/json.hpp>

#include "engine/feel/value/value.hpp"

namespace zoneval::feel::tck {

using Json = nlohmann::ordered_json;

/// Throws nlohmann::json::exception or std::invalid_argument for what is no typed value.
Value read_value(const Json& json, int depth = 0);
Json write_value(const Value& value, int depth = 0);

}  // namespace zoneval::feel::tck
