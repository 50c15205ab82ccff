// How many numbers of a group lie below one of them, counted in a table: of whole numbers of which there could be only
// so many different ones, as of points with two decimals.
#pragma once

#include <algorithm>
#include <stdexcept>

#include "engine/exec/columns/grouping.hpp"

namespace zoneval::exec {

class CountedNumbers {
  public:
    /// As many counters as numbers, or a few times as many: a much larger table is slower than sorting.
    static bool suit(const NodeColumn& values, const Grouping& grouping) {
        constexpr double most_counters = 4;
        const auto width = values.bound.high - values.bound.low + 1;
        return values.bound.exact() && width * static_cast<double>(grouping.groups) <
                                           most_counters * static_cast<double>(values.numbers.size()) + 1024;
    }
    /// Precondition: they suit. Records without a value or a group are left out.
    CountedNumbers(const NodeColumn& values, const Grouping& grouping)
        : low_(values.bound.low),
          span_(static_cast<std::size_t>(values.bound.high - low_) + 1),
          below_(grouping.groups * (span_ + 1)) {
        for (std::size_t i = 0; i < values.numbers.size(); ++i) {
            const auto g = grouping.of(i);
            if (g == Grouping::none || !has_value(values, i)) continue;
            const auto number = values.numbers[i];
            if (!(low_ <= number && number < beyond()))
                throw std::logic_error("a column holds numbers beyond its bound");
            ++below_[place(g, number) + 1];
        }
        for (std::size_t g = 0; g < grouping.groups; ++g) {
            auto* of_group = below_.data() + place(g, low_);
            for (std::size_t k = 0; k < span_; ++k) of_group[k + 1] += of_group[k];
        }
    }

    std::uint32_t size(std::size_t group) const { return below_[place(group, low_) + span_]; }
    /// Of a number from the least there could be to one above the greatest.
    std::uint32_t below(std::size_t group, double number) const { return below_[place(group, number)]; }
    std::uint32_t not_above(std::size_t group, double number) const { return below_[place(group, number) + 1]; }
    double low() const { return low_; }
    double beyond() const { return low_ + static_cast<double>(span_); }  ///< one above the greatest
    /// The number that `place` others of its group come before.
    double ascending(std::size_t group, std::size_t place) const {
        const auto* of_group = below_.data() + this->place(group, low_);
        const auto* after = std::upper_bound(of_group, of_group + span_ + 1, static_cast<std::uint32_t>(place));
        return low_ + static_cast<double>(after - of_group) - 1;
    }

  private:
    std::size_t place(std::size_t group, double number) const {
        return group * (span_ + 1) + static_cast<std::size_t>(number - low_);
    }

    double low_;
    std::size_t span_;                  ///< how many different ones there could be
    std::vector<std::uint32_t> below_;  ///< by group and number, span_ + 1 for each group
};

}  // namespace zoneval::exec
