#include "engine/io/shapes/shape_steps.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_map>

#include "engine/diag/ascii.hpp"
#include "engine/io/shapes/header.hpp"

namespace zoneval::io {

std::size_t ShapedTable::column(std::string_view name) const {
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? npos : static_cast<std::size_t>(found - names.begin());
}

void ShapedTable::add_column(std::string name, ShapedCell heading) {
    names.push_back(std::move(name));
    units.emplace_back();
    headings.push_back(heading);
}

ShapedTable ShapedTable::without(const std::vector<std::size_t>& columns) const {
    ShapedTable out;
    out.made = made;
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < width(); ++i) {
        if (std::find(columns.begin(), columns.end(), i) != columns.end()) continue;
        kept.push_back(i);
        out.add_column(names[i], headings[i]);
        out.units.back() = units[i];
    }
    out.cells.reserve(rows() * kept.size());
    for (std::size_t row = 0; row < rows(); ++row)
        for (const auto i : kept) out.cells.push_back(cells[row * width() + i]);
    return out;
}

namespace {

struct YearPlace {
    std::size_t begin, length;
    std::int32_t year;
};

/// Years of reigns as Japan and Taiwan count them: `令和5年`, `平成元年`, `民國112年`.
std::optional<YearPlace> year_of_era(std::string_view text, std::size_t at) {
    static constexpr std::pair<std::string_view, std::int32_t> before[] = {
        {"令和", 2018}, {"平成", 1988}, {"昭和", 1925}, {"民國", 1911}, {"民国", 1911}};
    constexpr std::string_view first = "元", year_word = "年";
    for (const auto& [era, years] : before) {
        if (!text.substr(at).starts_with(era)) continue;
        auto rest = text.substr(at + era.size());
        std::int32_t count = 0;
        if (rest.starts_with(first)) {
            count = 1;
            rest.remove_prefix(first.size());
        }
        for (; count < 100 && !rest.empty() && is_digit(rest[0]); rest.remove_prefix(1))
            count = count * 10 + (rest[0] - '0');
        if (count > 0 && rest.starts_with(year_word))
            return YearPlace{at, text.size() - rest.size() - at, years + count};
    }
    return std::nullopt;
}

/// Four digits that stand alone, and years of eras.
std::vector<YearPlace> year_places(std::string_view text) {
    std::vector<YearPlace> out;
    constexpr std::size_t digits = 4;
    const auto beside = [&](std::size_t at) { return is_digit(text[at]) || is_letter(text[at]); };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (const auto era = year_of_era(text, i)) out.push_back(*era);
        const auto four = text.substr(i, digits);
        if (four.size() == digits && std::all_of(four.begin(), four.end(), is_digit) && (i == 0 || !beside(i - 1)) &&
            (i + digits == text.size() || !beside(i + digits)))
            out.push_back({i, digits, std::stoi(std::string(four))});
    }
    return out;
}

}  // namespace

std::vector<std::int32_t> years_in(std::string_view text, const Shape& shape) {
    std::vector<std::int32_t> out;
    for (const auto& [begin, length, year] : year_places(text)) {
        if (year < shape.first_year || year > shape.last_year) continue;
        if (std::find(out.begin(), out.end(), year) == out.end()) out.push_back(year);
    }
    return out;
}

namespace {

/// Without the signs that part words.
std::string_view without_separators(std::string_view text) {
    const auto part = [](char c) { return std::string_view(" \t_-/:,.").find(c) != std::string_view::npos; };
    while (!text.empty() && part(text.front())) text.remove_prefix(1);
    while (!text.empty() && part(text.back())) text.remove_suffix(1);
    return text;
}

}  // namespace

std::optional<YearHeading> year_heading(std::string_view heading, const Shape& shape) {
    const auto places = year_places(heading);
    if (places.size() != 1 || years_in(heading, shape).size() != 1) return std::nullopt;
    const auto before = heading.substr(0, places[0].begin);
    auto after = heading.substr(places[0].begin + places[0].length);
    for (const std::string_view word : {"年度", "年"})
        if (after.starts_with(word)) after.remove_prefix(word.size());
    const auto front = without_separators(before), back = without_separators(after);
    YearHeading out{places[0].year, std::string(front)};
    if (!front.empty() && !back.empty()) out.rest += ' ';
    out.rest += back;
    return out;
}

