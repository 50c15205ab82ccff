// When an outcome has to be looked at again with the blanks put back.
#include <algorithm>

#include "engine/exec/decisions/completions.hpp"
#include "engine/exec/decisions/possible_answers.hpp"
#include "engine/feel/evaluation/eval.hpp"

namespace zoneval::exec {

using feel::Value;
using graph::Node;
using graph::NodeId;

namespace {

/// Whether a formula of the node makes something known of what is missing.
bool makes_facts(const Node& node) {
    if (std::holds_alternative<graph::HistoryForm>(node.form)) return true;  // if what it looks back at rests on blanks
    // An aggregate leaves the record's own blank out; a rank of a blank is unknown.
    if (const auto* cohort = std::get_if<graph::CohortForm>(&node.form)) return !graph::is_rank(cohort->function);
    bool out = false;
    graph::for_each_formula(
        node, [&](const graph::Formula& f) { out = out || mentions_null(*f.expr); }, graph::Formulas::deciding);
    const auto* form = std::get_if<graph::DecisionForm>(&node.form);
    return out || (form && std::any_of(form->rules.begin(), form->rules.end(),
                                       [](const auto& rule) { return !rule.rule->if_missing.empty(); }));
}

/// Whether a value with the blanks put back says what it says without.
bool same(const AbstractValue& filled, const Value& now) {
    if (filled.open() != feel::is_unknown(now)) return false;
    if (!filled.open()) return feel::identical(filled.value, now);
    return feel::identical(Value(feel::List(filled.options)), Value(feel::List(still_possible(now))));
}

/// A node, and all that is reached from it.
template <class Next>
std::vector<NodeId> reached(const graph::Graph& graph, const Node& node, const Next& next) {
    std::vector<NodeId> out{node.id};
    std::set<NodeId> seen{node.id};
    for (std::size_t i = 0; i < out.size(); ++i)
        for (const auto to : next(graph.node(out[i])))
            if (seen.insert(to).second) out.push_back(to);
    return out;
}

bool any_adverse(const model::Decision& decision, const std::vector<Value>& values) {
    return std::any_of(values.begin(), values.end(), [&](const Value& v) { return decision.is_adverse(v); });
}

}  // namespace

std::vector<NodeId> nodes_behind(const graph::Graph& graph, const Node& node) {
    return reached(graph, node, [](const Node& from) -> const std::vector<NodeId>& { return from.uses; });
}

std::vector<NodeId> comes_of(const graph::Graph& graph, const Node& node) {
    if (!std::holds_alternative<graph::DecisionForm>(node.form)) return node.uses;
    std::set<NodeId> out;
    const auto add = [&](const graph::Formula& f) {
        for (const auto slot : feel::slots_read(*f.expr)) out.insert(slot);
    };
    graph::for_each_formula(node, add, graph::Formulas::deciding);
    out.erase(graph.tested);
    return {out.begin(), out.end()};
}

std::vector<NodeId> fact_makers(const graph::Graph& graph, const Node& decision) {
    auto out = reached(graph, decision, [&](const Node& from) { return comes_of(graph, from); });
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
        return std::any_of(uses.begin(), uses.end(), [&](NodeId used) { return computed_.unknown_now(used, record); });
    });
}

std::string Guard::fill(const Node& decision, std::size_t rule, std::size_t record,
                        const Reading& as_things_are) const {
    const auto& fired = std::get<graph::DecisionForm>(decision.form).rules[rule];
    const auto& reason = fired.because.recorded();
    if (!rests_on_blanks(decision, fired, as_things_are)) return exec::fill(reason, as_things_are, graph_);
    return exec::fill(reason, Completions(graph_, computed_, record, Blanks::all, members_, memories_, &fixed_),
                      graph_);
}

