#include "engine/io/shapes/header.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_map>

#include "engine/io/cells/characters.hpp"
#include "engine/table/units.hpp"

namespace zoneval::io {

namespace {

class Matcher {
  public:
    Matcher(const RowSource& source, const DatasetSchema& schema, Diagnostics& diagnostics)
        : source_(source), schema_(schema), diagnostics_(diagnostics) {}

    Header match() {
        header_.width = source_.cells().size();
        for (const auto cell : source_.cells()) header_.names.push_back(one_line(cell));
        refuse_repeats();
        for (const auto& name : header_.names) parts_.push_back(heading_parts(name));
        header_.id = need(schema_.id_header, fmt::format("names the {}", schema_.record));
        header_.year = need(schema_.year_header, "holds the year");
        for (const auto& column : schema_.columns) {
            if (const auto cell = find_with_unit(column.header))
                feed(*cell, column);
            else if (column.required)
                missing(column.header, fmt::format("feeds the input `{}`", column.name));
            else
                header_.absent.push_back(column.name);
        }
        note_conversions();
        warn_of_unknown();
        return std::move(header_);
    }

  private:
    std::optional<std::size_t> find(const std::string& name) const {
        const auto found = std::find(header_.names.begin(), header_.names.end(), name);
        if (found == header_.names.end() || name.empty()) return std::nullopt;
        return static_cast<std::size_t>(found - header_.names.begin());
    }

    /// The heading itself, or the only one that is it with a unit behind.
    std::optional<std::size_t> find_with_unit(const std::string& name) const {
        if (const auto cell = find(name)) return cell;
        std::optional<std::size_t> out;
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            if (parts_[i].unit.empty() || parts_[i].name != name) continue;
            if (out) return std::nullopt;
            out = i;
        }
        return out;
    }

    /// The file's unit as the dataset, the heading or a row of units has it; they must agree with the input's.
    void feed(std::size_t cell, const ColumnSchema& column) {
        auto& out = header_.feeds.emplace_back(Header::Feed{cell, &column});
        const auto said = cell < source_.units().size() ? source_.units()[cell] : std::string();
        const bool by_heading = column.form.unit.empty() && said.empty();
        const auto& unit = !column.form.unit.empty() ? column.form.unit : !said.empty() ? said : parts_[cell].unit;
        if (unit.empty() || column.unit.empty() || unit == column.unit || column.type != feel::Type::Kind::number)
            return;
        const auto file = parse_unit(half_width(unit)), input = parse_unit(column.unit);
        if (!file || !input || file->dimensions != input->dimensions) {
            // What stands in brackets in a heading that was asked for need not be a unit: `GDP（现价）`.
            if (by_heading && header_.names[cell] == column.header) return;
            diagnostics_.add({Kind::bad_cell,
                              fmt::format("`{}`{} is in {}, the input `{}` in {}", header_.names[cell],
                                          source_.called(cell), unit, column.name, column.unit),
                              source_.where(cell), fmt::format("figures in {}", column.unit),
                              "is this the right column? If the unit is another word for the same, say so: "
                              "`{column: …, unit: …}`"});
            return;
        }
        if (!column.form.unit.empty() && !said.empty()) disagree(cell, column, said);
        if (file->scale == input->scale) return;
        out.factor = file->scale / input->scale;
        converted_.push_back({&out - header_.feeds.data(), unit});
    }

    /// The dataset says one unit, the file another.
    void disagree(std::size_t cell, const ColumnSchema& column, const std::string& said) {
        const auto a = parse_unit(column.form.unit), b = parse_unit(half_width(said));
        if (!b || *a == *b) return;
        diagnostics_.add({Kind::bad_cell,
                          fmt::format("`{}`{} is in {}, but declared in {}", header_.names[cell], source_.called(cell),
                                      said, column.form.unit),
                          source_.where(cell), "", "correct `unit` of the column, or leave it out"});
    }

    void note_conversions() {
        for (const auto& [index, unit] : converted_) {
            const auto& feed = header_.feeds[static_cast<std::size_t>(index)];
            const bool divided = *feed.factor < feel::Decimal(1);
            const auto by = divided ? feel::Decimal(1) / *feed.factor : *feed.factor;
            auto where = source_.where(feed.cell);
            diagnostics_.add({Kind::cells_read_as,
                              fmt::format("`{}`{} is in {}: {} by {} for `{}`, in {}", header_.names[feed.cell],
                                          source_.called(feed.cell), unit, divided ? "divided" : "multiplied",
                                          by.to_string(), feed.column->name, feed.column->unit),
                              std::move(where), "", ""});
        }
    }

    std::optional<std::size_t> need(const std::string& name, const std::string& purpose) {
        const auto cell = find(name);
        if (!cell) missing(name, purpose);
        return cell;
    }

    // To say where a heading stands is to count up to it: of a hundred thousand that are wrong, the first are told.
    static constexpr std::size_t most_told = 100;

