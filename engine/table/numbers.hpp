// The numbers of a column, four bytes each while they fit.
#pragma once

#include <algorithm>
#include <limits>
#include <span>
#include <vector>

#include "engine/table/scaled.hpp"

namespace zoneval {

/// Whole numbers: of 32 bits until one does not fit, then of 64.
class Coefficients {
  public:
    std::size_t size() const { return is_narrow_ ? narrow_.size() : wide_.size(); }
    std::int64_t operator[](std::size_t i) const { return is_narrow_ ? narrow_[i] : wide_[i]; }
    void reserve(std::size_t n) {
        if (is_narrow_)
            narrow_.reserve(n);
        else
            wide_.reserve(n);
    }
    void push_back(std::int64_t k) {
        if (is_narrow_ && !fits(k)) widen();
        if (is_narrow_)
            narrow_.push_back(static_cast<std::int32_t>(k));
        else
            wide_.push_back(k);
    }
    /// All of them lie between low and high.
    void append(std::span<const std::int64_t> others, std::int64_t low, std::int64_t high);
    void append(const Coefficients& others);
    void set(std::size_t i, std::int64_t k) {
        if (is_narrow_ && !fits(k)) widen();
        if (is_narrow_)
            narrow_[i] = static_cast<std::int32_t>(k);
        else
            wide_[i] = k;
    }

    bool is_narrow() const { return is_narrow_; }
    /// f(the numbers as a span of std::int32_t or of std::int64_t).
    template <class F>
    auto visit(F f) const {
        return is_narrow_ ? f(std::span(narrow_)) : f(std::span(wide_));
    }

  private:
    static bool fits(std::int64_t k) {
        return k >= std::numeric_limits<std::int32_t>::min() && k <= std::numeric_limits<std::int32_t>::max();
    }
    void widen();

    bool is_narrow_ = true;
    std::vector<std::int32_t> narrow_;
    std::vector<std::int64_t> wide_;
};

/// Exact decimals. As long as all fit, they are kept as whole coefficients under one number of decimals (a quarter or
/// half of the memory of decimal128, and what vector kernels read); the first that does not fit turns the column to
/// Decimals.
class Numbers {
  public:
    std::size_t size() const { return compact_ ? coefficients_.size() : decimals128_.size(); }
    feel::Decimal at(std::size_t row) const;
    void reserve(std::size_t rows);
    void append(Scaled number) {
        if (compact_ && number.decimals == decimals_)
            push(number.coefficient);
        else
            append_other(number);
    }
    void append(feel::Decimal number);
    /// All of them, as if one by one.
    void append(const Numbers& others);
    void append(int decimals, std::span<const std::int64_t> coefficients);
    void set(std::size_t row, feel::Decimal number);
    void set(std::size_t row, Scaled number);

    bool compact() const { return compact_; }
    int decimals() const { return decimals_; }                          ///< when compact
    const Coefficients& coefficients() const { return coefficients_; }  ///< when compact
    /// No coefficient is outside (one may have been overwritten since); low > high: there are none.
    std::int64_t low() const { return bounds_.low; }
    std::int64_t high() const { return bounds_.high; }
    /// No coefficient but 0 is smaller in magnitude.
    std::int64_t least() const { return bounds_.least; }
    /// How many zeros were entered (some may have been overwritten since).
    std::size_t zeros() const { return bounds_.zeros; }

  private:
    struct Bounds {
        std::int64_t low = std::numeric_limits<std::int64_t>::max(), high = std::numeric_limits<std::int64_t>::min();
        std::int64_t least = std::numeric_limits<std::int64_t>::max();
        std::size_t zeros = 0;

        void note(std::int64_t coefficient) {
            low = std::min(low, coefficient);
            high = std::max(high, coefficient);
            const auto magnitude = coefficient < 0 ? -coefficient : coefficient;
            if (magnitude != 0) least = std::min(least, magnitude);
            zeros += coefficient == 0;
        }
        void note(const Bounds& others) {
            low = std::min(low, others.low);
            high = std::max(high, others.high);
            least = std::min(least, others.least);
            zeros += others.zeros;
        }
    };
    void push(std::int64_t coefficient) {
        note(coefficient);
        coefficients_.push_back(coefficient);
    }
    void note(std::int64_t coefficient) { bounds_.note(coefficient); }
    void append_other(Scaled number);  ///< of other decimals, or to a column that is not compact
    /// The coefficient under the column's decimals, which grow if need be; nullopt when something does not fit.
    std::optional<std::int64_t> fit(Scaled number);
    bool grow(int decimals);
    void expand();

    bool compact_ = true;
    int decimals_ = 0;
    Coefficients coefficients_;
    Bounds bounds_;
    std::vector<feel::Decimal> decimals128_;
};

}  // namespace zoneval
