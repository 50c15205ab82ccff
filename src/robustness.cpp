#include "engine/score/robustness.hpp"

#include <fmt/format.h>

#include <iostream>
#include <thread>

#include "engine/model/map_reader.hpp"
#include "engine/report/files.hpp"
#include "src/show_results.hpp"
#include "src/stored_runs.hpp"

namespace zoneval::command {

namespace {

struct RobustnessOptions {
    std::string store, record, csv;
    audit::RunWanted run;
    std::string weights = "25%", data_error = "0";
    std::vector<std::string> normalise, aggregate, impute;
    std::vector<int> winsorise;
    bool leave_out = true, ranks = false, all = false;
    score::Asked asked;
};

double share_of(const std::string& text, const char* option) {
    const auto share = model::parse_share(text);
    if (!share || *share < feel::Decimal(0) || *share >= feel::Decimal(1))
        throw CLI::ValidationError(option, fmt::format("`{}` is no share such as 25%", text));
    return share->to_double();
}

score::Choices choices_of(const RobustnessOptions& options) {
    score::Choices out;
    out.weights = share_of(options.weights, "--weights");
    out.data_error = share_of(options.data_error, "--data-error");
    out.leave_out = options.leave_out;
    using Normalise = model::Indicator::Normalise;
    for (const auto& name : options.normalise)
        out.normalise.push_back(name == "min-max"   ? Normalise::min_max
                                : name == "z-score" ? Normalise::z_score
                                                    : Normalise::percent_rank);
    using How = model::Aggregation::How;
    for (const auto& name : options.aggregate)
        out.aggregate.push_back(name == "arithmetic"  ? How::arithmetic
                                : name == "geometric" ? How::geometric
                                                      : How::harmonic);
    for (const auto& name : options.impute)
        out.impute.push_back(name == "mean"     ? model::Impute::mean
                             : name == "median" ? model::Impute::median
                                                : model::Impute::last_year);
    out.winsorise = options.winsorise;
    return out;
}

int run(RobustnessOptions options, const Global& global) {
    const auto language = language_of(global);
    options.asked.choices = choices_of(options);
    options.asked.verdicts = !options.ranks;
    options.asked.record = options.record;
    options.asked.language = global.language;
    const store::Store store(options.store, store::Store::Mode::to_read);
    const auto reading = store.read_sound();
    const auto stored = stored_run(store, options.run);
    assess::Options how;
    how.columns.threads = options.asked.threads;
    const auto run = made_again(store, stored, how);
    Progress progress;
    const auto caller = std::this_thread::get_id();
    options.asked.tell = [&](std::size_t done, std::size_t total) {
        if (std::this_thread::get_id() == caller && !global.json()) progress.show("readings", done, total);
    };
    const auto found = score::robustness(store, run, options.asked);
    progress.show("");
    if (!options.csv.empty()) {
        report::write_csv(found, options.csv);
        if (!global.json()) std::cout << fmt::format("{}: {} records\n", options.csv, found.records.size());
    }
    const score::TextLook look{global.colour(), options.all, global.width(), options.store};
    if (global.json())
        std::cout << score::render_json(found);
    else if (!options.record.empty())
        std::cout << score::render_record(found, options.record, language, look);
    else if (options.csv.empty())
        std::cout << score::render_text(found, language, look);
    return Exit::fine;
}

}  // namespace

void add_robustness(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(
        app, global, "robustness", "Says how firm ranks and verdicts are: in how many plausible readings each holds.",
        "  zoneval robustness --store build/demo.sqlite --year 2024\n"
        "  zoneval robustness Invented-W35 --store build/demo.sqlite --year 2023 --replicates 200\n"
        "  zoneval robustness --store build/demo.sqlite --year 2024 --ranks --replicates 10000 --indices\n"
        "  zoneval robustness --store build/demo.sqlite --year 2024 --weights 10% --normalise min-max --csv firm.csv\n"
        "A reading is the same rule set with other weights, or otherwise as the options say; each is assessed by the\n"
        "engine like any other. Nothing is stored, and no verdict changed. docs/robustness.md says more.");
    auto o = std::make_shared<RobustnessOptions>();
    o->asked.threads = std::max(1u, std::thread::hardware_concurrency());
    sub->add_option("record", o->record, "one record: its outcomes, and on which choice they hang");
    sub->add_option("--store", o->store, "SQLite file")->required();
    auto* year = sub->add_option("--year", o->run.year, "year of the assessment (default: the last one assessed)");
    sub->add_option("--run", o->run.id, "a certain run, by its number")->excludes(year);
    sub->add_option("--weights", o->weights, "every weight up to this share up or down; 0: as written")
        ->capture_default_str();
    sub->add_flag("--leave-out,!--no-leave-out", o->leave_out, "any one indicator left out (default), or none");
    sub->add_option("--normalise", o->normalise, "other ways to make points: min-max, z-score, percent rank")
        ->delimiter(',')
        ->check(CLI::IsMember({"min-max", "z-score", "percent rank"}));
    sub->add_option("--aggregate", o->aggregate, "other means of parts: arithmetic, geometric, harmonic")
        ->delimiter(',')
        ->check(CLI::IsMember({"arithmetic", "geometric", "harmonic"}));
    sub->add_option("--impute", o->impute, "other ways to treat missing figures: mean, median, last year")
        ->delimiter(',')
        ->check(CLI::IsMember({"mean", "median", "last year"}));
    sub->add_option("--winsorise", o->winsorise, "outliers: at most so many records take the next value, e.g. 1,3,5")
        ->delimiter(',')
        ->check(CLI::Range(0, 1000));
    sub->add_option("--data-error", o->data_error, "every amount that the indicators use, up to this share up or down")
        ->capture_default_str();
    sub->add_option("--replicates", o->asked.replicates, "how many readings are drawn")
        ->capture_default_str()
        ->check(CLI::Range(std::size_t{10}, std::size_t{1'000'000}));
    sub->add_option("--seed", o->asked.seed, "the same seed draws the same readings")->capture_default_str();
    sub->add_flag("--indices", o->asked.indices,
                  "shares of the variance by choice: first-order and total Sobol indices");
    sub->add_flag("--ranks", o->ranks, "scores and ranks alone, without verdicts: much faster");
    sub->add_option("--score", o->asked.score, "which score (default: the one that the rule set ranks by)");
    sub->add_option("--decision", o->asked.decision, "which decision (default: the one with adverse outcomes)");
    sub->add_flag("--all", o->all, "every record on the terminal");
    sub->add_option("--csv", o->csv, "write a CSV file");
    sub->add_option("--threads", o->asked.threads, "how many work at once; the result does not depend on it")
        ->check(CLI::PositiveNumber);
    sub->add_option("--ruleset", o->run.ruleset, "id of the rule set, if the store holds several");
    sub->add_option("--lang", global.language, "language of titles and words: en, zh or ja")->capture_default_str();
    sub->callback([&global, &action, o] { action = [&global, o] { return run(*o, global); }; });
}

}  // namespace zoneval::command
