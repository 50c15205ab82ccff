#include "engine/io/inspect/table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/io/cells/characters.hpp"
#include "engine/io/inspect/column.hpp"
#include "engine/io/inspect/known_words.hpp"
#include "engine/io/inspect/rows.hpp"
#include "engine/io/shapes/header.hpp"
#include "engine/io/shapes/shape_table.hpp"
#include "engine/io/sources/xlsx.hpp"
#include "engine/wording/files.hpp"

namespace zoneval::io {

using wording::Language;
using wording::OfFile;
using wording::say;

namespace {

class Inspector {
  public:
    Inspector(const Grid& grid, const KnownInputs* known, bool names_columns, Language language, Inspection& out)
        : grid_(grid),
          known_(known),
          schema_(known ? &known->schema : nullptr),
          names_columns_(names_columns),
          language_(language),
          out_(out) {}

    void look() {
        rows_ = look_at_rows(grid_, names_columns_, out_.shape);
        look_at_columns();
        settle_commas();
        find_joined();
        find_long();
        find_year();
        find_id();
        match_inputs();
        find_words();
        find_blanks_below();
        doubt_names();
        check_totals();
        tell_sums();
        check_names();
        tell_spans();
    }

  private:
    std::string unit_above() const {
        for (std::size_t row = 0; row < rows_.header; ++row) {
            std::size_t others = 0;
            std::string out;
            for (std::size_t i = 0; i < grid_.width(row); ++i) {
                const auto text = grid_.text(row, i);
                if (out.empty() && !(out = unit_in_line(text)).empty()) continue;
                others += is_unit_word(text);
            }
            if (!out.empty()) return others == 0 ? out : "";  // of several, only a person knows which is whose
        }
        return "";
    }

    void look_at_columns() {
        const auto above = unit_above();
        const auto& body = rows_.body;
        for (std::size_t i = 0; i < rows_.names.size(); ++i) {
            ColumnLook column;
            column.heading = rows_.names[i];
            column.unit = rows_.units ? std::string(grid_.text(*rows_.units, i)) : heading_parts(column.heading).unit;
            look_at_cells(grid_, body, i, column);
            if (column.unit.empty() && column.kind == ColumnLook::Kind::number && !column.form.percent &&
                column.per_cent == 0)
                column.unit = above;
            out_.columns.push_back(std::move(column));
        }
        out_.records = body.size();
        for (std::size_t row = 0; row < std::min<std::size_t>(3, body.size()); ++row) {
            auto& cells = out_.first_rows.emplace_back();
            for (std::size_t i = 0; i < rows_.names.size(); ++i) cells.push_back(as_shown(body[row], i));
        }
    }

    /// Per cents of a workbook are stored as shares.
    std::string as_shown(std::size_t row, std::size_t column) const {
        const auto text = grid_.text(row, column);
        const auto number = feel::Decimal::parse(text);
        if ((grid_.facts(row, column) & fact::percent) == 0 || !number) return std::string(text);
        return (*number * feel::Decimal(100)).to_string() + " %";
    }

    /// `1,234` and `1.234`: what the other columns of the file are tells which; where nothing does, that is asked.
    void settle_commas() {
        const bool decimal_commas = std::any_of(out_.columns.begin(), out_.columns.end(), [](const ColumnLook& c) {
            return c.kind == ColumnLook::Kind::number && c.form.decimal_comma;
        });
        for (auto& column : out_.columns) {
            if (column.kind != ColumnLook::Kind::number || column.form.decimal_comma) continue;
            const bool comma = column.commas_in_threes && column.form.grouped;
            if (decimal_commas && (comma || column.points_in_threes)) {
                column.form.grouped = false;
                column.form.decimal_comma = true;
            } else if (comma && out_.shape.delimiter == ';') {
                doubt(OfFile::groups_or_decimals, column.heading);
            }
        }
    }

