#include "engine/io/shapes/shape_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/parsing/parse.hpp"
#include "engine/feel/value/names.hpp"
#include "engine/io/shapes/header.hpp"
#include "engine/io/shapes/shape_steps.hpp"

namespace zoneval::io {

namespace {

class Shaper {
  public:
    Shaper(const Grid& grid, const DatasetSchema& schema, const Titles& titles, bool ragged, const Where& where,
           Diagnostics& diagnostics)
        : grid_(grid),
          schema_(schema),
          shape_(schema.shape),
          titles_(titles),
          ragged_(ragged),
          where_(where),
          diagnostics_(diagnostics) {}

    ShapedTable shape() {
        if (!find_rows()) return {};
        read_names();
        read_body();
        if (!diagnostics_.has_errors()) split_columns();
        if (!diagnostics_.has_errors()) fill_down();
        if (!diagnostics_.has_errors()) drop_rows();
        if (!diagnostics_.has_errors() && shape_.years_in_columns)
            table_ = years_to_rows(table_, schema_, where_, diagnostics_);
        if (!diagnostics_.has_errors() && !shape_.names_in.empty())
            table_ = names_to_columns(table_, schema_, where_, diagnostics_);
        if (!diagnostics_.has_errors()) add_year();
        return std::move(table_);
    }

  private:
    // --- which rows are what

    bool find_rows() {
        for (const auto line : shape_.header_rows) {
            const auto row = row_of_line(line);
            if (!row) {
                wrong(Kind::missing_column,
                      fmt::format("{} {} holds nothing, and should name the columns", row_word(), line),
                      "correct `header row`");
                return false;
            }
            header_.push_back(*row);
        }
        if (header_.empty()) {
            std::size_t row = 0;
            while (shape_.skip > 0 && row < grid_.rows() && grid_.line(row) <= shape_.skip) ++row;
            if (row == grid_.rows()) {
                wrong(Kind::unreadable_file, fmt::format("below {} {} there is nothing", row_word(), shape_.skip),
                      "correct `skip`");
                return false;
            }
            header_.push_back(row);
        }
        begin_ = header_.back() + 1;
        if (shape_.units_row > 0) {
            units_ = row_of_line(shape_.units_row);
            if (!units_) {
                wrong(Kind::missing_column,
                      fmt::format("{} {} holds nothing, and should hold the units", row_word(), shape_.units_row),
                      "correct `units row`");
                return false;
            }
            begin_ = std::max(begin_, *units_ + 1);
        }
        find_end();
        return true;
    }

    void find_end() {
        end_ = grid_.rows();
        if (shape_.until.empty()) return;
        for (auto row = begin_; row < grid_.rows(); ++row) {
            std::size_t column = 0;
            while (column < grid_.width(row) && grid_.text(row, column).empty()) ++column;
            const auto first = grid_.text(row, column);
            if (std::none_of(shape_.until.begin(), shape_.until.end(),
                             [&](const auto& word) { return first.starts_with(word); }))
                continue;
            end_ = row;
            return;
        }
        diagnostics_.add(
            {Kind::unused_code,
             fmt::format("no row begins with `{}`: the table was read to the end", fmt::join(shape_.until, "`, `")),
             whole_file(), "", ""});
    }

    std::optional<std::size_t> row_of_line(std::uint32_t line) const {
        for (std::size_t row = 0; row < grid_.rows() && grid_.line(row) <= line; ++row)
            if (grid_.line(row) == line) return row;
        return std::nullopt;
    }

    // --- names, units, cells

    void read_names() {
        std::size_t width = 0;
        for (const auto row : header_) width = std::max(width, grid_.width(row));
        for (std::size_t column = 0; column < width; ++column) {
            std::string name;
            for (std::size_t i = 0; i < header_.size(); ++i) {
                const auto piece = one_line(piece_of_name(i, column));
                if (!piece.empty()) name += (name.empty() ? "" : " ") + piece;
            }
            table_.add_column(std::move(name), cell(header_.back(), column));
            if (units_) table_.units.back() = unit_of(grid_.text(*units_, column));
        }
    }

    std::string_view piece_of_name(std::size_t level, std::size_t column) const {
        const auto row = header_[level];
        if ((grid_.facts(row, column) & fact::merged_down) != 0 && level > 0) return {};
        const bool upper = level + 1 < header_.size();
        // A name over several columns stands in the first of them. Where merged cells are known, they say how far it
        // goes.
        auto at = column;
        while (upper && at > 0 && grid_.text(row, at).empty() && !grid_.text(header_.back(), column).empty()) {
            if (ragged_ && (grid_.facts(row, at) & fact::merged_across) == 0) break;
            --at;
        }
        return grid_.text(row, at);
    }

