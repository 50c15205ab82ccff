// A blank that occurs twice: `x >= 50 and s < 35` with s = 10 + x / 2 holds for no x, though each half can. The domain
// of the blank is split where formulas compare it, or what is computed of it alone, and the decision tried in each
// part.
#include <algorithm>
#include <functional>
#include <set>

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
    return of.kind == graph::NodeKind::input || graph::is_from_outside(of);
}

/// Calls f(value, with) for everything that an expression compares, either way round; ends of ranges one by one. Of a
/// table's cell `tested` is the value.
template <class F>
void each_comparison(const feel::Expr& expression, const feel::Expr* tested, const F& f) {
    const auto both = [&](const feel::Expr& a, const feel::Expr& b) { f(a, b), f(b, a); };
    const auto* b = expression.as<feel::Binary>();
    if (b && b->op >= feel::BinaryOp::equal && b->op <= feel::BinaryOp::greater_equal) both(*b->left, *b->right);
    if (const auto* between = expression.as<feel::Between>())
        f(*between->value, *between->low), f(*between->value, *between->high);
    const auto* in = expression.as<feel::In>();
    const auto* cell = expression.as<feel::UnaryTests>();
    if (const auto* value = in ? in->value.get() : cell ? tested : nullptr)
        for (const auto& test : in ? in->tests : cell->tests) {
            const auto* range = test.expression->as<feel::RangeExpr>();
            if (!range) f(*value, *test.expression);
            if (range && range->start) f(*value, *range->start);
            if (range && range->end) f(*value, *range->end);
        }
    feel::for_each_child(expression, [&](const feel::Expr& child) { each_comparison(child, tested, f); });
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

/// How nodes come from one datum.
class ComesFrom {
  public:
    ComesFrom(const graph::Graph& graph, NodeId datum) : ways_(graph.nodes.size()) {
        ways_[at(datum)] = Way::formulas;
        for (const auto id : graph.order) {
            const auto& node = graph.node(id);
            const bool formula = std::holds_alternative<graph::ExpressionForm>(node.form);
            for (const auto used : id == datum ? std::vector<NodeId>() : node.uses)
                if (ways_[at(used)] != Way::none)
                    ways_[at(id)] = std::max(ways_[at(id)], formula ? ways_[at(used)] : Way::others);
        }
    }
    bool by_formulas(const feel::Expr& expression) const { return most(expression) == Way::formulas; }
    bool not_at_all(const feel::Expr& expression) const { return most(expression) == Way::none; }

  private:
    /// Formulas alone; or cohort functions, history and decisions as well.
    enum class Way : std::uint8_t { none, formulas, others };
    Way most(const feel::Expr& expression) const {
        auto out = Way::none;
        each_name(expression, [&](NodeId slot) { out = std::max(out, ways_[at(slot)]); });
        return out;
    }
    std::vector<Way> ways_;  ///< by node
};

/// The least number of [low, high] from which on `holds` is another than at low; nullopt: there is none, or it cannot
/// be told. Where it changes more than once, one of the places. `likely`: places that are tried first.
std::optional<Decimal> change(Decimal low, Decimal high, const std::set<Decimal>& likely,
                              const std::function<std::optional<bool>(Decimal)>& holds) {
    constexpr int most_steps = 400;  // more than from 1E30 to the last digit
    const auto at_low = holds(low), at_high = holds(high);
    if (!at_low || !at_high || *at_low == *at_high) return std::nullopt;
    for (auto place = likely.upper_bound(low); place != likely.end() && *place < high; ++place) {
        const auto here = holds(*place);
        if (!here) return std::nullopt;
        (*here == *at_low ? low : high) = *place;
    }
    if (const auto below = high.next_below(); likely.contains(high) && below > low && holds(below) == at_low)
        return high;
    for (int step = 0; step < most_steps; ++step) {
        if (low.next_above() >= high) return high;
        auto middle = (low + high) / Decimal(2);
        if (middle <= low || middle >= high) middle = low.next_above();  // rounded away, a few last digits apart
        const auto here = holds(middle);
        if (!here) return std::nullopt;
        (*here == *at_low ? low : high) = middle;
    }
    return std::nullopt;
}

}  // namespace

/// Everything that the decision learns of the datum goes through one name, and it is that name which is compared: what
/// the places say of it is put together by the cases of the decision (possible_answers).
bool Guard::one_name_tells(const Node& decision, const Repeated& datum) const {
    const feel::Name* name = nullptr;
    for (const auto& comparison : datum.compared) {
        const auto* here = comparison.value->as<feel::Name>();
        if (!here || (name && here->slot != name->slot)) return false;
        name = here;
    }
    if (!name || name->slot == datum.datum) return false;
    std::set<NodeId> reached{datum.datum};  // around that name
    for (const auto id : graph_.order) {
        const auto uses = comes_of(graph_, graph_.node(id));
        if (id != name->slot && std::any_of(uses.begin(), uses.end(), [&](NodeId u) { return reached.contains(u); }))
            reached.insert(id);
    }
    return !reached.contains(decision.id);
}

