// All words, by id.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/feel/value/reason.hpp"
#include "engine/wording/language.hpp"

namespace zoneval::wording {

enum class Phrase : std::uint16_t {
#define PHRASE(id, en, zh, ja) id,
#include "engine/wording/phrases.def"
#undef PHRASE
};

/// With placeholders: `{name}`; `{{` and `}}` are braces.
std::string_view words(feel::Reason reason, Language language);
std::string_view words(Phrase phrase, Language language);

}  // namespace zoneval::wording
