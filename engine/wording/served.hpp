// Words of pages that `zoneval serve` answers with, and of explanations as pages.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "engine/wording/language.hpp"

namespace zoneval::wording {

enum class Served : std::uint16_t {
#define SERVED(id, en, zh, ja) id,
#include "engine/wording/served.def"
#undef SERVED
    count_
};

std::string_view words(Served word, Language language);
/// With its placeholders filled in.
std::string say(Served word, Language language,
                std::initializer_list<std::pair<std::string_view, std::string_view>> arguments = {});

}  // namespace zoneval::wording
