#include "engine/assess/published.hpp"

#include <algorithm>
#include <array>

#include "engine/feel/value/cause.hpp"
#include "engine/store/cell_text.hpp"
#include "engine/store/packed_numbers.hpp"

namespace zoneval::assess {

using feel::Missing;
using TypeKind = feel::Type::Kind;

namespace {

constexpr std::size_t most_one_by_one = 5'000;
constexpr std::size_t most_as_text = 5'000;  ///< where there are more records, numbers are packed

/// A null for another reason than missing data is told by its column alone: `null` in the cells.
constexpr auto no_kind = Missing::not_reported;

/// As Column::states(); flagged where there is no value for another reason than missing data.
std::vector<std::uint8_t> states_of(const exec::ExactNumbers& exact) {
    std::vector<std::uint8_t> out(exact.numbers.size());
    for (std::size_t i = 0; i < exact.nulls.size(); ++i) {
        out[i] = static_cast<std::uint8_t>(exact.nulls[i]);
        if (out[i] != 0 && !exact.other.empty() && exact.other[i] != 0) out[i] |= Column::blank_flag;
    }
    return out;
}

Column of_exact(const graph::Node& node, const exec::ExactNumbers& exact, const std::vector<std::uint8_t>& states) {
    Column out(node.name, TypeKind::number);
    const auto size = exact.numbers.size();
    out.reserve(size);
    std::array<std::int64_t, 4096> coefficients;
    for (std::size_t begin = 0; begin < size; begin += coefficients.size()) {
        const auto count = std::min(coefficients.size(), size - begin);
        for (std::size_t i = 0; i < count; ++i)
            coefficients[i] = states[begin + i] != 0 ? 0 : static_cast<std::int64_t>(exact.numbers[begin + i]);
        out.append_numbers(exact.scale, std::span(coefficients).first(count), std::span(states).subspan(begin, count));
    }
    return out;
}

/// As columns tell it (exec::one_kind): what is not applicable counts only where everything is, and a group that is too
/// small is no missing datum.
Missing one_kind(const feel::CausePtr& cause) {
    auto leaves = feel::leaves(cause);
    if (feel::missing_kind(cause) != Missing::not_applicable)
        std::erase_if(leaves, [](const auto& leaf) { return leaf->missing == Missing::not_applicable; });
    const bool same = std::all_of(leaves.begin(), leaves.end(),
                                  [&](const auto& leaf) { return leaf->missing == leaves.front()->missing; });
    return leaves.empty() || !same || leaves.front()->missing == Missing::too_small ? Missing::none
                                                                                    : leaves.front()->missing;
}

/// nullopt: a value is of another type than the definition, or of one that no column has.
std::optional<Column> one_by_one(const graph::Node& node, const exec::Evaluation& e) {
    const auto kind = node.type->kind;
    if (kind != TypeKind::number && kind != TypeKind::string && kind != TypeKind::boolean && kind != TypeKind::date)
        return std::nullopt;
    Column out(node.name, kind);
    out.reserve(e.size());
    for (std::size_t i = 0; i < e.size(); ++i) {
        const auto value = e.value(node.id, i);
        if (!value.is_null()) {
            if (value.kind() != kind) return std::nullopt;
            out.append(value);
            continue;
        }
        const auto missing = one_kind(value.cause());
        if (missing == Missing::none)
            out.append_blank(no_kind);
        else
            out.append_missing(missing);
    }
    return out;
}

}  // namespace

std::vector<std::string> published(const graph::Graph& graph) {
    std::vector<std::string> out;
    for (const auto& name : graph.rules->publish) out.push_back(name.name);
    if (!out.empty()) return out;
    for (const auto& node : graph.nodes) {
        using enum graph::NodeKind;
        const bool titled = node.kind == measure && node.definition && !node.definition->title.empty();
        if (titled || node.kind == score || node.kind == decision) out.push_back(node.name);
    }
    if (out.empty())
        for (const auto& node : graph.nodes)
            if (node.kind == graph::NodeKind::measure) out.push_back(node.name);
    return out;
}

std::vector<graph::NodeId> published_nodes(const graph::Graph& graph) {
    std::vector<graph::NodeId> out;
    for (const auto& name : published(graph)) {
        const auto* node = graph.find(name);
        if (!node || (node->kind != graph::NodeKind::measure && node->kind != graph::NodeKind::score)) continue;
        if (std::find(out.begin(), out.end(), node->id) == out.end()) out.push_back(node->id);
    }
    return out;
}

std::vector<store::Published> published_columns(const graph::Graph& graph, const exec::Evaluation& e) {
    std::vector<store::Published> out;
    for (const auto id : published_nodes(graph)) {
        const auto& node = graph.node(id);
        std::optional<Column> column;
        if (const auto exact = e.values->exact_numbers(id)) {
            const auto states = states_of(*exact);
            if (e.size() > most_as_text)
                if (auto packed = store::pack(exact->numbers, exact->scale, states)) {
                    out.push_back(
                        {node.name, node.unit, node.decimals, std::move(packed->form), std::move(packed->cells)});
                    continue;
                }
            column = of_exact(node, *exact, states);
        } else if (e.size() <= most_one_by_one)
            column = one_by_one(node, e);
        if (column) out.push_back({node.name, node.unit, node.decimals, store::cells_text(*column)});
    }
    return out;
}

}  // namespace zoneval::assess