    /// Codes joined in one column, as statistical offices have them: `unit,geo\time` above `EUR,DE`.
    void find_joined() {
        for (std::size_t i = 0; i < out_.columns.size(); ++i) {
            auto& column = out_.columns[i];
            const auto in_heading =
                static_cast<std::size_t>(std::count(column.heading.begin(), column.heading.end(), ','));
            if (column.kind != ColumnLook::Kind::text || column.blank > 0 || in_heading == 0) continue;
            const bool alike = std::all_of(rows_.body.begin(), rows_.body.end(), [&](std::size_t row) {
                const auto text = grid_.text(row, i);
                return static_cast<std::size_t>(std::count(text.begin(), text.end(), ',')) == in_heading;
            });
            if (!alike) continue;
            column.joined = in_heading + 1;
            auto& names = out_.shape.split[column.heading];
            // Behind a backslash stands what the other headings are: `geo\time`.
            auto rest = std::string_view(column.heading).substr(0, column.heading.find('\\'));
            for (std::size_t part = 0; part <= in_heading; ++part) {
                const auto comma = std::min(rest.find(','), rest.size());
                names.emplace_back(trimmed(rest.substr(0, comma)));
                rest.remove_prefix(std::min(comma + 1, rest.size()));
            }
        }
    }

    /// The names that the table has once joined columns are split.
    std::vector<std::string> names_of_columns() const {
        std::vector<std::string> out;
        for (const auto& column : out_.columns)
            if (column.joined > 0)
                out.insert(out.end(), out_.shape.split.at(column.heading).begin(),
                           out_.shape.split.at(column.heading).end());
            else
                out.push_back(column.heading);
        return out;
    }

    /// Words of columns whose inputs take others: somebody has to say which is which.
    void find_words() {
        if (!schema_) return;
        out_.missing_codes = schema_->missing_codes;
        for (auto& column : out_.columns)
            for (const auto& input : schema_->columns) {
                if (input.name != column.input || column.kind != ColumnLook::Kind::text) continue;
                column.input_words =
                    input.type == feel::Type::Kind::boolean ? std::vector<std::string>{"true", "false"} : input.values;
                const auto known = [&](const std::string& word) {
                    return column.input_words.empty() || input.translate.contains(word) ||
                           schema_->missing_codes.contains(word) || input.form.missing_codes.contains(word) ||
                           std::find(column.input_words.begin(), column.input_words.end(), word) !=
                               column.input_words.end();
                };
                for (const auto& word : column.words)
                    if (!known(word)) column.to_translate.push_back(word);
            }
    }

    /// A name that stands only in the first of its rows, in files that cannot merge cells.
    void find_blanks_below() {
        for (std::size_t i = 0; i < out_.columns.size(); ++i) {
            const auto& column = out_.columns[i];
            if (column.kind != ColumnLook::Kind::text || column.blank == 0 || rows_.body.empty() ||
                out_.id == column.heading)
                continue;
            // The first names filled rows as often as blanks follow them: a column of remarks is emptier, or begins so.
            if (grid_.text(rows_.body.front(), i).empty() || column.cells * 2 > rows_.body.size() ||
                column.words.empty() || !column.distinct || column.cells < 2)
                continue;
            out_.shape.fill_down.push_back(column.heading);
            out_.doubts.push_back(say(OfFile::fill_doubt, language_, {{"heading", column.heading}}));
        }
    }

    /// One row for each indicator: which columns are its name, value and unit.
    void find_long() {
        auto& shape = out_.shape;
        for (const auto& column : out_.columns) {
            const auto& name = column.heading;
            if (is_indicator_heading(name)) shape.names_in = name;
            if (is_value_heading(name)) shape.values_in = name;
            if (is_unit_heading(name)) shape.unit_in = name;
        }
    }

