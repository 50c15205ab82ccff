// A decimal number in one machine word and a power of ten: what nearly every cell of a data file is.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/feel/value/decimal.hpp"

namespace zoneval {

/// coefficient / 10^decimals, decimals in 0..18. Exact; equal numbers may have different parts (1.5 and 1.50).
struct Scaled {
    std::int64_t coefficient = 0;
    int decimals = 0;
};

inline constexpr int most_decimals = 18;

/// Reads sign, digits and fraction when there are at most 18 digits in all; nullopt for anything else, which may
/// still be a number (`1e5`): ask Decimal::parse then.
std::optional<Scaled> parse_scaled(std::string_view text);
/// nullopt when the number does not fit.
std::optional<Scaled> scaled(feel::Decimal number);
feel::Decimal decimal(Scaled number);
/// Appends the text Decimal::to_string gives.
void append_text(std::string& out, Scaled number);
/// The coefficient the number has with more decimals; nullopt when that does not fit. decimals >= number.decimals.
inline std::optional<std::int64_t> coefficient_with(Scaled number, int decimals);
/// Numerically; falls back to Decimal when a common scale does not fit.
std::strong_ordering compare(Scaled a, Scaled b);

inline constexpr auto powers_of_ten = [] {
    std::array<std::int64_t, most_decimals + 1> out{};
    out[0] = 1;
    for (std::size_t i = 1; i < out.size(); ++i) out[i] = out[i - 1] * 10;
    return out;
}();

std::optional<std::int64_t> coefficient_with(Scaled number, int decimals) {
    std::int64_t out = 0;
    if (__builtin_mul_overflow(number.coefficient, powers_of_ten[static_cast<std::size_t>(decimals - number.decimals)],
                               &out))
        return std::nullopt;
    return out;
}

}  // namespace zoneval
