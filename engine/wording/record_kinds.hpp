// What records are, in the reader's language: zone, 园区, 区域.
#pragma once

#include <string>

#include "engine/wording/language.hpp"

namespace zoneval::wording {

/// As the rule file calls it where we have no other word.
std::string record_kind(const std::string& kind, Language language);

}  // namespace zoneval::wording
