#include "engine/exec/reference/records.hpp"

#include <algorithm>

namespace zoneval::exec {

using feel::Value;
using graph::NodeId;

RecordEvaluator::RecordEvaluator(const graph::Graph& graph, const Table& table, const History& history,
                                 const Rows& rows, Cohort cohort, const CohortMembers* members, KeptValues* kept)
    : graph_(graph),
      table_(table),
      history_(history),
      rows_(rows),
      cohort_(std::move(cohort)),
      kept_(kept),
      cells_(graph, table, history, *this, {}, members, nullptr, kept),
      done_(graph.nodes.size()),
      beside_(graph.nodes.size()),
      position_(graph.nodes.size()),
      needs_(graph.nodes.size()) {
    for (std::size_t i = 0; i < graph.order.size(); ++i) position_[at(graph.order[i])] = i;
}

const std::vector<NodeId>& RecordEvaluator::needs(NodeId node) {
    auto& known = needs_[at(node)];
    if (known) return *known;
    std::vector<NodeId> found{node};
    std::vector<bool> seen(graph_.nodes.size());
    seen[at(node)] = true;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto& n = graph_.node(found[i]);
        if (std::holds_alternative<graph::CohortForm>(n.form)) continue;
        for (const auto used : n.uses) {
            if (!seen[at(used)]) found.push_back(used);
            seen[at(used)] = true;
        }
    }
    std::sort(found.begin(), found.end(), [this](NodeId a, NodeId b) { return position_[at(a)] < position_[at(b)]; });
    return known.emplace(std::move(found));
}

void RecordEvaluator::begin(std::size_t record) {
    if (record == record_) return;
    record_ = record;
    ++turn_;
}

void RecordEvaluator::evaluate(NodeId node, std::size_t record) {
    begin(record);
    if (done_[at(node)] == turn_) return;
    for (const auto id : needs(node)) {
        if (done_[at(id)] == turn_) continue;
        auto* kept = kept_ && kept_->stays(id) ? kept_->find(id, record) : nullptr;
        auto& beside = beside_[at(id)];
        if (kept && kept->cell) {
            cells_.frame()[at(id)] = kept->cell->value;
            beside.reopened = kept->cell->reopened;
            if (kept->cell->outcome) beside.outcome = *kept->cell->outcome;
        } else {
            compute(id, record);
            const bool decision = kept && graph::decision_of(graph_.node(id));
            if (kept)
                kept->cell = {cells_.frame()[at(id)], decision ? std::optional(beside.outcome) : std::nullopt,
                              beside.reopened};
        }
        done_[at(id)] = turn_;
    }
}

/// Nothing behind a decision that is known.
void RecordEvaluator::evaluate(NodeId node, std::size_t record, const Decided& decided) {
    if (done_[at(node)] == turn_) return;
    const bool decision = graph::decision_of(graph_.node(node)) != nullptr;
    if (const auto* known = decision ? decided(node, record) : nullptr) {
        cells_.frame()[at(node)] = *known;
        done_[at(node)] = turn_;
        return;
    }
    if (decision) return evaluate(node, record);  // its blanks may have a say, for which all is needed
    if (!std::holds_alternative<graph::CohortForm>(graph_.node(node).form))
        for (const auto used : graph_.node(node).uses) evaluate(used, record, decided);
    compute(node, record);
    done_[at(node)] = turn_;
}

/// What it uses is there.
void RecordEvaluator::compute(NodeId id, std::size_t record) {
    const auto& node = graph_.node(id);
    beside_[at(id)].reopened.reset();
    auto value = std::holds_alternative<graph::CohortForm>(node.form)
                     ? cohort_(*this, id, record)
                     : cells_.cell(node, rows_[record], record, beside_[at(id)]);
    cells_.frame()[at(id)] = std::move(value);
}

void RecordEvaluator::start_again() {
    record_ = SIZE_MAX;
    ++turn_;
    others_.reset();
    cells_.read_parameters();
}

const Value& RecordEvaluator::get(NodeId node, std::size_t record) {
    evaluate(node, record);
    return cells_.frame()[at(node)];
}

const Value& RecordEvaluator::get(NodeId node, std::size_t record, const Decided& decided) {
    begin(record);
    evaluate(node, record, decided);
    return cells_.frame()[at(node)];
}

const Value& RecordEvaluator::now(NodeId node, std::size_t record) {
    static const Value none;
    return node == graph_.tested ? none : get(node, record);
}

Value RecordEvaluator::of(NodeId node, std::size_t record) {
    if (!others_) others_ = std::make_unique<RecordEvaluator>(graph_, table_, history_, rows_, cohort_);
    return others_->get(node, record);
}

const Outcome& RecordEvaluator::outcome(NodeId decision, std::size_t record) {
    evaluate(decision, record);
    return beside_[at(decision)].outcome;
}

std::string RecordEvaluator::because(NodeId decision, std::size_t rule, std::size_t record) {
    const auto& node = graph_.node(decision);
    const auto& fired = std::get<graph::DecisionForm>(node.form).rules[rule];
    const auto read = [&](const graph::Formula& formula) {
        for (const auto slot : feel::slots_read(*formula.expr))
            if (slot != graph_.tested) get(slot, record);
    };
    for (const auto& part : fired.because.recorded().parts)
        if (part.formula) read(part.formula);
    for (const auto& condition : fired.conditions) {
        read(condition.formula);
        if (condition.tested) read(*condition.tested);
    }
    return cells_.reason(node, rule, record);
}

const Reopened* RecordEvaluator::earlier(NodeId history, std::size_t record) {
    evaluate(history, record);
    const auto& reopened = beside_[at(history)].reopened;
    return reopened ? &*reopened : nullptr;
}

std::map<NodeId, Reopened> RecordEvaluator::reopened_values(const std::vector<NodeId>& nodes, std::size_t record) {
    for (const auto node : nodes) evaluate(node, record);
    return cells_.guard().reopened(nodes, record);
}

}  // namespace zoneval::exec
