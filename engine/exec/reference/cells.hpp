// One node for one record: the meaning of everything but cohort functions. Not for other folders.
#pragma once

#include "engine/exec/decisions/completions.hpp"

namespace zoneval::exec {

/// What a cell comes to beside its value.
struct Beside {
    Outcome outcome;                   ///< of a decision
    std::optional<Reopened> reopened;  ///< of a look back: with the blanks put back that it rests on
};

class CellEvaluator {
  public:
    /// All must outlive the evaluator; `computed` finds what it has computed. Throws InputError when a parameter has no
    /// value in force (ZV306) or the date of the assessment is none.
    CellEvaluator(const graph::Graph& graph, const Table& table, const History& history, Computed& computed,
                  Fixed fixed = {}, const CohortMembers* members = nullptr, FrameSource* source = nullptr,
                  KeptValues* kept = nullptr);
    CellEvaluator(const CellEvaluator&) = delete;
    CellEvaluator& operator=(const CellEvaluator&) = delete;

    feel::Date date() const { return date_; }
    /// As they are now.
    void read_parameters();
    /// The value of a node that is the same for every record; else nullptr.
    const feel::Value* constant(graph::NodeId node) const {
        const auto& value = constants_[static_cast<std::size_t>(node)];
        return value ? &*value : nullptr;
    }
    /// Values of nodes for the record at hand: whoever asks for a cell has filled what the node uses, or the source
    /// does (but for looks back, which are read as they stand).
    std::vector<feel::Value>& frame() { return frame_; }
    /// The node for the record in that row of the table.
    feel::Value cell(const graph::Node& node, std::size_t row, std::size_t record, Beside& beside);
    const Guard& guard() const { return guard_; }
    const Reading& reading() const { return reading_; }
    /// An expression or a decision by its rules alone, whoever looks again at its blanks.
    feel::Value by_itself(const graph::Node& node) const;
    /// A reason, from the frame.
    /// The reason of a rule that fired.
    std::string reason(const graph::Node& decision, std::size_t rule, std::size_t record) const {
        return guard_.fill(decision, rule, record, reading_);
    }

  private:
    feel::Date assessment_date() const;
    feel::Value parameter_value(const graph::Node& node) const;
    feel::Value expression_cell(const graph::Node& node, const graph::ExpressionForm& form) const;
    feel::Value input_cell(const graph::Node& node, std::size_t row) const;
    feel::Value history_cell(const graph::HistoryForm& form, std::size_t row, Beside& beside);
    feel::Value decision_cell(const graph::Node& node, std::size_t row, std::size_t record, Outcome& outcome);
    void refuse_undeclared(const feel::Value& value, const model::Decision& decision, std::size_t row) const;

    const graph::Graph& graph_;
    const Table& table_;
    const History& history_;
    feel::Date date_;
    std::vector<std::optional<std::size_t>> columns_;  ///< of inputs, in the table
    std::vector<std::optional<feel::Value>> constants_;
    std::vector<feel::Value> frame_;
    FrameReading reading_;
    Guard guard_;
};

}  // namespace zoneval::exec
