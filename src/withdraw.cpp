#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/store/store.hpp"
#include "engine/wording/ledger.hpp"
#include "src/command.hpp"
#include "src/show_results.hpp"

namespace zoneval::command {

namespace {

struct WithdrawOptions {
    std::string store, by, reason;
    std::int64_t revision = 0;
};

int run(const WithdrawOptions& options, const Global& global) {
    store::Store store(options.store, store::Store::Mode::must_exist);
    auto writing = store.write();
    store.require_sound();
    const auto from = store.withdraw(options.revision, options.by, options.reason);
    writing.commit();
    if (global.json())
        std::cout << nlohmann::ordered_json{{"version", 1},
                                            {"withdrawn", options.revision},
                                            {"revision", from},
                                            {"by", options.by},
                                            {"reason", options.reason}}
                         .dump(2)
                  << '\n';
    else
        std::cout << say(wording::Ledger::withdrawn, language_of(global),
                         {{"n", std::to_string(options.revision)}, {"from", std::to_string(from)}})
                  << '\n';
    return Exit::fine;
}

}  // namespace

void add_withdraw(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(
        app, global, "withdraw", "Takes back a file that was imported by mistake.",
        "  zoneval withdraw 3 --store zones.sqlite --by 'data office' --reason 'figures of another province'\n"
        "Nothing is erased: the withdrawal is recorded, and counts from then on.\n"
        "The number is that of the revision, which `import` and explanations give.");
    auto o = std::make_shared<WithdrawOptions>();
    sub->add_option("revision", o->revision, "the revision that the import made")->required();
    sub->add_option("--store", o->store, "SQLite file")->required();
    sub->add_option("--by", o->by, "who takes it back")->required();
    sub->add_option("--reason", o->reason, "why")->required();
    sub->add_option("--lang", global.language, "language of words")->capture_default_str();
    sub->callback([&global, &action, o] { action = [&global, o] { return run(*o, global); }; });
}

}  // namespace zoneval::command
