// A decimal number in one machine word and a power of ten: what nearly every cell of a data file is.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/feel/decimal.hpp"

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
/// The coefficient the number has with more decimals; nullopt when that does not fit. decimals >= number.decimals.
std::optional<std::int64_t> coefficient_with(Scaled number, int decimals);
/// Numerically; falls back to Decimal when a common scale does not fit.
std::strong_ordering compare(Scaled a, Scaled b);

}  // namespace zoneval
