// Workbooks (ECMA-376 SpreadsheetML, .xlsx): one sheet's cells as texts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/cells/rows.hpp"

namespace zoneval::io {

/// The cells of a sheet that hold something, in order. Texts lie in one buffer.
struct Sheet {
    struct Cell {
        std::uint32_t row;
        std::uint16_t column;
        Facts facts;
        std::uint32_t begin, length;
    };  ///< row one-based, column zero-based
    std::string name;
    std::string texts;
    std::vector<Cell> cells;
    std::vector<std::string> not_read;  ///< the other sheets that are not hidden, where none was asked for
    std::string_view text(const Cell& cell) const { return std::string_view(texts).substr(cell.begin, cell.length); }
};

/// Reads the sheet of that name, or the first that is not hidden. Numbers become the decimal that Excel shows (whole
/// ones with the zeros of a format such as `000`), cells with a date format ISO dates, booleans `true` and `false`,
/// errors stay as they are (`#N/A`); a cell merged over rows stands in each row. Adds ZV401 and returns an empty sheet
/// when the workbook cannot be read.
Sheet read_sheet(std::string_view bytes, const std::string& file, const std::string& name, Diagnostics& diagnostics);

/// The workbook's sheets that are not hidden, in order. Adds ZV401 when it cannot be read.
std::vector<std::string> sheet_names(std::string_view bytes, const std::string& file, Diagnostics& diagnostics);

/// "C" of a zero-based column.
std::string column_name(std::size_t column);
/// "C12" of a one-based row and a zero-based column.
std::string cell_name(std::uint32_t row, std::uint32_t column);

class SheetRows final : public RowSource {
  public:
    SheetRows(std::string file, Sheet sheet) : RowSource(std::move(file), sheet.name), sheet_(std::move(sheet)) {}
    bool next(Diagnostics& diagnostics) override;
    std::vector<std::unique_ptr<RowSource>> split() override;
    void go_back_to(std::uint32_t line) override;
    std::uint32_t lines_read() const override { return 0; }
    std::size_t expected_rows() const override { return 0; }
    Location where(std::size_t cell) const override;
    std::string called(std::size_t cell) const override;
    bool ragged_allowed() const override { return true; }

  private:
    Sheet sheet_;
    std::size_t next_cell_ = 0;
};

}  // namespace zoneval::io
