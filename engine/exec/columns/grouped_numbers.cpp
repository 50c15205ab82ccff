#include "engine/exec/columns/grouped_numbers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/exec/columns/ordering.hpp"

namespace zoneval::exec {

using feel::Decimal;

GroupedNumbers::GroupedNumbers(const NodeColumn& values, const Grouping& grouping, ExactValue exact)
    : values_(values), grouping_(grouping), exact_(std::move(exact)) {
    find_extremes();
}

void GroupedNumbers::find_extremes() {
    constexpr auto far = std::numeric_limits<double>::infinity();
    groups_.assign(grouping_.groups, {0, 0, far, -far});
    for (std::size_t i = 0; i < values_.numbers.size(); ++i) {
        const auto g = grouping_.of(i);
        if (g == Grouping::none || !has_value(values_, i)) continue;
        auto& group = groups_[g];
        ++group.size;
        group.least = std::min(group.least, values_.numbers[i]);
        group.greatest = std::max(group.greatest, values_.numbers[i]);
    }
    std::size_t start = 0;
    for (auto& group : groups_) {
        group.start = start;
        start += group.size;
    }
}

void GroupedNumbers::sort() const {
    SortSpace space;
    const Ordering order(values_, grouping_, exact_, space);
    const auto all = groups_.empty() ? 0 : groups_.back().start + groups_.back().size;
    sorted_.resize(all);
    if (!whole()) records_.resize(all);
    for (std::size_t g = 0; g < groups_.size(); ++g)
        for (std::size_t i = 0; i < groups_[g].size; ++i) {
            const auto record = order.record(g, i);
            sorted_[groups_[g].start + i] = values_.numbers[record];
            if (!whole()) records_[groups_[g].start + i] = record;
        }
}

std::int64_t GroupedNumbers::below_whole(std::size_t group, double first_not_below) const {
    const auto& of = groups_[group];
    if (of.size == 0 || first_not_below <= of.least) return 0;
    if (first_not_below > of.greatest) return static_cast<std::int64_t>(of.size);
    arrange();
    if (counted_) return counted_->below(group, std::clamp(first_not_below, counted_->low(), counted_->beyond()));
    const auto* begin = sorted_.data() + of.start;
    return std::lower_bound(begin, begin + of.size, first_not_below) - begin;
}

std::int64_t GroupedNumbers::below(std::size_t group, const Decimal& value) const {
    return below_decimal(group, value, false);
}

std::int64_t GroupedNumbers::above(std::size_t group, const Decimal& value) const {
    return static_cast<std::int64_t>(size(group)) - below_decimal(group, value, true);
}

std::int64_t GroupedNumbers::below_decimal(std::size_t group, const Decimal& value, bool or_equal) const {
    const auto scaled = value * Decimal::scaled(1, scale());
    if (whole()) {
        const auto first = or_equal ? scaled.floor().to_double() + 1 : scaled.ceiling().to_double();
        return below_whole(group, first);
    }
    const auto& bound = values_.bound;
    const auto k = scaled.to_double();
    const auto margin = 2 * bound.absolute + (2 * bound.relative + unit_roundoff) * std::abs(k) * 2;
    arrange();
    const auto* begin = sorted_.data() + groups_[group].start;
    const auto* end = begin + groups_[group].size;
    const auto* first = std::lower_bound(begin, end, k - margin);
    const auto* last = std::upper_bound(first, end, k + margin);
    auto out = first - begin;
    for (const auto* near = first; near != last; ++near) {
        const auto exact = decimal_at(static_cast<std::size_t>(near - sorted_.data()));
        if (exact < value || (or_equal && exact == value)) ++out;
    }
    return out;
}

Decimal GroupedNumbers::decimal_at(std::size_t i) const {
    if (whole()) return Decimal::scaled(static_cast<std::int64_t>(sorted_[i]), -scale());
    const std::scoped_lock lock(asking_);
    return exact_(records_[i]);
}

Decimal GroupedNumbers::ascending(std::size_t group, std::size_t place) const {
    arrange();
    const auto start = groups_[group].start, end = start + groups_[group].size;
    if (counted_) return Decimal::scaled(static_cast<std::int64_t>(counted_->ascending(group, place)), -scale());
    if (whole()) return decimal_at(start + place);
    // Doubles that are close may stand in the wrong order.
    const auto k = sorted_[start + place];
    const auto margin = 4 * values_.bound.absolute + 4 * values_.bound.relative * std::abs(k);
    std::vector<Decimal> near;
    auto first = start + place, last = first + 1;
    while (first > start && sorted_[first - 1] >= k - margin) --first;
    while (last < end && sorted_[last] <= k + margin) ++last;
    for (auto i = first; i < last; ++i) near.push_back(decimal_at(i));
    std::sort(near.begin(), near.end());
    return near[start + place - first];
}

/// As GatheredMembers adds up: in ascending order.
Decimal GroupedNumbers::total(std::size_t group) const {
    Decimal out{0};
    for (std::size_t i = 0; i < size(group); ++i) out = out + ascending(group, i);
    return out;
}

}  // namespace zoneval::exec
