// Words of what stands in a store, apart from others: a new one compiles little.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "engine/wording/language.hpp"

namespace zoneval::wording {

enum class Ledger : std::uint16_t {
#define LEDGER(id, en, zh, ja) id,
#include "engine/wording/ledger.def"
#undef LEDGER
    count_
};

std::string_view words(Ledger word, Language language);
/// With its placeholders filled in.
std::string say(Ledger word, Language language,
                std::initializer_list<std::pair<std::string_view, std::string_view>> arguments = {});

}  // namespace zoneval::wording
