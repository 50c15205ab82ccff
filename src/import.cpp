#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "engine/assess/dry_run.hpp"
#include "engine/assess/near_names.hpp"
#include "engine/audit/lines.hpp"
#include "engine/audit/what_if.hpp"
#include "engine/diag/terminal.hpp"
#include "engine/report/view.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/files.hpp"
#include "src/command.hpp"
#include "src/shape_options.hpp"
#include "src/show_results.hpp"

namespace zoneval::command {

using wording::Language;
using wording::OfFile;

namespace {

struct ImportOptions {
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

/// What is said of files, in one language.
class Words {
  public:
    explicit Words(Language language) : language_(language) {}

    /// What an import did with a file, in one line.
    std::string told(const assess::Imported& imported) const {
        const auto& file = imported.changes;
        if (!imported.is_new)
            return say(OfFile::here_before,
                       {{"file", name(file)}, {"rows", rows(file.rows)}, {"what", here_already(file)}}) +
                   "\n";
        std::string what;
        if (file.new_rows > 0)
            what = say(file.new_rows == 1 ? OfFile::in_new_rows_1 : OfFile::in_new_rows,
                       {{"cells", cells(file.new_cells)}, {"n", report::with_commas(file.new_rows)}});
        if (file.known > 0)
            what = what.empty() ? changing(file) : say(OfFile::then, {{"a", what}, {"b", changing(file)}});
        if (what.empty()) what = say(OfFile::no_cell_changes);
        return say(OfFile::imported, {{"file", name(file)},
                                      {"rows", rows(file.rows)},
                                      {"n", std::to_string(imported.revision)},
                                      {"what", what}}) +
               "\n";
    }

    /// What an import would do with a file.
    std::string would_do(const assess::FileChanges& file) const {
        auto out = say(OfFile::rows_of_years,
                       {{"file", name(file)}, {"rows", rows(file.rows)}, {"years", years(file.years)}}) +
                   "\n";
        if (file.before && file.before->same_reading) return out + "  " + here_already(file) + "\n" + table_of(file);
        if (file.before)
            out += "  " + say(OfFile::same_bytes, {{"n", std::to_string(file.before->batch.revision)}}) + "\n";
        const auto of_known = file.new_rows - std::min(file.new_rows, file.added.size());
        return out + table_of(file) + "  " +
               say(OfFile::standing, {{"changing", changing(file)},
                                      {"same", report::with_commas(file.same)},
                                      {"blank", report::with_commas(file.blank)}}) +
               "\n  " +
               say(OfFile::rows_known, {{"known", report::with_commas(file.known)},
                                        {"of_known", report::with_commas(of_known)},
                                        {"added", report::with_commas(file.rows - file.known - of_known)},
                                        {"names", added(file)}}) +
               "\n";
    }

    /// Of all files, in one line.
    std::string in_all(std::size_t files, std::size_t changing, std::size_t new_cells, std::size_t here) const {
        const auto already =
            here == 0 ? std::string()
                      : say(here == 1 ? OfFile::dry_here_1 : OfFile::dry_here, {{"n", std::to_string(here)}});
        return say(files == 1 ? OfFile::dry_1 : OfFile::dry, {{"n", std::to_string(files)},
                                                              {"changing", cells(changing)},
                                                              {"arriving", cells(new_cells)},
                                                              {"here", already}}) +
               "\n";
    }

