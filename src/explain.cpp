#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>
#include <thread>

#include "engine/audit/ruling.hpp"
#include "engine/audit/why_not.hpp"
#include "engine/audit/would_change.hpp"
#include "engine/report/explain_page.hpp"
#include "engine/report/whole_file.hpp"
#include "engine/report/would_change_page.hpp"
#include "engine/score/robustness.hpp"
#include "src/profile.hpp"
#include "src/stored_runs.hpp"

namespace zoneval::command {

namespace {

struct ExplainOptions {
    std::string record, store, decision, of, why_not, file;
    audit::RunWanted run;
    int depth = 0;
    bool would_change = false, profile = false;
    std::size_t readings = 0;
};

const graph::Node& find_definition(const graph::Graph& graph, const std::string& name) {
    const auto* node = graph.find(name);
    if (node && node->kind != graph::NodeKind::context) return *node;
    std::vector<std::string> names;
    for (const auto& n : graph.nodes)
        if (n.kind != graph::NodeKind::context && n.kind != graph::NodeKind::hidden) names.push_back(n.name);
    throw InputError(Diagnostic{Kind::unknown_name,
                                fmt::format("the rule set defines no `{}`", name),
                                {},
                                "the name of a score, a measure, a decision or an input",
                                did_you_mean(name, names)});
}

audit::Explanation explanation_of(const assess::Assessment& assessment, const ExplainOptions& options,
                                  std::size_t record, const std::string& language) {
    const auto& graph = *assessment.graph;
    if (!options.of.empty()) {
        const auto& node = find_definition(graph, options.of);
        return graph::decision_of(node) ? audit::explain(assessment, node, record, language)
                                        : audit::explain_values(assessment, {&node}, record, language);
    }
    if (options.decision.empty() && graph.rules->decisions.empty())
        return audit::explain_values(assessment, audit::values_to_explain(graph), record, language);
    return audit::explain(assessment, find_decision(graph, options.decision), record, language);
}

/// As text, JSON or a page, on standard output or in a file.
template <class Told, class ToPage>
int say(const Told& told, const ToPage& to_page, const ExplainOptions& options, const Global& global) {
    if (global.format == "html") {
        if (options.file.empty())
            throw CLI::ValidationError("--format html", "needs a file to write to: --output FILE");
        report::write_whole(options.file, to_page(told));
        std::cout << options.file << '\n';
    } else if (global.json()) {
        std::cout << audit::render_json(told) << '\n';
    } else {
        std::cout << audit::render_text(told, {global.colour(), options.depth});
    }
    return Exit::fine;
}

int run(const ExplainOptions& options, const Global& global) {
    if (global.format != "html" && !options.file.empty())
        throw CLI::ValidationError("--output", "is for pages: --format html");
    const ProfiledCommand profiled(options.profile, options.record);
    TimedStage around("checking the store");
    const store::Store store(options.store, store::Store::Mode::to_read);
    const auto reading = store.read_sound();
    around.turn_to("reading the run");
    const auto stored = stored_run(store, options.run);
    // Readings are of all records.
    const auto assessment =
        options.readings > 0 ? made_again(store, stored) : audit::made_again_for(store, stored, options.record);
    const auto record = assessment.evaluation.find(options.record);
    if (!record)
        throw InputError(
            Diagnostic{Kind::no_run,
                       fmt::format("`{}` took no part in the assessment of {}", options.record, stored.year),
                       {},
                       fmt::format("the id of a {}", assessment.graph->rules->record),
                       did_you_mean(options.record, {assessment.run.records.begin(), assessment.run.records.end()})});
    around.turn_to("closing the store");  // after the stage below, which stands within it
    const TimedStage stage("explaining");
    if (options.would_change) {
        constexpr unsigned most_threads = 8;  // each keeps what it supposes
        const auto told =
            audit::would_change(assessment, find_decision(*assessment.graph, options.decision), *record,
                                global.language, std::clamp(std::thread::hardware_concurrency(), 1u, most_threads));
        return say(told, report::would_change_page, options, global);
    }
    if (!options.why_not.empty()) {
        const auto told = audit::why_not(assessment, find_decision(*assessment.graph, options.decision), *record,
                                         options.why_not, global.language);
        return say(told, report::why_not_page, options, global);
    }
    auto explanation = explanation_of(assessment, options, *record, global.language);
    if (explanation.ruling)
        explanation.ruling->rests = audit::rests_on(*assessment.graph, store, stored.year, explanation.record,
                                                    explanation.decision, global.language);
    if (!explanation.decision.empty()) {
        const auto& decision = find_decision(*assessment.graph, explanation.decision);
        explanation.course = audit::course(store, assessment, decision, *record, explanation.decided, global.language);
        explanation.close_calls =
            audit::close_calls(assessment, decision, *record, explanation.waiting_for, global.language);
    }
    if (options.readings > 0 && !explanation.decision.empty()) {
        const score::Asked asked;
        const auto holds = score::shares_that_hold(store, assessment, explanation.decision, options.readings,
                                                   std::max(1u, std::thread::hardware_concurrency()));
        if (!holds.empty()) explanation.firm = audit::Explanation::Firm{holds[*record], options.readings, asked.seed};
    }
    return say(explanation, report::explain_page, options, global);
}

}  // namespace

void add_explain(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(app, global, "explain", "Says why a record received its verdict, or its score.",
                           "  zoneval explain Invented-W06 --store build/demo.sqlite --year 2023\n"
                           "  zoneval explain Invented-W06 --store build/demo.sqlite --decision class --format json\n"
                           "  zoneval explain Invented-W06 --store build/demo.sqlite --year 2023 --of overall\n"
                           "  zoneval explain Invented-E01 --store build/demo.sqlite --year 2024 --why-not commend\n"
                           "  zoneval explain Invented-E01 --store build/demo.sqlite --format html --output E01.html\n"
                           "The assessment is run again from what the store holds, and must come out as recorded.",
                           {"text", "json", "html"});
    auto o = std::make_shared<ExplainOptions>();
    sub->add_option("record", o->record, "id of the record (zone, park, firm)")->required();
    sub->add_option("--store", o->store, "SQLite file")->required();
    auto* year = sub->add_option(
        "--year", o->run.year, "year of the assessment (default: the last one assessed); its newest run is explained");
    auto* run_option = sub->add_option("--run", o->run.id, "a certain run, by its number");
    run_option->excludes(year);
    auto* decision =
        sub->add_option("--decision", o->decision, "which decision (default: the one with adverse outcomes)");
    sub->add_option("--of", o->of, "a score, a measure or any other definition, instead of a decision")
        ->excludes(decision);
    auto* would = sub->add_flag("--what-would-change", o->would_change,
                                "the smallest change of each reported figure that leads to another outcome");
    sub->add_option("--why-not", o->why_not,
                    "why it is not that outcome: what each rule that gives it asks, and is missing")
        ->excludes(would);
    sub->add_option("--readings", o->readings,
                    "say in how many of so many plausible readings of the rules the outcome holds (as `robustness`)")
        ->check(CLI::Range(std::size_t{10}, std::size_t{1'000'000}));
    sub->add_option("--depth", o->depth, "how deep the derivation goes (default: what fits a screen or two)")
        ->check(CLI::PositiveNumber);
    sub->add_option("--output", o->file, "HTML file to write, with --format html");
    sub->add_flag("--profile", o->profile, "say on standard error where the time went");
    sub->add_option("--ruleset", o->run.ruleset, "id of the rule set, if the store holds several");
    sub->add_option("--lang", global.language, "language of titles")->capture_default_str();
    sub->callback([&global, &action, o] { action = [&global, o] { return run(*o, global); }; });
}

}  // namespace zoneval::command