bool has_year_column(const ShapedTable& table, const DatasetSchema& schema, const Where& where,
                     Diagnostics& diagnostics) {
    const auto column = table.column(schema.year_header);
    if (column == ShapedTable::npos) return false;
    const auto& heading = table.headings[column];
    diagnostics.add({Kind::missing_column,
                     fmt::format("the file has a column `{}`, and the year is declared beside it", schema.year_header),
                     where(heading.row, heading.column), "", "leave the declaration of the year out"});
    return true;
}

namespace {

std::string value_name(const Shape& shape) {
    if (!shape.year_values.empty()) return shape.year_values;
    return shape.values_in.empty() ? "value" : shape.values_in;
}

/// Which column of values goes to which column of its year's row.
struct YearColumns {
    struct Column {
        std::size_t from, to;
        std::int32_t year;
    };
    std::vector<Column> columns;
    std::vector<std::int32_t> years;
    std::vector<std::string> names;

    YearColumns(const ShapedTable& table, const Shape& shape) {
        for (std::size_t i = 0; i < table.width(); ++i) {
            auto found = year_heading(table.names[i], shape);
            if (!found) continue;
            if (found->rest.empty()) found->rest = value_name(shape);
            auto name = std::find(names.begin(), names.end(), found->rest);
            if (name == names.end()) name = names.insert(names.end(), found->rest);
            columns.push_back({i, static_cast<std::size_t>(name - names.begin()), found->year});
            if (std::find(years.begin(), years.end(), found->year) == years.end()) years.push_back(found->year);
        }
    }
    std::vector<std::size_t> moved() const {
        std::vector<std::size_t> out;
        for (const auto& column : columns) out.push_back(column.from);
        return out;
    }
    const Column* first_of(std::size_t name) const {
        return &*std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.to == name; });
    }
    /// Two headings of one year and name: `2023` and `2023年`.
    const Column* repeated() const {
        for (std::size_t i = 0; i < columns.size(); ++i)
            for (std::size_t k = 0; k < i; ++k)
                if (columns[i].to == columns[k].to && columns[i].year == columns[k].year) return &columns[i];
        return nullptr;
    }
};

}  // namespace

ShapedTable years_to_rows(const ShapedTable& table, const DatasetSchema& schema, const Where& where,
                          Diagnostics& diagnostics) {
    const YearColumns found(table, schema.shape);
    const auto at_heading = [&](std::size_t column) {
        return where(table.headings[column].row, table.headings[column].column);
    };
    if (found.columns.empty()) {
        diagnostics.add({Kind::missing_column, "no heading holds a year, and `years in columns` is declared",
                         table.names.empty() ? Location{} : at_heading(0), "headings such as `2023` or `2023年`",
                         fmt::format("the row read as header has: `{}`", fmt::join(table.names, "`, `"))});
        return {};
    }
    if (const auto* twice = found.repeated()) {
        diagnostics.add({Kind::malformed_csv, fmt::format("a second column is of {}", twice->year),
                         at_heading(twice->from), "", "remove one of the two columns"});
        return {};
    }
    if (has_year_column(table, schema, where, diagnostics)) return {};
    auto out = table.without(found.moved());
    const auto copied = out.width();
    const auto others = std::move(out.cells);
    out.cells.clear();
    out.add_column(schema.year_header, table.headings[found.columns.front().from]);
    for (std::size_t i = 0; i < found.names.size(); ++i) {
        const auto from = found.first_of(i)->from;
        out.add_column(found.names[i], table.headings[from]);
        out.units.back() = table.units[from];
    }
    out.cells.reserve(table.rows() * found.years.size() * out.width());
    for (const auto year : found.years) out.made->push_back(std::to_string(year));
    for (std::size_t row = 0; row < table.rows(); ++row)
        for (std::size_t y = 0; y < found.years.size(); ++y) {
            const auto first = out.cells.size();
            const auto& text = (*out.made)[out.made->size() - found.years.size() + y];
            out.cells.insert(out.cells.end(), others.begin() + static_cast<std::ptrdiff_t>(row * copied),
                             others.begin() + static_cast<std::ptrdiff_t>((row + 1) * copied));
            out.cells.resize(first + out.width());
            for (const auto& column : found.columns) {
                if (column.year != found.years[y]) continue;
                const auto& from = table.cells[row * table.width() + column.from];
                out.cells[first + copied + 1 + column.to] = from;
                out.cells[first + copied] = {text, from.row, from.column, 0};
            }
        }
    return out;
}

