// Imported rows and columns as JSON texts, the form batches are stored in; stored_cells.hpp reads them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/io/reading/import.hpp"
#include "engine/table/table.hpp"

namespace zoneval::store {

std::string_view type_name(feel::Type::Kind type);  ///< of a column

void append_quoted(std::string& out, std::string_view text);  ///< as a JSON string

/// The cells of an imported column. Blank cells are null, other missing ones a list of the kind; a number that has a
/// value is a whole number under the column's decimals, a string its place in a dictionary, anything else its text:
/// {"decimals":1,"numbers":[125,null,["suppressed"]]}, {"strings":["East"],"codes":[0,0,null]}, ["true",null].
std::string cells_text(const Column& column);
/// The rows of an imported file: {"year":2024,"first_line":2,"records":["Z01","Z02"]}; years that differ, and lines
/// that do not follow each other, are lists: "years":[2023,2024], "lines":[2,4].
std::string rows_text(const io::ImportedRows& rows);
/// ["Z01","Z02"]
std::string strings_text(const Texts& texts);
/// [0,3,0,1]
std::string codes_text(const std::vector<std::uint32_t>& codes);

}  // namespace zoneval::store
