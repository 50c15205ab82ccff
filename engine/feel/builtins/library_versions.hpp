// What the meaning of a formula rests on beside the engine.
#pragma once

#include <map>
#include <string>

namespace zoneval::feel {

/// By name, the versions of decimals, regular expressions, capitals and time zones: with others, a formula may come out
/// otherwise.
std::map<std::string, std::string> libraries();

}  // namespace zoneval::feel
