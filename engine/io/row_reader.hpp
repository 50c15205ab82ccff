// Rows of texts to rows of values: header, records, years, cells, repeats.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/io/import.hpp"
#include "engine/io/part_reader.hpp"

namespace zoneval::io {

/// Reads a source in parts, several at once, and puts them together. What comes out, messages and their order included, does
/// not depend on the parts.
class RowReader {
  public:
    RowReader(RowSource& source, const DatasetSchema& schema, const ReadOptions& options, Diagnostics& diagnostics);
    void read(ImportedRows& out);

  private:
    void read_parts();
    void join(ImportedRows& out);
    void join_records(ImportedRows& out);
    void report_errors();
    void note_absent();
    void add_whole_file(Kind kind, std::string message, std::string hint);

    RowSource& source_;
    const DatasetSchema& schema_;
    const ReadOptions& options_;
    Diagnostics& diagnostics_;
    Header header_;
    std::vector<std::unique_ptr<RowSource>> sources_;
    std::vector<Part> parts_;
    std::vector<std::uint32_t> lines_before_;  ///< of each part
    struct Repeat { std::size_t part, row; std::uint32_t first_line; };   ///< row of the part
    std::vector<Repeat> repeats_;              ///< those that can be shown
    Diagnostic repeated(const Repeat& repeat);
    std::size_t repeat_count_ = 0;
    std::size_t rows_ = 0;
};

}  // namespace zoneval::io
