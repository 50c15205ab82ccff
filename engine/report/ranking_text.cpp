#include "engine/report/ranking_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/audit/lines.hpp"
#include "engine/diag/palette.hpp"
#include "engine/diag/terminal.hpp"
#include "engine/model/record_title.hpp"
#include "engine/report/tally.hpp"
#include "engine/wording/pages.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::report {

using results::Column;
using results::Table;
using wording::Page;

namespace {

constexpr std::size_t first_shown = 12, most_shown = 60, narrowest = 12, head_width = 8;
constexpr std::string_view gap_between_columns = "  ";

/// A line broken between words, the rest set in.
std::string wrapped(const std::string& text, std::size_t width) {
    std::string out, line;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(' ', at), text.size());
        const auto word = text.substr(at, end - at);
        if (!line.empty() && shown_width(line) + 1 + shown_width(word) > width) {
            out += line + "\n";
            line = "  " + word;
        } else {
            line += (line.empty() ? "" : " ") + word;
        }
        at = end + 1;
    }
    return out + line + "\n";
}

/// What all labels end with in brackets, such as " (invented)": told below once, not in every row.
std::string common_end(const Column& column) {
    const auto& texts = std::get<Column::Texts>(column.cells).dictionary;
    if (texts.size() < 2) return "";
    const auto at = texts.front().rfind(" (");
    if (at == std::string::npos || !texts.front().ends_with(")")) return "";
    const auto end = texts.front().substr(at);
    return std::all_of(texts.begin(), texts.end(), [&](const auto& t) { return t.ends_with(end); }) ? end : "";
}

/// One column laid out: heads and a text for each row shown.
struct Laid {
    const Column* column;
    std::vector<std::string> head;  ///< its lines, the unit last
    std::vector<std::string> cells;
    std::size_t width = 0;
    bool right = false;
};

class Layout {
  public:
    Layout(const View& view, const RankingOptions& options) : view_(view), options_(options) {}

    std::string text(const std::vector<std::uint32_t>& rows, const std::vector<std::size_t>& gaps) {
        for (const auto* column : view_.columns) columns_.push_back(laid(*column, rows));
        fit();
        std::string out;
        std::size_t lines = 0;
        for (const auto& c : columns_) lines = std::max(lines, c.head.size());
        for (std::size_t i = 0; i < lines; ++i)  // the last lines of all heads stand beside each other
            out += line([&](const Laid& c) {
                const auto before = lines - c.head.size();
                return i < before ? std::string() : c.head[i - before];
            });
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (gaps[i] > 0) out += gap(gaps[i]);
            out += line([&](const Laid& c) { return c.cells[i]; }, rows[i]);
        }
        if (gaps.size() > rows.size() && gaps.back() > 0) out += gap(gaps.back());
        return out;
    }

  private:
    static std::string gap(std::size_t rows, wording::Language language) {
        return "   …  " + wording::say(Page::gap_rows, language, {{"n", with_commas(rows)}}) + "\n";
    }
    std::string gap(std::size_t rows) const { return gap(rows, view_.language); }

    /// An outcome of an earlier year beside this year's.
    const Column* compared(const Column& column) const {
        if (column.year == 0 || !column.of || !graph::decision_of(*column.of)) return nullptr;
        for (const auto* other : view_.columns)
            if (other->of == column.of && other->year == 0 && other->part == Column::Part::value) return other;
        return nullptr;
    }

    Laid laid(const Column& column, const std::vector<std::uint32_t>& rows) const {
        Laid out{&column, {}, {}, 0, column.is_number()};
        const auto* now = compared(column);
        auto head = for_terminal(column.name);
        if (now) head = wording::say(Page::in_year, view_.language, {{"year", std::to_string(column.year)}});
        if (column.part == Column::Part::rank) head = column.title;
        const auto end = column.part == Column::Part::label && std::holds_alternative<Column::Texts>(column.cells)
                             ? common_end(column)
                             : "";
        const bool marks = !with_imputed(view_, column).empty();
        for (const auto row : rows) {
            auto text = column.text_or_undetermined(row);
            if (text.ends_with(end)) text.resize(text.size() - end.size());
            if (now && text == now->text_or_undetermined(row)) text.clear();
            if (column.part == Column::Part::rank && !text.empty() && view_.table->tied[row]) text += '=';
            if (marks) text += column.known[row] && column.is_imputed(row) ? '*' : ' ';
            out.cells.push_back(for_terminal(text));
            out.width = std::max(out.width, shown_width(out.cells.back()));
        }
        out.head = broken(head, std::max(out.width, head_width));
        if (!column.unit.empty())
            for (auto& part : broken(for_terminal(column.unit), std::max(out.width, head_width)))
                out.head.push_back(std::move(part));
        for (const auto& part : out.head) out.width = std::max(out.width, shown_width(part));
        return out;
    }

    /// Lines of at most that width, as far as words allow.
    static std::vector<std::string> broken(const std::string& text, std::size_t width) {
        std::vector<std::string> out;
        for (std::size_t at = 0; at < text.size();) {
            const auto end = std::min(text.find(' ', at), text.size());
            const auto word = text.substr(at, end - at);
            if (out.empty() || shown_width(out.back()) + 1 + shown_width(word) > width)
                out.push_back(word);
            else
                out.back() += " " + word;
            at = end + 1;
        }
        return out;
    }

    /// Takes from the widest texts what is too much; ids stay whole.
    void fit() {
        const auto total = [&] {
            std::size_t out = 0;
            for (const auto& c : columns_) out += c.width + gap_between_columns.size();
            return out - gap_between_columns.size();
        };
        while (total() > options_.width) {
            const auto gives = [](const Laid& c) {
                return c.right || c.column->part == Column::Part::record ? 0 : c.width;
            };
            const auto widest = std::max_element(columns_.begin(), columns_.end(),
                                                 [&](const Laid& a, const Laid& b) { return gives(a) < gives(b); });
            if (gives(*widest) <= narrowest) break;
            --widest->width;
        }
    }

    std::string_view colour(const Column& column, std::uint32_t row) const {
        if (!options_.colour || !column.of || !graph::decision_of(*column.of)) return "";
        constexpr auto p = palette(true);
        if (column.undetermined(row)) return p.yellow;
        const auto text = column.text(row);
        for (const auto& value : graph::decision_of(*column.of)->adverse)
            if (value.to_string() == text) return p.red;
        return "";
    }

    template <class Text>
    std::string line(const Text& text, std::optional<std::uint32_t> row = std::nullopt) const {
        std::string out;
        std::size_t blanks = 0;
        for (const auto& c : columns_) {
            const auto cell = c.right ? text(c) : shortened_inside(text(c), c.width);
            const auto own = shown_width(cell);
            const auto paint = row ? colour(*c.column, *row) : "";
            if (c.right) blanks += c.width - own;
            if (!cell.empty()) {
                out += std::string(blanks, ' ');
                out += fmt::format("{}{}{}", paint, cell, paint.empty() ? "" : palette(true).reset);
                blanks = 0;
            }
            blanks += (c.right ? (cell.empty() ? own : 0) : c.width - own) + gap_between_columns.size();
        }
        out.resize(out.find_last_not_of(' ') + 1);
        return out + "\n";
    }

    const View& view_;
    const RankingOptions& options_;
    std::vector<Laid> columns_;
};

