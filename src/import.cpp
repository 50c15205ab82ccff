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
#include "engine/report/view.hpp"
#include "src/command.hpp"
#include "src/shape_options.hpp"

namespace zoneval::command {

namespace {

struct Options {
    std::string rules, store, dataset, note;
    std::vector<std::string> files, new_names;
    bool dry_run = false, again = false;
    ShapeOptions shape;
    unsigned threads = std::max(1u, std::thread::hardware_concurrency());
};

/// The store as it is, if there is one: nothing is made or touched.
std::optional<store::Store> existing(const std::string& path) {
    std::optional<store::Store> out;
    if (std::filesystem::exists(path)) out.emplace(path, store::Store::Mode::to_read);
    return out;
}

std::string years_of(const assess::FileChanges& file) {
    if (file.years.size() == 1 && file.years[0] == model::year_of_dated) return "no year, each of a day";
    if (file.years.size() == 1) return std::to_string(file.years[0]);
    return file.years.empty() ? "no year" : fmt::format("{} to {}", file.years.front(), file.years.back());
}

/// Cells old and new in columns, the first of them.
std::string table_of(const assess::FileChanges& file) {
    constexpr std::size_t most = 40;
    const auto shown = std::min(most, file.cells.size());
    std::size_t record = 6, input = 5, was = 3;
    for (std::size_t i = 0; i < shown; ++i) {
        record = std::max(record, shown_width(for_terminal(file.cells[i].record)));
        input = std::max(input, shown_width(for_terminal(file.cells[i].input)));
        was = std::max(was, shown_width(for_terminal(file.cells[i].was)));
    }
    std::string out;
    const auto line = [&](const std::string& a, const std::string& year, const std::string& b, const std::string& c,
                          const std::string& d) {
        out += fmt::format("  {}  {}  {}  {}  {}\n", padded(for_terminal(a), record), padded(year, 4),
                           padded(for_terminal(b), input), padded(for_terminal(c), was), for_terminal(d));
    };
    if (shown > 0) line("record", "year", "input", "was", "now");
    for (std::size_t i = 0; i < shown; ++i) {
        const auto& cell = file.cells[i];
        line(cell.record, std::to_string(cell.year), cell.input, cell.was, cell.now);
    }
    if (shown < file.cells.size()) out += fmt::format("  … and {} more\n", file.cells.size() - shown);
    return out;
}

std::string cells(std::size_t n) { return fmt::format("{} cell{}", report::with_commas(n), n == 1 ? "" : "s"); }

/// "8 cells change: 7 arrive, 1 corrected, 0 withdrawn".
std::string changing(const assess::FileChanges& file) {
    if (file.changing() == 0) return "no cell changes";
    return fmt::format("{} change{}: {} arrive, {} corrected, {} withdrawn", cells(file.changing()),
                       file.changing() == 1 ? "s" : "", file.arriving, file.corrected, file.withdrawn);
}

/// Of a file that is here already: as what, and how much of it has been said otherwise since.
std::string here_already(const assess::FileChanges& file) {
    const auto& before = file.before->batch;
    auto out = fmt::format("the same as revision {} of {}: nothing changes", before.revision,
                           before.imported_at.substr(0, 10));
    if (file.changing() > 0)
        out += fmt::format("; {} say{} otherwise by now, and --again would set {} back", cells(file.changing()),
                           file.changing() == 1 ? "s" : "", file.changing() == 1 ? "it" : "them");
    return out;
}

/// What an import did with a file, in one line.
std::string told(const assess::Imported& imported) {
    const auto& file = imported.changes;
    const auto name = for_terminal(file.file + (file.sheet.empty() ? "" : "[" + file.sheet + "]"));
    const auto rows = fmt::format("{} row{}", report::with_commas(file.rows), file.rows == 1 ? "" : "s");
    if (!imported.is_new) return fmt::format("{}: {}, {}\n", name, rows, here_already(file));
    std::string what;
    if (file.new_rows > 0)
        what = fmt::format("{} in {} new row{}", cells(file.new_cells), report::with_commas(file.new_rows),
                           file.new_rows == 1 ? "" : "s");
    if (file.known > 0) what += (what.empty() ? "" : "; ") + changing(file);
    if (what.empty()) what = "no cell changes";
    return fmt::format("{}: {} as revision {}, {}\n", name, rows, imported.revision, what);
}

std::string text_of(const assess::FileChanges& file) {
    auto out =
        fmt::format("{}, {} rows of {}\n", for_terminal(file.file + (file.sheet.empty() ? "" : "[" + file.sheet + "]")),
                    file.rows, years_of(file));
    if (file.before && file.before->same_reading) return out + "  " + here_already(file) + "\n" + table_of(file);
    if (file.before)
        out += fmt::format("  the same bytes as revision {}, under other declarations\n", file.before->batch.revision);
    out += table_of(file);
    out += fmt::format("  {}; {} say what is stored; {} empty cells change nothing\n", changing(file), file.same,
                       file.blank);
    auto names = file.added;
    constexpr std::size_t most = 12;
    const auto more = names.size() > most ? fmt::format(" and {} more", names.size() - most) : "";
    const auto of_known = file.new_rows - std::min(file.new_rows, names.size());
    names.resize(std::min(names.size(), most));
    out += fmt::format("  rows: {} known, {} of known records in a new year, {} of new records{}{}{}\n", file.known,
                       of_known, file.rows - file.known - of_known, names.empty() ? "" : ": ", fmt::join(names, ", "),
                       more);
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
            {"new_cells", file.new_cells},
            {"same_as_revision", file.before ? file.before->batch.revision : 0},
            {"under_other_declarations", file.before && !file.before->same_reading},
            {"cells", cells}};
}

/// Says what would change, and stores nothing.
int dry_run(const std::vector<assess::FileChanges>& files, const Global& global) {
    auto json = nlohmann::ordered_json::array();
    std::size_t here = 0, changing = 0, new_cells = 0;
    std::string text;
    for (const auto& file : files) {
        json.push_back(json_of(file));
        text += "\n" + text_of(file);
        if (file.before && file.before->same_reading) {
            ++here;
            continue;
        }
        changing += file.changing();
        new_cells += file.new_cells;
    }
    text =
        fmt::format("{} file{}: {} would change, {} would arrive in new rows{}. Nothing is stored yet (--dry-run).\n",
                    files.size(), files.size() == 1 ? "" : "s", cells(changing), cells(new_cells),
                    here > 0 ? fmt::format(", {} {} here already", here, here == 1 ? "is" : "are") : "") +
        text;
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
    if (const auto known = existing(options.store); options.dry_run || !known) {
        const auto* store = known ? &*known : nullptr;
        assess::compare_names(store, rows, schema, options.new_names, data);
        if (data.has_errors()) throw InputError(std::move(data));
        if (options.dry_run) {
            progress.show("");
            if (!global.json()) report(data, global);
            std::vector<assess::FileChanges> files;
            for (const auto& file : rows) files.push_back(assess::changes(store, file, schema, assess::Listed::cells));
            return dry_run(files, global);
        }
    }
    store::Store store(options.store, store::Store::Mode::create_or_open);
    auto json = nlohmann::ordered_json::array();
    std::string text;
    for (const auto& imported : assess::store_files(
             store, std::move(rows), schema,
             {options.note, options.again, options.new_names, {options.threads, {}}, show("storing")}, data)) {
        const auto& file = imported.changes;
        json.push_back({{"file", file.file},
                        {"dataset", schema.dataset},
                        {"rows", file.rows},
                        {"revision", imported.revision},
                        {"imported_before", !imported.is_new},
                        {"new_cells", imported.is_new ? file.new_cells : 0},
                        {"arriving", imported.is_new ? file.arriving : 0},
                        {"corrected", imported.is_new ? file.corrected : 0},
                        {"withdrawn", imported.is_new ? file.withdrawn : 0}});
        text += told(imported);
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
                   "A file imported later revises earlier ones cell by cell; earlier assessments keep what they saw.\n"
                   "All files are stored, or none. One that was imported before changes nothing: its figures may have\n"
                   "been corrected since.");
    auto o = std::make_shared<Options>();
    sub->add_option("--rules", o->rules, "rule file that declares the inputs")->required();
    sub->add_option("--store", o->store, "SQLite file; made if it is not there")->required();
    sub->add_option("--dataset", o->dataset, "which of the rule set's datasets the files are");
    sub->add_option("--note", o->note, "shown wherever the data are shown, e.g. \"invented data\"");
    sub->add_option("--new", o->new_names, "a name that nearly equals a known one, and is another; may be repeated");
    sub->add_flag("--dry-run", o->dry_run, "say what would change, cell by cell, and store nothing");
    sub->add_flag("--again", o->again,
                  "store files that were imported before, too: what they say counts over what came after them");
    o->shape.add_to(*sub);
    sub->add_option("--threads", o->threads, "how many work at once; the result does not depend on it")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    sub->add_option("files", o->files, "data files, or folders of them")->required();
    sub->callback([&global, &action, o] { action = [&global, o] { return run(*o, global); }; });
}

}  // namespace zoneval::command
