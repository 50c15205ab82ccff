// What is wrong with a store, or with what was sealed of it: as facts, and in words.
#pragma once

#include "engine/wording/told.hpp"

namespace zoneval::wording {

enum class Flaw : std::uint16_t {
#define FAULT(id, en, zh, ja) id,
#include "engine/wording/faults.def"
#undef FAULT
    count_
};

std::string_view words(Flaw flaw, Language language);

using Fault = Told<Flaw>;
std::string say(const Fault& fault, Language language);

}  // namespace zoneval::wording