    static std::string unit_of(std::string_view text) {
        auto unit = one_line(text);
        for (const std::string_view word : {"单位：", "单位:"})
            if (unit.starts_with(word)) unit = unit.substr(word.size());
        for (const auto& [open, close] : {std::pair<std::string_view, std::string_view>{"（", "）"}, {"(", ")"}})
            if (unit.starts_with(open) && unit.ends_with(close))
                unit = unit.substr(open.size(), unit.size() - open.size() - close.size());
        return unit;
    }

    ShapedCell cell(std::size_t row, std::size_t column) const {
        return {grid_.text(row, column), static_cast<std::uint32_t>(row), static_cast<std::uint16_t>(column),
                grid_.facts(row, column)};
    }

    void read_body() {
        const auto width = table_.width();
        std::size_t odd = 0, first_odd = 0;
        for (auto row = begin_; row < end_; ++row) {
            bool fits = ragged_ || grid_.width(row) == width;
            for (auto column = width; column < grid_.width(row); ++column)
                fits = fits && grid_.text(row, column).empty();
            if (!fits && odd++ == 0) first_odd = row;
            for (std::size_t column = 0; column < width; ++column) table_.cells.push_back(cell(row, column));
        }
        refuse_unnamed();
        if (odd == 0) return;
        diagnostics_.add({Kind::malformed_csv,
                          fmt::format("the row has {} cells, the header {}{}", grid_.width(first_odd), width,
                                      odd == 1 ? "" : fmt::format("; the same in {} more rows", odd - 1)),
                          where_(first_odd, 0), "",
                          "notes below the table are left out by `until`, a line above it by `skip` or `header row`"});
    }

    void refuse_unnamed() {
        for (std::size_t column = 0; column < table_.width(); ++column) {
            if (!table_.names[column].empty()) continue;
            for (std::size_t row = 0; row < table_.rows(); ++row) {
                const auto& at = table_.cells[row * table_.width() + column];
                if (at.text.empty()) continue;
                diagnostics_.add(
                    {Kind::malformed_csv,
                     fmt::format("column {} holds `{}` but has no header", column + 1, at.text.substr(0, 60)),
                     where_(at.row, at.column), "", "name the column, or empty it"});
                break;
            }
        }
    }

    // --- steps

    void split_columns() {
        for (const auto& [heading, names] : shape_.split) {
            const auto column = need(heading, "is to be split");
            if (column == ShapedTable::npos) return;
            split_column(column, names);
        }
    }

    void split_column(std::size_t column, const std::vector<std::string>& names) {
        auto out = table_.without({column});
        for (const auto& name : names) out.add_column(name, table_.headings[column]);
        const auto copied = out.width() - names.size();
        std::vector<ShapedCell> cells;
        for (std::size_t row = 0; row < table_.rows(); ++row) {
            cells.insert(cells.end(), out.cells.begin() + static_cast<std::ptrdiff_t>(row * copied),
                         out.cells.begin() + static_cast<std::ptrdiff_t>((row + 1) * copied));
            auto whole = table_.cells[row * table_.width() + column];
            auto rest = whole.text;
            for (std::size_t i = 0; i < names.size(); ++i) {
                const auto comma = i + 1 < names.size() ? rest.find(',') : std::string_view::npos;
                const bool last = i + 1 == names.size();
                if ((comma == std::string_view::npos) != last || (last && rest.find(',') != std::string_view::npos)) {
                    diagnostics_.add(
                        {Kind::bad_cell,
                         fmt::format("`{}` does not hold {} parts with commas between", whole.text, names.size()),
                         where_(whole.row, whole.column), fmt::format("`{}`", fmt::join(names, ",")), ""});
                    return;
                }
                auto part = whole;
                part.text = trimmed(rest.substr(0, comma));
                cells.push_back(part);
                rest = last ? "" : rest.substr(comma + 1);
            }
        }
        out.cells = std::move(cells);
        table_ = std::move(out);
    }

    void fill_down() {
        for (const auto& heading : shape_.fill_down) {
            const auto column = need(heading, "is to be filled down");
            if (column == ShapedTable::npos) return;
            const ShapedCell* above = nullptr;
            for (std::size_t row = 0; row < table_.rows(); ++row) {
                auto& here = table_.cells[row * table_.width() + column];
                here.facts &= static_cast<Facts>(~fact::merged_down);
                if (here.text.empty() && above) {
                    here.text = above->text;
                    here.facts = above->facts;
                }
                above = &here;
            }
        }
    }

