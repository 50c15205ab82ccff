// Batches over each other, cell by cell, into one year's table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/store/stored_cells.hpp"
#include "engine/table/schema.hpp"
#include "engine/table/table.hpp"

namespace zoneval::store {

/// All rows are added first, batch by batch in order of revision; then cells, column by column and in the same order.
/// A value or a coded missing replaces what earlier batches said; a blank leaves it.
class Merge {
  public:
    Merge(std::int32_t year, const std::vector<ColumnSchema>& columns, std::string store_path);

    void add_rows(Batch batch, std::string_view rows_json);
    /// May be called for different columns at once.
    void add_cells(std::size_t column, std::size_t batch, std::string_view cells_json);
    std::size_t size() const { return table_.records.size(); }
    std::size_t rows_of(std::size_t batch) const { return placed_[batch].rows.size(); }
    Table take();

  private:
    static constexpr std::uint32_t other_year = UINT32_MAX;
    struct Placed {                       ///< where the rows of a batch went
        std::vector<std::uint32_t> rows;  ///< row of the table, or other_year
        std::vector<std::uint32_t> lines;
        bool in_order = false;  ///< all of them are rows the table did not have, one behind the other
    };
    void find_rows(StoredRows& rows, ArrayReader::Row row, std::uint32_t batch);
    void add_texts(std::size_t column, std::size_t batch, ArrayReader& cells);
    void add_numbers(std::size_t column, std::size_t batch, StoredCells& cells);
    void add_strings(std::size_t column, std::size_t batch, StoredCells& cells);
    template <class Add>
    void by_block(std::size_t batch, StoredCells& cells, const Add& add);
    template <class Append, class Set>
    void add_cell(std::size_t column, std::size_t batch, std::size_t i, std::uint8_t state, const Append& append,
                  const Set& set);
    void append_text(std::size_t column, std::size_t batch, std::uint32_t line, std::string_view text);
    feel::Value value_of(std::size_t column, std::size_t batch, std::uint32_t line, std::string_view text) const;
    [[noreturn]] void refuse(std::size_t column, std::size_t batch, std::uint32_t line, std::string_view text) const;

    const std::vector<ColumnSchema>& columns_;
    std::string store_path_;
    Table table_;
    bool ascending_ = true;  ///< the records of the table ascend (texts.hpp)
    std::vector<Placed> placed_;
};

}  // namespace zoneval::store
