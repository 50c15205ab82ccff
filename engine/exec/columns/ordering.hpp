// The records of each group in the order of a column of numbers, with equal ones together.
#pragma once

#include <cmath>

#include "engine/exec/columns/grouping.hpp"

namespace zoneval::exec {

class Ordering {
  public:
    /// Leaves out records without a value or a group. All must outlive it; `space` is its while it lives.
    Ordering(const NodeColumn& values, const Grouping& grouping, const ExactValue& exact, SortSpace& space);

    std::size_t size(std::size_t group) const { return starts_[group + 1] - starts_[group]; }
    /// The i-th record of a group, ascending.
    std::uint32_t record(std::size_t group, std::size_t i) const { return record_of(words_[starts_[group] + i]); }

    /// Calls f(first, last) for each run of equal values of a group, ascending.
    template <class F>
    void each_tie(std::size_t group, F f) {
        const auto begin = starts_[group], end = starts_[group + 1];
        for (auto first = begin; first < end;) {
            auto last = first + 1;
            while (last < end && !apart(last - 1, last)) ++last;
            if (exact_ || last == first + 1)
                f(first - begin, last - begin);
            else
                settle(first, last, [&](auto i, auto j) { f(i - begin, j - begin); });
            first = last;
        }
    }

  private:
    std::uint32_t record_of(std::uint64_t word) const { return static_cast<std::uint32_t>(word & record_mask_); }
    double number(std::uint64_t word) const { return values_.numbers[record_of(word)]; }
    std::uint64_t key(std::size_t i) const { return words_[i] >> record_bits_; }
    /// Neighbours that are certainly different; of exact columns, that are different.
    bool apart(std::size_t i, std::size_t j) const {
        const auto distance = key(j) - key(i);
        if (far_keys_ > 0 && distance >= far_keys_) return true;
        if (exact_) return distance != 0 || (dropped_bits_ > 0 && number(words_[i]) != number(words_[j]));
        const auto a = number(words_[i]), b = number(words_[j]);
        const auto& bound = values_.bound;
        return b - a > 2 * bound.absolute + bound.relative * (std::abs(a) + std::abs(b));
    }
    void choose_keys();
    template <class Key>
    void fill(const Grouping& grouping, Key key);
    void order_within_keys(std::size_t begin, std::size_t end);
    /// Decimals decide between values whose doubles are too close.
    void settle(std::size_t first, std::size_t last, const std::function<void(std::size_t, std::size_t)>& each);

    const NodeColumn& values_;
    const ExactValue& ask_;
    SortSpace& space_;
    const bool exact_;
    double low_ = 0;  ///< no value is less
    unsigned record_bits_ = 0, key_bits_ = 0, dropped_bits_ = 0;
    double step_ = 0;             ///< of inexact columns: keys are whole multiples of 1 / step
    std::uint64_t far_keys_ = 0;  ///< keys this far apart need no look at the numbers; 0: all need it
    std::uint64_t record_mask_ = 0;
    std::vector<std::size_t> starts_;  ///< of each group in words_
    std::uint64_t* words_ = nullptr;   ///< the key in the upper bits, the record in the lower
};

}  // namespace zoneval::exec
