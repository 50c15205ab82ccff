#include "engine/results/imputed.hpp"

#include <algorithm>

namespace zoneval::results {

using graph::NodeId;

namespace {

using ScoredParts = std::vector<const graph::ScoreNodes::Part*>;

void collect_parts(const graph::ScoreNodes::Group& group, ScoredParts& out) {
    for (const auto& part : group.parts) out.push_back(&part);
    for (const auto& inner : group.groups) collect_parts(inner, out);
}

/// The parts below a node of a group; false: it is not in it.
bool find_parts(const graph::ScoreNodes::Group& group, NodeId id, ScoredParts& out) {
    if (group.id == id) {
        collect_parts(group, out);
        return true;
    }
    for (const auto& part : group.parts)
        if (part.points == id) {
            out.push_back(&part);
            return true;
        }
    return std::any_of(group.groups.begin(), group.groups.end(),
                       [&](const auto& inner) { return find_parts(inner, id, out); });
}

/// The node that fills the blanks of an indicator; nullptr: none does.
const graph::Node* filled(const graph::Graph& graph, const graph::ScoreNodes::Part& part) {
    const auto* node = &graph.node(part.value);
    if (const auto* form = std::get_if<graph::CohortForm>(&node->form);
        form && form->function == graph::CohortFunction::treated)
        node = &graph.node(form->value);
    return node->imputes ? node : nullptr;
}

}  // namespace

std::vector<std::vector<std::string>> imputed_behind(const assess::Assessment& a, const graph::Node& node) {
    ScoredParts parts;
    for (const auto& score : a.graph->scores)
        if (find_parts(score.whole, node.id, parts)) break;
    std::vector<std::vector<std::string>> out;
    const auto& e = a.evaluation;
    for (const auto* part : parts) {
        const auto* fills = filled(*a.graph, *part);
        for (std::size_t i = 0; fills && i < e.size(); ++i) {
            if (!e.value(*fills->imputes, i).is_null() || e.value(fills->id, i).is_null()) continue;
            out.resize(e.size());
            out[i].push_back(part->indicator->of.text);
        }
    }
    return out;
}

}  // namespace zoneval::results
