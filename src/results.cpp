#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>
#include <thread>

#include "engine/audit/explain.hpp"
#include "engine/report/files.hpp"
#include "engine/report/ranking_text.hpp"
#include "engine/results/ranking.hpp"
#include "engine/results/side_by_side.hpp"
#include "engine/results/where.hpp"
#include "src/show_results.hpp"
#include "src/stored_runs.hpp"

namespace zoneval::command {

namespace {

struct ResultsOptions {
    std::string store, ruleset, years, columns, condition, sort, csv, xlsx, parquet;
    std::vector<std::int64_t> runs;
    bool all = false, reverse = false;
    unsigned threads = std::max(1u, std::thread::hardware_concurrency());
};

std::vector<std::string> names_in(const std::string& list) {
    std::vector<std::string> out;
    for (auto name : CLI::detail::split(list, ',')) {
        CLI::detail::trim(name);
        if (!name.empty()) out.push_back(std::move(name));
    }
    return out;
}

/// One run asked for, or one for each year; ascending.
std::vector<store::Run> wanted_runs(const store::Store& store, const ResultsOptions& options) {
    std::vector<store::Run> out;
    for (const auto id : options.runs) {
        if (id <= 0) throw CLI::ValidationError("--run", "runs are numbered from 1");
        out.push_back(stored_run(store, {id, options.ruleset, 0}));
    }
    if (!options.runs.empty()) return out;
    auto years = options.years.empty() ? std::vector<std::int32_t>{0} : parse_years(options.years);
    std::sort(years.begin(), years.end());
    for (const auto year : years) out.push_back(stored_run(store, {0, options.ruleset, year}));
    return out;
}

/// Names as --columns gives them; `+x` adds to what is shown anyway.
struct Columns {
    std::vector<std::string> named, added;
};
Columns columns_of(const std::string& list) {
    Columns out;
    for (auto name : names_in(list))
        if (name.front() == '+')
            out.added.push_back(name.substr(1));
        else
            out.named.push_back(std::move(name));
    if (!out.named.empty() && !out.added.empty())
        throw CLI::ValidationError("--columns",
                                   "names with `+` in front add to the usual columns, names without choose "
                                   "the columns: not both");
    return out;
}

/// Names of the definitions that a run must be asked for, without rank, id, label and columns of other years.
std::vector<std::string> definitions(const std::vector<std::string>& names, const graph::Graph& graph) {
    std::vector<std::string> out;
    for (const auto& name : names)
        if (name != "rank" && name != graph.rules->record && name != graph.rules->label_input) out.push_back(name);
    return out;
}

std::string next_commands(const ResultsOptions& options) {
    return fmt::format(
        "{}--columns NAMES   --where CONDITION   --sort NAME\n      --csv FILE   --xlsx FILE   --year 2021..2024",
        options.all ? "" : "--all   ");
}

struct Made {
    results::Table table;
    std::vector<std::uint32_t> rows;
    std::vector<std::string> shown;  ///< columns on a terminal
    std::size_t cannot_tell = 0;
};

void keep(const results::Matches& matches, Made& made) {
    std::erase_if(made.rows, [&](std::uint32_t row) { return !matches.holds[row]; });
    made.cannot_tell = matches.unknown;
}

void sort_rows(const ResultsOptions& options, Made& made) {
    if (options.sort.empty() && !options.reverse) return;
    if (!options.sort.empty()) {
        const auto view = report::view_of(made.table, {options.sort}, {}, wording::Language::en);
        const auto& by = *view.columns.front();
        const bool from_lowest = by.part == results::Column::Part::rank;  // the best is the first
        auto order = results::by_column(by, options.reverse != from_lowest, made.table.size());
        std::vector<std::uint8_t> kept(made.table.size());
        for (const auto row : made.rows) kept[row] = 1;
        std::erase_if(order, [&](std::uint32_t row) { return !kept[row]; });
        made.rows = std::move(order);
    } else {
        std::reverse(made.rows.begin(), made.rows.end());
    }
}

/// One year: ranked, with what the year before said beside it.
Made one_run(const store::Store& store, const store::Run& run, const ResultsOptions& options,
             const assess::Options& how, wording::Language language, bool for_files, bool whys) {
    const auto assessment = made_again(store, run, how);
    const auto& graph = *assessment.graph;
    const auto columns = columns_of(options.columns);
    auto shown = columns.named.empty() ? usual_columns(graph, for_files) : columns.named;
    shown.insert(shown.end(), columns.added.begin(), columns.added.end());
    auto wanted = definitions(shown, graph);
    if (!options.sort.empty()) {
        const auto sorted = definitions({options.sort}, graph);
        wanted.insert(wanted.end(), sorted.begin(), sorted.end());
    }
    Made out{table_with_reasons(assessment, std::move(wanted), language, !options.xlsx.empty(), whys), {}, {}, 0};
    if (columns.named.empty()) {
        const auto before = store.latest_run(run.ruleset, run.year - 1);
        if (before) results::add_earlier(out.table, *before, for_files, language);
        shown = with_ends(out.table, shown);
    }
    out.shown = std::move(shown);
    out.rows = results::by_rank(out.table);
    if (!options.condition.empty()) keep(results::where(assessment, options.condition), out);
    sort_rows(options, out);
    return out;
}

/// Several years or runs beside each other; a condition is of the newest.
Made several_runs(const store::Store& store, const std::vector<store::Run>& runs, const ResultsOptions& options,
                  const assess::Options& how, wording::Language language) {
    std::vector<results::Table> tables;
    Made out;
    std::optional<results::Matches> matches;
    for (const auto& run : runs) {
        const auto assessment = made_again(store, run, how);
        const auto& graph = *assessment.graph;
        const auto columns = columns_of(options.columns);
        auto names = definitions(columns.named, graph);
        if (columns.named.empty()) {
            if (!graph.rules->scores.empty()) names.push_back(graph.rules->scores.front().name);
            if (const auto* main = audit::decision_to_explain(graph, "")) names.push_back(main->name);
        }
        names.insert(names.end(), columns.added.begin(), columns.added.end());
        tables.push_back(results::table_of(assessment, {names, language, true}));
        if (&run == &runs.back() && !options.condition.empty()) matches = results::where(assessment, options.condition);
    }
    const auto order = results::by_rank(tables.back());
    out.table = results::side_by_side(tables);
    out.rows = order;
    for (auto row = static_cast<std::uint32_t>(order.size()); row < out.table.size(); ++row) out.rows.push_back(row);
    for (const auto& column : out.table.columns) out.shown.push_back(column.name);
    if (matches) {
        matches->holds.resize(out.table.size());
        keep(*matches, out);
    }
    sort_rows(options, out);
    return out;
}

report::Sources sources_of(const store::Store& store, const results::Table& table) {
    const auto& rules = *table.graph->rules;
    report::Sources out{rules.id, rules.title.in(""), rules.authority.document, table.created_at, {}};
    for (auto& batch : store.batches(rules.record))
        if (batch.revision <= table.revision) out.files.push_back(std::move(batch));
    return out;
}

int run(const ResultsOptions& options, const Global& global) {
    expect_large_data();
    const auto language = language_of(global);
    const store::Store store(options.store, store::Store::Mode::to_read);
    const auto reading = store.read_sound();
    const auto runs = wanted_runs(store, options);
    assess::Options how;
    how.columns.threads = options.threads;
    const bool to_files = !options.csv.empty() || !options.xlsx.empty() || !options.parquet.empty();
    const bool for_files = to_files || global.json();
    const bool whys = global.json() || !for_files;  // no file but JSON says why
    const auto made = runs.size() == 1 ? one_run(store, runs.front(), options, how, language, for_files, whys)
                                       : several_runs(store, runs, options, how, language);
    const auto view = report::view_of(made.table, made.shown, made.rows, language);
    if (!options.csv.empty()) report::write_csv(view, options.csv);
    if (!options.xlsx.empty()) report::write_workbook(view, sources_of(store, made.table), options.xlsx);
    if (!options.parquet.empty()) report::write_parquet(view, options.parquet);
    for (const auto& file : {options.csv, options.xlsx, options.parquet})
        if (!file.empty() && !global.json())
            std::cout << fmt::format("{}: {} records, {} columns\n", file, view.rows.size(), view.columns.size());
    if (global.json())
        report::write_json_lines(view, std::cout);
    else if (!to_files)
        std::cout << report::ranking_text(
            view, {options.all, global.colour(), !options.sort.empty() || !options.condition.empty(), global.width(),
                   next_commands(options), options.condition, made.cannot_tell});
    return Exit::fine;
}

}  // namespace

void add_results(CLI::App& app, Global& global, Action& action) {
    auto* sub = subcommand(
        app, global, "results", "Shows what a run says of every record, or writes it to a file.",
        "  zoneval results --store build/demo.sqlite --year 2024\n"
        "  zoneval results --store build/demo.sqlite --year 2024 --where 'region = \"West\" and overall < 40'\n"
        "  zoneval results --store build/demo.sqlite --columns 'rank,zone,overall,GDP' --sort GDP\n"
        "  zoneval results --store build/demo.sqlite --year 2021..2024 --csv results.csv\n"
        "  zoneval results --store build/demo.sqlite --year 2024 --xlsx results.xlsx\n"
        "  zoneval results --store build/demo.sqlite --run 4 --format json\n"
        "The run is made again from what the store holds, and must come out as recorded. docs/results.md says more.");
    auto o = std::make_shared<ResultsOptions>();
    sub->add_option("--store", o->store, "SQLite file")->required();
    auto* year = sub->add_option("--year", o->years,
                                 "2023, or several beside each other: 2021..2024 or 2021,2023 (default: the last)");
    sub->add_option("--run", o->runs, "a certain run by its number, or several: 3,4")->delimiter(',')->excludes(year);
    sub->add_option("--ruleset", o->ruleset, "id of the rule set, if the store holds several");
    sub->add_option(
        "--columns", o->columns,
        "names of definitions, with commas between; `verdict.because` and the like are parts of a decision; "
        "`+GDP` adds to the usual columns");
    sub->add_option("--where", o->condition, "only records for which a FEEL condition holds");
    sub->add_option("--sort", o->sort, "by a column: numbers from the highest, texts from the first");
    sub->add_flag("--reverse", o->reverse, "the other way round");
    sub->add_flag("--all", o->all, "every row on the terminal");
    sub->add_option("--csv", o->csv, "write a CSV file");
    sub->add_option("--xlsx", o->xlsx, "write a workbook: results, counts, reasons, sources");
    sub->add_option("--parquet", o->parquet, "write a Parquet file, where the command `duckdb` is there");
    sub->add_option("--threads", o->threads, "how many work at once; the result does not depend on it")
        ->check(CLI::PositiveNumber);
    sub->add_option("--lang", global.language, "language of titles and words: en, zh or ja")->capture_default_str();
    sub->callback([&global, &action, o] { action = [&global, o] { return run(*o, global); }; });
}

}  // namespace zoneval::command
