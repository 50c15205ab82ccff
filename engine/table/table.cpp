#include "engine/table/table.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace zoneval {

const Column* Table::column(std::string_view name) const {
    for (const auto& column : columns)
        if (column.name() == name) return &column;
    return nullptr;
}

std::optional<std::size_t> Table::row(std::string_view record) const {
    return row_of_.find(RowIndex::hash(record), [&](std::uint32_t row) { return records[row] == record; });
}

Origin Table::origin(std::size_t row, std::size_t column) const {
    if (column < cell_origin_.size() && row < cell_origin_[column].size()) return cell_origin_[column][row];
    return row_origin_[row];
}

void Table::append_record(std::string id, Origin origin) {
    const auto next = static_cast<std::uint32_t>(records.size());
    const auto same = [&](std::uint32_t row) { return records[row] == id; };
    if (!row_of_.insert(RowIndex::hash(id), next, same).second)
        throw std::invalid_argument(fmt::format("record `{}` is in the table already", id));
    records.push_back(std::move(id));
    row_origin_.push_back(origin);
}

std::size_t Table::find_or_append(std::string_view id, Origin origin) {
    const auto next = static_cast<std::uint32_t>(records.size());
    const auto [row, is_new] = row_of_.insert(RowIndex::hash(id), next, [&](std::uint32_t other) { return records[other] == id; });
    if (is_new) {
        records.emplace_back(id);
        row_origin_.push_back(origin);
    }
    return row;
}

void Table::set_origin(std::size_t row, std::size_t column, Origin origin) {
    if (cell_origin_.size() <= column) cell_origin_.resize(column + 1);
    auto& origins = cell_origin_[column];
    // Rows beyond the end of `origins` have their row's origin.
    while (origins.size() <= row) origins.push_back(row_origin_[origins.size()]);
    origins[row] = origin;
}

}  // namespace zoneval
