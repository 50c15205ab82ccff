// A table of indicators, as evaluators keep it in a spreadsheet and save it as CSV.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "engine/model/read_scores.hpp"

namespace zoneval::model {

namespace {

/// Titles that columns may have; the first is the key of an indicator, or what the table alone knows.
constexpr std::array titles = {
    std::array<std::string_view, 4>{"indicator", "code", "指标", "指標"},
    std::array<std::string_view, 4>{"title", "name", "名称", "名称"},
    std::array<std::string_view, 4>{"unit", "", "单位", "単位"},
    std::array<std::string_view, 4>{"group", "parent", "分组", "群"},
    std::array<std::string_view, 4>{"weight", "", "权重", "重み"},
    std::array<std::string_view, 4>{"direction", "", "方向", "方向"},
    std::array<std::string_view, 4>{"of", "formula", "公式", "式"},
    std::array<std::string_view, 4>{"from", "goalposts", "标杆", "目標範囲"},
    std::array<std::string_view, 4>{"normalise", "", "标准化", "標準化"},
    std::array<std::string_view, 4>{"target", "", "目标值", "目標値"},
    std::array<std::string_view, 4>{"per", "denominator", "分母", "分母"},
    std::array<std::string_view, 4>{"treatment", "", "异常值处理", "外れ値"},
    std::array<std::string_view, 4>{"impute", "", "缺失插补", "補完"},
    std::array<std::string_view, 4>{"impute within", "", "插补分组", "補完の群"},
    std::array<std::string_view, 4>{"within", "", "组内比较", "比較の群"},
    std::array<std::string_view, 4>{"reference", "", "参照", "参照"},
    std::array<std::string_view, 4>{"mean", "", "均值", "平均"},
    std::array<std::string_view, 4>{"deviation", "", "标准差", "標準偏差"},
    std::array<std::string_view, 4>{"reference years", "", "基准年", "基準年"},
    std::array<std::string_view, 4>{"truncate", "", "截断", "切り捨て"},
    std::array<std::string_view, 4>{"ties", "", "并列", "同順位"},
    std::array<std::string_view, 4>{"minimum", "", "最低分", "最低点"},
};

struct Cell {
    Yaml at;  ///< a scalar, with its place
    bool empty() const { return at.scalar.empty(); }
};

/// RFC 4180, with the separator that the first line has most of.
class Grid {
  public:
    Grid(const SourcePtr& source, Diagnostics& diagnostics) : source_(source), text_(source->text()) {
        if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
        const auto first = text_.substr(at_, text_.find('\n', at_) - at_);
        for (const char c : {';', '\t'})
            if (std::count(first.begin(), first.end(), c) > std::count(first.begin(), first.end(), separator_))
                separator_ = c;
        while (at_ < text_.size()) read_row(diagnostics);
    }
    std::vector<std::vector<Cell>> rows;

  private:
    void read_row(Diagnostics& diagnostics) {
        std::vector<Cell> row;
        bool any = false;
        for (bool more = true; more;) {
            row.push_back(read_cell(diagnostics));
            any = any || !row.back().empty();
            more = at_ < text_.size() && text_[at_] == separator_;
            if (more) ++at_;
        }
        while (at_ < text_.size() && (text_[at_] == '\r' || text_[at_] == '\n')) ++at_;
        if (any) rows.push_back(std::move(row));
    }

    Cell read_cell(Diagnostics& diagnostics) {
        Cell out;
        out.at.shape = Yaml::Shape::scalar;
        out.at.source = source_;
        auto begin = at_, end = at_;
        if (at_ < text_.size() && text_[at_] == '"') {
            begin = ++at_;
            while (at_ < text_.size() && (text_[at_] != '"' || text_.substr(at_, 2) == "\"\"")) {
                out.at.scalar += text_[at_];
                at_ += text_[at_] == '"' ? 2 : 1;
            }
            end = at_;
            if (at_ >= text_.size())
                diagnostics.add(Kind::syntax_error, *source_, span(begin - 1, begin),
                                "this quotation mark is not closed", "another `\"` behind the cell");
            while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n' && text_[at_] != '\r') ++at_;
        } else {
            while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n' && text_[at_] != '\r') ++at_;
            end = at_;
            while (begin < end && text_[begin] == ' ') ++begin;
            while (end > begin && text_[end - 1] == ' ') --end;
            out.at.scalar = std::string(text_.substr(begin, end - begin));
        }
        out.at.span = span(begin, end);
        return out;
    }

    static Span span(std::size_t begin, std::size_t end) {
        return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    }

