// Parquet files and tables of DuckDB databases, read by the command `duckdb`, where it is there.
#pragma once

#include "engine/io/sources/table_rows.hpp"

namespace zoneval::io {

bool is_parquet(std::string_view bytes);
bool is_duckdb(std::string_view bytes);

/// Tables and views of a database, by name, those of further schemas as `schema.table`. Adds ZV401 when it cannot be
/// read, or when there is no command `duckdb`.
std::vector<std::string> duckdb_tables(std::string_view bytes, const std::string& file, Diagnostics& diagnostics);

/// What a cell is, it stays: numbers with all their digits, doubles and floats by the shortest decimal of their kind,
/// dates and times of day in ISO 8601. The command reads nothing but `bytes`. Adds ZV401 as above.
SourceTable read_duckdb(std::string_view bytes, const std::string& file, const std::string& table,
                        Diagnostics& diagnostics);
SourceTable read_parquet(std::string_view bytes, const std::string& file, Diagnostics& diagnostics);
/// The part of both that reads what the command printed: the columns with their types, then the rows.
SourceTable read_answers(std::string_view described, std::string_view csv, const std::string& file,
                         Diagnostics& diagnostics);

}  // namespace zoneval::io
