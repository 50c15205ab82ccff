// When an outcome has to be looked at again with the blanks put back.
#include <algorithm>

#include "engine/exec/decisions/completions.hpp"
#include "engine/feel/evaluation/eval.hpp"

namespace zoneval::exec {

using feel::Value;
using graph::Node;
using graph::NodeId;

namespace {

bool asks_for_null(const graph::Formula& formula) { return formula && mentions_null(*formula.expr); }

/// Whether a formula of the node makes something known of what is missing.
bool makes_facts(const Node& node) {
    if (std::holds_alternative<graph::HistoryForm>(node.form)) return true;  // if what it looks back at left blanks out
    if (const auto* e = std::get_if<graph::ExpressionForm>(&node.form)) return asks_for_null(e->formula);
    if (const auto* list = std::get_if<graph::RuleListForm>(&node.form))
        return std::any_of(list->rules.begin(), list->rules.end(), [](const auto& rule) {
            return asks_for_null(rule.when) || asks_for_null(rule.then.formula) || !rule.rule->if_missing.empty();
        });
    if (const auto* table = std::get_if<graph::TableForm>(&node.form))
        return std::any_of(table->inputs.begin(), table->inputs.end(), asks_for_null) ||
               std::any_of(table->rows.begin(), table->rows.end(), [](const auto& row) {
                   return asks_for_null(row.outcome) || std::any_of(row.tests.begin(), row.tests.end(), asks_for_null);
               });
    return false;
}

bool any_adverse(const model::Decision& decision, const std::vector<Value>& values) {
    return std::any_of(values.begin(), values.end(), [&](const Value& v) { return decision.is_adverse(v); });
}

}  // namespace

std::vector<NodeId> nodes_behind(const graph::Graph& graph, const Node& node) {
    std::vector<NodeId> out{node.id};
    std::set<NodeId> seen{node.id};
    for (std::size_t i = 0; i < out.size(); ++i)
        for (const auto used : graph.node(out[i]).uses)
            if (seen.insert(used).second) out.push_back(used);
    return out;
}

std::vector<NodeId> fact_makers(const graph::Graph& graph, const Node& decision) {
    auto out = nodes_behind(graph, decision);
    std::erase_if(out, [&](NodeId id) { return !makes_facts(graph.node(id)); });
    return out;
}

const std::vector<NodeId>& Guard::makers(const Node& decision) const {
    const auto [place, is_new] = makers_.try_emplace(decision.id);
    if (is_new) place->second = fact_makers(graph_, decision);
    return place->second;
}

bool Guard::has_say(const Node& decision, std::size_t record) const {
    const auto& all = makers(decision);
    return std::any_of(all.begin(), all.end(), [&](NodeId maker) {
        if (fixed_ && fixed_(maker, record)) return false;
        if (std::holds_alternative<graph::HistoryForm>(graph_.node(maker).form) && computed_.put_back(maker, record))
            return true;
        const auto& uses = graph_.node(maker).uses;
        return std::any_of(uses.begin(), uses.end(),
                           [&](NodeId used) { return feel::is_unknown(computed_.now(used, record)); });
    });
}

std::map<NodeId, AbstractValue> Guard::reopened(const std::vector<NodeId>& nodes, std::size_t record) const {
    std::map<NodeId, AbstractValue> out;
    std::unique_ptr<Completions> filled;  // one reading of the record for all nodes
    for (const auto id : nodes) {
        if (computed_.now(id, record).is_null() || !has_say(graph_.node(id), record)) continue;
        if (!filled)
            filled = std::make_unique<Completions>(graph_, computed_, record, Blanks::of_scores, members_, memories_,
                                                   &fixed_);
        if (const auto& s = filled->abstract(id); s.open()) out.emplace(id, s);
    }
    return out;
}

bool Guard::look_again(const Node& node, std::size_t record, Decided& decided) const {
    const auto& decision = *graph::decision_of(node);
    if (decision.adverse.empty() || !has_say(node, record)) return false;
    if (decided.outcome.undetermined && !decided.outcome.because.empty()) return false;  // rules contradict each other
    const bool adverse = !decided.outcome.undetermined && decision.is_adverse(decided.value);
    const Completions filled(graph_, computed_, record, adverse ? Blanks::all : Blanks::of_scores, members_, memories_,
                             &fixed_);
    auto again = decide_node(graph_, node, filled);
    if (again.outcome.undetermined) {
        // Where nobody can be harmed the authors' way of scoring decides, or waits for what it waits for.
        const bool other =
            decided.outcome.undetermined &&
            !feel::identical(Value(feel::List(again.outcome.possible)), Value(feel::List(decided.outcome.possible)));
        if (!adverse && !other && !any_adverse(decision, again.outcome.possible)) return false;
    } else if (!decided.outcome.undetermined && feel::identical(again.value, decided.value)) {
        if (!adverse || again.outcome.rule == decided.outcome.rule) return false;
    } else if (!adverse && decision.is_adverse(again.value)) {
        // So far only the scores' blanks were filled in; an adverse outcome needs all.
        const Completions all(graph_, computed_, record, Blanks::all, members_, memories_, &fixed_);
        const auto surely = decide_node(graph_, node, all);
        const bool sure = !surely.outcome.undetermined && feel::identical(surely.value, again.value) &&
                          surely.outcome.rule == again.outcome.rule;
        if (decided.outcome.undetermined && !sure) return false;
        if (!decided.outcome.undetermined)
            again = leave_open({decided.value, again.value}, filled.open_causes(node), decision);
    }
    decided = std::move(again);
    decided.outcome.filled = adverse ? Outcome::Filled::all : Outcome::Filled::of_scores;
    return true;
}

}  // namespace zoneval::exec
