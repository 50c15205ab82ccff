#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/assess/rulings.hpp"
#include "engine/audit/replay.hpp"
#include "engine/audit/ruling.hpp"
#include "engine/diag/file_bytes.hpp"
#include "engine/diag/terminal.hpp"
#include "engine/feel/evaluation/from_feel.hpp"
#include "engine/io/bytes/sha256.hpp"
#include "src/command.hpp"
#include "src/stored_runs.hpp"

namespace zoneval::command {

namespace {

struct RuleOptions {
    std::string store, document;
    audit::RunWanted run;
    audit::RulingWanted ruling;
};

void add_document(const std::string& path, audit::RulingWanted& ruling) {
    if (path.empty()) return;
    const auto bytes = file_bytes(path);
    if (!bytes)
        throw InputError(
            Diagnostic{Kind::refused_ruling, fmt::format("the document `{}` cannot be read", path), {}, "a file", ""});
    ruling.document = std::filesystem::path(path).filename().string();
    ruling.document_sha256 = sha256(*bytes);
}

std::string by_rules(const store::Ruling& ruling) {
    if (!ruling.by_rules.empty()) return assess::shown_outcome(ruling.by_rules);
    std::vector<std::string> possible;
    if (const auto value = feel::from_feel(ruling.possible); value.list())
        for (const auto& item : *value.list()) possible.push_back(item.to_string());
    return possible.empty() ? "open" : fmt::format("open, {}", fmt::join(possible, " or "));
}

/// What the ruling may change in later years, and in other rule sets.
struct Consequences {
    std::vector<audit::Follows> follows;
    std::vector<store::Run> others;
};

std::string told(const store::Ruling& r, const Consequences& then) {
    auto out = fmt::format("Recorded: ruling {} on {}, {} of {}: {}\n\n", r.id, r.record, r.decision, r.year,
                           assess::shown_outcome(r.outcome));
    const auto row = [&](std::string_view label, const std::string& text) {
        out += fmt::format("  {:<13}{}\n", label, for_terminal(text));
    };
    row("by the rules", by_rules(r));
    row("ruled", assess::shown_outcome(r.outcome) + (r.over_rules ? ", over the rules" : ""));
    row("by", fmt::format("{}, {}", r.by, r.created_at.substr(0, 10)));
    row("reason", r.reason);
    if (!r.document.empty()) row("document", fmt::format("{}, SHA-256 {}", r.document, r.document_sha256));
    out += then.follows.empty() ? "\nNothing changes in the later years of this rule set assessed so far.\n"
                                : "\nWhat follows once the later years are assessed again\n";
    for (const auto& f : then.follows)
        out += fmt::format("  {}  {}  {}: {} → {}\n", f.year, f.record, f.decision, for_terminal(f.before),
                           for_terminal(f.now));
    if (!then.others.empty()) out += "\nOther rule sets read what was ruled on; assess them again\n";
    for (const auto& run : then.others)
        out += fmt::format("  {}  {}, run {}\n", run.year, for_terminal(run.ruleset), run.id);
    return out;
}

std::string as_json(const store::Ruling& r, const Consequences& then) {
    using Json = nlohmann::ordered_json;
    Json out = {{"version", 1},
                {"ruling", r.id},
                {"ruleset", r.ruleset},
                {"run", r.run},
                {"year", r.year},
                {"record", r.record},
                {"decision", r.decision},
                {"outcome", assess::shown_outcome(r.outcome)},
                {"by_rules", r.by_rules.empty() ? Json() : Json(assess::shown_outcome(r.by_rules))},
                {"override", r.over_rules},
                {"by", r.by},
                {"reason", r.reason},
                {"document", r.document},
                {"document_sha256", r.document_sha256},
                {"hash", r.hash},
                {"follows", Json::array()},
                {"read_by_others", Json::array()}};
    for (const auto& f : then.follows)
        out["follows"].push_back(
            {{"year", f.year}, {"record", f.record}, {"decision", f.decision}, {"before", f.before}, {"now", f.now}});
    for (const auto& run : then.others)
        out["read_by_others"].push_back({{"ruleset", run.ruleset}, {"year", run.year}, {"run", run.id}});
    return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

int run(RuleOptions options, const Global& global) {
    store::Store store(options.store, store::Store::Mode::must_exist);
    add_document(options.document, options.ruling);
    auto writing = store.write();
    store.require_sound();
    const auto stored = stored_run(store, options.run);
    const auto graph = assess::load_stored(store.ruleset(stored.ruleset_hash));
    auto ruling = audit::make_ruling(stored, *graph, options.ruling);
    store.save(ruling);
    writing.commit();
    const auto reading = store.read_sound();
    const Consequences then{audit::what_follows(graph, store, ruling.year), audit::read_by_others(store, ruling)};
    std::cout << (global.json() ? as_json(ruling, then) : told(ruling, then));
    return Exit::fine;
}

}  // namespace

void add_rule(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(
        app, global, "rule", "Records what people decided where the rules leave a verdict open.",
        "  zoneval rule Invented-N02 --store build/demo.sqlite --year 2022 --outcome none --by 'evaluation office' "
        "--reason "
        "'confirmed by letter'\n"
        "It is never given over an outcome of the rules without --override, shown as a ruling wherever the verdict "
        "is,\n"
        "read by the years after it, and sealed with the runs.");
    auto o = std::make_shared<RuleOptions>();
    sub->add_option("record", o->ruling.record, "id of the record (zone, park, firm)")->required();
    sub->add_option("--store", o->store, "SQLite file")->required();
    sub->add_option("--year", o->run.year, "year of the assessment; its newest run is ruled on")->required();
    sub->add_option("--decision", o->ruling.decision, "which decision (default: the one with adverse outcomes)");
    sub->add_option("--outcome", o->ruling.outcome, "one of the decision's values")->required();
    sub->add_option("--by", o->ruling.by, "who decided: an office, a person")->required();
    sub->add_option("--reason", o->ruling.reason, "why, for whoever reads the verdict")->required();
    sub->add_option("--document", o->document, "file that the ruling rests on; its name and SHA-256 are kept");
    sub->add_flag("--override", o->ruling.over_rules, "decide although the rules give an outcome");
    sub->add_option("--ruleset", o->run.ruleset, "id of the rule set, if the store holds several");
    sub->callback([&global, &action, o] { action = [&global, o] { return run(*o, global); }; });
}

}  // namespace zoneval::command