    /// Of several, the one that people use for codes rather than for titles; else the first that could be.
    void find_id() {
        auto& shape = out_.shape;
        if (shape.names_in.empty() || (shape.values_in.empty() && !shape.years_in_columns))
            shape.names_in = shape.values_in = shape.unit_in = "";
        const auto names = names_of_columns();
        const auto whole = [&](std::string_view name) {
            return std::all_of(out_.columns.begin(), out_.columns.end(),
                               [&](const ColumnLook& c) { return c.heading != name || c.blank == 0; });
        };
        const auto named = [&](const std::vector<std::string_view>& words) {
            for (const auto word : words)
                if (out_.id.empty() && std::find(names.begin(), names.end(), word) != names.end() && whole(word))
                    out_.id = word;
        };
        if (schema_) named({schema_->id_header});
        named(code_headings());
        named(name_headings());
        // Where there are several years or indicators, a name stands in several rows.
        const bool repeats = !out_.year.empty() || !shape.names_in.empty();
        for (const bool distinct : {true, false})
            for (const auto& column : out_.columns) {
                const bool role = column.heading == out_.year || column.heading == shape.names_in ||
                                  column.heading == shape.values_in || column.heading == shape.unit_in;
                const bool could = column.kind == ColumnLook::Kind::text && column.blank == 0 && !role &&
                                   column.joined == 0 && !column.heading.empty() && column.nested == 0;
                if (out_.id.empty() && could && (distinct ? column.distinct : repeats)) out_.id = column.heading;
            }
        if (out_.id.empty() && !out_.columns.empty() && could_be_codes(0)) out_.id = out_.columns[0].heading;
    }

    /// Whole numbers, each once: ids that a spreadsheet took for figures.
    bool could_be_codes(std::size_t column) const {
        const auto& look = out_.columns[column];
        return look.kind == ColumnLook::Kind::number && look.distinct && look.blank == 0 && look.words.empty() &&
               look.odd.empty() && look.heading != out_.year && !year_heading(look.heading, out_.shape) &&
               std::all_of(rows_.body.begin(), rows_.body.end(), [&](std::size_t row) {
                   const auto text = grid_.text(row, column);
                   return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
               });
    }

    /// Headings that a declaration cannot tell apart, or not name; cells that are neither numbers nor a word for none.
    void doubt_names() {
        std::set<std::string> known, told;
        for (std::size_t i = 0; i < out_.columns.size(); ++i) {
            auto& column = out_.columns[i];
            const auto& name = column.heading;
            if (name.empty() && column.cells > 0)
                doubt(OfFile::unnamed, column_name(i));
            else if (!name.empty() && !known.insert(name).second && told.insert(name).second)
                doubt(OfFile::headed_twice, name);
            if (column.no_result > 0)
                out_.doubts.push_back(
                    say(OfFile::no_results, language_, {{"n", std::to_string(column.no_result)}, {"heading", name}}));
            if (column.kind != ColumnLook::Kind::number) continue;
            for (const auto& odd : column.odd) doubt(OfFile::odd_cell, odd, name);
        }
    }
    void doubt(OfFile word, const std::string& text, const std::string& of = "") {
        out_.doubts.push_back(say(word, language_, {{"text", text}, {"heading", of}}));
    }

    /// By heading, name or title of an input; with a rule set, nothing is an input that is not declared.
    void match_inputs() {
        std::set<std::string> fed;
        for (auto& column : out_.columns) {
            if (column.nested > 0) continue;
            const auto plain = heading_parts(column.heading).name;
            column.input = schema_ ? input_of(column.heading, plain) : plain;
            fed.insert(column.input);
            if (schema_ && column.input.empty() && column.heading != out_.id) column.nearest = nearest_input(plain);
        }
        if (!schema_) return;
        for (const auto& input : schema_->columns) {
            if (!fed.contains(input.name)) out_.unfed.push_back(input.name);
            // Where the input is of words, ranks such as `201-225` among numbers are words, too.
            for (auto& column : out_.columns)
                if (column.input == input.name && input.type == feel::Type::Kind::string &&
                    column.kind == ColumnLook::Kind::number) {
                    column.kind = ColumnLook::Kind::text;
                    column.words.clear();
                    column.form = {};
                }
        }
    }

