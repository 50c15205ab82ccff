// How many numbers of a group lie below or above one that may be none of them: for ranks that a record could have.
#pragma once

#include <mutex>

#include "engine/exec/columns/counted_numbers.hpp"

namespace zoneval::exec {

/// The numbers of a column by group, in order. Any thread may ask.
class GroupedNumbers {
  public:
    /// All must outlive it. `exact` is asked where doubles cannot tell two apart, by one thread at a time.
    GroupedNumbers(const NodeColumn& values, const Grouping& grouping, ExactValue exact);

    std::size_t size(std::size_t group) const { return groups_[group].size; }
    std::int64_t below(std::size_t group, const feel::Decimal& value) const;
    std::int64_t above(std::size_t group, const feel::Decimal& value) const;
    feel::Decimal ascending(std::size_t group, std::size_t place) const;
    feel::Decimal total(std::size_t group) const;

    /// Of whole numbers: they stand under this scale, and are counted without decimals.
    bool whole() const { return values_.bound.exact(); }
    int scale() const { return values_.bound.scale; }
    /// How many are below `first_not_below`, a whole number or infinite. Only of whole numbers.
    std::int64_t below_whole(std::size_t group, double first_not_below) const;

  private:
    struct Group {
        std::size_t start = 0, size = 0;
        double least = 0, greatest = 0;
    };
    void find_extremes();
    /// The order, made when somebody asks for what the extremes do not tell.
    void arrange() const {
        std::call_once(arranged_, [this] {
            if (CountedNumbers::suit(values_, grouping_))
                counted_.emplace(values_, grouping_);
            else
                sort();
        });
    }
    void sort() const;
    std::int64_t below_decimal(std::size_t group, const feel::Decimal& value, bool or_equal) const;
    feel::Decimal decimal_at(std::size_t i) const;

    const NodeColumn& values_;
    const Grouping& grouping_;
    ExactValue exact_;
    std::vector<Group> groups_;
    mutable std::once_flag arranged_;
    mutable std::optional<CountedNumbers> counted_;
    mutable Bulk<double> sorted_;
    mutable Bulk<std::uint32_t> records_;  ///< of inexact numbers
    mutable std::mutex asking_;
};

}  // namespace zoneval::exec
