// Words of answers to why, why not and what if, apart from others: a new one compiles little.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "engine/wording/language.hpp"

namespace zoneval::wording {

enum class Answer : std::uint16_t {
#define ANSWER(id, en, zh, ja) id,
#include "engine/wording/explanations.def"
#undef ANSWER
    count_
};

std::string_view words(Answer answer, Language language);
/// With its placeholders filled in.
std::string say(Answer answer, Language language,
                std::initializer_list<std::pair<std::string_view, std::string_view>> arguments = {});

}  // namespace zoneval::wording
