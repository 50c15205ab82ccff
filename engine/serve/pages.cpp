// Assessments, search, report, one record.
#include "engine/wording/pages.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unicase.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "engine/audit/lines.hpp"
#include "engine/audit/ruling.hpp"
#include "engine/model/record_title.hpp"
#include "engine/report/document.hpp"
#include "engine/report/explain_page.hpp"
#include "engine/report/html.hpp"
#include "engine/report/view.hpp"
#include "engine/report/yearly.hpp"
#include "engine/serve/visit.hpp"
#include "engine/wording/explanations.hpp"

namespace zoneval::serve {

using report::element;
using report::for_html;
using report::HtmlTable;
using report::with_commas;
using wording::Served;

namespace {

std::string word(const Visit& visit, wording::Page page) { return wording::say(page, visit.language); }

/// Capitals and small letters alike, in every script.
std::string folded(const std::string& text) {
    std::size_t length = 0;
    auto* made = u8_casefold(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), nullptr, nullptr, nullptr,
                             &length);
    if (!made) return text;
    std::string out(reinterpret_cast<const char*>(made), length);
    std::free(made);
    return out;
}

std::string anchor(const std::string& at, const std::string& text) {
    return fmt::format("<a href=\"{}\">{}</a>", at, for_html(text));
}

/// What a form sends beside its fields.
std::string kept(const Visit& visit, Arguments fields = {}) {
    std::string out;
    const auto add = [&](std::string_view name, std::string_view value) {
        out += fmt::format("<input type=hidden name=\"{}\" value=\"{}\">", for_html(name), for_html(value));
    };
    for (const auto& [name, value] : fields)
        if (!value.empty()) add(name, value);
    if (visit.language != visit.site.options().language) add("lang", visit.code());
    return out;
}

std::string option(const std::string& value, const std::string& text, bool chosen) {
    return fmt::format("<option value=\"{}\"{}>{}</option>", for_html(value), chosen ? " selected" : "",
                       for_html(text));
}

std::string run_name(const Visit& visit, const store::Run& run) {
    return fmt::format("{}, {}", run.year, visit.say(Served::run_n, {{"run", std::to_string(run.id)}}));
}

std::string search_form(const Visit& visit, const State& state, const std::string& words) {
    constexpr std::size_t most = 200;
    auto options = option("", visit.say(Served::newest), visit.target.value("run").empty());
    const auto& runs = state.runs();
    for (std::size_t i = 0; i < std::min(most, runs.size()); ++i) {
        const auto& run = runs[runs.size() - 1 - i];
        const auto id = std::to_string(run.id);
        options += option(id, run_name(visit, run), visit.target.value("run") == id);
    }
    return fmt::format(
        "<form action=/search role=search><label>{}<input type=search name=q value=\"{}\"></label> <label>{}<select "
        "name=run>{}</select></label> {}<button>{}</button></form>\n",
        visit.html(Served::search_label), for_html(words), visit.html(Served::search_in), options, kept(visit),
        visit.html(Served::search_button));
}

}  // namespace

