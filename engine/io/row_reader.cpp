#include "engine/io/row_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace zoneval::io {

RowReader::RowReader(RowSource& source, const DatasetSchema& schema, const ReadOptions& options,
                     Diagnostics& diagnostics)
    : source_(source), schema_(schema), options_(options), diagnostics_(diagnostics) {}

void RowReader::read(ImportedRows& out) {
    if (!source_.next(diagnostics_)) {
        if (!diagnostics_.has_errors())
            add_whole_file(Kind::unreadable_file, "the file holds no rows", "its first row must name the columns");
        return;
    }
    header_ = read_header(source_, schema_, diagnostics_);
    if (!header_.id || !header_.year) return;  // nothing below could be placed
    read_parts(out);
    find_repeats(out);
    refuse_empty();
    report_errors(out);
    if (!diagnostics_.has_errors()) note_absent();
}

void RowReader::read_parts(ImportedRows& out) {
    auto lines = source_.lines_read();
    sources_ = source_.split();
    for (const auto& feed : header_.feeds) out.columns.emplace_back(feed.column->name, feed.column->type);
    const Expected expected(header_, schema_, options_.shown_errors);
    bool ended = false;  // what follows a malformed row is not read
    const auto read = [&](std::size_t i) { return PartReader(*sources_[i], expected).read(); };
    in_order(sources_.size(), options_.work.threads, read, [&](std::size_t i, Part part) {
        if (ended) return;
        ended = !part.malformed.empty();
        const auto rows = part.years.size();
        if (i == 0) reserve(out, rows * sources_.size(), part.records.bytes() * sources_.size());
        auto& taken = parts_.emplace_back(Read{std::move(part), rows_, lines});
        lines += taken.part.line_count;
        rows_ += rows;
        join(out, taken.part);
        options_.work.tell(rows_, rows_ * sources_.size() / (i + 1));
    });
}

/// Room for about that many rows: a few too many cost nothing, as they are not touched.
void RowReader::reserve(ImportedRows& out, std::size_t rows, std::size_t id_bytes) {
    if (sources_.size() > 1) {
        rows += rows / 16;
        id_bytes += id_bytes / 4;
    }
    out.records.reserve(rows, id_bytes);
    out.years.reserve(rows);
    out.lines.reserve(rows);
    for (auto& column : out.columns) column.reserve(rows);
}

void RowReader::join(ImportedRows& out, Part& part) {
    out.records.append(part.records);
    out.years.insert(out.years.end(), part.years.begin(), part.years.end());
    for (const auto line : part.lines) out.lines.push_back(parts_.back().lines_before + line);
    for (std::size_t i = 0; i < out.columns.size(); ++i) out.columns[i].append(part.columns[i]);
    part.records = {};
    part.years = {};
    part.lines = {};
    part.columns = {};
}

namespace {

/// Rows that ascend by record and year, or by year and record, as most files do: there can be no repeats.
bool ascend(const ImportedRows& rows) {
    bool by_record = true, by_year = true;
    for (std::size_t i = 1; i < rows.years.size() && (by_record || by_year); ++i) {
        const auto before = rows.records[i - 1], after = rows.records[i];
        const auto year_before = rows.years[i - 1], year_after = rows.years[i];
        const bool record_ascends = ascends(before, after);
        by_record = by_record && (record_ascends || (before == after && year_before < year_after));
        by_year = by_year && (year_before < year_after || (year_before == year_after && record_ascends));
    }
    return by_record || by_year;
}

}  // namespace

