#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/audit/verification.hpp"
#include "engine/wording/ledger.hpp"
#include "src/command.hpp"
#include "src/show_results.hpp"
#include "src/verify_proof.hpp"

namespace zoneval::command {

namespace {

struct VerifyOptions {
    std::string store, proof;
    OutsideSealOptions seal;
    unsigned threads = std::max(1u, std::thread::hardware_concurrency());
};

int run(const VerifyOptions& options, const Global& global) {
    if (!options.proof.empty()) return verify_proof(options.proof, options.seal, global);
    expect_large_data();
    const auto language = language_of(global);
    const auto outside = outside_seal(options.seal, language);
    audit::VerifyOptions how;
    how.threads = options.threads;
    how.language = language;
    how.seal = outside.seal;
    Progress progress;
    how.tell = [&](std::int64_t run, std::size_t of) {
        progress.show(
            say(wording::Ledger::making_again, language, {{"run", std::to_string(run)}, {"n", std::to_string(of)}}));
    };
    auto result = audit::verify(options.store, how);
    progress.show("");
    result.seal_told = outside.told;
    result.against_seal.insert(result.against_seal.begin(), outside.wrong.begin(), outside.wrong.end());
    std::cout << (global.json() ? audit::render_json(result) : audit::render_text(result, language));
    return result.genuine() ? Exit::fine : Exit::not_genuine;
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
    sub->add_option("--seal", o->seal.file,
                    "file of `zoneval seal`, kept or published elsewhere: nothing of it may be otherwise");
    auto* key = sub->add_option("--key", o->seal.key,
                                "public key of minisign or OpenSSH (ssh-ed25519): a file or the key itself");
    sub->add_option("--signature", o->seal.signature, "signature of the seal: .minisig or .sig")
        ->needs("--seal")
        ->needs(key);
    proof->excludes(store);
    sub->add_option("--lang", global.language, "language of words and titles")->capture_default_str();
    sub->add_option("--threads", o->threads, "how many work at once; the result does not depend on it")
        ->check(CLI::PositiveNumber);
    sub->callback([&global, &action, o] {
        if (o->store.empty() && o->proof.empty()) throw CLI::RequiredError("--store");
        action = [&global, o] { return run(*o, global); };
    });
}

}  // namespace zoneval::command