const std::vector<Guard::Repeated>& Guard::repeated(const Node& decision) const {
    const auto [place, is_new] = repeated_.try_emplace(decision.id);
    if (!is_new) return place->second;
    std::map<NodeId, int> ways{{decision.id, 1}};  // from a node to the decision; more than one is enough
    std::vector<Comparison> comparisons;
    std::set<NodeId> data;
    const auto read = [&](NodeId by, NodeId of) { ways[of] = std::min(ways[of] + ways[by], 2); };
    for (auto id = graph_.order.rbegin(); id != graph_.order.rend(); ++id) {
        if (!ways.contains(*id)) continue;
        const auto& node = graph_.node(*id);
        const auto add_comparisons = [&](const graph::Formula& formula, const graph::Formula* tested) {
            each_comparison(*formula.expr, tested ? tested->expr.get() : nullptr,
                            [&](const feel::Expr& value, const feel::Expr& with) {
                                comparisons.push_back({&value, &with, formula.source});
                            });
        };
        graph::for_each_formula(
            node,
            [&](const graph::Formula& formula) {
                each_name(*formula.expr, [&](NodeId slot) {
                    read(*id, slot);
                    if (is_datum(graph_, slot)) data.insert(slot);
                });
                // What a score compares its parts with does not make them jump.
                if (!node.of_score && !formula.expr->as<feel::UnaryTests>()) add_comparisons(formula, nullptr);
            },
            graph::Formulas::deciding);
        if (const auto* form = std::get_if<graph::DecisionForm>(&node.form))
            for (const auto& rule : form->rules)
                for (const auto& condition : rule.conditions)
                    if (condition.tested) add_comparisons(condition.formula, condition.tested);
        if (const auto* cohort = std::get_if<graph::CohortForm>(&node.form)) {
            read(*id, cohort->value);
            if (cohort->group) read(*id, *cohort->group);
        }
    }
    for (const auto datum : data) {
        if (ways[datum] < 2) continue;
        const ComesFrom comes_from(graph_, datum);
        Repeated out{datum, {}};
        for (const auto& c : comparisons)
            if (comes_from.by_formulas(*c.value) && comes_from.not_at_all(*c.with)) out.compared.push_back(c);
        if (one_name_tells(decision, out)) out.compared.clear();
        place->second.push_back(std::move(out));
    }
    return place->second;
}

std::vector<NodeId> Guard::taken_apart(const Node& decision) const {
    std::vector<NodeId> out;
    if (graph::decision_of(decision)->adverse.empty()) return out;
    for (const auto& datum : repeated(decision)) {
        const auto& type = graph_.node(datum.datum).type;
        if (!datum.compared.empty() || !type || type->kind != feel::Type::Kind::number) out.push_back(datum.datum);
    }
    return out;
}

std::vector<AbstractValue> Guard::parts_of(const Repeated& datum, std::size_t record) const {
    const Completions as_it_is(graph_, computed_, record, Blanks::of_scores, members_, memories_, &fixed_);
    const auto whole = as_it_is.abstract(datum.datum);  // NOLINT: a copy, for what is kept may go meanwhile
    std::vector<AbstractValue> out;
    for (const auto& option : whole.options) out.push_back({option, {}, {}, {}});
    const auto& type = graph_.node(datum.datum).type;
    if (!out.empty() || !type || type->kind != feel::Type::Kind::number || datum.compared.empty()) return out;
    std::set<Decimal> starts;  // of parts but the first
    // Where the datum itself is compared, what is computed of it changes, too, more often than elsewhere.
    for (const bool itself : {true, false})
        for (const auto& comparison : datum.compared) {
            const auto* name = comparison.value->as<feel::Name>();
            if ((name && name->slot == datum.datum) != itself) continue;
            add_changes(datum.datum, comparison, whole, record, starts);
            if (starts.size() >= most_parts) return {};
        }
    auto low = whole.low;
    for (const auto& start : starts) {
        out.push_back(between(low, start.next_below(), whole.value));
        low = start;
    }
    out.push_back(between(low, whole.high, whole.value));
    return out;
}

/// Where, as the datum grows, what is compared comes to be the same as what it is compared with, and to exceed it.
void Guard::add_changes(NodeId datum, const Comparison& compared, const AbstractValue& whole, std::size_t record,
                        std::set<Decimal>& starts) const {
    const auto inside = [&](const Decimal& d) {
        return (!whole.low || *whole.low < d) && (!whole.high || d <= *whole.high);
    };
    const auto* name = compared.value->as<feel::Name>();
    const Completions as_it_is(graph_, computed_, record, Blanks::of_scores, members_, memories_, &fixed_);
    const auto with = as_it_is.value(*compared.with, compared.source);
    const auto* limit = with.number();
    if (!limit) return;
    if (name && name->slot == datum) {
        for (const auto& start : {*limit, limit->next_above()})
            if (inside(start)) starts.insert(start);
        return;
    }
    const auto at = [&](const Decimal& d) {
        const Assumption assumed{datum, {Value(d), {}, {}, {}}};
        const Completions filled(graph_, computed_, record, Blanks::of_scores, members_, memories_, &fixed_, &assumed);
        return filled.value(*compared.value, compared.source);
    };
    const auto farthest = *Decimal::parse("1E30"), least = *Decimal::parse("1E-30");
    auto low = whole.low.value_or(-farthest), high = whole.high.value_or(farthest);
    if (!at(low).number()) low = low + least;  // as a divisor of zero
    for (const bool or_same : {true, false}) {
        const auto start = change(low, high, starts, [&](const Decimal& d) -> std::optional<bool> {
            const auto value = at(d);
            if (!value.number()) return std::nullopt;
            return or_same ? *value.number() < *limit : *value.number() <= *limit;
        });
        if (start && inside(*start)) starts.insert(*start);
    }
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
    decided.outcome.taken_apart = tried > 0;
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
