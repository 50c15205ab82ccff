// A blank that occurs twice: `x >= 50 and s < 35` with s = 10 + x / 2 holds for no x, though each half can. The domain
// of the blank is split where formulas compare it, and the decision tried in each part.
#include <algorithm>

#include "engine/exec/decisions/completions.hpp"
#include "engine/exec/decisions/decide.hpp"
#include "engine/feel/evaluation/eval.hpp"

namespace zoneval::exec {

using feel::Decimal;
using feel::Value;
using graph::Node;
using graph::NodeId;

namespace {

constexpr std::size_t most_parts = 64;
constexpr std::size_t most_data = 4;  ///< tried one after the other

bool is_datum(const graph::Graph& graph, NodeId id) {
    const auto* history = std::get_if<graph::HistoryForm>(&graph.node(id).form);
    const auto& of = history && !history->list ? graph.node(history->of) : graph.node(id);
    return of.kind == graph::NodeKind::input;
}

bool names(const feel::Expr& expression, NodeId datum) {
    const auto* name = expression.as<feel::Name>();
    return name && name->slot == datum;
}

/// A number, or the name of one.
void add_constant(const feel::Expr& expression, std::vector<const feel::Expr*>& out) {
    const auto* literal = expression.as<feel::Literal>();
    const auto* name = expression.as<feel::Name>();
    if ((literal && literal->value.number()) || (name && name->slot >= 0)) out.push_back(&expression);
}

/// What an expression compares a datum with.
void add_compared(const feel::Expr& expression, NodeId datum, std::vector<const feel::Expr*>& out) {
    const auto* b = expression.as<feel::Binary>();
    if (b && b->op >= feel::BinaryOp::equal && b->op <= feel::BinaryOp::greater_equal) {
        if (names(*b->left, datum)) add_constant(*b->right, out);
        if (names(*b->right, datum)) add_constant(*b->left, out);
    }
    const auto* between = expression.as<feel::Between>();
    const auto* in = expression.as<feel::In>();
    if ((between && names(*between->value, datum)) || (in && names(*in->value, datum)))
        feel::for_each_child(expression, [&](const feel::Expr& child) {
            add_constant(child, out);
            feel::for_each_child(child, [&](const feel::Expr& end) { add_constant(end, out); });  // of a range
        });
    feel::for_each_child(expression, [&](const feel::Expr& child) { add_compared(child, datum, out); });
}

/// Calls f(slot) for every name, as often as it stands there.
template <class F>
void each_name(const feel::Expr& expression, const F& f) {
    if (const auto* name = expression.as<feel::Name>(); name && name->slot >= 0) f(name->slot);
    feel::for_each_child(expression, [&](const feel::Expr& child) { each_name(child, f); });
}

AbstractValue between(const std::optional<Decimal>& low, const std::optional<Decimal>& high, const Value& open) {
    if (low && high && *low == *high) return {Value(*low), {}, {}, {}};
    AbstractValue out{open, low, high, {}};
    out.there = true;
    return out;
}

}  // namespace

const std::vector<Guard::Repeated>& Guard::repeated(const Node& decision) const {
    const auto [place, is_new] = repeated_.try_emplace(decision.id);
    if (!is_new) return place->second;
    std::map<NodeId, int> ways{{decision.id, 1}};  // from a node to the decision; more than one is enough
    std::map<NodeId, std::vector<const feel::Expr*>> beside;
    const auto read = [&](NodeId by, NodeId of) { ways[of] = std::min(ways[of] + ways[by], 2); };
    for (auto id = graph_.order.rbegin(); id != graph_.order.rend(); ++id) {
        if (!ways.contains(*id)) continue;
        const auto& node = graph_.node(*id);
        graph::for_each_formula(
            node,
            [&](const graph::Formula& formula) {
                each_name(*formula.expr, [&](NodeId slot) { read(*id, slot); });
                for (const auto slot : feel::slots_read(*formula.expr))
                    if (is_datum(graph_, slot)) add_compared(*formula.expr, slot, beside[slot]);
            },
            graph::Formulas::deciding);
        if (const auto* cohort = std::get_if<graph::CohortForm>(&node.form)) {
            read(*id, cohort->value);
            if (cohort->group) read(*id, *cohort->group);
        }
    }
    for (auto& [id, constants] : beside)
        if (ways[id] > 1) place->second.push_back({id, std::move(constants)});
    return place->second;
}

std::vector<NodeId> Guard::taken_apart(const Node& decision) const {
    std::vector<NodeId> out;
    if (graph::decision_of(decision)->adverse.empty()) return out;
    for (const auto& datum : repeated(decision)) {
        const auto& type = graph_.node(datum.datum).type;
        if (!datum.beside.empty() || !type || type->kind != feel::Type::Kind::number) out.push_back(datum.datum);
    }
    return out;
}

std::vector<AbstractValue> Guard::parts_of(const Repeated& datum, std::size_t record) const {
    const Completions as_it_is(graph_, computed_, record, Blanks::of_scores, members_, memories_, &fixed_);
    const auto whole = as_it_is.abstract(datum.datum);
    std::vector<AbstractValue> out;
    for (const auto& option : whole.options) out.push_back({option, {}, {}, {}});
    const auto& type = graph_.node(datum.datum).type;
    if (!out.empty() || !type || type->kind != feel::Type::Kind::number) return out;
    std::vector<Decimal> cuts;
    for (const auto* constant : datum.beside) {
        const auto* name = constant->as<feel::Name>();
        const auto value = name ? computed_.now(name->slot, record) : constant->as<feel::Literal>()->value;
        const auto* cut = value.number();
        const bool inside = cut && (!whole.low || *whole.low <= *cut) && (!whole.high || *cut <= *whole.high);
        if (inside) cuts.push_back(*cut);
    }
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    if (cuts.empty() || 2 * cuts.size() + 1 > most_parts) return {};
    auto low = whole.low;
    for (const auto& cut : cuts) {
        if (!low || *low < cut) out.push_back(between(low, cut.next_below(), whole.value));
        out.push_back(between(cut, cut, whole.value));
        low = cut.next_above();
    }
    if (!whole.high || *low <= *whole.high) out.push_back(between(low, whole.high, whole.value));
    return out;
}

bool Guard::split(const Node& node, std::size_t record, Decided& decided) const {
    const auto& decision = *graph::decision_of(node);
    if (decision.adverse.empty() || !decided.outcome.open() || decided.outcome.open()->anything) return false;
    bool narrowed = false;
    std::size_t tried = 0;
    for (const auto& datum : repeated(node)) {
        if (!feel::is_unknown(computed_.now(datum.datum, record)) || ++tried > most_data) continue;
        narrowed = split_by(node, record, datum, decided) || narrowed;
        if (!decided.outcome.open()) break;
    }
    return narrowed;
}

bool Guard::split_by(const Node& node, std::size_t record, const Repeated& datum, Decided& decided) const {
    const auto& decision = *graph::decision_of(node);
    const auto before = decided.outcome.open()->possible.size();
    const bool all = decided.outcome.filled == Outcome::Filled::all;
    Possible possible;
    std::optional<Decided> first;
    bool settled = true;
    for (auto& part : parts_of(datum, record)) {
        const Assumption assumed{datum.datum, std::move(part)};
        const auto under = [&](Blanks blanks) {
            const Completions filled(graph_, computed_, record, blanks, members_, memories_, &fixed_, &assumed);
            return decide_node(graph_, node, filled);
        };
        auto one = under(all ? Blanks::all : Blanks::of_scores);
        if (!one.outcome.open() && decision.is_adverse(one.value) && !all) {
            auto surely = under(Blanks::all);
            const bool same = surely.outcome.settled() && feel::identical(surely.value, one.value) &&
                              surely.outcome.rule() == one.outcome.rule();
            settled = settled && same;
            if (!same) one = std::move(surely);  // what it may come to then is possible, too
        }
        if (one.outcome.conflict() || (one.outcome.open() && one.outcome.open()->anything)) return false;
        if (const auto* open = one.outcome.open())
            for (const auto& value : open->possible) possible.add(value);
        else
            possible.add(one.value);
        settled = settled && !one.outcome.open() &&
                  (!first || (feel::identical(first->value, one.value) &&
                              (!decision.is_adverse(one.value) || first->outcome.rule() == one.outcome.rule())));
        if (possible.values.size() >= before && !settled) return false;
        if (!first) first = std::move(one);
    }
    if (!first) return false;
    if (settled) {
        decided.value = std::move(first->value);
        decided.outcome.ending = std::move(first->outcome.ending);
        return true;
    }
    auto& open = std::get<Outcome::Open>(decided.outcome.ending);
    auto narrower = leave_open(possible, decided.value.cause()->because, decision);
    std::get<Outcome::Open>(narrower.outcome.ending).waiting_for = std::move(open.waiting_for);
    narrower.outcome.filled = decided.outcome.filled;
    decided = std::move(narrower);
    return true;
}

}  // namespace zoneval::exec
