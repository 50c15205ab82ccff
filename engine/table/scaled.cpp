#include "engine/table/scaled.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace zoneval {

std::optional<Scaled> parse_scaled(std::string_view text) {
    std::size_t i = 0;
    const bool negative = !text.empty() && text[0] == '-';
    if (negative || (!text.empty() && text[0] == '+')) ++i;
    const std::size_t digits_begin = i;
    std::int64_t coefficient = 0;
    std::size_t point = text.size();
    if (text.size() - i > most_decimals + 1) return std::nullopt;  // 18 digits and a point
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

void append_text(std::string& out, Scaled number) {
    auto [rest, decimals] = number;
    while (decimals > 0 && rest % 10 == 0) {
        rest /= 10;
        --decimals;
    }
    char digits[24];
    const auto size =
        static_cast<std::uint64_t>(rest < 0 ? -static_cast<std::uint64_t>(rest) : static_cast<std::uint64_t>(rest));
    const auto end = std::to_chars(digits, digits + sizeof digits, size).ptr;
    const auto count = static_cast<std::size_t>(end - digits);
    const auto after_point = static_cast<std::size_t>(decimals);
    if (rest < 0) out += '-';
    if (after_point == 0) {
        out.append(digits, count);
        return;
    }
    const auto before_point = count > after_point ? count - after_point : 0;
    if (before_point == 0) out += '0';
    out.append(digits, before_point);
    out += '.';
    if (count < after_point) out.append(after_point - count, '0');
    out.append(digits + before_point, count - before_point);
}

std::strong_ordering compare(Scaled a, Scaled b) {
    const int decimals = std::max(a.decimals, b.decimals);
    const auto left = coefficient_with(a, decimals), right = coefficient_with(b, decimals);
    if (left && right) return *left <=> *right;
    return decimal(a) <=> decimal(b);
}

}  // namespace zoneval
