// Targets, rules, data and sources.
#include <fmt/format.h>

#include <algorithm>

#include "engine/assess/summary.hpp"
#include "engine/audit/lines.hpp"
#include "engine/model/by_language.hpp"
#include "engine/report/html.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/view.hpp"
#include "engine/wording/say.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::report {

using wording::Page;

namespace {

std::string condition_of(const model::Decision& decision, const model::Rule& rule) {
    if (!decision.is_table()) return rule.when.text;
    std::string out;
    for (std::size_t i = 0; i < rule.cells.size() && i < decision.inputs.size(); ++i)
        if (rule.cells[i].text != "-")
            out += fmt::format("{}{}: {}", out.empty() ? "" : "; ", decision.inputs[i].text, rule.cells[i].text);
    return out;
}

/// As authored, in the language of the page where it has one.
std::string reason_of(const model::Rule& rule, std::string_view language) {
    const auto* found = model::in_language(rule.because, language,
                                           [](const auto& reason) { return std::string_view(reason.language); });
    return found ? found->text.text : "";
}

std::string decision_rules(const PageContext& c, const model::Decision& decision) {
    HtmlTable table("class=rules", results::title_of(decision, c.data.language),
                    {{c.say(Page::rule)},
                     {c.say(Page::condition)},
                     {c.say(Page::outcome)},
                     {c.say(Page::reason)},
                     {c.say(Page::clause)}});
    const auto* node = c.graph.find(decision.name);
    for (const auto& rule : decision.rules) {
        const auto gives = rule.then_is_value && node ? c.chip(*node, rule.then.text, false)
                                                      : element("code", for_html(rule.then.text));
        table.row({for_html(rule.id), element("code", for_html(condition_of(decision, rule))), gives,
                   for_html(reason_of(rule, results::code(c.data.language))),
                   rule.cite ? for_html(rule.cite->to_string()) : ""});
    }
    if (decision.otherwise) {
        const auto gives = decision.otherwise_is_value && node ? c.chip(*node, decision.otherwise->text, false)
                                                               : element("code", for_html(decision.otherwise->text));
        table.row({for_html(c.say(Page::otherwise)), "", gives, "",
                   decision.cite ? for_html(decision.cite->to_string()) : ""});
    }
    return table.text();
}

std::string parameter_value(const PageContext& c, const model::Parameter& parameter) {
    const auto* now = exec::in_force(parameter, c.data.assessment->evaluation.date);
    if (!now || now->value.is_null()) return "";
    const auto* node = c.graph.find(parameter.name);
    if (node && exec::labelled_by(c.graph, *node))
        return for_html(parameter.label(now->value.to_string(), results::code(c.data.language)));
    return for_html(wording::with_unit(now->value.to_string(), parameter.unit, c.data.language));
}

std::string waits(const PageContext& c) {
    HtmlTable table("", c.say(Page::waits),
                    {{c.kind()}, {c.say(Page::decision)}, {c.say(Page::possible)}, {c.say(Page::waiting_for)}});
    std::size_t rows = 0;
    for (const auto& column : c.table.columns) {
        if (!column.is_outcome() || column.year != 0) continue;
        const auto* possible = c.table.find(column.name + ".possible");
        const auto* waiting = c.table.find(column.name + ".waiting_for");
        if (!possible || !waiting) continue;
        for (const auto record : c.order)
            if (column.undetermined(record) && ++rows <= most_ranked_rows)
                table.row({c.who(record), for_html(column.title), for_html(possible->label(record)),
                           c.waiting(waiting, record)});
    }
    if (rows == 0) return element("p", for_html(c.say(Page::waits_none))) + "\n";
    return table.text();
}

/// Counts of missing cells by input and kind, of the records assessed.
std::string blanks(const PageContext& c) {
    const auto& a = *c.data.assessment;
    HtmlTable table("class=fit", c.say(Page::blanks),
                    {{c.say(Page::figure)}, {c.say(Page::missing_kind)}, {c.say(Page::records), true}});
    std::size_t rows = 0;
    for (const auto& input : c.graph.rules->inputs) {
        const auto* column = a.table->column(input.name);
        if (!column) continue;
        std::map<feel::Missing, std::size_t> kinds;
        for (std::size_t i = 0; i < a.evaluation.size(); ++i)
            if (const auto kind = column->missing(a.evaluation.rows[i]); kind != feel::Missing::none) ++kinds[kind];
        for (const auto& [kind, n] : kinds) {
            ++rows;
            table.row({for_html(results::title_of(input, c.data.language)),
                       for_html(wording::say(kind, c.data.language)), with_commas(n)});
        }
    }
    if (rows == 0) return element("p", for_html(c.say(Page::blanks_none))) + "\n";
    return table.text();
}

std::string shell_word(const std::string& text) {
    if (text.find_first_of(" \t\n'\"\\$`!*?[](){}<>|&;#~") == std::string::npos && !text.empty()) return text;
    std::string out = "'";
    for (const char ch : text) out += ch == '\'' ? "'\\''" : std::string(1, ch);
    return out + "'";
}

}  // namespace

