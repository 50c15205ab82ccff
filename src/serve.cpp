#include <fmt/format.h>

#include <csignal>
#include <iostream>
#include <thread>

#include "engine/serve/http.hpp"
#include "src/show_results.hpp"

namespace zoneval::command {

namespace {

struct ServeOptions {
    std::string store;
    int port = 8093;
};

/// Ctrl-C, or a request to end, taken by a thread of its own; a second one ends the command as it ends any other.
class Interrupts {
  public:
    /// Before any other thread: all of them leave these signals to this one.
    Interrupts() {
        sigemptyset(&set_);
        for (const int signal : {SIGINT, SIGTERM}) sigaddset(&set_, signal);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    }
    /// False: nobody asked until `over`.
    bool wait(const std::stop_token& over) const {
        const timespec a_moment{0, 200'000'000};
        while (!over.stop_requested())
            if (sigtimedwait(&set_, nullptr, &a_moment) > 0) {
                pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
                return true;
            }
        return false;
    }

  private:
    sigset_t set_{};
};

int run(const ServeOptions& options, const Global& global) {
    const Interrupts interrupts;
    serve::Site site({options.store, language_of(global)});
    serve::Http http(site);
    const auto port = http.bind(options.port);
    if (port == 0)
        throw CLI::ValidationError(
            "--port",
            fmt::format("port {} of 127.0.0.1 is taken, or not yours to use; --port 0 picks a free one", options.port));
    const auto address = fmt::format("http://127.0.0.1:{}/", port);
    if (global.json())
        std::cout << fmt::format("{{\"version\":1,\"address\":\"{}\"}}", address) << std::endl;
    else
        std::cout << fmt::format("{}\nRead only; this computer alone is answered. Ctrl-C ends it.", address)
                  << std::endl;
    const std::jthread waiting([&](const std::stop_token& over) {
        if (!interrupts.wait(over)) return;
        site.stop();
        http.stop();
    });
    http.run();
    return Exit::fine;
}

}  // namespace

void add_serve(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(
        app, global, "serve", "Shows a store in a browser: reports, search, why, why not, what if. Read only.",
        "  zoneval serve --store build/demo.sqlite\n"
        "  zoneval serve --store zones.sqlite --port 0 --lang zh\n"
        "It prints its address, answers this computer alone, and ends at Ctrl-C. Programs find the same as JSON\n"
        "under /api, as /api/openapi.json describes it. docs/serve.md says what is there.");
    auto o = std::make_shared<ServeOptions>();
    sub->add_option("--store", o->store, "SQLite file")->required();
    sub->add_option("--port", o->port, "port of 127.0.0.1; 0: any that is free")
        ->check(CLI::Range(0, 65535))
        ->capture_default_str();
    sub->add_option("--lang", global.language, "language where an address names none: en, zh or ja")
        ->capture_default_str();
    sub->callback([&global, &action, o] { action = [&global, o] { return run(*o, global); }; });
}

}  // namespace zoneval::command
