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

/// Rows, ascending, by their numbers: the highest first, or last when `turned`; those that are equal stay as they
/// stood.
void sort(std::vector<std::uint32_t>& rows, const std::vector<feel::Decimal>& values, bool turned) {
    struct Key {
        double nearest;  // sorts fast, and tells apart all but a few; those few, decimals do
        std::uint32_t row;
    };
    std::vector<Key> keys;
    keys.reserve(rows.size());
    for (const auto row : rows) keys.push_back({turned ? values[row].to_double() : -values[row].to_double(), row});
    std::sort(keys.begin(), keys.end(), [&](const Key& a, const Key& b) {
        if (a.nearest != b.nearest) return a.nearest < b.nearest;
        const auto exact = values[a.row] <=> values[b.row];
        return exact != 0 ? (exact < 0) == turned : a.row < b.row;
    });
    std::transform(keys.begin(), keys.end(), rows.begin(), [](const Key& key) { return key.row; });
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
    sort(order, values, false);
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
        sort(known, numbers->values, turned);
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
