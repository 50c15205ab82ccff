// Words of what `assess` prints, apart from others: a new one compiles little.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "engine/wording/language.hpp"

namespace zoneval::wording {

enum class Assessed : std::uint16_t {
#define ASSESSED(id, en, zh, ja) id,
#include "engine/wording/assessed.def"
#undef ASSESSED
    count_
};

std::string_view words(Assessed word, Language language);
/// With its placeholders filled in.
std::string say(Assessed word, Language language,
                std::initializer_list<std::pair<std::string_view, std::string_view>> arguments = {});

}  // namespace zoneval::wording
