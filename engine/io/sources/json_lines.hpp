// JSON lines: an object in each line, whose members are the cells of a row.
#pragma once

#include "engine/io/sources/table_rows.hpp"

namespace zoneval::io {

/// The text begins as JSON does, and no CSV file.
bool looks_like_json(std::string_view text);

/// Columns in the order in which their names first occur; a member that a line lacks is null. Numbers keep the digits
/// that the file has. Adds ZV403 for what is not an object in one line, and for a name that occurs twice in it. `text`
/// is UTF-8.
SourceTable read_json_lines(std::string_view text, const std::string& file, Diagnostics& diagnostics);

}  // namespace zoneval::io
