// The functions of the cohort that an evaluation by columns needs, those of one operand from one order of it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "engine/exec/columns/cohort_columns.hpp"
#include "engine/exec/patterns/column_members.hpp"
#include "engine/exec/reference/records.hpp"

namespace zoneval::exec {

/// Of the evaluation that they belong to.
struct CohortSources {
    const graph::Graph& graph;
    std::size_t records;
    unsigned threads;
    bool timed;
    std::function<const NodeColumn*(graph::NodeId)> column;        ///< nullptr: not written, or of a kind that has none
    std::function<void(const std::vector<graph::NodeId>&)> write;  ///< has columns written
    std::function<std::unique_ptr<RecordEvaluator>()> reader;
    /// What a function without a form for columns came to.
    std::function<void(graph::NodeId, const std::vector<feel::Value>&)> keep;
};

class CohortFunctions {
  public:
    explicit CohortFunctions(CohortSources sources) : sources_(std::move(sources)) {}

    /// Those behind the nodes that are not computed yet, each level after those it needs itself.
    void compute_behind(const std::vector<graph::NodeId>& wanted);

    /// Exactly, with the reference evaluator's reason where it is null.
    feel::Value value(RecordEvaluator& reader, graph::NodeId id, std::size_t record) const;
    /// nullptr: it is not computed, or has no form for columns.
    const CohortColumn* column(graph::NodeId id) const;
    /// nullopt: the operand is no column of numbers, or its groups are none.
    std::optional<ColumnMembers::Operand> members_of(graph::NodeId value, std::optional<graph::NodeId> group) const;

    const std::map<graph::NodeId, double>& milliseconds() const { return times_; }

  private:
    const graph::CohortForm& form(graph::NodeId id) const;
    std::vector<std::vector<graph::NodeId>> levels(const std::vector<graph::NodeId>& wanted) const;
    void compute(const std::vector<graph::NodeId>& functions);
    void write_operands(const std::vector<graph::NodeId>& functions);
    void group_by(graph::NodeId by);
    std::vector<graph::NodeId> compute_operand(std::vector<graph::NodeId> functions, SortSpace& space);
    void compute_slowly(graph::NodeId id);

    static constexpr graph::NodeId no_group = -1;

    CohortSources sources_;
    std::map<graph::NodeId, std::optional<Grouping>> groupings_;
    std::map<graph::NodeId, CohortColumn> columns_;
    std::map<graph::NodeId, std::vector<feel::Value>> slow_;  ///< as the reference evaluator has them
    std::map<graph::NodeId, double> times_;
    std::unique_ptr<RecordEvaluator> reader_;  ///< of those
};

}  // namespace zoneval::exec