namespace {

class LongTable {
  public:
    LongTable(const ShapedTable& table, const DatasetSchema& schema, const Where& where, Diagnostics& diagnostics)
        : table_(table), schema_(schema), where_(where), diagnostics_(diagnostics) {}

    ShapedTable wide() {
        const auto& shape = schema_.shape;
        names_in_ = need(shape.names_in, "names the indicator of each row");
        values_in_ = need(shape.values_in.empty() ? value_name(shape) : shape.values_in, "holds the figures");
        if (!shape.unit_in.empty()) units_in_ = need(shape.unit_in, "holds the units");
        id_ = need(schema_.id_header, fmt::format("names the {}", schema_.record));
        const bool dated = shape.year_from == Shape::YearFrom::column || shape.years_in_columns;
        if (dated) year_ = need(schema_.year_header, "holds the year");
        if (failed_) return {};
        choose_columns();
        for (std::size_t row = 0; row < table_.rows() && !failed_; ++row) add(row);
        if (!strangers_.empty()) warn_of_strangers();
        return failed_ ? ShapedTable{} : finish();
    }

  private:
    static constexpr auto npos = ShapedTable::npos;
    const ShapedCell& at(std::size_t row, std::size_t column) const {
        return table_.cells[row * table_.width() + column];
    }

    /// What is kept beside names, values and units: record, year, and further columns that feed something.
    void choose_columns() {
        std::vector<std::size_t> moved = {names_in_, values_in_};
        if (units_in_ != npos) moved.push_back(units_in_);
        const auto feeds = [&](const std::string& name) {
            return std::any_of(schema_.columns.begin(), schema_.columns.end(),
                               [&](const ColumnSchema& c) { return c.header == name; });
        };
        for (std::size_t i = 0; i < table_.width(); ++i) {
            const bool taken = std::find(moved.begin(), moved.end(), i) != moved.end();
            if (taken || !(i == id_ || i == year_ || feeds(table_.names[i]))) continue;
            kept_.push_back(i);
            out_.add_column(table_.names[i], table_.headings[i]);
        }
        out_.made = table_.made;
    }

    void add(std::size_t row) {
        const auto& name = at(row, names_in_);
        const auto column = column_of(name);
        if (column == npos) return;
        check_unit(row, column);
        const auto record = row_of(row);
        auto& cell = rows_[record][column];
        if (cell.row != no_row) {
            refuse(Kind::duplicate_record, at(row, id_),
                   fmt::format("`{}` of `{}` appears a second time{}", name.text, at(row, id_).text,
                               year_ == npos ? "" : fmt::format(" for {}", at(row, year_).text)),
                   fmt::format("keep one row for each {}, year and indicator", schema_.record));
            return;
        }
        cell = at(row, values_in_);
    }

    /// Of the wide table, behind those kept; npos: the name feeds nothing.
    std::size_t column_of(const ShapedCell& name) {
        if (const auto known = columns_.find(name.text); known != columns_.end()) return known->second;
        const auto plain = heading_parts(std::string(name.text)).name;
        const bool feeds = std::any_of(schema_.columns.begin(), schema_.columns.end(), [&](const ColumnSchema& c) {
            return c.header == name.text || c.header == plain;
        });
        auto column = npos;
        if (feeds) {
            column = out_.width() - kept_.size();
            out_.add_column(std::string(name.text), name);
        } else if (std::find(schema_.ignore.begin(), schema_.ignore.end(), name.text) == schema_.ignore.end()) {
            strangers_.push_back(name);
        }
        columns_.emplace(name.text, column);
        return column;
    }

    void check_unit(std::size_t row, std::size_t column) {
        if (units_in_ == npos) return;
        const auto& unit = at(row, units_in_);
        auto& known = out_.units[kept_.size() + column];
        if (known.empty()) known = unit.text;
        if (known != unit.text)
            refuse(Kind::bad_cell, unit,
                   fmt::format("`{}` is in `{}` here, in `{}` further up", at(row, names_in_).text, unit.text, known),
                   "the figures of one indicator must have one unit");
    }

