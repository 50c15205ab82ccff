// Words of tables, pages and letters, apart from those of reasons: whoever computes needs none of them.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "engine/wording/language.hpp"

namespace zoneval::wording {

enum class Page : std::uint16_t {
#define PAGE(id, en, zh, ja) id,
#include "engine/wording/pages.def"
#undef PAGE
    count_
};

std::string_view words(Page page, Language language);
/// With its placeholders filled in.
std::string say(Page page, Language language,
                std::initializer_list<std::pair<std::string_view, std::string_view>> arguments = {});

}  // namespace zoneval::wording
