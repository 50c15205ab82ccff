// How many of a group lie below a bound of what a record may come to.
#pragma once

#include <optional>

#include "engine/exec/columns/grouped_numbers.hpp"
#include "engine/exec/patterns/lane.hpp"

namespace zoneval::exec {

/// Below a bound, or not above it; nullopt: it cannot be told.
std::optional<std::int64_t> count_below(const GroupedNumbers& numbers, std::size_t group, const Approximate& bound,
                                        bool or_equal);
std::optional<std::int64_t> count_below(const GroupedNumbers& numbers, std::size_t group, const End& bound, int scale,
                                        bool or_equal);

/// The least and the greatest that a rank may be; of a percent rank, how many others may lie below. `below(bound,
/// or_equal)`: how many others do; nullptr: there is no bound.
template <class Bound, class Below>
std::pair<std::int64_t, std::int64_t> rank_bounds(bool percent, std::int64_t others, const Bound* low,
                                                  const Bound* high, const Below& below) {
    const auto surely = low ? below(*low, false) : 0;
    if (percent) return {surely, high ? below(*high, false) : others};
    return {(high ? others - below(*high, true) : 0) + 1, others - surely + 1};
}

}  // namespace zoneval::exec
