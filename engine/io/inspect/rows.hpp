// Which rows of a file are what, for `inspect`: title, names of columns, units, records, totals, notes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/inspect/sums.hpp"
#include "engine/io/shapes/grid.hpp"
#include "engine/table/shape.hpp"

namespace zoneval::io {

/// Rows of the grid, and what of the shape they come to.
struct RowsLook {
    std::size_t header = 0, last_header = 0;
    std::optional<std::size_t> units;
    std::size_t begin = 0, end = 0;            ///< of records and totals
    std::vector<std::size_t> body, totals_in;  ///< records; totals between them, which are left out
    std::vector<SumOfRows> sums;               ///< those of them that no word tells
    std::vector<std::string> names;            ///< of the columns
};

/// `names_columns`: the first row is the names of the columns. Sets `header row`, `units row`, `until` and `drop`.
RowsLook look_at_rows(const Grid& grid, bool names_columns, Shape& shape);

/// The first cell of a row that holds anything.
std::string_view first_text(const Grid& grid, std::size_t row);

}  // namespace zoneval::io
