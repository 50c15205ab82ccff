#include "engine/io/reading/row_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_map>

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
    if (diagnostics_.has_errors()) return;
    for (const auto& read : parts_)
        for (const auto& read_as : read.part.read_as) out.codes.insert(read_as.codes.begin(), read_as.codes.end());
    note_absent();
    note_read_as(out);
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
                    [](const Read& read) { return read.part.errors.empty() && read.part.malformed.empty(); }))
        add_whole_file(Kind::unreadable_file, "the file has a header and no rows under it", "");
}

namespace {

/// "…; so are 233 more: `13%` (line 15), `9%` (line 20) …"
std::string with_others(const Part::Error& error, bool sheet) {
    if (error.count < 2) return error.said.message;
    std::vector<std::string> examples;
    for (const auto& [text, line] : error.further)
        examples.push_back(text.empty() ? fmt::format("{} {}", sheet ? "row" : "line", line)
                                        : fmt::format("`{}` ({} {})", text, sheet ? "row" : "line", line));
    const auto more = error.count - 1;
    return fmt::format("{}; the same in {} more {}: {}{}", error.said.message, more,
                       error.cause.starts_with("row ") ? more == 1 ? "row" : "rows"
                       : more == 1                     ? "cell"
                                                       : "cells",
                       fmt::join(examples, ", "), more > examples.size() ? " …" : "");
}

}  // namespace

namespace {

/// Errors of the same cause from a later part.
void add(Part::Error& all, const Part::Error& more) {
    all.count += more.count;
    const auto example = [&](const Part::Error::Example& one) {
        if (all.further.size() < Part::Error::most_examples) all.further.push_back(one);
    };
    example({more.text, more.line});
    for (const auto& one : more.further) example(one);
}

}  // namespace

/// One finding for each cause, counted over all parts, in the order of the file. Repeats of records are one.
void RowReader::report_errors(const ImportedRows& out) {
    std::vector<Part::Error> all;  // rows and lines counted in the file
    std::unordered_map<std::string, std::size_t> causes;
    for (auto& [part, rows_before, lines_before] : parts_)
        for (auto& error : part.errors) {
            error.row += rows_before;
            error.line += lines_before;
            error.said.where.line += lines_before;
            for (auto& example : error.further) example.line += lines_before;
            const auto [known, is_new] = causes.emplace(error.cause, all.size());
            if (is_new)
                all.push_back(std::move(error));
            else
                add(all[known->second], error);
        }
    if (!repeats_.empty()) all.push_back(repeats(out));
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.row < b.row; });
    const bool sheet = source_.ragged_allowed();
    for (std::size_t i = 0; i < std::min(all.size(), options_.shown_errors); ++i) {
        all[i].said.message = with_others(all[i], sheet);
        diagnostics_.add(std::move(all[i].said));
    }
    for (auto& [part, rows_before, lines_before] : parts_)
        for (auto said : part.malformed.all()) {
            said.where.line += lines_before;
            diagnostics_.add(std::move(said));
        }
    if (all.size() <= options_.shown_errors) return;
    const auto more = all.size() - options_.shown_errors;
    add_whole_file(Kind::too_many_errors,
                   more == 1 ? "1 more error in this file is not shown"
                             : fmt::format("{} more errors in this file are not shown", more),
                   "", more);
}

Part::Error RowReader::repeats(const ImportedRows& out) {
    const auto part_of = [&](std::size_t row) {
        std::size_t part = 0;
        while (part + 1 < parts_.size() && parts_[part + 1].rows_before <= row) ++part;
        return part;
    };
    const auto first = repeats_.front();
    const auto part = part_of(first);
    Part::Error error{"repeat", first, "", 0, repeated(out, 0, part)};
    error.said.where.line += parts_[part].lines_before;
    error.count = repeat_count_;
    for (std::size_t i = 1; i < std::min<std::size_t>(repeats_.size(), 3); ++i)
        error.further.push_back({std::string(out.records[repeats_[i]]), out.lines[repeats_[i]]});
    return error;
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

/// Numbers beside per cents that are none themselves: 3.5 % and 3.5 in one column.
template <class Say>
void RowReader::note_bare(const Column& column, std::size_t per_cents, const Say& say) {
    ReadAs::Some bare;
    for (std::size_t row = 0; row < column.size(); ++row) bare.count += column.missing(row) == feel::Missing::none;
    bare.count -= std::min(bare.count, per_cents);
    say(bare, "cell is", "cells are", "no per cent beside those, and read as shown",
        "write all cells of the column in one way");
}

/// What cells were, where that is not what they say: one note for each column and reason.
void RowReader::note_read_as(const ImportedRows& out) {
    for (std::size_t i = 0; i < header_.feeds.size(); ++i) {
        ReadAs read_as;
        for (const auto& read : parts_) read_as.add(read.part.read_as[i]);
        const auto& feed = header_.feeds[i];
        const auto& name = header_.names[feed.cell];
        const auto* column = feed.column;
        const auto say = [&](const ReadAs::Some& some, std::string_view one, std::string_view many,
                             const std::string& rest, std::string hint = {}) {
            if (some.count > 0)
                add_whole_file(Kind::cells_read_as,
                               fmt::format("`{}`: {} {} {}", name, some.count, some.count == 1 ? one : many, rest),
                               std::move(hint));
        };
        say(read_as.percent, "cell is per cent", "cells are per cent",
            fmt::format("in the workbook: {} stored is read as {}{}{}", read_as.percent.text, read_as.percent.value,
                        column->unit.empty() ? ", a share of 1" : " ", column->unit));
        if (read_as.percent.count > 0) note_bare(out.columns[i], read_as.percent.count, say);
        if (column->unit != "%")
            say(read_as.with_sign, "cell is shown", "cells are shown",
                fmt::format("with a % or ‰ that its number format only writes behind; read as stored: {}",
                            read_as.with_sign.text));
        say(read_as.long_digits, "cell holds", "cells hold",
            fmt::format("more than 15 digits, as `{}`", read_as.long_digits.text),
            fmt::format(
                "if they come from binary fractions, `decimals: round` on the input `{}` reads them as spreadsheets "
                "show them",
                column->name));
        say(read_as.in_thousands, "cell is shown", "cells are shown",
            fmt::format("divided by its number format; read as stored: {}", read_as.in_thousands.text));
        say(read_as.merged, "cell is", "cells are",
            fmt::format("covered by merged ones and read as they: `{}`", read_as.merged.text));
        for (const auto& [code, kind] : column->form.missing_codes) note_unused(read_as, code, *column);
    }
}

void RowReader::note_unused(const ReadAs& read_as, const std::string& code, const ColumnSchema& column) {
    if (!read_as.codes.contains(code))
        add_whole_file(Kind::unused_code, fmt::format("`{}` of the column for `{}` never occurs", code, column.name),
                       "");
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

void RowReader::add_whole_file(Kind kind, std::string message, std::string hint, std::size_t stands_for) {
    auto where = Location{};
    where.file = source_.file();
    where.sheet = source_.sheet();
    diagnostics_.add({kind, std::move(message), std::move(where), "", std::move(hint), stands_for});
}

}  // namespace zoneval::io
