// One node for one record: the meaning of everything but cohort functions. Not for other folders.
#pragma once

#include "engine/exec/decide.hpp"
#include "engine/exec/evaluate.hpp"

namespace zoneval::exec {

class CellEvaluator {
  public:
    /// All must outlive the evaluator. Throws InputError when a parameter has no value in force (ZV306) or the date of the
    /// assessment is none.
    CellEvaluator(const graph::Graph& graph, const Table& table, const History& history);

    feel::Date date() const { return date_; }
    /// The value of a node that is the same for every record; else nullptr.
    const feel::Value* constant(graph::NodeId node) const {
        const auto& value = constants_[static_cast<std::size_t>(node)];
        return value ? &*value : nullptr;
    }
    /// Values of nodes for the record at hand: whoever asks for a cell has filled what the node uses.
    std::vector<feel::Value>& frame() { return frame_; }
    /// The node for the record in that row of the table. A decision also gives its outcome.
    feel::Value cell(const graph::Node& node, std::size_t row, Outcome& outcome);

  private:
    feel::Date assessment_date() const;
    feel::Value parameter_value(const graph::Node& node) const;
    feel::Value input_cell(const graph::Node& node, std::size_t row) const;
    feel::Value history_cell(const graph::HistoryForm& form, std::size_t row);
    feel::Value decision_cell(const graph::Node& node, std::size_t row, Outcome& outcome);
    feel::Value value_of(const graph::Formula& formula) const;
    feel::Value condition_of(const graph::RuleListForm::Rule& rule) const;
    feel::Value row_condition(const graph::TableForm& table, const graph::TableForm::Row& row);
    std::string text_of(const graph::Template& reason) const;
    std::vector<feel::Value> possible_outcomes(const feel::Expr& expr, const SourcePtr& source, const model::Decision& decision) const;
    Candidate candidate(std::string id, std::function<feel::Value()> condition, const graph::OutcomeForm& then,
                        const model::Decision& decision) const;
    std::vector<Candidate> candidates_of(const graph::TableForm& table);
    void look_closer(const graph::Node& node, const model::Decision& decision, Decided& decided) const;
    void refuse_undeclared(const feel::Value& value, const model::Decision& decision, std::size_t row) const;

    const graph::Graph& graph_;
    const Table& table_;
    const History& history_;
    feel::Date date_;
    std::vector<std::optional<std::size_t>> columns_;        ///< of inputs, in the table
    std::vector<std::optional<feel::Value>> constants_;
    std::vector<feel::Value> frame_;
};

}  // namespace zoneval::exec