std::optional<std::size_t> Guard::last_to_decide(const Node& node, std::size_t record,
                                                 const Reading& as_things_are) const {
    std::size_t last = 0;
    const auto look_at = [&](const Reading& reading) {
        const auto answers = possible_answers(graph_, node, reading);
        for (const auto& ending : answers.endings) {
            const auto* fired = std::get_if<Outcome::Fired>(&ending.ending);
            if (!fired) return false;
            last = std::max(last, fired->rule);
        }
        return answers.complete && !answers.endings.empty();
    };
    if (!look_at(as_things_are)) return std::nullopt;
    for (const auto blanks : {Blanks::of_scores, Blanks::all})
        if (!look_at(Completions(graph_, computed_, record, blanks, members_, memories_, &fixed_))) return std::nullopt;
    return last;
}

std::map<NodeId, Reopened> Guard::reopened(const std::vector<NodeId>& nodes, std::size_t record) const {
    std::map<NodeId, Reopened> out;
    std::unique_ptr<Completions> of_scores, all;  // one reading of the record for all nodes
    const auto filled = [&](std::unique_ptr<Completions>& reading, Blanks blanks, NodeId id) {
        if (!reading)
            reading = std::make_unique<Completions>(graph_, computed_, record, blanks, members_, memories_, &fixed_);
        auto found = reading->abstract(id);
        if (same(found, computed_.now(id, record))) return std::optional<AbstractValue>();
        if (found.low) found.low = found.low->rounded(kept_decimals, feel::Rounding::floor);
        if (found.high) found.high = found.high->rounded(kept_decimals, feel::Rounding::ceiling);
        return std::optional(std::move(found));
    };
    for (const auto id : nodes) {
        const bool decision = graph::decision_of(graph_.node(id));  // an open one may come to more than it says
        if (!decision && feel::is_unknown(computed_.now(id, record))) continue;
        if (!has_say(graph_.node(id), record)) continue;
        Reopened found{{}, filled(all, Blanks::all, id)};
        if (!found.all) continue;  // nor does it with fewer blanks put back
        found.of_scores = filled(of_scores, Blanks::of_scores, id);
        out.emplace(id, std::move(found));
    }
    return out;
}

bool Guard::look_again(const Node& node, std::size_t record, Decided& decided) const {
    const auto& decision = *graph::decision_of(node);
    left_open_.erase(node.id);
    if (decision.adverse.empty() || !has_say(node, record)) return false;
    if (decided.outcome.conflict()) return false;
    const auto* open = decided.outcome.open();
    const bool adverse = !open && decision.is_adverse(decided.value);
    const Completions filled(graph_, computed_, record, adverse ? Blanks::all : Blanks::of_scores, members_, memories_,
                             &fixed_);
    Settling settling;
    auto again = decide_node(graph_, node, filled, keeps_settling_ ? &settling : nullptr);
    if (const auto* now = again.outcome.open()) {
        // Where nobody can be harmed the authors' way of scoring decides, or waits for what it waits for.
        const bool other =
            open && (now->anything != open->anything ||
                     !feel::identical(Value(feel::List(now->possible)), Value(feel::List(open->possible))));
        if (!adverse && !other && !now->anything && !any_adverse(decision, now->possible)) return false;
    } else if (!open && feel::identical(again.value, decided.value)) {
        if (!adverse || again.outcome.rule() == decided.outcome.rule()) return false;
    } else if (!adverse && decision.is_adverse(again.value)) {
        // So far only the scores' blanks were filled in; an adverse outcome needs all.
        const Completions all(graph_, computed_, record, Blanks::all, members_, memories_, &fixed_);
        const auto surely = decide_node(graph_, node, all);
        const bool sure = surely.outcome.settled() && feel::identical(surely.value, again.value) &&
                          surely.outcome.rule() == again.outcome.rule();
        if (open && !sure) return false;
        if (!sure) {
            again = leave_open({{decided.value, again.value}}, filled.open_causes(node), decision);
            settling = {node.uses};
        }
    }
    if (keeps_settling_ && again.outcome.open())
        left_open_[node.id] = {std::move(settling), adverse ? Blanks::all : Blanks::of_scores};
    decided = std::move(again);
    decided.outcome.filled = adverse ? Outcome::Filled::all : Outcome::Filled::of_scores;
    return true;
}

}  // namespace zoneval::exec
