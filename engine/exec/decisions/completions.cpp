#include "engine/exec/decisions/completions.hpp"

#include <algorithm>

#include "engine/feel/evaluation/eval.hpp"

namespace zoneval::exec {

using feel::Decimal;
using feel::Value;
namespace reasons = feel::reasons;
using graph::Node;
using graph::NodeId;

namespace {

/// What a definition says about a value that is not known.
void add_domain(const graph::Graph& graph, NodeId id, AbstractValue& s) {
    const auto& node = graph.node(id);
    if (const auto* input = std::get_if<graph::InputForm>(&node.form)) {
        s.low = input->input->min;
        s.high = input->input->max;
        for (const auto& text : input->input->values) s.options.emplace_back(text);
    }
    if (const auto* other = std::get_if<graph::OtherForm>(&node.form)) {
        s.low = other->other->min;
        s.high = other->other->max;
        for (const auto& text : other->other->values) s.options.emplace_back(text);
    }
    if (const auto* decision = graph::decision_of(node)) s.options = decision->values;
    if (s.options.empty() && node.type && node.type->kind == feel::Type::Kind::boolean)
        s.options = {Value(true), Value(false)};
}

}  // namespace

const Value& EvaluatedCohort::now(NodeId node, std::size_t record) {
    const auto [place, is_new] = asked_.try_emplace({node, record});
    if (is_new) place->second = of(node, record);
    return place->second;
}

Value EvaluatedCohort::of(NodeId node, std::size_t record) {
    return node == evaluation_.graph->tested ? Value() : evaluation_.value(node, record);
}

Completions::Completions(const graph::Graph& graph, Computed& computed, std::size_t record, Blanks blanks,
                         const CohortMembers& members, CompletionsMemories& memories, const Fixed* fixed,
                         const Assumption* assumed)
    : graph_(graph),
      computed_(computed),
      record_(record),
      blanks_(blanks),
      members_(members),
      fixed_(fixed),
      assumed_(assumed),
      memories_(memories),
      memory_(memories.take()) {
    ++memory_->turn;
}

namespace {

std::shared_ptr<const ExpressionParts> parts_of(const graph::Graph& graph) {
    ExpressionParts parts;
    for (const auto& node : graph.nodes)
        graph::for_each_formula(
            node, [&](const graph::Formula& f) { parts.add(*f.expr); }, graph::Formulas::deciding);
    return std::make_shared<const ExpressionParts>(std::move(parts));
}

}  // namespace

CompletionsMemory::CompletionsMemory(const graph::Graph& graph, std::shared_ptr<const ExpressionParts> all)
    : parts(std::move(all)), made(graph.nodes.size()), turns(graph.nodes.size()), frame(graph.nodes.size()) {}

std::unique_ptr<CompletionsMemory> CompletionsMemories::take() {
    if (!parts_) parts_ = parts_of(graph_);
    if (free_.empty()) return std::make_unique<CompletionsMemory>(graph_, parts_);
    auto out = std::move(free_.back());
    free_.pop_back();
    return out;
}

const AbstractValue& Completions::abstract(int slot) const {
    auto& made = memory_->made[at(slot)];
    if (memory_->turns[at(slot)] == memory_->turn) return made;
    auto* kept = assumed_ || (fixed_ && *fixed_) ? nullptr : memories_.kept();
    if (auto* place = kept && kept->stays(slot) ? kept->find(slot, record_) : nullptr) {
        auto& filled = place->filled[static_cast<std::size_t>(blanks_)];
        if (!filled) filled = make(graph_.node(slot));
        return *filled;
    }
    made = computed_.without_blanks(slot, record_) ? AbstractValue{now(slot), {}, {}, {}} : make(graph_.node(slot));
    memory_->turns[at(slot)] = memory_->turn;
    return made;
}

const Value& Completions::now(int slot) const { return computed_.now(slot, record_); }

bool Completions::there_when_filled(int slot) const {
    const auto filled_in = [](const Node& node) { return node.of_score || node.kind == graph::NodeKind::input; };
    const auto& node = graph_.node(slot);
    const auto* history = std::get_if<graph::HistoryForm>(&node.form);
    return filled_in(node) || (history && (history->list || filled_in(graph_.node(history->of))));
}

NullTests Completions::null_tests(bool of_score) const {
    if (of_score) return NullTests::of_score;
    return blanks_ == Blanks::all ? NullTests::filled : NullTests::as_things_are;
}

/// Open, or known to be something else than it is with the blanks blank (`if x = null then …`).
bool Completions::is_other(NodeId id) const {
    const auto& filled = abstract(id);
    return filled.open() || feel::is_unknown(now(id)) || !feel::identical(filled.value, now(id));
}

bool Completions::reads_other(const Node& node) const {
    return std::any_of(node.uses.begin(), node.uses.end(), [&](NodeId used) { return is_other(used); });
}

AbstractValue Completions::open(const Node& node, feel::Fact fact, Bounds bounds) const {
    feel::Cause cause;
    cause.fact = std::move(fact);
    cause.because = open_causes(node);
    return {Value::null(feel::make_cause(std::move(cause))), bounds.low, bounds.high, {}};
}

std::vector<feel::CausePtr> Completions::open_causes(const Node& node) const {
    std::vector<feel::CausePtr> out;
    const bool decides = graph::decision_of(node) != nullptr;
    const auto of_decision = decides ? comes_of(graph_, node) : std::vector<NodeId>();
    for (const auto used : decides ? of_decision : node.uses)
        if (const auto& s = abstract(used); s.open()) out.push_back(s.value.cause());
    return out;
}

AbstractValue Completions::make(const Node& node) const {
    if (fixed_ && *fixed_ && (*fixed_)(node.id, record_)) return {now(node.id), {}, {}, {}};
    if (assumed_ && assumed_->datum == node.id) return assumed_->part;
    if (node.settled_as_is) return {now(node.id), {}, {}, {}};
    if (std::holds_alternative<graph::InputForm>(node.form)) return of_input(node);
    if (const auto* cohort = std::get_if<graph::CohortForm>(&node.form)) return of_cohort(node, *cohort);
    if (const auto* history = std::get_if<graph::HistoryForm>(&node.form)) return of_history(node, *history);
    if (const auto* e = std::get_if<graph::ExpressionForm>(&node.form)) return of_expression(node, e->formula);
    if (graph::decision_of(node)) return of_decision(node);
    return {now(node.id), {}, {}, {}};
}

AbstractValue Completions::of_input(const Node& node) const {
    AbstractValue out{now(node.id), {}, {}, {}};
    if (out.open()) add_domain(graph_, node.id, out);
    out.there = out.open();
    return out;
}

AbstractValue Completions::of_history(const Node& node, const graph::HistoryForm& form) const {
    if (const auto* reopened = computed_.put_back(node.id, record_))
        if (const auto* filled = reopened->with(blanks_)) return *filled;
    AbstractValue out{now(node.id), {}, {}, {}};
    if (!form.list) {
        if (!out.open()) return out;
        out.options = still_possible(out.value);
        if (out.options.empty()) add_domain(graph_, form.of, out);
        if (const auto within = bounds_known(out.value)) out.low = within->low, out.high = within->high;
        out.there = graph_.node(form.of).kind == graph::NodeKind::input;
        return out;
    }
    // A list counts as open when this year's value is, or when an element is to be filled in.
    if (abstract(form.of).open()) return open(node, reasons::this_year_depends(node.name), {});
    if (blanks_ != Blanks::all || !out.value.list()) return out;
    for (const auto& element : *out.value.list())
        if (feel::is_unknown(element)) return {Value::null(element.cause()), {}, {}, {}};
    return out;
}

AbstractValue Completions::of_expression(const Node& node, const graph::Formula& formula) const {
    auto out = abstract_value_of(*formula.expr, *this, null_tests(node.of_score), formula.source);
    if (out.value.is_null() && !out.value.cause()) {
        out.value = given_null(node);
        out.certainly_null = true;
    }
    if (!out.open() || out.certainly_null) return out;
    if (node.low && (!out.low || *out.low < *node.low)) out.low = node.low;
    if (node.high && (!out.high || *out.high > *node.high)) out.high = node.high;
    const auto& nominal = now(node.id);
    if (node.of_score && nominal.number() && out.low && out.high) {
        auto why = reasons::score_between(node.name, {nominal, node.decimals}, {Value(*out.low), node.decimals},
                                          {Value(*out.high), node.decimals});
        return open(node, std::move(why), {out.low, out.high});
    }
    return out;
}

AbstractValue Completions::of_decision(const Node& node) const {
    if (!reads_other(node)) return {now(node.id), {}, {}, {}};
    AbstractValue out{decide_node(graph_, node, *this).value, {}, {}, {}};
    if (out.open()) out.options = still_possible(out.value);
    return out;
}

Value Completions::value(const feel::Expr& expression, const SourcePtr& source) const {
    return abstract_value_of(expression, *this, null_tests(false), source).value;
}

Value Completions::truth(const feel::Expr& expression, const SourcePtr& source) const {
    auto out = abstract_value_of(expression, *this, null_tests(false), source);
    const bool never = out.open() && !out.options.empty() &&
                       std::none_of(out.options.begin(), out.options.end(), [](const Value& v) { return v.is_true(); });
    return never ? Value(false) : std::move(out.value);
}

Value Completions::cell(const graph::Formula& tests, const graph::Formula& tested) const {
    for (const auto slot : feel::slots_read(*tests.expr))  // another table's cells must not come between
        if (slot != graph_.tested) abstract(slot);
    memory_->made[at(graph_.tested)] = abstract_value_of(*tested.expr, *this, null_tests(false), tested.source);
    memory_->turns[at(graph_.tested)] = memory_->turn;
    return truth(*tests.expr, tests.source);
}

/// `if missing` answers for what is missing now, not for what a score has left out.
std::optional<bool> Completions::counts_as(const graph::DecisionForm::Rule& rule, const Value& condition) const {
    if (blanks_ == Blanks::all || rule.rule->if_missing.empty() || !feel::is_unknown(condition)) return std::nullopt;
    std::vector<Value> frame(size());
    const auto& when = rule.conditions.front().formula;  // tables have no `if missing`
    for (const auto slot : feel::slots_read(*when.expr)) frame[at(slot)] = now(slot);
    return exec::counts_as(*rule.rule, feel::evaluate(*when.expr, frame, {feel::NullMeaning::unknown, when.source}));
}

std::optional<Bounds> Completions::bounds(NodeId id) const {
    const auto& s = abstract(id);
    return Bounds{s.low, s.high};
}

std::optional<Bounds> Completions::bounds(const feel::Expr& expression, const SourcePtr& source) const {
    const auto s = abstract_value_of(expression, *this, null_tests(false), source);
    return Bounds{s.low, s.high};
}

std::optional<Value> Completions::settled(const feel::Expr& expression, const SourcePtr& source) const {
    auto out = abstract_value_of(expression, *this, null_tests(false), source);
    return out.value.boolean() ? std::optional(std::move(out.value)) : std::nullopt;
}

}  // namespace zoneval::exec
