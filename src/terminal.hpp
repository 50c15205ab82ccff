// Texts side by side on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace zoneval::command {

/// Places on a terminal: a Chinese character takes two.
inline std::size_t shown_width(std::string_view text) {
    std::size_t out = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0) != 0x80) out += byte >= 0xE2 ? 2 : 1;
    }
    return out;
}

inline std::string padded(const std::string& text, std::size_t width) {
    const auto shown = shown_width(text);
    return shown < width ? text + std::string(width - shown, ' ') : text;
}

}  // namespace zoneval::command