    std::string input_of(const std::string& heading, const std::string& plain) const {
        for (const auto& input : schema_->columns)
            for (const auto& name : {input.header, input.name})
                if (name == heading || name == plain) return input.name;
        for (const auto& title : {heading, plain})
            if (const auto found = known_->by_title.find(title); found != known_->by_title.end()) return found->second;
        return "";
    }

    std::string nearest_input(const std::string& heading) const {
        std::vector<std::string> names;
        for (const auto& input : schema_->columns) names.insert(names.end(), {input.header, input.name});
        for (const auto& [title, input] : known_->by_title) names.push_back(title);
        return nearest(heading, names).value_or("");
    }

    void find_year() {
        auto& shape = out_.shape;
        const auto by_header = schema_ ? schema_->year_header : std::string("year");
        for (const auto& column : out_.columns)
            if (column.heading == by_header ||
                std::find(year_headings().begin(), year_headings().end(), column.heading) != year_headings().end()) {
                out_.year = column.heading;
                return;
            }
        std::size_t dated = 0;
        for (const auto& column : out_.columns) dated += year_heading(column.heading, shape).has_value();
        if (dated >= 2 || (dated == 1 && out_.columns.size() <= 4)) {
            shape.years_in_columns = true;
            const bool only_years =
                std::all_of(out_.columns.begin(), out_.columns.end(), [&](const ColumnLook& column) {
                    const auto found = year_heading(column.heading, shape);
                    return !found || found->rest.empty();
                });
            // Of several inputs nobody can guess which the figures are.
            if (shape.names_in.empty() && only_years)
                shape.year_values = schema_ && schema_->columns.size() == 1 ? schema_->columns[0].name : "?";
            return;
        }
        std::string above;
        for (std::size_t row = 0; row < rows_.header; ++row)
            for (std::size_t i = 0; i < grid_.width(row); ++i) above += std::string(grid_.text(row, i)) + " ";
        for (const auto& text : {above, out_.sheet, out_.file.substr(out_.file.rfind('/') + 1)}) {
            const auto years = years_in(text, shape);
            if (years.size() != 1) continue;
            shape.year_from = Shape::YearFrom::constant;
            shape.year = years.front();
            return;
        }
        out_.doubts.push_back(say(OfFile::year_missing, language_));
    }

    /// The cheapest proof that no row was lost: totals are the sum of their rows.
    void check_totals() {
        std::vector<std::size_t> totals;
        for (const auto row : rows_.totals_in)
            if (is_total(first_text(grid_, row))) totals.push_back(row);
        if (rows_.end < grid_.rows() && is_total(first_text(grid_, rows_.end))) totals.push_back(rows_.end);
        for (const auto row : totals) {
            std::size_t agree = 0;
            std::vector<std::string> differ;
            for (std::size_t i = 0; i < out_.columns.size(); ++i) {
                const auto total = plain_number(grid_.text(row, i));
                const auto& column = out_.columns[i];
                const bool adds = column.kind == ColumnLook::Kind::number && !column.form.percent &&
                                  column.per_cent == 0 && column.heading != out_.year && column.heading != out_.id;
                if (!adds || !total) continue;
                feel::Decimal sum{0};
                for (const auto body : rows_.body)
                    if (const auto number = plain_number(grid_.text(body, i))) sum = sum + *number;
                const auto off = sum < *total ? *total - sum : sum - *total;
                if (off * feel::Decimal(1'000'000) <= (*total < feel::Decimal(0) ? -*total : *total))
                    ++agree;
                else
                    differ.push_back(column.heading);
            }
            const auto place = place_of(row);
            if (agree > 0)
                out_.checked.push_back(say(agree == 1 ? OfFile::sum_in_1 : OfFile::sum_in, language_,
                                           {{"place", place}, {"n", std::to_string(agree)}}));
            if (!differ.empty())
                out_.doubts.push_back(say(OfFile::no_sum_in, language_,
                                          {{"place", place}, {"columns", fmt::format("{}", fmt::join(differ, ", "))}}));
        }
    }

