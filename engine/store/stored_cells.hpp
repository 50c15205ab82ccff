// Rows and cells of a stored batch, in any form that a store has held: what cell_text.hpp writes, and what version 2
// wrote.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/feel/value/value.hpp"
#include "engine/store/json_reader.hpp"

namespace zoneval::store {

/// The rows of a batch, front to back. What is not of the store's form throws std::runtime_error.
class StoredRows {
  public:
    explicit StoredRows(std::string_view json);
    std::optional<ArrayReader::Row> next();
    /// Those that stand in a list, or in one number for all rows; of version 2, which has them in rows, none.
    std::vector<std::int32_t> declared_years() const;

  private:
    /// A number for each row: a list, or one to begin with and how much it grows by.
    struct Each {
        std::vector<std::int64_t> list;
        std::int64_t first = 0, step = 0;
        bool listed = false;
        bool has(std::size_t row) const { return !listed || row < list.size(); }
        std::int64_t of(std::size_t row) const {
            return listed ? list[row] : first + step * static_cast<std::int64_t>(row);
        }
    };
    Each each(std::string_view list, std::string_view first, std::int64_t step);

    std::optional<ArrayReader> rows_;  ///< of version 2: ["Z01", 2024, 2]
    JsonReader json_;
    Each years_, lines_;
    std::size_t row_ = 0;
};

/// The years that rows are of, each once, ascending.
std::vector<std::int32_t> years_of(std::string_view rows_json);

/// Cells that were read together.
struct CellBlock {
    static constexpr std::size_t most = 1024;
    std::size_t size = 0;
    std::array<std::int64_t, most> numbers;  ///< coefficients, or places in the dictionary; 0 where missing
    std::array<std::uint8_t, most> states;   ///< as Column::states
};

/// The cells of a column, front to back. What is not of the store's form throws std::runtime_error.
class StoredCells {
  public:
    /// `blank`: what an empty cell is.
    StoredCells(std::string_view json, feel::Missing blank);

    enum class Form { texts, numbers, strings };
    Form form() const { return form_; }
    int decimals() const { return decimals_; }                            ///< of numbers
    const std::vector<std::string>& strings() const { return strings_; }  ///< the dictionary
    ArrayReader& texts() { return *texts_; }

    /// Of numbers and strings: the next ones, as many as there are and fit.
    const CellBlock& next_block();

  private:
    void read_numbers();
    void read_cell();
    void read_end();

    Form form_ = Form::texts;
    std::optional<ArrayReader> texts_;
    JsonReader json_;
    std::uint8_t blank_;
    int decimals_ = 0;
    std::vector<std::string> strings_;
    bool ended_ = false;
    CellBlock block_;
};

/// The kind of missing that a cell names.
feel::Missing read_missing(std::string_view name);

}  // namespace zoneval::store