Response home_page(const Visit& visit) {
    const auto lease = visit.lease();
    const auto& runs = lease->runs();
    auto body = element("h1", visit.html(Served::runs)) + "\n";
    if (runs.empty())
        return visit.page(visit.say(Served::runs), body + element("p", visit.html(Served::runs_none)), false);
    constexpr std::size_t most = 200;
    const auto shown = std::min(most, runs.size());
    if (shown < runs.size())
        body +=
            element("p", visit.html(Served::runs_cut, {{"n", with_commas(shown)}, {"all", with_commas(runs.size())}}));
    body += search_form(visit, *lease, "");
    HtmlTable table("", visit.say(Served::runs_lead, {{"n", with_commas(runs.size())}}),
                    {{word(visit, wording::Page::year)},
                     {word(visit, wording::Page::run), true},
                     {word(visit, wording::Page::rule_set)},
                     {word(visit, wording::Page::state)},
                     {word(visit, wording::Page::assessed_at)},
                     {word(visit, wording::Page::seal)},
                     {visit.say(Served::site_pages)}});
    for (std::size_t i = 0; i < shown; ++i) {
        const auto& run = runs[runs.size() - 1 - i];
        const auto page = [&](const std::string& path, Served title) {
            return fmt::format("<a href=\"{}\" aria-label=\"{}, {}\">{}</a>", visit.link(path), visit.html(title),
                               for_html(run_name(visit, run)), visit.html(title));
        };
        table.row(
            {std::to_string(run.year), std::to_string(run.id), for_html(run.ruleset),
             for_html(audit::state_text(run.standing, visit.language)), for_html(run.created_at),
             fmt::format("<code>{}</code>", for_html(audit::short_seal(run.hash))),
             page(run_path(run.id), Served::report) + " · " + page(run_path(run.id) + "/what-if", Served::what_if)});
    }
    return visit.page(visit.say(Served::runs), body + table.text(), true);
}

namespace {

constexpr std::size_t most_found = 100;

/// Records whose id or name has the words in it: the first of them as rows of a table, and how many there are.
std::pair<std::vector<std::vector<std::string>>, std::size_t> found_rows(const Visit& visit, std::int64_t run,
                                                                         const exec::Evaluation& e,
                                                                         const graph::Node* label,
                                                                         const graph::Node* decision) {
    std::vector<std::vector<std::string>> rows;
    std::size_t found = 0;
    const auto wanted = folded(visit.target.value("q"));
    for (std::size_t i = 0; i < e.size(); ++i) {
        const auto& id = e.record(i);
        const auto name = label ? e.value(label->id, i).to_string() : "";
        if (folded(id).find(wanted) == std::string::npos && folded(name).find(wanted) == std::string::npos) continue;
        if (++found > most_found) continue;
        std::vector<std::string> cells{anchor(visit.link(record_path(run, id)), id)};
        if (label) cells.push_back(for_html(name));
        if (decision) {
            const bool settled = e.outcome(decision->id, i).settled();
            const auto value = e.value(decision->id, i);
            cells.push_back(
                report::outcome_chip(settled ? graph::decision_of(*decision)->label(value.to_string(), visit.code())
                                             : wording::say(wording::Answer::undetermined, visit.language),
                                     !settled, graph::decision_of(*decision)->is_adverse(value)));
        }
        rows.push_back(std::move(cells));
    }
    return {std::move(rows), found};
}

std::string found_html(const Visit& visit, const store::Run& head, const exec::Evaluation& e) {
    const auto& graph = *e.graph;
    const auto* label = graph.find(graph.rules->label_input);
    const auto* decision = audit::decision_to_explain(graph, "");
    const auto [rows, found] = found_rows(visit, head.id, e, label, decision);
    const auto words = visit.target.value("q"), year = std::to_string(head.year);
    if (found == 0) return element("p", visit.html(Served::search_none, {{"words", words}, {"year", year}}));
    std::vector<HtmlTable::Head> heads{{model::record_title(*graph.rules, visit.language)}};
    if (label) heads.push_back({visit.say(Served::name)});
    if (decision) heads.push_back({audit::subject_of(graph, *decision, e.year, visit.code()).title});
    HtmlTable table("class=fit",
                    visit.say(Served::search_found, {{"n", with_commas(found)}, {"words", words}, {"year", year}}),
                    std::move(heads));
    for (const auto& row : rows) table.row(row);
    if (found <= most_found) return table.text();
    return table.text() + element("p", visit.html(Served::search_cut, {{"n", std::to_string(most_found)}}));
}

}  // namespace

Response search_page(const Visit& visit) {
    const auto lease = visit.lease();
    const auto words = visit.target.value("q"), asked = visit.target.value("run");
    auto body = element("h1", visit.html(Served::search)) + "\n" + search_form(visit, *lease, words);
    const auto* head = asked.empty() ? lease->standing("", 0) : &visit.run(*lease, asked);
    if (words.empty() || !head) return visit.page(visit.say(Served::search), body, true, {}, asked);
    body += found_html(visit, *head, lease->assessment(*head).evaluation);
    return visit.page(visit.say(Served::search), body, true, {}, std::to_string(head->id));
}

