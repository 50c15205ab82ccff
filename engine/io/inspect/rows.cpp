#include "engine/io/inspect/rows.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/io/cells/characters.hpp"
#include "engine/io/inspect/column.hpp"
#include "engine/io/inspect/known_words.hpp"
#include "engine/io/shapes/header.hpp"
#include "engine/io/shapes/shape_table.hpp"

namespace zoneval::io {

namespace {

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
            find_further_headers();
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

    std::size_t unit_words(std::size_t row) const {
        std::size_t out = 0;
        for (std::size_t i = 0; i < grid_.width(row); ++i) out += is_unit_word(grid_.text(row, i));
        return out;
    }

    /// The first row that is about as full as those below it, and holds names rather than numbers or units.
    void find_header() {
        std::map<std::size_t, std::size_t> widths;
        for (std::size_t row = 0; row < std::min<std::size_t>(grid_.rows(), 200); ++row) ++widths[filled(row)];
        std::size_t usual = 0, most = 0;
        for (const auto& [width, count] : widths)
            if (width >= 2 && width * count >= most) {  // few cells in many rows are lines above, sums and notes
                usual = width;
                most = width * count;
            }
        for (std::size_t row = 0; row < grid_.rows(); ++row) {
            const auto cells = filled(row);
            if (cells < 2 || cells * 2 < usual || numbers(row) * 2 > cells || unit_words(row) == cells) continue;
            out_.header = row;
            break;
        }
        out_.last_header = out_.header;
    }

    /// Names over several columns and below them their own; or the same names in a second language; or years.
    void find_further_headers() {
        constexpr std::size_t most_rows = 4;
        auto data = out_.header + 1;
        while (data < grid_.rows() && data < out_.header + most_rows && numbers(data) == 0) ++data;
        if (data >= grid_.rows() || numbers(data) == 0) return;
        while (out_.last_header + 1 < data && goes_on_below(out_.last_header, data)) ++out_.last_header;
    }

    bool goes_on_below(std::size_t above, std::size_t data) const {
        const auto next = above + 1;
        if (all_years(next)) return true;
        std::set<std::string_view> words;
        std::size_t over = 0, cells = 0, units = 0, below_numbers = 0;
        for (std::size_t i = 0; i < grid_.width(next); ++i) {
            const auto text = grid_.text(next, i);
            if (text.empty() || (grid_.facts(next, i) & fact::merged_down) != 0) continue;
            ++cells;
            units += is_unit_word(text);
            if (looks_like_number(text)) return false;  // a record
            over += grid_.text(above, i).empty();
            below_numbers += looks_like_number(grid_.text(data, i));
            if (could_be_name(text)) words.insert(text);
        }
        const bool under_others = over > 0;
        const bool second_language = cells >= 2 && words.size() == cells && below_numbers > 0;
        const bool under_merged = above > out_.header && cells > 0 && below_numbers == cells;
        return units < cells && (under_others || second_language || under_merged);
    }

    /// `2022年`, `令和5年度`: years below what is counted.
    bool all_years(std::size_t row) const {
        std::size_t years = 0, others = 0;
        for (std::size_t i = 0; i < grid_.width(row); ++i) {
            const auto text = grid_.text(row, i);
            if (text.empty() || (grid_.facts(row, i) & fact::merged_down) != 0) continue;
            const auto heading = year_heading(text, shape_);
            ++(heading && heading->rest.empty() ? years : others);
        }
        return years >= 2 && others == 0;
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
            const bool thin = filled(row) == 1 && names > 2, total = is_total(first), note = is_note_row(row);
            if (!thin && !total && !note) continue;
            if (thin && !note && row + 1 < grid_.rows() && filled(row + 1) * 2 >= names) continue;
            // Only where nothing else follows: a total may stand above.
            bool last = true;
            for (auto below = row + 1; below < grid_.rows() && last; ++below)
                last = filled(below) * 2 < names || is_total(first_text(grid_, below)) || is_note_row(below);
            if (!last) continue;
            out_.end = row;
            shape_.until = {total ? std::string(first) : note_word(first)};
            return;
        }
    }

    bool is_note_row(std::size_t row) const {
        const auto cells = filled(row);
        return is_note(first_text(grid_, row), cells == 1 || cells * 2 < filled(out_.last_header));
    }

    void find_body() {
        std::vector<std::string> conditions;
        const auto leave_out = [&](std::size_t row, const std::string& condition) {
            out_.totals_in.push_back(row);
            if (std::find(conditions.begin(), conditions.end(), condition) == conditions.end())
                conditions.push_back(condition);
        };
        for (auto row = out_.begin; row < out_.end; ++row) {
            const auto column = sum_cell(row);
            const auto text = grid_.text(row, column);
            const auto& heading = heading_of(column);
            if (is_total(text))
                leave_out(row, fmt::format("{} = \"{}\"", heading, text));
            else if (const auto ending = sum_of_part(text); !ending.empty())
                leave_out(row, fmt::format("ends with({}, \"{}\")", heading, ending));
            else if (repeats_names(row))
                leave_out(row, fmt::format("{} = \"{}\"", heading, text));
            else
                out_.body.push_back(row);
        }
        out_.sums = sums_among(grid_, out_.body, out_.names.size());
        for (const auto& sum : out_.sums) {
            leave_out(sum.row, fmt::format("{} = \"{}\"", heading_of(first_own(sum.row)),
                                           grid_.text(sum.row, first_own(sum.row))));
            std::erase(out_.body, sum.row);
        }
        std::sort(out_.totals_in.begin(), out_.totals_in.end());
        if (!conditions.empty())
            shape_.drop = feel::ExpressionText::of(fmt::format("{}", fmt::join(conditions, " or ")), "drop");
    }

    /// The names of the columns again, as on the second page of a print.
    bool repeats_names(std::size_t row) const {
        std::size_t same = 0, others = 0;
        for (std::size_t i = 0; i < grid_.width(row); ++i) {
            const auto text = grid_.text(row, i);
            if (text.empty()) continue;
            bool name = false;
            for (auto header = out_.header; header <= out_.last_header; ++header)
                name = name || grid_.text(header, i) == text;
            ++(name ? same : others);
        }
        return same >= 2 && others == 0;
    }

    /// The first cell that is the row's own: not one of a region merged over rows.
    std::size_t first_own(std::size_t row) const {
        std::size_t column = 0;
        while (column < grid_.width(row) &&
               (grid_.text(row, column).empty() || (grid_.facts(row, column) & fact::merged_down) != 0))
            ++column;
        return column;
    }
    /// Among the first cells the one that calls the row a sum: `东部 | 小计`; else the first of its own.
    std::size_t sum_cell(std::size_t row) const {
        constexpr std::size_t names = 3;
        const auto first = first_own(row);
        for (auto column = first; column < std::min(grid_.width(row), first + names); ++column)
            if (is_total(grid_.text(row, column)) || !sum_of_part(grid_.text(row, column)).empty()) return column;
        return first;
    }
    const std::string& heading_of(std::size_t column) const {
        static const std::string none;
        return column < out_.names.size() ? out_.names[column] : none;
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
        if (out_.header > 0 || out_.units) shape_.header_rows = {grid_.line(out_.header)};
        if (out_.last_header > out_.header) shape_.header_rows.clear();
        for (auto row = out_.header; out_.last_header > out_.header && row <= out_.last_header; ++row)
            shape_.header_rows.push_back(grid_.line(row));
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

RowsLook look_at_rows(const Grid& grid, bool names_columns, Shape& shape) {
    return Looker(grid, shape).look(names_columns);
}

}  // namespace zoneval::io
