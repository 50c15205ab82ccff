// The numbers of a column, eight bytes each while they fit.
#pragma once

#include <algorithm>
#include <limits>
#include <span>
#include <vector>

#include "engine/table/scaled.hpp"

namespace zoneval {

/// Exact decimals. As long as all fit, they are kept as int64 coefficients under one number of decimals (half the
/// memory of decimal128, and what vector kernels read); the first that does not fit turns the column to Decimals.
class Numbers {
  public:
    std::size_t size() const { return compact_ ? coefficients_.size() : decimals128_.size(); }
    feel::Decimal at(std::size_t row) const;
    void reserve(std::size_t rows);
    void append(Scaled number) {
        if (compact_ && number.decimals == decimals_) push(number.coefficient);
        else append_other(number);
    }
    void append(feel::Decimal number);
    /// All of them, as if one by one.
    void append(const Numbers& others);
    void append(int decimals, std::span<const std::int64_t> coefficients);
    void set(std::size_t row, feel::Decimal number);
    void set(std::size_t row, Scaled number);

    bool compact() const { return compact_; }
    int decimals() const { return decimals_; }                                ///< when compact
    const std::vector<std::int64_t>& coefficients() const { return coefficients_; }   ///< when compact
    /// No coefficient is outside (one may have been overwritten since); low > high: there are none.
    std::int64_t low() const { return bounds_.low; }
    std::int64_t high() const { return bounds_.high; }
    /// No coefficient but 0 is smaller in magnitude.
    std::int64_t least() const { return bounds_.least; }

  private:
    struct Bounds {
        std::int64_t low = std::numeric_limits<std::int64_t>::max(), high = std::numeric_limits<std::int64_t>::min();
        std::int64_t least = std::numeric_limits<std::int64_t>::max();

        void note(std::int64_t coefficient) {
            low = std::min(low, coefficient);
            high = std::max(high, coefficient);
            const auto magnitude = coefficient < 0 ? -coefficient : coefficient;
            if (magnitude != 0) least = std::min(least, magnitude);
        }
        void note(const Bounds& others) {
            low = std::min(low, others.low);
            high = std::max(high, others.high);
            least = std::min(least, others.least);
        }
    };
    void append(int decimals, std::span<const std::int64_t> coefficients, const Bounds* bounds);
    void push(std::int64_t coefficient) {
        note(coefficient);
        coefficients_.push_back(coefficient);
    }
    void note(std::int64_t coefficient) { bounds_.note(coefficient); }
    void append_other(Scaled number);          ///< of other decimals, or to a column that is not compact
    /// The coefficient under the column's decimals, which grow if need be; nullopt when something does not fit.
    std::optional<std::int64_t> fit(Scaled number);
    bool grow(int decimals);
    void expand();

    bool compact_ = true;
    int decimals_ = 0;
    std::vector<std::int64_t> coefficients_;
    Bounds bounds_;
    std::vector<feel::Decimal> decimals128_;
};

}  // namespace zoneval