    void drop_rows() {
        if (!shape_.drop) return;
        feel::Names names;
        std::vector<std::size_t> columns;
        for (std::size_t i = 0; i < table_.width(); ++i)
            if (feel::is_name(table_.names[i])) {
                names.entries.push_back({table_.names[i], nullptr});
                columns.push_back(i);
            }
        const auto condition = feel::parse_expression(*shape_.drop, names, diagnostics_);
        if (!condition) return;
        std::vector<feel::Value> frame(columns.size());
        std::vector<ShapedCell> kept;
        const auto width = static_cast<std::ptrdiff_t>(table_.width());
        for (std::size_t row = 0; row < table_.rows(); ++row) {
            const auto first = table_.cells.begin() + static_cast<std::ptrdiff_t>(row) * width;
            for (std::size_t i = 0; i < columns.size(); ++i) {
                const auto text = first[static_cast<std::ptrdiff_t>(columns[i])].text;
                frame[i] = text.empty() ? feel::Value() : feel::Value(std::string(text));
            }
            if (!feel::evaluate(*condition, frame, {feel::NullMeaning::feel, shape_.drop->source}).is_true())
                kept.insert(kept.end(), first, first + width);
        }
        if (kept.size() == table_.cells.size())
            diagnostics_.add({Kind::unused_code, fmt::format("`drop: {}` holds for no row", shape_.drop->text),
                              whole_file(), "", ""});
        table_.cells = std::move(kept);
    }

    void add_year() {
        if (shape_.year_from == Shape::YearFrom::column || shape_.years_in_columns) return;
        const auto year = year_of_file();
        if (!year || has_year_column(table_, schema_, where_, diagnostics_)) return;
        const auto& text = table_.made->emplace_back(std::to_string(*year));
        std::vector<ShapedCell> cells;
        cells.reserve(table_.cells.size() + table_.rows());
        const auto width = static_cast<std::ptrdiff_t>(table_.width());
        for (auto first = table_.cells.begin(); width > 0 && first != table_.cells.end(); first += width) {
            cells.insert(cells.end(), first, first + width);
            cells.push_back({text, first->row, 0, 0});
        }
        table_.cells = std::move(cells);
        table_.add_column(schema_.year_header, table_.headings.empty() ? ShapedCell{} : table_.headings.front());
    }

    std::optional<std::int32_t> year_of_file() {
        if (shape_.year_from == Shape::YearFrom::constant) return shape_.year;
        std::string from, text;
        std::vector<std::int32_t> years;
        if (shape_.year_from == Shape::YearFrom::sheet) {
            from = "the sheet's name";
            years = years_in(text = titles_.sheet, shape_);
        } else if (shape_.year_from == Shape::YearFrom::file) {
            from = "the file's name";
            years = years_in(text = titles_.file.substr(titles_.file.rfind('/') + 1), shape_);
        } else {
            from = "the rows above the table";
            for (std::size_t row = 0; row < header_.front(); ++row)
                for (std::size_t column = 0; column < grid_.width(row); ++column)
                    text += std::string(grid_.text(row, column)) + " ";
            years = years_in(text, shape_);
        }
        if (years.size() == 1) return years.front();
        wrong(Kind::bad_cell,
              years.empty() ? fmt::format("{} should hold the year, and `{}` holds none", from, trimmed(text))
                            : fmt::format("{} should hold the year, and `{}` holds {}", from, trimmed(text),
                                          fmt::join(years, ", ")),
              "give the year: `year: 2024`");
        return std::nullopt;
    }

    // --- help

    std::size_t need(const std::string& heading, std::string_view purpose) {
        const auto column = table_.column(heading);
        if (column == ShapedTable::npos) {
            auto hint = did_you_mean(heading, table_.names);
            if (hint.empty()) hint = fmt::format("the row read as header has: `{}`", fmt::join(table_.names, "`, `"));
            auto at = where_(header_.back(), 0);
            at.column = 0;
            diagnostics_.add({Kind::missing_column, fmt::format("no column is headed `{}`, which {}", heading, purpose),
                              std::move(at), fmt::format("a column headed `{}`", heading), std::move(hint)});
        }
        return column;
    }

    void wrong(Kind kind, std::string message, std::string hint) {
        diagnostics_.add({kind, std::move(message), whole_file(), "", std::move(hint)});
    }
    Location whole_file() const {
        Location out;
        out.file = titles_.file;
        out.sheet = titles_.sheet;
        return out;
    }
    std::string_view row_word() const { return ragged_ ? "row" : "line"; }

    const Grid& grid_;
    const DatasetSchema& schema_;
    const Shape& shape_;
    const Titles& titles_;
    bool ragged_;
    const Where& where_;
    Diagnostics& diagnostics_;
    std::vector<std::size_t> header_;
    std::optional<std::size_t> units_;
    std::size_t begin_ = 0, end_ = 0;
    ShapedTable table_;
};

}  // namespace

ShapedTable shaped(const Grid& grid, const DatasetSchema& schema, const Titles& titles, bool ragged_allowed,
                   const Where& where, Diagnostics& diagnostics) {
    return Shaper(grid, schema, titles, ragged_allowed, where, diagnostics).shape();
}

}  // namespace zoneval::io
