// Numbers on the way to an outcome, without decimal128: whole numbers under a power of ten as long as that is exact,
// else doubles that know how far off they may be. What they cannot tell they say they cannot.
#pragma once

#include <cmath>
#include <compare>
#include <cstdint>
#include <optional>

#include "engine/feel/value/decimal.hpp"

namespace zoneval::exec {

class Approximate {
  public:
    constexpr Approximate() = default;  ///< 0
    /// coefficient / 10^scale, scale in 0..18.
    static Approximate whole(std::int64_t coefficient, int scale = 0);
    static Approximate near(double value, double error);
    static Approximate of(const feel::Decimal& number);
    /// A number that is out of reach; so is what comes of it.
    static Approximate beyond() {
        Approximate out;
        out.scale_ = out_of_reach;
        return out;
    }

    bool exact() const { return scale_ >= 0; }
    bool in_reach() const { return scale_ != out_of_reach; }
    bool is_zero() const { return exact() && coefficient_ == 0; }
    double value() const;
    double error() const;  ///< at most
    /// Only of exact ones.
    std::int64_t coefficient() const { return coefficient_; }
    int scale() const { return scale_; }
    feel::Decimal decimal() const { return feel::Decimal::scaled(coefficient_, -scale_); }

    friend Approximate operator+(const Approximate& a, const Approximate& b);
    friend Approximate operator*(const Approximate& a, const Approximate& b);
    /// Out of reach where the divisor may be 0.
    friend Approximate operator/(const Approximate& a, const Approximate& b);
    Approximate operator-() const;
    friend Approximate operator-(const Approximate& a, const Approximate& b) { return a + -b; }
    Approximate rounded(int decimals, feel::Rounding mode) const;

  private:
    static constexpr int not_exact = -1, out_of_reach = -2;
    static Approximate rounded_off(double value, double error);

    double value_ = 0, error_ = 0;  ///< unless exact
    std::int64_t coefficient_ = 0;  ///< below 2^53
    int scale_ = 0;
};

/// nullopt: too close to tell, or out of reach.
std::optional<std::strong_ordering> compare(const Approximate& a, const Approximate& b);
}  // namespace zoneval::exec
