// Numbers on the way to an outcome, without decimal128: whole numbers under a power of ten as long as that is exact,
// else doubles that know how far off they may be. What they cannot tell they say they cannot.
#pragma once

#include <algorithm>
#include <cmath>
#include <compare>
#include <cstdint>
#include <optional>

#include "engine/exec/columns/bound.hpp"
#include "engine/feel/value/decimal.hpp"
#include "engine/table/scaled.hpp"

namespace zoneval::exec {

class Approximate {
  public:
    constexpr Approximate() = default;  ///< 0
    /// coefficient / 10^scale, scale in 0..18.
    static Approximate whole(std::int64_t coefficient, int scale = 0) {
        const auto k = static_cast<double>(coefficient);
        return fits(k) && scale >= 0 && scale <= most_decimals ? exactly(k, scale) : large(coefficient, scale);
    }
    static Approximate near(double value, double error) {
        constexpr double reach = 1e200;
        if (!(std::abs(value) < reach) || (value != 0 && std::abs(value) < 1 / reach)) return beyond();
        Approximate out;
        out.number_ = value;
        out.error_ = error;
        out.scale_ = not_exact;
        return out;
    }
    static Approximate of(const feel::Decimal& number);
    /// A number that is out of reach; so is what comes of it.
    static constexpr Approximate beyond() {
        Approximate out;
        out.scale_ = out_of_reach;
        return out;
    }
    static constexpr Approximate truth(bool is) {
        Approximate out;
        out.number_ = is ? 1 : 0;
        return out;
    }

    bool exact() const { return scale_ >= 0; }
    bool in_reach() const { return scale_ != out_of_reach; }
    bool is_zero() const { return exact() && number_ == 0; }
    double value() const { return scale_ <= 0 ? number_ : number_ / power(scale_); }
    double error() const {
        return scale_ < 0 ? error_ : scale_ == 0 ? 0 : unit_roundoff * std::abs(value());
    }  ///< at most
    /// Only of exact ones.
    std::int64_t coefficient() const { return static_cast<std::int64_t>(number_); }
    int scale() const { return scale_; }
    feel::Decimal decimal() const { return feel::Decimal::scaled(coefficient(), -scale_); }

    friend Approximate operator+(const Approximate& a, const Approximate& b) {
        if (a.exact() && b.exact()) {
            const auto scale = std::max(a.scale_, b.scale_);
            const auto x = a.under(scale), y = b.under(scale);
            if (fits(x) && fits(y) && fits(x + y)) return exactly(x + y, scale);
        }
        return near_sum(a, b);
    }
    friend Approximate operator*(const Approximate& a, const Approximate& b) {
        if (a.exact() && b.exact()) {
            const auto product = a.number_ * b.number_;
            if (product == 0) return exactly(0, 0);
            if (fits(product) && a.scale_ + b.scale_ <= most_decimals) return exactly(product, a.scale_ + b.scale_);
        }
        return near_product(a, b);
    }
    /// Out of reach where the divisor may be 0.
    friend Approximate operator/(const Approximate& a, const Approximate& b);
    Approximate operator-() const {
        auto out = *this;
        out.number_ = 0 - out.number_;
        return out;
    }
    friend Approximate operator-(const Approximate& a, const Approximate& b) { return a + -b; }
    Approximate rounded(int decimals, feel::Rounding mode) const;

    /// The least or the greatest of two; where they are too close to tell, what covers both.
    static Approximate extreme(const Approximate& a, const Approximate& b, bool greatest);
    /// nullopt: too close to tell, or out of reach.
    friend std::optional<std::strong_ordering> compare(const Approximate& a, const Approximate& b) {
        if (a.scale_ == b.scale_ && a.exact()) return in_order(a.number_, b.number_);
        return compare_unlike(a, b);
    }

  private:
    static constexpr int not_exact = -1, out_of_reach = -2;
    static bool fits(double k) { return std::abs(k) < exact_limit; }
    static double power(int scale) { return static_cast<double>(powers_of_ten[static_cast<std::size_t>(scale)]); }
    static Approximate exactly(double k, int scale) {
        Approximate out;
        out.number_ = k;
        out.scale_ = scale;
        return out;
    }
    static std::strong_ordering in_order(double x, double y) {
        return x < y ? std::strong_ordering::less : x > y ? std::strong_ordering::greater : std::strong_ordering::equal;
    }
    /// Of an exact one: what it is under a larger scale; no whole number where that does not fit.
    double under(int scale) const { return scale == scale_ ? number_ : number_ * power(scale - scale_); }
    static Approximate large(std::int64_t coefficient, int scale);
    static Approximate near_sum(const Approximate& a, const Approximate& b);
    static Approximate near_product(const Approximate& a, const Approximate& b);
    static Approximate rounded_off(double value, double error);
    static std::optional<std::strong_ordering> compare_unlike(const Approximate& a, const Approximate& b);

    double number_ = 0;  ///< a whole number below 2^53 where it is exact, else the value
    double error_ = 0;   ///< unless exact
    std::int32_t scale_ = 0;
};

}  // namespace zoneval::exec
