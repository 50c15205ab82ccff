#include "engine/feel/case_mapping.hpp"

#include <array>
#include <cstdint>

#include "engine/feel/names.hpp"

namespace zoneval::feel {

namespace {

/// Capitals first..last; the small letter is `to_small` further on. In alternating ranges every second code point
/// is a capital and the small letter follows it.
struct CaseRange {
    char32_t first, last;
    std::int32_t to_small;
    bool alternating = false;
};

// Latin, Greek, Cyrillic, Armenian, Latin Extended Additional and fullwidth letters.
constexpr std::array<CaseRange, 26> ranges{{{'A', 'Z', 32},
                                            {0xC0, 0xD6, 32},
                                            {0xD8, 0xDE, 32},
                                            {0x100, 0x12E, 1, true},
                                            {0x132, 0x136, 1, true},
                                            {0x139, 0x147, 1, true},
                                            {0x14A, 0x176, 1, true},
                                            {0x178, 0x178, -121},
                                            {0x179, 0x17D, 1, true},
                                            {0x1CD, 0x1DB, 1, true},
                                            {0x1DE, 0x1EE, 1, true},
                                            {0x1F8, 0x21E, 1, true},
                                            {0x386, 0x386, 38},
                                            {0x388, 0x38A, 37},
                                            {0x38C, 0x38C, 64},
                                            {0x38E, 0x38F, 63},
                                            {0x391, 0x3A1, 32},
                                            {0x3A3, 0x3AB, 32},
                                            {0x400, 0x40F, 80},
                                            {0x410, 0x42F, 32},
                                            {0x460, 0x480, 1, true},
                                            {0x48A, 0x4BE, 1, true},
                                            {0x4D0, 0x52E, 1, true},
                                            {0x531, 0x556, 48},
                                            {0x1E00, 0x1E94, 1, true},
                                            {0xFF21, 0xFF3A, 32}}};

char32_t shifted(char32_t c, std::int32_t by) { return static_cast<char32_t>(static_cast<std::int64_t>(c) + by); }

char32_t small(char32_t c) {
    if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
    for (const auto& r : ranges)
        if (c >= r.first && c <= r.last && (!r.alternating || (c - r.first) % 2 == 0)) return shifted(c, r.to_small);
    return c;
}

char32_t capital(char32_t c) {
    if (c < 0x80) return c >= 'a' && c <= 'z' ? c - 32 : c;
    for (const auto& r : ranges) {
        const auto upper = shifted(c, -r.to_small);
        if (upper >= r.first && upper <= r.last && (!r.alternating || (upper - r.first) % 2 == 0)) return upper;
    }
    if (c == 0x3C2) return 0x3A3;    // final sigma
    return c == 0xB5 ? 0x39C : c;    // micro sign
}

}  // namespace

std::string to_upper(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto c = code_point(text);
        if (c.value == 0xDF) out += "SS";
        else append_utf8(out, capital(c.value));
        text.remove_prefix(c.length);
    }
    return out;
}

std::string to_lower(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto c = code_point(text);
        append_utf8(out, small(c.value));
        text.remove_prefix(c.length);
    }
    return out;
}

}  // namespace zoneval::feel