    /// Which outcomes would be others; `own`: record and year of figures that change.
    std::string moves(const audit::WhatIf& tried, const std::set<std::pair<std::string, std::int32_t>>& own) const {
        if (tried.moved.empty())
            return say(OfFile::none_moves, {{"of", report::with_commas(tried.of)}, {"years", years(tried.years)}}) +
                   "\n";
        std::vector<audit::Cells> rows{{say(OfFile::record), say(OfFile::year), say(OfFile::on_record),
                                        say(OfFile::would_be), say(OfFile::cause)}};
        for (const auto& move : tried.moved) {
            if (rows.size() > most_rows) break;
            const auto first = own.lower_bound({move.record, std::numeric_limits<std::int32_t>::min()});
            const bool earlier = first != own.end() && first->first == move.record && first->second < move.year;
            const auto cause = own.contains({move.record, move.year}) ? OfFile::own_figures
                               : move.follows || earlier              ? OfFile::earlier_year
                                                                      : OfFile::other_figures;
            rows.push_back(
                {move.record, std::to_string(move.year), outcome(move.before), outcome(move.after), say(cause)});
        }
        using Align = audit::Align;
        return say(OfFile::would_move, {{"years", years(tried.years)}}) + "\n" +
               audit::table_text(std::move(rows), {Align::left, Align::right, Align::left, Align::left, Align::left},
                                 2) +
               rest(tried.moved.size()) + "  " +
               say(OfFile::moved, {{"n", report::with_commas(tried.moved.size())},
                                   {"of", report::with_commas(tried.of)},
                                   {"decision", tried.decision_title}}) +
               "\n";
    }

    std::string say(OfFile word, std::initializer_list<std::pair<std::string_view, std::string_view>> with = {}) const {
        return wording::say(word, language_, with);
    }

  private:
    static constexpr std::size_t most_rows = 40;

    static std::string name(const assess::FileChanges& file) {
        return for_terminal(file.file + (file.sheet.empty() ? "" : "[" + file.sheet + "]"));
    }
    std::string rows(std::size_t n) const {
        return say(n == 1 ? OfFile::rows_1 : OfFile::rows, {{"n", report::with_commas(n)}});
    }
    std::string cells(std::size_t n) const {
        return say(n == 1 ? OfFile::cells_1 : OfFile::cells, {{"n", report::with_commas(n)}});
    }
    std::string years(const std::vector<std::int32_t>& all) const {
        if (all.empty()) return say(OfFile::no_year);
        if (all.size() == 1 && all.front() == model::year_of_dated) return say(OfFile::each_of_a_day);
        if (all.size() == 1) return std::to_string(all.front());
        return say(OfFile::years_between,
                   {{"first", std::to_string(all.front())}, {"last", std::to_string(all.back())}});
    }
    std::string outcome(const std::string& text) const { return text.empty() ? say(OfFile::undetermined) : text; }
    /// How many are not shown.
    std::string rest(std::size_t all) const {
        if (all <= most_rows) return "";
        return "  … " + say(OfFile::and_more, {{"n", report::with_commas(all - most_rows)}}) + "\n";
    }

    /// "8 cells change: 7 arrive, 1 corrected, 0 withdrawn".
    std::string changing(const assess::FileChanges& file) const {
        if (file.changing() == 0) return say(OfFile::no_cell_changes);
        return say(file.changing() == 1 ? OfFile::changing_1 : OfFile::changing,
                   {{"cells", cells(file.changing())},
                    {"arriving", report::with_commas(file.arriving)},
                    {"corrected", report::with_commas(file.corrected)},
                    {"withdrawn", report::with_commas(file.withdrawn)}});
    }

    /// Of a file that is here already: as what, and how much of it has been said otherwise since.
    std::string here_already(const assess::FileChanges& file) const {
        const auto& before = file.before->batch;
        const auto date = before.imported_at.substr(0, 10);
        auto out = say(OfFile::same_as, {{"n", std::to_string(before.revision)}, {"date", date}});
        if (file.changing() > 0)
            out += say(file.changing() == 1 ? OfFile::otherwise_1 : OfFile::otherwise,
                       {{"cells", cells(file.changing())}});
        return out;
    }

