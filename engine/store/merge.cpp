#include "engine/store/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "engine/store/cell_text.hpp"
#include "engine/store/database.hpp"

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

void Merge::add_rows(Batch batch, std::size_t row_count, std::string_view rows_json) {
    const auto number = static_cast<std::uint32_t>(table_.batches.size());
    table_.batches.push_back(std::move(batch));
    auto& placed = placed_.emplace_back();
    constexpr std::size_t shortest_row = 7;    // of JSON: a count altered by hand must not ask for the moon
    row_count = std::min(row_count, rows_json.size() / shortest_row + 1);
    placed.lines.reserve(row_count);
    placed.rows.reserve(row_count);
    if (number == 0) table_.reserve(row_count);
    // Read a little ahead of being looked up, so that the memory looked into is there.
    struct Ahead { std::string record; std::int32_t year = 0; std::uint32_t line = 0; };
    std::array<Ahead, 16> ahead;
    std::size_t read = 0, done = 0;
    const auto place = [&] {
        const auto& row = ahead[done++ % ahead.size()];
        placed.lines.push_back(row.line);
        placed.rows.push_back(row.year == table_.year ? static_cast<std::uint32_t>(table_.find_or_append(row.record, {number, row.line})) : other_year);
    };
    ArrayReader reader(rows_json);
    while (const auto row = reader.next_row()) {
        if (read - done == ahead.size()) place();
        auto& next = ahead[read++ % ahead.size()];
        next.record = row->record;
        next.year = row->year;
        next.line = row->line;
        table_.expect(row->record);
    }
    while (done < read) place();
}

void Merge::add_cells(std::size_t column, std::size_t batch, std::string_view cells_json) {
    const auto& placed = placed_[batch];
    auto& data = table_.columns[column];
    data.reserve(table_.records.size());
    const bool numbers = data.type() == TypeKind::number;
    ArrayReader reader(cells_json);
    for (std::size_t i = 0; i < placed.rows.size(); ++i) {
        const auto row = placed.rows[i];
        // The usual case, a number in a row met for the first time and in order, goes straight into its column.
        if (numbers && row == data.size() && table_.row_origin(row) == Origin{static_cast<std::uint32_t>(batch), placed.lines[i]})
            if (const auto number = reader.next_number()) {
                data.append_number(*number);
                continue;
            }
        const auto cell = reader.next_cell();
        if (!cell) throw std::runtime_error("a column has too few cells");
        if (row != other_year) add_cell(column, batch, i, *cell);
    }
    if (reader.next_cell()) throw std::runtime_error("a column has too many cells");
}

void Merge::add_cell(std::size_t column, std::size_t batch, std::size_t i, const ArrayReader::Cell& cell) {
    auto& data = table_.columns[column];
    const auto row = placed_[batch].rows[i];
    while (data.size() < row) data.append_blank(columns_[column].no_row);
    const bool is_new = data.size() == row;
    if (cell.kind == ArrayReader::Cell::Kind::blank) {
        // An empty cell says what `blank` says, but overrules nothing that an earlier file knew.
        if (is_new) data.append_blank(columns_[column].blank);
        else if (data.blank(row)) data.set_missing(row, columns_[column].blank);
        return;
    }
    const Origin origin{static_cast<std::uint32_t>(batch), placed_[batch].lines[i]};
    if (cell.kind == ArrayReader::Cell::Kind::missing) {
        const auto kind = feel::missing_from_string(cell.text);
        if (!kind || *kind == Missing::none) throw std::runtime_error("a cell has an unknown kind of missing");
        if (is_new) data.append_missing(*kind);
        else data.set_missing(row, *kind);
    } else if (is_new) {
        append_text(column, batch, origin.line, cell.text);
    } else {
        data.set(row, value_of(column, batch, origin.line, cell.text));
    }
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
