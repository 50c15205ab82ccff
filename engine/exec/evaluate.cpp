#include "engine/exec/evaluate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/exec/cells.hpp"
#include "engine/exec/cohort.hpp"
#include "engine/feel/evaluation/eval.hpp"
#include "engine/wording/say.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::exec {

using feel::Value;
using graph::Graph;
using graph::Node;
using graph::NodeId;

namespace {

std::size_t at(NodeId id) { return static_cast<std::size_t>(id); }

/// Runs the nodes in order, column by column.
class Run : public Known {
  public:
    Run(const Graph& graph, const Table& table, const History& history, const Overrides& overrides)
        : graph_(graph),
          table_(table),
          overrides_(overrides),
          cells_(graph, table, history, *this, [this](NodeId id, std::size_t record) { return is_given(id, record); }) {
        out_.graph = &graph;
        out_.table = &table;
        out_.year = table.year;
        out_.date = cells_.date();
        out_.columns.resize(graph.nodes.size());
    }

    Evaluation run() {
        choose_cohort();
        for (const auto id : graph_.order) compute(graph_.node(id));
        for (const auto& [id, outcomes] : out_.outcomes) out_.decisions.push_back(id);
        return std::move(out_);
    }

    const Value& value(NodeId node, std::size_t record) override {
        static const Value none;
        const auto& column = out_.columns[at(node)];
        return record < column.size() ? column[record] : none;
    }
    Value of(NodeId node, std::size_t record) override { return value(node, record); }
    std::size_t size() const override { return out_.rows.size(); }
    const Spread* reopened(NodeId history, std::size_t record) override { return out_.earlier_spread(history, record); }

  private:
    bool is_given(NodeId id, std::size_t record) const {
        const auto forced = overrides_.find(id);
        return forced != overrides_.end() && forced->second[out_.rows[record]].has_value();
    }

    /// Membership is decided on all rows; everything after it sees the cohort only.
    void choose_cohort() {
        out_.rows = Rows::first(table_.records.size());
        if (!graph_.cohort_when) return;
        std::vector<NodeId> needed;
        collect(*graph_.cohort_when, needed);
        for (const auto id : graph_.order)
            if (std::find(needed.begin(), needed.end(), id) != needed.end()) compute(graph_.node(id));
        const auto& member = out_.columns[at(*graph_.cohort_when)];
        std::vector<std::uint32_t> kept;
        for (std::size_t row = 0; row < member.size(); ++row) {
            if (feel::is_unknown(member[row])) refuse_unknown_membership(graph_, table_, row, member[row]);
            if (member[row].is_true()) kept.push_back(static_cast<std::uint32_t>(row));
        }
        out_.rows = Rows(std::move(kept));
        for (auto& column : out_.columns) column.clear();
        out_.earlier.clear();
    }

    void collect(NodeId id, std::vector<NodeId>& out) const {
        if (std::find(out.begin(), out.end(), id) != out.end()) return;
        out.push_back(id);
        for (const auto used : graph_.node(id).uses) collect(used, out);
    }

    void compute(const Node& node) {
        auto& column = out_.columns[at(node.id)];
        column.assign(out_.rows.size(), Value());
        if (const auto* cohort = std::get_if<graph::CohortForm>(&node.form)) {
            static const std::vector<Value> one_group;
            column = evaluate_cohort(*cohort_function(cohort->function), out_.columns[at(cohort->value)],
                                     cohort->group ? out_.columns[at(*cohort->group)] : one_group);
            return;
        }
        const auto forced = overrides_.find(node.id);
        const bool is_decision = graph::decision_of(node) != nullptr;
        if (is_decision) out_.outcomes[node.id].assign(out_.rows.size(), {});
        for (std::size_t i = 0; i < out_.rows.size(); ++i) {
            const auto row = out_.rows[i];
            if (forced != overrides_.end() && forced->second[row]) {
                column[i] = *forced->second[row];
                continue;
            }
            for (const auto used : node.uses) cells_.frame()[at(used)] = out_.columns[at(used)][i];
            Beside beside;
            column[i] = cells_.cell(node, row, i, beside);
            if (is_decision) out_.outcomes[node.id][i] = std::move(beside.outcome);
            if (beside.reopened) out_.earlier[node.id].insert_or_assign(i, std::move(*beside.reopened));
        }
    }

    const Graph& graph_;
    const Table& table_;
    const Overrides& overrides_;
    Evaluation out_;
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

std::optional<std::size_t> Rows::find(std::size_t row) const {
    if (all_) return row < count_ ? std::optional(row) : std::nullopt;
    const auto place = std::lower_bound(picked_.begin(), picked_.end(), row);
    if (place == picked_.end() || *place != row) return std::nullopt;
    return static_cast<std::size_t>(place - picked_.begin());
}

std::optional<std::size_t> Evaluation::find(std::string_view wanted) const {
    const auto row = table->row(wanted);
    return row ? rows.find(*row) : std::nullopt;
}

const Spread* Evaluation::earlier_spread(NodeId history, std::size_t record) const {
    if (values) return values->earlier(history, record);
    const auto node = earlier.find(history);
    if (node == earlier.end()) return nullptr;
    const auto own = node->second.find(record);
    return own == node->second.end() ? nullptr : &own->second;
}

std::map<NodeId, Spread> Evaluation::reopened(const std::vector<NodeId>& nodes, std::size_t record) const {
    if (values) return values->reopened(nodes, record);
    EvaluationKnown known(*this);
    return Guard(*graph, known, {}).reopened(nodes, record);
}

Evaluation evaluate(const Graph& graph, const Table& table, const History& history, const Overrides& overrides) {
    return Run(graph, table, history, overrides).run();
}

const model::Parameter::Dated* in_force(const model::Parameter& parameter, feel::Date day) {
    if (parameter.until && *parameter.until < day) return nullptr;
    const model::Parameter::Dated* found = nullptr;
    for (const auto& value : parameter.values)
        if (!value.from || *value.from <= day) found = &value;
    return found;
}

std::string display(const Value& value, const std::optional<int>& decimals) {
    return wording::show(value, {decimals, ""}, wording::Language::en);
}

}  // namespace zoneval::exec
