#include "engine/report/view.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "engine/wording/pages.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::report {

View view_of(const results::Table& table, const std::vector<std::string>& columns, std::vector<std::uint32_t> rows,
             wording::Language language) {
    View out{&table, {}, std::move(rows), language};
    for (const auto& name : columns) {
        const auto* column = table.find(name);
        if (!column) {
            std::vector<std::string> names;
            for (const auto& c : table.columns) names.push_back(c.name);
            throw InputError(Diagnostic{Kind::unknown_name,
                                        fmt::format("there is no column `{}`", name),
                                        {},
                                        fmt::format("one of {}", fmt::join(names, ", ")),
                                        did_you_mean(name, names)});
        }
        out.columns.push_back(column);
    }
    if (columns.empty())
        for (const auto& column : table.columns) out.columns.push_back(&column);
    return out;
}

std::vector<std::string> banners(const store::Standing& standing, std::int32_t year,
                                 const std::vector<std::string>& notes, wording::Language language) {
    using State = store::Standing::State;
    std::vector<std::string> out;
    const auto say = [&](wording::Page page) {
        out.push_back(wording::say(page, language, {{"year", std::to_string(year)}}));
    };
    if (standing.state == State::draft) say(wording::Page::not_published);
    if (standing.state == State::superseded) say(wording::Page::no_longer_stands);
    out.insert(out.end(), notes.begin(), notes.end());
    return out;
}

std::vector<std::uint32_t> with_imputed(const View& view, const results::Column& column) {
    std::vector<std::uint32_t> out;
    std::copy_if(view.rows.begin(), view.rows.end(), std::back_inserter(out),
                 [&](auto row) { return column.known[row] && column.is_imputed(row); });
    return out;
}

std::string imputed_titles(const View& view, const results::Column& column, std::uint32_t row) {
    std::vector<std::string> out;
    for (const auto& name : column.imputed[row])
        out.push_back(results::title_of(*view.table->graph, name, view.language));
    return fmt::format("{}", fmt::join(out, wording::say(wording::Phrase::separator, view.language)));
}

}  // namespace zoneval::report
