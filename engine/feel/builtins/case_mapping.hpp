// Capitals and small letters beyond ASCII.
#pragma once

#include <string>
#include <string_view>

namespace zoneval::feel {

std::string to_upper(std::string_view text);
std::string to_lower(std::string_view text);

}  // namespace zoneval::feel
