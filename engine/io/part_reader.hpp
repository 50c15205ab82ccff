// The rows of one part of a file, read on their own.
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

/// What all parts of a file share.
struct Expected {
    Expected(const Header& header_row, const DatasetSchema& dataset, std::size_t shown);
    /// The record that an id in the file stands for; nullopt where it can be none.
    std::optional<std::string_view> record(std::string_view id) const;
    const Header& header;
    const DatasetSchema& schema;
    std::size_t shown_errors;
    bool all_named;  ///< every column has a header
    std::unordered_map<std::string_view, std::string_view> aliases;
    std::unordered_set<std::string_view> roster;
};

std::optional<std::int32_t> year_of(std::string_view text);

struct Part {
    Texts records;                     ///< one for each row; "" where it was refused
    std::vector<std::int32_t> years;   ///< 0 where it was refused
    std::vector<std::uint32_t> lines;  ///< counted in the part
    std::vector<Column> columns;
    struct Error {
        std::size_t row;
        Diagnostic said;
    };                          ///< row: how many rows of the part are before it
    std::vector<Error> errors;  ///< the first ones, in order
    std::size_t error_count = 0;
    Diagnostics malformed;  ///< why reading ended before the part did
    std::uint32_t line_count = 0;
};

/// The rows of a source, column by column, if all is as it should be and so plain that it can be read that way: most
/// files. Else nullopt, and the source is where it was.
std::optional<Part> read_columns(RowSource& source, const Expected& expected);

class PartReader {
  public:
    PartReader(RowSource& source, const Expected& expected);
    Part read();

  private:
    void read_row();
    void reserve();
    bool fits_header();
    std::optional<std::string_view> record_of_row();
    std::optional<std::int32_t> year_of_row();
    /// Counts an error of a row; true if it may be among those to be shown.
    bool shown() { return ++part_.error_count <= expected_.shown_errors; }
    void refuse(std::size_t cell, Refusal refusal);
    std::string what(std::size_t cell) const;

    RowSource& source_;
    const Expected& expected_;
    const Header& header_;
    std::vector<CellReader> readers_;  ///< one for each of header_.feeds
    Part part_;
};

}  // namespace zoneval::io
