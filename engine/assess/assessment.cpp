#include "engine/assess/assessment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "engine/assess/recording.hpp"
#include "engine/assess/store_history.hpp"
#include "engine/exec/reference/evaluate.hpp"
#include "engine/graph/compile.hpp"
#include "engine/model/load.hpp"

namespace zoneval::assess {

namespace fs = std::filesystem;
namespace {

constexpr std::string_view engine_version = ZONEVAL_VERSION;

/// Records of earlier years take part without a row.
void carry_records(const graph::Graph& graph, const store::Store& store, const Basis& basis, Table& table) {
    const auto columns = store.without_row(graph.rules->record, basis.snapshot, model::input_columns(*graph.rules));
    for (auto& id : store.roster(graph.rules->record, table.year, basis.snapshot)) {
        if (table.row(id)) continue;
        table.append_record(std::move(id), {});
        for (std::size_t c = 0; c < table.columns.size(); ++c) table.columns[c].append_blank(columns[c].no_row);
    }
}

std::vector<TargetProgress> measure_targets(const graph::Graph& graph, const exec::Evaluation& e) {
    std::vector<TargetProgress> out;
    for (const auto& form : graph.targets) {
        TargetProgress progress{form.target, exec::published_progress(*form.target, e.year), std::nullopt};
        if (form.is && e.size() > 0)
            progress.measured = exec::measure_progress(*form.target, e.year, e.value(*form.is, 0));
        out.push_back(std::move(progress));
    }
    return out;
}

/// Where "no row" means that nothing happened, data that end too early look like a quiet year.
void note_short_data(const graph::Graph& graph, const store::Store& store, const Basis& basis, std::int32_t year,
                     std::vector<std::string>& out) {
    for (const auto& dataset : graph.rules->datasets) {
        if (dataset.no_row == feel::Missing::not_reported || dataset.columns.empty()) continue;
        const auto last = store.last_year(graph.rules->record, dataset.columns.begin()->first, basis.snapshot);
        if (last && *last < year)
            out.push_back(fmt::format("the data of `{}` end in {}: for {} no row is taken to mean {}", dataset.name,
                                      *last, year, to_string(dataset.no_row)));
        else if (!last)
            out.push_back(
                fmt::format("no data of `{}` have been imported: what they would say is unknown", dataset.name));
    }
}

std::vector<std::string> notes_for(const graph::Graph& graph, const store::Store& store, const Basis& basis,
                                   const Table& table) {
    std::vector<std::string> out;
    note_short_data(graph, store, basis, table.year, out);
    std::set<std::string> told;
    for (const auto& batch : table.batches)
        if (!batch.note.empty() && told.insert(batch.note).second) out.push_back(batch.note);
    const bool reads_runs = std::any_of(graph.nodes.begin(), graph.nodes.end(), [&](const graph::Node& n) {
        const auto* h = std::get_if<graph::HistoryForm>(&n.form);
        return h && graph.node(h->of).kind != graph::NodeKind::input;
    });
    if (reads_runs && !basis.earlier.contains(table.year - 1))
        out.push_back(
            fmt::format("there is no assessment of {}: what the rules read from it is not applicable", table.year - 1));
    const auto& rules = *graph.rules;
    const feel::Date last_day{table.year, 12, 31}, first_day{table.year, 1, 1};
    if ((rules.effective_from && last_day < *rules.effective_from) ||
        (rules.effective_until && *rules.effective_until < first_day))
        out.push_back(fmt::format("{} lies outside the years for which the rules are in effect", table.year));
    return out;
}

}  // namespace

std::string rule_name(const graph::Node& decision, const exec::Outcome& outcome) {
    const auto rule = outcome.rule();
    return rule ? graph::decision_of(decision)->rules[*rule].id : "";
}

store::RuleSetText ruleset_text(const model::RuleSet& rules) {
    store::RuleSetText out;
    const auto base = fs::path(rules.entry).parent_path();
    const auto relative = [&](const std::string& path) {
        return base.empty() ? path : fs::path(path).lexically_relative(base).string();
    };
    out.id = rules.id;
    out.entry = relative(rules.entry);
    for (const auto& file : rules.files) out.files.push_back({relative(file->name()), std::string(file->text())});
    return out;
}

std::shared_ptr<const graph::Graph> load_stored(const store::RuleSetText& text) {
    const auto read = [&](const std::string& path) -> std::optional<std::string> {
        for (const auto& file : text.files)
            if (file.path == path) return file.text;
        return std::nullopt;
    };
    return graph::sound_graph(graph::compile(text.entry, read));
}

Basis newest_basis(const graph::Graph& graph, const store::Store& store, std::int32_t year) {
    Basis out{store.latest(), {}};
    for (int back = 1; back <= graph.history_years; ++back)
        if (auto run = store.latest_run(graph.rules->id, year - back))
            out.earlier.emplace(year - back, std::make_shared<const store::Run>(std::move(*run)));
    return out;
}

Basis basis_of(const store::Run& run, const store::Store& store) {
    Basis out;
    const auto snapshot = store.at(run.snapshot.revision);
    out.snapshot = snapshot.value_or(store::Snapshot{});
    for (const auto id : run.built_on)
        if (auto earlier = store.run(id))
            out.earlier.emplace(earlier->year, std::make_shared<const store::Run>(std::move(*earlier)));
    return out;
}

Assessment assess(std::shared_ptr<const graph::Graph> graph, const store::Store& store, std::int32_t year,
                  const Basis& basis, const Options& options) {
    Assessment out;
    out.graph = std::move(graph);
    out.basis = basis;
    const auto& rules = *out.graph->rules;
    const Work work{options.columns.threads, {}, options.stop};
    work.tell(0, 0);
    out.table =
        std::make_unique<Table>(store.load(rules.record, year, basis.snapshot, model::input_columns(rules), work));
    if (rules.cohort_carry) carry_records(*out.graph, store, basis, *out.table);
    if (out.table->records.empty()) {
        const auto years = store.years(rules.record, basis.snapshot);
        std::string known = years.empty() ? "none" : fmt::format("{}", fmt::join(years, ", "));
        throw InputError(Diagnostic{Kind::no_data,
                                    fmt::format("the store holds no {} records for {}", rules.record, year),
                                    {},
                                    fmt::format("one of the years with data: {}", known),
                                    "import the year's data first: zoneval import"});
    }
    auto history = std::make_unique<StoreHistory>(*out.graph, store, basis, year, work);
    for (const auto& [earlier, table] : history->tables()) out.earlier_data.emplace(earlier, &table);
    out.history = std::move(history);
    auto columns = options.columns;
    columns.progress = [of = Work{1, options.columns.progress, options.stop}](std::size_t done, std::size_t total) {
        of.tell(done, total);  // kept by value: what is asked of the evaluation later is computed then
    };
    out.evaluation = options.exact ? exec::evaluate(*out.graph, *out.table, *out.history)
                                   : exec::evaluate_columns(*out.graph, *out.table, *out.history, columns);
    work.tell(0, 0);
    out.run = make_run(*out.graph, out.evaluation, basis);
    out.run.engine_version = engine_version;
    check_counts(out.run, out.evaluation.decisions.size());
    out.targets = measure_targets(*out.graph, out.evaluation);
    out.notes = notes_for(*out.graph, store, basis, *out.table);
    return out;
}

}  // namespace zoneval::assess