    std::size_t row_of(std::size_t row) {
        std::string key(at(row, id_).text);
        if (year_ != npos) key += '\n' + std::string(at(row, year_).text);
        const auto [found, is_new] = index_.emplace(std::move(key), firsts_.size());
        if (is_new) {
            firsts_.push_back(row);
            rows_.emplace_back();
        }
        rows_[found->second].resize(columns_.size(), ShapedCell{{}, no_row, 0, 0});
        if (!is_new) compare_kept(firsts_[found->second], row);
        return found->second;
    }

    /// What stands beside an indicator must be the same in every row of a record and year.
    void compare_kept(std::size_t first, std::size_t row) {
        for (const auto column : kept_)
            if (at(first, column).text != at(row, column).text)
                refuse(Kind::bad_cell, at(row, column),
                       fmt::format("`{}` is `{}` here, `{}` further up for the same {} and year", table_.names[column],
                                   at(row, column).text, at(first, column).text, schema_.record),
                       "it must be the same in every row of them");
    }

    ShapedTable finish() {
        const auto width = out_.width();
        out_.cells.reserve(firsts_.size() * width);
        for (std::size_t record = 0; record < firsts_.size(); ++record) {
            for (const auto column : kept_) out_.cells.push_back(at(firsts_[record], column));
            for (std::size_t i = 0; i < width - kept_.size(); ++i) {
                const bool there = i < rows_[record].size() && rows_[record][i].row != no_row;
                const auto& first = at(firsts_[record], names_in_);
                out_.cells.push_back(there ? rows_[record][i] : ShapedCell{{}, first.row, first.column, 0});
            }
        }
        return std::move(out_);
    }

    void warn_of_strangers() {
        constexpr std::size_t most = 12;
        std::vector<std::string_view> names;
        for (const auto& name : strangers_)
            if (names.size() < most) names.push_back(name.text);
        const auto more = strangers_.size() - names.size();
        diagnostics_.add({Kind::unknown_column,
                          fmt::format("{} of the names in `{}` feed{} no input: `{}`{}", strangers_.size(),
                                      schema_.shape.names_in, strangers_.size() == 1 ? "s" : "",
                                      fmt::join(names, "`, `"), more > 0 ? fmt::format(" and {} more", more) : ""),
                          where_(strangers_[0].row, strangers_[0].column), "",
                          "if that is meant, list them under `ignore`"});
    }

    std::size_t need(const std::string& heading, const std::string& purpose) {
        const auto column = table_.column(heading);
        if (column != npos) return column;
        failed_ = true;
        auto at_header =
            table_.headings.empty() ? Location{} : where_(table_.headings[0].row, table_.headings[0].column);
        at_header.column = 0;
        auto hint = did_you_mean(heading, table_.names);
        if (hint.empty()) hint = fmt::format("the row read as header has: `{}`", fmt::join(table_.names, "`, `"));
        diagnostics_.add({Kind::missing_column, fmt::format("no column is headed `{}`, which {}", heading, purpose),
                          std::move(at_header), fmt::format("a column headed `{}`", heading), std::move(hint)});
        return npos;
    }

    void refuse(Kind kind, const ShapedCell& cell, std::string message, std::string hint) {
        failed_ = true;
        diagnostics_.add({kind, std::move(message), where_(cell.row, cell.column), "", std::move(hint)});
    }

    static constexpr std::uint32_t no_row = UINT32_MAX;
    const ShapedTable& table_;
    const DatasetSchema& schema_;
    const Where& where_;
    Diagnostics& diagnostics_;
    std::size_t names_in_ = npos, values_in_ = npos, units_in_ = npos, id_ = npos, year_ = npos;
    std::vector<std::size_t> kept_;
    ShapedTable out_;
    std::unordered_map<std::string_view, std::size_t> columns_;
    std::vector<ShapedCell> strangers_;
    std::unordered_map<std::string, std::size_t> index_;
    std::vector<std::size_t> firsts_;            ///< row of the long table where each record and year begins
    std::vector<std::vector<ShapedCell>> rows_;  ///< of them: a cell for each name met so far
    bool failed_ = false;
};

}  // namespace

ShapedTable names_to_columns(const ShapedTable& table, const DatasetSchema& schema, const Where& where,
                             Diagnostics& diagnostics) {
    return LongTable(table, schema, where, diagnostics).wide();
}

}  // namespace zoneval::io
