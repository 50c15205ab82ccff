// Parts of answers as JSON. For this folder.
#pragma once

#include <nlohmann/json.hpp>

#include "engine/audit/conditions.hpp"

namespace zoneval::audit {

using Json = nlohmann::ordered_json;
/// `all` and `any` with their parts; of one its subject, what was found, the limit and the margin, numbers as FEEL
/// texts.
Json json_of(const Condition& condition);
std::string dumped(const Json& json);

}  // namespace zoneval::audit
