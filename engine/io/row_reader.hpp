// Rows of texts to rows of values: header, records, years, cells, repeats.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/io/cells.hpp"
#include "engine/io/header.hpp"
#include "engine/io/import.hpp"

namespace zoneval::io {

class RowReader {
  public:
    RowReader(RowSource& source, const DatasetSchema& schema, const ReadOptions& options, Diagnostics& diagnostics);
    void read(ImportedRows& out);

  private:
    void read_row(ImportedRows& out);
    void reserve(ImportedRows& out);
    bool fits_header();
    std::optional<std::string_view> record_of_row();
    std::optional<std::int32_t> year_of_row();
    void refuse_repeat(const ImportedRows& out);
    void note_absent();
    void add_whole_file(Kind kind, std::string message, std::string hint);
    /// Counts an error of a row; true if it is among those to be shown.
    bool shown();
    void refuse(std::size_t cell, Refusal refusal);
    std::string what(std::size_t cell) const;

    RowSource& source_;
    const DatasetSchema& schema_;
    const ReadOptions& options_;
    Diagnostics& diagnostics_;
    Header header_;
    std::vector<CellReader> readers_;          ///< one for each of header_.feeds
    std::unordered_map<std::string_view, std::string_view> aliases_;
    std::unordered_set<std::string_view> roster_;
    RowIndex seen_;                            ///< by record and year
    std::size_t errors_ = 0;
};

}  // namespace zoneval::io
