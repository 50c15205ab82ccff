#include "engine/store/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <span>
#include <stdexcept>

#include "engine/store/cell_text.hpp"
#include "engine/store/database.hpp"
#include "engine/store/stored_cells.hpp"
#include "engine/table/texts.hpp"

namespace zoneval::store {

using feel::Missing;
using feel::Value;
using TypeKind = feel::Type::Kind;

Merge::Merge(std::int32_t year, const std::vector<ColumnSchema>& columns, std::string store_path)
    : columns_(columns), store_path_(std::move(store_path)) {
    table_.year = year;
    for (const auto& column : columns) table_.columns.emplace_back(column.name, column.type);
    table_.expect_origins();
}

void Merge::add_rows(Batch batch, std::string_view rows_json) {
    const auto number = static_cast<std::uint32_t>(table_.batches.size());
    table_.batches.push_back(std::move(batch));
    auto& placed = placed_.emplace_back();
    // For room: names hold few commas.
    const auto row_count = static_cast<std::size_t>(std::count(rows_json.begin(), rows_json.end(), ',')) + 1;
    placed.lines.reserve(row_count);
    placed.rows.reserve(row_count);
    if (number == 0) table_.reserve(row_count);
    const auto first = table_.records.size();
    StoredRows rows(rows_json);
    auto row = rows.next();
    // While records ascend each is new, and need not be looked up.
    for (; row && ascending_; row = rows.next()) {
        placed.lines.push_back(row->line);
        placed.rows.push_back(other_year);
        if (row->year != table_.year) continue;
        ascending_ = table_.records.empty() || ascends(table_.records.back(), row->record);
        if (ascending_) table_.append_new(row->record, {number, row->line});
        placed.rows.back() = static_cast<std::uint32_t>(
            ascending_ ? table_.records.size() - 1 : table_.find_or_append(row->record, {number, row->line}));
    }
    if (row) find_rows(rows, *row, number);
    placed.in_order = first + placed.rows.size() == table_.records.size();
    for (std::size_t i = 0; i < placed.rows.size() && placed.in_order; ++i)
        placed.in_order = placed.rows[i] == first + i;
}

/// Reads a little ahead of looking up, so that the memory looked into is there.
void Merge::find_rows(StoredRows& rows, ArrayReader::Row row, std::uint32_t batch) {
    struct Ahead {
        std::string record;
        std::int32_t year = 0;
        std::uint32_t line = 0;
    };
    std::array<Ahead, 16> ahead;
    std::size_t read = 0, done = 0;
    auto& placed = placed_[batch];
    const auto place = [&] {
        const auto& next = ahead[done++ % ahead.size()];
        placed.lines.push_back(next.line);
        placed.rows.push_back(next.year == table_.year
                                  ? static_cast<std::uint32_t>(table_.find_or_append(next.record, {batch, next.line}))
                                  : other_year);
    };
    for (auto next = std::optional(row); next; next = rows.next()) {
        if (read - done == ahead.size()) place();
        auto& kept = ahead[read++ % ahead.size()];
        kept.record = next->record;
        kept.year = next->year;
        kept.line = next->line;
        table_.expect(next->record);
    }
    while (done < read) place();
}

void Merge::add_cells(std::size_t column, std::size_t batch, std::string_view cells_json) {
    StoredCells cells(cells_json, columns_[column].blank);
    table_.columns[column].reserve(table_.records.size());
    switch (cells.form()) {
        case StoredCells::Form::texts: return add_texts(column, batch, cells.texts());
        case StoredCells::Form::numbers: return add_numbers(column, batch, cells);
        default: return add_strings(column, batch, cells);
    }
}

void Merge::add_texts(std::size_t column, std::size_t batch, ArrayReader& cells) {
    const auto& placed = placed_[batch];
    auto& data = table_.columns[column];
    const auto blank =
        static_cast<std::uint8_t>(static_cast<std::uint8_t>(columns_[column].blank) | Column::blank_flag);
    for (std::size_t i = 0; i < placed.rows.size(); ++i) {
        const auto cell = cells.next_cell();
        if (!cell) throw std::runtime_error("a column has too few cells");
        const auto row = placed.rows[i];
        if (row == other_year) continue;
        const auto state = cell->kind == ArrayReader::Cell::Kind::blank ? blank
                           : cell->kind == ArrayReader::Cell::Kind::missing
                               ? static_cast<std::uint8_t>(read_missing(cell->text))
                               : std::uint8_t{0};
        add_cell(
            column, batch, i, state, [&] { append_text(column, batch, placed.lines[i], cell->text); },
            [&] { data.set(row, value_of(column, batch, placed.lines[i], cell->text)); });
    }
    if (cells.next_cell()) throw std::runtime_error("a column has too many cells");
}

/// Calls `add(block, i)` for a block of cells and the row of the batch that it begins with.
template <class Add>
void Merge::by_block(std::size_t batch, StoredCells& cells, const Add& add) {
    const auto count = placed_[batch].rows.size();
    for (std::size_t i = 0; i < count;) {
        const auto& block = cells.next_block();
        if (block.size == 0) throw std::runtime_error("a column has too few cells");
        if (block.size > count - i) throw std::runtime_error("a column has too many cells");
        add(block, i);
        i += block.size;
    }
    if (cells.next_block().size > 0) throw std::runtime_error("a column has too many cells");
}

void Merge::add_numbers(std::size_t column, std::size_t batch, StoredCells& cells) {
    const auto& placed = placed_[batch];
    auto& data = table_.columns[column];
    const auto decimals = cells.decimals();
    const bool fits = data.type() == TypeKind::number;
    by_block(batch, cells, [&](const CellBlock& block, std::size_t first) {
        if (fits && placed.in_order && data.size() == placed.rows[first])
            return data.append_numbers(decimals, std::span(block.numbers).first(block.size),
                                       std::span(block.states).first(block.size));
        std::string text;
        for (std::size_t k = 0; k < block.size; ++k) {
            const auto row = placed.rows[first + k], line = placed.lines[first + k];
            if (row == other_year) continue;
            const Scaled number{block.numbers[k], decimals};
            text.clear();
            if (!fits) zoneval::append_text(text, number);
            add_cell(
                column, batch, first + k, block.states[k],
                [&] { fits ? data.append_number(number) : append_text(column, batch, line, text); },
                [&] { fits ? data.set_number(row, number) : data.set(row, value_of(column, batch, line, text)); });
        }
    });
}

void Merge::add_strings(std::size_t column, std::size_t batch, StoredCells& cells) {
    const auto& placed = placed_[batch];
    auto& data = table_.columns[column];
    const auto& strings = cells.strings();
    const bool fits = data.type() == TypeKind::string;
    constexpr auto unknown = std::numeric_limits<std::uint32_t>::max();
    std::vector<std::uint32_t> known(strings.size(), unknown);  // codes of the column, by place in the dictionary
    std::optional<std::uint32_t> none;                          // of what lies behind a missing cell
    const auto code_of = [&](const CellBlock& block, std::size_t k) {
        if (block.states[k] != 0) return none ? *none : none.emplace(data.string_code(""));
        auto& code = known[static_cast<std::size_t>(block.numbers[k])];
        return code != unknown ? code : code = data.string_code(strings[static_cast<std::size_t>(block.numbers[k])]);
    };
    std::array<std::uint32_t, CellBlock::most> codes;
    by_block(batch, cells, [&](const CellBlock& block, std::size_t first) {
        if (fits && placed.in_order && data.size() == placed.rows[first]) {
            for (std::size_t k = 0; k < block.size; ++k) codes[k] = code_of(block, k);
            return data.append_string_codes(std::span(codes).first(block.size),
                                            std::span(block.states).first(block.size));
        }
        for (std::size_t k = 0; k < block.size; ++k) {
            const auto row = placed.rows[first + k], line = placed.lines[first + k];
            if (row == other_year) continue;
            const auto text = [&]() -> std::string_view { return strings[static_cast<std::size_t>(block.numbers[k])]; };
            add_cell(
                column, batch, first + k, block.states[k],
                [&] { fits ? data.append_string_code(code_of(block, k)) : append_text(column, batch, line, text()); },
                [&] { data.set(row, value_of(column, batch, line, text())); });
        }
    });
}

/// Puts a cell of the batch's i-th row, with that state, where it belongs: `append` and `set` enter the value of one
/// that has one.
template <class Append, class Set>
void Merge::add_cell(std::size_t column, std::size_t batch, std::size_t i, std::uint8_t state, const Append& append,
                     const Set& set) {
    auto& data = table_.columns[column];
    const auto row = placed_[batch].rows[i];
    while (data.size() < row) data.append_blank(columns_[column].no_row);
    const bool is_new = data.size() == row;
    const auto kind = static_cast<Missing>(state & ~Column::blank_flag);
    if ((state & Column::blank_flag) != 0) {
        // An empty cell says what `blank` says, but overrules nothing that an earlier file knew.
        if (is_new)
            data.append_blank(kind);
        else if (data.blank(row))
            data.set_missing(row, kind);
        return;
    }
    if (state == 0)
        is_new ? append() : set();
    else
        is_new ? data.append_missing(kind) : data.set_missing(row, kind);
    const Origin origin{static_cast<std::uint32_t>(batch), placed_[batch].lines[i]};
    if (table_.origin(row, column) != origin) table_.set_origin(row, column, origin);
}

Table Merge::take() {
    for (std::size_t c = 0; c < table_.columns.size(); ++c)
        while (table_.columns[c].size() < table_.records.size()) table_.columns[c].append_blank(columns_[c].no_row);
    return std::move(table_);
}

void Merge::append_text(std::size_t column, std::size_t batch, std::uint32_t line, std::string_view text) {
    auto& data = table_.columns[column];
    if (data.type() == TypeKind::string) return data.append_string(text);
    if (data.type() == TypeKind::number)
        if (const auto number = parse_scaled(text)) return data.append_number(*number);
    data.append(value_of(column, batch, line, text));
}

Value Merge::value_of(std::size_t column, std::size_t batch, std::uint32_t line, std::string_view text) const {
    switch (columns_[column].type) {
        case TypeKind::string: return text;
        case TypeKind::number:
            if (const auto number = feel::Decimal::parse(text)) return *number;
            break;
        case TypeKind::boolean:
            if (text == "true" || text == "false") return text == "true";
            break;
        default:
            if (const auto date = feel::Date::parse(text)) return *date;
    }
    refuse(column, batch, line, text);
}

/// The rule set has changed its mind about a type since the file was imported.
void Merge::refuse(std::size_t column, std::size_t batch, std::uint32_t line, std::string_view text) const {
    const auto& from = table_.batches[batch];
    refuse_store(Kind::store_error, store_path_,
                 fmt::format("the store holds `{}` for `{}` (revision {}, {} line {}), which is not a {}", text,
                             columns_[column].name, from.revision, from.file, line, type_name(columns_[column].type)),
                 "import the file again under the rule set in use");
}

}  // namespace zoneval::store
