#include "engine/score/score_tree.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/results/ranking.hpp"

namespace zoneval::score {

namespace {

/// A weight that is no number must be one and the same for all records.
double weight_in(const assess::Assessment& run, const model::Weight& weight, std::optional<graph::NodeId> by) {
    if (!by) return weight.written.to_double();
    const auto& e = run.evaluation;
    const auto first = e.size() > 0 ? e.value(*by, 0) : feel::Value();
    for (std::size_t i = 0; i < e.size(); ++i)
        if (const auto value = e.value(*by, i); !value.number() || *value.number() != *first.number())
            throw InputError(
                Diagnostic{Kind::wrong_shape,
                           fmt::format("the weight `{}` is not one number for all records", run.graph->node(*by).name),
                           {},
                           "a number or a parameter",
                           "weights that differ from record to record are not varied"});
    return first.number()->to_double();
}

void describe(const graph::ScoreNodes::Group& group, TreeNode& out) {
    out.group = group.group;
    out.id = group.id;
    out.bonus = group.bonus, out.penalties = group.penalties, out.vetoes = group.vetoes;
}

void add(const assess::Assessment& run, const graph::ScoreNodes::Group& group, int at, ScoreTree& out) {
    const auto enter = [&](TreeNode node) {
        node.parent = at;
        const auto id = static_cast<int>(out.nodes.size());
        if (node.indicator) node.leaf = static_cast<int>(out.leaves.size()), out.leaves.push_back(id);
        out.nodes.push_back(std::move(node));
        out.nodes[static_cast<std::size_t>(at)].children.push_back(id);
        return id;
    };
    for (const auto& part : group.parts) {
        TreeNode leaf;
        leaf.weight = weight_in(run, part.indicator->weight, part.weight);
        leaf.indicator = part.indicator;
        leaf.id = part.points;
        leaf.value = part.value;
        enter(std::move(leaf));
    }
    for (const auto& inner : group.groups) {
        TreeNode node;
        node.weight = weight_in(run, inner.group->weight, inner.weight);
        describe(inner, node);
        add(run, inner, enter(std::move(node)), out);
    }
}

bool weighs(const model::Aggregation& aggregation) {
    using enum model::Aggregation::How;
    return aggregation.how != median && aggregation.how != minimum && aggregation.how != copeland;
}

}  // namespace

/// The last that has any weight must stay; and a group that counts whatever its weight cannot do without it.
bool ScoreTree::may_leave_out(int leaf) const {
    for (auto at = leaves[static_cast<std::size_t>(leaf)]; nodes[static_cast<std::size_t>(at)].parent >= 0;) {
        const auto& parent = nodes[static_cast<std::size_t>(nodes[static_cast<std::size_t>(at)].parent)];
        double others = 0;
        for (const auto child : parent.children)
            if (child != at) others += nodes[static_cast<std::size_t>(child)].weight;
        if (parent.children.size() > 1)
            return others > 0 && (nodes[static_cast<std::size_t>(at)].leaf >= 0 || weighs(parent.group->aggregation));
        at = nodes[static_cast<std::size_t>(at)].parent;
    }
    return false;
}

ScoreTree tree_of(const assess::Assessment& run, const graph::ScoreNodes& nodes) {
    ScoreTree out;
    out.score = nodes.score;
    out.id = nodes.whole.id;
    TreeNode whole;
    describe(nodes.whole, whole);
    out.nodes.push_back(std::move(whole));
    add(run, nodes.whole, 0, out);
    for (std::size_t i = 1; i < out.nodes.size(); ++i) {
        auto& node = out.nodes[i];
        const auto& parent = out.nodes[static_cast<std::size_t>(node.parent)];
        double all = 0;
        for (const auto child : parent.children) all += out.nodes[static_cast<std::size_t>(child)].weight;
        node.share = all > 0 ? parent.share * node.weight / all : 0;
        if (parent.children.size() > 1 && weighs(parent.group->aggregation))
            out.weighted.push_back(static_cast<int>(i));
    }
    return out;
}

const graph::ScoreNodes& find_score(const graph::Graph& graph, const std::string& name) {
    std::vector<std::string> names;
    for (const auto& nodes : graph.scores) names.push_back(nodes.score->name);
    const auto* ranked = results::ranked_node(graph);
    for (const auto& nodes : graph.scores)
        if (name.empty() ? ranked && ranked->id == nodes.whole.id : nodes.score->name == name) return nodes;
    if (name.empty() && !graph.scores.empty()) return graph.scores.front();
    throw InputError(Diagnostic{
        Kind::unknown_name,
        names.empty() ? std::string("the rule set has no score") : fmt::format("the rule set has no score `{}`", name),
        {},
        names.empty() ? "a rule set with `scores:`" : fmt::format("one of {}", fmt::join(names, ", ")),
        did_you_mean(name, names)});
}

}  // namespace zoneval::score
