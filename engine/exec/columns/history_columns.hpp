// Nodes that look back, for a whole cohort: earlier years joined by position or by name, once.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "engine/exec/columns/program.hpp"
#include "engine/exec/results/evaluation.hpp"
#include "engine/feel/builtins/builtins.hpp"

namespace zoneval::exec {

class HistoryColumns {
  public:
    /// All must outlive it. Not for several threads.
    HistoryColumns(const graph::Graph& graph, const Table& table, const History& history, const Rows& rows)
        : graph_(graph), table_(table), history_(history), rows_(rows) {}

    /// The years a node looks back at, the latest first; nullptr: the history has them only record by record. Records
    /// that took no part have a place where the node says what theirs is (HistoryForm::first).
    const std::vector<EarlierColumn>* of(graph::NodeId id);
    /// What `prior` gives; nullopt: as for of(), or columns cannot hold it.
    std::optional<NodeColumn> values(graph::NodeId id, StringCodes& strings);
    /// An aggregate (sum, count, least, greatest) of the list of a node that looks back at data; nullopt: as for of(),
    /// or its elements are not whole numbers under a power of ten that doubles hold.
    std::optional<NodeColumn> over(graph::NodeId list, feel::Kernel aggregate);
    /// Records for which a look back gives what blanks were left out of; no truths: there are none.
    NodeColumn rests_on_blanks(graph::NodeId id);

  private:
    void place_first(EarlierColumn& earlier, const feel::Value& first);
    std::optional<NodeColumn> nothing_there(NodeColumn masked, feel::Type::Kind kind) const;
    std::optional<NodeColumn> of_data(const EarlierColumn& earlier, NodeColumn out);
    std::optional<NodeColumn> of_values(const EarlierColumn& earlier, NodeColumn out, feel::Type::Kind kind,
                                        StringCodes& strings);
    std::vector<feel::Value> one_by_one(const EarlierColumn& earlier, const NodeColumn& masked) const;

    const graph::Graph& graph_;
    const Table& table_;
    const History& history_;
    const Rows& rows_;
    std::map<graph::NodeId, std::optional<std::vector<EarlierColumn>>> joined_;
    std::deque<std::vector<feel::Value>> with_first_;
};

}  // namespace zoneval::exec
