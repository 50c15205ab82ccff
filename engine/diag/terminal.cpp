#include "engine/diag/terminal.hpp"

#include <fmt/format.h>

#include <array>

namespace zoneval {

namespace {

std::size_t width_of(char32_t c) {
    // East Asian Wide and Fullwidth (UAX 11), and what is drawn over the character before.
    if ((c >= 0x300 && c <= 0x36F) || c == 0x200B || (c >= 0xFE00 && c <= 0xFE0F)) return 0;
    const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0x303E) || (c >= 0x3041 && c <= 0xA4CF) ||
                      (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) ||
                      (c >= 0xFF00 && c <= 0xFF60) || (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1FAFF) ||
                      (c >= 0x20000 && c <= 0x3FFFD);
    return wide ? 2 : 1;
}

}  // namespace

Character character_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const auto first = byte(0);
    if (first < 0x80) return {first, 1};
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || at + length > text.size()) return {first, 0};
    char32_t code = first & (0xFFu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return {first, 0};
        code = code << 6 | (byte(i) & 0x3Fu);
    }
    constexpr std::array<char32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
    if (code < least[length] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {first, 0};
    return {code, length};
}

bool is_obeyed(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x034F || c == 0x061C || c == 0x180E ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
           c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

std::string for_terminal(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto [code, length] = character_at(text, at);
        if (length == 0 || is_obeyed(code))
            out += fmt::format("\\u{{{:X}}}", static_cast<std::uint32_t>(code));
        else
            out += text.substr(at, length);
        at += length == 0 ? 1 : length;
    }
    return out;
}

std::size_t shown_width(std::string_view text) {
    std::size_t out = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto [code, length] = character_at(text, at);
        out += length == 0 ? 1 : width_of(code);
        at += length == 0 ? 1 : length;
    }
    return out;
}

std::string padded(std::string_view text, std::size_t width) {
    const auto own = shown_width(text);
    return std::string(text) + std::string(own < width ? width - own : 0, ' ');
}

std::string padded_left(std::string_view text, std::size_t width) {
    const auto own = shown_width(text);
    return std::string(own < width ? width - own : 0, ' ') + std::string(text);
}

std::string shortened_inside(std::string_view text, std::size_t width) {
    if (shown_width(text) <= width) return std::string(text);
    const auto front = (width - 1) / 2, behind = width - 1 - front;
    auto begin = text.size();  // of what stays behind
    std::size_t own = 0;
    while (begin > 0) {
        auto at = begin - 1;
        while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
        const auto next = shown_width(text.substr(at, begin - at));
        if (own + next > behind) break;
        own += next;
        begin = at;
    }
    return shortened(text.substr(0, begin), front + 1) + std::string(text.substr(begin));
}

std::string shortened(std::string_view text, std::size_t width) {
    if (shown_width(text) <= width) return std::string(text);
    std::string out;
    std::size_t own = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto [code, length] = character_at(text, at);
        const auto next = length == 0 ? 1 : width_of(code);
        if (own + next + 1 > width) break;
        own += next;
        out += text.substr(at, length == 0 ? 1 : length);
        at += length == 0 ? 1 : length;
    }
    return out + "…";
}

}  // namespace zoneval
