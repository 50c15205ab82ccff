#include "engine/exec/by_columns/what_to_keep.hpp"

#include <algorithm>
#include <set>

#include "engine/exec/decisions/kept_values.hpp"
#include "engine/exec/patterns/cell_program.hpp"

namespace zoneval::exec {

using graph::Graph;
using graph::NodeId;

namespace {

bool is_decision(const graph::Node& node) { return graph::decision_of(node) != nullptr; }

/// What stays and is read where it does not: with columns of its own it is computed once.
std::vector<NodeId> read_by_changing(const Graph& graph, const std::vector<NodeId>& wanted, const KeptValues& kept) {
    std::set<NodeId> out;
    for (const auto id : wanted)
        for (const auto behind : nodes_behind(graph, graph.node(id))) {
            if (kept.stays(behind)) continue;
            for (const auto used : graph.node(behind).uses)
                if (kept.stays(used) && std::holds_alternative<graph::ExpressionForm>(graph.node(used).form))
                    out.insert(used);
        }
    return {out.begin(), out.end()};
}

/// What is behind long sums of decisions that look at records with blanks one by one: with columns of its own it need
/// not be worked out for each of them.
std::vector<NodeId> behind_long_sums(const Graph& graph, const Table& table) {
    constexpr std::size_t long_sum = 8, most_cells = 32'000'000;
    const bool blanks = std::any_of(table.columns.begin(), table.columns.end(),
                                    [](const Column& column) { return column.missing_kinds() != 0; });
    std::vector<bool> decides(graph.nodes.size()), summed(graph.nodes.size());
    std::vector<NodeId> out;
    if (!blanks) return out;
    for (auto at = graph.order.rbegin(); at != graph.order.rend(); ++at) {  // whoever reads comes first
        const auto& node = graph.node(*at);
        const auto place = static_cast<std::size_t>(*at);
        const auto* decision = graph::decision_of(node);
        if (decision && !decision->adverse.empty()) decides[place] = true;
        if (decides[place] && node.uses.size() >= long_sum) summed[place] = true;
        if (summed[place] && std::holds_alternative<graph::ExpressionForm>(node.form) && is_number(node))
            out.push_back(*at);
        for (const auto used : node.uses) {
            if (decides[place]) decides[static_cast<std::size_t>(used)] = true;
            if (summed[place]) summed[static_cast<std::size_t>(used)] = true;
        }
    }
    if (out.size() * table.records.size() > most_cells) out.clear();
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace

std::vector<NodeId> nodes_to_keep(const Graph& graph, const Table& table, const ColumnOptions& options) {
    std::vector<NodeId> out;
    if (options.only) {
        for (const auto id : *options.only)  // it may name one twice
            if (!is_decision(graph.node(id)) && std::find(out.begin(), out.end(), id) == out.end()) out.push_back(id);
        if (options.kept)
            for (const auto id : read_by_changing(graph, *options.only, *options.kept))
                if (std::find(out.begin(), out.end(), id) == out.end()) out.push_back(id);
        return out;
    }
    const auto behind = behind_long_sums(graph, table);
    // Who asks about one record computes no column that only a run would keep, but those that others' outcomes hang on.
    std::vector<bool> read_by_decisions(graph.nodes.size());
    for (const auto& node : graph.nodes)
        if (is_decision(node))
            for (const auto used : node.uses)
                read_by_decisions[static_cast<std::size_t>(used)] =
                    std::holds_alternative<graph::ExpressionForm>(graph.node(used).form) && is_number(graph.node(used));
    const auto read = read_later(graph);
    for (const auto& node : graph.nodes) {
        const bool kept = options.when_asked ? read_by_decisions[static_cast<std::size_t>(node.id)] ||
                                                   (node.kept && std::binary_search(read.begin(), read.end(), node.id))
                                             : node.kept;
        const bool asked = std::find(options.also.begin(), options.also.end(), node.id) != options.also.end() ||
                           std::binary_search(behind.begin(), behind.end(), node.id);
        if ((kept || asked || options.every_definition) && !is_decision(node)) out.push_back(node.id);
    }
    return out;
}

}  // namespace zoneval::exec
