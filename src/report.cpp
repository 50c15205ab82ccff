#include <fmt/format.h>

#include <iostream>
#include <thread>

#include "engine/audit/explain.hpp"
#include "engine/report/pdf.hpp"
#include "engine/report/view.hpp"
#include "engine/report/whole_file.hpp"
#include "engine/report/yearly.hpp"
#include "engine/score/robustness.hpp"
#include "src/show_results.hpp"
#include "src/stored_runs.hpp"

namespace zoneval::command {

namespace {

struct ReportOptions {
    std::string store, file;
    bool what_would_change = false;
    std::size_t readings = 0;
    audit::RunWanted run;
};

int run(const ReportOptions& options, const Global& global) {
    expect_large_data();
    const auto language = language_of(global);
    const store::Store store(options.store, store::Store::Mode::to_read);
    const auto reading = store.read_sound();
    const auto stored = stored_run(store, options.run);
    assess::Options how;
    how.columns.threads = std::max(1u, std::thread::hardware_concurrency());
    const auto assessment = made_again(store, stored, how);
    report::Yearly yearly(store, assessment, options.store, language, how);
    yearly.data.what_would_change = options.what_would_change;
    const auto* decision = audit::decision_to_explain(*assessment.graph, "");
    if (options.readings > 0 && decision) {
        yearly.data.holds =
            score::shares_that_hold(store, assessment, decision->name, options.readings, how.columns.threads);
        yearly.data.readings = options.readings;
    }
    const auto page = report::report_page(yearly.data);
    if (report::is_pdf_name(options.file))
        report::PdfPrinter().print(page, options.file);
    else
        report::write_whole(options.file, page);
    if (global.json())
        std::cout << fmt::format("{{\"version\":1,\"year\":{},\"run\":{},\"bytes\":{}}}\n", stored.year, stored.id,
                                 page.size());
    else
        std::cout << fmt::format("{}: {} records, {} bytes\n", options.file, report::with_commas(yearly.table.size()),
                                 report::with_commas(page.size()));
    return Exit::fine;
}

}  // namespace

void add_report(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(app, global, "report", "Writes a year's results as one page that needs no network.",
                           "  zoneval report --store build/demo.sqlite --year 2024 --output report.html\n"
                           "  zoneval report --store build/demo.sqlite --year 2024 --lang zh --output report.zh.html\n"
                           "The page is HTML with its own style and script, and reads without them; a file named .pdf "
                           "is printed by Chromium\n"
                           "or WeasyPrint. docs/results.md says what is on it.");
    auto o = std::make_shared<ReportOptions>();
    sub->add_option("--store", o->store, "SQLite file")->required();
    sub->add_option("--output", o->file, "HTML or PDF file to write")->required();
    sub->add_flag("--what-would-change", o->what_would_change,
                  "scorecards of adverse and undetermined outcomes say what would have changed them");
    sub->add_option("--readings", o->readings,
                    "say with each outcome in how many of so many plausible readings of the rules it holds")
        ->check(CLI::Range(std::size_t{10}, std::size_t{1'000'000}));
    auto* year = sub->add_option("--year", o->run.year, "year of the assessment (default: the last one assessed)");
    sub->add_option("--run", o->run.id, "a certain run, by its number")->excludes(year);
    sub->add_option("--ruleset", o->run.ruleset, "id of the rule set, if the store holds several");
    sub->add_option("--lang", global.language, "language of the page: en, zh or ja")->capture_default_str();
    sub->callback([&global, &action, o] { action = [&global, o] { return run(*o, global); }; });
}

}  // namespace zoneval::command
