#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/assess/near_names.hpp"
#include "src/command.hpp"
#include "src/shape_options.hpp"

namespace zoneval::command {

namespace {

struct Options {
    std::string rules, store, dataset, note;
    std::vector<std::string> files, new_names;
    ShapeOptions shape;
    unsigned threads = std::max(1u, std::thread::hardware_concurrency());
};

/// Before a store is made or touched.
void ask_about_names(const Options& options, const std::vector<io::ImportedRows>& rows, const DatasetSchema& schema,
                     Diagnostics& found) {
    std::optional<store::Store> known;
    if (std::filesystem::exists(options.store)) known.emplace(options.store, store::Store::Mode::must_exist);
    assess::compare_names(known ? &*known : nullptr, rows, schema, options.new_names, found);
    if (found.has_errors()) throw InputError(std::move(found));
}

int run(const Options& options, const Global& global) {
    expect_large_data();
    Diagnostics found;
    const auto graph = load_rules(options.rules, found);
    auto schema = dataset_named(*graph->rules, options.dataset);
    options.shape.apply(schema);
    if (options.store.empty() || options.store == ":memory:")
        throw CLI::ValidationError("--store", "give the path of a file");
    Progress progress;
    const auto show = [&](const std::string& stage) {
        return [&progress, stage](const std::string& file, std::size_t done, std::size_t total) {
            if (total == 0)
                progress.show(fmt::format("{} {}", stage, file));
            else
                progress.show(fmt::format("{} {}", stage, file), done, total);
        };
    };
    io::ReadOptions how;
    how.work.threads = options.threads;
    Diagnostics data;
    auto rows = assess::read_files(options.files, schema, how, data, show("reading"));
    ask_about_names(options, rows, schema, data);
    store::Store store(options.store, store::Store::Mode::create_or_open);
    auto json = nlohmann::ordered_json::array();
    std::string text;
    for (const auto& [file, count, revision] :
         assess::store_files(store, std::move(rows), schema, options.note, {options.threads, {}}, show("storing"))) {
        json.push_back({{"file", file}, {"dataset", schema.dataset}, {"rows", count}, {"revision", revision}});
        text += fmt::format("{}: {} rows as revision {}\n", file, count, revision);
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
                   "  zoneval import --rules examples/hightech-zones/assessment.yaml --store zones.sqlite "
                   "examples/hightech-zones/zones-20*.csv\n"
                   "  zoneval import --rules rules/agri-parks/pack.yaml --store parks.sqlite --dataset evaluation "
                   "--note \"as published\" notices.xlsx\n"
                   "A file imported later revises earlier ones cell by cell; earlier assessments keep what they saw.");
    auto o = std::make_shared<Options>();
    sub->add_option("--rules", o->rules, "rule file that declares the inputs")->required();
    sub->add_option("--store", o->store, "SQLite file; made if it is not there")->required();
    sub->add_option("--dataset", o->dataset, "which of the rule set's datasets the files are");
    sub->add_option("--note", o->note, "shown wherever the data are shown, e.g. \"invented data\"");
    sub->add_option("--new", o->new_names, "a name that nearly equals a known one, and is another; may be repeated");
    o->shape.add_to(*sub);
    sub->add_option("--threads", o->threads, "how many work at once; the result does not depend on it")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    sub->add_option("files", o->files, "data files, or folders of them")->required();
    sub->callback([&global, &action, o] { action = [&global, o] { return run(*o, global); }; });
}

}  // namespace zoneval::command
