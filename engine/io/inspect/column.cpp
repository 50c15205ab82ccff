#include "engine/io/inspect/column.hpp"

#include <algorithm>
#include <set>

#include "engine/io/cells/characters.hpp"
#include "engine/io/cells/dates.hpp"
#include "engine/io/cells/number_form.hpp"
#include "engine/io/inspect/known_words.hpp"

namespace zoneval::io {

namespace {

/// Forms a column may need, the plainest first.
std::vector<CellForm> forms() {
    std::vector<CellForm> out(8);
    out[1].grouped = true;
    out[2].percent = true;
    out[3].parentheses = out[3].grouped = true;
    out[4].decimal_comma = true;
    out[5].full_width = true;
    out[6].decimal_comma = out[6].percent = true;
    out[7].grouped = out[7].parentheses = out[7].full_width = true;
    return out;
}

bool reads(const CellForm& form, std::string_view text) {
    ColumnSchema column;
    column.form = form;
    return NumberForm(column, std::nullopt).read(text, 0).has_value();
}

constexpr const char* date_patterns[] = {"y/m/d", "y年m月d日", "y.m.d", "d.m.y"};

/// What stands behind a number: `①`, `p`, `*`, `[1]`; "" where it is not of that kind.
std::string mark_of(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && ((text[end] >= '0' && text[end] <= '9') ||
                                 std::string_view("+-.,").find(text[end]) != std::string_view::npos))
        ++end;
    const auto mark = trimmed(text.substr(end));
    const auto seen = without_unseen_blanks(mark);
    // What says how much the number is, is no mark that may be left out.
    const bool sign = seen == "%" || seen == "\uFF05" || seen == "\u2030" || seen == "\u00B0" || is_unit_word(seen);
    const bool number = end > 0 && looks_like_number(text.substr(0, end)) && !sign;
    return number && !mark.empty() && mark.size() <= 6 ? std::string(mark) : "";
}

/// Where the character stands, it parts groups of three, and nothing else is in the way: `1,234` is 1234 to some and
/// 1.234 to others.
bool in_threes(std::string_view text, char separator) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    const char other = separator == ',' ? '.' : ',';
    if (text.find(separator) == std::string_view::npos) return true;
    if (text.find(other) != std::string_view::npos || text.starts_with("0")) return false;
    std::size_t group = 0, digits = 0;
    for (const char c : text) {
        if (c != separator && (c < '0' || c > '9')) return true;  // a word, which tells nothing
        if (c != separator) {
            ++digits;
            continue;
        }
        if (group == 0 ? digits < 1 || digits > 3 : digits != 3) return false;
        digits = 0;
        ++group;
    }
    return digits == 3;
}

/// Adds to a form what more of the cells need that it leaves unread, where that takes nothing from those it reads;
/// which of them it reads now.
std::vector<std::string> widen(CellForm& form, const std::vector<std::string>& unread) {
    const auto those_read = [&](const CellForm& by) {
        std::vector<std::string> out;
        for (const auto& text : unread)
            if (reads(by, text)) out.push_back(text);
        return out;
    };
    std::vector<std::string> best;
    auto widest = form;
    for (unsigned flags = 1; flags < 8; ++flags) {
        auto wider = form;
        wider.grouped = wider.grouped || ((flags & 1) != 0 && !form.decimal_comma);
        wider.parentheses = wider.parentheses || (flags & 2) != 0;
        wider.full_width = wider.full_width || (flags & 4) != 0;
        if (auto read = those_read(wider); read.size() > best.size()) {
            best = std::move(read);
            widest = wider;
        }
    }
    form = widest;
    return best;
}

/// A flag of a statistical office behind its sign for a missing figure: the `c` of `: c`.
std::string mark_on_missing(std::string_view text) {
    constexpr std::size_t longest = 3;
    if (!text.starts_with(':')) return "";
    const auto mark = trimmed(text.substr(1));
    const bool letters = std::all_of(mark.begin(), mark.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    return letters && mark.size() <= longest ? std::string(mark) : "";
}

}  // namespace

std::optional<feel::Decimal> plain_number(std::string_view text) {
    for (const auto& form : forms()) {
        ColumnSchema column;
        column.form = form;
        if (text.empty()) break;
        if (const auto read = NumberForm(column, std::nullopt).read(text, 0)) return read->number;
    }
    return std::nullopt;
}

bool looks_like_number(std::string_view text) { return plain_number(text).has_value(); }

