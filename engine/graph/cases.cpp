#include "engine/graph/cases.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/feel/eval.hpp"
#include "engine/feel/print.hpp"

namespace zoneval::graph {

using feel::BinaryOp;
using feel::Decimal;
using feel::Type;
using feel::Value;

namespace {

bool is_comparison(BinaryOp op) { return op >= BinaryOp::equal && op <= BinaryOp::greater_equal; }
bool is_connective(BinaryOp op) { return op == BinaryOp::and_ || op == BinaryOp::or_; }

bool is_null_literal(const feel::Expr& expr) {
    const auto* literal = expr.as<feel::Literal>();
    return literal && literal->value.is_null();
}

Value open_value() { return Value::missing(feel::Missing::not_reported, "not chosen"); }
Value absent_value() { return Value::missing(feel::Missing::not_applicable, "absent"); }

/// What a definition says about the values of a node.
struct Domain {
    Type::Kind type = Type::Kind::any;
    std::optional<Decimal> min, max;
    std::vector<Value> values;
    bool may_be_absent = false;
};

Domain domain_of(const Graph& graph, NodeId id) {
    const auto& node = graph.node(id);
    if (const auto* history = std::get_if<HistoryForm>(&node.form); history && !history->list) {
        auto out = domain_of(graph, history->of);
        out.may_be_absent = true;
        return out;
    }
    Domain out;
    out.type = node.type ? node.type->kind : Type::Kind::any;
    if (const auto* input = std::get_if<InputForm>(&node.form)) {
        out.min = input->input->min;
        out.max = input->input->max;
        for (const auto& v : input->input->values) out.values.emplace_back(v);
        out.may_be_absent = input->input->blank == feel::Missing::not_applicable;
    }
    const model::Decision* decision = nullptr;
    if (const auto* list = std::get_if<RuleListForm>(&node.form)) decision = list->decision;
    if (const auto* table = std::get_if<TableForm>(&node.form)) decision = table->decision;
    if (decision) out.values = decision->values;
    return out;
}

bool is_splittable(Type::Kind kind) {
    return kind == Type::Kind::number || kind == Type::Kind::string || kind == Type::Kind::boolean || kind == Type::Kind::date;
}

bool allowed(const Domain& domain, Decimal number) {
    return (!domain.min || *domain.min <= number) && (!domain.max || number <= *domain.max);
}

/// Each constant, one number between neighbours, one below and one above, as far as the domain allows.
std::vector<Value> number_cases(std::vector<Decimal> constants, const Domain& domain) {
    if (domain.min) constants.push_back(*domain.min);
    if (domain.max) constants.push_back(*domain.max);
    std::sort(constants.begin(), constants.end());
    constants.erase(std::unique(constants.begin(), constants.end()), constants.end());
    if (constants.empty()) return {Value(Decimal(0))};
    std::vector<Value> out;
    const auto add = [&](Decimal number) {
        if (allowed(domain, number)) out.emplace_back(number);
    };
    add(constants.front() - Decimal(1));
    for (std::size_t i = 0; i < constants.size(); ++i) {
        add(constants[i]);
        if (i + 1 < constants.size()) add((constants[i] + constants[i + 1]) / Decimal(2));
    }
    add(constants.back() + Decimal(1));
    return out;
}

std::vector<Value> date_cases(const std::vector<Value>& constants) {
    std::vector<std::int64_t> days;
    for (const auto& c : constants)
        if (const auto* date = c.date())
            for (const auto near : {-1, 0, 1}) days.push_back(date->days_since_epoch() + near);
    std::sort(days.begin(), days.end());
    days.erase(std::unique(days.begin(), days.end()), days.end());
    std::vector<Value> out;
    for (const auto day : days) out.emplace_back(feel::Date::from_days(day));
    return out;
}

}  // namespace

CaseAnalysis::CaseAnalysis(const Graph& graph, Known known) : graph_(graph), known_(std::move(known)) {}

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
    return is_splittable(domain_of(graph_, name->slot).type) ? name : nullptr;
}

