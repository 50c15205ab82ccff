// What stays from one evaluation of a graph to the next, where nothing but some parameters is other: kept record by
// record, for the reference evaluator. INVARIANT (kept is found again): a value that stays is the one that would be
// computed anew.
#pragma once

#include <array>
#include <optional>
#include <unordered_map>
#include <vector>

#include "engine/exec/results/evaluation.hpp"

namespace zoneval::exec {

/// For one thread, and evaluations of one graph over one table, its rows and its history.
class KeptValues {
  public:
    /// `changing`: parameters.
    KeptValues(const graph::Graph& graph, const std::vector<graph::NodeId>& changing);

    bool stays(graph::NodeId node) const { return stays_[at(node)]; }
    struct Cell {
        feel::Value value;
        std::optional<Outcome> outcome;    ///< of a decision
        std::optional<Reopened> reopened;  ///< of a look back
    };
    struct Node {
        std::optional<Cell> cell;
        std::array<std::optional<AbstractValue>, 2> filled;  ///< by Blanks
    };
    /// Empty until somebody fills it, and good as long as this is; nullptr: too much is kept already.
    Node* find(graph::NodeId node, std::size_t record);

  private:
    std::vector<bool> stays_;                                     ///< by node
    std::vector<std::size_t> place_;                              ///< of each node among those that stay
    std::size_t staying_ = 0;                                     ///< nodes
    std::unordered_map<std::size_t, std::vector<Node>> records_;  ///< their nodes that stay
};

}  // namespace zoneval::exec
