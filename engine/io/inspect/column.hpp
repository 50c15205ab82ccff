// What the cells of one column are, for `inspect`.
#pragma once

#include "engine/io/inspect/inspect.hpp"

namespace zoneval::io {

/// A number as files write them, per cents and groups included.
bool looks_like_number(std::string_view text);
/// The number, without its groups and per cent sign.
std::optional<feel::Decimal> plain_number(std::string_view text);
/// Fills in all but heading, unit and input.
void look_at_cells(const Grid& grid, const std::vector<std::size_t>& rows, std::size_t column, ColumnLook& out);

}  // namespace zoneval::io
