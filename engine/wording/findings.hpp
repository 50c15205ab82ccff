// What a finding is, in the reader's language. What was found, and where, is told in English, the language of rule
// files' keys.
#pragma once

#include <string>
#include <string_view>

#include "engine/diag/diagnostic.hpp"
#include "engine/wording/language.hpp"

namespace zoneval::wording {

std::string_view title(Kind kind, Language language);
/// "错误：缺少必需的键"; empty in English, where the message says it.
std::string gist(Kind kind, Language language);

}  // namespace zoneval::wording
