#include "engine/exec/by_columns/column_evaluation.hpp"

#include <algorithm>

#include "engine/diag/time_account.hpp"
#include "engine/exec/by_columns/again.hpp"
#include "engine/exec/by_columns/column_values.hpp"
#include "engine/exec/by_columns/what_to_keep.hpp"
#include "engine/exec/reference/evaluate.hpp"

namespace zoneval::exec {

using graph::Graph;

namespace {

/// The rows that belong to the cohort.
Rows cohort_rows(const Graph& graph, const Table& table, const History& history, const ColumnOptions& options) {
    auto all = Rows::first(table.records.size());
    if (!graph.cohort_when) return all;
    const TimedStage stage("evaluating: who belongs to the cohort");
    auto for_membership = options;
    for_membership.report = nullptr;
    for_membership.watch = nullptr;
    for_membership.when_asked = false;
    for_membership.kept = nullptr;  // that is of the records of the cohort, which are not known yet
    ColumnValues values(graph, table, history, all, for_membership);
    values.compute({*graph.cohort_when}, {});
    const auto* member = values.column(*graph.cohort_when);
    std::vector<std::uint32_t> out;
    for (std::size_t row = 0; row < all.size(); ++row) {
        const bool known = member && (member->masks.empty() || (member->masks[row] & mask_unknown) == 0);
        if (known && member->shape == Shape::truth) {
            if (member->truths[row] && (member->masks.empty() || member->masks[row] == 0))
                out.push_back(static_cast<std::uint32_t>(row));
            continue;
        }
        const auto value = values.value(*graph.cohort_when, row);
        if (feel::is_unknown(value)) refuse_unknown_membership(graph, table, row, value);
        if (value.is_true()) out.push_back(static_cast<std::uint32_t>(row));
    }
    return Rows(std::move(out));
}

}  // namespace

void evaluate_again(Evaluation& evaluation, const KeptValues& kept) {
    auto& values = dynamic_cast<ColumnValues&>(*evaluation.values);
    values.forget(kept);
    values.compute_wanted();
}

Evaluation evaluate_columns(const Graph& graph, const Table& table, const History& history,
                            const ColumnOptions& options) {
    Evaluation out;
    out.graph = &graph;
    out.table = &table;
    out.year = table.year;
    out.rows = cohort_rows(graph, table, history, options);
    auto values = std::make_shared<ColumnValues>(graph, table, history, out.rows, options);
    out.date = values->date();
    for (const auto& node : graph.nodes)
        if (graph::decision_of(node) &&
            (!options.only || std::find(options.only->begin(), options.only->end(), node.id) != options.only->end()))
            out.decisions.push_back(node.id);
    values->want(nodes_to_keep(graph, table, options), out.decisions);
    values->compute_wanted();
    out.values = std::move(values);
    return out;
}

}  // namespace zoneval::exec