    SourcePtr source_;
    std::string_view text_;
    std::size_t at_ = 0;
    char separator_ = ',';
};

std::string lower(std::string text) {
    for (auto& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

/// The key of each column; empty: told, or without a title.
std::vector<std::string> keys_of(const std::vector<Cell>& header, Diagnostics& diagnostics) {
    std::vector<std::string> out, known;
    for (const auto& names : titles) known.emplace_back(names.front());
    for (const auto& cell : header) {
        const auto title = lower(cell.at.scalar);
        const auto found = std::find_if(titles.begin(), titles.end(), [&](const auto& names) {
            return std::find(names.begin(), names.end(), title) != names.end();
        });
        out.emplace_back(title.empty() || found == titles.end() ? std::string_view() : found->front());
        if (title.empty()) continue;
        if (found == titles.end())
            diagnostics.add(Kind::unknown_key, *cell.at.source, cell.at.span,
                            fmt::format("`{}` is no column of a table of indicators", cell.at.scalar),
                            fmt::format("one of {}", fmt::join(known, ", ")), did_you_mean(title, known));
        else if (std::count(out.begin(), out.end(), out.back()) > 1)
            diagnostics.add(Kind::wrong_shape, *cell.at.source, cell.at.span,
                            fmt::format("the table has two columns `{}`", out.back()), "each column once");
    }
    return out;
}

/// Whether less is better; nullopt: neither.
std::optional<bool> less_is_better(const std::string& text) {
    for (const std::string_view word :
         {"-1", "-", "lower", "lower is better", "down", "negative", "负", "负向", "逆向", "負"})
        if (lower(text) == word) return true;
    for (const std::string_view word : {"1", "+1", "+", "higher", "higher is better", "up", "positive", "正", "正向"})
        if (lower(text) == word) return false;
    return std::nullopt;
}

Yaml word(const Yaml& at, std::string text) {
    auto out = at;
    out.scalar = std::move(text);
    return out;
}

void add_input(const Yaml& name, const std::string& title, const std::string& unit, IndicatorTable& out) {
    Input input;
    input.name = name.scalar;
    input.source = name.source;
    input.span = name.span;
    if (!title.empty()) input.title.by_language.emplace_back("", title);
    input.unit = unit;
    out.inputs.push_back(std::move(input));
}

void read_row(const std::vector<Cell>& cells, const std::vector<std::string>& keys, IndicatorTable& out,
              Diagnostics& diagnostics) {
    IndicatorTable::Row row;
    row.item.shape = Yaml::Shape::mapping;
    row.item.source = cells.front().at.source;
    row.item.span = {cells.front().at.span.begin, cells.back().at.span.end};
    std::string title, unit;
    const Yaml* name = nullptr;
    const Yaml* formula = nullptr;
    for (std::size_t c = 0; c < cells.size(); ++c) {
        const auto& at = cells[c].at;
        if (cells[c].empty()) continue;
        if (c >= keys.size()) {
            diagnostics.add(Kind::wrong_shape, *at.source, at.span, "this cell has no column", "a title above it");
            continue;
        }
        const auto& key = keys[c];
        const auto enter = [&](std::string_view as, Yaml value) {
            row.item.entries.push_back({word(at, std::string(as)), std::move(value)});
        };
        if (key == "indicator")
            name = &at;
        else if (key == "of")
            formula = &at;
        else if (key == "title")
            title = at.scalar;
        else if (key == "unit")
            unit = at.scalar;
        else if (key == "group")
            row.group = at.scalar, row.group_at = at;
        else if (key == "direction") {
            const auto less = less_is_better(at.scalar);
            if (!less)
                diagnostics.add(Kind::wrong_shape, *at.source, at.span, fmt::format("`{}` is no direction", at.scalar),
                                "`higher` or `lower` (is better), or `1` or `-1`");
            else if (*less)
                enter("lower is better", word(at, "true"));
        } else if (!key.empty()) {
            enter(key, at);
        }
    }
    if (!name && !formula)
        return diagnostics.add(Kind::missing_key, *row.item.source, row.item.span, "this row names no indicator",
                               "a name in the column `indicator`, or a formula in the column `of`");
    const auto& of = formula ? *formula : *name;
    row.item.entries.insert(row.item.entries.begin(), {word(of, "of"), of});
    if (!formula) add_input(*name, title, unit, out);
    out.rows.push_back(std::move(row));
}

}  // namespace

IndicatorTable read_indicator_table(const SourcePtr& source, Diagnostics& diagnostics) {
    IndicatorTable out;
    const Grid grid(source, diagnostics);
    if (grid.rows.size() < 2) {
        diagnostics.add(
            Kind::missing_key, *source, {}, "the table of indicators has no rows",
            "a line of titles (indicator, title, unit, group, weight, direction …), and one for each indicator");
        return out;
    }
    const auto keys = keys_of(grid.rows.front(), diagnostics);
    for (std::size_t r = 1; r < grid.rows.size(); ++r) read_row(grid.rows[r], keys, out, diagnostics);
    return out;
}

}  // namespace zoneval::model
