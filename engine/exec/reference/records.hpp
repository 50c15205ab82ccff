// The reference evaluation of one record at a time, and of only what is asked for. Not for other folders.
#pragma once

#include <functional>

#include "engine/exec/reference/cells.hpp"

namespace zoneval::exec {

class RecordEvaluator : private Computed {
  public:
    /// Gives the value of a cohort function for a record; may ask for its operands.
    using Cohort = std::function<feel::Value(RecordEvaluator&, graph::NodeId, std::size_t record)>;
    /// All must outlive the evaluator; not for several threads.
    RecordEvaluator(const graph::Graph& graph, const Table& table, const History& history, const Rows& rows,
                    Cohort cohort, const CohortMembers* members = nullptr, KeptValues* kept = nullptr);

    /// What decisions have come to, of whom that is known; nullptr: it is not.
    using Decided = std::function<const feel::Value*(graph::NodeId decision, std::size_t record)>;
    /// The value of a definition that is no decision itself, from what decisions have come to. For an evaluator that is
    /// asked nothing else.
    const feel::Value& get(graph::NodeId node, std::size_t record, const Decided& decided);

    const CellEvaluator& cells() const { return cells_; }
    /// What it computes, for others.
    Computed& computed() { return *this; }
    const feel::Value& get(graph::NodeId node, std::size_t record);
    const Outcome& outcome(graph::NodeId decision, std::size_t record);
    /// The reason of the rule that fired, filled in.
    std::string because(graph::NodeId decision, std::size_t rule, std::size_t record);
    const Reopened* earlier(graph::NodeId history, std::size_t record);
    /// Parameters have other values.
    void start_again();
    std::map<graph::NodeId, Reopened> reopened_values(const std::vector<graph::NodeId>& nodes, std::size_t record);

  private:
    /// What the node needs, in order; nothing below a cohort function.
    const std::vector<graph::NodeId>& needs(graph::NodeId node);
    void begin(std::size_t record);
    void evaluate(graph::NodeId node, std::size_t record);
    void evaluate(graph::NodeId node, std::size_t record, const Decided& decided);
    void compute(graph::NodeId node, std::size_t record);
    // Computed, for decisions that look again at what is missing.
    const feel::Value& now(graph::NodeId node, std::size_t record) override;
    feel::Value of(graph::NodeId node, std::size_t record) override;
    std::size_t size() const override { return rows_.size(); }
    const Reopened* put_back(graph::NodeId history, std::size_t record) override { return earlier(history, record); }

    const graph::Graph& graph_;
    const Table& table_;
    const History& history_;
    const Rows& rows_;
    Cohort cohort_;
    KeptValues* kept_;
    CellEvaluator cells_;
    std::size_t record_ = SIZE_MAX;
    std::uint64_t turn_ = 0;
    std::vector<std::uint64_t> done_;    ///< by node: the turn in which it was computed
    std::vector<Beside> beside_;         ///< by node
    std::vector<std::size_t> position_;  ///< of each node in the graph's order
    std::vector<std::optional<std::vector<graph::NodeId>>> needs_;
    std::unique_ptr<RecordEvaluator> others_;  ///< reads other records while this one is at work
};

}  // namespace zoneval::exec
