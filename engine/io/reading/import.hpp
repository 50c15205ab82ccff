// Data files to typed rows: every cell checked, every bad cell reported with row and column.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/diag/diagnostic.hpp"
#include "engine/table/schema.hpp"
#include "engine/table/table.hpp"
#include "engine/table/texts.hpp"
#include "engine/table/work.hpp"

namespace zoneval::io {

class RowSource;

/// A file's rows, typed. Columns and `records`, `years`, `lines` all have one entry a row. Inputs the file has no
/// column for have no column here.
struct ImportedRows {
    std::string file, sheet, sha256;  ///< of a database, `sheet` is the table
    Texts records;
    std::vector<std::int32_t> years;
    std::vector<std::uint32_t> lines;  ///< one-based line of the file or row of the sheet
    std::vector<Column> columns;
    std::set<std::string> codes;  ///< missing codes and words to translate that occurred
};

struct ReadOptions {
    // Empty or 0: what the dataset's shape says, else UTF-8, the first sheet that is not hidden, a comma.
    std::string encoding;  ///< any name iconv knows; a byte-order mark wins
    std::string sheet;     ///< or table
    char delimiter = 0;
    std::size_t shown_errors = 100;   ///< further ones are counted in one ZV410 note
    Work work;                        ///< the outcome does not depend on it
    std::size_t part_size = 1 << 20;  ///< bytes of a CSV file that one thread reads at a time; nor on this
};

/// Opens a file's bytes as rows of texts, before any shape. nullptr when they are nothing that can be read (then an
/// error was added). `bytes` must outlive the rows, and so must `converted`, which may come to hold their text.
std::unique_ptr<RowSource> open_rows(const std::string& file, std::string_view bytes, const ReadOptions& options,
                                     std::string& converted, Diagnostics& diagnostics);

/// Reads CSV, XLSX, JSON lines, SQLite, Parquet or DuckDB (by content, not by ending). Adds diagnostics; on any error
/// the rows must not be used. Errors: ZV401 unreadable, ZV402 encoding, ZV403 malformed, ZV404 missing column (did you
/// mean …), ZV405 a header that feeds nothing (warning), ZV406 a record twice in one year (names both lines), ZV407 bad
/// cell, ZV408 out of range, ZV409 a record not in the roster.
ImportedRows read_rows(const std::string& path, const DatasetSchema& schema, const ReadOptions& options,
                       Diagnostics& diagnostics);

/// The sheets of a workbook, or tables of a database, that `wanted` names (`*`: all that are not hidden); one empty
/// name for other files, and where none is wanted. Adds ZV401 when the file cannot be read.
std::vector<std::string> sheets_of(const std::string& path, const std::vector<std::string>& wanted,
                                   Diagnostics& diagnostics);

/// All of them, of bytes already in memory.
std::vector<std::string> names_in(std::string_view bytes, const std::string& file, Diagnostics& diagnostics);

/// The same as read_rows for bytes already in memory; `file` is the name to show.
ImportedRows read_rows_of(const std::string& file, std::string_view bytes, const DatasetSchema& schema,
                          const ReadOptions& options, Diagnostics& diagnostics);

}  // namespace zoneval::io