/// Places in view.rows: the first, ties with a neighbour, undetermined and unranked ones.
std::vector<std::size_t> picked(const View& view) {
    const auto& table = *view.table;
    const auto* rank = table.find("rank");
    const auto* outcome = table.find(table.decision);
    std::vector<std::uint8_t> take(view.rows.size());
    std::vector<std::size_t> ties;
    for (std::size_t i = 0; i < view.rows.size(); ++i) {
        const auto row = view.rows[i];
        const bool unranked = rank && rank->part == Column::Part::rank && !rank->known[row];
        take[i] = i < first_shown || unranked || (outcome && outcome->undetermined(row));
        if (!table.tied.empty() && table.tied[row]) ties.push_back(i);
    }
    if (ties.size() <= first_shown)
        for (const auto i : ties) {
            take[i] = 1;
            if (i > 0) take[i - 1] = 1;
            if (i + 1 < take.size()) take[i + 1] = 1;
        }
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < take.size() && out.size() < most_shown; ++i)
        if (take[i]) out.push_back(i);
    return out;
}

std::string counts_line(const View& view) {
    const auto& table = *view.table;
    const auto n = with_commas(table.size()), year = std::to_string(table.year);
    const auto kind = for_terminal(model::record_title(*table.graph->rules, view.language));
    const auto* outcome = table.find(table.decision);
    if (!outcome || !outcome->is_outcome())
        return wording::say(Page::head_plain, view.language, {{"n", n}, {"kind", kind}, {"year", year}});
    std::string counts;
    for (const auto& entry : tally_of(*outcome, view.language).entries)
        if (entry.records > 0)
            counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", for_terminal(entry.label),
                                  with_commas(entry.records));
    return wording::say(Page::head, view.language, {{"n", n}, {"kind", kind}, {"year", year}, {"counts", counts}});
}

/// "Invented-W36 none | interview": what may still come of the records whose outcome is undetermined.
std::string undetermined_lines(const View& view, const RankingOptions& options) {
    const auto& table = *view.table;
    std::string out;
    for (const auto& column : table.columns) {
        if (!column.is_outcome() || column.year != 0) continue;
        const auto* possible = table.find(column.name + ".possible");
        std::vector<std::string> who;
        std::size_t more = 0;
        for (const auto row : view.rows) {
            if (!column.undetermined(row)) continue;
            if (who.size() == first_shown && !options.all) {
                ++more;
                continue;
            }
            const bool main = column.name == table.decision && possible && possible->known[row];
            who.push_back(table.records[row] + (main ? " (" + possible->label(row) + ")" : ""));
        }
        if (who.empty()) continue;
        std::string text = wording::say(Page::undetermined_name, view.language, {{"name", column.name}}) + ": ";
        for (std::size_t i = 0; i < who.size(); ++i) text += (i > 0 ? ", " : "") + for_terminal(who[i]);
        if (more > 0) text += ", " + wording::say(Page::and_more, view.language, {{"n", with_commas(more)}});
        out += wrapped(text, options.width);
    }
    return out;
}

