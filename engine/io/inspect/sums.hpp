// Rows that are the sum of the rows beside them, whatever they are called: subtotals by region in a yearbook.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/io/shapes/grid.hpp"

namespace zoneval::io {

struct SumOfRows {
    std::size_t row;      ///< of the grid
    std::size_t members;  ///< so many rows, next to it
    bool below;           ///< those are below it
    std::size_t columns;  ///< in which it is their sum
};
/// Told only where it can be no chance: in two columns at least, half of all that hold numbers, and of eight digits
/// together. `rows` are those that could be records; of more than 2,000 nothing is told.
std::vector<SumOfRows> sums_among(const Grid& grid, const std::vector<std::size_t>& rows, std::size_t width);

}  // namespace zoneval::io
