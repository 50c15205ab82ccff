// A score's parts with their weights, as numbers.
#pragma once

#include <string>
#include <vector>

#include "engine/assess/assessment.hpp"

namespace zoneval::score {

/// An indicator, a group, or the whole.
struct TreeNode {
    int parent = -1;    ///< index into ScoreTree::nodes; -1: the whole
    int leaf = -1;      ///< which indicator, from 0; -1: a group
    double weight = 1;  ///< as written: its part of what its siblings have together
    double share = 1;   ///< of the whole
    std::vector<int> children;
    const model::IndicatorGroup* group = nullptr;
    const model::Indicator* indicator = nullptr;
    graph::NodeId id = -1;                                    ///< of a leaf: the points
    graph::NodeId value = -1;                                 ///< of a leaf: what the points are of
    std::optional<graph::NodeId> bonus = {}, penalties = {};  ///< of a group
    std::vector<graph::NodeId> vetoes = {};                   ///< the same
};

struct ScoreTree {
    const model::Score* score = nullptr;
    graph::NodeId id = -1;
    std::vector<TreeNode> nodes;  ///< the whole first, each before its children
    std::vector<int> leaves;      ///< of each indicator its node, in the order of the rule set
    std::vector<int> weighted;    ///< nodes with siblings: those whose weight means something

    bool may_leave_out(int leaf) const;
};

/// Throws InputError where a weight differs between the records of the run: such a score is not varied.
ScoreTree tree_of(const assess::Assessment& run, const graph::ScoreNodes& nodes);
/// The score that is asked for; an empty name: the one that the rule set ranks by, or its first. Throws InputError
/// (ZV103) where there is none.
const graph::ScoreNodes& find_score(const graph::Graph& graph, const std::string& name);

}  // namespace zoneval::score
