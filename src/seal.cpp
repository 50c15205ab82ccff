#include "engine/seal/seal.hpp"

#include <fmt/format.h>

#include <iostream>

#include "engine/report/whole_file.hpp"
#include "engine/seal/proof.hpp"
#include "engine/wording/ledger.hpp"
#include "src/command.hpp"
#include "src/show_results.hpp"
#include "src/stored_runs.hpp"

namespace zoneval::command {

using wording::Ledger;

namespace {

/// A small text, beside the result or as it: to a file that is there whole or not at all, else to standard output.
void give_out(const std::string& text, const std::string& path, const std::string& told) {
    if (path.empty()) {
        std::cout << text;
        return;
    }
    report::write_whole(path, text);
    std::cout << told;
}

struct SealOptions {
    std::string store, out;
};

int run_seal(const SealOptions& options, const Global& global) {
    expect_large_data();
    const auto language = language_of(global);
    const store::Store store(options.store, store::Store::Mode::to_read);
    Progress progress;
    progress.show(say(Ledger::reading_runs, language));
    const auto sealed = seal::seal_of(store);
    progress.show("");
    const auto written = say(Ledger::seal_written, language,
                             {{"file", options.out},
                              {"n", std::to_string(sealed.runs.size())},
                              {"revision", std::to_string(sealed.revision)}});
    const auto keep = say(Ledger::keep_the_seal, language,
                          {{"minisign", "minisign -Sm " + options.out},
                           {"ssh", "ssh-keygen -Y sign -n zoneval -f KEY " + options.out},
                           {"later", fmt::format("zoneval verify --store {} --seal {}", options.store, options.out)}});
    give_out(to_text(sealed), options.out, written + "\n\n" + keep + "\n");
    return Exit::fine;
}

struct ProveOptions {
    std::string record, store, out;
    audit::RunWanted run;
};

int run_prove(const ProveOptions& options, const Global& global) {
    expect_large_data();
    const store::Store store(options.store, store::Store::Mode::to_read);
    const auto reading = store.read_sound();
    const auto stored = stored_run(store, options.run);
    const auto proof = seal::proof_of(store, stored, options.record);
    if (!proof)
        throw InputError(
            Diagnostic{Kind::unknown_name,
                       fmt::format("`{}` took no part in run {} of {}", options.record, stored.id, stored.year),
                       {},
                       "the id of a record of that run",
                       did_you_mean(options.record, {stored.records.begin(), stored.records.end()})});
    const auto language = language_of(global);
    const auto written = say(Ledger::proof_written, language,
                             {{"file", options.out},
                              {"record", options.record},
                              {"year", std::to_string(stored.year)},
                              {"run", std::to_string(stored.id)},
                              {"n", std::to_string(stored.records.size())}});
    const auto check = say(Ledger::check_without, language,
                           {{"command", fmt::format("zoneval verify --proof {} --seal SEAL", options.out)}});
    give_out(to_text(*proof), options.out, written + "\n\n" + check + "\n");
    return Exit::fine;
}

}  // namespace

void add_seal(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(app, global, "seal", "Writes what can be published of a store: hash and root of every run.",
                           "  zoneval seal --store build/demo.sqlite --out build/seal.json\n"
                           "docs/audit.md says how to sign it, and what it lets others find out.");
    auto o = std::make_shared<SealOptions>();
    sub->add_option("--store", o->store, "SQLite file")->required();
    sub->add_option("--out", o->out, "file (default: standard output)");
    sub->add_option("--lang", global.language, "language of words")->capture_default_str();
    sub->callback([&global, &action, o] { action = [&global, o] { return run_seal(*o, global); }; });
}

void add_prove(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(app, global, "prove", "Writes one record's verdict with the proof that it is in a run.",
                           "  zoneval prove Invented-N07 --store build/demo.sqlite --year 2023 --out build/N07.json\n"
                           "The file tells the verdict, its reason and kept values; who has the seal needs no store.");
    auto o = std::make_shared<ProveOptions>();
    sub->add_option("record", o->record, "id of the record (zone, park, firm)")->required();
    sub->add_option("--store", o->store, "SQLite file")->required();
    sub->add_option("--year", o->run.year, "year of the assessment (default: the last one)");
    sub->add_option("--run", o->run.id, "number of the run (default: the one that stands for that year)");
    sub->add_option("--ruleset", o->run.ruleset, "id of the rule set, if the store holds several");
    sub->add_option("--out", o->out, "file (default: standard output)");
    sub->add_option("--lang", global.language, "language of words")->capture_default_str();
    sub->callback([&global, &action, o] { action = [&global, o] { return run_prove(*o, global); }; });
}

}  // namespace zoneval::command
