#include "engine/audit/ruling.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "engine/assess/as_ruled.hpp"
#include "engine/assess/rulings.hpp"
#include "engine/exec/decisions/completions.hpp"
#include "engine/feel/evaluation/from_feel.hpp"

namespace zoneval::audit {

namespace {

[[noreturn]] void refuse(std::string message, std::string expected, std::string hint) {
    throw InputError(Diagnostic{Kind::refused_ruling, std::move(message), {}, std::move(expected), std::move(hint)});
}

const model::Decision& decision_of(const graph::Graph& graph, const std::string& name) {
    const auto* node = decision_to_explain(graph, name);
    std::vector<std::string> names;
    for (const auto& decision : graph.rules->decisions) names.push_back(decision.name);
    if (!node)
        refuse(fmt::format("the rule set has no decision `{}`", name), fmt::format("one of {}", fmt::join(names, ", ")),
               did_you_mean(name, names));
    return *graph::decision_of(*node);
}

/// The outcome as the store holds it.
std::string outcome_text(const model::Decision& decision, const std::string& given) {
    for (const auto& value : decision.values)
        if (value.to_string() == given) return value.to_feel();
    const auto value = feel::from_feel(given);
    if (!decision.values.empty() ? !decision.declares(value) : value.is_null())
        refuse(fmt::format("`{}` is no outcome of decision `{}`", given, decision.name),
               decision.values.empty() ? "a value as FEEL writes it, a text in quotes"
                                       : fmt::format("one of {}", fmt::join(decision.value_names(), ", ")),
               did_you_mean(given, decision.value_names()));
    return value.to_feel();
}

}  // namespace

store::Ruling make_ruling(const store::Run& run, const graph::Graph& graph, const RulingWanted& wanted) {
    const auto& decision = decision_of(graph, wanted.decision);
    const auto place = std::find(run.records.begin(), run.records.end(), wanted.record);
    const auto* outcomes = run.decision(decision.name);
    if (place == run.records.end() || !outcomes)
        refuse(fmt::format("`{}` took no part in the assessment of {}", wanted.record, run.year),
               fmt::format("the id of a {}", graph.rules->record),
               did_you_mean(wanted.record, {run.records.begin(), run.records.end()}));
    const auto blank = [](const std::string& text) { return text.find_first_not_of(" \t\n") == text.npos; };
    if (blank(wanted.by) || blank(wanted.reason))
        refuse("a ruling says who decided, and why", "--by NAME and --reason TEXT", "");
    const auto& outcome = outcomes->of(place.index());
    store::Ruling out;
    out.run = run.id;
    out.ruleset = run.ruleset;
    out.ruleset_hash = run.ruleset_hash;
    out.year = run.year;
    out.record = wanted.record;
    out.decision = decision.name;
    out.outcome = outcome_text(decision, wanted.outcome);
    out.by_rules = outcome.value;
    out.possible = outcome.possible;
    out.over_rules = wanted.over_rules;
    out.by = wanted.by;
    out.reason = wanted.reason;
    out.document = wanted.document;
    out.document_sha256 = wanted.document_sha256;
    if (!outcome.value.empty() && !wanted.over_rules)
        refuse(
            fmt::format("the rules give {} for {} of {}: {}{}", assess::shown_outcome(outcome.value), decision.name,
                        run.year, wanted.record, outcome.rule.empty() ? "" : fmt::format(" (rule `{}`)", outcome.rule)),
            "an outcome that the rules leave open", "to decide over the rules, say so: --override");
    if (const auto possible = feel::from_feel(outcome.possible);
        possible.kind() == feel::Type::Kind::list && !wanted.over_rules) {
        std::vector<std::string> open;
        for (const auto& one : *possible.list()) open.push_back(one.to_string());
        if (std::none_of(possible.list()->begin(), possible.list()->end(),
                         [&](const feel::Value& one) { return one.to_feel() == out.outcome; }))
            refuse(fmt::format("the rules leave {} of {} open between {}: {}", decision.name, run.year,
                               fmt::join(open, ", "), wanted.record),
                   "one of these", "to decide over the rules, say so: --override");
    }
    return out;
}

std::string label_of(const graph::Graph& graph, const store::Store& store, const store::Run& run,
                     const std::string& record) {
    const auto& rules = *graph.rules;
    auto columns = model::input_columns(rules);
    std::erase_if(columns, [&](const ColumnSchema& column) { return column.name != rules.label_input; });
    const auto snapshot = store.at(run.snapshot.revision);
    if (columns.empty() || !snapshot) return "";
    const auto table = store.load(rules.record, run.year, *snapshot, columns);
    const auto row = std::find(table.records.begin(), table.records.end(), record);
    const auto* column = table.column(rules.label_input);
    if (row == table.records.end() || !column) return "";
    return column->at(static_cast<std::size_t>(row - table.records.begin())).to_string();
}

std::vector<Follows> what_follows(const std::shared_ptr<const graph::Graph>& graph, const store::Store& store,
                                  std::int32_t ruled_year) {
    std::set<std::int32_t> years;
    for (const auto& run : store.runs())
        if (run.ruleset == graph->rules->id && run.year > ruled_year) years.insert(run.year);
    std::vector<Follows> out;
    std::map<std::int32_t, std::shared_ptr<const store::Run>> made;
    for (const auto year : years) {
        auto basis = assess::newest_basis(*graph, store, year);
        for (auto& [earlier, run] : basis.earlier)
            if (const auto again = made.find(earlier); again != made.end()) run = again->second;
        const auto before = store.latest_run(graph->rules->id, year);
        auto assessment = assess::assess(graph, store, year, basis);
        auto now = std::make_shared<store::Run>(std::move(assessment.run));
        if (before && before->records == now->records)
            for (const auto& decision : now->decisions) {
                const auto* was = before->decision(decision.name);
                for (std::size_t i = 0; was && i < now->records.size(); ++i)
                    if (was->of(i).value != decision.of(i).value)
                        out.push_back({year, std::string(now->records[i]), decision.name, was->of(i).value,
                                       decision.of(i).value});
            }
        made.emplace(year, std::move(now));
    }
    return out;
}

std::vector<store::Run> read_by_others(const store::Store& store, const store::Ruling& ruling) {
    std::set<std::int64_t> ruled;
    std::map<std::pair<std::string, std::int32_t>, store::Run> newest;
    for (auto& run : store.runs()) {
        if (run.ruleset == ruling.ruleset) {
            if (run.year == ruling.year) ruled.insert(run.id);
            continue;
        }
        auto key = std::pair(run.ruleset, run.year);
        newest.insert_or_assign(std::move(key), std::move(run));
    }
    std::vector<store::Run> out;
    for (auto& [of, run] : newest)
        if (std::any_of(run.built_on.begin(), run.built_on.end(), [&](auto id) { return ruled.contains(id); }))
            out.push_back(std::move(run));
    return out;
}

std::vector<Explanation::Ruled::Rest> rests_on(const graph::Graph& graph, const store::Store& store, std::int32_t year,
                                               const std::string& record, const std::string& decision,
                                               std::string_view language) {
    std::map<std::int32_t, std::set<std::string>> readers;  // by year: decisions that look back at this one
    const auto* ruled = graph.find(decision);
    for (const auto& node : graph.nodes) {
        if (!ruled || !graph::decision_of(node)) continue;
        for (const auto id : exec::nodes_behind(graph, node)) {
            const auto* history = std::get_if<graph::HistoryForm>(&graph.node(id).form);
            if (!history || history->of != ruled->id) continue;
            for (const int back : history->years_back()) readers[year + back].insert(node.name);
        }
    }
    std::vector<Explanation::Ruled::Rest> out;
    const auto rulings = store.rulings(graph.rules->id);
    for (const auto& [later, decisions] : readers) {
        const auto run = store.latest_run(graph.rules->id, later);
        if (!run) continue;
        const auto place = std::find(run->records.begin(), run->records.end(), record);
        if (place == run->records.end()) continue;
        for (const auto& name : decisions)
            if (const auto* outcomes = run->decision(name)) {
                const auto stands = assess::as_ruled(*run, *outcomes, place.index(), rulings).value;
                const auto value = feel::from_feel(stands);
                const auto text = assess::shown_outcome(stands);
                const auto tongue = wording::language_from_string(language).value_or(wording::Language::en);
                out.push_back({later, name, subject_of(graph, *graph.find(name), later, language).title, text,
                               value.is_null() ? text : exec::shown(graph, *graph.find(name), value, {}, tongue)});
            }
    }
    return out;
}

}  // namespace zoneval::audit
