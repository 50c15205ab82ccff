// From XPath 2.0 regular expressions to PCRE2's. Private to regex.cpp.
#pragma once

#include <string>
#include <string_view>

namespace zoneval::feel {

/// Throws RegexError for what XPath does not allow. `dot_all` is the flag s; `spaced` the flag x.
std::string translate_regex(std::string_view pattern, bool dot_all, bool spaced);

}  // namespace zoneval::feel
