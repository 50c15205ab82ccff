#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "engine/audit/lines.hpp"
#include "engine/diag/terminal.hpp"
#include "engine/report/view.hpp"
#include "src/command.hpp"
#include "src/verify_proof.hpp"

namespace zoneval::command {

namespace {

using report::with_commas;

struct VerifyOptions {
    std::string store, proof;
    SealOptions seal;
    unsigned threads = std::max(1u, std::thread::hardware_concurrency());
};

/// What was looked at, and what came out otherwise.
struct Verified {
    std::vector<std::string> wrong;
    std::size_t imports = 0, rulesets = 0, decisions = 0, values = 0;
    std::vector<store::Run> runs;  ///< without what they decided
    std::vector<std::string> notes;
    OutsideSeal outside;  ///< what it was held against
};

/// A run as it is recorded against the same run made again.
void make_again(const store::Store& store, const store::Run& head, const VerifyOptions& options, Verified& out) {
    assess::Options how;
    how.columns.threads = options.threads;
    const auto stored = *store.run(head.id);
    for (const auto& decision : stored.decisions) out.decisions += decision.codes.size();
    out.values += stored.measured.size() * stored.records.size();
    const auto again = audit::replay(store, stored, how);
    constexpr std::size_t most = 5;
    const auto& differences = again.differences;
    for (std::size_t i = 0; i < std::min(most, differences.size()); ++i)
        out.wrong.push_back(fmt::format("run {} ({}): {}", head.id, head.year, differences[i].told()));
    if (differences.size() > most)
        out.wrong.push_back(fmt::format("run {}: {} further differences", head.id, differences.size() - most));
    if (!differences.empty())
        out.wrong.push_back(fmt::format("run {}: {}", head.id, audit::why_otherwise(head)));
    else if (const auto others = audit::other_libraries(head); !others.empty())
        out.notes.push_back(fmt::format("run {} was made with {}: it comes out the same", head.id, others));
}

/// What was published of each run is still what it says.
void hold_against_publications(const store::Store& store, Verified& out) {
    for (const auto& publication : store.publications()) {
        const auto run = store.run(publication.run);
        if (!run || seal::to_hex(seal::seal_of(store, *run, publication.last_ruling).root) != publication.root)
            out.wrong.push_back(fmt::format("run {}: its verdicts are not those that {} published", publication.run,
                                            publication.approver));
    }
}

Verified verified(const store::Store& store, const VerifyOptions& options) {
    const auto reading = store.read();
    Verified out;
    out.wrong = store.damage();
    out.outside = outside_seal(options.seal);
    out.wrong.insert(out.wrong.end(), out.outside.wrong.begin(), out.outside.wrong.end());
    if (out.outside.seal && out.wrong.empty()) out.wrong = seal::against(store, *out.outside.seal);
    if (!out.wrong.empty()) return out;
    hold_against_publications(store, out);
    out.imports = static_cast<std::size_t>(store.latest().revision);
    out.runs = store.runs();
    std::set<std::string> rulesets;
    Progress progress;
    for (const auto& head : out.runs) {
        rulesets.insert(head.ruleset_hash);
        progress.show(fmt::format("making run {} of {} again", head.id, out.runs.size()));
        try {
            make_again(store, head, options, out);
        } catch (const InputError& error) {
            const auto& found = error.diagnostics.all();
            out.wrong.push_back(fmt::format("run {} ({}) cannot be made again: {}", head.id, head.year,
                                            found.empty() ? "" : found.front().message));
        }
    }
    progress.show("");
    out.rulesets = rulesets.size();
    return out;
}

std::string text_of(const Verified& v) {
    if (!v.wrong.empty()) {
        std::string out = "Not genuine: what the store holds is not what was recorded.\n\n";
        for (const auto& what : v.wrong) out += "  ✗  " + for_terminal(what) + "\n";
        return out + "\nPublish nothing from this store. Restore it from a copy, and compare the two.\n";
    }
    auto out = v.runs.empty()
                   ? std::string("Sound: everything is as it was recorded. Nothing has been assessed yet.\n\n")
                   : fmt::format("Genuine: {} again exactly as recorded.\n\n",
                                 v.runs.size() == 1 ? "the only run comes out"
                                                    : fmt::format("all {} runs come out", v.runs.size()));
    out += "  ✓  file      every page, index, view and trigger as they should be\n";
    out += fmt::format("  ✓  data      {} imports and withdrawals, every hash as recorded\n", with_commas(v.imports));
    out += fmt::format("  ✓  rules     {} rule set{}, every hash as recorded\n", with_commas(v.rulesets),
                       v.rulesets == 1 ? "" : "s");
    out += fmt::format("  ✓  chain     {} runs, each sealed over the one before\n", with_commas(v.runs.size()));
    out += fmt::format("  ✓  verdicts  {} outcomes and {} kept values, computed again and equal\n",
                       with_commas(v.decisions), with_commas(v.values));
    out += v.outside.seal ? fmt::format("  ✓  outside   as sealed in {}\n", for_terminal(v.outside.told))
                          : std::string("     outside   not compared: no seal from outside was given (--seal FILE)\n");
    for (const auto& note : v.notes) out += "     note      " + for_terminal(note) + "\n";
    if (!v.runs.empty()) out += "\n  run  year  state       seal\n";
    for (const auto& run : v.runs)
        out += fmt::format("  {:>3}  {}  {:<10}  {}\n", run.id, run.year, store::to_string(run.standing.state),
                           audit::short_seal(run.hash));
    if (v.outside.seal) return out;
    return out +
           "\nSomeone who can write this file could also write it anew from the start. Only a seal kept elsewhere "
           "rules\nthat out: publish it, or keep it (zoneval seal --out FILE).\n";
}

std::string json_of(const Verified& v) {
    nlohmann::ordered_json out = {{"version", 1},
                                  {"genuine", v.wrong.empty()},
                                  {"wrong", v.wrong},
                                  {"notes", v.notes},
                                  {"imports", v.imports},
                                  {"rulesets", v.rulesets},
                                  {"outcomes", v.decisions},
                                  {"values", v.values},
                                  {"runs", nlohmann::ordered_json::array()}};
    for (const auto& run : v.runs)
        out["runs"].push_back({{"run", run.id},
                               {"ruleset", run.ruleset},
                               {"year", run.year},
                               {"state", store::to_string(run.standing.state)},
                               {"engine", run.engine_version},
                               {"hash", run.hash}});
    return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

int run(const VerifyOptions& options, const Global& global) {
    if (!options.proof.empty()) return verify_proof(options.proof, options.seal, global);
    expect_large_data();
    const store::Store store(options.store, store::Store::Mode::to_read);
    const auto result = verified(store, options);
    std::cout << (global.json() ? json_of(result) : text_of(result));
    return result.wrong.empty() ? Exit::fine : Exit::not_genuine;
}

}  // namespace

void add_verify(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(
        app, global, "verify", "Says whether a store is what was recorded: every byte, and every verdict made again.",
        "  zoneval verify --store build/demo.sqlite\n"
        "  zoneval verify --store build/demo.sqlite --seal build/seal.json\n"
        "  zoneval verify --proof build/N07.json --seal build/seal.json\n"
        "Exit code 5 where it is not. docs/store.md says what each hash covers, and what stands outside of them.");
    auto o = std::make_shared<VerifyOptions>();
    auto* store = sub->add_option("--store", o->store, "SQLite file");
    auto* proof = sub->add_option("--proof", o->proof, "file of `zoneval prove`: one verdict, without the store");
    sub->add_option("--seal", o->seal,
                    "file of `zoneval seal`, kept or published elsewhere: nothing of it may be otherwise");
    auto* key = sub->add_option("--key", o->seal.key,
                                "public key of minisign or OpenSSH (ssh-ed25519): a file or the key itself");
    sub->add_option("--signature", o->seal.signature, "signature of the seal: .minisig or .sig")
        ->needs("--seal")
        ->needs(key);
    proof->excludes(store);
    sub->add_option("--threads", o->threads, "how many work at once; the result does not depend on it")
        ->check(CLI::PositiveNumber);
    sub->callback([&global, &action, o] {
        if (o->store.empty() && o->proof.empty()) throw CLI::RequiredError("--store");
        action = [&global, o] { return run(*o, global); };
    });
}

}  // namespace zoneval::command
