// What the subcommands share: options everyone has, exit codes, loading a rule set, talking to the user.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>

#include "engine/assess/importing.hpp"
#include "engine/audit/replay.hpp"
#include "engine/diag/diagnostic.hpp"
#include "engine/graph/graph.hpp"
#include "src/console.hpp"

namespace zoneval::command {

/// Stable exit codes.
enum Exit { fine = 0, findings = 1, usage = 2, bad_input = 3, store_failed = 4, not_genuine = 5, interrupted = 130 };

struct Global {
    std::string format = "text";
    std::string language = "en";
    std::string program = "zoneval";  ///< as it was called: what it proposes to type works from here
    bool json() const { return format == "json"; }
    bool colour() const { return may_colour(STDOUT_FILENO); }
    std::size_t width() const { return line_width(); }
};

/// The chosen subcommand puts what to do here; main runs it after parsing.
using Action = std::function<int()>;

void add_check(CLI::App& app, Global& global, Action& action);
void add_test(CLI::App& app, Global& global, Action& action);
void add_inspect(CLI::App& app, Global& global, Action& action);
void add_import(CLI::App& app, Global& global, Action& action);
void add_assess(CLI::App& app, Global& global, Action& action);
void add_results(CLI::App& app, Global& global, Action& action);
void add_changes(CLI::App& app, Global& global, Action& action);
void add_report(CLI::App& app, Global& global, Action& action);
void add_letter(CLI::App& app, Global& global, Action& action);
void add_serve(CLI::App& app, Global& global, Action& action);
void add_explain(CLI::App& app, Global& global, Action& action);
void add_rule(CLI::App& app, Global& global, Action& action);
void add_robustness(CLI::App& app, Global& global, Action& action);
void add_whatif(CLI::App& app, Global& global, Action& action);
void add_withdraw(CLI::App& app, Global& global, Action& action);
void add_publish(CLI::App& app, Global& global, Action& action);
void add_verify(CLI::App& app, Global& global, Action& action);
void add_seal(CLI::App& app, Global& global, Action& action);
void add_prove(CLI::App& app, Global& global, Action& action);
void add_eval(CLI::App& app, Global& global, Action& action);
void add_dev(CLI::App& app, Global& global, Action& action);
void add_functions(CLI::App& app, Global& global, Action& action);
void add_completion(CLI::App& app, Global& global, Action& action);
void add_manual(CLI::App& app, Global& global, Action& action);

/// Adds a subcommand with its description, examples and the common options.
CLI::App* subcommand(CLI::App& app, Global& global, const std::string& name, const std::string& description,
                     const std::string& examples, const std::vector<std::string>& formats = {"text", "json"});

/// Loads and builds; warnings are added to `diagnostics`. Throws InputError when there are errors.
std::shared_ptr<const graph::Graph> load_rules(const std::string& path, Diagnostics& diagnostics);

/// The dataset that --dataset names. Throws InputError saying which there are.
DatasetSchema dataset_named(const model::RuleSet& rules, const std::string& name);

/// Prints diagnostics where people or programs look for them (stderr as text, stdout as JSON).
void report(const Diagnostics& diagnostics, const Global& global);

/// Arranges memory for a command that goes through large files.
void expect_large_data();

/// Years as "2023", "2021..2024" or "2021,2023". Throws CLI::ValidationError.
std::vector<std::int32_t> parse_years(const std::string& text);

}  // namespace zoneval::command
