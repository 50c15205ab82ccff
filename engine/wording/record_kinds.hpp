// What records are, in the reader's language: zone, 园区, 区域.
#pragma once

#include <cstddef>
#include <string>

#include "engine/wording/language.hpp"

namespace zoneval::wording {

/// As the rule file calls it where we have no other word.
std::string record_kind(const std::string& kind, Language language);
/// So many of them: "1 country", "24 countries" without the number.
std::string record_kinds(const std::string& kind, std::size_t count, Language language);

}  // namespace zoneval::wording
