#include "engine/io/row_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace zoneval::io {

RowReader::RowReader(RowSource& source, const DatasetSchema& schema, const ReadOptions& options, Diagnostics& diagnostics)
    : source_(source), schema_(schema), options_(options), diagnostics_(diagnostics) {}

void RowReader::read(ImportedRows& out) {
    if (!source_.next(diagnostics_)) {
        if (!diagnostics_.has_errors()) add_whole_file(Kind::unreadable_file, "the file holds no rows", "its first row must name the columns");
        return;
    }
    header_ = read_header(source_, schema_, diagnostics_);
    if (!header_.id || !header_.year) return;  // nothing below could be placed
    read_parts();
    join(out);
    report_errors();
    if (!diagnostics_.has_errors()) note_absent();
}

void RowReader::read_parts() {
    auto lines = source_.lines_read();
    sources_ = source_.split();
    const Expected expected(header_, schema_, options_.shown_errors);
    bool ended = false;                        // what follows a malformed row is not read
    const auto read = [&](std::size_t i) { return PartReader(*sources_[i], expected).read(); };
    in_order(sources_.size(), options_.work.threads, read, [&](std::size_t i, Part part) {
        if (ended) return;
        ended = !part.malformed.empty();
        lines_before_.push_back(lines);
        lines += part.line_count;
        rows_ += part.years.size();
        parts_.push_back(std::move(part));
        options_.work.tell(rows_, rows_ * sources_.size() / (i + 1));
    });
}

/// Column by column, each part's piece freed when it has been copied: nothing is in memory twice for long.
void RowReader::join(ImportedRows& out) {
    for (const auto& feed : header_.feeds) out.columns.emplace_back(feed.column->name, feed.column->type);
    const auto make = [&](std::size_t i) {
        if (i == 0) {
            join_records(out);
            return true;
        }
        auto& column = out.columns[i - 1];
        column.reserve(rows_);
        for (auto& part : parts_) {
            column.append(part.columns[i - 1]);
            part.columns[i - 1] = Column("", column.type());
        }
        return true;
    };
    in_order(out.columns.size() + 1, options_.work.threads, make, [](std::size_t, bool) {});
}

void RowReader::join_records(ImportedRows& out) {
    std::size_t bytes = 0;
    for (const auto& part : parts_) bytes += part.records.bytes();
    out.records.reserve(rows_, bytes);
    out.years.reserve(rows_);
    out.lines.reserve(rows_);
    for (std::size_t p = 0; p < parts_.size(); ++p) {
        out.records.append(parts_[p].records);
        out.years.insert(out.years.end(), parts_[p].years.begin(), parts_[p].years.end());
        for (const auto line : parts_[p].lines) out.lines.push_back(lines_before_[p] + line);
    }
    // Repeats: hashes are made a little ahead, so that the memory they lead to is there when it is asked.
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
    std::size_t row = 0;
    for (std::size_t p = 0; p < parts_.size(); ++p)
        for (std::size_t in_part = 0; in_part < parts_[p].years.size(); ++in_part, ++row) {
            const auto id = out.records[row];
            const auto year = out.years[row], hash = static_cast<std::int32_t>(hashes[row % ahead]);
            prepare(row + ahead);
            if (id.empty() || year == 0) continue;     // refused already
            const auto same = [&](std::uint32_t other) { return out.years[other] == year && out.records[other] == id; };
            const auto [earlier, is_new] = seen.insert(static_cast<std::uint32_t>(hash), static_cast<std::uint32_t>(row), same);
            if (!is_new && ++repeat_count_ <= options_.shown_errors) repeats_.push_back({p, in_part, out.lines[earlier]});
        }
    if (rows_ == 0 && repeat_count_ == 0 && !diagnostics_.has_errors() &&
        std::all_of(parts_.begin(), parts_.end(), [](const Part& part) { return part.error_count == 0 && part.malformed.empty(); }))
        add_whole_file(Kind::unreadable_file, "the file has a header and no rows under it", "");
}

/// In the order of the file: of a row its cells first, then whether it is a repeat.
void RowReader::report_errors() {
    std::size_t shown = 0, count = repeat_count_;
    const auto say = [&](std::size_t p, Diagnostic said) {
        if (shown++ >= options_.shown_errors) return;
        said.where.line += lines_before_[p];
        diagnostics_.add(std::move(said));
    };
    auto repeat = repeats_.begin();
    for (std::size_t p = 0; p < parts_.size(); ++p) {
        count += parts_[p].error_count;
        const auto say_repeats = [&](std::size_t before_row) {
            for (; repeat != repeats_.end() && repeat->part == p && repeat->row < before_row; ++repeat) say(p, repeated(*repeat));
        };
        for (auto& error : parts_[p].errors) {
            say_repeats(error.row);
            say(p, std::move(error.said));
        }
        say_repeats(SIZE_MAX);
        for (auto said : parts_[p].malformed.all()) {
            said.where.line += lines_before_[p];
            diagnostics_.add(std::move(said));
        }
    }
    if (count <= options_.shown_errors) return;
    const auto more = count - options_.shown_errors;
    add_whole_file(Kind::too_many_errors, more == 1 ? "1 more error in this file is not shown" : fmt::format("{} more errors in this file are not shown", more),
                   "errors that repeat down a column usually have one cause");
}

Diagnostic RowReader::repeated(const Repeat& repeat) {
    const auto& part = parts_[repeat.part];
    auto& source = *sources_[repeat.part];
    source.go_back_to(part.lines[repeat.row]);
    return {Kind::duplicate_record,
            fmt::format("`{}` appears a second time for {}, first in {} {}", part.records[repeat.row], part.years[repeat.row],
                        source.ragged_allowed() ? "row" : "line", repeat.first_line),
            source.where(*header_.id), "", fmt::format("keep one row for each {} and year", schema_.record)};
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

void RowReader::add_whole_file(Kind kind, std::string message, std::string hint) {
    auto where = Location{};
    where.file = source_.file();
    where.sheet = source_.sheet();
    diagnostics_.add({kind, std::move(message), std::move(where), "", std::move(hint)});
}

}  // namespace zoneval::io
