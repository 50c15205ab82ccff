// XPath 2.0 regular expressions (XQuery and XPath functions, 7.6) on top of PCRE2, with limits on cost.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/feel/value/reason.hpp"

namespace zoneval::feel {

struct RegexError {
    Fact fact;
};

/// Each throws RegexError for a bad pattern or flag, or when matching costs too much. Flags: s, m, i, x, q.
bool regex_matches(std::string_view input, std::string_view pattern, std::string_view flags);
/// `$1` … `$9…` and `$0` in the replacement are groups; `\$` and `\\` are those characters.
std::string regex_replace(std::string_view input, std::string_view pattern, std::string_view replacement,
                          std::string_view flags);
std::vector<std::string> regex_split(std::string_view input, std::string_view pattern);

}  // namespace zoneval::feel
