// Words of what `inspect` and `import` say of data files, apart from others: a new one compiles little.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "engine/wording/language.hpp"

namespace zoneval::wording {

enum class OfFile : std::uint16_t {
#define OF_FILE(id, en, zh, ja) id,
#include "engine/wording/files.def"
#undef OF_FILE
    count_
};

std::string_view words(OfFile word, Language language);
/// With its placeholders filled in.
std::string say(OfFile word, Language language,
                std::initializer_list<std::pair<std::string_view, std::string_view>> arguments = {});

}  // namespace zoneval::wording
