#include "engine/table/table.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace zoneval {

const Column* Table::column(std::string_view name) const {
    for (const auto& column : columns)
        if (column.name() == name) return &column;
    return nullptr;
}

RowIndex& RecordIndex::of(const std::vector<std::string>& records) const {
    auto& [making, rows, index] = *made_;
    if (rows.load(std::memory_order_acquire) == records.size()) return index;
    const std::scoped_lock lock(making);
    index.reserve(records.capacity());
    for (auto row = rows.load(); row < records.size(); ++row)
        index.insert(RowIndex::hash(records[row]), static_cast<std::uint32_t>(row),
                     [&](std::uint32_t other) { return records[other] == records[row]; });
    rows.store(records.size(), std::memory_order_release);
    return index;
}

std::optional<std::size_t> Table::row(std::string_view record) const {
    return index_.of(records).find(RowIndex::hash(record), [&](std::uint32_t row) { return records[row] == record; });
}

Origin Table::origin(std::size_t row, std::size_t column) const {
    if (column < cell_origin_.size() && row < cell_origin_[column].size()) return cell_origin_[column][row];
    return row_origin_[row];
}

void Table::append_record(std::string id, Origin origin) {
    if (!enter(id, origin).second) throw std::invalid_argument(fmt::format("record `{}` is in the table already", id));
}

std::size_t Table::find_or_append(std::string_view id, Origin origin) { return enter(id, origin).first; }

std::pair<std::size_t, bool> Table::enter(std::string_view id, Origin origin) {
    const auto next = static_cast<std::uint32_t>(records.size());
    const auto entered =
        index_.of(records).insert(RowIndex::hash(id), next, [&](std::uint32_t other) { return records[other] == id; });
    if (entered.second) {
        append_new(id, origin);
        index_.entered(records);
    }
    return entered;
}

void Table::set_origin(std::size_t row, std::size_t column, Origin origin) {
    if (cell_origin_.size() <= column) cell_origin_.resize(column + 1);
    auto& origins = cell_origin_[column];
    // Rows beyond the end of `origins` have their row's origin.
    while (origins.size() <= row) origins.push_back(row_origin_[origins.size()]);
    origins[row] = origin;
}

}  // namespace zoneval