/// One name against constants: cases of the name settle it.
bool CaseAnalysis::is_simple(const feel::Expr& expr) const {
    if (const auto* b = expr.as<feel::Binary>(); b && is_comparison(b->op))
        return (variable_name(*b->left) && (constant(*b->right) || is_null_literal(*b->right))) ||
               (variable_name(*b->right) && (constant(*b->left) || is_null_literal(*b->left)));
    if (const auto* between = expr.as<feel::Between>())
        return variable_name(*between->value) && constant(*between->low) && constant(*between->high);
    const auto simple_test = [&](const feel::Test& test) {
        if (test.mentions_input) return false;
        if (constant(*test.expression)) return true;
        if (const auto* range = test.expression->as<feel::RangeExpr>())
            return (!range->start || constant(*range->start)) && (!range->end || constant(*range->end));
        if (const auto* list = test.expression->as<feel::ListExpr>())
            return std::all_of(list->items.begin(), list->items.end(), [&](const auto& i) { return constant(*i).has_value(); });
        return false;
    };
    if (const auto* in = expr.as<feel::In>())
        return variable_name(*in->value) && std::all_of(in->tests.begin(), in->tests.end(), simple_test);
    if (const auto* tests = expr.as<feel::UnaryTests>())
        return tests->any || (variable_name(*tests->input) && std::all_of(tests->tests.begin(), tests->tests.end(), simple_test));
    return false;
}

std::size_t CaseAnalysis::variable_of(NodeId node) {
    for (std::size_t i = 0; i < variables_.size(); ++i)
        if (variables_[i].node == node) return i;
    variables_.push_back({node, graph_.node(node).name, {}, node});
    return variables_.size() - 1;
}

void CaseAnalysis::note_constants(NodeId node, const feel::Expr& expr) {
    if (is_null_literal(expr)) tests_null_[node] = true;
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
        feel::for_each_child(expr, [&](const feel::Expr& child) {
            if (!variable_name(child)) note_constants(node, child);
        });
    }
    return feel::clone(expr);
}

feel::ExprPtr CaseAnalysis::atom(const feel::Expr& expr) {
    const auto label = feel::to_feel(expr);
    const auto [place, is_new] = atoms_.try_emplace(label, variables_.size());
    if (is_new) {
        const auto slot = static_cast<int>(graph_.nodes.size() + atoms_.size() - 1);
        variables_.push_back({-1, label, {Value(true), Value(false)}, slot});
    }
    return feel::make_name(expr.span, label, variables_[place->second].slot);
}

feel::ExprPtr CaseAnalysis::rewrite(const feel::Expr& expr, bool as_condition) {
    if (is_simple(expr)) return keep_simple(expr);
    if (const auto* b = expr.as<feel::Binary>(); b && is_connective(b->op))
        return feel::make_expr(expr.span, feel::Binary{b->op, rewrite(*b->left, true), rewrite(*b->right, true)});
    if (const auto* call = expr.as<feel::Call>(); call && call->builtin == "not" && call->arguments.size() == 1) {
        auto copy = feel::clone(expr);
        copy->as<feel::Call>()->arguments[0] = rewrite(*call->arguments[0], true);
        return copy;
    }
    if (const auto* choice = expr.as<feel::If>())
        return feel::make_expr(expr.span, feel::If{rewrite(*choice->condition, true), rewrite(*choice->then, as_condition),
                                                   rewrite(*choice->otherwise, as_condition)});
    if (const auto* name = variable_name(expr)) {
        variable_of(name->slot);
        return feel::clone(expr);
    }
    if (constant(expr) || feel::slots_read(expr).empty()) return feel::clone(expr);
    const auto slots = feel::slots_read(expr);
    const bool all_known = std::all_of(slots.begin(), slots.end(), [&](int s) { return known_(s).has_value(); });
    if (all_known) return feel::clone(expr);
    return as_condition ? atom(expr) : feel::clone(expr);
}

void CaseAnalysis::note_variables(CaseCondition& condition) const {
    const auto slots = feel::slots_read(*condition.expr);
    for (std::size_t i = 0; i < variables_.size(); ++i)
        if (std::binary_search(slots.begin(), slots.end(), variables_[i].slot)) condition.variables.push_back(i);
}

