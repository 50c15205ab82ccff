#include "engine/io/inspect.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "engine/io/characters.hpp"
#include "engine/io/duckdb_table.hpp"
#include "engine/io/header.hpp"
#include "engine/io/import.hpp"
#include "engine/io/inspect_column.hpp"
#include "engine/io/json_lines.hpp"
#include "engine/io/shape_table.hpp"
#include "engine/io/sqlite_table.hpp"
#include "engine/io/text.hpp"
#include "engine/io/xlsx.hpp"
#include "engine/wording/files.hpp"

namespace zoneval::io {

using wording::Language;
using wording::OfFile;
using wording::say;

namespace {

bool begins_with_any(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.starts_with(word); });
}
bool is_any(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

bool is_total(std::string_view text) {
    std::string packed = replaced(replaced(text, " ", ""), "\u3000", "");
    return is_any(packed, {"合计", "总计", "总和", "全国", "全国合计", "全省合计", "total", "Total", "TOTAL",
                           "GrandTotal", "合計", "総計", "全国計"});
}
bool is_subtotal(std::string_view text) {
    return text.ends_with("小计") || text.ends_with("小計") || text.ends_with("ubtotal");
}
bool is_note(std::string_view text) {
    return begins_with_any(text, {"注", "备注", "说明", "数据来源", "资料来源", "来源", "Note", "note", "Source",
                                  "source", "出典", "*", "①"});
}

/// The beginning of a note by which it is known again: up to its colon.
std::string note_word(std::string_view text) {
    for (const std::string_view colon : {"：", ":"})
        if (const auto at = text.find(colon); at != std::string_view::npos && at > 0 && at <= 30)
            return std::string(text.substr(0, at));
    return std::string(text.substr(0, text.size() <= 30 ? text.size() : text.find(' ')));
}

class Inspector {
  public:
    Inspector(const Grid& grid, const DatasetSchema* schema, bool names_columns, Language language, Inspection& out)
        : grid_(grid), schema_(schema), names_columns_(names_columns), language_(language), out_(out) {}

    void look() {
        if (!names_columns_) {
            find_header();
            find_units();
        }
        find_end();
        find_body();
        look_at_columns();
        find_joined();
        find_roles();
        find_year();
        find_words();
        find_blanks_below();
        auto& shape = out_.shape;
        if (shape.names_in.empty() || (shape.values_in.empty() && !shape.years_in_columns))
            shape.names_in = shape.values_in = shape.unit_in = "";
        check_totals();
        tell_spans();
    }

  private:
    std::size_t filled(std::size_t row) const {
        std::size_t out = 0;
        for (std::size_t i = 0; i < grid_.width(row); ++i)
            out += !grid_.text(row, i).empty() && (grid_.facts(row, i) & fact::merged_down) == 0;
        return out;
    }
    std::string_view first_text(std::size_t row) const {
        for (std::size_t i = 0; i < grid_.width(row); ++i)
            if (!grid_.text(row, i).empty()) return grid_.text(row, i);
        return {};
    }
    std::size_t numbers(std::size_t row) const {
        std::size_t out = 0;
        for (std::size_t i = 0; i < grid_.width(row); ++i) {
            const auto text = grid_.text(row, i);
            out += looks_like_number(text) && !(text.size() == 4 && (text[0] == '1' || text[0] == '2'));
        }
        return out;
    }

    /// The first row that is about as full as those below it, and holds names rather than numbers.
    void find_header() {
        std::map<std::size_t, std::size_t> widths;
        for (std::size_t row = 0; row < std::min<std::size_t>(grid_.rows(), 200); ++row) ++widths[filled(row)];
        std::size_t usual = 0, most = 0;
        for (const auto& [width, count] : widths)
            if (width >= 2 && count >= most) {
                usual = width;
                most = count;
            }
        for (std::size_t row = 0; row < grid_.rows(); ++row) {
            const auto cells = filled(row);
            if (cells < 2 || cells * 2 < usual || numbers(row) * 2 > cells) continue;
            header_ = row;
            break;
        }
        out_.shape.header_rows.clear();
        last_header_ = header_;
        // Names over several columns, and below them their own.
        const auto next = header_ + 1;
        bool gaps = false;
        for (std::size_t i = 0; i < grid_.width(header_); ++i)
            gaps = gaps || (grid_.facts(header_, i) & fact::merged_across) != 0;
        if (gaps && next + 1 < grid_.rows() && numbers(next) == 0 && numbers(next + 1) > 0) last_header_ = next;
    }

    void find_units() {
        const auto row = last_header_ + 1;
        if (row >= grid_.rows()) return;
        std::size_t units = 0, others = 0;
        for (std::size_t i = 0; i < grid_.width(row); ++i) {
            const auto text = grid_.text(row, i);
            if (text.empty() || (grid_.facts(row, i) & fact::merged_down) != 0) continue;
            (is_unit_word(text) ? units : others) += 1;
        }
        if (units > 0 && others == 0) units_ = row;
    }

    std::size_t begin() const { return (units_ ? *units_ : last_header_) + 1; }

    /// Totals and notes below the last row that is as full as the others.
    void find_end() {
        end_ = grid_.rows();
        const auto names = filled(last_header_);
        for (auto row = begin(); row < grid_.rows(); ++row) {
            const auto first = first_text(row);
            const bool thin = filled(row) == 1 && names > 2, total = is_total(first);
            if (!thin && !total && !is_note(first)) continue;
            if (thin && !is_note(first) && row + 1 < grid_.rows() && filled(row + 1) * 2 >= names) continue;
            // Only where nothing else follows: a total may stand above.
            bool last = true;
            for (auto below = row + 1; below < grid_.rows() && last; ++below)
                last = filled(below) * 2 < names || is_total(first_text(below)) || is_note(first_text(below));
            if (!last) continue;
            end_ = row;
            out_.shape.until = {total ? std::string(first) : note_word(first)};
            return;
        }
    }

    void find_body() {
        std::vector<std::string_view> totals;
        std::string by_end;
        for (auto row = begin(); row < end_; ++row) {
            const auto first = first_text(row);
            if (is_total(first) || is_subtotal(first)) {
                left_out_.push_back(row);
                if (is_total(first) && std::find(totals.begin(), totals.end(), first) == totals.end())
                    totals.push_back(first);
                if (is_subtotal(first))
                    by_end = first.ends_with("小计") ? "小计" : first.ends_with("小計") ? "小計" : "ubtotal";
            } else {
                body_.push_back(row);
            }
        }
        if (left_out_.empty()) return;
        std::size_t column = 0;
        while (grid_.text(left_out_[0], column).empty()) ++column;
        const auto name = heading(column);
        std::vector<std::string> conditions;
        for (const auto total : totals) conditions.push_back(fmt::format("{} = \"{}\"", name, total));
        if (!by_end.empty()) conditions.push_back(fmt::format("ends with({}, \"{}\")", name, by_end));
        out_.shape.drop = feel::ExpressionText::of(fmt::format("{}", fmt::join(conditions, " or ")), "drop");
    }

    std::string heading(std::size_t column) const {
        std::string out;
        for (auto row = header_; row <= last_header_; ++row) {
            if (row > header_ && (grid_.facts(row, column) & fact::merged_down) != 0) continue;
            auto at = column;
            while (row < last_header_ && at > 0 && (grid_.facts(row, at) & fact::merged_across) != 0) --at;
            const auto piece = grid_.text(row, at);
            if (!piece.empty()) out += (out.empty() ? "" : " ") + std::string(piece);
        }
        return out;
    }

    /// `单位：万元` above the table, for every figure in it.
    std::string unit_above() const {
        for (std::size_t row = 0; row < header_; ++row)
            for (std::size_t i = 0; i < grid_.width(row); ++i)
                for (const std::string_view word : {"单位：", "单位:", "Unit: ", "unit: "})
                    if (grid_.text(row, i).starts_with(word))
                        return std::string(trimmed(grid_.text(row, i).substr(word.size())));
        return "";
    }

    void look_at_columns() {
        const auto above = unit_above();
        const auto width = std::max(grid_.width(header_), grid_.width(last_header_));
        for (std::size_t i = 0; i < width; ++i) {
            ColumnLook column;
            column.heading = heading(i);
            column.unit = units_ ? std::string(grid_.text(*units_, i)) : heading_parts(column.heading).unit;
            look_at_cells(grid_, body_, i, column);
            if (column.unit.empty() && column.kind == ColumnLook::Kind::number && !column.form.percent &&
                column.per_cent == 0)
                column.unit = above;
            out_.columns.push_back(std::move(column));
        }
        out_.records = body_.size();
        for (std::size_t row = 0; row < std::min<std::size_t>(3, body_.size()); ++row) {
            auto& cells = out_.first_rows.emplace_back();
            for (std::size_t i = 0; i < width; ++i) cells.emplace_back(grid_.text(body_[row], i));
        }
        if (header_ > 0) out_.shape.header_rows = {grid_.line(header_)};
        if (last_header_ > header_) out_.shape.header_rows = {grid_.line(header_), grid_.line(last_header_)};
        if (units_) {
            out_.shape.units_row = grid_.line(*units_);
            if (out_.shape.header_rows.empty()) out_.shape.header_rows = {grid_.line(header_)};
        }
    }

    /// Codes joined in one column, as statistical offices have them: `unit,geo\time` above `EUR,DE`.
    void find_joined() {
        for (std::size_t i = 0; i < out_.columns.size(); ++i) {
            auto& column = out_.columns[i];
            const auto in_heading = static_cast<std::size_t>(std::count(column.heading.begin(), column.heading.end(), ','));
            if (column.kind != ColumnLook::Kind::text || column.blank > 0 || in_heading == 0) continue;
            const bool alike = std::all_of(body_.begin(), body_.end(), [&](std::size_t row) {
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
        for (auto& column : out_.columns)
            for (const auto& input : schema_->columns) {
                if (input.name != column.input || column.kind != ColumnLook::Kind::text) continue;
                column.input_words = input.type == feel::Type::Kind::boolean
                                         ? std::vector<std::string>{"true", "false"}
                                         : input.values;
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
            if (column.kind != ColumnLook::Kind::text || column.blank == 0 || body_.empty() || out_.id == column.heading)
                continue;
            // The first names filled rows as often as blanks follow them: a column of remarks is emptier, or begins so.
            if (grid_.text(body_.front(), i).empty() || column.cells * 2 > body_.size() || column.words.empty() ||
                !column.distinct || column.cells < 2)
                continue;
            out_.shape.fill_down.push_back(column.heading);
            out_.doubts.push_back(say(OfFile::fill_doubt, language_, {{"heading", column.heading}}));
        }
    }

    /// Which columns are record, year, name, value and unit; which inputs the others feed.
    void find_roles() {
        for (auto& column : out_.columns) {
            const auto& name = column.heading;
            if (is_any(name, {"indicator", "Indicator", "指标", "指标名称", "Indicator Name", "variable", "variables",
                              "項目"}))
                out_.shape.names_in = name;
            if (is_any(name, {"value", "Value", "values", "数值", "值", "OBS_VALUE", "値"}))
                out_.shape.values_in = name;
            if (is_any(name, {"unit", "Unit", "units", "单位", "計量単位", "単位"})) out_.shape.unit_in = name;
        }
        const auto names = names_of_columns();
        const auto named = [&](std::initializer_list<std::string_view> words) {
            for (const auto& name : names)
                if (out_.id.empty() && is_any(name, words)) out_.id = name;
        };
        if (schema_) named({schema_->id_header});
        named({"zone", "id", "ID", "Id", "code", "Code", "geo", "GEO", "REF_AREA", "园区代码", "地区代码", "机构代码",
               "统一社会信用代码", "代码", "编号", "Country Code", "コード", "団体コード", "番号"});
        named({"园区", "园区名称", "地区", "地区名称", "省份", "省市", "城市", "单位名称", "企业名称", "机构名称",
               "Zone", "Region", "Country", "region", "country", "都道府県", "市区町村", "地域", "区分"});
        if (out_.id.empty())
            for (const auto& column : out_.columns)
                if (out_.id.empty() && column.kind == ColumnLook::Kind::text && column.distinct && column.blank == 0)
                    out_.id = column.heading;
        match_inputs();
    }

    void match_inputs() {
        for (auto& column : out_.columns) {
            const auto plain = heading_parts(column.heading).name;
            if (!schema_) {
                column.input = plain;
                continue;
            }
            std::vector<std::string> names;
            for (const auto& input : schema_->columns) {
                if (input.header == column.heading || input.header == plain || input.name == column.heading ||
                    input.name == plain)
                    column.input = input.name;
                names.push_back(input.header);
                names.push_back(input.name);
            }
            if (column.input.empty() && column.heading != out_.id) column.nearest = nearest(plain, names).value_or("");
        }
    }

    void find_year() {
        auto& shape = out_.shape;
        const auto by_header = schema_ ? schema_->year_header : std::string("year");
        for (const auto& column : out_.columns)
            if (column.heading == by_header ||
                is_any(column.heading, {"year", "Year", "YEAR", "年份", "年度", "统计年度", "年", "TIME_PERIOD", "TIME",
                                        "Time", "調査年", "西暦"})) {
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
        for (std::size_t row = 0; row < header_; ++row)
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
        for (const auto row : left_out_)
            if (is_total(first_text(row))) totals.push_back(row);
        if (end_ < grid_.rows() && is_total(first_text(end_))) totals.push_back(end_);
        for (const auto row : totals) {
            std::size_t agree = 0;
            std::vector<std::string> differ;
            for (std::size_t i = 0; i < out_.columns.size(); ++i) {
                const auto total = plain_number(grid_.text(row, i));
                if (out_.columns[i].kind != ColumnLook::Kind::number || !total) continue;
                feel::Decimal sum{0};
                for (const auto body : body_)
                    if (const auto number = plain_number(grid_.text(body, i))) sum = sum + *number;
                const auto off = sum < *total ? *total - sum : sum - *total;
                if (off * feel::Decimal(1'000'000) <= (*total < feel::Decimal(0) ? -*total : *total))
                    ++agree;
                else
                    differ.push_back(out_.columns[i].heading);
            }
            const auto place = say(out_.of == Inspection::Of::text ? OfFile::line_of : OfFile::row_of, language_,
                                   {{"n", std::to_string(grid_.line(row))}, {"text", first_text(row)}});
            if (agree > 0)
                out_.checked.push_back(say(agree == 1 ? OfFile::sum_in_1 : OfFile::sum_in, language_,
                                           {{"place", place}, {"n", std::to_string(agree)}}));
            if (!differ.empty())
                out_.doubts.push_back(
                    say(OfFile::no_sum_in, language_,
                        {{"place", place}, {"columns", fmt::format("{}", fmt::join(differ, ", "))}}));
        }
        check_names();
    }

    void check_names() {
        std::map<std::string, std::string> looks;
        std::size_t column = 0;
        while (column < out_.columns.size() && out_.columns[column].heading != out_.id) ++column;
        if (column == out_.columns.size()) return;
        std::vector<std::string> near;
        for (const auto row : body_) {
            const std::string name(grid_.text(row, column));
            const auto [known, is_new] = looks.emplace(look_of(name), name);
            if (!is_new && known->second != name) near.push_back(say(OfFile::and_, language_, {{"a", known->second}, {"b", name}}));
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
            return say(word, language_, {{"text", first_text(row)}});
        };
        for (std::size_t row = 0; row < header_; ++row)
            spans.push_back({grid_.line(row), grid_.line(row),
                             text(row == 0 ? OfFile::title : OfFile::above_table, row)});
        if (!names_columns_)
            spans.push_back(
                {grid_.line(header_), grid_.line(last_header_), say(OfFile::names_of_columns, language_)});
        if (units_) spans.push_back({grid_.line(*units_), grid_.line(*units_), say(OfFile::units, language_)});
        if (begin() < end_) spans.push_back({grid_.line(begin()), grid_.line(end_ - 1), rows_and_totals()});
        for (auto row = end_; row < grid_.rows(); ++row)
            spans.push_back({grid_.line(row), grid_.line(row),
                             text(is_total(first_text(row)) ? OfFile::total : OfFile::note, row)});
    }

    std::string rows_and_totals() const {
        auto rows = say(body_.size() == 1 ? OfFile::rows_1 : OfFile::rows, language_,
                        {{"n", std::to_string(body_.size())}});
        if (left_out_.empty()) return rows;
        constexpr std::size_t most = 12;
        std::vector<std::uint32_t> lines;
        for (const auto row : left_out_)
            if (lines.size() < most) lines.push_back(grid_.line(row));
        return say(OfFile::totals_among, language_,
                   {{"rows", rows},
                    {"lines", fmt::format("{}{}", fmt::join(lines, ", "), left_out_.size() > most ? " …" : "")}});
    }

    const Grid& grid_;
    const DatasetSchema* schema_;
    bool names_columns_;
    Language language_;
    Inspection& out_;
    std::size_t header_ = 0, last_header_ = 0, end_ = 0;
    std::optional<std::size_t> units_;
    std::vector<std::size_t> body_, left_out_;
};

/// What parts the cells: of those that people use, the one that stands most evenly in the first lines.
char guess_delimiter(std::string_view text) {
    char best = ',';
    std::size_t most = 0;
    for (const char c : {',', ';', '\t', '|'}) {
        std::map<std::size_t, std::size_t> counts;
        std::size_t begin = 0;
        for (std::size_t line = 0; line < 50 && begin < text.size(); ++line) {
            const auto end = std::min(text.find('\n', begin), text.size());
            const auto row = text.substr(begin, end - begin);
            ++counts[static_cast<std::size_t>(std::count(row.begin(), row.end(), c))];
            begin = end + 1;
        }
        for (const auto& [per_line, lines] : counts)
            if (per_line > 0 && lines * (per_line + 1) > most) {
                most = lines * (per_line + 1);
                best = c;
            }
    }
    return best;
}

/// Not UTF-8, another delimiter: as what a text is best read.
void look_at_text(std::string_view bytes, Inspection& out, ReadOptions& options) {
    const bool marked = bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
    if (!marked && first_invalid_utf8(bytes)) {
        out.encodings = guess_encodings(bytes.substr(0, 1 << 20));
        if (!out.encodings.empty()) out.shape.encoding = options.encoding = out.encodings.front().encoding;
    }
    Diagnostics none;
    std::string buffer;
    const auto text =
        utf8_of(bytes, out.file, options.encoding.empty() ? "UTF-8" : options.encoding, buffer, none);
    if (!text || text->starts_with("sep=") || looks_like_json(text->substr(0, 1000))) return;
    options.delimiter = guess_delimiter(*text);
    if (options.delimiter != ',') out.shape.delimiter = options.delimiter;
}

/// Sheets whose names are years, each of them another: then one declaration reads all of them.
void look_at_sheets(std::string_view bytes, bool chosen, const Grid& grid, Language language, Inspection& out) {
    if (out.of == Inspection::Of::text) return;
    const bool year_is_known = !out.year.empty() || out.shape.years_in_columns;
    Diagnostics none;
    std::set<std::int32_t> years;
    bool one_each = true;
    for (auto& name : names_in(bytes, out.file, none)) {
        const auto found = years_in(name, out.shape);
        one_each = one_each && found.size() == 1 && years.insert(found.front()).second;
        if (name != out.sheet && !name.empty()) out.other_sheets.push_back(std::move(name));
    }
    if (chosen) out.shape.sheets = {out.sheet};
    if (chosen || year_is_known || !one_each || years.size() < 2) return;
    const auto header = [](const Grid& of, std::uint32_t line) {
        std::vector<std::string> texts;
        for (std::size_t row = 0; row < of.rows() && of.line(row) <= line; ++row)
            for (std::size_t i = 0; of.line(row) == line && i < of.width(row); ++i) texts.emplace_back(of.text(row, i));
        return texts;
    };
    const auto names_at = out.shape.header_rows.empty() ? grid.line(0) : out.shape.header_rows.back();
    for (const auto& name : out.other_sheets) {
        ReadOptions options;
        options.sheet = name;
        std::string text;
        const auto source = open_rows(out.file, bytes, options, text, none);
        if (!source || header(Grid(*source, none), names_at) != header(grid, names_at)) {
            out.doubts.push_back(say(OfFile::sheets_differ, language));
            return;
        }
    }
    out.sheet_of_each_year = true;
    out.shape.sheets = {"*"};
    out.shape.year_from = Shape::YearFrom::sheet;
    std::erase(out.doubts, say(OfFile::year_missing, language));
}

}  // namespace

Inspection inspect(const std::string& file, std::string_view bytes, const std::string& sheet,
                   const DatasetSchema* schema, Language language, Diagnostics& diagnostics) {
    Inspection out;
    out.file = file;
    ReadOptions options;
    options.sheet = sheet;
    std::string text;
    if (bytes.starts_with("PK\x03\x04"))
        out.of = Inspection::Of::workbook;
    else if (is_sqlite(bytes) || is_duckdb(bytes) || is_parquet(bytes))
        out.of = Inspection::Of::table;
    else
        look_at_text(bytes, out, options);
    auto source = open_rows(file, bytes, options, text, diagnostics);
    if (!source) return out;
    out.sheet = source->sheet();
    const Grid grid(*source, diagnostics);
    if (diagnostics.has_errors()) return out;
    if (grid.rows() < 2) {
        Location where;
        where.file = file;
        where.sheet = out.sheet;
        diagnostics.add({Kind::unreadable_file, "the file holds fewer than two rows", std::move(where), "", ""});
        return out;
    }
    Inspector(grid, schema, source->names_columns(), language, out).look();
    look_at_sheets(bytes, !sheet.empty(), grid, language, out);
    return out;
}

}  // namespace zoneval::io
