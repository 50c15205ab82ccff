// What a reader of an assessment must know of it: as facts, and in words.
#pragma once

#include "engine/wording/told.hpp"

namespace zoneval::wording {

enum class Remark : std::uint16_t {
#define REMARK(id, en, zh, ja) id,
#include "engine/wording/notes.def"
#undef REMARK
    count_
};

std::string_view words(Remark remark, Language language);

using Noted = Told<Remark>;
std::string say(const Noted& note, Language language);

}  // namespace zoneval::wording
