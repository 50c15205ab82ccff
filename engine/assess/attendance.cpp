#include "engine/assess/attendance.hpp"

#include <algorithm>
#include <unordered_set>

#include "engine/assess/near_names.hpp"
#include "engine/assess/rulings.hpp"
#include "engine/assess/successions.hpp"
#include "engine/table/row_finder.hpp"

namespace zoneval::assess {

namespace {

/// The records of the year compared with: of its run, which is at hand where the rules look back, or of its data.
Texts records_of(const graph::Graph& graph, const store::Store& store, const Basis& basis, std::int32_t year) {
    const auto run = basis.earlier.find(year);
    if (run != basis.earlier.end() && !graph.cohort_when) return run->second->records;
    Texts out;
    for (auto& record : store.load(graph.rules->record, year, basis.snapshot, {}).records) out.push_back(record);
    return out;
}

bool same(const Texts& before, const Table& now) {
    if (before.size() != now.records.size()) return false;
    for (std::size_t i = 0; i < before.size(); ++i)
        if (before[i] != now.records[i]) return false;
    return true;
}

/// What decisions with adverse outcomes said of those who left.
void tell_standing(const graph::Graph& graph, const store::Run& run, const Rulings& rulings, Attendance& out) {
    const RowFinder rows(run.records);
    for (auto& left : out.left) {
        const auto row = rows.find(left.record, 0);
        if (!row) continue;
        for (const auto& decision : graph.rules->decisions) {
            const auto* outcomes = decision.adverse.empty() || decision.subject ? nullptr : run.decision(decision.name);
            if (!outcomes) continue;
            const auto& outcome = outcomes->of(*row);
            const auto* ruling = rulings.standing(run.year, left.record, decision.name, !outcome.value.empty());
            const auto& value = ruling ? ruling->outcome : outcome.value;
            left.stood.emplace_back(decision.name, shown_outcome(value));
            for (const auto& adverse : decision.adverse) left.adverse = left.adverse || adverse.to_feel() == value;
        }
    }
    std::stable_sort(out.left.begin(), out.left.end(),
                     [](const auto& a, const auto& b) { return a.adverse && !b.adverse; });
}

}  // namespace

Attendance attendance_of(const graph::Graph& graph, const store::Store& store, const Basis& basis, const Table& table) {
    Attendance out;
    const auto before = table.year - graph.rules->cycle;
    const auto records = records_of(graph, store, basis, before);
    if (records.empty() || same(records, table)) return out;
    out.before = before;
    const Successions successions(*graph.rules);
    for (const auto record : records) {
        if (table.row(record)) continue;
        const std::string name(record);
        const auto later = successions.later(name, table.year);
        for (const auto& next : later) out.succeeded.emplace_back(name, next);
        if (later.empty()) out.left.push_back({name, {}, false});
    }
    std::unordered_set<std::string_view> successors;
    for (const auto& [name, next] : out.succeeded) successors.insert(next);
    const RowFinder known(records);
    for (std::size_t i = 0; i < table.records.size(); ++i)
        if (const auto& record = table.records[i]; !known.find(record, i) && !successors.contains(record))
            out.entered.push_back(record);
    if (out.left.empty()) return out;
    std::vector<std::string> left;
    for (const auto& l : out.left) left.push_back(l.record);
    out.near = near_pairs(out.entered, left);
    const auto run = basis.earlier.find(before);
    const Rulings rulings(basis.rulings);
    if (run != basis.earlier.end())
        tell_standing(graph, *run->second, rulings, out);
    else if (const auto stored = store.latest_run(graph.rules->id, before))
        tell_standing(graph, *stored, rulings, out);
    return out;
}

}  // namespace zoneval::assess
