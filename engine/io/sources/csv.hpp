// CSV as RFC 4180 has it: quoted cells may hold delimiters, quotes (doubled) and line breaks.
#pragma once

#include <deque>

#include "engine/io/cells/rows.hpp"

namespace zoneval::io {

/// Splits UTF-8 text that outlives it; for several threads into parts of about `part` bytes. Cells are views into that
/// text; only a cell with doubled quotes is copied. Lines end in LF or CRLF. Empty lines, and rows of nothing but
/// delimiters, hold no row.
class CsvRows final : public RowSource {
  public:
    CsvRows(std::string file, std::string_view text, char delimiter, std::size_t part);
    /// The first line says something else (`sep=;`) and is no row.
    void leave_out_first_line();
    bool next(Diagnostics& diagnostics) override;
    bool next_grid(CellGrid& grid, std::size_t width) override;
    bool at_end() const override { return position_ == text_.size(); }
    void restart() override;
    std::vector<std::unique_ptr<RowSource>> split() override;
    void go_back_to(std::uint32_t line) override;
    std::uint32_t lines_read() const override { return next_line_ - 1; }
    std::size_t expected_rows() const override;
    Location where(std::size_t cell) const override;
    std::string called(std::size_t) const override { return ""; }
    bool ragged_allowed() const override { return false; }

  private:
    bool read_row(Diagnostics& diagnostics);
    std::size_t next_special(std::size_t at) const;
    bool read_plain(Diagnostics& diagnostics);
    bool read_quoted(Diagnostics& diagnostics);
    bool all_blank() const;
    Location location(std::size_t offset, std::size_t length) const;
    bool refuse_long(std::size_t at, std::size_t size, Diagnostics& diagnostics) const;
    void malformed(std::size_t offset, std::size_t length, std::string message, std::string hint,
                   Diagnostics& diagnostics) const;

    std::string_view text_;
    std::size_t begin_ = 0;         ///< where this part of the text begins
    std::uint32_t first_line_ = 1;  ///< which line that is
    char delimiter_;
    std::size_t part_;
    bool special_[256] = {};    ///< bytes that can end an unquoted cell or be wrong in it
    std::size_t position_ = 0;  ///< of the next byte
    std::uint32_t next_line_ = 1;
    std::size_t row_begin_ = 0;
    std::vector<std::size_t> begins_;   ///< where each cell begins, quotes included
    std::deque<std::string> unquoted_;  ///< copies of this row's cells with doubled quotes
};

}  // namespace zoneval::io
