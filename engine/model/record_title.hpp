// What a record is called before people: Firm, 企业, 企業.
#pragma once

#include <string>

#include "engine/model/ruleset.hpp"
#include "engine/wording/language.hpp"

namespace zoneval::model {

/// The rule set's own title in that language, else the common word (wording/record_kinds.def), else its English title,
/// else the kind.
std::string record_title(const RuleSet& rules, wording::Language language);

}  // namespace zoneval::model
