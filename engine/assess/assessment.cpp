#include "engine/assess/assessment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "engine/assess/amended_history.hpp"
#include "engine/assess/attendance.hpp"
#include "engine/assess/kind_records.hpp"
#include "engine/assess/other_outcomes.hpp"
#include "engine/assess/published.hpp"
#include "engine/assess/recording.hpp"
#include "engine/assess/store_history.hpp"
#include "engine/diag/time_account.hpp"
#include "engine/exec/kinds/several_years.hpp"
#include "engine/exec/reference/evaluate.hpp"
#include "engine/feel/builtins/library_versions.hpp"
#include "engine/graph/compile.hpp"
#include "engine/model/load.hpp"

namespace zoneval::assess {

using wording::Noted;
using wording::Remark;

namespace fs = std::filesystem;
namespace {

constexpr std::string_view engine_version = ZONEVAL_VERSION;

/// Records of earlier years take part without a row.
void carry_records(const graph::Graph& graph, const store::Store& store, const Basis& basis, Table& table) {
    const auto columns = store.without_row(graph.rules->record, basis.snapshot, model::input_columns(*graph.rules));
    const Successions successions(*graph.rules);
    for (auto& id : store.roster(graph.rules->record, table.year, basis.snapshot)) {
        if (table.row(id) || !successions.later(id, table.year).empty()) continue;
        table.append_record(std::move(id), {});
        for (std::size_t c = 0; c < table.columns.size(); ++c) table.columns[c].append_blank(columns[c].no_row);
    }
}

std::vector<TargetProgress> measure_targets(const graph::Graph& graph, const exec::Evaluation& e) {
    std::vector<TargetProgress> out;
    const auto day_of = [&](std::int32_t year) { return graph::assessment_day(graph, year); };
    for (const auto& form : graph.targets) {
        TargetProgress progress{form.target, exec::published_progress(*form.target, e.year, day_of), std::nullopt,
                                form.target->goal_on(e.date)};
        if (form.is && e.size() > 0)
            progress.measured = exec::measure_progress(*form.target, e.year, e.value(*form.is, 0), day_of);
        out.push_back(std::move(progress));
    }
    return out;
}

/// Where "no row" means that nothing happened, data that end too early look like a quiet year.
void note_short_data(const graph::Graph& graph, const store::Store& store, const Basis& basis, std::int32_t year,
                     std::vector<Note>& out) {
    for (const auto& dataset : graph.rules->datasets) {
        if (!dataset.of.empty() || dataset.no_row == feel::Missing::not_reported || dataset.columns.empty()) continue;
        const auto last = store.last_year(graph.rules->record, dataset.columns.begin()->first, basis.snapshot);
        if (last && *last < year)
            out.emplace_back(Noted{Remark::data_end,
                                   {{"dataset", dataset.name},
                                    {"last", std::int64_t{*last}},
                                    {"year", std::int64_t{year}},
                                    {"kind", dataset.no_row}}});
        else if (!last)
            out.emplace_back(Noted{Remark::no_data_of, {{"dataset", dataset.name}}});
    }
}

/// What a year without an assessment is to one that looks back at it.
Noted::Argument unassessed(const model::RuleSet& rules, const store::Store& store, const Basis& basis,
                           std::int32_t year) {
    const auto runs = store.runs();
    const bool before = rules.effective_from
                            ? year < rules.effective_from->year
                            : std::none_of(runs.begin(), runs.end(), [&](const store::Run& r) {
                                  return r.ruleset == rules.id && r.id <= basis.last_run && r.year < year + rules.cycle;
                              });
    if (before) return feel::Missing::not_applicable;
    return Remark::unknown;
}

/// How long a figure is usually kept: the longest that one stood before the next, and ten years where there was but
/// one.
int usual_years(const model::Parameter& parameter) {
    constexpr int unless_known = 10;
    int longest = 0;
    for (std::size_t i = 1; i < parameter.values.size(); ++i)
        if (const auto& from = parameter.values[i - 1].from, &until = parameter.values[i].from; from && until)
            longest = std::max(longest, until->year - from->year);
    return longest == 0 ? unless_known : std::max(longest, 2);
}

/// Parameters whose newest figure has stood longer than theirs do, where nobody said until when it holds.
void find_old_parameters(const model::RuleSet& rules, const exec::Evaluation& e, Diagnostics& found) {
    for (const auto& parameter : rules.parameters) {
        const auto* now = exec::in_force(parameter, e.date);
        if (!now || !now->from || parameter.until || now != &parameter.values.back()) continue;
        const auto years = e.date.year - now->from->year;
        if (years <= usual_years(parameter)) continue;
        found.add(Kind::old_parameter, *now->source, now->span,
                  fmt::format("the figure of `{}` is of {}, {} years before the day of assessment, {}", parameter.name,
                              now->from->to_string(), years, e.date.to_string()),
                  "a figure of that time", "add the newer figure, or say with `until` how long this one holds");
    }
}

std::vector<Note> notes_for(const graph::Graph& graph, const store::Store& store, const Basis& basis,
                            const Table& table, const exec::Kinds* kinds) {
    std::vector<Note> out;
    note_short_data(graph, store, basis, table.year, out);
    std::set<std::string> told;
    const auto add_notes = [&](const Table& data) {
        for (const auto& batch : data.batches)
            if (!batch.note.empty() && told.insert(batch.note).second) out.emplace_back(batch.note);
    };
    add_notes(table);
    for (std::size_t k = 0; kinds && k < graph.kinds.size(); ++k) add_notes(*kinds->evaluation(k).table);
    const bool reads_runs = std::any_of(graph.nodes.begin(), graph.nodes.end(), [&](const graph::Node& n) {
        const auto* h = std::get_if<graph::HistoryForm>(&n.form);
        return h && h->reviews > 0 && graph.node(h->of).kind != graph::NodeKind::input;
    });
    const auto& rules = *graph.rules;
    const auto last_review = table.year - rules.cycle;
    if (reads_runs && !basis.earlier.contains(last_review))
        out.emplace_back(
            Noted{Remark::no_assessment,
                  {{"year", std::int64_t{last_review}}, {"kind", unassessed(rules, store, basis, last_review)}}});
    const feel::Date last_day{table.year, 12, 31}, first_day{table.year, 1, 1};
    if (rules.authority.issued && last_day < *rules.authority.issued)
        out.emplace_back(Noted{Remark::issued_later,
                               {{"date", rules.authority.issued->to_string()}, {"year", std::int64_t{table.year}}}});
    if ((rules.effective_from && last_day < *rules.effective_from) ||
        (rules.effective_until && *rules.effective_until < first_day))
        out.emplace_back(Noted{Remark::outside_effect, {{"year", std::int64_t{table.year}}}});
    return out;
}

zoneval::Table read_table(const graph::Graph& graph, const store::Store& store, const Basis& basis, std::int32_t year,
                          const Work& work) {
    const TimedStage stage("reading the data");
    auto out = store.load(graph.rules->record, year, basis.snapshot, model::input_columns(*graph.rules), work);
    if (graph.rules->cohort_carry) carry_records(graph, store, basis, out);
    if (!out.records.empty()) return out;
    const auto years = store.years(graph.rules->record, basis.snapshot);
    std::string known = years.empty() ? "none" : fmt::format("{}", fmt::join(years, ", "));
    throw InputError(Diagnostic{Kind::no_data,
                                fmt::format("the store holds no {} records for {}", graph.rules->record, year),
                                {},
                                fmt::format("one of the years with data: {}", known),
                                "import the year's data first: zoneval import"});
}

/// Earlier years as they were recorded and, where people ruled or records have other names now, as they stand.
void read_earlier(Assessment& out, const store::Store& store, std::int32_t year, const Work& work) {
    const TimedStage stage("reading earlier years");
    auto history = std::make_unique<StoreHistory>(*out.graph, store, out.basis, year, work);
    for (const auto& [earlier, table] : history->tables()) out.earlier_data.emplace(earlier, &table);
    out.rulings = out.basis.rulings;
    if (out.basis.rulings.empty() && out.graph->rules->successions.empty())
        out.history = std::move(history);
    else
        out.history =
            std::make_unique<AmendedHistory>(std::move(history), *out.graph->rules, Rulings(out.basis.rulings));
    if (!out.graph->rules->uses.empty())
        out.history = std::make_unique<OtherOutcomes>(std::move(out.history), *out.graph, store, out.basis, year);
}

void read_others_rulings(const store::Store& store, Basis& basis) {
    for (const auto& [key, run] : basis.others)
        if (basis.last_ruling > 0 && !basis.others_rulings.contains(key.first))
            basis.others_rulings.emplace(key.first, store.rulings(key.first, basis.last_ruling));
}

/// Of records beside those that are assessed: what a profile tells of definitions is of those alone.
exec::Kinds::Evaluate evaluate_beside(const Options& options) {
    auto columns = options.columns;
    columns.report = nullptr;
    columns.progress = {};
    return [exact = options.exact, columns = std::move(columns)](const graph::Graph& graph, const Table& table,
                                                                 const exec::History& history) {
        return exact ? exec::evaluate(graph, table, history) : exec::evaluate_columns(graph, table, history, columns);
    };
}

/// Records of other kinds are evaluated first; what they come to is handed on as earlier years are.
void hand_on_kinds(Assessment& out, const store::Store& store, const Options& options, const Work& work) {
    if (out.graph->kinds.empty()) return;
    const TimedStage stage("records of other kinds");
    out.kinds = std::make_shared<const exec::Kinds>(
        *out.graph, *out.table, kind_records(*out.graph, store, out.basis.snapshot, out.table->year, work),
        *out.history, evaluate_beside(options));
    out.history = std::make_unique<exec::KindsHistory>(std::move(out.history), out.kinds, *out.table);
}

/// Another year's records under the names of this one; one that has a row under that name already keeps its own.
Table under_names_of(std::int32_t year, Table table, const Successions& successions) {
    std::vector<std::pair<std::size_t, std::string>> renamed;
    for (std::size_t row = 0; !successions.empty() && row < table.records.size(); ++row)
        if (auto name = successions.renamed(table.records[row], table.year, year);
            name != table.records[row] && !table.row(name))
            renamed.emplace_back(row, std::move(name));
    if (renamed.empty()) return table;
    Table out = table;  // which finds its records anew
    for (auto& [row, name] : renamed) out.records[row] = std::move(name);
    return out;
}

/// The data of other years, where points or imputed values are made of them.
void hand_on_years(Assessment& out, const store::Store& store, const Options& options, const Work& work) {
    if (!exec::reads_several_years(*out.graph)) return;
    const TimedStage stage("data of several years");
    const auto& rules = *out.graph->rules;
    const Successions successions(rules);
    std::vector<Table> others;
    for (const auto year : exec::years_read(*out.graph, store.years(rules.record, out.basis.snapshot)))
        if (year != out.table->year)
            others.push_back(under_names_of(
                out.table->year, store.load(rules.record, year, out.basis.snapshot, model::input_columns(rules), work),
                successions));
    const auto years =
        std::make_shared<const exec::SeveralYears>(*out.graph, *out.table, std::move(others), evaluate_beside(options));
    out.history = std::make_unique<exec::SeveralYearsHistory>(std::move(out.history), years, *out.table);
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
    Basis out{store.latest(), {}, {}, {}, store.rulings(graph.rules->id), store.last_ruling()};
    for (const int back : graph.years_back())
        if (auto run = store.latest_run(graph.rules->id, year - back))
            out.earlier.emplace(year - back, std::make_shared<const store::Run>(std::move(*run)));
    for (const auto& other : graph.rules->uses)
        if (const std::pair key(other.ruleset, year - other.years_back); !out.others.contains(key))
            if (auto run = store.latest_run(key.first, key.second))
                out.others.emplace(key, std::make_shared<const store::Run>(std::move(*run)));
    read_others_rulings(store, out);
    return out;
}

Basis basis_of(const store::Run& run, const store::Store& store) {
    Basis out;
    const auto snapshot = store.at(run.snapshot.revision);
    out.snapshot = snapshot.value_or(store::Snapshot{});
    out.last_ruling = run.last_ruling;
    out.last_run = run.id - 1;
    if (run.last_ruling > 0) out.rulings = store.rulings(run.ruleset, run.last_ruling);
    for (const auto id : run.built_on)
        if (auto read = store.run(id)) {
            auto kept = std::make_shared<const store::Run>(std::move(*read));
            if (kept->ruleset == run.ruleset)
                out.earlier.emplace(kept->year, std::move(kept));
            else
                out.others.emplace(std::pair(kept->ruleset, kept->year), std::move(kept));
        }
    read_others_rulings(store, out);
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
    out.table = std::make_unique<Table>(read_table(*out.graph, store, basis, year, work));
    read_earlier(out, store, year, work);
    hand_on_kinds(out, store, options, work);
    hand_on_years(out, store, options, work);
    auto columns = options.columns;
    columns.progress = [of = Work{1, options.columns.progress, options.stop}](std::size_t done, std::size_t total) {
        of.tell(done, total);  // kept by value: what is asked of the evaluation later is computed then
    };
    columns.also = options.recorded ? std::vector<graph::NodeId>() : published_nodes(*out.graph);
    columns.when_asked = options.recorded != nullptr;
    {
        const TimedStage stage("evaluating");
        out.evaluation = options.exact ? exec::evaluate(*out.graph, *out.table, *out.history)
                                       : exec::evaluate_columns(*out.graph, *out.table, *out.history, columns);
    }
    work.tell(0, 0);
    if (options.columns.only) return out;  // who asks for a part wants no run of it
    if (options.recorded) {
        out.run = *options.recorded;
    } else {
        out.run = make_run(*out.graph, out.evaluation, basis, options.also_recorded);
        out.run.engine_version = engine_version;
        out.run.libraries = feel::libraries();
        out.run.last_ruling = basis.last_ruling;
        check_counts(out.run, out.evaluation.decisions.size());
    }
    const TimedStage stage("notes and targets");
    out.targets = measure_targets(*out.graph, out.evaluation);
    out.notes = notes_for(*out.graph, store, basis, *out.table, out.kinds.get());
    note_other_outcomes(*out.graph, basis, year, out.notes);
    if (out.kinds) note_kinds(*out.graph, *out.kinds, out.notes);
    out.attendance = attendance_of(*out.graph, store, basis, *out.table);
    find_old_parameters(rules, out.evaluation, out.findings);
    return out;
}

}  // namespace zoneval::assess
