#include "engine/report/base64.hpp"

#include <cstdint>

namespace zoneval::report {

std::string base64_of_hex(std::string_view hex) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    std::uint32_t bits = 0;
    int have = 0;
    for (const char c : hex) {
        bits = bits << 4 | static_cast<std::uint32_t>(c <= '9' ? c - '0' : c - 'a' + 10);
        have += 4;
        for (; have >= 6; have -= 6) out += digits[bits >> (have - 6) & 63u];
    }
    if (have > 0) out += digits[bits << (6 - have) & 63u];
    while (out.size() % 4 != 0) out += '=';
    return out;
}

}  // namespace zoneval::report
