#include "engine/exec/reference/evaluate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/exec/reference/cells.hpp"
#include "engine/exec/results/ranks_and_aggregates.hpp"
#include "engine/feel/evaluation/eval.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::exec {

using feel::Value;
using graph::Graph;
using graph::Node;
using graph::NodeId;

namespace {

/// Runs the nodes in order, column by column, and keeps everything.
class ReferenceValues : public Values, private Computed {
  public:
    ReferenceValues(const Graph& graph, const Table& table, const History& history, const Overrides& overrides)
        : graph_(graph),
          table_(table),
          overrides_(overrides),
          cells_(graph, table, history, *this, [this](NodeId id, std::size_t record) { return is_given(id, record); }) {
        columns_.resize(graph.nodes.size());
        choose_cohort();
        for (const auto id : graph_.order) compute(graph_.node(id));
    }

    Evaluation evaluation(std::shared_ptr<Values> self) const {
        Evaluation out{&graph_, &table_, table_.year, cells_.date(), rows_, {}, std::move(self)};
        for (const auto& [id, outcomes] : outcomes_) out.decisions.push_back(id);
        return out;
    }

    Value value(NodeId node, std::size_t record) override { return columns_[at(node)][record]; }
    Outcome outcome(NodeId decision, std::size_t record) override { return outcomes_.at(decision)[record]; }
    const Reopened* earlier(NodeId history, std::size_t record) override {
        const auto node = earlier_.find(history);
        if (node == earlier_.end()) return nullptr;
        const auto own = node->second.find(record);
        return own == node->second.end() ? nullptr : &own->second;
    }
    std::map<NodeId, Reopened> reopened(const std::vector<NodeId>& nodes, std::size_t record) override {
        return cells_.guard().reopened(nodes, record);
    }

  private:
    // Computed, for decisions that look again at what is missing; null where nothing is computed yet.
    const Value& now(NodeId node, std::size_t record) override {
        static const Value none;
        const auto& column = columns_[at(node)];
        return record < column.size() ? column[record] : none;
    }
    Value of(NodeId node, std::size_t record) override { return now(node, record); }
    std::size_t size() const override { return rows_.size(); }
    const Reopened* put_back(NodeId history, std::size_t record) override { return earlier(history, record); }

    bool is_given(NodeId id, std::size_t record) const {
        const auto forced = overrides_.find(id);
        return forced != overrides_.end() && forced->second[rows_[record]].has_value();
    }

    /// Membership is decided on all rows; everything after it sees the cohort only.
    void choose_cohort() {
        rows_ = Rows::first(table_.records.size());
        if (!graph_.cohort_when) return;
        std::vector<NodeId> needed;
        collect(*graph_.cohort_when, needed);
        for (const auto id : graph_.order)
            if (std::find(needed.begin(), needed.end(), id) != needed.end()) compute(graph_.node(id));
        const auto& member = columns_[at(*graph_.cohort_when)];
        std::vector<std::uint32_t> kept;
        for (std::size_t row = 0; row < member.size(); ++row) {
            if (feel::is_unknown(member[row])) refuse_unknown_membership(graph_, table_, row, member[row]);
            if (member[row].is_true()) kept.push_back(static_cast<std::uint32_t>(row));
        }
        rows_ = Rows(std::move(kept));
        for (auto& column : columns_) column.clear();
        earlier_.clear();
    }

    void collect(NodeId id, std::vector<NodeId>& out) const {
        if (std::find(out.begin(), out.end(), id) != out.end()) return;
        out.push_back(id);
        for (const auto used : graph_.node(id).uses) collect(used, out);
    }

    void compute(const Node& node) {
        auto& column = columns_[at(node.id)];
        column.assign(rows_.size(), Value());
        if (const auto* cohort = std::get_if<graph::CohortForm>(&node.form)) {
            static const std::vector<Value> one_group;
            column = evaluate_cohort(*cohort, columns_[at(cohort->value)],
                                     cohort->group ? columns_[at(*cohort->group)] : one_group);
            return;
        }
        const auto forced = overrides_.find(node.id);
        const bool is_decision = graph::decision_of(node) != nullptr;
        if (is_decision) outcomes_[node.id].assign(rows_.size(), {});
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            const auto row = rows_[i];
            if (forced != overrides_.end() && forced->second[row]) {
                column[i] = *forced->second[row];
                continue;
            }
            for (const auto used : node.uses) cells_.frame()[at(used)] = columns_[at(used)][i];
            Beside beside;
            column[i] = cells_.cell(node, row, i, beside);
            if (is_decision) outcomes_[node.id][i] = std::move(beside.outcome);
            if (beside.reopened) earlier_[node.id].insert_or_assign(i, std::move(*beside.reopened));
        }
    }

    const Graph& graph_;
    const Table& table_;
    const Overrides overrides_;  ///< asked after the evaluation, too
    Rows rows_;
    std::vector<std::vector<Value>> columns_;                    ///< [node][record]
    std::map<NodeId, std::vector<Outcome>> outcomes_;            ///< [decision][record]
    std::map<NodeId, std::map<std::size_t, Reopened>> earlier_;  ///< [node that looks back][record]: blanks put back
    CellEvaluator cells_;
};

}  // namespace

void refuse_unknown_membership(const Graph& graph, const Table& table, std::size_t row, const Value& value) {
    const auto& f = std::get<graph::ExpressionForm>(graph.node(*graph.cohort_when).form).formula;
    Diagnostics found;
    found.add(
        Kind::evaluation_null, *f.source, f.expr->span,
        fmt::format("whether {} belongs to the cohort of {} cannot be told: {}", table.records[row], table.year,
                    value.cause() ? wording::say(*feel::leaves(value.cause()).front(), wording::Language::en) : "null"),
        "a condition that is true or false for every record", "test for the missing datum: `x != null and …`");
    throw InputError(std::move(found));
}

Evaluation evaluate(const Graph& graph, const Table& table, const History& history, const Overrides& overrides) {
    const auto values = std::make_shared<ReferenceValues>(graph, table, history, overrides);
    return values->evaluation(values);
}

}  // namespace zoneval::exec
