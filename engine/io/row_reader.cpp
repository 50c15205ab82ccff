#include "engine/io/row_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace zoneval::io {

RowReader::RowReader(RowSource& source, const DatasetSchema& schema, const ReadOptions& options, Diagnostics& diagnostics)
    : source_(source),
      schema_(schema),
      options_(options),
      diagnostics_(diagnostics),
      aliases_(schema.aliases.begin(), schema.aliases.end()),
      roster_(schema.roster.begin(), schema.roster.end()) {}

void RowReader::read(ImportedRows& out) {
    if (!source_.next(diagnostics_)) {
        if (!diagnostics_.has_errors()) add_whole_file(Kind::unreadable_file, "the file holds no rows", "its first row must name the columns");
        return;
    }
    header_ = read_header(source_, schema_, diagnostics_);
    if (!header_.id || !header_.year) return;  // nothing below could be placed
    readers_.reserve(header_.feeds.size());
    for (const auto& feed : header_.feeds) readers_.emplace_back(*feed.column, schema_);

    while (source_.next(diagnostics_)) read_row(out);
    if (out.records.empty() && errors_ == 0 && !diagnostics_.has_errors())
        add_whole_file(Kind::unreadable_file, "the file has a header and no rows under it", "");
    if (errors_ > options_.shown_errors) {
        const auto more = errors_ - options_.shown_errors;
        add_whole_file(Kind::too_many_errors, more == 1 ? "1 more error in this file is not shown" : fmt::format("{} more errors in this file are not shown", more),
                       "errors that repeat down a column usually have one cause");
    }
    if (!diagnostics_.has_errors()) note_absent();
    for (auto& reader : readers_) out.columns.push_back(reader.take());
}

/// Columns that need not be there, and are not: one note for all of them.
void RowReader::note_absent() {
    constexpr std::size_t most = 12;
    auto names = header_.absent;
    if (names.empty()) return;
    const auto more = names.size() > most ? fmt::format(" and {} more", names.size() - most) : "";
    names.resize(std::min(names.size(), most));
    add_whole_file(Kind::column_absent, fmt::format("no column for `{}`{}: not reported, as far as this file goes", fmt::join(names, "`, `"), more), "");
}

void RowReader::read_row(ImportedRows& out) {
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
    out.records.push_back(record.value_or(""));
    out.years.push_back(year.value_or(0));
    out.lines.push_back(source_.line());
    if (record && year) refuse_repeat(out);
    constexpr std::size_t enough_to_guess = 1000;
    if (out.records.size() == enough_to_guess) reserve(out);
}

void RowReader::reserve(ImportedRows& out) {
    const auto rows = source_.expected_rows();
    out.records.reserve(rows, rows * out.records.bytes() / out.records.size());
    out.years.reserve(rows);
    out.lines.reserve(rows);
    for (auto& reader : readers_) reader.reserve(rows);
}

bool RowReader::fits_header() {
    const auto& cells = source_.cells();
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const bool unnamed = i >= header_.width || header_.names[i].empty();
        if (!unnamed || cells[i].empty()) continue;
        if (!shown()) return false;
        const auto message = i >= header_.width
                                 ? fmt::format("the row has more cells than the header: {} against {}", cells.size(), header_.width)
                                 : fmt::format("column {} holds `{}` but has no header", i + 1, cells[i].substr(0, 60));
        refuse(i, {Kind::malformed_csv, message, "",
                   i >= header_.width ? "a cell that holds the delimiter must be in quotes" : "name the column, or empty it"});
        return false;
    }
    if (source_.ragged_allowed() || cells.size() == header_.width) return true;
    // Even if the cells beyond are empty: an unquoted thousands separator shifts the row by one.
    const bool more = cells.size() > header_.width;
    if (shown())
        refuse(std::min(cells.size(), header_.width),
               {Kind::malformed_csv,
                fmt::format("the row has {} cells than the header: {} against {}", more ? "more" : "fewer", cells.size(), header_.width), "",
                more ? "a cell that holds the delimiter must be in quotes, and numbers have no thousands separators"
                     : "an empty cell still needs its delimiter"});
    return false;
}

std::optional<std::string_view> RowReader::record_of_row() {
    const auto cell = *header_.id;
    auto id = cell < source_.cells().size() ? source_.cells()[cell] : std::string_view{};
    if (const auto alias = aliases_.find(id); alias != aliases_.end()) id = alias->second;
    const bool stray = has_stray_blank(id), error_value = is_spreadsheet_error(id);
    if (!id.empty() && !stray && !error_value && (roster_.empty() || roster_.contains(id))) return id;
    if (shown())
        refuse(cell, stray         ? refuse_stray_blank(what(cell), id)
                     : error_value ? refuse_error_value(what(cell), id)
                                   : refuse_record(what(cell), id, schema_));
    return std::nullopt;
}

std::optional<std::int32_t> RowReader::year_of_row() {
    constexpr std::int64_t first = 1, last = 9999;
    const auto cell = *header_.year;
    const auto text = cell < source_.cells().size() ? source_.cells()[cell] : std::string_view{};
    const auto number = parse_scaled(text);
    if (number && number->decimals == 0 && number->coefficient >= first && number->coefficient <= last)
        return static_cast<std::int32_t>(number->coefficient);
    if (shown()) refuse(cell, refuse_year(what(cell), text));
    return std::nullopt;
}

void RowReader::refuse_repeat(const ImportedRows& out) {
    const auto row = static_cast<std::uint32_t>(out.records.size() - 1);
    const auto id = out.records[row];
    const auto year = out.years[row];
    const auto same = [&](std::uint32_t other) { return out.years[other] == year && out.records[other] == id; };
    const auto [earlier, is_new] = seen_.insert(RowIndex::hash(id, year), row, same);
    if (is_new || !shown()) return;
    const auto place = source_.ragged_allowed() ? "row" : "line";
    refuse(*header_.id, {Kind::duplicate_record,
                         fmt::format("`{}` appears a second time for {}, first in {} {}", id, year, place, out.lines[earlier]), "",
                         fmt::format("keep one row for each {} and year", schema_.record)});
}

bool RowReader::shown() { return ++errors_ <= options_.shown_errors; }

void RowReader::refuse(std::size_t cell, Refusal refusal) {
    diagnostics_.add({refusal.kind, std::move(refusal.message), source_.where(cell), std::move(refusal.expected),
                      std::move(refusal.hint)});
}

std::string RowReader::what(std::size_t cell) const { return fmt::format("`{}`{}", header_.names[cell], source_.called(cell)); }

void RowReader::add_whole_file(Kind kind, std::string message, std::string hint) {
    auto where = Location{};
    where.file = source_.file();
    where.sheet = source_.sheet();
    diagnostics_.add({kind, std::move(message), std::move(where), "", std::move(hint)});
}

}  // namespace zoneval::io
