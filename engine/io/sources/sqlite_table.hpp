// Tables of SQLite databases.
#pragma once

#include "engine/io/sources/table_rows.hpp"

namespace zoneval::io {

bool is_sqlite(std::string_view bytes);

/// Tables and views, by name. Adds ZV401 when the database cannot be read.
std::vector<std::string> sqlite_tables(std::string_view bytes, const std::string& file, Diagnostics& diagnostics);

/// The table as choose_table has it. What a cell is, it stays: whole numbers and texts as they are, doubles by the
/// shortest decimal, 0 and 1 of a column declared BOOLEAN as `false` and `true`. Nothing but `bytes` is read: changes
/// that wait in a journal beside the file are an error.
SourceTable read_sqlite(std::string_view bytes, const std::string& file, const std::string& table,
                        Diagnostics& diagnostics);

}  // namespace zoneval::io
