#include "engine/model/record_title.hpp"

#include <algorithm>

#include "engine/wording/record_kinds.hpp"

namespace zoneval::model {

std::string record_title(const RuleSet& rules, wording::Language language) {
    const auto said_in = [&](std::string_view code) {
        const auto& all = rules.record_title.by_language;
        return std::any_of(all.begin(), all.end(), [&](const auto& title) { return title.first == code; });
    };
    const auto common = wording::record_kind(rules.record, language);
    const bool own = said_in("") || said_in(wording::code(language));
    return own || (common == rules.record && said_in("en")) ? rules.record_title.in(wording::code(language)) : common;
}

}  // namespace zoneval::model