    /// Cells old and new in columns, the first of them.
    std::string table_of(const assess::FileChanges& file) const {
        if (file.cells.empty()) return "";
        std::vector<audit::Cells> rows{
            {say(OfFile::record), say(OfFile::year), say(OfFile::input), say(OfFile::was), say(OfFile::now)}};
        for (std::size_t i = 0; i < std::min(most_rows, file.cells.size()); ++i) {
            const auto& cell = file.cells[i];
            rows.push_back({cell.record, std::to_string(cell.year), cell.input, cell.was, cell.now});
        }
        using Align = audit::Align;
        return audit::table_text(std::move(rows), {Align::left, Align::left, Align::left, Align::left, Align::left},
                                 2) +
               rest(file.cells.size());
    }

    std::string added(const assess::FileChanges& file) const {
        constexpr std::size_t most = 12;
        if (file.added.empty()) return "";
        const std::vector<std::string> names(
            file.added.begin(), file.added.begin() + static_cast<std::ptrdiff_t>(std::min(most, file.added.size())));
        auto out =
            wording::say(wording::Answer::colon, language_) + for_terminal(fmt::format("{}", fmt::join(names, ", ")));
        if (file.added.size() > most)
            out += " " + say(OfFile::and_more, {{"n", report::with_commas(file.added.size() - most)}});
        return out;
    }

