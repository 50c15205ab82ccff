#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/assess/rulings.hpp"
#include "engine/audit/conditions.hpp"
#include "engine/audit/lines.hpp"
#include "engine/audit/replay.hpp"
#include "engine/audit/ruling.hpp"
#include "engine/diag/file_bytes.hpp"
#include "engine/diag/terminal.hpp"
#include "engine/exec/results/labels.hpp"
#include "engine/feel/evaluation/from_feel.hpp"
#include "engine/io/bytes/sha256.hpp"
#include "engine/wording/ledger.hpp"
#include "engine/wording/say.hpp"
#include "src/command.hpp"
#include "src/show_results.hpp"
#include "src/stored_runs.hpp"

namespace zoneval::command {

namespace {

using wording::Ledger;
using wording::Phrase;

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

/// What the ruling may change in later years, and in other rule sets.
struct Consequences {
    std::vector<audit::Follows> follows;
    std::vector<store::Run> others;
};

/// The text of a ruling, in one language.
class Told {
  public:
    Told(const graph::Graph& graph, const store::Ruling& ruling, wording::Language language)
        : graph_(graph), ruling_(ruling), language_(language) {}

    std::string text(const std::string& label, const std::string& waits_for, const Consequences& then) const {
        auto out = for_terminal(says(Ledger::ruling_recorded, {{"n", std::to_string(ruling_.id)},
                                                               {"who", audit::who(ruling_.record, label)},
                                                               {"decision", title(ruling_.decision)},
                                                               {"year", std::to_string(ruling_.year)},
                                                               {"outcome", outcome(ruling_.outcome)}})) +
                   "\n\n";
        std::vector<audit::Cells> rows{by_rules(waits_for)};
        const auto row = [&](Ledger of, const std::string& text) { rows.push_back({says(of), text}); };
        row(Ledger::ruled, ruling_.over_rules ? says(Ledger::over_the_rules, {{"outcome", outcome(ruling_.outcome)}})
                                              : outcome(ruling_.outcome));
        row(Ledger::by, says(Ledger::by_on, {{"by", ruling_.by}, {"date", ruling_.created_at.substr(0, 10)}}));
        row(Ledger::reason, ruling_.reason);
        if (!ruling_.document.empty())
            row(Ledger::document,
                says(Ledger::document_kept, {{"name", ruling_.document}, {"sha256", ruling_.document_sha256}}));
        out += audit::table_text(std::move(rows), {audit::Align::left, audit::Align::left}, 2);
        return out + "\n" + follows(then);
    }

  private:
    std::string says(Ledger word,
                     std::initializer_list<std::pair<std::string_view, std::string_view>> with = {}) const {
        return say(word, language_, with);
    }
    std::string title(const std::string& decision) const {
        const auto* node = graph_.find(decision);
        return node ? audit::subject_of(graph_, *node, ruling_.year, code(language_)).title : decision;
    }
    /// As people read it, of any decision.
    std::string outcome(const std::string& decision, const std::string& stored) const {
        if (stored.empty()) return says(Ledger::undetermined);
        const auto* node = graph_.find(decision);
        const auto labels = node ? exec::labels_in(graph_, *node, code(language_)) : exec::Labels();
        return exec::shown(labels, feel::from_feel(stored), {}, language_);
    }
    std::string outcome(const std::string& stored) const { return outcome(ruling_.decision, stored); }
    audit::Cells by_rules(const std::string& waits_for) const {
        if (!ruling_.by_rules.empty()) return {says(Ledger::rules_gave), outcome(ruling_.by_rules)};
        std::string possible;
        if (const auto value = feel::from_feel(ruling_.possible); value.list())
            for (const auto& item : *value.list())
                possible += (possible.empty() ? "" : says(Ledger::or_)) + outcome(item.to_feel());
        if (possible.empty()) possible = says(Ledger::open);
        if (!waits_for.empty()) possible = says(Ledger::open_waiting, {{"possible", possible}, {"waits", waits_for}});
        return {says(Ledger::rules_left_open), possible};
    }
    std::string follows(const Consequences& then) const {
        std::string out, years;
        std::int32_t last = 0, count = 0;
        std::vector<audit::Cells> rows;
        for (const auto& f : then.follows) {
            if (std::exchange(last, f.year) != f.year && ++count > 0)
                years += (years.empty() ? "" : says(Ledger::and_)) + std::to_string(f.year);
            rows.push_back({f.record, std::to_string(f.year), title(f.decision),
                            outcome(f.decision, f.before) + "  →  " + outcome(f.decision, f.now)});
        }
        if (rows.empty())
            out = says(Ledger::nothing_follows) + "\n";
        else
            out = says(count == 1 ? Ledger::follows_one : Ledger::follows, {{"years", years}}) + "\n" +
                  audit::table_text(std::move(rows), std::vector(4, audit::Align::left), 2);
        if (!then.others.empty()) out += "\n" + says(Ledger::read_by_others) + "\n";
        for (const auto& run : then.others)
            out += fmt::format(
                "  {}  {}\n", run.year,
                for_terminal(says(Ledger::of_run, {{"ruleset", run.ruleset}, {"run", std::to_string(run.id)}})));
        return out;
    }

    const graph::Graph& graph_;
    const store::Ruling& ruling_;
    wording::Language language_;
};

/// What the outcome on record waits for, by titles where it is what the rules know by one: "Net profit, GDP of 2021".
std::string waits_for(const graph::Graph& graph, const store::Run& run, const store::Ruling& ruling,
                      wording::Language language) {
    const auto* decision = run.decision(ruling.decision);
    std::size_t at = 0;
    while (at < run.records.size() && run.records[at] != ruling.record) ++at;
    if (!decision || at == run.records.size()) return "";
    std::string out;
    const auto& outcome = decision->of(at);
    if (const auto waits = feel::from_feel(outcome.waiting_for); waits.list())
        for (const auto& one : *waits.list()) {
            const auto* node = graph.find(one.to_string());
            out += (out.empty() ? "" : say(Phrase::separator, language)) +
                   (node ? audit::subject_of(graph, *node, run.year, code(language)).title : one.to_string());
        }
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
        out["follows"].push_back({{"year", f.year},
                                  {"record", f.record},
                                  {"decision", f.decision},
                                  {"before", assess::shown_outcome(f.before)},
                                  {"now", assess::shown_outcome(f.now)}});
    for (const auto& run : then.others)
        out["read_by_others"].push_back({{"ruleset", run.ruleset}, {"year", run.year}, {"run", run.id}});
    return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

int run(RuleOptions options, const Global& global) {
    const auto language = language_of(global);
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
    std::cout << (global.json() ? as_json(ruling, then)
                                : Told(*graph, ruling, language)
                                      .text(audit::label_of(*graph, store, stored, ruling.record),
                                            waits_for(*graph, stored, ruling, language), then));
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
    sub->add_option("--lang", global.language, "language of words, titles and labels")->capture_default_str();
    sub->add_option("--ruleset", o->run.ruleset, "id of the rule set, if the store holds several");
    sub->callback([&global, &action, o] { action = [&global, o] { return run(*o, global); }; });
}

}  // namespace zoneval::command
