#include "engine/report/page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/model/record_title.hpp"
#include "engine/report/document.hpp"
#include "engine/report/html.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/view.hpp"
#include "engine/results/ranking.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::report {

extern const std::string_view page_style, page_script;  // page.css and page.js, embedded by CMake

using results::Column;
using wording::Page;

namespace {

std::string common_end_of(const Column* label) {
    const auto* texts = label ? std::get_if<Column::Texts>(&label->cells) : nullptr;
    if (!texts || texts->dictionary.size() < 2) return "";
    const auto& first = texts->dictionary.front();
    const auto at = first.rfind(" (");
    if (at == std::string::npos || !first.ends_with(")")) return "";
    const auto end = first.substr(at);
    const bool all = std::all_of(texts->dictionary.begin(), texts->dictionary.end(),
                                 [&](const std::string& t) { return t.ends_with(end); });
    return all ? end : "";
}

const Column* label_of(const results::Table& table) {
    for (const auto& column : table.columns)
        if (column.part == Column::Part::label) return &column;
    return nullptr;
}

std::string title_of_rules(const PageContext& c) {
    const auto title = c.graph.rules->title.in(results::code(c.data.language));
    return title.empty() ? c.graph.rules->id : title;
}

}  // namespace

PageContext::PageContext(const PageData& of)
    : data(of), table(*of.table), graph(*of.table->graph), outcome(table.find(table.decision)), order(by_rank(table)) {
    common_end_ = common_end_of(label_of(table));
    for (const auto& column : table.columns)
        if (column.year != 0 &&
            std::find(earlier_years.begin(), earlier_years.end(), column.year) == earlier_years.end())
            earlier_years.push_back(column.year);
    std::sort(earlier_years.begin(), earlier_years.end());
    has_card.resize(table.size());
    std::size_t cards = 0;
    const auto give = [&](auto wanted) {
        for (const auto record : order)
            if (!has_card[record] && cards < most_cards && wanted(record)) {
                has_card[record] = 1;
                ++cards;
            }
    };
    // Those a verdict weighs on come before the rest, where not all have room.
    give([&](std::uint32_t record) { return adverse(record) || (outcome && outcome->undetermined(record)); });
    give([](std::uint32_t) { return true; });
}

std::string PageContext::kind() const { return model::record_title(*graph.rules, data.language); }

std::string PageContext::name(std::uint32_t record) const {
    const auto* label = label_of(table);
    if (!label) return "";
    auto text = label->text(record);
    if (!common_end_.empty() && text.ends_with(common_end_)) text.resize(text.size() - common_end_.size());
    return text == table.records[record] ? "" : for_html(text);
}

std::string PageContext::who(std::uint32_t record) const {
    const auto id = for_html(table.records[record]);
    const auto label = name(record);
    const auto shown = has_card[record] ? fmt::format("<a href=#r{}>{}</a>", record, id) : id;
    return label.empty() ? shown : fmt::format("{} <span class=nw>{}</span>", shown, label);
}

std::string PageContext::figure(const Column& column, std::uint32_t record) const {
    auto out = for_html(column.label(record));
    if (!column.known[record] || !column.is_imputed(record)) return out;
    const View view{&table, {}, {}, data.language};
    return out + fmt::format("<abbr title=\"{}: {}\">*</abbr>", for_html(say(Page::imputed)),
                             for_html(imputed_titles(view, column, record)));
}

bool PageContext::any_imputed() const {
    return std::any_of(table.columns.begin(), table.columns.end(), [&](const Column& column) {
        return std::any_of(order.begin(), order.end(),
                           [&](auto record) { return column.known[record] && column.is_imputed(record); });
    });
}

bool PageContext::adverse(std::uint32_t record) const {
    if (!outcome || !outcome->known[record]) return false;
    const auto text = outcome->text(record);
    const auto& adverse = graph::decision_of(*outcome->of)->adverse;
    return std::any_of(adverse.begin(), adverse.end(), [&](const auto& v) { return v.to_string() == text; });
}

std::string PageContext::chip(const Column& column, std::uint32_t record) const {
    const auto text = column.undetermined(record) ? column.why(record) : column.text(record);
    if (text.empty()) return "";
    const bool open = !column.known[record] && !column.why(record).empty();
    return column.of && graph::decision_of(*column.of) ? chip(*column.of, text, open)
           : column.known[record]                      ? figure(column, record)
                                                       : for_html(text);
}

PageContext::Look PageContext::look(const graph::Node& node, const std::string& text, bool undetermined) const {
    const auto& decision = *graph::decision_of(node);
    auto shown = undetermined ? text : decision.label(text, results::code(data.language));
    if (undetermined) return {"open", "?", std::move(shown)};
    const auto& adverse = decision.adverse;
    if (adverse.empty()) return {"", "", std::move(shown)};  // a class is no verdict
    const auto place =
        std::find_if(adverse.begin(), adverse.end(), [&](const auto& v) { return v.to_string() == text; });
    if (place != adverse.end()) {
        const auto behind = adverse.end() - place;  // the gravest is declared last
        if (behind == 1 && adverse.size() > 1) return {"worst", "✕", std::move(shown)};
        if (behind == 2 && adverse.size() > 2) return {"worse", "‼", std::move(shown)};
        return {"bad", "!", std::move(shown)};
    }
    if (decision.otherwise && text == decision.otherwise->text) return {"none", "·", std::move(shown)};
    // The first declared, where others are adverse.
    const bool good = !decision.values.empty() && decision.values.front().to_string() == text;
    return good ? Look{"good", "★", std::move(shown)} : Look{"other", "", std::move(shown)};
}

