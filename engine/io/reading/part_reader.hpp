// The rows of one part of a file, read on their own.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/io/cells/cells.hpp"
#include "engine/io/reading/import.hpp"
#include "engine/io/shapes/header.hpp"

namespace zoneval::io {

/// What all parts of a file share.
struct Expected {
    Expected(const Header& header_row, const DatasetSchema& dataset, std::size_t shown);
    /// The record that an id in the file stands for; nullopt where it can be none.
    std::optional<std::string_view> record(std::string_view id) const;
    /// A whole number within the years the dataset may be about.
    std::optional<std::int32_t> year(std::string_view text) const;
    const Header& header;
    const DatasetSchema& schema;
    std::size_t shown_errors;
    bool all_named;  ///< every column has a header
    std::unordered_map<std::string_view, std::string_view> aliases;
    std::unordered_set<std::string_view> roster;
};

struct Part {
    Texts records;                     ///< one for each row; "" where it was refused
    std::vector<std::int32_t> years;   ///< 0 where it was refused
    std::vector<std::uint32_t> lines;  ///< counted in the part
    std::vector<Column> columns;
    std::vector<ReadAs> read_as;  ///< for each column
    /// What is wrong in one or more rows, or cells of a column, for one reason.
    struct Error {
        std::string cause;  ///< and column: what makes errors one
        std::size_t row;    ///< of the first: how many rows of the part are before it
        std::string text;   ///< of the first cell
        std::uint32_t line = 0;
        Diagnostic said;  ///< of the first; only the first causes of a part say anything
        std::size_t count = 1;
        struct Example {
            std::string text;  ///< of the cell; empty where that says nothing
            std::uint32_t line;
        };
        static constexpr std::size_t most_examples = 2;  ///< beside the first
        std::vector<Example> further{};
    };
    std::vector<Error> errors;  ///< in the order of their first
    Diagnostics malformed;      ///< why reading ended before the part did
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
    /// Counts it to others of its cause in that column, or says why: explaining is costly, and done once for a cause.
    template <class Explain>  // Refusal()
    void refuse(std::size_t cell, std::string cause, std::string_view text, const Explain& explain);
    /// The same for what concerns the whole row.
    void refuse_row(std::size_t cell, std::string cause, Refusal refusal);
    void count(Part::Error& error, std::size_t cell, std::string_view text);
    std::string what(std::size_t cell) const;

    RowSource& source_;
    const Expected& expected_;
    const Header& header_;
    std::vector<CellReader> readers_;                      ///< one for each of header_.feeds
    std::unordered_map<std::string, std::size_t> causes_;  ///< of part_.errors
    Part part_;
};

}  // namespace zoneval::io
