#include "engine/io/part_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace zoneval::io {

Expected::Expected(const Header& header_row, const DatasetSchema& dataset, std::size_t shown)
    : header(header_row),
      schema(dataset),
      shown_errors(shown),
      all_named(std::find(header.names.begin(), header.names.end(), "") == header.names.end()),
      aliases(dataset.aliases.begin(), dataset.aliases.end()),
      roster(dataset.roster.begin(), dataset.roster.end()) {}

std::optional<std::string_view> Expected::record(std::string_view id) const {
    if (!aliases.empty())
        if (const auto alias = aliases.find(id); alias != aliases.end()) id = alias->second;
    if (id.empty() || has_stray_blank(id) || is_spreadsheet_error(id)) return std::nullopt;
    if (!roster.empty() && !roster.contains(id)) return std::nullopt;
    return id;
}

PartReader::PartReader(RowSource& source, const Expected& expected)
    : source_(source), expected_(expected), header_(expected.header) {
    readers_.reserve(header_.feeds.size());
    for (const auto& feed : header_.feeds) readers_.emplace_back(*feed.column, expected.schema);
}

Part PartReader::read() {
    if (auto part = read_columns(source_, expected_)) return std::move(*part);
    while (source_.next(part_.malformed)) read_row();
    part_.line_count = source_.lines_read();
    for (auto& reader : readers_) part_.columns.push_back(reader.take());
    return std::move(part_);
}

void PartReader::read_row() {
    if (!fits_header()) return;
    const auto record = record_of_row();
    const auto year = year_of_row();
    const auto& cells = source_.cells();
    for (std::size_t i = 0; i < readers_.size(); ++i) {
        const auto cell = header_.feeds[i].cell;
        const auto text = cell < cells.size() ? cells[cell] : std::string_view{};
        if (!readers_[i].read(text) && shown()) refuse(cell, readers_[i].explain(what(cell), text));
    }
    // Kept also when refused, so that columns and records stay of one length.
    part_.records.push_back(record.value_or(""));
    part_.years.push_back(year.value_or(0));
    part_.lines.push_back(source_.line());
    constexpr std::size_t enough_to_guess = 100;
    if (part_.years.size() == enough_to_guess) reserve();
}

void PartReader::reserve() {
    const auto rows = source_.expected_rows();
    part_.records.reserve(rows, rows * part_.records.bytes() / part_.records.size());
    part_.years.reserve(rows);
    part_.lines.reserve(rows);
    for (auto& reader : readers_) reader.reserve(rows);
}

bool PartReader::fits_header() {
    const auto& cells = source_.cells();
    if (cells.size() == header_.width && expected_.all_named) return true;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const bool unnamed = i >= header_.width || header_.names[i].empty();
        if (!unnamed || cells[i].empty()) continue;
        if (!shown()) return false;
        const auto message =
            i >= header_.width
                ? fmt::format("the row has more cells than the header: {} against {}", cells.size(), header_.width)
                : fmt::format("column {} holds `{}` but has no header", i + 1, cells[i].substr(0, 60));
        refuse(i, {Kind::malformed_csv, message, "",
                   i >= header_.width ? "a cell that holds the delimiter must be in quotes"
                                      : "name the column, or empty it"});
        return false;
    }
    if (source_.ragged_allowed() || cells.size() == header_.width) return true;
    // Even if the cells beyond are empty: an unquoted thousands separator shifts the row by one.
    const bool more = cells.size() > header_.width;
    if (shown())
        refuse(std::min(cells.size(), header_.width),
               {Kind::malformed_csv,
                fmt::format("the row has {} cells than the header: {} against {}", more ? "more" : "fewer",
                            cells.size(), header_.width),
                "",
                more ? "a cell that holds the delimiter must be in quotes, and numbers have no thousands separators"
                     : "an empty cell still needs its delimiter"});
    return false;
}

std::optional<std::string_view> PartReader::record_of_row() {
    const auto cell = *header_.id;
    auto id = cell < source_.cells().size() ? source_.cells()[cell] : std::string_view{};
    if (const auto record = expected_.record(id)) return record;
    if (const auto alias = expected_.aliases.find(id); alias != expected_.aliases.end()) id = alias->second;
    const bool stray = has_stray_blank(id), error_value = is_spreadsheet_error(id);
    if (shown())
        refuse(cell, stray         ? refuse_stray_blank(what(cell), id)
                     : error_value ? refuse_error_value(what(cell), id)
                                   : refuse_record(what(cell), id, expected_.schema));
    return std::nullopt;
}

std::optional<std::int32_t> year_of(std::string_view text) {
    constexpr std::int64_t first = 1, last = 9999;
    const auto number = parse_scaled(text);
    if (!number || number->decimals != 0 || number->coefficient < first || number->coefficient > last)
        return std::nullopt;
    return static_cast<std::int32_t>(number->coefficient);
}

std::optional<std::int32_t> PartReader::year_of_row() {
    const auto cell = *header_.year;
    const auto text = cell < source_.cells().size() ? source_.cells()[cell] : std::string_view{};
    if (const auto year = year_of(text)) return year;
    if (shown()) refuse(cell, refuse_year(what(cell), text));
    return std::nullopt;
}

void PartReader::refuse(std::size_t cell, Refusal refusal) {
    part_.errors.push_back({part_.years.size(),
                            {refusal.kind, std::move(refusal.message), source_.where(cell), std::move(refusal.expected),
                             std::move(refusal.hint)}});
}

std::string PartReader::what(std::size_t cell) const {
    return fmt::format("`{}`{}", header_.names[cell], source_.called(cell));
}

}  // namespace zoneval::io
