// Why a cell is refused, and what the person who keeps the file can do about it.
#pragma once

#include <string>
#include <string_view>

#include "engine/diag/diagnostic.hpp"
#include "engine/table/schema.hpp"

namespace zoneval::io {

struct Refusal {
    Kind kind = Kind::bad_cell;
    std::string message, expected, hint;
};

/// True for what spreadsheets show for a failed formula: `#N/A`, `#DIV/0!` …
bool is_spreadsheet_error(std::string_view text);
/// True if the text begins or ends with a blank that cannot be seen: U+00A0, U+3000, U+200B, U+FEFF and their kin.
bool has_stray_blank(std::string_view text);

// `what` names the cell's column, and the cell where its place needs a name: "`GDP` (cell C12)".
Refusal refuse_number(std::string_view what, std::string_view text, const ColumnSchema& schema);
Refusal refuse_range(std::string_view what, std::string_view text, const ColumnSchema& schema);
Refusal refuse_boolean(std::string_view what, std::string_view text);
Refusal refuse_date(std::string_view what, std::string_view text);
Refusal refuse_year(std::string_view what, std::string_view text);
Refusal refuse_choice(std::string_view what, std::string_view text, const ColumnSchema& schema);
Refusal refuse_record(std::string_view what, std::string_view id, const DatasetSchema& schema);
Refusal refuse_error_value(std::string_view what, std::string_view text);
Refusal refuse_stray_blank(std::string_view what, std::string_view text);

}  // namespace zoneval::io
