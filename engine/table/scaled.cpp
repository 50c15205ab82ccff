#include "engine/table/scaled.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace zoneval {

namespace {

constexpr auto powers_of_ten = [] {
    std::array<std::int64_t, most_decimals + 1> out{};
    out[0] = 1;
    for (std::size_t i = 1; i < out.size(); ++i) out[i] = out[i - 1] * 10;
    return out;
}();

}  // namespace

std::optional<Scaled> parse_scaled(std::string_view text) {
    std::size_t i = 0;
    const bool negative = !text.empty() && text[0] == '-';
    if (negative || (!text.empty() && text[0] == '+')) ++i;
    const std::size_t digits_begin = i;
    std::int64_t coefficient = 0;
    std::size_t point = text.size();
    if (text.size() - i > most_decimals + 1) return std::nullopt;   // 18 digits and a point
    for (; i < text.size(); ++i) {
        const char c = text[i];
        if (c >= '0' && c <= '9') {
            coefficient = coefficient * 10 + (c - '0');
        } else if (c == '.' && point == text.size()) {
            point = i;
        } else {
            return std::nullopt;
        }
    }
    const bool has_point = point < text.size();
    const std::size_t digits = text.size() - digits_begin - (has_point ? 1 : 0);
    const std::size_t decimals = has_point ? text.size() - point - 1 : 0;
    // FEEL reads `.5` but neither `5.` nor a bare point.
    if (digits == 0 || digits > most_decimals || (has_point && decimals == 0)) return std::nullopt;
    return Scaled{negative ? -coefficient : coefficient, static_cast<int>(decimals)};
}

std::optional<Scaled> scaled(feel::Decimal number) {
    // BID128 (see Decimal::bits): sign, 14 bits of exponent biased by 6176, 113 bits of coefficient.
    constexpr std::uint64_t coefficient_high = (std::uint64_t{1} << 49) - 1;
    const auto bits = number.bits();
    if (!number.is_finite() || (bits.high & coefficient_high) != 0 ||
        bits.low > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return std::nullopt;
    const bool negative = (bits.high >> 63) != 0;
    const int exponent = static_cast<int>((bits.high >> 49) & 0x3FFF) - 6176;
    auto coefficient = static_cast<std::int64_t>(bits.low);
    if (negative) coefficient = -coefficient;
    if (coefficient == 0) return Scaled{0, 0};
    if (exponent > most_decimals || exponent < -most_decimals) return std::nullopt;
    if (exponent <= 0) return Scaled{coefficient, -exponent};
    const auto whole = coefficient_with({coefficient, 0}, exponent);
    return whole ? std::optional(Scaled{*whole, 0}) : std::nullopt;
}

feel::Decimal decimal(Scaled number) { return feel::Decimal::scaled(number.coefficient, -number.decimals); }

std::optional<std::int64_t> coefficient_with(Scaled number, int decimals) {
    std::int64_t out = 0;
    const auto factor = powers_of_ten[static_cast<std::size_t>(decimals - number.decimals)];
    if (__builtin_mul_overflow(number.coefficient, factor, &out)) return std::nullopt;
    return out;
}

std::strong_ordering compare(Scaled a, Scaled b) {
    const int decimals = std::max(a.decimals, b.decimals);
    const auto left = coefficient_with(a, decimals), right = coefficient_with(b, decimals);
    if (left && right) return *left <=> *right;
    return decimal(a) <=> decimal(b);
}

}  // namespace zoneval
