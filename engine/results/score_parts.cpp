#include "engine/results/score_parts.hpp"

#include <fmt/format.h>

namespace zoneval::results {

using feel::Decimal;

std::vector<ScorePart> parts_of(const graph::Graph& graph, const model::Score& score) {
    std::vector<ScorePart> out;
    for (const auto& group : score.groups) {
        // As the graph lowers them: a node for the group, and under it one hidden node of points an indicator.
        const auto* owner =
            graph.find(group.name.empty() ? score.name : fmt::format("{} of {}", group.name, score.name));
        if (!owner) return {};
        std::vector<const graph::Node*> points;
        for (const auto id : owner->uses)
            if (const auto& node = graph.node(id); node.of_score && node.kind == graph::NodeKind::hidden)
                points.push_back(&node);
        if (points.size() != group.indicators.size()) return {};
        for (std::size_t i = 0; i < points.size(); ++i) {
            const auto* value = graph.find(group.indicators[i].of.text);
            out.push_back({group.name, group.name.empty() ? Decimal(1) : group.weight, group.indicators[i].weight,
                           value, points[i]});
        }
    }
    return out;
}

std::vector<PartShare> shares_of(const assess::Assessment& a, const model::Score& score,
                                 const std::vector<ScorePart>& parts, std::size_t record) {
    std::vector<PartShare> out;
    std::map<std::string, Decimal> in_group;  // weight that is there
    for (const auto& part : parts) {
        out.push_back({part.value ? a.evaluation.value(part.value->id, record) : feel::Value(),
                       a.evaluation.value(part.points->id, record),
                       {},
                       {}});
        if (out.back().points.number()) in_group[part.group] = in_group[part.group] + part.weight;
    }
    const bool left_out = score.on_missing == model::Score::OnMissing::reweight;
    Decimal groups;
    std::string last;
    bool first = true;
    for (const auto& part : parts) {
        if ((first || part.group != last) && in_group.contains(part.group)) groups = groups + part.group_weight;
        last = part.group;
        first = false;
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto* points = out[i].points.number();
        if (!points && left_out) continue;
        auto share = parts[i].group_weight * parts[i].weight;
        if (left_out) share = parts[i].group_weight / groups * (parts[i].weight / in_group[parts[i].group]);
        out[i].share = share;
        out[i].lost = share * (score.high - (points ? *points : Decimal(0)));
    }
    return out;
}

}  // namespace zoneval::results