    void refuse_repeats() {
        std::unordered_map<std::string_view, std::size_t> first;
        std::size_t count = 0;
        for (std::size_t i = 0; i < header_.names.size(); ++i) {
            const auto& name = header_.names[i];
            const auto [earlier, is_new] = first.emplace(name, i);
            if (name.empty() || is_new || ++count > most_told) continue;
            diagnostics_.add({Kind::malformed_csv,
                              fmt::format("the header `{}`{} appears twice, first in column {}", name,
                                          source_.called(i), earlier->second + 1),
                              source_.where(i), "", "rename or remove one of the two columns"});
        }
    }

    void missing(const std::string& name, const std::string& purpose) {
        auto where = source_.where(0);
        where.column = 0;
        auto hint = did_you_mean(name, header_.names);
        if (hint.empty() && header_.names.size() == 1 && header_.names[0].find_first_of(";\t|") != std::string::npos) {
            const char delimiter = header_.names[0][header_.names[0].find_first_of(";\t|")];
            hint = delimiter == '\t'
                       ? "the cells seem to be parted by tabs: `--delimiter tab`"
                       : fmt::format("the cells seem to be parted by `{0}`: `--delimiter \"{0}\"`", delimiter);
        }
        if (hint.empty()) hint = fmt::format("the row read as header has: {}", listed());
        diagnostics_.add({Kind::missing_column, fmt::format("no column is headed `{}`, which {}", name, purpose), where,
                          fmt::format("a column headed `{}`", name), std::move(hint)});
    }

    std::string listed() const {
        constexpr std::size_t most = 20;
        const auto shown = std::min(most, header_.names.size());
        return fmt::format(
            "`{}`{}",
            fmt::join(header_.names.begin(), header_.names.begin() + static_cast<std::ptrdiff_t>(shown), "`, `"),
            shown < header_.names.size() ? fmt::format(" and {} more", header_.names.size() - shown) : "");
    }

    /// Headers the file does not have: what a stray header may have been meant for.
    std::vector<std::string> unfed() const {
        std::vector<std::string> out;
        for (const auto& column : schema_.columns)
            if (!find(column.header)) out.push_back(column.header);
        return out;
    }

    void warn_of_unknown() {
        const auto candidates = unfed();
        std::size_t count = 0;
        for (std::size_t i = 0; i < header_.names.size(); ++i) {
            const auto& name = header_.names[i];
            const auto has_name = [&](const std::string& other) { return other == name; };
            const bool used = i == header_.id || i == header_.year || name.empty() ||
                              std::any_of(schema_.columns.begin(), schema_.columns.end(),
                                          [&](const ColumnSchema& column) { return column.header == name; }) ||
                              std::any_of(header_.feeds.begin(), header_.feeds.end(),
                                          [&](const Header::Feed& feed) { return feed.cell == i; }) ||
                              std::any_of(schema_.ignore.begin(), schema_.ignore.end(), has_name);
            if (used || ++count > most_told) continue;
            auto hint = did_you_mean(name, candidates);
            if (hint.empty()) hint = "if that is meant, list it under `ignore`";
            diagnostics_.add({Kind::unknown_column,
                              fmt::format("the column `{}`{} feeds no input", name, source_.called(i)),
                              source_.where(i), "", std::move(hint)});
        }
        if (count > most_told) {
            auto where = source_.where(0);
            where.column = 0;
            diagnostics_.add({Kind::unknown_column, fmt::format("{} further columns feed no input", count - most_told),
                              std::move(where), "", "is the table read with the right header row?"});
        }
    }

    const RowSource& source_;
    const DatasetSchema& schema_;
    Diagnostics& diagnostics_;
    Header header_;
    std::vector<HeadingParts> parts_;
    std::vector<std::pair<std::ptrdiff_t, std::string>> converted_;  ///< feeds, and the unit of the file
};

}  // namespace

std::string one_line(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\n' && text[i] != '\r') {
            out += text[i];
            continue;
        }
        const bool wide = !out.empty() && (static_cast<unsigned char>(out.back()) >= 0x80);
        if (!wide && !out.empty() && out.back() != ' ') out += ' ';
    }
    return std::string(trimmed(out));
}

HeadingParts heading_parts(const std::string& heading) {
    constexpr std::pair<std::string_view, std::string_view> brackets[] = {
        {"（", "）"}, {"(", ")"}, {"[", "]"}, {"【", "】"}};
    for (const auto& [open, close] : brackets) {
        if (!heading.ends_with(close)) continue;
        const auto at = heading.rfind(open);
        if (at == std::string::npos || at == 0) continue;
        const auto inside = std::string_view(heading).substr(at + open.size());
        auto unit = std::string(trimmed(inside.substr(0, inside.size() - close.size())));
        for (const std::string_view word : {"单位：", "单位:"})
            if (unit.starts_with(word)) unit = std::string(trimmed(unit.substr(word.size())));
        return {std::string(trimmed(std::string_view(heading).substr(0, at))), unit};
    }
    return {heading, ""};
}

Header read_header(const RowSource& source, const DatasetSchema& schema, Diagnostics& diagnostics) {
    return Matcher(source, schema, diagnostics).match();
}

}  // namespace zoneval::io