    /// Sums that no word tells are left out by name; who reads the proposal sees why.
    void tell_sums() {
        for (const auto& sum : rows_.sums)
            out_.checked.push_back(say(sum.below ? OfFile::sum_below : OfFile::sum_above, language_,
                                       {{"place", place_of(sum.row)},
                                        {"k", std::to_string(sum.members)},
                                        {"n", std::to_string(sum.columns)}}));
    }

    std::string place_of(std::size_t row) const {
        return say(out_.of == Inspection::Of::text ? OfFile::line_of : OfFile::row_of, language_,
                   {{"n", std::to_string(grid_.line(row))}, {"text", first_text(grid_, row)}});
    }

    void check_names() {
        std::map<std::string, std::string> looks;
        std::size_t column = 0;
        while (column < out_.columns.size() && out_.columns[column].heading != out_.id) ++column;
        if (column == out_.columns.size()) return;
        std::vector<std::string> near;
        for (const auto row : rows_.body) {
            const std::string name(grid_.text(row, column));
            const auto [known, is_new] = looks.emplace(look_of(name), name);
            if (!is_new && known->second != name)
                near.push_back(say(OfFile::and_, language_, {{"a", known->second}, {"b", name}}));
        }
        if (near.empty())
            out_.checked.push_back(say(OfFile::no_near_names, language_));
        else
            out_.doubts.push_back(
                say(OfFile::near_names, language_, {{"names", fmt::format("{}", fmt::join(near, ", "))}}));
    }

    void tell_spans() {
        auto& spans = out_.spans;
        const auto text = [&](OfFile word, std::size_t row) {
            return say(word, language_, {{"text", first_text(grid_, row)}});
        };
        for (std::size_t row = 0; row < rows_.header; ++row)
            spans.push_back(
                {grid_.line(row), grid_.line(row), text(row == 0 ? OfFile::title : OfFile::above_table, row)});
        if (!names_columns_)
            spans.push_back(
                {grid_.line(rows_.header), grid_.line(rows_.last_header), say(OfFile::names_of_columns, language_)});
        if (rows_.units)
            spans.push_back({grid_.line(*rows_.units), grid_.line(*rows_.units), say(OfFile::units, language_)});
        if (rows_.begin < rows_.end)
            spans.push_back({grid_.line(rows_.begin), grid_.line(rows_.end - 1), rows_and_totals()});
        for (auto row = rows_.end; row < grid_.rows(); ++row)
            spans.push_back({grid_.line(row), grid_.line(row),
                             text(is_total(first_text(grid_, row)) ? OfFile::total : OfFile::note, row)});
    }

    std::string rows_and_totals() const {
        auto rows = say(rows_.body.size() == 1 ? OfFile::rows_1 : OfFile::rows, language_,
                        {{"n", std::to_string(rows_.body.size())}});
        if (rows_.totals_in.empty()) return rows;
        constexpr std::size_t most = 12;
        std::vector<std::uint32_t> lines;
        for (const auto row : rows_.totals_in)
            if (lines.size() < most) lines.push_back(grid_.line(row));
        return say(OfFile::totals_among, language_,
                   {{"rows", rows},
                    {"lines", fmt::format("{}{}", fmt::join(lines, ", "), rows_.totals_in.size() > most ? " …" : "")}});
    }

    const Grid& grid_;
    const KnownInputs* known_;
    const DatasetSchema* schema_;  ///< what they know; nullptr: nothing
    bool names_columns_;
    Language language_;
    Inspection& out_;
    RowsLook rows_;
};

}  // namespace

void look_at_table(const Grid& grid, const KnownInputs* known, bool names_columns, Language language, Inspection& out) {
    Inspector(grid, known, names_columns, language, out).look();
}

}  // namespace zoneval::io