Response report_page(const Visit& visit, const std::string& segment) {
    const auto lease = visit.lease();
    const auto& head = visit.run(*lease, segment);
    auto& kept_page = lease->page(head.id, visit.language);
    if (kept_page.empty()) {
        const auto& assessment = lease->assessment(head);
        report::Yearly yearly(lease->store(), assessment, visit.site.options().store, visit.language, {});
        // Kept for whoever asks next: of this request it has the language alone.
        const Target plain{visit.target.path, {}};
        Visit next(visit.site, visit.request, plain);
        next.language = visit.language;
        const report::Around around{
            next.bar(segment), [&](std::uint32_t record) {
                const auto at = visit.link(record_path(head.id, yearly.table.records[record]));
                return element("p", fmt::format("<a href=\"{}\">{}</a>", at, visit.html(Served::why_this))) + "\n";
            }};
        yearly.data.around = &around;
        kept_page = report::report_page(yearly.data);
    }
    return {200,
            "text/html; charset=utf-8",
            kept_page,
            {{"Content-Security-Policy", report::yearly_page_policy() + "; frame-ancestors 'none'"}}};
}

audit::Explanation explanation_asked(const Visit& visit, State& state, const assess::Assessment& assessment,
                                     std::size_t record) {
    const auto& graph = *assessment.graph;
    const auto of = visit.target.value("of"), decision = visit.target.value("decision");
    if (!of.empty()) {
        const auto* node = graph.find(of);
        if (node && node->kind != graph::NodeKind::context && !graph::decision_of(*node))
            return audit::explain_values(assessment, {node}, record, visit.code());
        std::vector<std::string> names;
        for (const auto& n : graph.nodes)
            if (n.kind != graph::NodeKind::context && n.kind != graph::NodeKind::hidden) names.push_back(n.name);
        if (!node || !graph::decision_of(*node))
            throw Refused{404, visit.say(Served::no_definition, {{"name", of}}), visit.say(Served::definition_wanted),
                          visit.nearest_of(of, names)};
    }
    if (of.empty() && decision.empty() && graph.rules->decisions.empty())
        return audit::explain_values(assessment, audit::values_to_explain(graph), record, visit.code());
    const auto& explained = visit.decision(graph, of.empty() ? decision : of);
    auto out = audit::explain(assessment, explained, record, visit.code());
    out.course = audit::course(state.store(), assessment, explained, record, out.decided, visit.code());
    out.close_calls = audit::close_calls(assessment, explained, record, out.waiting_for, visit.code());
    if (out.ruling)
        out.ruling->rests =
            audit::rests_on(graph, state.store(), assessment.run.year, out.record, out.decision, visit.code());
    return out;
}

