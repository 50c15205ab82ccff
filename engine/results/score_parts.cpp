#include "engine/results/score_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace zoneval::results {

using feel::Decimal;

namespace {

/// As the graph lowers them: a node for the group, and under it one hidden node of points an indicator. False: the
/// score is no weighted mean of its parts.
bool add_parts(const graph::Graph& graph, const model::Score& score, const model::IndicatorGroup& group, Decimal share,
               std::vector<ScorePart>& out) {
    if (group.aggregation.how != model::Aggregation::How::arithmetic || group.aggregation.floor) return false;
    const auto* owner = graph.find(group.name.empty() ? score.name : fmt::format("{} of {}", group.name, score.name));
    if (!owner) return false;
    std::vector<const graph::Node*> points;
    for (const auto id : owner->uses)
        if (const auto& node = graph.node(id); node.of_score && node.kind == graph::NodeKind::hidden)
            points.push_back(&node);
    if (points.size() != group.indicators.size()) return false;
    for (std::size_t i = 0; i < points.size(); ++i)
        out.push_back(
            {group.name, share, group.indicators[i].weight.share, graph.find(group.indicators[i].of.text), points[i]});
    return std::all_of(group.groups.begin(), group.groups.end(), [&](const model::IndicatorGroup& inner) {
        return add_parts(graph, score, inner, share * inner.weight.share, out);
    });
}

}  // namespace

std::vector<ScorePart> parts_of(const graph::Graph& graph, const model::Score& score) {
    const bool deep = std::any_of(score.whole.groups.begin(), score.whole.groups.end(),
                                  [](const model::IndicatorGroup& group) { return !group.groups.empty(); });
    // What is left out of a group of groups shifts shares at every level.
    if (deep && score.on_missing == model::Score::OnMissing::reweight) return {};
    std::vector<ScorePart> out;
    return add_parts(graph, score, score.whole, Decimal(1), out) ? out : std::vector<ScorePart>{};
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
