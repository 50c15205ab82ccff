#include "engine/feel/builtins/case_mapping.hpp"

#include <unicase.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "engine/diag/no_memory.hpp"

namespace zoneval::feel {

namespace {

using Mapping = decltype(&u8_toupper);

/// Full mapping of the Unicode standard, in no particular language: "ß" has the capitals "SS".
std::string mapped(std::string_view text, Mapping mapping) {
    std::size_t length = 0;
    const MemoryWatch memory;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    const std::unique_ptr<std::uint8_t, decltype(&std::free)> out(
        mapping(bytes, text.size(), nullptr, nullptr, nullptr, &length), &std::free);
    if (!out) memory.check();
    return {reinterpret_cast<const char*>(out.get()), length};
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Most texts are; they need no tables.
std::string mapped_ascii(std::string_view text, char first, char last) {
    std::string out(text);
    for (auto& c : out)
        if (c >= first && c <= last) c = static_cast<char>(c ^ 0x20);
    return out;
}

}  // namespace

std::string to_upper(std::string_view text) {
    return is_ascii(text) ? mapped_ascii(text, 'a', 'z') : mapped(text, u8_toupper);
}
std::string to_lower(std::string_view text) {
    return is_ascii(text) ? mapped_ascii(text, 'A', 'Z') : mapped(text, u8_tolower);
}

}  // namespace zoneval::feel
