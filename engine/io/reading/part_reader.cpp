#include "engine/io/reading/part_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/io/cells/characters.hpp"
#include "engine/io/shapes/shape_table.hpp"
#include "engine/io/sources/xlsx.hpp"

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
    if (id.empty() || has_stray_blank(id) || is_spreadsheet_error(id) || has_control_character(id) || looks_rounded(id))
        return std::nullopt;
    if (!roster.empty() && !roster.contains(id)) return std::nullopt;
    return id;
}

std::optional<std::int32_t> Expected::year(std::string_view text) const {
    const auto number = parse_scaled(text);
    if (!number) {  // as headings have it: `2023年`, `令和5年度`
        const auto found = text.find("年") == std::string_view::npos ? std::nullopt : year_heading(text, schema.shape);
        return found && found->rest.empty() ? std::optional(found->year) : std::nullopt;
    }
    if (number->decimals != 0 || number->coefficient < schema.shape.first_year ||
        number->coefficient > schema.shape.last_year || number->coefficient < 1)
        return std::nullopt;
    return static_cast<std::int32_t>(number->coefficient);
}

PartReader::PartReader(RowSource& source, const Expected& expected)
    : source_(source), expected_(expected), header_(expected.header) {
    readers_.reserve(header_.feeds.size());
    for (const auto& feed : header_.feeds) readers_.emplace_back(*feed.column, expected.schema, feed.factor);
}

Part PartReader::read() {
    if (auto part = read_columns(source_, expected_)) return std::move(*part);
    while (source_.next(part_.malformed)) read_row();
    part_.line_count = source_.lines_read();
    for (auto& reader : readers_) {
        part_.read_as.push_back(reader.read_as());
        part_.columns.push_back(reader.take());
    }
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
        const auto facts = source_.facts(cell);
        if (readers_[i].read(text, facts)) continue;
        refuse(cell, readers_[i].cause(text, facts), text,
               [&] { return readers_[i].explain(what(cell), text, facts); });
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
    const bool sheet = source_.ragged_allowed();
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const bool beyond = i >= header_.width, unnamed = beyond || header_.names[i].empty();
        if (!unnamed || cells[i].empty()) continue;
        if (sheet || !beyond)
            refuse_row(
                i, "unnamed",
                {Kind::malformed_csv,
                 fmt::format("column {}{} holds `{}` but has no header", sheet ? column_name(i) : std::to_string(i + 1),
                             source_.called(i), cells[i].substr(0, 60)),
                 "",
                 sheet ? "name the column, or empty it; names over two rows are read by `header row: [1, 2]`"
                       : "name the column, or empty it"});
        else
            refuse_row(
                i, "more",
                {Kind::malformed_csv,
                 fmt::format("the row has more cells than the header: {} against {}", cells.size(), header_.width), "",
                 "a cell that holds the delimiter must be in quotes"});
        return false;
    }
    if (sheet || cells.size() == header_.width) return true;
    // Even if the cells beyond are empty: an unquoted thousands separator shifts the row by one.
    const bool more = cells.size() > header_.width;
    refuse_row(
        std::min(cells.size(), header_.width), more ? "more" : "fewer",
        {Kind::malformed_csv,
         fmt::format("the row has {} cells than the header: {} against {}", more ? "more" : "fewer", cells.size(),
                     header_.width),
         "",
         more ? "a cell that holds the delimiter must be in quotes, and numbers have no thousands separators"
         : cells.size() == 1
             ? "an empty cell still needs its delimiter; notes and sources below the table are left out by `until`"
             : "an empty cell still needs its delimiter"});
    return false;
}

std::optional<std::string_view> PartReader::record_of_row() {
    const auto cell = *header_.id;
    auto id = cell < source_.cells().size() ? source_.cells()[cell] : std::string_view{};
    if (auto refusal = refuse_id_facts(what(cell), id, source_.facts(cell))) {
        refuse(cell, "facts", id, [&] { return std::move(*refusal); });
        return std::nullopt;
    }
    if (const auto record = expected_.record(id)) return record;
    if (const auto alias = expected_.aliases.find(id); alias != expected_.aliases.end()) id = alias->second;
    const bool stray = has_stray_blank(id), error_value = is_spreadsheet_error(id), control = has_control_character(id);
    const auto cause = stray               ? "stray"
                       : control           ? "control"
                       : looks_rounded(id) ? "shortened"
                                           : fmt::format("id {}", id);
    refuse(cell, cause, id, [&] {
        return stray         ? refuse_stray_blank(what(cell), id)
               : error_value ? refuse_error_value(what(cell), id)
                             : refuse_record(what(cell), id, expected_.schema);
    });
    return std::nullopt;
}

std::optional<std::int32_t> PartReader::year_of_row() {
    const auto cell = *header_.year;
    const auto text = cell < source_.cells().size() ? source_.cells()[cell] : std::string_view{};
    const auto facts = static_cast<Facts>(source_.facts(cell) & ~fact::merged_down);
    if (auto refusal = refuse_facts(what(cell), facts, {}))
        refuse(cell, "facts", text, [&] { return std::move(*refusal); });
    else if (const auto year = expected_.year(text))
        return year;
    else
        refuse(cell,
               text.empty()         ? "empty"
               : parse_scaled(text) ? "years"
                                    : "year",
               text, [&] { return refuse_year(what(cell), text, expected_.schema.shape); });
    return std::nullopt;
}

template <class Explain>
void PartReader::refuse(std::size_t cell, std::string cause, std::string_view text, const Explain& explain) {
    cause = fmt::format("{} {}", cell, cause);
    const auto [known, is_new] = causes_.emplace(cause, part_.errors.size());
    if (!is_new) return count(part_.errors[known->second], cell, text);
    const auto where = source_.where(cell);
    part_.errors.push_back({std::move(cause), part_.years.size(), std::string(text.substr(0, 60)), where.line, {}});
    if (part_.errors.size() > expected_.shown_errors) return;
    auto refusal = explain();
    part_.errors.back().said = {refusal.kind, std::move(refusal.message), where, std::move(refusal.expected),
                                std::move(refusal.hint)};
}

void PartReader::refuse_row(std::size_t cell, std::string cause, Refusal refusal) {
    cause = "row " + cause;
    const auto [known, is_new] = causes_.emplace(cause, part_.errors.size());
    if (!is_new) return count(part_.errors[known->second], cell, "");
    const auto where = source_.where(cell);
    part_.errors.push_back({std::move(cause),
                            part_.years.size(),
                            "",
                            where.line,
                            {refusal.kind, std::move(refusal.message), where, "", std::move(refusal.hint)}});
}

void PartReader::count(Part::Error& error, std::size_t cell, std::string_view text) {
    ++error.count;
    if (error.further.size() < Part::Error::most_examples)
        error.further.push_back({std::string(text.substr(0, 60)), source_.where(cell).line});
}

std::string PartReader::what(std::size_t cell) const {
    return fmt::format("`{}`{}", header_.names[cell], source_.called(cell));
}

}  // namespace zoneval::io
