#include "engine/seal/seal.hpp"

#include <fmt/format.h>

#include <iostream>

#include "engine/report/whole_file.hpp"
#include "engine/seal/proof.hpp"
#include "src/command.hpp"
#include "src/stored_runs.hpp"

namespace zoneval::command {

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

int run_seal(const SealOptions& options) {
    expect_large_data();
    const store::Store store(options.store, store::Store::Mode::to_read);
    Progress progress;
    progress.show("reading every run");
    const auto sealed = seal::seal_of(store);
    progress.show("");
    give_out(to_text(sealed), options.out,
             fmt::format("{}: {} runs, up to import {}\n\nPublish it, or keep it where nobody who writes to the store "
                         "can change it; sign it with\nminisign -Sm {} or ssh-keygen -Y sign -n zoneval -f KEY {}.\n"
                         "Later: zoneval verify --store {} --seal {}\n",
                         options.out, sealed.runs.size(), sealed.revision, options.out, options.out, options.store,
                         options.out));
    return Exit::fine;
}

struct ProveOptions {
    std::string record, store, out;
    audit::RunWanted run;
};

int run_prove(const ProveOptions& options) {
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
    give_out(to_text(*proof), options.out,
             fmt::format("{}: {} of {} in run {}, one of {} verdicts\n\nWhoever has it checks it without the store: "
                         "zoneval verify --proof {} --seal SEAL\n",
                         options.out, options.record, stored.year, stored.id, stored.records.size(), options.out));
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
    sub->callback([&action, o] { action = [o] { return run_seal(*o); }; });
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
    sub->callback([&action, o] { action = [o] { return run_prove(*o); }; });
}

}  // namespace zoneval::command
