// Words of what `robustness` says, apart from others: a new one compiles little.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "engine/wording/language.hpp"

namespace zoneval::wording {

enum class Firm : std::uint16_t {
#define FIRM(id, en, zh, ja) id,
#include "engine/wording/firmness.def"
#undef FIRM
    count_
};

std::string_view words(Firm word, Language language);
/// With its placeholders filled in.
std::string say(Firm word, Language language,
                std::initializer_list<std::pair<std::string_view, std::string_view>> arguments = {});

}  // namespace zoneval::wording