std::size_t CaseAnalysis::add(const Formula& formula) {
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

std::vector<Value> CaseAnalysis::cases_of(const CaseVariable& variable) const {
    if (variable.node < 0) return variable.cases;
    const auto domain = domain_of(graph_, variable.node);
    const auto found = constants_.find(variable.node);
    const auto constants = found == constants_.end() ? std::vector<Value>{} : found->second;
    std::vector<Value> out;
    if (!domain.values.empty()) {
        out = domain.values;
    } else if (domain.type == Type::Kind::boolean) {
        out = {Value(true), Value(false)};
    } else if (domain.type == Type::Kind::date) {
        out = date_cases(constants);
    } else if (domain.type == Type::Kind::string) {
        for (const auto& c : constants)
            if (std::none_of(out.begin(), out.end(), [&](const Value& v) { return feel::identical(v, c); })) out.push_back(c);
        out.emplace_back("something else");
    } else {
        std::vector<Decimal> numbers;
        for (const auto& c : constants)
            if (const auto* number = c.number()) numbers.push_back(*number);
        out = number_cases(std::move(numbers), domain);
    }
    if (domain.may_be_absent || tests_null_.contains(variable.node)) out.push_back(absent_value());
    return out;
}

void CaseAnalysis::close() {
    for (auto& variable : variables_) variable.cases = cases_of(variable);
    base_frame_.assign(graph_.nodes.size() + atoms_.size(), Value());
    for (const auto& node : graph_.nodes)
        if (auto value = known_(node.id)) base_frame_[static_cast<std::size_t>(node.id)] = std::move(*value);
    for (const auto& variable : variables_) base_frame_[static_cast<std::size_t>(variable.slot)] = open_value();
}

std::vector<Value> CaseAnalysis::frame(const Choice& choice) const {
    auto out = base_frame_;
    for (std::size_t i = 0; i < variables_.size(); ++i)
        if (choice[i] >= 0)
            out[static_cast<std::size_t>(variables_[i].slot)] = variables_[i].cases[static_cast<std::size_t>(choice[i])];
    return out;
}

Value CaseAnalysis::evaluate(std::size_t condition, const Choice& choice) const {
    const auto& c = conditions_[condition];
    return feel::evaluate(*c.expr, frame(choice), {feel::NullMeaning::unknown, c.source});
}

bool CaseAnalysis::descend(const std::function<Judgement(const Choice&)>& judge, const std::function<bool(const Choice&)>& visit,
                           Choice& choice, std::size_t next, std::size_t& budget, bool& stopped) const {
    if (budget == 0) return false;
    --budget;
    const auto judgement = judge(choice);
    if (judgement == Judgement::no) return true;
    if (judgement == Judgement::yes) {
        stopped = !visit(choice);
        return true;
    }
    if (next == variables_.size()) return true;
    for (std::size_t c = 0; c < variables_[next].cases.size() && !stopped; ++c) {
        choice[next] = static_cast<int>(c);
        if (!descend(judge, visit, choice, next + 1, budget, stopped)) return false;
    }
    choice[next] = -1;
    return true;
}

bool CaseAnalysis::search(const std::function<Judgement(const Choice&)>& judge, const std::function<bool(const Choice&)>& visit,
                          std::size_t limit) const {
    auto choice = open_choice();
    bool stopped = false;
    return descend(judge, visit, choice, 0, limit, stopped);
}

std::string CaseAnalysis::describe(const Choice& choice) const {
    std::string out;
    for (std::size_t i = 0; i < variables_.size(); ++i) {
        if (choice[i] < 0) continue;
        const auto& value = variables_[i].cases[static_cast<std::size_t>(choice[i])];
        if (!out.empty()) out += ", ";
        if (variables_[i].node < 0)
            out += value.is_true() ? variables_[i].label : fmt::format("not({})", variables_[i].label);
        else
            out += fmt::format("{} = {}", variables_[i].label, value.is_null() ? "(absent)" : value.to_feel());
    }
    return out.empty() ? "any record" : out;
}

}  // namespace zoneval::graph
