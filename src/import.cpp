#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/assess/dry_run.hpp"
#include "engine/assess/near_names.hpp"
#include "engine/diag/terminal.hpp"
#include "src/command.hpp"
#include "src/shape_options.hpp"

namespace zoneval::command {

namespace {

struct Options {
    std::string rules, store, dataset, note;
    std::vector<std::string> files, new_names;
    bool dry_run = false;
    ShapeOptions shape;
    unsigned threads = std::max(1u, std::thread::hardware_concurrency());
};

/// The store as it is, if there is one: nothing is made or touched.
std::optional<store::Store> existing(const std::string& path) {
    std::optional<store::Store> out;
    if (std::filesystem::exists(path)) out.emplace(path, store::Store::Mode::must_exist);
    return out;
}

std::string years_of(const assess::FileChanges& file) {
    if (file.years.size() == 1) return std::to_string(file.years[0]);
    return file.years.empty() ? "no year" : fmt::format("{} to {}", file.years.front(), file.years.back());
}

/// Cells old and new in columns, the first of them.
std::string table_of(const assess::FileChanges& file) {
    constexpr std::size_t most = 40;
    const auto shown = std::min(most, file.cells.size());
    std::size_t record = 6, input = 5, was = 3;
    for (std::size_t i = 0; i < shown; ++i) {
        record = std::max(record, shown_width(file.cells[i].record));
        input = std::max(input, shown_width(file.cells[i].input));
        was = std::max(was, shown_width(file.cells[i].was));
    }
    std::string out;
    const auto line = [&](const std::string& a, const std::string& year, const std::string& b, const std::string& c,
                          const std::string& d) {
        out += fmt::format("  {}  {}  {}  {}  {}\n", padded(a, record), padded(year, 4), padded(b, input),
                           padded(c, was), d);
    };
    if (shown > 0) line("record", "year", "input", "was", "now");
    for (std::size_t i = 0; i < shown; ++i) {
        const auto& cell = file.cells[i];
        line(cell.record, std::to_string(cell.year), cell.input, cell.was, cell.now);
    }
    if (shown < file.cells.size()) out += fmt::format("  … and {} more\n", file.cells.size() - shown);
    return out;
}

std::string text_of(const assess::FileChanges& file) {
    auto out = fmt::format("{}{}, {} rows of {}\n", file.file, file.sheet.empty() ? "" : "[" + file.sheet + "]",
                           file.rows, years_of(file));
    if (file.same_as > 0) out += fmt::format("  the same bytes as revision {}\n", file.same_as);
    out += table_of(file);
    out += fmt::format(
        "  {} cells change: {} arrive, {} corrected, {} withdrawn; {} say what is stored; {} empty cells change "
        "nothing\n",
        file.cells.size(), file.arriving, file.corrected, file.withdrawn, file.same, file.blank);
    auto names = file.added;
    constexpr std::size_t most = 12;
    const auto more = names.size() > most ? fmt::format(" and {} more", names.size() - most) : "";
    names.resize(std::min(names.size(), most));
    out += fmt::format("  rows: {} known, {} of known records in a new year, {} of new records{}{}{}\n", file.known,
                       file.new_rows, file.rows - file.known - file.new_rows, names.empty() ? "" : ": ",
                       fmt::join(names, ", "), more);
    return out;
}

nlohmann::ordered_json json_of(const assess::FileChanges& file) {
    auto cells = nlohmann::ordered_json::array();
    for (const auto& cell : file.cells)
        cells.push_back({{"record", cell.record},
                         {"year", cell.year},
                         {"input", cell.input},
                         {"was", cell.was},
                         {"now", cell.now}});
    return {{"file", file.file},
            {"sheet", file.sheet},
            {"rows", file.rows},
            {"known", file.known},
            {"new_rows", file.new_rows},
            {"new_records", file.added},
            {"arriving", file.arriving},
            {"corrected", file.corrected},
            {"withdrawn", file.withdrawn},
            {"same", file.same},
            {"blank", file.blank},
            {"same_as_revision", file.same_as},
            {"cells", cells}};
}

/// Says what would change, and stores nothing.
int dry_run(const std::vector<assess::FileChanges>& files, const Global& global) {
    auto json = nlohmann::ordered_json::array();
    std::string text = "Nothing is stored yet (--dry-run).\n";
    for (const auto& file : files) {
        json.push_back(json_of(file));
        text += "\n" + text_of(file);
    }
    std::cout << (global.json() ? json.dump(2) + "\n" : text);
    return Exit::fine;
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
    {
        const auto known = existing(options.store);
        const auto* store = known ? &*known : nullptr;
        assess::compare_names(store, rows, schema, options.new_names, data);
        if (data.has_errors()) throw InputError(std::move(data));
        if (options.dry_run) {
            progress.show("");
            if (!global.json()) report(data, global);
            return dry_run(assess::changes(store, rows, schema), global);
        }
    }
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
    sub->add_flag("--dry-run", o->dry_run, "say what would change, cell by cell, and store nothing");
    o->shape.add_to(*sub);
    sub->add_option("--threads", o->threads, "how many work at once; the result does not depend on it")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    sub->add_option("files", o->files, "data files, or folders of them")->required();
    sub->callback([&global, &action, o] { action = [&global, o] { return run(*o, global); }; });
}

}  // namespace zoneval::command