std::string PageContext::chip(const graph::Node& node, const std::string& text, bool undetermined) const {
    const auto [look, mark, shown] = this->look(node, text, undetermined);
    if (look.empty()) return for_html(shown);
    constexpr std::size_t one_line = 40;
    return fmt::format("<span class=\"o o-{}{}\">{}{}</span>", look, shown.size() <= one_line ? " nw" : "",
                       mark.empty() ? "" : fmt::format("<i aria-hidden=true>{}</i>", mark), for_html(shown));
}

std::string PageContext::waiting(const Column* column, std::uint32_t record) const {
    const auto* lists = column ? std::get_if<Column::Lists>(&column->cells) : nullptr;
    if (!lists || !column->known[record]) return "";
    std::string out;
    for (const auto& name : lists->dictionary[static_cast<std::size_t>(lists->codes[record])])
        out += (out.empty() ? "" : wording::say(wording::Phrase::separator, data.language)) +
               results::title_of(graph, name, data.language);
    return for_html(out);
}

std::string PageContext::reason(std::uint32_t record) const {
    if (!outcome) return "";
    if (outcome->undetermined(record)) {
        const auto* possible = table.find(outcome->name + ".possible");
        const auto* awaited = table.find(outcome->name + ".waiting_for");
        return fmt::format("{}: {}; {}: {}", for_html(say(Page::possible)),
                           possible ? for_html(possible->label(record)) : "", for_html(say(Page::waiting_for)),
                           waiting(awaited, record));
    }
    const auto* because = table.find(outcome->name + ".because");
    return because ? for_html(because->text(record)) : "";
}

std::string PageContext::clause(std::uint32_t record) const {
    return outcome ? for_html(results::clause_of(table, *outcome, record)) : "";
}

const Column* PageContext::of_year(const std::string& name, std::int32_t year) const {
    return year == table.year ? table.find(name) : table.find(fmt::format("{} {}", name, year));
}

std::string report_page(const PageData& data) {
    const PageContext c(data);
    struct Section {
        std::string id, title, body;
    };
    std::vector<Section> sections;
    const auto add = [&](std::string_view id, Page title, std::string body) {
        if (!body.empty()) sections.push_back({std::string(id), c.say(title), std::move(body)});
    };
    add("summary", Page::s_summary, summary_section(c));
    add("ranking", Page::s_ranking, ranking_section(c));
    add("regions", Page::s_regions, regions_section(c));
    add("ladder", Page::s_ladder, ladder_section(c));
    add("figures", Page::s_figures, figures_section(c));
    add("cards", Page::s_cards, cards_section(c));
    add("targets", Page::s_targets, targets_section(c));
    add("rules", Page::s_rules, rules_section(c));
    add("data", Page::s_data, data_section(c));
    add("sources", Page::s_sources, sources_section(c));

    const auto title = c.say(Page::report_title, {{"year", std::to_string(c.table.year)}});
    std::string out = fmt::format(
        "<!doctype html>\n<html lang={}>\n<head>\n<meta charset=utf-8>\n"
        "<meta http-equiv=Content-Security-Policy content=\"{}\">\n"
        "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n<title>{} – {}</title>\n"
        "<style>{}</style>\n</head>\n<body>\n<a class=skip href=#main>{}</a>\n{}",
        results::code(data.language), yearly_page_policy(), for_html(title), for_html(title_of_rules(c)), page_style,
        for_html(c.say(Page::skip)), data.around ? data.around->bar : "");
    out += banners_html(banners(c.table.standing, c.table.year, c.table.notes, data.language), data.language);
    std::string contents;
    for (const auto& s : sections) contents += fmt::format("<li><a href=#{}>{}</a></li>", s.id, for_html(s.title));
    out += fmt::format(
        "<div class=page>\n<nav aria-label=\"{}\"><ol>{}</ol></nav>\n<main id=main>\n<h1>{}</h1>\n<p "
        "class=sub>{}{}</p>\n",
        for_html(c.say(Page::contents)), contents, for_html(title), for_html(title_of_rules(c)),
        c.graph.rules->authority.document.empty() ? "" : ", " + for_html(c.graph.rules->authority.document));
    for (const auto& s : sections) out += fmt::format("<h2 id={}>{}</h2>\n{}", s.id, for_html(s.title), s.body);
    return out + fmt::format("</main>\n</div>\n<script>{}</script>\n</body>\n</html>\n", page_script);
}

}  // namespace zoneval::report
