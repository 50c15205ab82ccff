#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "engine/report/html.hpp"
#include "engine/serve/supposing.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::serve {

using report::element;
using report::for_html;
using report::HtmlTable;
using wording::Answer;
using wording::Served;

namespace {

class Form {
  public:
    Form(const Visit& visit, const State& state, const assess::Assessment& assessment)
        : visit_(visit), state_(state), a_(assessment) {}

    std::string html() const {
        auto out = fmt::format("<form class=block action=\"{}/what-if\">\n", run_path(a_.run.id));
        if (visit_.language != visit_.site.options().language)
            out += fmt::format("<input type=hidden name=lang value={}>", visit_.code());
        return out + parameters() + figure() + years() +
               fmt::format("<button>{}</button></form>\n", visit_.html(Served::assess_again));
    }

  private:
    std::string parameters() const {
        const auto& rules = *a_.graph->rules;
        if (rules.parameters.empty()) return "";
        const auto year = std::to_string(a_.run.year);
        HtmlTable table("class=fit", visit_.say(Served::parameters),
                        {{visit_.say(Served::parameter)},
                         {visit_.say(Served::as_it_is, {{"year", year}}), true},
                         {visit_.say(Served::supposed)}});
        for (const auto& parameter : rules.parameters) {
            const auto* node = a_.graph->find(parameter.name);
            const auto now = node && a_.evaluation.size() > 0 ? a_.evaluation.value(node->id, 0) : feel::Value();
            const auto title = results::title_of(parameter, visit_.language);
            table.row({for_html(title),
                       for_html(now.is_null() ? wording::say(Answer::no_value, visit_.language)
                                              : exec::shown(*a_.graph, *node, now, {{}, node->unit}, visit_.language)),
                       fmt::format("<input name=\"p.{}\" value=\"{}\" aria-label=\"{}\" autocomplete=off>",
                                   for_html(parameter.name), for_html(visit_.target.value("p." + parameter.name)),
                                   visit_.html(Served::suppose_of, {{"name", title}}))});
        }
        return fmt::format("<fieldset><legend>{}</legend><p class=note>{}</p>{}</fieldset>\n",
                           visit_.html(Served::parameters), visit_.html(Served::parameters_lead), table.text());
    }

    std::string field(Served title, std::string_view name) const {
        return fmt::format("<label>{}<input name={} value=\"{}\" autocomplete=off></label> ", visit_.html(title), name,
                           for_html(visit_.target.value(name)));
    }

    std::string figure() const {
        std::string options;
        auto columns = model::input_columns(*a_.graph->rules);
        std::stable_partition(columns.begin(), columns.end(),
                              [](const auto& c) { return c.type == feel::Type::Kind::number; });
        for (const auto& column : columns)
            options +=
                fmt::format("<option{}>{}</option>", visit_.target.value("input") == column.name ? " selected" : "",
                            for_html(column.name));
        if (options.empty()) return "";
        return fmt::format(
            "<fieldset><legend>{}</legend>{}<label>{}<select name=input>{}</select></label> {}</fieldset>\n",
            visit_.html(Served::one_figure), field(Served::record_id, "record"), visit_.html(Served::which_figure),
            options, field(Served::figure_value, "value"));
    }

    std::string years() const {
        std::set<std::int32_t> years;
        for (const auto& run : state_.runs())
            if (run.ruleset == a_.run.ruleset) years.insert(run.year);
        const auto select = [&](Served title, std::string_view name) {
            auto chosen = visit_.target.value(name);
            if (chosen.empty()) chosen = std::to_string(a_.run.year);
            std::string options;
            for (const auto year : years)
                options +=
                    fmt::format("<option{}>{}</option>", chosen == std::to_string(year) ? " selected" : "", year);
            return fmt::format("<label>{}<select name={}>{}</select></label> ", visit_.html(title), name, options);
        };
        return fmt::format("<fieldset><legend>{}</legend>{}{}</fieldset>\n", visit_.html(Served::years),
                           select(Served::from_year, "from"), select(Served::until_year, "until"));
    }

