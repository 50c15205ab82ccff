#include "engine/io/inspect_column.hpp"

#include <algorithm>
#include <set>

#include "engine/io/characters.hpp"
#include "engine/io/dates.hpp"
#include "engine/io/number_form.hpp"

namespace zoneval::io {

namespace {

/// Forms a column may need, the plainest first.
std::vector<CellForm> forms() {
    std::vector<CellForm> out(7);
    out[1].grouped = true;
    out[2].percent = true;
    out[3].parentheses = out[3].grouped = true;
    out[4].decimal_comma = true;
    out[5].full_width = true;
    out[6].decimal_comma = out[6].percent = true;
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
    const bool number = end > 0 && looks_like_number(text.substr(0, end)) && mark != "%" && mark != "\uFF05";
    return number && !mark.empty() && mark.size() <= 6 ? std::string(mark) : "";
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

bool is_unit_word(std::string_view text) {
    auto unit = std::string(trimmed(text));
    for (const std::string_view word : {"单位：", "单位:", "（", "(", "）", ")"}) unit = replaced(unit, word, "");
    static const std::set<std::string_view> units = {
        "%",      "％",      "‰",        "元",          "千元",   "万元",     "百万元", "亿元",
        "美元",   "万美元",  "亿美元",   "人",          "万人",   "人年",     "个",     "家",
        "件",     "项",      "台",       "套",          "公顷",   "平方公里", "平方米", "亩",
        "吨",     "万吨",    "吨标准煤", "万吨标准煤",  "千瓦时", "万千瓦时", "分",     "天",
        "年",     "元/人",   "万元/人",  "CNY",         "USD",    "EUR",      "person", "persons",
        "people", "percent", "number",   "million CNY", "円",     "百万円",   "億円"};
    return units.contains(unit);
}

void look_at_cells(const Grid& grid, const std::vector<std::size_t>& rows, std::size_t column, ColumnLook& out) {
    const auto candidates = forms();
    std::vector<std::size_t> reads_by(candidates.size());
    std::vector<std::size_t> dates_by(std::size(date_patterns));
    std::set<std::string, std::less<>> texts, words, marks;
    std::size_t iso_dates = 0;
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
        } else
            words.emplace(text);
    }
    const auto best = static_cast<std::size_t>(std::max_element(reads_by.begin(), reads_by.end()) - reads_by.begin());
    const auto date = static_cast<std::size_t>(std::max_element(dates_by.begin(), dates_by.end()) - dates_by.begin());
    constexpr std::size_t few = 12;
    if (out.cells == 0) return;
    if (reads_by[best] * 2 > out.cells || (reads_by[best] > 0 && words.size() <= 3 && reads_by[best] * 4 > out.cells)) {
        out.kind = ColumnLook::Kind::number;
        out.form = candidates[best];
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