/// How many values of each number shown are unknown.
std::string unknown_line(const View& view) {
    std::string out;
    for (const auto* column : view.columns) {
        if (!column->is_number() || column->part == Column::Part::rank) continue;
        const auto n = static_cast<std::size_t>(
            std::count_if(view.rows.begin(), view.rows.end(), [&](auto row) { return !column->known[row]; }));
        if (n == 0) continue;
        out += (out.empty() ? "" : ", ") + wording::say(Page::values_unknown, view.language,
                                                        {{"name", for_terminal(column->name)}, {"n", with_commas(n)}});
    }
    return out.empty() ? out : out + "\n";
}

std::string footnotes(const View& view) {
    std::string out;
    for (const auto* column : view.columns) {
        if (column->part == Column::Part::rank && std::any_of(view.rows.begin(), view.rows.end(), [&](auto row) {
                return view.table->tied[row] || !column->known[row];
            }))
            out += wording::say(Page::rank_note, view.language) + "\n";
        if (column->year != 0 && column->of && graph::decision_of(*column->of) && view.table->find(column->of->name)) {
            const auto year = std::to_string(column->year);
            out += wording::say(Page::year_note, view.language,
                                {{"head", wording::say(Page::in_year, view.language, {{"year", year}})},
                                 {"name", column->of->name},
                                 {"year", year}}) +
                   "\n";
        }
    }
    return out;
}

}  // namespace

std::string imputed_lines(const View& view, const RankingOptions& options) {
    std::string out;
    for (const auto* column : view.columns) {
        const auto rows = with_imputed(view, *column);
        if (rows.empty()) continue;
        std::string who;
        const auto told = options.all ? rows.size() : std::min(rows.size(), first_shown);
        for (std::size_t i = 0; i < told; ++i)
            who += fmt::format("{}{} ({})", i > 0 ? wording::say(wording::Phrase::separator, view.language) : "",
                               view.table->records[rows[i]], imputed_titles(view, *column, rows[i]));
        if (told < rows.size())
            who += wording::say(wording::Phrase::separator, view.language) +
                   wording::say(Page::and_more, view.language, {{"n", with_commas(rows.size() - told)}});
        out += wrapped(
            for_terminal(wording::say(Page::imputed_note, view.language, {{"name", column->name}, {"records", who}})),
            options.width);
    }
    return out;
}

std::string rows_text(const View& view, const RankingOptions& options) {
    std::vector<std::size_t> places;
    if (options.all || view.rows.size() <= first_shown * 2)
        for (std::size_t i = 0; i < view.rows.size(); ++i) places.push_back(i);
    else if (options.chosen)
        for (std::size_t i = 0; i < std::min(view.rows.size(), most_shown / 2); ++i) places.push_back(i);
    else
        places = picked(view);
    std::vector<std::uint32_t> rows;
    std::vector<std::size_t> gaps;
    std::size_t next = 0;
    for (const auto place : places) {
        rows.push_back(view.rows[place]);
        gaps.push_back(place - next);
        next = place + 1;
    }
    gaps.push_back(view.rows.size() - next);
    return Layout(view, options).text(rows, gaps);
}

std::string ranking_text(const View& view, const RankingOptions& options) {
    const auto& table = *view.table;
    auto out = wrapped(counts_line(view), options.width);
    if (!options.condition.empty())
        out += wording::say(Page::matching, view.language,
                            {{"n", with_commas(view.rows.size())},
                             {"all", with_commas(table.size())},
                             {"condition", for_terminal(options.condition)}}) +
               "\n";
    if (options.cannot_tell > 0)
        out += wording::say(Page::cannot_tell, view.language, {{"n", with_commas(options.cannot_tell)}}) + "\n";
    if (!table.ranked_by.empty())
        out += wording::say(Page::ranked_by, view.language,
                            {{"name", for_terminal(table.ranked_by)},
                             {"n", with_commas(table.ranked)},
                             {"all", with_commas(table.size())}}) +
               "\n";
    const auto below =
        footnotes(view) + imputed_lines(view, options) + undetermined_lines(view, options) + unknown_line(view);
    out += "\n" + rows_text(view, options) + "\n" + below + (below.empty() ? "" : "\n");
    out += wording::say(Page::run_line, view.language,
                        {{"run", std::to_string(table.run)},
                         {"year", std::to_string(table.year)},
                         {"state", audit::state_text(table.standing, view.language)},
                         {"seal", audit::short_seal(table.seal)},
                         {"revision", std::to_string(table.revision)}}) +
           "\n";
    for (const auto& note : table.notes) out += wrapped(for_terminal(note), options.width);
    if (!options.next.empty()) out += wording::say(Page::more, view.language) + " " + options.next + "\n";
    return out;
}

}  // namespace zoneval::report
