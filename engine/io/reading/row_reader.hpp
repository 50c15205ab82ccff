// Rows of texts to rows of values: header, records, years, cells, repeats.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/io/reading/import.hpp"
#include "engine/io/reading/part_reader.hpp"

namespace zoneval::io {

/// Reads a source in parts, several at once, and puts each to the others while it is warm. What comes out, messages and
/// their order included, does not depend on the parts.
class RowReader {
  public:
    RowReader(RowSource& source, const DatasetSchema& schema, const ReadOptions& options, Diagnostics& diagnostics);
    void read(ImportedRows& out);

  private:
    void read_parts(ImportedRows& out);
    void join(ImportedRows& out, Part& part);
    void reserve(ImportedRows& out, std::size_t rows, std::size_t id_bytes);
    void find_repeats(const ImportedRows& out);
    void refuse_empty();
    void report_errors(const ImportedRows& out);
    Part::Error repeats(const ImportedRows& out);
    Diagnostic repeated(const ImportedRows& out, std::size_t repeat, std::size_t part);
    void note_absent();
    void note_read_as(const ImportedRows& out);
    template <class Say>
    static void note_bare(const Column& column, std::size_t per_cents, const Say& say);
    void note_unused(const ReadAs& read_as, const std::string& code, const ColumnSchema& column);
    void add_whole_file(Kind kind, std::string message, std::string hint, std::size_t stands_for = 0);

    RowSource& source_;
    const DatasetSchema& schema_;
    const ReadOptions& options_;
    Diagnostics& diagnostics_;
    Header header_;
    std::vector<std::unique_ptr<RowSource>> sources_;
    struct Read {  ///< what is left of a part whose rows have been taken
        Part part;
        std::size_t rows_before;
        std::uint32_t lines_before;
    };
    std::vector<Read> parts_;
    std::vector<std::size_t> repeats_;        ///< rows of records that were there before: those that can be shown
    std::vector<std::uint32_t> first_lines_;  ///< where they were
    std::size_t repeat_count_ = 0;
    std::size_t rows_ = 0;
};

}  // namespace zoneval::io
