// Data files to typed rows: every cell checked, every bad cell reported with row and column.
#pragma once

#include <string>
#include <string_view>

#include "engine/diag/diagnostic.hpp"
#include "engine/table/schema.hpp"
#include "engine/table/table.hpp"
#include "engine/table/texts.hpp"
#include "engine/table/work.hpp"

namespace zoneval::io {

/// A file's rows, typed. Columns and `records`, `years`, `lines` all have one entry a row. Inputs the file has no
/// column for have no column here.
struct ImportedRows {
    std::string file, sheet, sha256;
    Texts records;
    std::vector<std::int32_t> years;
    std::vector<std::uint32_t> lines;  ///< one-based line of the file or row of the sheet
    std::vector<Column> columns;
};

struct ReadOptions {
    std::string encoding = "UTF-8";  ///< any name iconv knows; a byte-order mark wins
    std::string sheet;               ///< workbook: sheet to read; empty: the first that is not hidden
    char delimiter = ',';
    std::size_t shown_errors = 100;   ///< further ones are counted in one ZV410 note
    Work work;                        ///< the outcome does not depend on it
    std::size_t part_size = 1 << 20;  ///< bytes of a CSV file that one thread reads at a time; nor on this
};

/// Reads CSV or XLSX (by content, not by ending). Adds diagnostics; on any error the rows must not be used.
/// Errors: ZV401 unreadable, ZV402 encoding, ZV403 malformed, ZV404 missing column (did you mean …), ZV405 a header
/// that feeds nothing (warning), ZV406 a record twice in one year (names both lines), ZV407 bad cell, ZV408 out of
/// range, ZV409 a record not in the roster.
ImportedRows read_rows(const std::string& path, const DatasetSchema& schema, const ReadOptions& options,
                       Diagnostics& diagnostics);

/// The same for bytes already in memory; `file` is the name to show.
ImportedRows read_rows_of(const std::string& file, std::string_view bytes, const DatasetSchema& schema,
                          const ReadOptions& options, Diagnostics& diagnostics);

}  // namespace zoneval::io