void look_at_cells(const Grid& grid, const std::vector<std::size_t>& rows, std::size_t column, ColumnLook& out) {
    const auto candidates = forms();
    std::vector<std::size_t> reads_by(candidates.size());
    std::vector<std::size_t> dates_by(std::size(date_patterns));
    std::set<std::string, std::less<>> texts, words, marks;
    std::size_t iso_dates = 0, no_figure = 0;
    std::vector<std::string> unread;  // with digits: perhaps in several forms at once
    bool any_comma = false, any_point = false;
    out.commas_in_threes = out.points_in_threes = true;
    for (const auto row : rows) {
        const auto text = grid.text(row, column);
        const auto facts = grid.facts(row, column);
        out.no_result += (facts & fact::no_result) != 0;
        out.merged = out.merged || (facts & fact::merged_down) != 0;
        if (text.empty()) {
            ++out.blank;
            continue;
        }
        ++out.cells;
        out.nested += (facts & fact::no_text) != 0;
        out.per_cent += (facts & fact::percent) != 0;
        out.long_digits += text.size() > 16 && text.find('.') != std::string_view::npos;
        out.distinct = texts.emplace(text).second && out.distinct;
        out.commas_in_threes = out.commas_in_threes && in_threes(text, ',');
        out.points_in_threes = out.points_in_threes && in_threes(text, '.');
        any_comma = any_comma || text.find(',') != std::string_view::npos;
        any_point = any_point || text.find('.') != std::string_view::npos;
        const auto try_forms = [&](std::string_view as_number) {
            bool any = false;
            for (std::size_t i = 0; i < candidates.size(); ++i)
                if (reads(candidates[i], as_number)) {
                    ++reads_by[i];
                    any = true;
                }
            return any;
        };
        const bool number = try_forms(text);
        no_figure += is_missing_word(text);
        iso_dates += feel::Date::parse(text).has_value();
        for (std::size_t i = 0; i < dates_by.size(); ++i)
            dates_by[i] += date_by_pattern(text, date_patterns[i]).has_value();
        if (number) continue;
        const auto below = text.starts_with('<') ? text.substr(1) : text.starts_with("\uFF1C") ? text.substr(3) : "";
        if (looks_like_number(trimmed(below))) {
            out.less_than = true;
            continue;
        }
        if (auto mark = mark_on_missing(text); !mark.empty()) {
            marks.insert(std::move(mark));
            words.emplace(":");
        } else if (mark = mark_of(text); !mark.empty()) {
            try_forms(trimmed(text.substr(0, text.size() - mark.size())));
            marks.insert(std::move(mark));
        } else {
            words.emplace(text);
            constexpr std::size_t enough = 200;
            if (unread.size() < enough) unread.emplace_back(text);
        }
    }
    out.commas_in_threes = out.commas_in_threes && any_comma;
    out.points_in_threes = out.points_in_threes && any_point;
    const auto best = static_cast<std::size_t>(std::max_element(reads_by.begin(), reads_by.end()) - reads_by.begin());
    const auto date = static_cast<std::size_t>(std::max_element(dates_by.begin(), dates_by.end()) - dates_by.begin());
    constexpr std::size_t few = 12;
    if (out.cells == 0) return;
    auto form = candidates[best];
    const auto figures = out.cells - no_figure;
    auto read = reads_by[best];
    for (const auto& text : widen(form, unread)) {
        words.erase(text);
        ++read;
    }
    if (read > 0 && (read * 2 > figures || (words.size() <= 3 && read * 4 > out.cells))) {
        out.kind = ColumnLook::Kind::number;
        out.form = form;
        if (out.per_cent > 0) out.form.percent = out.per_cent == reads_by[0];
        out.marks.assign(marks.begin(), marks.end());
        out.form.marks = out.marks;
    } else if (iso_dates * 2 > out.cells || dates_by[date] * 2 > out.cells) {
        out.kind = ColumnLook::Kind::date;
        if (iso_dates < dates_by[date]) out.form.dates = {date_patterns[date]};
        return;
    } else {
        out.kind = ColumnLook::Kind::text;
        words.insert(texts.begin(), texts.end());
        if (words.size() > few) words.clear();
    }
    const bool numbers = out.kind == ColumnLook::Kind::number;
    for (const auto& word : words) {
        const bool digits = std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
        (numbers && digits ? out.odd : out.words).push_back(word);
    }
    constexpr std::size_t most_odd = 3;
    if (out.odd.size() > most_odd) out.odd.resize(most_odd);
}

}  // namespace zoneval::io
