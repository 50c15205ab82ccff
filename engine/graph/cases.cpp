#include "engine/graph/cases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/feel/builtins/builtins.hpp"
#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/syntax/never_true.hpp"
#include "engine/feel/syntax/print.hpp"
#include "engine/feel/value/reason.hpp"

namespace zoneval::graph {

using feel::BinaryOp;
using feel::is_null_literal;
using feel::Type;
using feel::Value;

namespace {

bool is_comparison(BinaryOp op) { return op >= BinaryOp::equal && op <= BinaryOp::greater_equal; }
bool is_connective(BinaryOp op) { return op == BinaryOp::and_ || op == BinaryOp::or_; }

/// Of a look back: of what it looks back at.
Type::Kind type_of(const Graph& graph, NodeId id) {
    const auto& node = graph.node(id);
    if (const auto* history = std::get_if<HistoryForm>(&node.form); history && !history->list)
        return type_of(graph, history->of);
    return node.type ? node.type->kind : Type::Kind::any;
}

bool is_splittable(Type::Kind kind) {
    return kind == Type::Kind::number || kind == Type::Kind::string || kind == Type::Kind::boolean ||
           kind == Type::Kind::date;
}

/// Whether a simple condition asks more of a value than which one it is.
bool orders(const feel::Expr& expr) {
    if (const auto* b = expr.as<feel::Binary>()) return b->op >= BinaryOp::less;
    const auto ranges = [](const std::vector<feel::Test>& tests) {
        return std::any_of(tests.begin(), tests.end(),
                           [](const auto& t) { return t.expression->template as<feel::RangeExpr>(); });
    };
    if (const auto* in = expr.as<feel::In>()) return ranges(in->tests);
    if (const auto* cell = expr.as<feel::UnaryTests>()) return ranges(cell->tests);
    return expr.as<feel::Between>() != nullptr;
}

}  // namespace

CaseAnalysis::CaseAnalysis(const Graph& graph, Known known, NullTests null_tests)
    : graph_(graph), known_(std::move(known)), null_tests_(null_tests) {}

int CaseAnalysis::new_slot() { return static_cast<int>(graph_.nodes.size()) + extra_slots_++; }

std::optional<Value> CaseAnalysis::constant(const feel::Expr& expr) const {
    if (const auto* literal = expr.as<feel::Literal>()) return literal->value;
    if (const auto* negate = expr.as<feel::Negate>()) {
        const auto inner = constant(*negate->operand);
        if (inner && inner->number()) return Value(-*inner->number());
    }
    if (const auto* name = expr.as<feel::Name>(); name && name->slot >= 0)
        if (const auto value = known_(name->slot); value && !value->is_null()) return value;
    return std::nullopt;
}

const feel::Name* CaseAnalysis::variable_name(const feel::Expr& expr) const {
    const auto* name = expr.as<feel::Name>();
    if (!name || name->slot < 0 || known_(name->slot)) return nullptr;
    return is_splittable(type_of(graph_, name->slot)) ? name : nullptr;
}

/// One name against constants: cases of the name settle it.
bool CaseAnalysis::is_simple(const feel::Expr& expr) const {
    if (const auto* b = expr.as<feel::Binary>(); b && is_comparison(b->op))
        return (variable_name(*b->left) && constant(*b->right)) || (variable_name(*b->right) && constant(*b->left));
    if (const auto* between = expr.as<feel::Between>())
        return variable_name(*between->value) && constant(*between->low) && constant(*between->high);
    const auto simple_test = [&](const feel::Test& test) {
        if (test.mentions_input || is_null_literal(*test.expression)) return false;
        if (constant(*test.expression)) return true;
        if (const auto* range = test.expression->as<feel::RangeExpr>())
            return (!range->start || constant(*range->start)) && (!range->end || constant(*range->end));
        if (const auto* list = test.expression->as<feel::ListExpr>())
            return std::all_of(list->items.begin(), list->items.end(),
                               [&](const auto& i) { return constant(*i).has_value(); });
        return false;
    };
    if (const auto* in = expr.as<feel::In>())
        return variable_name(*in->value) && std::all_of(in->tests.begin(), in->tests.end(), simple_test);
    if (const auto* tests = expr.as<feel::UnaryTests>())
        return tests->any ||
               (variable_name(*tests->input) && std::all_of(tests->tests.begin(), tests->tests.end(), simple_test));
    return false;
}

std::size_t CaseAnalysis::variable_of(NodeId node) {
    for (std::size_t i = 0; i < variables_.size(); ++i)
        if (variables_[i].node == node) return i;
    variables_.push_back({CaseVariable::Kind::node, node, graph_.node(node).name, "", {}, node, -1, {node}});
    return variables_.size() - 1;
}

void CaseAnalysis::note_constants(NodeId node, const feel::Expr& expr) {
    if (const auto value = constant(expr)) {
        if (!value->is_null()) constants_[node].push_back(*value);
        return;
    }
    feel::for_each_child(expr, [&](const feel::Expr& child) {
        const auto* name = child.as<feel::Name>();
        if (!name || name->slot != node) note_constants(node, child);
    });
}

feel::ExprPtr CaseAnalysis::keep_simple(const feel::Expr& expr) {
    NodeId node = -1;
    const auto look = [&](const feel::Expr& child) {
        if (const auto* name = variable_name(child)) node = name->slot;
    };
    feel::for_each_child(expr, look);
    if (node >= 0) {
        variable_of(node);
        if (orders(expr)) ordered_.insert(node);
        feel::for_each_child(expr, [&](const feel::Expr& child) {
            if (!variable_name(child)) note_constants(node, child);
        });
    }
    return feel::clone(expr);
}

std::vector<NodeId> CaseAnalysis::unknown_nodes(const feel::Expr& expr) const {
    std::vector<NodeId> out;
    for (const auto slot : feel::slots_read(expr))
        if (!known_(slot)) out.push_back(slot);
    return out;
}

feel::ExprPtr CaseAnalysis::atom(const feel::Expr& expr) {
    const auto label = feel::to_feel(expr);
    const auto [place, is_new] = derived_.try_emplace(label, variables_.size());
    if (is_new)
        variables_.push_back({CaseVariable::Kind::atom,
                              -1,
                              label,
                              "",
                              {Value(true), Value(false)},
                              new_slot(),
                              -1,
                              unknown_nodes(expr)});
    return feel::make_name(expr.span, label, variables_[place->second].slot);
}

/// `a < b` becomes `order of a and b < 0`, so that <, = and > of the same two exclude each other.
feel::ExprPtr CaseAnalysis::order(const feel::Expr& expr, const feel::Binary& comparison) {
    const auto left = feel::to_feel(*comparison.left), right = feel::to_feel(*comparison.right);
    const bool turned = right < left;
    const auto& first = turned ? right : left;
    const auto& second = turned ? left : right;
    const auto [place, is_new] = derived_.try_emplace(first + " <=> " + second, variables_.size());
    if (is_new)
        variables_.push_back({CaseVariable::Kind::order,
                              -1,
                              first,
                              second,
                              {Value(-1), Value(0), Value(1)},
                              new_slot(),
                              -1,
                              unknown_nodes(expr)});
    auto name = feel::make_name(expr.span, first, variables_[place->second].slot);
    auto zero = feel::make_literal(expr.span, Value(0));
    if (turned) std::swap(name, zero);
    return feel::make_expr(expr.span, feel::Binary{comparison.op, std::move(name), std::move(zero)});
}

/// `x = null` asks something else than x: a slot of its own answers it.
feel::ExprPtr CaseAnalysis::null_test(const feel::Expr& expr, const feel::Binary& comparison) {
    if (null_tests_ == NullTests::settled) {
        std::vector<Value> now(graph_.nodes.size());
        for (const auto slot : feel::slots_read(expr))
            now[static_cast<std::size_t>(slot)] = known_(slot).value_or(open_);
        return feel::make_literal(expr.span, feel::evaluate(expr, now, {feel::NullMeaning::unknown, nullptr}));
    }
    const auto& asked = is_null_literal(*comparison.left) ? *comparison.right : *comparison.left;
    const auto* name = variable_name(asked);
    if (!name) return known_ && constant(asked) ? feel::clone(expr) : atom(expr);
    auto& variable = variables_[variable_of(name->slot)];
    if (variable.null_slot < 0) variable.null_slot = new_slot();
    auto answer = feel::make_name(expr.span, variable.label + " = null", variable.null_slot);
    auto wanted = feel::make_literal(expr.span, Value(comparison.op == BinaryOp::equal));
    return feel::make_expr(expr.span, feel::Binary{BinaryOp::equal, std::move(answer), std::move(wanted)});
}

feel::ExprPtr CaseAnalysis::rewrite(const feel::Expr& expr, bool as_condition) {
    if (settle_ && as_condition)
        if (auto value = settle_(expr, source_)) return feel::make_literal(expr.span, std::move(*value));
    const auto* comparison = expr.as<feel::Binary>();
    if (comparison && !is_comparison(comparison->op)) comparison = nullptr;
    const bool asks_null = comparison && (is_null_literal(*comparison->left) || is_null_literal(*comparison->right));
    if (asks_null && comparison->op >= BinaryOp::less) return feel::make_literal(expr.span, Value());  // null for any x
    if (asks_null) return settle_ ? atom(expr) : null_test(expr, *comparison);
    if (is_simple(expr)) return keep_simple(expr);
    if (auto parts = rewrite_parts(expr, as_condition)) return parts;
    return rewrite_leaf(expr, comparison, as_condition);
}

/// What joins conditions is kept, over its parts rewritten; nullptr for anything else.
feel::ExprPtr CaseAnalysis::rewrite_parts(const feel::Expr& expr, bool as_condition) {
    if (const auto* b = expr.as<feel::Binary>(); b && is_connective(b->op))
        return feel::make_expr(expr.span, feel::Binary{b->op, rewrite(*b->left, true), rewrite(*b->right, true)});
    if (const auto* call = expr.as<feel::Call>(); call && call->builtin == "not" && call->arguments.size() == 1) {
        auto copy = feel::clone(expr);
        copy->as<feel::Call>()->arguments[0] = rewrite(*call->arguments[0], true);
        return copy;
    }
    if (const auto* choice = expr.as<feel::If>())
        return feel::make_expr(expr.span,
                               feel::If{rewrite(*choice->condition, true), rewrite(*choice->then, as_condition),
                                        rewrite(*choice->otherwise, as_condition)});
    if (const auto* cell = expr.as<feel::UnaryTests>(); cell && !cell->any)
        return rewrite_tests(expr, *cell->input, cell->tests, cell->negated);
    // In `in`, `?` is a local of the whole.
    if (const auto* in = expr.as<feel::In>();
        in && std::none_of(in->tests.begin(), in->tests.end(), [](const auto& t) { return t.mentions_input; }))
        return rewrite_tests(expr, *in->value, in->tests, false);
    return nullptr;
}

/// Tests with conditions of their own (`? > x`, `not(?)`) or for null are these conditions, joined by `or`; nullptr for
/// other tests.
feel::ExprPtr CaseAnalysis::rewrite_tests(const feel::Expr& expr, const feel::Expr& input,
                                          const std::vector<feel::Test>& tests, bool negated) {
    const auto asks_null = [](const feel::Test& t) { return is_null_literal(*t.expression); };
    const auto is_condition = [&](const feel::Test& t) { return t.mentions_input || asks_null(t); };
    if (std::none_of(tests.begin(), tests.end(), is_condition)) return nullptr;
    feel::ExprPtr joined;
    for (const auto& test : tests) {
        feel::ExprPtr part;
        if (test.mentions_input) {
            part = rewrite(*test.expression, true);
        } else if (asks_null(test)) {
            feel::Binary asked{BinaryOp::equal, feel::clone(input), feel::clone(*test.expression)};
            part = rewrite(*feel::make_expr(expr.span, std::move(asked)), true);
        } else {
            feel::UnaryTests one{feel::clone(input), false, false, {}};
            one.tests.push_back({feel::clone(*test.expression), false});
            part = rewrite(*feel::make_expr(expr.span, std::move(one)), true);
        }
        joined = joined ? feel::make_expr(expr.span, feel::Binary{BinaryOp::or_, std::move(joined), std::move(part)})
                        : std::move(part);
    }
    if (!negated) return joined;
    feel::Call negation;
    negation.builtin = "not";
    negation.overloads = feel::builtin_set("not");
    negation.arguments.push_back(std::move(joined));
    return feel::make_expr(expr.span, std::move(negation));
}

feel::ExprPtr CaseAnalysis::rewrite_leaf(const feel::Expr& expr, const feel::Binary* comparison, bool as_condition) {
    if (const auto* name = variable_name(expr)) {
        variable_of(name->slot);
        return feel::clone(expr);
    }
    if (constant(expr) || feel::slots_read(expr).empty()) return feel::clone(expr);
    const auto slots = feel::slots_read(expr);
    const bool all_known = std::all_of(slots.begin(), slots.end(), [&](int s) { return known_(s).has_value(); });
    if (all_known) return feel::clone(expr);
    if (comparison) return order(expr, *comparison);
    return as_condition ? atom(expr) : feel::clone(expr);
}

void CaseAnalysis::note_variables(CaseCondition& condition) const {
    const auto slots = feel::slots_read(*condition.expr);
    for (std::size_t i = 0; i < variables_.size(); ++i)
        if (std::binary_search(slots.begin(), slots.end(), variables_[i].slot) ||
            std::binary_search(slots.begin(), slots.end(), variables_[i].null_slot))
            condition.variables.push_back(i);
}

std::size_t CaseAnalysis::add(const Formula& formula) {
    source_ = formula.source;
    CaseCondition out{rewrite(*formula.expr, true), formula.source, {}};
    note_variables(out);
    conditions_.push_back(std::move(out));
    return conditions_.size() - 1;
}

std::size_t CaseAnalysis::add_tests(const Formula& tests, const Formula& tested) {
    auto expr = feel::clone(*tests.expr);
    const std::function<void(feel::ExprPtr&)> put_in = [&](feel::ExprPtr& e) {
        if (const auto* name = e->as<feel::Name>(); name && name->slot == graph_.tested)
            e = feel::clone(*tested.expr);
        else
            feel::for_each_child(*e, put_in);
    };
    put_in(expr);
    return add(Formula{std::move(expr), tests.source, tests.text});
}

void CaseAnalysis::close() {
    for (auto& variable : variables_) variable.cases = cases_of(variable);
    frame_.assign(graph_.nodes.size() + static_cast<std::size_t>(extra_slots_), Value());
    for (const auto& condition : conditions_)
        for (const auto slot : feel::slots_read(*condition.expr))
            if (static_cast<std::size_t>(slot) < graph_.nodes.size())
                if (auto value = known_(slot)) frame_[static_cast<std::size_t>(slot)] = std::move(*value);
    for (const auto& variable : variables_)
        for (const auto slot : {variable.slot, variable.null_slot})
            if (slot >= 0) frame_[static_cast<std::size_t>(slot)] = open_;
    make_room_for_answers();
}

void CaseAnalysis::make_room_for_answers() {
    constexpr std::size_t most_answers = 256;
    answers_.assign(conditions_.size(), {});
    for (std::size_t c = 0; c < conditions_.size(); ++c) {
        std::size_t choices = 1;
        for (const auto i : conditions_[c].variables)
            choices = std::min(choices * (variables_[i].cases.size() + 1), most_answers + 1);
        if (choices > most_answers) continue;
        answers_[c].values.resize(choices);
        answers_[c].known.resize(choices);
    }
}

void CaseAnalysis::enter(std::size_t i, int chosen) const {
    const auto& variable = variables_[i];
    auto& value = frame_[static_cast<std::size_t>(variable.slot)];
    value = chosen < 0 ? open_ : variable.cases[static_cast<std::size_t>(chosen)];
    if (variable.null_slot >= 0)
        frame_[static_cast<std::size_t>(variable.null_slot)] = chosen < 0 ? open_ : Value(value.is_null());
}

Value CaseAnalysis::evaluate_afresh(const CaseCondition& condition, const Choice& choice) const {
    for (const auto i : condition.variables) enter(i, choice[i]);
    return feel::evaluate(*condition.expr, frame_, {feel::NullMeaning::unknown, condition.source});
}

const Value& CaseAnalysis::evaluate(std::size_t condition, const Choice& choice) const {
    const auto& c = conditions_[condition];
    auto& answers = answers_[condition];
    if (answers.values.empty()) return answer_ = evaluate_afresh(c, choice);
    std::size_t place = 0;
    for (const auto i : c.variables)
        place = place * (variables_[i].cases.size() + 1) + static_cast<std::size_t>(choice[i] + 1);
    if (!answers.known[place]) {
        answers.values[place] = evaluate_afresh(c, choice);
        answers.known[place] = true;
    }
    return answers.values[place];
}

/// Conditions stand in the order in which they were added, so the first that is unknown is the one that matters first.
std::optional<std::size_t> CaseAnalysis::next_variable(const Choice& choice) const {
    for (std::size_t c = 0; c < conditions_.size(); ++c) {
        const auto& used = conditions_[c].variables;
        const auto open = std::find_if(used.begin(), used.end(), [&](std::size_t i) { return choice[i] < 0; });
        if (open != used.end() && feel::is_unknown(evaluate(c, choice))) return *open;
    }
    return std::nullopt;
}

struct CaseAnalysis::Search {
    const std::function<Judgement(const Choice&)>& judge;
    const std::function<bool(const Choice&)>& visit;
    std::size_t& budget;
    bool stopped = false, exhausted = false;
};

void CaseAnalysis::descend(Search& search, Choice& choice) const {
    if (search.budget == 0) {
        search.exhausted = true;
        return;
    }
    --search.budget;
    const auto judgement = search.judge(choice);
    if (judgement == Judgement::no) return;
    if (judgement == Judgement::yes) {
        search.stopped = !search.visit(choice);
        return;
    }
    const auto next = next_variable(choice);
    if (!next) return;
    for (std::size_t c = 0; c < variables_[*next].cases.size() && !search.stopped && !search.exhausted; ++c) {
        choice[*next] = static_cast<int>(c);
        descend(search, choice);
    }
    choice[*next] = -1;
}

bool CaseAnalysis::search(Choice choice, const std::function<Judgement(const Choice&)>& judge,
                          const std::function<bool(const Choice&)>& visit, std::size_t& budget) const {
    Search search{judge, visit, budget};
    descend(search, choice);
    return !search.exhausted;
}

std::string CaseAnalysis::describe(const Choice& choice) const {
    std::string out;
    for (std::size_t i = 0; i < variables_.size(); ++i) {
        if (choice[i] < 0) continue;
        const auto& value = variables_[i].cases[static_cast<std::size_t>(choice[i])];
        if (!out.empty()) out += ", ";
        const auto& variable = variables_[i];
        if (variable.kind == CaseVariable::Kind::atom)
            out += value.is_true() ? variable.label : fmt::format("not({})", variable.label);
        else if (variable.kind == CaseVariable::Kind::order)
            out += fmt::format("{} {} {}", variable.label,
                               choice[i] == 0   ? "<"
                               : choice[i] == 1 ? "="
                                                : ">",
                               variable.other);
        else
            out += fmt::format("{} = {}", variable.label, value.is_null() ? "(absent)" : value.to_feel());
    }
    return out.empty() ? "any record" : out;
}

}  // namespace zoneval::graph
