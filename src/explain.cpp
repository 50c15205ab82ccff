#include "engine/audit/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "src/command.hpp"

namespace zoneval::command {

namespace {

struct Options {
    std::string record, store, decision, ruleset;
    std::int32_t year = 0;
    std::int64_t run = 0;
};

store::Run find_run(const store::Store& store, const Options& options) {
    const auto fail = [](std::string message, std::string expected, std::string hint) -> store::Run {
        throw InputError(Diagnostic{Kind::no_run, std::move(message), {}, std::move(expected), std::move(hint)});
    };
    if (options.run > 0) {
        if (auto run = store.run(options.run)) return *run;
        return fail(fmt::format("the store has no run {}", options.run), "the number of a run", {});
    }
    std::vector<std::string> rulesets, years;
    for (const auto& run : store.runs()) {
        if (std::find(rulesets.begin(), rulesets.end(), run.ruleset) == rulesets.end()) rulesets.push_back(run.ruleset);
        const auto year = std::to_string(run.year);
        if (std::find(years.begin(), years.end(), year) == years.end()) years.push_back(year);
    }
    if (rulesets.empty()) return fail("the store holds no assessment", "a store after `zoneval assess`", {});
    if (options.ruleset.empty() && rulesets.size() > 1)
        return fail("the store holds assessments by several rule sets",
                    fmt::format("--ruleset with one of {}", fmt::join(rulesets, ", ")), {});
    const auto ruleset = options.ruleset.empty() ? rulesets.front() : options.ruleset;
    auto year = options.year;
    if (year == 0)  // the newest year there is
        for (const auto& run : store.runs())
            if (run.ruleset == ruleset) year = std::max(year, run.year);
    if (auto run = store.latest_run(ruleset, year)) return *run;
    return fail(fmt::format("the store holds no assessment of {} by `{}`", options.year, ruleset),
                fmt::format("one of the years assessed: {}", fmt::join(years, ", ")), did_you_mean(ruleset, rulesets));
}

const graph::Node& find_decision(const graph::Graph& graph, const std::string& name) {
    std::vector<std::string> names;
    const graph::Node* chosen = nullptr;
    for (const auto& node : graph.nodes) {
        if (node.kind != graph::NodeKind::decision) continue;
        names.push_back(node.name);
        const auto* decision = graph::decision_of(node);
        const bool adverse = decision && !decision->adverse.empty();
        if (name.empty() ? !chosen || adverse : node.name == name) chosen = &node;
    }
    if (chosen) return *chosen;
    throw InputError(Diagnostic{Kind::unknown_name,
                                fmt::format("the rule set has no decision `{}`", name),
                                {},
                                fmt::format("one of {}", fmt::join(names, ", ")),
                                did_you_mean(name, names)});
}

int run(const Options& options, const Global& global) {
    const store::Store store(options.store, store::Store::Mode::must_exist);
    const auto stored = find_run(store, options);
    store.require_sound();
    const auto graph = assess::load_stored(store.ruleset(stored.ruleset_hash));
    auto assessment = assess::assess(graph, store, stored.year, assess::basis_of(stored, store));
    if (const auto changed = audit::differences(stored, assessment.run); !changed.empty())
        throw InputError(
            Diagnostic{Kind::no_run,
                       fmt::format("run {} does not come out again as recorded: {}", stored.id, changed.front()),
                       {},
                       "the recorded outcome",
                       "the store was altered, or this version of zoneval reads the rules otherwise"});
    assessment.run.id = stored.id;
    const auto record = assessment.evaluation.find(options.record);
    if (!record)
        throw InputError(
            Diagnostic{Kind::no_run,
                       fmt::format("`{}` took no part in the assessment of {}", options.record, stored.year),
                       {},
                       fmt::format("the id of a {}", graph->rules->record),
                       did_you_mean(options.record, {assessment.run.records.begin(), assessment.run.records.end()})});
    const auto explanation =
        audit::explain(assessment, find_decision(*graph, options.decision), *record, global.language);
    std::cout << (global.json() ? audit::render_json(explanation) + "\n"
                                : audit::render_text(explanation, global.colour()));
    return Exit::fine;
}

}  // namespace

void add_explain(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(app, global, "explain", "Says why a record received its verdict.",
                           "  zoneval explain Z017 --store zones.sqlite --year 2023\n"
                           "  zoneval explain Z017 --store zones.sqlite --year 2023 --decision class --format json\n"
                           "The assessment is run again from what the store holds, and must come out as recorded.");
    auto o = std::make_shared<Options>();
    sub->add_option("record", o->record, "id of the record (zone, park, firm)")->required();
    sub->add_option("--store", o->store, "SQLite file")->required();
    auto* year = sub->add_option(
        "--year", o->year, "year of the assessment (default: the last one assessed); its newest run is explained");
    auto* run_option = sub->add_option("--run", o->run, "a certain run, by its number");
    run_option->excludes(year);
    sub->add_option("--decision", o->decision, "which decision (default: the one with adverse outcomes)");
    sub->add_option("--ruleset", o->ruleset, "id of the rule set, if the store holds several");
    sub->add_option("--lang", global.language, "language of titles")->capture_default_str();
    sub->callback([&global, &action, o] { action = [&global, o] { return run(*o, global); }; });
}

}  // namespace zoneval::command
