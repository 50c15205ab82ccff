#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <iostream>
#include <new>
#include <string_view>
#include <system_error>

#include "engine/store/store.hpp"
#include "src/border.hpp"
#include "src/command.hpp"
#include "src/no_memory.hpp"
#include "src/versions.hpp"

namespace {

using namespace zoneval;
using namespace zoneval::command;

/// The word that was not understood, with the nearest one that would have been.
std::string suggestion(const CLI::App& app, const std::string& word) {
    std::vector<std::string> known;
    for (const auto* sub : app.get_subcommands({})) known.push_back(sub->get_name());
    const auto add_options = [&](const CLI::App& of) {
        for (const auto* option : of.get_options())
            for (const auto& name : option->get_lnames()) known.push_back("--" + name);
    };
    add_options(app);
    for (const auto* sub : app.get_subcommands()) add_options(*sub);
    return did_you_mean(word, known);
}

/// The usage of one line, for people; a finding, for programs.
int refuse_usage(const std::string& message, const std::string& hint, const std::string& see, const Global& global) {
    if (global.json()) {
        Diagnostics found;
        found.add({Kind::usage_error, message, {}, "", hint.empty() ? see : hint + "; " + see});
        report(found, global);
    } else {
        std::cerr << "zoneval: " << message << '\n' << (hint.empty() ? "" : hint + "\n") << see << '\n';
    }
    return Exit::usage;
}

/// Whether JSON was asked for, even where the rest of the line is not understood.
bool wants_json(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--format=json" || (word == "--format" && i + 1 < argc && std::string(argv[i + 1]) == "json"))
            return true;
    }
    return false;
}

int usage_error(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv, Global& global) {
    const auto chosen = app.get_subcommands();
    const bool unknown_command = chosen.empty() && argc > 1 && argv[1][0] != '-';
    const auto message = unknown_command ? fmt::format("there is no command `{}`", argv[1]) : std::string(error.what());
    std::string hint;
    for (int i = 1; i < argc && hint.empty(); ++i)
        if ((unknown_command && i == 1) || std::string(error.what()).find(argv[i]) != std::string::npos)
            hint = suggestion(app, argv[i]);
    if (wants_json(argc, argv)) global.format = "json";
    return refuse_usage(message, hint,
                        "see: zoneval " + (chosen.empty() ? "" : chosen.front()->get_name() + " ") + "--help", global);
}

int run(const Action& action, const Global& global) {
    try {
        return action();
    } catch (store::StoreError& error) {
        report(error.diagnostics, global);
        return Exit::store_failed;
    } catch (InputError& error) {
        error.diagnostics.sort();
        report(error.diagnostics, global);
        return Exit::bad_input;
    } catch (const CLI::ValidationError& error) {
        return refuse_usage(error.what(), "", "see: zoneval --help", global);
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::system_error& error) {  // a thread, or a file, for which the system has no room
        if (error.code() == std::errc::resource_unavailable_try_again || error.code() == std::errc::not_enough_memory)
            throw std::bad_alloc();
        std::cerr << "zoneval: " << error.what() << '\n';
        return Exit::store_failed;
    } catch (const std::exception& error) {
        std::cerr << "zoneval: internal error: " << error.what()
                  << "\nplease report this with the files that led to it\n";
        return Exit::bad_input;
    }
}

/// Ctrl-C. What is written is written in transactions: SQLite undoes one that was cut short when the file is next
/// opened.
extern "C" void on_interrupt(int) {
    constexpr std::string_view text = "\nzoneval: interrupted; what was not finished is not in the store\n";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
    ::_exit(Exit::interrupted);
}

/// The code, unless what was to be said did not get out.
int once_written(int code) {
    std::cout.flush();
    if (std::cout) return code;
    std::cerr << "zoneval: the output could not be written\n";
    return Exit::store_failed;
}

int command_line(int argc, char** argv) {
    Global global;
    const Border out(std::cout, global, isatty(STDOUT_FILENO) != 0), err(std::cerr, global, isatty(STDERR_FILENO) != 0);
    if (argc > 0) global.program = argv[0];
    if (argc == 3 && std::string_view(argv[1]) == "--version" && std::string_view(argv[2]) == "--verbose") {
        std::cout << "zoneval " ZONEVAL_VERSION "\n" << versions();
        return once_written(Exit::fine);
    }
    Action action;
    CLI::App app{"zoneval rates zones, parks and firms by published rules, and can always say why.", "zoneval"};
    app.set_version_flag("--version", "zoneval " ZONEVAL_VERSION,
                         "the version; with --verbose also of what meaning depends on");
    app.require_subcommand(1);
    app.footer(
        "Start with:\n"
        "  zoneval check rules/hightech-zones-14fyp/pack.yaml\n"
        "  script/demo\n"
        "Exit codes: 0 fine, 1 findings, 2 usage, 3 bad input, 4 store, 5 not genuine, 130 interrupted.");
    add_check(app, global, action);
    add_test(app, global, action);
    add_inspect(app, global, action);
    add_import(app, global, action);
    add_assess(app, global, action);
    add_results(app, global, action);
    add_changes(app, global, action);
    add_report(app, global, action);
    add_letter(app, global, action);
    add_serve(app, global, action);
    add_explain(app, global, action);
    add_rule(app, global, action);
    add_whatif(app, global, action);
    add_robustness(app, global, action);
    add_withdraw(app, global, action);
    add_publish(app, global, action);
    add_verify(app, global, action);
    add_seal(app, global, action);
    add_prove(app, global, action);
    add_eval(app, global, action);
    add_dev(app, global, action);
    add_functions(app, global, action);
    add_completion(app, global, action);
    add_manual(app, global, action);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const bool unknown_command = app.get_subcommands().empty() && argc > 1 && argv[1][0] != '-';
        if (error.get_exit_code() == 0 && !unknown_command)
            return once_written(app.exit(error));  // --help and --version
        return usage_error(app, error, argc, argv, global);
    }
    return once_written(run(action, global));
}

}  // namespace

int main(int argc, char** argv) {
    catch_what_is_thrown();
    std::signal(SIGINT, on_interrupt);
    try {
        return command_line(argc, argv);
    } catch (const std::bad_alloc&) {
        end_without_memory();
    }
}
