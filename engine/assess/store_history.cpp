#include "engine/assess/store_history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "engine/feel/value/cause.hpp"
#include "engine/feel/value/reason.hpp"

namespace zoneval::assess {

using exec::EarlierColumn;
using feel::Value;
namespace reasons = feel::reasons;

namespace {

/// Of an earlier year.
Value unknown(feel::Fact fact) { return Value::missing(feel::Missing::not_reported, std::move(fact)); }

/// What the rules look back at: inputs, and what runs have recorded.
struct LookedBackAt {
    std::set<std::string> inputs, recorded;
};

LookedBackAt looked_back_at(const graph::Graph& graph) {
    LookedBackAt out;
    for (const auto& node : graph.nodes)
        if (const auto* history = std::get_if<graph::HistoryForm>(&node.form)) {
            const auto& of = graph.node(history->of);
            (of.kind == graph::NodeKind::input ? out.inputs : out.recorded).insert(of.name);
        }
    return out;
}

}  // namespace

StoreHistory::StoreHistory(const graph::Graph& graph, const store::Store& store, const Basis& basis, std::int32_t year,
                           const Work& work)
    : rules_(*graph.rules), store_(store), snapshot_(basis.snapshot) {
    find_first_run(basis, year);
    if (const auto years = store.years(rules_.record, snapshot_); !years.empty()) first_year_ = years.front();
    const auto wanted = looked_back_at(graph);
    auto columns = model::input_columns(rules_);
    std::erase_if(columns, [&](const auto& column) { return !wanted.inputs.contains(column.name); });
    for (const int back : graph.years_back()) {
        const auto earlier = year - back;
        if (const auto run = basis.earlier.find(earlier); run != basis.earlier.end())
            index_run(*run->second, wanted.recorded);
        if (!columns.empty()) tables_.emplace(earlier, store.load(rules_.record, earlier, snapshot_, columns, work));
    }
}

/// Runs that came later do not count: a run must come out again as it did.
void StoreHistory::find_first_run(const Basis& basis, std::int32_t year) {
    const auto note = [&](std::int32_t of) { first_run_ = std::min(first_run_.value_or(of), of); };
    for (const auto& [earlier, run] : basis.earlier) note(earlier);
    for (const auto& run : store_.runs())
        if (run.ruleset == rules_.id && run.year < year && run.id <= basis.last_run) note(run.year);
}

void StoreHistory::index_run(const store::Run& run, const std::set<std::string>& names) {
    try {
        runs_.try_emplace(run.year, run, names);
    } catch (const std::runtime_error& error) {
        throw store::StoreError(Diagnostic{Kind::store_error,
                                           fmt::format("run {} is not as it was recorded ({})", run.id, error.what()),
                                           {},
                                           "a store nobody altered",
                                           "restore the store from a copy"});
    }
}

/// Before the rules took effect, or (where they do not say) before anything was assessed, there is nothing to look back
/// at. Later, a missing assessment is a gap, and what it would have said is unknown.
bool StoreHistory::before_the_rules(std::int32_t year) const {
    return rules_.effective_from ? year < rules_.effective_from->year : !first_run_ || year < *first_run_;
}

/// And before all data: there was nothing to report.
bool StoreHistory::before_everything(std::int32_t year) const {
    return before_the_rules(year) && (!first_year_ || year < *first_year_);
}

/// Was the record in the data of that year or an earlier one?
bool StoreHistory::was_there(const std::string& record, std::int32_t year) const {
    const std::scoped_lock lock(rosters_in_use_);  // readers of several threads ask
    auto [place, is_new] = rosters_.try_emplace(year);
    if (is_new)
        for (auto& id : store_.roster(rules_.record, year, snapshot_)) place->second.insert(std::move(id));
    return place->second.contains(record);
}

/// Not in a year's run: it was filtered out of the cohort, or not there yet, or had no row in a year between others.
bool StoreHistory::had_a_gap(const std::string& record, std::int32_t year) const {
    if (!was_there(record, year)) return false;
    const std::scoped_lock lock(rosters_in_use_);
    auto [place, is_new] = rows_.try_emplace(year);
    if (is_new)
        for (auto& id : store_.load(rules_.record, year, snapshot_, {}).records) place->second.insert(std::move(id));
    return !place->second.contains(record);
}

std::optional<Value> StoreHistory::value(const graph::Node& node, exec::RecordAt record, std::int32_t year) const {
    if (node.kind == graph::NodeKind::input) return input(node, record, year);
    const auto run = runs_.find(year);
    if (run != runs_.end()) {
        if (auto value = run->second.value(node.name, record)) return value;
        return had_a_gap(record, year) ? std::optional(unknown(reasons::no_row(node.name, record, year)))
                                       : std::nullopt;
    }
    if (before_the_rules(year) || !was_there(record, year)) return std::nullopt;
    return unknown(reasons::no_assessment(node.name, year));
}

std::optional<exec::Reopened> StoreHistory::reopened(const graph::Node& node, exec::RecordAt record,
                                                     std::int32_t year) const {
    const auto run = runs_.find(year);
    if (run == runs_.end()) return std::nullopt;
    return run->second.reopened(node.name, record);
}

bool StoreHistory::may_be_reopened(const graph::Node& node, std::int32_t year) const {
    const auto run = runs_.find(year);
    return run != runs_.end() && run->second.rests_on_blanks(node.name);
}

std::optional<Value> StoreHistory::input(const graph::Node& node, exec::RecordAt record, std::int32_t year) const {
    const auto table = tables_.find(year);
    if (table == tables_.end()) return std::nullopt;
    if (table->second.records.empty() && before_everything(year)) return std::nullopt;
    if (table->second.records.empty()) return unknown(reasons::no_data(node.name, year));
    const auto row = table->second.row(record.name, record.row);
    const auto* column = table->second.column(node.name);
    if (!row && was_there(record, year)) return unknown(reasons::no_row(node.name, record, year));
    if (!row || !column) return std::nullopt;
    const auto kind = column->missing(*row);
    if (kind == feel::Missing::none) return column->at(*row);
    return Value::missing(kind, reasons::missing_earlier(node.name, record, year));
}

std::optional<EarlierColumn> StoreHistory::column(const graph::Node& node, const Table& now, std::int32_t year) const {
    if (node.kind == graph::NodeKind::input) return input_column(node, now, year);
    if (const auto run = runs_.find(year); run != runs_.end()) {
        auto out = run->second.column(node.name, now);
        for (std::size_t row = 0; row < now.records.size(); ++row)
            if (out.places[row] == EarlierColumn::absent && had_a_gap(now.records[row], year))
                out.places[row] = EarlierColumn::unknown;
        return out;
    }
    EarlierColumn out;
    out.places.assign(now.records.size(), EarlierColumn::absent);
    if (before_the_rules(year)) return out;
    for (std::size_t row = 0; row < now.records.size(); ++row)
        if (was_there(now.records[row], year)) out.places[row] = EarlierColumn::unknown;
    return out;
}

EarlierColumn StoreHistory::input_column(const graph::Node& node, const Table& now, std::int32_t year) const {
    EarlierColumn out;
    out.places.assign(now.records.size(), EarlierColumn::absent);
    const auto found = tables_.find(year);
    if (found == tables_.end()) return out;
    const auto& table = found->second;
    if (table.records.empty()) {
        if (!before_everything(year)) std::fill(out.places.begin(), out.places.end(), EarlierColumn::unknown);
        return out;
    }
    out.data = table.column(node.name);
    const auto absent_or = [&](std::size_t row) {
        return out.data ? static_cast<std::uint32_t>(row) : EarlierColumn::absent;
    };
    for (std::size_t row = 0; row < now.records.size(); ++row) {
        const auto& record = now.records[row];
        if (const auto there = table.row(record, row))
            out.places[row] = absent_or(*there);
        else if (was_there(record, year))
            out.places[row] = EarlierColumn::unknown;
    }
    return out;
}

}  // namespace zoneval::assess
