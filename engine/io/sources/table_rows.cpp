#include "engine/io/sources/table_rows.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "engine/io/cells/spreadsheet_values.hpp"

namespace zoneval::io {

std::string decimal_of(double value, Facts& facts) {
    constexpr double exact_up_to = 9007199254740992;  // 2^53
    if (!std::isfinite(value)) return std::isnan(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity";
    if (std::fabs(value) > exact_up_to) facts |= fact::inexact;
    return shortest_decimal(value);
}

namespace {

/// Between marks, of which one inside stands twice.
std::string in_marks(std::string_view text, char mark) {
    std::string out(1, mark);
    for (const char c : text) out.append(c == mark ? 2 : 1, c);
    return out + mark;
}

}  // namespace

std::string sql_name(std::string_view name) { return in_marks(name, '"'); }
std::string sql_text(std::string_view text) { return in_marks(text, '\''); }

std::string choose_table(const std::vector<std::string>& tables, const std::string& wanted, const std::string& file,
                         Diagnostics& diagnostics) {
    Location where;
    where.file = file;
    const auto refuse = [&](std::string message, std::string hint) {
        diagnostics.add({Kind::unreadable_file, std::move(message), where, "", std::move(hint)});
        return std::string();
    };
    if (tables.empty()) return refuse("the database holds no table", "");
    if (wanted.empty() && tables.size() == 1) return tables.front();
    const auto all = fmt::format("`{}`", fmt::join(tables, "`, `"));
    if (wanted.empty())
        return refuse(fmt::format("the database holds {} tables: {}", tables.size(), all),
                      "name the one that is meant with `--table`, or under `table` of the dataset");
    if (std::find(tables.begin(), tables.end(), wanted) != tables.end()) return wanted;
    auto hint = did_you_mean(wanted, tables);
    return refuse(fmt::format("the database has no table `{}`", wanted),
                  hint.empty() ? fmt::format("its tables are {}", all) : std::move(hint));
}

bool TableRows::next(Diagnostics&) {
    const auto width = table_.headings.size();
    cells_.clear();
    facts_.clear();
    if (next_ == 0 && width > 0) {
        ++next_;
        line_ = 0;
        cells_.assign(table_.headings.begin(), table_.headings.end());
        return true;
    }
    for (; next_ <= table_.rows(); ++next_) {
        const auto row = next_ - 1, first = row * width;
        bool any = false;
        cells_.clear();
        for (std::size_t i = first; i < first + width; ++i) {
            cells_.push_back(trimmed(table_.cells[i]));
            any = any || !cells_.back().empty();
        }
        if (!any) continue;
        for (std::size_t i = first; i < std::min(first + width, table_.facts.size()); ++i)
            facts_.push_back(table_.facts[i]);
        line_ = line_of(row);
        ++next_;
        return true;
    }
    return false;
}

std::vector<std::unique_ptr<RowSource>> TableRows::split() {
    auto rest = std::make_unique<TableRows>(file_, std::move(table_));
    rest->next_ = next_;
    std::vector<std::unique_ptr<RowSource>> out;
    out.push_back(std::move(rest));
    return out;
}

void TableRows::go_back_to(std::uint32_t line) {
    if (line == 0)
        next_ = 0;
    else if (table_.lines.empty())
        next_ = line;
    else
        next_ = static_cast<std::size_t>(std::lower_bound(table_.lines.begin(), table_.lines.end(), line) -
                                         table_.lines.begin()) +
                1;
    Diagnostics none;
    next(none);
}

Location TableRows::where(std::size_t cell) const {
    Location out;
    out.file = file_;
    out.sheet = sheet_name_;
    out.line = line_;
    out.column = table_.lines.empty() ? static_cast<std::uint32_t>(cell + 1) : 0;
    return out;
}

std::string TableRows::called(std::size_t) const {
    return line_ == 0 || !table_.lines.empty() ? "" : fmt::format(" (row {})", line_);
}

}  // namespace zoneval::io
