#include "engine/seal/publish.hpp"

#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/audit/lines.hpp"
#include "engine/diag/terminal.hpp"
#include "engine/wording/ledger.hpp"
#include "src/command.hpp"
#include "src/show_results.hpp"
#include "src/stored_runs.hpp"

namespace zoneval::command {

using wording::Ledger;

namespace {

struct PublishOptions {
    std::string store;
    audit::RunWanted run;
    seal::PublicationWanted publication;
};

/// Earlier years that it was built on and that nobody has published: they may still be replaced.
std::vector<const store::Run*> drafts_below(const std::vector<store::Run>& runs, const store::Run& run) {
    std::vector<const store::Run*> out;
    for (const auto& earlier : runs)
        if (earlier.standing.state == store::Standing::State::draft &&
            std::find(run.built_on.begin(), run.built_on.end(), earlier.id) != run.built_on.end())
            out.push_back(&earlier);
    return out;
}

std::string told(const store::Publication& p, const store::Run& run, const std::vector<store::Run>& runs,
                 wording::Language language) {
    const auto says = [&](Ledger word, std::initializer_list<std::pair<std::string_view, std::string_view>> of = {}) {
        return for_terminal(say(word, language, of));
    };
    std::vector<audit::Cells> rows{
        {says(Ledger::author), for_terminal(p.author)},
        {says(Ledger::published),
         says(Ledger::by_whom_on, {{"approver", p.approver}, {"date", p.created_at.substr(0, 10)}})}};
    if (p.supersedes != 0)
        rows.push_back({says(Ledger::instead_of),
                        says(Ledger::run_because, {{"run", std::to_string(p.supersedes)}, {"reason", p.reason}})});
    rows.push_back({says(Ledger::seal), audit::short_seal(run.hash)});
    rows.push_back({says(Ledger::root), p.root});
    auto out = says(Ledger::now_published, {{"run", std::to_string(run.id)},
                                            {"year", std::to_string(run.year)},
                                            {"n", std::to_string(run.records.size())}}) +
               "\n\n" + audit::table_text(std::move(rows), {audit::Align::left, audit::Align::left}, 2);
    for (const auto* draft : drafts_below(runs, run))
        out += "\n" +
               says(Ledger::on_a_draft, {{"run", std::to_string(draft->id)}, {"year", std::to_string(draft->year)}}) +
               "\n";
    return out + "\n" + say(Ledger::stands_until, language, {{"command", "zoneval seal --out FILE"}}) + "\n";
}

std::string as_json(const store::Publication& p, const store::Run& run) {
    const nlohmann::ordered_json out = {
        {"version", 1},
        {"publication", p.id},
        {"run", run.id},
        {"ruleset", run.ruleset},
        {"year", run.year},
        {"author", p.author},
        {"approver", p.approver},
        {"supersedes", p.supersedes == 0 ? nlohmann::ordered_json() : nlohmann::ordered_json(p.supersedes)},
        {"reason", p.reason},
        {"published_at", p.created_at},
        {"seal", run.hash},
        {"root", p.root},
        {"hash", p.hash}};
    return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

int run(const PublishOptions& options, const Global& global) {
    expect_large_data();
    store::Store store(options.store, store::Store::Mode::must_exist);
    auto writing = store.write();
    store.require_sound();
    const auto stored = stored_run(store, options.run);
    auto publication = seal::make_publication(store, stored, options.publication);
    made_again(store, stored);  // what does not come out again is not for the public
    store.save(publication);
    writing.commit();
    const auto& runs = store.runs();
    std::cout << (global.json() ? as_json(publication, stored) : told(publication, stored, runs, language_of(global)));
    return Exit::fine;
}

}  // namespace

void add_publish(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(
        app, global, "publish", "Makes an assessment public: somebody other than its author stands by it.",
        "  zoneval publish --store build/demo.sqlite --year 2023 --by 'evaluation office'\n"
        "It is made again first. From then on the year's results are those of this run, whatever is assessed beside\n"
        "it, until another run is published in its place: --run N --supersede --reason TEXT.");
    auto o = std::make_shared<PublishOptions>();
    sub->add_option("--store", o->store, "SQLite file")->required();
    sub->add_option("--year", o->run.year, "year of the assessment (default: the last one)");
    sub->add_option("--run", o->run.id, "number of the run (default: the newest of that year)");
    sub->add_option("--ruleset", o->run.ruleset, "id of the rule set, if the store holds several");
    sub->add_option("--by", o->publication.approver, "who publishes it: an office, a person; not the run's author")
        ->required();
    sub->add_flag("--supersede", o->publication.supersede, "take the place of the run published for that year");
    sub->add_option("--reason", o->publication.reason, "why, with --supersede");
    sub->add_option("--lang", global.language, "language of words")->capture_default_str();
    sub->callback([&global, &action, o] { action = [&global, o] { return run(*o, global); }; });
}

}  // namespace zoneval::command
