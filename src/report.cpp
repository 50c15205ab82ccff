#include <fmt/format.h>

#include <iostream>
#include <thread>

#include "engine/report/page.hpp"
#include "engine/report/view.hpp"
#include "engine/report/whole_file.hpp"
#include "engine/results/side_by_side.hpp"
#include "src/show_results.hpp"
#include "src/stored_runs.hpp"

namespace zoneval::command {

namespace {

struct Options {
    std::string store, file;
    audit::RunWanted run;
};

/// The newest run of each year before, oldest first.
std::vector<store::Run> earlier_runs(const store::Store& store, const store::Run& run) {
    constexpr std::size_t most = 10;
    std::map<std::int32_t, std::int64_t> newest;
    for (const auto& other : store.runs())
        if (other.ruleset == run.ruleset && other.year < run.year) newest[other.year] = other.id;
    while (newest.size() > most) newest.erase(newest.begin());
    std::vector<store::Run> out;
    for (const auto& [year, id] : newest) out.push_back(std::move(*store.run(id)));
    return out;
}

int run(const Options& options, const Global& global) {
    expect_large_data();
    const auto language = language_of(global);
    const store::Store store(options.store, store::Store::Mode::to_read);
    const auto reading = store.read_sound();
    const auto stored = stored_run(store, options.run);
    assess::Options how;
    how.columns.threads = std::max(1u, std::thread::hardware_concurrency());
    const auto assessment = made_again(store, stored, how);
    const auto columns = usual_columns(*assessment.graph, false);
    auto table = table_with_reasons(assessment, columns, language, true);
    const auto earlier = earlier_runs(store, stored);
    for (const auto& before : earlier) results::add_earlier(table, before, true, language);
    std::optional<results::Changes> changes;
    if (!earlier.empty() && earlier.back().year == stored.year - 1) {
        const auto before = made_again(store, earlier.back(), how);
        changes = results::changes_between(before, assessment, store, {language, 0});
    }
    report::PageData data{&assessment,   &table,  changes ? &*changes : nullptr, with_ends(table, columns), {},
                          options.store, language};
    for (auto& batch : store.batches(assessment.graph->rules->record))
        if (batch.revision <= table.revision) data.files.push_back(std::move(batch));
    const auto page = report::report_page(data);
    report::write_whole(options.file, page);
    if (global.json())
        std::cout << fmt::format("{{\"version\":1,\"year\":{},\"run\":{},\"bytes\":{}}}\n", stored.year, stored.id,
                                 page.size());
    else
        std::cout << fmt::format("{}: {} records, {} bytes\n", options.file, report::with_commas(table.size()),
                                 report::with_commas(page.size()));
    return Exit::fine;
}

}  // namespace

void add_report(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(
        app, global, "report", "Writes a year's results as one page that needs no network.",
        "  zoneval report --store build/demo.sqlite --year 2024 --output report.html\n"
        "  zoneval report --store build/demo.sqlite --year 2024 --lang zh --output report.zh.html\n"
        "The page is HTML with its own style and script, and reads without them. docs/results.md says what is on it.");
    auto o = std::make_shared<Options>();
    sub->add_option("--store", o->store, "SQLite file")->required();
    sub->add_option("--output", o->file, "HTML file to write")->required();
    auto* year = sub->add_option("--year", o->run.year, "year of the assessment (default: the last one assessed)");
    sub->add_option("--run", o->run.id, "a certain run, by its number")->excludes(year);
    sub->add_option("--ruleset", o->run.ruleset, "id of the rule set, if the store holds several");
    sub->add_option("--lang", global.language, "language of the page: en, zh or ja")->capture_default_str();
    sub->callback([&global, &action, o] { action = [&global, o] { return run(*o, global); }; });
}

}  // namespace zoneval::command
