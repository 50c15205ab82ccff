#include "engine/exec/columns/grouped_numbers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/exec/columns/ordering.hpp"

namespace zoneval::exec {

using feel::Decimal;

GroupedNumbers::GroupedNumbers(const NodeColumn& values, const Grouping& grouping, ExactValue exact)
    : values_(values), grouping_(grouping), exact_(std::move(exact)) {
    // As many counters as numbers, or a few times as many: one pass. A table much larger than that is slower than sorting.
    constexpr double most_counters = 4;
    const auto n = values.numbers.size();
    const auto width = values.bound.high - values.bound.low + 1;
    if (whole() && width * static_cast<double>(grouping.groups) < most_counters * static_cast<double>(n) + 1024)
        count();
    else
        sort();
}

void GroupedNumbers::count() {
    low_ = values_.bound.low;
    span_ = static_cast<std::size_t>(values_.bound.high - low_) + 1;
    counts_.assign(grouping_.groups * (span_ + 1), 0);
    for (std::size_t i = 0; i < values_.numbers.size(); ++i) {
        const auto g = grouping_.of(i);
        if (g == Grouping::none || !has_value(values_, i)) continue;
        ++counts_[g * (span_ + 1) + static_cast<std::size_t>(values_.numbers[i] - low_) + 1];
    }
    starts_.push_back(0);
    for (std::size_t g = 0; g < grouping_.groups; ++g) {
        auto* of_group = counts_.data() + g * (span_ + 1);
        for (std::size_t k = 0; k < span_; ++k) of_group[k + 1] += of_group[k];
        starts_.push_back(starts_.back() + of_group[span_]);
    }
}

void GroupedNumbers::sort() {
    SortSpace space;
    const Ordering order(values_, grouping_, exact_, space);
    starts_.push_back(0);
    for (std::size_t g = 0; g < grouping_.groups; ++g) starts_.push_back(starts_.back() + order.size(g));
    sorted_.resize(starts_.back());
    if (!whole()) records_.resize(starts_.back());
    for (std::size_t g = 0; g < grouping_.groups; ++g)
        for (std::size_t i = 0; i < order.size(g); ++i) {
            const auto record = order.record(g, i);
            sorted_[starts_[g] + i] = values_.numbers[record];
            if (!whole()) records_[starts_[g] + i] = record;
        }
}

std::int64_t GroupedNumbers::below_whole(std::size_t group, double first_not_below) const {
    if (span_ > 0) {
        const auto k = std::clamp(first_not_below - low_, 0.0, static_cast<double>(span_));
        return counts_[group * (span_ + 1) + static_cast<std::size_t>(k)];
    }
    const auto* begin = sorted_.data() + starts_[group];
    return std::lower_bound(begin, sorted_.data() + starts_[group + 1], first_not_below) - begin;
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
    const auto begin = starts_[group], end = starts_[group + 1];
    const auto* first = std::lower_bound(sorted_.data() + begin, sorted_.data() + end, k - margin);
    const auto* last = std::upper_bound(first, sorted_.data() + end, k + margin);
    auto out = first - (sorted_.data() + begin);
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
    if (span_ > 0) {
        const auto* of_group = counts_.data() + group * (span_ + 1);
        const auto* after = std::upper_bound(of_group, of_group + span_ + 1, static_cast<std::uint32_t>(place));
        return Decimal::scaled(static_cast<std::int64_t>(low_) + (after - of_group) - 1, -scale());
    }
    if (whole()) return decimal_at(starts_[group] + place);
    // Doubles that are close may stand in the wrong order.
    const auto k = sorted_[starts_[group] + place];
    const auto margin = 4 * values_.bound.absolute + 4 * values_.bound.relative * std::abs(k);
    std::vector<Decimal> near;
    auto first = starts_[group] + place, last = first + 1;
    while (first > starts_[group] && sorted_[first - 1] >= k - margin) --first;
    while (last < starts_[group + 1] && sorted_[last] <= k + margin) ++last;
    for (auto i = first; i < last; ++i) near.push_back(decimal_at(i));
    std::sort(near.begin(), near.end());
    return near[starts_[group] + place - first];
}

/// As GatheredMembers adds up: in ascending order.
Decimal GroupedNumbers::total(std::size_t group) const {
    Decimal out{0};
    for (std::size_t i = 0; i < size(group); ++i) out = out + ascending(group, i);
    return out;
}

}  // namespace zoneval::exec
