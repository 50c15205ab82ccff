// Why a cell is refused, and what the person who keeps the file can do about it.
#pragma once

#include <string>
#include <string_view>

#include "engine/diag/diagnostic.hpp"
#include "engine/io/cells/rows.hpp"
#include "engine/table/schema.hpp"

namespace zoneval::io {

struct Refusal {
    Kind kind = Kind::bad_cell;
    std::string message, expected, hint;
};

/// Numbers of a column are refused for the same reason if this is the same.
std::string number_cause(std::string_view text);

/// True for `1.23457E+17`: a long number shortened, which no id is.
bool looks_rounded(std::string_view text);
/// True for what spreadsheets show for a failed formula: `#N/A`, `#DIV/0!` …
bool is_spreadsheet_error(std::string_view text);

// `what` names the cell's column, and the cell where its place needs a name: "`GDP` (cell C12)".
Refusal refuse_number(std::string_view what, std::string_view text, const ColumnSchema& schema);
Refusal refuse_range(std::string_view what, std::string_view text, const ColumnSchema& schema);
Refusal refuse_boolean(std::string_view what, std::string_view text);
Refusal refuse_date(std::string_view what, std::string_view text);
Refusal refuse_year(std::string_view what, std::string_view text, const Shape& shape);
Refusal refuse_choice(std::string_view what, std::string_view text, const ColumnSchema& schema);
Refusal refuse_record(std::string_view what, std::string_view id, const DatasetSchema& schema);
Refusal refuse_error_value(std::string_view what, std::string_view text);
Refusal refuse_stray_blank(std::string_view what, std::string_view text);
Refusal refuse_control_character(std::string_view what, std::string_view text);
/// For what `facts` say of the cell; nullopt: nothing that needs refusing where a value of that type is read.
std::optional<Refusal> refuse_facts(std::string_view what, Facts facts, const ColumnSchema& schema);
/// The same for a cell that names a record.
std::optional<Refusal> refuse_id_facts(std::string_view what, std::string_view text, Facts facts);

}  // namespace zoneval::io
