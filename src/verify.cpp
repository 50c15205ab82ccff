#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "engine/audit/lines.hpp"
#include "engine/diag/terminal.hpp"
#include "engine/report/view.hpp"
#include "src/command.hpp"

namespace zoneval::command {

namespace {

using report::with_commas;

struct Options {
    std::string store;
    unsigned threads = std::max(1u, std::thread::hardware_concurrency());
};

/// What was looked at, and what came out otherwise.
struct Verified {
    std::vector<std::string> wrong;
    std::size_t imports = 0, rulesets = 0, decisions = 0, values = 0;
    std::vector<store::Run> runs;  ///< without what they decided
};

/// A run as it is recorded against the same run made again.
void make_again(const store::Store& store, const store::Run& head, const Options& options, Verified& out) {
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
}

Verified verified(const store::Store& store, const Options& options) {
    const auto reading = store.read();
    Verified out;
    out.wrong = store.damage();
    if (!out.wrong.empty()) return out;
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
    out += fmt::format("  ✓  rules     {} rule sets, every hash as recorded\n", with_commas(v.rulesets));
    out += fmt::format("  ✓  chain     {} runs, each sealed over the one before\n", with_commas(v.runs.size()));
    out += fmt::format("  ✓  verdicts  {} outcomes and {} kept values, computed again and equal\n",
                       with_commas(v.decisions), with_commas(v.values));
    if (!v.runs.empty()) out += "\n  run  year  hash begins with\n";
    for (const auto& run : v.runs)
        out += fmt::format("  {:>3}  {}  {}\n", run.id, run.year, audit::short_seal(run.hash));
    return out +
           "\nSomeone who can write this file could also write it anew from the start. Only a hash kept elsewhere "
           "rules\nthat out: keep, or publish, that of the last run.\n";
}

std::string json_of(const Verified& v) {
    nlohmann::ordered_json out = {{"version", 1},           {"genuine", v.wrong.empty()},
                                  {"wrong", v.wrong},       {"imports", v.imports},
                                  {"rulesets", v.rulesets}, {"outcomes", v.decisions},
                                  {"values", v.values},     {"runs", nlohmann::ordered_json::array()}};
    for (const auto& run : v.runs)
        out["runs"].push_back({{"run", run.id},
                               {"ruleset", run.ruleset},
                               {"year", run.year},
                               {"engine", run.engine_version},
                               {"hash", run.hash}});
    return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

int run(const Options& options, const Global& global) {
    expect_large_data();
    const store::Store store(options.store, store::Store::Mode::to_read);
    const auto result = verified(store, options);
    std::cout << (global.json() ? json_of(result) : text_of(result));
    return result.wrong.empty() ? Exit::fine : Exit::store_failed;
}

}  // namespace

void add_verify(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(
        app, global, "verify", "Says whether a store is what was recorded: every byte, and every verdict made again.",
        "  zoneval verify --store build/demo.sqlite\n"
        "Exit code 4 where it is not. docs/store.md says what each hash covers, and what stands outside of them.");
    auto o = std::make_shared<Options>();
    sub->add_option("--store", o->store, "SQLite file")->required();
    sub->add_option("--threads", o->threads, "how many work at once; the result does not depend on it")
        ->check(CLI::PositiveNumber);
    sub->callback([&global, &action, o] { action = [&global, o] { return run(*o, global); }; });
}

}  // namespace zoneval::command
