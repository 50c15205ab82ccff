// Steps that turn a table round: years or names in its columns, or in its rows.
#pragma once

#include "engine/io/shapes/shape_table.hpp"

namespace zoneval::io {

/// One row for each year: headings that hold a year become the year, and a column of the rest of their name.
ShapedTable years_to_rows(const ShapedTable& table, const DatasetSchema& schema, const Where& where,
                          Diagnostics& diagnostics);
/// One row for each record and year: what stands under `values in` becomes a column for each name under `names in`.
ShapedTable names_to_columns(const ShapedTable& table, const DatasetSchema& schema, const Where& where,
                             Diagnostics& diagnostics);
/// True, and an error, if the year that is declared stands in a column too.
bool has_year_column(const ShapedTable& table, const DatasetSchema& schema, const Where& where,
                     Diagnostics& diagnostics);

}  // namespace zoneval::io
