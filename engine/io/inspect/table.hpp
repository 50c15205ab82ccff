// What a table is about: its columns, which of them name record and year, what its totals prove; for `inspect`.
#pragma once

#include "engine/io/inspect/inspect.hpp"

namespace zoneval::io {

/// Fills in all that the grid itself tells. `names_columns`: its first row is the names of the columns.
void look_at_table(const Grid& grid, const KnownInputs* known, bool names_columns, wording::Language language,
                   Inspection& out);

}  // namespace zoneval::io
