#include <algorithm>
#include <iostream>

#include "engine/audit/sweep.hpp"
#include "engine/audit/why_not.hpp"
#include "src/show_results.hpp"
#include "src/stored_runs.hpp"

namespace zoneval::command {

namespace {

struct WhatifOptions {
    std::string store, decision, ruleset, years, sweep, count;
    std::vector<std::string> set;
};

int run(const WhatifOptions& options, const Global& global) {
    auto years = parse_years(options.years);
    std::sort(years.begin(), years.end());  // later ones read earlier ones
    store::Store copy(options.store, store::Store::Mode::to_try);
    copy.require_sound();
    audit::RunWanted wanted;
    wanted.year = years.back();
    wanted.ruleset = options.ruleset;
    const auto newest = stored_run(copy, wanted);
    const auto graph = assess::load_stored(copy.ruleset(newest.ruleset_hash));
    const auto& decision = find_decision(*graph, options.decision);
    const auto language = language_of(global);
    assess::YearsOptions how;
    how.language = global.language;
    audit::TextOptions text;
    text.colour = global.colour();
    text.width = global.width();
    if (!options.sweep.empty()) {
        const auto swept = audit::swept_from(options.sweep, *graph->rules);
        if (!options.count.empty()) audit::refuse_undeclared(*graph::decision_of(decision), options.count);
        const auto found = audit::sweep(copy, graph, decision, swept, years, how);
        std::cout << (global.json() ? audit::render_json(found, options.count)
                                    : audit::render_text(found, options.count, language, text));
        return Exit::fine;
    }
    const auto records = audit::records_of(copy, *graph->rules, years.back());
    std::vector<audit::Supposed> supposed;
    for (const auto& one : options.set) supposed.push_back(audit::supposed_from(one, *graph->rules, records));
    const auto found = audit::what_if(copy, graph, decision, supposed, years, how);
    std::cout << (global.json() ? audit::render_json(found, options.set)
                                : audit::render_text(found, options.set, language, text));
    return Exit::fine;
}

}  // namespace

void add_whatif(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(
        app, global, "whatif", "Says which outcomes would be others if a parameter or a figure were. Stores nothing.",
        "  zoneval whatif --store zones.sqlite --set 'warning share = 8' --year 2021..2024\n"
        "  zoneval whatif --store zones.sqlite --set 'Invented-W35.GDP = 512' --year 2023\n"
        "  zoneval whatif --store zones.sqlite --sweep 'commendation line = 50..90' --count commend --year 2021..2024\n"
        "The years are assessed on a copy in memory, as things are and as supposed, by the newest rules of\n"
        "the last of them. A figure is supposed in each of the years; its record may also be of a kind\n"
        "under `kinds`, such as a park of a zone.");
    auto o = std::make_shared<WhatifOptions>();
    sub->add_option("--store", o->store, "SQLite file")->required();
    auto* set = sub->add_option("--set", o->set, "PARAMETER = VALUE, or RECORD.INPUT = VALUE (repeatable)");
    set->allow_extra_args(false);
    auto* sweep = sub->add_option("--sweep", o->sweep, "PARAMETER = FROM..TO, or FROM..TO step STEP, or A, B, C");
    sweep->excludes(set);
    sub->add_option("--count", o->count, "of a sweep: only that outcome")->needs(sweep);
    sub->add_option("--year", o->years, "2023, 2021..2024 or 2021,2023")->required();
    sub->add_option("--decision", o->decision, "which decision (default: the one with adverse outcomes)");
    sub->add_option("--ruleset", o->ruleset, "id of the rule set, if the store holds several");
    sub->add_option("--lang", global.language, "language of words and titles")->capture_default_str();
    sub->callback([&global, &action, o] {
        if (o->set.empty() && o->sweep.empty()) throw CLI::RequiredError("--set or --sweep");
        action = [&global, o] { return run(*o, global); };
    });
}

}  // namespace zoneval::command
