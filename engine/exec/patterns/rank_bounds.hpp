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

}  // namespace zoneval::exec