void RowReader::find_repeats(const ImportedRows& out) {
    if (ascend(out)) return;
    // Hashes are made a little ahead, so that the memory they lead to is there when it is asked.
    constexpr std::size_t ahead = 16;
    std::vector<std::uint32_t> hashes(ahead);
    RowIndex seen;
    seen.reserve(rows_);
    const auto prepare = [&](std::size_t row) {
        if (row >= rows_) return;
        hashes[row % ahead] = RowIndex::hash(out.records[row], out.years[row]);
        seen.expect(hashes[row % ahead]);
    };
    for (std::size_t row = 0; row < ahead; ++row) prepare(row);
    for (std::size_t row = 0; row < rows_; ++row) {
        const auto id = out.records[row];
        const auto year = out.years[row];
        const auto hash = hashes[row % ahead];
        prepare(row + ahead);
        if (id.empty() || year == 0) continue;  // refused already
        const auto same = [&](std::uint32_t other) { return out.years[other] == year && out.records[other] == id; };
        const auto [earlier, is_new] = seen.insert(hash, static_cast<std::uint32_t>(row), same);
        if (is_new || ++repeat_count_ > options_.shown_errors) continue;
        repeats_.push_back(row);
        first_lines_.push_back(out.lines[earlier]);
    }
}

void RowReader::refuse_empty() {
    if (rows_ > 0 || diagnostics_.has_errors()) return;
    if (std::all_of(parts_.begin(), parts_.end(),
                    [](const Read& read) { return read.part.error_count == 0 && read.part.malformed.empty(); }))
        add_whole_file(Kind::unreadable_file, "the file has a header and no rows under it", "");
}

/// In the order of the file: of a row its cells first, then whether it is a repeat.
void RowReader::report_errors(const ImportedRows& out) {
    std::size_t shown = 0, count = repeat_count_, repeat = 0;
    for (std::size_t p = 0; p < parts_.size(); ++p) {
        auto& [part, rows_before, lines_before] = parts_[p];
        const auto say = [&, before = lines_before](Diagnostic said) {
            if (shown++ >= options_.shown_errors) return;
            said.where.line += before;
            diagnostics_.add(std::move(said));
        };
        const auto say_repeats = [&](std::size_t before_row) {
            for (; repeat < repeats_.size() && repeats_[repeat] < before_row; ++repeat) say(repeated(out, repeat, p));
        };
        count += part.error_count;
        for (auto& error : part.errors) {
            say_repeats(rows_before + error.row);
            say(std::move(error.said));
        }
        say_repeats(p + 1 < parts_.size() ? parts_[p + 1].rows_before : rows_);
        for (auto said : part.malformed.all()) {
            said.where.line += lines_before;
            diagnostics_.add(std::move(said));
        }
    }
    if (count <= options_.shown_errors) return;
    const auto more = count - options_.shown_errors;
    add_whole_file(Kind::too_many_errors,
                   more == 1 ? "1 more error in this file is not shown"
                             : fmt::format("{} more errors in this file are not shown", more),
                   "errors that repeat down a column usually have one cause");
}

Diagnostic RowReader::repeated(const ImportedRows& out, std::size_t repeat, std::size_t part) {
    const auto row = repeats_[repeat];
    auto& source = *sources_[part];
    source.go_back_to(out.lines[row] - parts_[part].lines_before);
    return {Kind::duplicate_record,
            fmt::format("`{}` appears a second time for {}, first in {} {}", out.records[row], out.years[row],
                        source.ragged_allowed() ? "row" : "line", first_lines_[repeat]),
            source.where(*header_.id), "", fmt::format("keep one row for each {} and year", schema_.record)};
}

/// Columns that need not be there, and are not: one note for all of them.
void RowReader::note_absent() {
    constexpr std::size_t most = 12;
    auto names = header_.absent;
    if (names.empty()) return;
    const auto more = names.size() > most ? fmt::format(" and {} more", names.size() - most) : "";
    names.resize(std::min(names.size(), most));
    add_whole_file(
        Kind::column_absent,
        fmt::format("no column for `{}`{}: not reported, as far as this file goes", fmt::join(names, "`, `"), more),
        "");
}

void RowReader::add_whole_file(Kind kind, std::string message, std::string hint) {
    auto where = Location{};
    where.file = source_.file();
    where.sheet = source_.sheet();
    diagnostics_.add({kind, std::move(message), std::move(where), "", std::move(hint)});
}

}  // namespace zoneval::io
