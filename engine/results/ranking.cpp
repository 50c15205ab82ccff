#include "engine/results/ranking.hpp"

#include <algorithm>
#include <numeric>

namespace zoneval::results {

namespace {

/// The visible node whose values a measure ranks, where it is `rank(…)` of one.
const graph::Node* argument_of_rank(const graph::Graph& graph, const graph::Node& node) {
    const auto* form = std::get_if<graph::CohortForm>(&node.form);
    if (!form && node.kind == graph::NodeKind::measure && node.uses.size() == 1)
        form = std::get_if<graph::CohortForm>(&graph.node(node.uses.front()).form);
    if (!form || !graph::is_rank(form->function) || form->function == graph::CohortFunction::percent_rank)
        return nullptr;
    const auto& value = graph.node(form->value);
    return value.kind != graph::NodeKind::hidden && value.type->kind == feel::Type::Kind::number ? &value : nullptr;
}

}  // namespace

const graph::Node* ranked_node(const graph::Graph& graph) {
    for (const auto& name : published(graph))
        if (const auto* node = graph.find(name))
            if (const auto* value = argument_of_rank(graph, *node)) return value;
    return graph.rules->scores.empty() ? nullptr : graph.find(graph.rules->scores.front().name);
}

Ranking rank(const Column& numbers) {
    const auto& values = std::get<Column::Numbers>(numbers.cells).values;
    std::vector<std::uint32_t> order;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (numbers.known[i]) order.push_back(static_cast<std::uint32_t>(i));
    // Doubles sort fast, and tell apart all but a few; those few, decimals do.
    std::vector<double> nearest(values.size());
    for (const auto i : order) nearest[i] = values[i].to_double();
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        if (nearest[a] != nearest[b]) return nearest[a] > nearest[b];
        const auto exact = values[a] <=> values[b];
        return exact != 0 ? exact > 0 : a < b;
    });
    Ranking out{std::vector<std::uint32_t>(values.size()), std::vector<std::uint8_t>(values.size()), order.size()};
    for (std::size_t k = 0; k < order.size(); ++k) {
        const bool same = k > 0 && values[order[k]] == values[order[k - 1]];
        out.place[order[k]] = same ? out.place[order[k - 1]] : static_cast<std::uint32_t>(k + 1);
        if (same) out.tied[order[k]] = out.tied[order[k - 1]] = 1;
    }
    return out;
}

std::vector<std::uint32_t> by_rank(const Table& table) {
    const auto* rank = table.find("rank");
    if (rank && rank->part == Column::Part::rank) return by_column(*rank, true, table.size());
    std::vector<std::uint32_t> out(table.size());
    std::iota(out.begin(), out.end(), 0u);
    return out;
}

std::vector<std::uint32_t> by_column(const Column& column, bool turned, std::size_t records) {
    std::vector<std::uint32_t> known, unknown;
    for (std::size_t i = 0; i < records; ++i)
        (column.known[i] ? known : unknown).push_back(static_cast<std::uint32_t>(i));
    if (const auto* numbers = std::get_if<Column::Numbers>(&column.cells)) {
        std::vector<double> nearest(records);
        for (const auto i : known) nearest[i] = numbers->values[i].to_double();
        std::stable_sort(known.begin(), known.end(), [&](std::uint32_t a, std::uint32_t b) {
            if (turned) std::swap(a, b);
            return nearest[a] != nearest[b] ? nearest[a] > nearest[b] : numbers->values[a] > numbers->values[b];
        });
    } else {
        std::vector<std::string> texts(records);
        for (const auto i : known) texts[i] = column.text(i);
        std::stable_sort(known.begin(), known.end(), [&](std::uint32_t a, std::uint32_t b) {
            return turned ? texts[b] < texts[a] : texts[a] < texts[b];
        });
    }
    known.insert(known.end(), unknown.begin(), unknown.end());
    return known;
}

}  // namespace zoneval::results