    const Visit& visit_;
    const State& state_;
    const assess::Assessment& a_;
};

std::string word(const Visit& visit, const exec::Labels& labels, const std::string& outcome) {
    return for_html(outcome.empty() ? wording::say(Answer::undetermined, visit.language)
                                    : exec::labelled(labels, outcome));
}

std::string counts(const Visit& visit, const exec::Labels& labels, const audit::WhatIf& w) {
    std::vector<HtmlTable::Head> heads{{w.decision_title}};
    for (const auto year : w.years) heads.push_back({std::to_string(year), true});
    HtmlTable table("class=fit", visit.say(Served::outcome_of, {{"name", w.decision_title}}), std::move(heads));
    for (std::size_t o = 0; o < w.outcomes.size(); ++o) {
        const auto& row = w.counts[o];
        if (std::all_of(row.begin(), row.end(), [](const auto& c) { return c.first + c.second == 0; })) continue;
        std::vector<std::string> cells{word(visit, labels, w.outcomes[o])};
        for (const auto& [before, after] : row)
            cells.push_back(before == after ? std::to_string(before)
                                            : fmt::format("<span class=moved>{} → {}</span>", before, after));
        table.row(cells);
    }
    return table.text();
}

std::string moves(const Visit& visit, const State& state, const exec::Labels& labels, const store::Run& head,
                  const audit::WhatIf& w) {
    if (w.moved.empty()) return element("p", visit.html(Served::no_one_moves)) + "\n";
    constexpr std::size_t most = 200;
    const auto title = wording::say(Answer::who_would_move, visit.language);
    HtmlTable table("class=fit", title,
                    {{visit.say(Served::record_id)},
                     {visit.say(Served::years), true},
                     {visit.say(Served::before)},
                     {visit.say(Served::after)},
                     {wording::say(Answer::by_rule, visit.language, {{"rule", ""}})}});
    for (std::size_t i = 0; i < std::min(most, w.moved.size()); ++i) {
        const auto& m = w.moved[i];
        const auto* run = state.standing(head.ruleset, m.year);
        const auto id = for_html(m.record);
        table.row({run ? fmt::format("<a href=\"{}\">{}</a>", visit.link(record_path(run->id, m.record)), id) : id,
                   std::to_string(m.year), word(visit, labels, m.before), word(visit, labels, m.after),
                   for_html(m.follows ? wording::say(Answer::follows_from_earlier, visit.language) : m.rule)});
    }
    auto out = table.text();
    if (w.moved.size() > most)
        out += element(
            "p", visit.html(Served::moved_cut, {{"n", std::to_string(most)}, {"all", std::to_string(w.moved.size())}}));
    return out;
}

}  // namespace

Response what_if_page(const Visit& visit, const std::string& segment) {
    std::optional<store::Run> head;
    std::string form;
    {
        const auto lease = visit.lease();
        head = visit.run(*lease, segment);
        form = Form(visit, *lease, lease->assessment(*head)).html();
    }
    auto body =
        element("h1", visit.html(Served::what_if)) + "\n" + element("p", visit.html(Served::what_if_lead)) + "\n";
    const auto supposition = supposition_of(visit, head->year);
    const auto title = visit.say(Served::what_if);
    if (supposition.texts.empty()) {
        const bool asked = !visit.target.value("from").empty();
        if (asked) body += element("p", "class=because", visit.html(Served::nothing_supposed)) + "\n";
        return visit.page(title, body + form, true, {}, segment);
    }
    const auto found = tried(visit, *head, supposition);  // without the lease: others go on reading
    const auto lease = visit.lease();
    const auto& graph = *lease->assessment(*head).graph;
    const auto labels = exec::labels_in(graph, visit.decision(graph, visit.target.value("decision")), visit.code());
    body += element("p", "class=because",
                    for_html(wording::say(Answer::what_if, visit.language,
                                          {{"supposed", fmt::format("{}", fmt::join(supposition.texts, "; "))},
                                           {"n", std::to_string(found.moved.size())},
                                           {"of", std::to_string(found.of)},
                                           {"decision", found.decision_title}}))) +
            "\n" + counts(visit, labels, found) + moves(visit, *lease, labels, *head, found) +
            element("h2", visit.html(Served::assess_again)) + "\n" + form;
    return visit.page(title, std::move(body), true, {}, segment);
}

}  // namespace zoneval::serve
