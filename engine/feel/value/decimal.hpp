// FEEL's number: IEEE 754-2008 decimal128, 34 digits, round half even (DMN 1.5 10.3.2.3.1).
// A thin value over Intel's decimal library; no global state, safe with threads.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zoneval::feel {

enum class Rounding { half_even, half_up, half_down, up, down, floor, ceiling };

class Decimal {
  public:
    constexpr Decimal() = default;         ///< positive zero
    constexpr Decimal(std::int64_t value)  // NOLINT: numbers convert as numbers do
        : bits_{value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value),
                0x3040000000000000ull | (value < 0 ? 0x8000000000000000ull : 0)} {}

    /// FEEL numeric syntax with optional sign, fraction and exponent; nothing else around it.
    /// More than 34 digits round half even. nullopt when not a number or when it overflows.
    static std::optional<Decimal> parse(std::string_view text);
    /// coefficient * 10^exponent.
    static Decimal scaled(std::int64_t coefficient, int exponent);
    static Decimal from_double(
        double value);  ///< the shortest decimal that reads back as this double (at most 17 digits)

    /// Overflow and invalid operations give a non-finite value: test is_finite() after arithmetic.
    bool is_finite() const { return (bits_.high & 0x6000000000000000ull) != 0x6000000000000000ull; }
    bool is_zero() const;
    bool is_negative() const;  ///< false for -0
    bool is_integer() const;

    friend Decimal operator+(Decimal a, Decimal b);
    friend Decimal operator-(Decimal a, Decimal b);
    friend Decimal operator*(Decimal a, Decimal b);
    friend Decimal operator/(Decimal a, Decimal b);
    Decimal operator-() const;
    Decimal abs() const;
    friend bool operator==(Decimal a, Decimal b);  ///< numerically: 1.0 == 1.00
    friend std::strong_ordering operator<=>(Decimal a, Decimal b);

    Decimal rounded(int decimals, Rounding mode) const;  ///< decimals may be negative
    Decimal floor() const { return rounded(0, Rounding::floor); }
    Decimal ceiling() const { return rounded(0, Rounding::ceiling); }
    Decimal next_above() const;  ///< nothing lies between
    Decimal next_below() const;
    Decimal pow(Decimal exponent) const;
    Decimal sqrt() const;
    Decimal exp() const;
    Decimal log() const;

    std::optional<std::int64_t> to_int64() const;  ///< only when integral and in range
    double to_double() const;                      ///< correctly rounded
    /// Canonical FEEL text: no exponent unless the number is very large or small, no trailing zeros.
    std::string to_string() const;
    /// Text with exactly `decimals` places (rounds half even).
    std::string to_fixed(int decimals) const;

    /// Raw bits, for hashing and storage: equal numbers may differ here (1.0 and 1.00).
    struct Bits {
        std::uint64_t low = 0, high = 0;
    };
    Bits bits() const { return bits_; }
    static Decimal from_bits(Bits bits) {
        Decimal d;
        d.bits_ = bits;
        return d;
    }

  private:
    Bits bits_{0, 0x3040000000000000ull};  // BID128 encoding of +0
};

}  // namespace zoneval::feel
