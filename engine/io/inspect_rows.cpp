#include "engine/io/inspect_rows.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/io/characters.hpp"
#include "engine/io/header.hpp"
#include "engine/io/inspect_column.hpp"

namespace zoneval::io {

namespace {

bool begins_with_any(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.starts_with(word); });
}

/// Without blanks and the colon behind it, ASCII in lower case: `合 计`, `Total:`.
std::string packed(std::string_view text) {
    auto out = replaced(replaced(replaced(text, " ", ""), "\u3000", ""), "：", ":");
    if (out.ends_with(':')) out.pop_back();
    for (auto& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

constexpr std::string_view sums[] = {"合计", "总计", "小计", "合計", "総計", "小計", "subtotal", "total"};

/// The ending by which a row of a name like `东部小计` is the sum of a part; "" where it is none.
std::string_view sum_of_part(std::string_view text) {
    const auto name = packed(text);
    for (const auto sum : sums)
        if (name.ends_with(sum))
            // As it is written there, for the condition that leaves it out.
            return text.size() >= sum.size() ? text.substr(text.size() - sum.size()) : text;
    return {};
}

bool is_note(std::string_view text) {
    return begins_with_any(
        text, {"注",     "备注",   "附注",         "说明", "数据来源", "资料来源", "来源", "Note", "note", "NOTE",
               "Source", "source", "Last updated", "出典", "出所",     "資料",     "※",    "*",    "①",    "1)"});
}

/// The beginning of a note by which it is known again: up to its colon.
std::string note_word(std::string_view text) {
    for (const std::string_view colon : {"：", ":"})
        if (const auto at = text.find(colon); at != std::string_view::npos && at > 0 && at <= 30)
            return std::string(text.substr(0, at));
    return std::string(text.substr(0, text.size() <= 30 ? text.size() : text.find(' ')));
}

/// Letters, and no figure with a flag behind it.
bool could_be_name(std::string_view text) {
    const bool figure = text.empty() || (text[0] >= '0' && text[0] <= '9') || text[0] == ':' || text[0] == '<';
    return !figure && std::any_of(text.begin(), text.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0xC3;
    });
}

class Looker {
  public:
    Looker(const Grid& grid, Shape& shape) : grid_(grid), shape_(shape) {}

    RowsLook look(bool names_columns) {
        if (!names_columns) {
            find_header();
            find_second_header();
            find_units();
        }
        out_.begin = (out_.units ? *out_.units : out_.last_header) + 1;
        auto width = std::max(grid_.width(out_.header), grid_.width(out_.last_header));
        // Cells beyond the names: a column that nobody named.
        if (out_.begin < grid_.rows()) width = std::max(width, grid_.width(out_.begin));
        for (std::size_t i = 0; i < width; ++i) out_.names.push_back(name(i));
        find_end();
        find_body();
        if (!names_columns) tell_rows();
        return std::move(out_);
    }

  private:
    std::size_t filled(std::size_t row) const {
        std::size_t out = 0;
        for (std::size_t i = 0; i < grid_.width(row); ++i)
            out += !grid_.text(row, i).empty() && (grid_.facts(row, i) & fact::merged_down) == 0;
        return out;
    }
    /// Years are names as often as figures.
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
            out_.header = row;
            break;
        }
        out_.last_header = out_.header;
    }

    /// Names over several columns and below them their own; or the same names in a second language.
    void find_second_header() {
        const auto header = out_.header, next = header + 1;
        if (next + 1 >= grid_.rows() || numbers(next) > 0 || numbers(next + 1) == 0) return;
        std::set<std::string_view> words;
        std::size_t over = 0, cells = 0, units = 0, below_numbers = 0;
        for (std::size_t i = 0; i < grid_.width(next); ++i) {
            const auto text = grid_.text(next, i);
            if (text.empty() || (grid_.facts(next, i) & fact::merged_down) != 0) continue;
            ++cells;
            units += is_unit_word(text);
            over += grid_.text(header, i).empty();
            below_numbers += looks_like_number(grid_.text(next + 1, i));
            if (could_be_name(text)) words.insert(text);
        }
        const bool under_others = over > 0;
        const bool second_language = cells >= 2 && words.size() == cells && below_numbers > 0;
        if (units < cells && (under_others || second_language)) out_.last_header = next;
    }

    void find_units() {
        const auto row = out_.last_header + 1;
        if (row >= grid_.rows()) return;
        std::size_t units = 0, others = 0;
        for (std::size_t i = 0; i < grid_.width(row); ++i) {
            const auto text = grid_.text(row, i);
            if (text.empty() || (grid_.facts(row, i) & fact::merged_down) != 0) continue;
            const bool label = text == "单位" || text == "計量単位" || text == "単位" || text == "Unit";
            (is_unit_word(text) ? units : others) += label ? 0 : 1;
        }
        if (units > 0 && others == 0) out_.units = row;
    }

    /// Totals and notes below the last row that is as full as the others.
    void find_end() {
        out_.end = grid_.rows();
        const auto names = filled(out_.last_header);
        for (auto row = out_.begin; row < grid_.rows(); ++row) {
            const auto first = first_text(grid_, row);
            const bool thin = filled(row) == 1 && names > 2, total = is_total(first);
            if (!thin && !total && !is_note(first)) continue;
            if (thin && !is_note(first) && row + 1 < grid_.rows() && filled(row + 1) * 2 >= names) continue;
            // Only where nothing else follows: a total may stand above.
            bool last = true;
            for (auto below = row + 1; below < grid_.rows() && last; ++below)
                last = filled(below) * 2 < names || is_total(first_text(grid_, below)) ||
                       is_note(first_text(grid_, below));
            if (!last) continue;
            out_.end = row;
            shape_.until = {total ? std::string(first) : note_word(first)};
            return;
        }
    }

    void find_body() {
        std::vector<std::string> conditions;
        const auto leave_out = [&](std::size_t row, const std::string& condition) {
            out_.totals_in.push_back(row);
            if (std::find(conditions.begin(), conditions.end(), condition) == conditions.end())
                conditions.push_back(condition);
        };
        for (auto row = out_.begin; row < out_.end; ++row) {
            const auto first = first_text(grid_, row);
            std::size_t column = 0;
            while (column < grid_.width(row) && grid_.text(row, column).empty()) ++column;
            const auto heading = column < out_.names.size() ? out_.names[column] : std::string();
            if (is_total(first))
                leave_out(row, fmt::format("{} = \"{}\"", heading, first));
            else if (const auto ending = sum_of_part(first); !ending.empty())
                leave_out(row, fmt::format("ends with({}, \"{}\")", heading, ending));
            else
                out_.body.push_back(row);
        }
        if (!conditions.empty())
            shape_.drop = feel::ExpressionText::of(fmt::format("{}", fmt::join(conditions, " or ")), "drop");
    }

    std::string name(std::size_t column) const {
        std::string out;
        for (auto row = out_.header; row <= out_.last_header; ++row) {
            if (row > out_.header && (grid_.facts(row, column) & fact::merged_down) != 0) continue;
            const auto piece = one_line(grid_.text(row, over(row, column)));
            if (!piece.empty()) out += (out.empty() ? "" : " ") + piece;
        }
        return out;
    }

    /// The column in which the upper name of a column stands: left of it, where it goes over several.
    std::size_t over(std::size_t row, std::size_t column) const {
        if (row == out_.last_header || grid_.text(out_.last_header, column).empty()) return column;
        auto at = column;
        while (at > 0 && grid_.text(row, at).empty() &&
               (!grid_.has_facts() || (grid_.facts(row, at) & fact::merged_across) != 0))
            --at;
        return at;
    }

    void tell_rows() {
        const auto first = grid_.line(out_.header), last = grid_.line(out_.last_header);
        if (out_.header > 0 || out_.units) shape_.header_rows = {first};
        if (out_.last_header > out_.header) shape_.header_rows = {first, last};
        if (out_.units) shape_.units_row = grid_.line(*out_.units);
    }

    const Grid& grid_;
    Shape& shape_;
    RowsLook out_;
};

}  // namespace

std::string_view first_text(const Grid& grid, std::size_t row) {
    for (std::size_t i = 0; i < grid.width(row); ++i)
        if (!grid.text(row, i).empty()) return grid.text(row, i);
    return {};
}

bool is_total(std::string_view text) {
    static const std::set<std::string> names = {
        "合计",  "总计",   "总和",  "全国",   "全国合计", "全国总计", "全省",       "全省合计", "全市",      "全市合计",
        "全部",  "总体",   "total", "totals", "alltotal", "sum",      "grandtotal", "overall",  "insgesamt", "gesamt",
        "summe", "totale", "合計",  "総計",   "総数",     "計",       "全国計",     "全国合計"};
    return names.contains(packed(text));
}

RowsLook look_at_rows(const Grid& grid, bool names_columns, Shape& shape) {
    return Looker(grid, shape).look(names_columns);
}

}  // namespace zoneval::io
