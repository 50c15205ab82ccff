// Rows of sources that name their columns and know what each cell is: tables of databases, Parquet files, JSON lines.
#pragma once

#include "engine/io/cells/rows.hpp"
#include "engine/table/texts.hpp"

namespace zoneval::io {

struct SourceTable {
    std::string name;  ///< of a database's table; else empty
    std::vector<std::string> headings;
    Texts cells;                       ///< row by row, one for each heading; empty for null
    std::vector<Facts> facts;          ///< of the first cells; those beyond have none
    std::vector<std::uint32_t> lines;  ///< where each row stands in a file of lines; empty: rows count from 1

    void add(std::string_view text, Facts of_cell = 0) {
        if (of_cell != 0) {
            facts.resize(cells.size());
            facts.push_back(of_cell);
        }
        cells.push_back(text);
    }
    std::size_t rows() const { return headings.empty() ? 0 : cells.size() / headings.size(); }
};

/// A number that was kept as a double: the shortest decimal that is no other double. Adds `inexact` to whole ones
/// that are so large that their last digits are lost.
std::string decimal_of(double value, Facts& facts);

/// A name and a text as SQL has them, in quotes.
std::string sql_name(std::string_view name);
std::string sql_text(std::string_view text);

/// The name of one of `tables`: the only one, or the one that is wanted. Empty, and an error, where there is none, or
/// several and none is wanted.
std::string choose_table(const std::vector<std::string>& tables, const std::string& wanted, const std::string& file,
                         Diagnostics& diagnostics);

class TableRows final : public RowSource {
  public:
    TableRows(std::string file, SourceTable table) : RowSource(std::move(file), table.name), table_(std::move(table)) {}
    bool next(Diagnostics& diagnostics) override;
    std::vector<std::unique_ptr<RowSource>> split() override;
    void go_back_to(std::uint32_t line) override;
    std::uint32_t lines_read() const override { return 0; }
    std::size_t expected_rows() const override { return table_.rows(); }
    Location where(std::size_t cell) const override;
    std::string called(std::size_t cell) const override;
    bool ragged_allowed() const override { return table_.lines.empty(); }
    bool names_columns() const override { return true; }

  private:
    std::uint32_t line_of(std::size_t row) const {
        return table_.lines.empty() ? static_cast<std::uint32_t>(row + 1) : table_.lines[row];
    }

    SourceTable table_;
    std::size_t next_ = 0;  ///< 0: the names of the columns
};

}  // namespace zoneval::io
