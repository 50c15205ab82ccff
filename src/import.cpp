#include "engine/io/import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/store/store.hpp"
#include "src/command.hpp"

namespace zoneval::command {

namespace {

struct Options {
    std::string rules, store, dataset, note;
    std::vector<std::string> files;
    io::ReadOptions read;
    unsigned threads = std::max(1u, std::thread::hardware_concurrency());
};

DatasetSchema schema_of(const model::RuleSet& rules, const Options& options) {
    const auto schema = model::dataset_schema(rules, options.dataset);
    if (schema) return *schema;
    auto names = model::dataset_names(rules);
    if (names.empty()) names.push_back(rules.record);
    throw InputError(Diagnostic{Kind::missing_key,
                                fmt::format("the rule set has no dataset `{}`", options.dataset),
                                {},
                                fmt::format("one of {}", fmt::join(names, ", ")),
                                did_you_mean(options.dataset, names)});
}

int run(const Options& options, const Global& global) {
    expect_large_data();
    Diagnostics found;
    const auto graph = load_rules(options.rules, found);
    const auto schema = schema_of(*graph->rules, options);
    if (options.dataset.empty() && graph->rules->datasets.size() > 1)
        throw InputError(
            Diagnostic{Kind::missing_key,
                       "the rule set reads several datasets",
                       {},
                       fmt::format("--dataset with one of {}", fmt::join(model::dataset_names(*graph->rules), ", ")),
                       {}});
    if (options.store.empty() || options.store == ":memory:")
        throw CLI::ValidationError("--store", "give the path of a file");
    // All files are read before any is stored: on an error nothing is written.
    Progress progress;
    Diagnostics data;
    std::vector<io::ImportedRows> read;
    auto how = options.read;
    const auto work = [&](std::string stage) {
        return Work{options.threads, [&progress, stage = std::move(stage)](std::size_t done, std::size_t total) {
                        progress.show(stage, done, total);
                    }};
    };
    for (const auto& file : options.files) {
        progress.show(fmt::format("reading {}", file));
        how.work = work(fmt::format("reading {}", file));
        read.push_back(io::read_rows(file, schema, how, data));
    }
    if (data.has_errors()) throw InputError(std::move(data));
    store::Store store(options.store, store::Store::Mode::create_or_open);
    auto json = nlohmann::ordered_json::array();
    std::string text;
    for (auto& rows : read) {
        progress.show(fmt::format("storing {}", rows.file));
        const auto revision = store.import(rows, schema, options.note, work(fmt::format("storing {}", rows.file)));
        json.push_back(
            {{"file", rows.file}, {"dataset", schema.dataset}, {"rows", rows.records.size()}, {"revision", revision}});
        text += fmt::format("{}: {} rows as revision {}\n", rows.file, rows.records.size(), revision);
        rows = {};  // stored: its memory is for the next
    }
    progress.show("");
    if (!global.json()) report(data, global);
    std::cout << (global.json() ? json.dump(2) + "\n" : text);
    return Exit::fine;
}

}  // namespace

void add_import(CLI::App& app, Global& global, Action& action) {
    auto* sub =
        subcommand(app, global, "import", "Reads data files (CSV, XLSX) into a store, or nothing at all on an error.",
                   "  zoneval import --rules pack.yaml --store zones.sqlite zones-2023.csv\n"
                   "  zoneval import --rules pack.yaml --store zones.sqlite --dataset evaluation --note \"as "
                   "published\" notices.xlsx\n"
                   "A file imported later revises earlier ones cell by cell; earlier assessments keep what they saw.");
    auto o = std::make_shared<Options>();
    sub->add_option("--rules", o->rules, "rule file that declares the inputs")->required();
    sub->add_option("--store", o->store, "SQLite file; made if it is not there")->required();
    sub->add_option("--dataset", o->dataset, "which of the rule set's datasets the files are");
    sub->add_option("--note", o->note, "shown wherever the data are shown, e.g. \"invented data\"");
    sub->add_option("--encoding", o->read.encoding, "of CSV files, e.g. gb18030")->capture_default_str();
    sub->add_option("--sheet", o->read.sheet, "of a workbook (default: the first)");
    sub->add_option("--delimiter", o->read.delimiter, "of CSV files")->capture_default_str();
    sub->add_option("--threads", o->threads, "how many work at once; the result does not depend on it")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    sub->add_option("files", o->files, "data files")->required();
    sub->callback([&global, &action, o] { action = [&global, o] { return run(*o, global); }; });
}

}  // namespace zoneval::command
