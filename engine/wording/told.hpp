// What was found, to be said in the reader's language: an id with the arguments that its words speak of.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/feel/value/missing.hpp"
#include "engine/wording/language.hpp"

namespace zoneval::wording {

template <class Word>
struct Told {
    /// Another word is a noun, said with the same arguments.
    using Argument = std::variant<std::int64_t, std::string, Word, feel::Missing>;
    Word what{};
    std::vector<std::pair<std::string_view, Argument>> arguments{};
};

}  // namespace zoneval::wording