namespace {

/// Scores, measures and decisions by the names people know them by.
std::string of_form(const Visit& visit, const assess::Assessment& assessment, const std::string& path) {
    std::string options;
    for (const auto& node : assessment.graph->nodes)
        if (node.definition && node.kind != graph::NodeKind::context && node.kind != graph::NodeKind::hidden &&
            node.kind != graph::NodeKind::parameter)
            options += option(node.name, results::title_of(*node.definition, visit.language),
                              visit.target.value("of") == node.name);
    return fmt::format(
        "<form class=ask action=\"{}\"><label>{}<select name=of>{}</select></label> {}<button>{}</button></form>\n",
        path, visit.html(Served::explain_of_label), options, kept(visit), visit.html(Served::explain_of_button));
}

std::string why_not_form(const Visit& visit, const graph::Node& decision, const std::string& value,
                         const std::string& path) {
    std::string options;
    for (const auto& outcome : graph::decision_of(decision)->values)
        if (outcome.to_string() != value)
            options +=
                option(outcome.to_string(), graph::decision_of(decision)->label(outcome.to_string(), visit.code()),
                       visit.target.value("outcome") == outcome.to_string());
    if (options.empty()) return "";
    return fmt::format(
        "<form class=ask action=\"{}/why-not\"><label>{}<select name=outcome>{}</select></label> "
        "{}<button>{}</button></form>\n",
        path, visit.html(Served::why_not_label), options, kept(visit, {{"decision", decision.name}}),
        visit.html(Served::why_not_button));
}

/// The run that stands of every other year.
std::string other_years(const Visit& visit, const State& state, const store::Run& head, const std::string& record,
                        bool large) {
    std::set<std::int32_t> years;
    for (const auto& run : state.runs())
        if (run.ruleset == head.ruleset) years.insert(run.year);
    std::string out;
    for (const auto year : years) {
        const auto* run = state.standing(head.ruleset, year);
        if (run->id == head.id) continue;
        // Of a large run who took part is read only when somebody asks for it.
        const auto whole = large ? std::nullopt : state.store().run(run->id);
        if (whole && std::find(whole->records.begin(), whole->records.end(), record) == whole->records.end()) continue;
        out += fmt::format("{}{}", out.empty() ? "" : " · ",
                           anchor(visit.link(record_path(run->id, record)), run_name(visit, *run)));
    }
    return out.empty() ? "" : fmt::format("<p>{}: {}</p>\n", visit.html(Served::other_assessments), out);
}

}  // namespace

Response record_page(const Visit& visit, const std::string& segment, const std::string& id) {
    const auto lease = visit.lease();
    const auto& head = visit.run(*lease, segment);
    const auto& assessment = lease->assessment(head);
    const auto record = visit.record(assessment, id);
    const auto explanation = explanation_asked(visit, *lease, assessment, record);
    const auto path = record_path(head.id, id);
    auto body = report::explanation_html(explanation, [&](const std::string& name) {
        return path + "?decision=" + encoded(name) +
               (visit.language == visit.site.options().language ? "" : fmt::format("&lang={}", visit.code()));
    });
    body += element("h2", visit.html(Served::ask_further)) + "\n";
    const auto* decision = explanation.decision.empty() ? nullptr : assessment.graph->find(explanation.decision);
    if (decision) body += why_not_form(visit, *decision, explanation.value, path);
    body += of_form(visit, assessment, path);
    body += fmt::format("<p><a href=\"{}\">{}</a></p>\n", visit.link(run_path(head.id) + "/what-if", {{"record", id}}),
                        visit.html(Served::what_if_record, {{"record", id}}));
    constexpr std::size_t large = 20'000;
    body += other_years(visit, *lease, head, id, assessment.evaluation.size() > large);
    body +=
        element("p", anchor(visit.link(run_path(head.id)),
                            visit.say(Served::report_of, {{"year", std::to_string(head.year)}, {"run", segment}}))) +
        "\n";
    return visit.page(fmt::format("{}, {}", id, head.year), std::move(body), true, report::banners_of(explanation),
                      segment);
}

Response why_not_page(const Visit& visit, const std::string& segment, const std::string& id) {
    const auto lease = visit.lease();
    const auto& head = visit.run(*lease, segment);
    const auto& assessment = lease->assessment(head);
    const auto record = visit.record(assessment, id);
    const auto& decision = visit.decision(*assessment.graph, visit.target.value("decision"));
    const auto told = audit::why_not(assessment, decision, record, visit.target.value("outcome"), visit.code());
    const auto path = record_path(head.id, id);
    auto body =
        report::why_not_html(told) + element("h2", visit.html(Served::ask_further)) + "\n" +
        why_not_form(visit, decision, told.of.value, path) +
        element("p", anchor(visit.link(path, {{"decision", decision.name}}), visit.say(Served::back_to_explanation)));
    return visit.page(fmt::format("{}, {}", id, head.year), std::move(body), true, report::banners_of(told.of),
                      segment);
}

}  // namespace zoneval::serve
