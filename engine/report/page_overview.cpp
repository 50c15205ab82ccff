// Summary, ranking, ladder.
#include <fmt/format.h>

#include <algorithm>

#include "engine/report/html.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/tally.hpp"
#include "engine/report/view.hpp"

namespace zoneval::report {

using results::Column;
using wording::Page;

namespace {

std::string lead(const PageContext& c) {
    const auto n = with_commas(c.table.size()), year = std::to_string(c.table.year);
    const auto kind = c.kind();
    if (!c.outcome)
        return element("p", "class=lead",
                       for_html(c.say(Page::head_plain, {{"n", n}, {"kind", kind}, {"year", year}})));
    std::string counts;
    std::size_t adverse = 0, open = 0;
    for (const auto& entry : tally_of(*c.outcome, c.data.language).entries) {
        if (entry.records == 0) continue;
        counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", entry.label, with_commas(entry.records));
        adverse += entry.adverse ? entry.records : 0;
        open += entry.undetermined ? entry.records : 0;
    }
    const auto head = c.say(Page::head, {{"n", n}, {"kind", kind}, {"year", year}, {"counts", counts}});
    const auto rest = c.say(Page::lead_adverse, {{"n", with_commas(adverse)}, {"open", with_commas(open)}});
    return element("p", "class=lead", for_html(head + c.say(Page::stop) + rest)) + "\n";
}

std::string cases(const PageContext& c) {
    if (!c.outcome || graph::decision_of(*c.outcome->of)->adverse.empty()) return "";
    std::string items;
    const auto& adverse = graph::decision_of(*c.outcome->of)->adverse;
    const auto list = [&](const auto& wanted) {
        for (const auto record : c.order) {
            if (!wanted(record)) continue;
            const auto clause = c.clause(record);
            items += fmt::format("<li><span>{}</span><span>{}</span><span>{}{}</span></li>\n",
                                 c.chip(*c.outcome, record), c.who(record), c.reason(record),
                                 clause.empty() ? "" : " <span class=dim>[" + clause + "]</span>");
        }
    };
    for (auto value = adverse.rbegin(); value != adverse.rend(); ++value)  // the gravest first
        list([&](std::uint32_t r) { return c.outcome->known[r] && c.outcome->text(r) == value->to_string(); });
    list([&](std::uint32_t r) { return c.outcome->undetermined(r); });
    auto out = element("h3", for_html(c.say(Page::adverse_and_open))) + "\n";
    if (items.empty()) return out + element("p", for_html(c.say(Page::none_adverse)));
    return out + "<ul class=cases>\n" + items + "</ul>\n" +
           element("p", "class=note", for_html(c.say(Page::adverse_rule))) + "\n";
}

/// Outcome × year.
std::string by_year(const PageContext& c) {
    if (!c.outcome) return "";
    std::vector<std::int32_t> years = c.earlier_years;
    years.push_back(c.table.year);
    std::vector<HtmlTable::Head> heads{{c.say(Page::outcome)}};
    std::vector<std::string> outcomes;
    std::vector<std::map<std::string, std::size_t>> counts;
    std::vector<std::pair<std::string, bool>> rows;
    for (const auto year : years) {
        const auto* column = c.of_year(c.outcome->name, year);
        heads.push_back({std::to_string(year), true});
        auto& of = counts.emplace_back();
        if (!column) continue;
        for (const auto& entry : tally_of(*column, c.data.language).entries) {
            of[entry.outcome] = entry.records;
            if (std::none_of(rows.begin(), rows.end(), [&](const auto& r) { return r.first == entry.outcome; }))
                rows.emplace_back(entry.outcome, entry.undetermined);
        }
    }
    HtmlTable table("class=fit", c.say(Page::by_year, {{"name", c.outcome->title}}), std::move(heads));
    std::vector<std::size_t> sums(years.size());
    for (const auto& [outcome, undetermined] : rows) {
        // A record that took no part in a year has no outcome there, which is not one of its own.
        if (outcome == c.say(Page::nothing_fired)) continue;
        std::vector<std::string> cells{c.chip(*c.outcome->of, outcome, undetermined)};
        for (std::size_t y = 0; y < years.size(); ++y) {
            const auto n = counts[y][outcome];
            sums[y] += n;
            cells.push_back(n == 0 ? "–" : with_commas(n));
        }
        table.row(cells);
    }
    std::vector<std::string> foot{for_html(c.say(Page::total))};
    for (const auto n : sums) foot.push_back(with_commas(n));
    table.foot(foot);
    return table.text();
}

std::string matrix(const PageContext& c) {
    if (!c.data.changes || c.data.changes->decision.empty() || !c.outcome) return "";
    const auto& changes = *c.data.changes;
    std::vector<std::size_t> used;
    for (std::size_t i = 0; i < changes.outcomes.size(); ++i) {
        std::size_t n = 0;
        for (std::size_t j = 0; j < changes.outcomes.size(); ++j) n += changes.at(i, j) + changes.at(j, i);
        if (n > 0) used.push_back(i);
    }
    const auto open = c.say(Page::undetermined);
    std::vector<HtmlTable::Head> heads{{std::to_string(changes.from.year)}};
    for (const auto i : used) heads.push_back({c.outcome->label_of(changes.outcomes[i]), true});
    heads.push_back({c.say(Page::total), true});
    const auto title = c.say(Page::changes_head, {{"from", std::to_string(changes.from.year)},
                                                  {"to", std::to_string(changes.to.year)},
                                                  {"n", with_commas(changes.moved.size())},
                                                  {"all", with_commas(changes.both)},
                                                  {"name", c.outcome->title}});
    HtmlTable table("class=fit", title, std::move(heads));
    std::vector<std::size_t> sums(used.size());
    for (const auto i : used) {
        std::vector<std::string> cells{c.chip(*c.outcome->of, changes.outcomes[i], changes.outcomes[i] == open)};
        std::size_t sum = 0;
        for (std::size_t k = 0; k < used.size(); ++k) {
            const auto n = changes.at(i, used[k]);
            sum += n;
            sums[k] += n;
            cells.push_back(
                fmt::format("<td class=\"num{}\">{}</td>", used[k] == i ? " same" : "", n == 0 ? "–" : with_commas(n)));
        }
        cells.push_back(with_commas(sum));
        table.row(cells);
    }
    std::vector<std::string> foot{for_html(c.say(Page::total))};
    for (const auto n : sums) foot.push_back(with_commas(n));
    foot.push_back(with_commas(changes.both));
    table.foot(foot);
    return table.text() + element("p", "class=note", for_html(c.say(Page::shaded))) + "\n";
}

}  // namespace

std::string summary_section(const PageContext& c) { return lead(c) + cases(c) + by_year(c) + matrix(c); }

std::string ranking_section(const PageContext& c) {
    std::vector<const Column*> columns;
    std::vector<HtmlTable::Head> heads;
    for (const auto& name : c.data.shown) {
        const auto* column = c.table.find(name);
        if (!column || column->part == Column::Part::label || column->year != 0) continue;
        columns.push_back(column);
        heads.push_back(
            {column->part == Column::Part::record ? c.kind() : column->title, column->is_number(), column->unit});
    }
    if (c.outcome) heads.push_back({c.say(Page::reason)});
    const auto rows = std::min(c.order.size(), most_ranked_rows);
    const auto caption =
        c.table.ranked_by.empty()
            ? c.say(Page::s_ranking)
            : c.say(Page::ranked_by,
                    {{"name", results::title_of(*c.graph.find(c.table.ranked_by)->definition, c.data.language)},
                     {"n", with_commas(c.table.ranked)},
                     {"all", with_commas(c.table.size())}});
    HtmlTable table("class=sortable id=ranked", caption, heads);
    for (std::size_t i = 0; i < rows; ++i) {
        const auto record = c.order[i];
        std::vector<std::string> cells;
        for (const auto* column : columns) {
            auto text = column->part == Column::Part::record ? c.who(record)
                        : column->is_outcome()               ? c.chip(*column, record)
                                                             : c.figure(*column, record);
            if (column->part == Column::Part::rank && !text.empty() && c.table.tied[record]) text += "=";
            cells.push_back(std::move(text));
        }
        if (c.outcome) cells.push_back(c.reason(record));
        table.row(cells);
    }
    auto out = element("p", "class=note", for_html(c.say(Page::ranking_note))) + "\n";
    if (c.any_imputed()) out += element("p", "class=note", for_html(c.say(Page::imputed_mark))) + "\n";
    if (rows < c.order.size())
        out +=
            element("p", for_html(c.say(Page::cut, {{"n", with_commas(rows)}, {"all", with_commas(c.order.size())}})));
    return out +
           fmt::format(
               "<p class=tools id=ranked-tools hidden><label>{} <input type=search></label> <output></output></p>\n",
               for_html(c.say(Page::search))) +
           table.text();
}

std::string ladder_section(const PageContext& c) {
    if (!c.outcome || c.earlier_years.empty()) return "";
    std::vector<std::int32_t> years = c.earlier_years;
    years.push_back(c.table.year);
    std::vector<const Column*> outcomes, scores;
    std::vector<HtmlTable::Head> heads{{c.kind()}};
    for (const auto year : years) {
        outcomes.push_back(c.of_year(c.outcome->name, year));
        scores.push_back(c.table.score.empty() ? nullptr : c.of_year(c.table.score, year));
        heads.push_back({std::to_string(year)});
    }
    const auto& adverse = graph::decision_of(*c.outcome->of)->adverse;
    const auto counts = [&](const Column& column, std::uint32_t record) {
        if (!column.known[record]) return !column.why(record).empty();
        const auto text = column.text(record);
        return std::any_of(adverse.begin(), adverse.end(), [&](const auto& v) { return v.to_string() == text; });
    };
    HtmlTable table("", c.say(Page::ladder_note), std::move(heads));
    std::size_t rows = 0;
    for (const auto record : c.order) {
        if (std::none_of(outcomes.begin(), outcomes.end(), [&](const Column* o) { return o && counts(*o, record); }))
            continue;
        if (++rows > most_ranked_rows) break;
        std::vector<std::string> cells{c.who(record)};
        for (std::size_t y = 0; y < years.size(); ++y) {
            auto cell = outcomes[y] ? c.chip(*outcomes[y], record) : "";
            if (scores[y] && scores[y]->known[record])
                cell += " <span class=dim>" + c.figure(*scores[y], record) + "</span>";
            cells.push_back(std::move(cell));
        }
        table.row(cells);
    }
    if (rows == 0) return element("p", for_html(c.say(Page::ladder_none)));
    return table.text();
}

}  // namespace zoneval::report
