// What CSV files and workbooks have in common: rows of cell texts, each with its place.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/diag/diagnostic.hpp"

namespace zoneval::io {

/// Bytes that a cell may hold: beyond it, it is no cell that anybody meant.
inline constexpr std::size_t longest_cell = 1 << 20;

/// What a cell of a workbook or a table is beside its text; bits. Cells of text files are only text.
namespace fact {
inline constexpr std::uint16_t percent = 1;        ///< a number shown as per cent; the text is what is stored (0.035)
inline constexpr std::uint16_t no_result = 2;      ///< a formula whose result was never stored; the text is empty
inline constexpr std::uint16_t merged_down = 4;    ///< of a cell merged over rows: the text is that of its first
inline constexpr std::uint16_t merged_across = 8;  ///< covered by a cell further left; the text is empty
inline constexpr std::uint16_t inexact = 16;       ///< a number so long that its last digits are lost
inline constexpr std::uint16_t with_words = 32;    ///< a number that its format shows with letters around it
inline constexpr std::uint16_t in_thousands = 64;  ///< a number that its format shows divided by 1,000 or more
inline constexpr std::uint16_t with_sign = 256;    ///< a number behind which its format only writes a % or ‰
inline constexpr std::uint16_t no_text = 128;      ///< binary data, a list, a structure; the text says which
}  // namespace fact
using Facts = std::uint16_t;

/// Rows that follow each other, line by line, each with as many cells.
struct CellGrid {
    const char* text = nullptr;
    std::size_t rows = 0, width = 0;
    bool carriage_returns = false;     ///< before line feeds
    std::vector<std::uint32_t> marks;  ///< what ends each cell, row by row; the first stands before all cells
    bool may_read_back = false;        ///< eight bytes may be read that end where any cell ends

    /// The cells of a column, blanks around them included.
    class Cells {
      public:
        Cells(const CellGrid& grid, std::size_t column)
            : text_(grid.text),
              marks_(grid.marks.data() + column),
              width_(grid.width),
              may_hold_return_(grid.carriage_returns && column + 1 == grid.width) {}
        std::string_view operator[](std::size_t row) const {
            const auto* at = marks_ + row * width_;
            const auto begin = at[0] + 1;
            auto end = at[1];
            if (may_hold_return_ && end > begin && text_[end - 1] == '\r') --end;
            return {text_ + begin, end - begin};
        }

      private:
        const char* text_;
        const std::uint32_t* marks_;
        std::size_t width_;
        bool may_hold_return_;
    };
};

class RowSource {
  public:
    RowSource(std::string file, std::string sheet) : file_(std::move(file)), sheet_name_(std::move(sheet)) {}
    virtual ~RowSource() = default;

    const std::string& file() const { return file_; }
    const std::string& sheet() const { return sheet_name_; }  ///< empty for text files

    /// Reads the next row that holds anything; false at the end, or when the file is malformed from here on (then a
    /// diagnostic was added).
    virtual bool next(Diagnostics& diagnostics) = 0;

    /// Reads the next rows at once where nothing about them is out of the ordinary and each has `width` cells; false at
    /// the end, or where they have to be read by `next`, from the start: at_end tells which.
    virtual bool next_grid(CellGrid&, std::size_t) { return false; }
    virtual bool at_end() const { return false; }
    /// Back to where it was when it was made.
    virtual void restart() {}

    /// The current row's cells; valid until the next call. ASCII blanks around them are gone.
    const std::vector<std::string_view>& cells() const { return cells_; }
    Facts facts(std::size_t cell) const { return cell < facts_.size() ? facts_[cell] : Facts{0}; }
    /// Of the columns, where a row of units or a column of them said so; else empty.
    const std::vector<std::string>& units() const { return units_; }
    /// One-based line of the file where the row begins, or row of the sheet.
    std::uint32_t line() const { return line_; }

    /// The rows that have not been read yet, in parts that several threads can read; only part by part, in order, do
    /// they mean the same. Each counts lines from where it begins. This source is spent.
    virtual std::vector<std::unique_ptr<RowSource>> split() = 0;
    /// Makes the row that begins in that line the current one again.
    virtual void go_back_to(std::uint32_t line) = 0;
    /// Lines read so far; 0 for what knows its rows by number.
    virtual std::uint32_t lines_read() const = 0;

    /// A guess at how many rows there will be, from those read so far; 0: no idea.
    virtual std::size_t expected_rows() const = 0;
    /// Where a cell of the current row is; a cell beyond the last: where it would be.
    virtual Location where(std::size_t cell) const = 0;
    /// What people call that cell (" (cell C12)"), where `where` does not say it well enough.
    virtual std::string called(std::size_t cell) const = 0;
    /// A file of lines must have as many cells in each; a sheet leaves out what is empty.
    virtual bool ragged_allowed() const = 0;
    /// The first row is the names of the columns, and cannot be anything else.
    virtual bool names_columns() const { return false; }

  protected:
    std::string file_, sheet_name_;
    std::vector<std::string_view> cells_;
    std::vector<Facts> facts_;  ///< of the current row's first cells; those beyond have none
    std::vector<std::string> units_;
    std::uint32_t line_ = 0;
};

inline std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

}  // namespace zoneval::io
