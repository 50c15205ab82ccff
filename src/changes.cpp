#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "engine/report/changes_text.hpp"
#include "src/show_results.hpp"
#include "src/stored_runs.hpp"

namespace zoneval::command {

namespace {

struct ChangesOptions {
    std::string store, ruleset, record;
    std::vector<std::int32_t> years;
    std::vector<std::int64_t> runs;
    bool list = false;
};

std::pair<store::Run, store::Run> wanted_runs(const store::Store& store, const ChangesOptions& options) {
    const bool by_year = !options.years.empty();
    if (by_year ? options.years.size() != 2 : options.runs.size() != 2)
        throw CLI::ValidationError("changes", "two years, such as 2023 2024, or two runs, such as --run 3,4");
    const auto of = [&](std::size_t i) {
        return stored_run(store, by_year ? audit::RunWanted{0, options.ruleset, options.years[i]}
                                         : audit::RunWanted{options.runs[i], options.ruleset, 0});
    };
    return {of(0), of(1)};
}

void require_record(const results::Changes& changes, const ChangesOptions& options, const assess::Assessment& from,
                    const assess::Assessment& to) {
    if (options.record.empty()) return;
    if (from.evaluation.find(options.record) && to.evaluation.find(options.record)) return;
    const std::vector<std::string> known{to.run.records.begin(), to.run.records.end()};
    throw InputError(Diagnostic{
        Kind::no_run,
        fmt::format("`{}` took no part in both runs, {} and {}", options.record, changes.from.run, changes.to.run),
        {},
        fmt::format("the id of a {} of both", to.graph->rules->record),
        did_you_mean(options.record, known)});
}

int run(const ChangesOptions& options, const Global& global) {
    const auto language = language_of(global);
    const store::Store store(options.store, store::Store::Mode::to_read);
    const auto reading = store.read_sound();
    const auto [earlier, later] = wanted_runs(store, options);
    const auto from = made_again(store, earlier), to = made_again(store, later);
    const auto changes = results::changes_between(from, to, store, {language});
    require_record(changes, options, from, to);
    if (global.json()) {
        std::cout << report::changes_json(changes) << '\n';
        return Exit::fine;
    }
    const auto* score = to.graph->find(changes.score);
    std::cout << report::changes_text(
        changes, {language, options.list, options.record, 100, score ? score->decimals : std::nullopt,
                  assess::told(to.notes, language),
                  options.record.empty() ? options.list ? "--record RECORD" : "--list   --record RECORD" : ""});
    return Exit::fine;
}

}  // namespace

void add_changes(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(
        app, global, "changes", "Says what changed between two years or two runs, and why.",
        "  zoneval changes 2023 2024 --store build/demo.sqlite\n"
        "  zoneval changes 2023 2024 --store build/demo.sqlite --list\n"
        "  zoneval changes 2023 2024 --store build/demo.sqlite --record Invented-W05\n"
        "  zoneval changes --run 3,4 --store build/demo.sqlite --format json\n"
        "Causes are found by evaluating again with parts of the one in the other; docs/results.md says how.");
    auto o = std::make_shared<ChangesOptions>();
    auto* years = sub->add_option("years", o->years, "two years; the newest run of each counts")->expected(0, 2);
    sub->add_option("--run", o->runs, "two runs by their numbers: 3,4")->delimiter(',')->excludes(years);
    sub->add_option("--store", o->store, "SQLite file")->required();
    sub->add_option("--ruleset", o->ruleset, "id of the rule set, if the store holds several");
    sub->add_flag("--list", o->list, "every record that moved, with its cause");
    sub->add_option("--record", o->record, "what changed for one record");
    sub->add_option("--lang", global.language, "language of words: en, zh or ja")->capture_default_str();
    sub->callback([&global, &action, o] { action = [&global, o] { return run(*o, global); }; });
}

}  // namespace zoneval::command
