// Columns as JSON arrays of cell texts, the form batches are stored in: ["12.5", null, ["suppressed"]].
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/io/import.hpp"
#include "engine/table/table.hpp"

namespace zoneval::store {

std::string_view type_name(feel::Type::Kind type);     ///< of a column

/// The cells of an imported column. Blank cells are null, other missing ones a list of the kind.
std::string cells_text(const Column& column);
/// The rows of an imported file: [["Z01",2024,2], …].
std::string rows_text(const io::ImportedRows& rows);

/// Reads such arrays front to back without copying. What is not of this form (a store altered by hand) throws
/// std::runtime_error.
class ArrayReader {
  public:
    explicit ArrayReader(std::string_view json);

    struct Cell {
        enum class Kind { text, blank, missing } kind = Kind::blank;
        std::string_view text;                          ///< or the name of the kind of missing; until the next call
    };
    std::optional<Cell> next_cell();

    struct Row {
        std::string_view record;                        ///< until the next call
        std::int32_t year = 0;
        std::uint32_t line = 0;
    };
    std::optional<Row> next_row();

  private:
    bool next_item();
    bool accept(char c);
    void expect(char c);
    std::string_view string();
    std::int64_t integer();
    [[noreturn]] void fail() const;

    std::string_view json_;
    std::size_t position_ = 0;
    bool first_ = true;
    std::string unescaped_;
};

}  // namespace zoneval::store