std::string targets_section(const PageContext& c) {
    const auto summary = assess::summarise(*c.data.assessment, results::code(c.data.language));
    if (summary.targets.empty()) return "";
    HtmlTable table("", c.say(Page::s_targets),
                    {{c.say(Page::target)},
                     {c.say(Page::goal)},
                     {c.say(Page::base)},
                     {c.say(Page::year)},
                     {c.say(Page::reached), true},
                     {c.say(Page::progress), true},
                     {c.say(Page::status)},
                     {c.say(Page::clause)}});
    for (const auto& target : summary.targets)
        for (std::size_t i = 0; i < target.points.size(); ++i) {
            const auto& p = target.points[i];
            const bool first = i == 0;
            table.row({first ? for_html(target.title) : "", first ? for_html(target.goal) : "",
                       first ? for_html(target.base) : "",
                       fmt::format(
                           "<td class=nw>{}{}</td>", p.year,
                           p.published ? " <span class=dim>" + for_html(c.say(Page::published_value)) + "</span>" : ""),
                       for_html(p.value == "unknown" ? c.say(Page::t_unknown) : p.value), for_html(p.ratio),
                       "<td class=nw>" + for_html(assess::status_told(p.status, c.data.language)) + "</td>",
                       first ? for_html(target.cite) : ""});
        }
    return table.text();
}

std::string rules_section(const PageContext& c) {
    auto out = element("p", "class=note", for_html(c.say(Page::rules_note))) + "\n";
    for (const auto& decision : c.graph.rules->decisions) out += decision_rules(c, decision);
    if (c.graph.rules->parameters.empty()) return out;
    HtmlTable table(
        "", c.say(Page::parameters),
        {{c.say(Page::parameter)}, {c.say(Page::value), true}, {c.say(Page::assumption)}, {c.say(Page::clause)}});
    for (const auto& parameter : c.graph.rules->parameters)
        table.row({for_html(results::title_of(parameter, c.data.language)), parameter_value(c, parameter),
                   for_html(parameter.assumption.in(results::code(c.data.language))),
                   parameter.cite ? for_html(parameter.cite->to_string()) : ""});
    return out + table.text();
}

std::string data_section(const PageContext& c) { return waits(c) + blanks(c); }

std::string sources_section(const PageContext& c) {
    const auto& rules = *c.graph.rules;
    std::string facts;
    const auto fact = [&](Page what, const std::string& value, bool hash = false) {
        if (!value.empty())
            facts += fmt::format("<dt>{}</dt><dd{}>{}</dd>", for_html(c.say(what)), hash ? " class=hash" : "",
                                 for_html(value));
    };
    fact(Page::rule_set, rules.id);
    fact(Page::rules_hash, c.table.ruleset_hash, true);
    const auto title = rules.authority.title.in(results::code(c.data.language));
    fact(Page::authority, rules.authority.document + (title.empty() ? "" : ", " + title));
    fact(Page::run, fmt::format("{} ({})", c.table.run, c.table.year));
    fact(Page::state, audit::state_text(c.table.standing, c.data.language));
    fact(Page::seal, c.table.seal, true);
    fact(Page::engine, "zoneval " + c.table.engine_version);
    fact(Page::assessed_at, c.table.created_at);
    HtmlTable files("", c.say(Page::files_imported),
                    {{c.say(Page::import), true},
                     {c.say(Page::file)},
                     {c.say(Page::imported_at)},
                     {c.say(Page::note)},
                     {"SHA-256"}});
    for (const auto& file : c.data.files)
        files.row({std::to_string(file.revision), for_html(file.file + (file.sheet.empty() ? "" : ", " + file.sheet)),
                   for_html(file.imported_at), for_html(file.note),
                   element("span", "class=hash", for_html(file.sha256))});
    const auto record = c.order.empty() ? "RECORD" : c.table.records[c.order.front()];
    return "<dl>" + facts + "</dl>\n" + files.text() + element("p", for_html(c.say(Page::derive_again))) + "\n" +
           element("p",
                   element("code", for_html(fmt::format("zoneval explain {} --store {} --run {}", shell_word(record),
                                                        shell_word(c.data.store), c.table.run)))) +
           "\n";
}

}  // namespace zoneval::report