    Language language_;
};

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

nlohmann::ordered_json json_of(const audit::WhatIf& tried) {
    auto moved = nlohmann::ordered_json::array();
    const auto outcome = [](const std::string& text) {
        return text.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(text);
    };
    for (const auto& move : tried.moved)
        moved.push_back({{"record", move.record},
                         {"year", move.year},
                         {"before", outcome(move.before)},
                         {"after", outcome(move.after)},
                         {"rule", move.rule},
                         {"follows", move.follows}});
    return {{"decision", tried.decision}, {"years", tried.years}, {"compared", tried.of}, {"moved", moved}};
}

/// Years that were assessed by rules of this name and that the files can reach: those they bring and later ones.
std::vector<std::int32_t> years_reached(const store::Store& store, const std::string& ruleset,
                                        const std::vector<assess::FileChanges>& files) {
    auto first = std::numeric_limits<std::int32_t>::max();
    for (const auto& file : files)
        if (!file.years.empty() && !(file.before && file.before->same_reading))
            first = std::min(first, file.years.front());
    std::set<std::int32_t> out;
    for (const auto& run : store.runs())
        if (run.ruleset == ruleset && run.year >= first) out.insert(run.year);
    return {out.begin(), out.end()};
}

struct DryRun {
    std::vector<assess::FileChanges> files;
    std::vector<io::ImportedRows> rows;
    DatasetSchema schema;
    std::shared_ptr<const graph::Graph> graph;
};

/// The files imported into a copy, and the years that have runs assessed there again; nullopt: no verdict can move.
std::optional<audit::WhatIf> try_verdicts(DryRun dry, const ImportOptions& options, const Global& global) {
    if (!std::filesystem::exists(options.store)) return std::nullopt;
    const auto* decision = audit::decision_to_explain(*dry.graph, "");
    store::Store copy(options.store, store::Store::Mode::to_try);
    const auto years = years_reached(copy, dry.graph->rules->id, dry.files);
    if (!decision || years.empty()) return std::nullopt;
    assess::YearsOptions how;
    how.language = global.language;
    return audit::tried(copy, dry.graph, *decision, years, how, [&](store::Store& store) {
        Diagnostics told;
        assess::store_files(store, std::move(dry.rows), dry.schema,
                            {options.note, options.again, options.new_names, {options.threads, {}}, {}}, told);
        return dry.graph;
    });
}

/// Says what would change, and stores nothing.
int dry_run(DryRun dry, const ImportOptions& options, const Global& global, const Words& words) {
    auto json = nlohmann::ordered_json::array();
    std::size_t here = 0, changing = 0, new_cells = 0;
    std::set<std::pair<std::string, std::int32_t>> own;
    std::string text;
    for (const auto& file : dry.files) {
        json.push_back(json_of(file));
        text += "\n" + words.would_do(file);
        for (const auto& cell : file.cells) own.emplace(cell.record, cell.year);
        if (file.before && file.before->same_reading) {
            ++here;
            continue;
        }
        changing += file.changing();
        new_cells += file.new_cells;
    }
    text = words.in_all(dry.files.size(), changing, new_cells, here) + text;
    nlohmann::ordered_json verdicts;
    Diagnostics refused;
    try {
        if (const auto tried = try_verdicts(std::move(dry), options, global)) {
            text += "\n" + words.moves(*tried, own);
            verdicts = json_of(*tried);
        }
    } catch (InputError& error) {  // the files could be stored all the same
        text += "\n" + words.say(OfFile::not_tried) + "\n";
        refused = std::move(error.diagnostics);
    }
    if (changing + new_cells > 0) text += "\n" + words.say(OfFile::next) + "\n";
    std::cout << (global.json() ? nlohmann::ordered_json{{"files", json}, {"verdicts", verdicts}}.dump(2) + "\n"
                                : text);
    if (!global.json()) report(refused, global);
    return Exit::fine;
}

int run(const ImportOptions& options, const Global& global) {
    expect_large_data();
    Diagnostics found;
    const auto graph = load_rules(options.rules, found);
    auto schema = dataset_named(*graph->rules, options.dataset);
    options.shape.apply(schema);
    if (options.store.empty() || options.store == ":memory:")
        throw CLI::ValidationError("--store", "give the path of a file");
    const auto language = language_of(global);
    const Words words(language);
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
            const auto shown_in = global.json() ? Language::en : language;
            std::vector<assess::FileChanges> files;
            files.reserve(rows.size());
            for (const auto& file : rows)
                files.push_back(assess::changes(store, file, schema, assess::Listed::cells, shown_in));
            return dry_run({std::move(files), std::move(rows), std::move(schema), graph}, options, global, words);
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
        text += words.told(imported);
    }
    progress.show("");
    if (!global.json()) report(data, global);
    std::cout << (global.json() ? json.dump(2) + "\n" : text);
    return Exit::fine;
}

}  // namespace

void add_import(CLI::App& app, Global& global, Action& action) {
    auto* sub =
        subcommand(app, global, "import", "Reads data files into a store, or nothing at all on an error.",
                   "  zoneval import --rules examples/hightech-zones/assessment.yaml --store zones.sqlite "
                   "examples/hightech-zones/zones-20*.csv\n"
                   "  zoneval import --rules rules/agri-parks/pack.yaml --store parks.sqlite --dataset evaluation "
                   "--note \"as published\" notices.xlsx\n"
                   "  zoneval import --rules examples/hightech-zones/assessment.yaml --store zones.sqlite "
                   "statistics.sqlite --table zones\n"
                   "CSV, XLSX, JSON lines and SQLite are read by what they are; Parquet and DuckDB by the command\n"
                   "`duckdb`, where it is there (script/setup --parquet).\n"
                   "A file imported later revises earlier ones cell by cell; earlier assessments keep what they saw.\n"
                   "All files are stored, or none. One that was imported before changes nothing: its figures may have\n"
                   "been corrected since.");
    auto o = std::make_shared<ImportOptions>();
    sub->add_option("--rules", o->rules, "rule file that declares the inputs")->required();
    sub->add_option("--store", o->store, "SQLite file; made if it is not there")->required();
    sub->add_option("--dataset", o->dataset, "which of the rule set's datasets the files are");
    sub->add_option("--note", o->note, "shown wherever the data are shown, e.g. \"invented data\"");
    sub->add_option("--new", o->new_names, "a name that nearly equals a known one, and is another; may be repeated");
    sub->add_flag("--dry-run", o->dry_run, "say which cells and which verdicts would change, and store nothing");
    sub->add_option("--lang", global.language, "language of words")->capture_default_str();
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
