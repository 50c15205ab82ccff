// What was found, to be said in the reader's language: an id with the arguments that its words speak of.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/wording/language.hpp"

namespace zoneval::wording {

/// Another word among the arguments is a noun, said with the same arguments.
template <class Word>
struct Told {
    Word what{};
    std::vector<std::pair<std::string_view, std::variant<std::int64_t, std::string, Word>>> arguments{};
};

}  // namespace zoneval::wording
