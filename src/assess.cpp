#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>
#include <sstream>
#include <thread>

#include "engine/assess/years.hpp"
#include "engine/diag/palette.hpp"
#include "engine/report/files.hpp"
#include "engine/report/ranking_text.hpp"
#include "engine/results/ranking.hpp"
#include "engine/wording/assessed.hpp"
#include "engine/wording/pages.hpp"
#include "src/command.hpp"
#include "src/profile.hpp"
#include "src/show_results.hpp"

namespace zoneval::command {

namespace {

struct AssessOptions {
    std::string rules, store, years, author;
    bool all = false, exact = false, profile = false;
    unsigned threads = std::max(1u, std::thread::hardware_concurrency());
};

/// Earlier verdicts stand as they were issued; whoever builds on them should know that the data have moved on.
Diagnostics told(const assess::Stale& stale, std::int32_t year, const AssessOptions& options, const Global& global) {
    const auto years = stale.first_year == stale.last_year ? std::to_string(year - 1)
                                                           : fmt::format("{}..{}", stale.first_year, stale.last_year);
    Diagnostics out;
    out.add({Kind::stale_run,
             fmt::format("{} builds on earlier assessments as they were issued, but {}", year,
                         fmt::join(stale.reasons, "; ")),
             {},
             "",
             fmt::format("to decide them anew: {} assess {} --store {} --year {}, then {} again", global.program,
                         options.rules, options.store, years, year)});
    return out;
}

/// The ranking that an assessment made; nothing where nothing is ranked, or more records than anybody reads there.
std::string ranking_of(const assess::Assessment& assessment, const AssessOptions& options, const Global& global) {
    constexpr std::size_t most = 100'000;
    const auto& graph = *assessment.graph;
    if (!results::ranked_node(graph) || assessment.evaluation.size() > most) return "";
    const auto language = language_of(global);
    const auto columns = usual_columns(graph, false);
    const auto table = table_with_reasons(assessment, columns, language, false, false);
    if (table.ranked == 0) return "";
    const auto view = report::view_of(table, with_ends(table, columns), results::by_rank(table), language);
    const auto head = wording::say(wording::Page::ranked_by, language,
                                   {{"name", table.ranked_by},
                                    {"n", report::with_commas(table.ranked)},
                                    {"all", report::with_commas(table.size())}});
    const report::RankingOptions look{options.all, global.colour(), false, global.width(), "", "", 0};
    const auto p = palette(global.colour());
    return fmt::format("\n{}{} {}{}\n{}{}", p.bold, table.year, head, p.reset, report::rows_text(view, look),
                       report::imputed_lines(view, look));
}

/// Every record of a year as a JSON array.
std::string records_of(const assess::Assessment& assessment, const Global& global) {
    const auto language = language_of(global);
    const auto columns = usual_columns(*assessment.graph, true);
    const auto table = table_with_reasons(assessment, columns, language, false);
    std::ostringstream lines;
    lines.exceptions(std::ios::badbit);  // memory that is not there is no end of what is written
    report::write_json_lines(report::view_of(table, with_ends(table, columns), results::by_rank(table), language),
                             lines);
    auto out = std::move(lines).str();
    std::replace(out.begin(), out.end(), '\n', ',');
    if (!out.empty()) out.pop_back();
    return "[" + out + "]";
}

/// Rules that contradict each other, and operations that fail on data that are there, are nothing that data would
/// settle.
bool rules_to_mend(const std::vector<assess::YearSummary>& years) {
    return std::any_of(years.begin(), years.end(), [](const assess::YearSummary& year) {
        return std::any_of(year.decisions.begin(), year.decisions.end(),
                           [](const assess::DecisionSummary& d) { return !d.conflicts.empty() || d.operation_failed; });
    });
}

int run(const AssessOptions& options, const Global& global) {
    expect_large_data();
    const auto years = parse_years(options.years);
    Diagnostics warnings;
    const auto graph = load_rules(options.rules, warnings);
    store::Store store(options.store, store::Store::Mode::must_exist);
    Progress progress;
    assess::YearsOptions how;
    how.how.exact = options.exact;
    how.how.columns.threads = options.threads;
    const auto language = language_of(global);
    how.language = global.language;
    how.profile = options.profile;
    how.author = options.author;
    how.tell = [&](std::int32_t year, assess::Stage stage, std::size_t done, std::size_t total) {
        const bool recording = stage == assess::Stage::recording;
        const auto what = say(recording ? wording::Assessed::recording : wording::Assessed::assessing, language,
                              {{"n", std::to_string(total)}, {"year", std::to_string(year)}});
        if (recording || total == 0)
            progress.show(what);
        else
            progress.show(what, done, total);
    };
    std::string ranking;
    std::vector<std::string> records;
    how.made = [&](const assess::Assessment& assessment) {
        if (global.json())
            records.push_back(records_of(assessment, global));
        else if (assessment.run.year == years.back())
            ranking = ranking_of(assessment, options, global);
    };
    auto done = assess::assess_years(graph, store, years, how);
    progress.show("");
    std::vector<assess::YearSummary> summaries;
    for (auto& year : done.years) {
        if (options.profile) print_stages(std::to_string(year.summary.year), year.stages, year.profile.records);
        if (options.profile && !options.exact) print_definitions(*graph, year.profile);
        if (year.stale) year.summary.findings.append(told(*year.stale, year.summary.year, options, global));
        if (!global.json()) report(year.summary.findings, global);
        summaries.push_back(std::move(year.summary));
    }
    if (!summaries.empty() && !(done.refused && global.json()))  // the years before a refused one are recorded
        std::cout << (global.json() ? assess::render_json(summaries, records) + "\n"
                                    : assess::render_text(summaries, {global.program, options.store, options.all,
                                                                      global.colour(), ranking}));
    if (!done.refused) return rules_to_mend(summaries) ? Exit::findings : Exit::fine;
    report(*done.refused, global);
    return done.by_store ? Exit::store_failed : Exit::bad_input;
}

}  // namespace

void add_assess(CLI::App& app, Global& global, Action& action) {
    auto* sub =
        subcommand(app, global, "assess", "Runs the annual assessment of one or several years and records it.",
                   "  zoneval assess examples/hightech-zones/assessment.yaml --store zones.sqlite --year 2021..2024\n"
                   "Each year is one transaction and builds on the newest assessment of the year before.");
    auto o = std::make_shared<AssessOptions>();
    sub->add_option("rules", o->rules, "rule file")->required();
    sub->add_option("--store", o->store, "SQLite file with the data")->required();
    sub->add_option("--year", o->years, "2023, 2021..2024 or 2021,2023")->required();
    sub->add_option("--by", o->author, "who makes the assessment (default: the user); somebody else publishes it");
    sub->add_flag("--all", o->all, "list every record with an adverse or undetermined outcome");
    sub->add_option("--threads", o->threads, "how many work at once; the result does not depend on it")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    sub->add_flag("--exact", o->exact, "compute everything in decimals: the same result, slower (docs/exactness.md)");
    sub->add_flag("--profile", o->profile, "say on standard error where the time went, by stage and by definition");
    sub->add_option("--lang", global.language, "language of titles")->capture_default_str();
    sub->callback([&global, &action, o] { action = [&global, o] { return run(*o, global); }; });
}

}  // namespace zoneval::command
