#include "engine/exec/decisions/reading.hpp"

#include <fmt/format.h>

#include "engine/exec/decisions/completions.hpp"
#include "engine/exec/decisions/decide.hpp"
#include "engine/exec/results/labels.hpp"
#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/value/cause.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::exec {

using feel::Value;
using graph::Node;

std::optional<bool> Reading::counts_as(const graph::DecisionForm::Rule& rule, const Value& condition) const {
    return exec::counts_as(*rule.rule, condition);
}

Value Reading::condition(const graph::DecisionForm::Rule& rule) const {
    auto out = raw_condition(rule);
    const auto settled = counts_as(rule, out);
    return settled ? Value(*settled) : out;
}

Value Reading::raw_condition(const graph::DecisionForm::Rule& rule) const {
    Value unknown;
    for (const auto& [formula, tested] : rule.conditions) {
        auto result = tested ? cell(formula, *tested) : truth(*formula.expr, formula.source);
        if (feel::is_unknown(result))
            unknown = std::move(result);
        else if (!result.is_true())
            return Value(false);
    }
    return unknown.cause() ? unknown : Value(true);
}

Value FrameReading::value(const feel::Expr& expression, const SourcePtr& source) const {
    return source_ ? in_parts(expression, source) : whole(expression, source);
}

Value FrameReading::whole(const feel::Expr& expression, const SourcePtr& source) const {
    if (source_) source_->fill(expression);
    auto out = feel::evaluate(expression, frame_, {feel::NullMeaning::unknown, source});
    if (source_) source_->found(expression, source, out);
    return out;
}

/// Where a part is neither true nor false, the evaluator says what that comes to.
Value FrameReading::in_parts(const feel::Expr& expression, const SourcePtr& source) const {
    if (const auto* choice = expression.as<feel::If>()) {
        const auto condition = in_parts(*choice->condition, source);
        if (condition.boolean()) return in_parts(*condition.boolean() ? *choice->then : *choice->otherwise, source);
    }
    const auto* junction = expression.as<feel::Binary>();
    if (!junction || (junction->op != feel::BinaryOp::and_ && junction->op != feel::BinaryOp::or_))
        return whole(expression, source);
    const bool deciding = junction->op == feel::BinaryOp::or_;
    const auto left = in_parts(*junction->left, source);
    if (left.boolean() && *left.boolean() == deciding) return deciding;
    const auto right = in_parts(*junction->right, source);
    if (right.boolean() && *right.boolean() == deciding) return deciding;
    return left.boolean() && right.boolean() ? Value(!deciding) : whole(expression, source);
}

Value FrameReading::cell(const graph::Formula& tests, const graph::Formula& tested) const {
    auto input = value(*tested.expr, tested.source);
    if (source_) source_->fill(*tests.expr);
    frame_[static_cast<std::size_t>(graph_.tested)] = std::move(input);
    return feel::evaluate(*tests.expr, frame_, {feel::NullMeaning::unknown, tests.source});
}

std::optional<Bounds> FrameReading::bounds(graph::NodeId id) const { return bounds_known(node(id)); }

std::vector<Value> frame_of(const Evaluation& evaluation, std::size_t record) {
    std::vector<Value> out(evaluation.graph->nodes.size());
    for (const auto& node : evaluation.graph->nodes)
        if (node.id != evaluation.graph->tested)
            out[static_cast<std::size_t>(node.id)] = evaluation.value(node.id, record);
    return out;
}

Value given_null(const Node& node) { return feel::null_because(feel::reasons::formula_gives_null(node.name)); }

std::vector<Value> still_possible(const Value& unknown) {
    return unknown.cause() ? unknown.cause()->possible : std::vector<Value>();
}

std::optional<Bounds> bounds_known(const Value& unknown) {
    const auto& cause = unknown.cause();
    if (!cause || (!cause->low && !cause->high)) return std::nullopt;
    return Bounds{cause->low, cause->high};
}

namespace {

/// Between what an unknown number lies, as far as its definition is rounded, or bounds are kept; empty: that is not
/// known.
std::string range_text(const graph::Formula& formula, const Reading& reading, const graph::Graph& graph,
                       wording::Language language) {
    const auto bounds = reading.bounds(*formula.expr, formula.source);
    if (!bounds || !bounds->low || !bounds->high) return "";
    const auto* name = formula.expr->as<feel::Name>();
    const auto decimals = name && name->slot >= 0 ? graph.node(name->slot).decimals : std::nullopt;
    const auto shown = [&](const feel::Decimal& bound, feel::Rounding outwards) {
        return bound.rounded(decimals.value_or(kept_decimals), outwards).to_string();
    };
    return wording::say(
        wording::Answer::from_to, language,
        {{"low", shown(*bounds->low, feel::Rounding::floor)}, {"high", shown(*bounds->high, feel::Rounding::ceiling)}});
}

/// A text with its formulas filled in: `shown` says how a value that is not null reads.
template <class Shown>
std::string filled(const graph::Template& reason, const Reading& reading, const graph::Graph& graph,
                   wording::Language language, const Shown& shown) {
    std::string out;
    for (const auto& part : reason.parts) {
        if (!part.formula) {
            out += part.text;
            continue;
        }
        const auto value = reading.value(*part.formula.expr, part.formula.source);
        if (!value.is_null()) {
            out += shown(part.formula, value);
            continue;
        }
        auto range = range_text(part.formula, reading, graph, language);
        // "null" is no word of the reader's.
        out += !range.empty()
                   ? std::move(range)
                   : fmt::format("({})", wording::say(feel::is_unknown(value) ? wording::Phrase::unknown
                                                                              : wording::Phrase::missing_not_applicable,
                                                      language));
    }
    return out;
}

/// What a formula is the value of; nullptr: it computes something.
const graph::Node* named_by(const graph::Graph& graph, const graph::Formula& formula) {
    const auto* name = formula.expr->as<feel::Name>();
    return name && name->slot >= 0 && name->items.empty() ? &graph.node(name->slot) : nullptr;
}

}  // namespace

std::string fill(const graph::Template& reason, const Reading& reading, const graph::Graph& graph) {
    return filled(reason, reading, graph, wording::Language::en,
                  [](const graph::Formula&, const Value& value) { return value.to_string(); });
}

bool has_reason(const Node& node, const Outcome& outcome) {
    const auto rule = outcome.rule();
    return rule && !std::get<graph::DecisionForm>(node.form).rules[*rule].because.empty();
}

namespace {

/// With the labels of outcomes and the words for what is missing.
std::string for_people(const graph::Template& text, const Reading& reading, const graph::Graph& graph,
                       wording::Language language) {
    return filled(text, reading, graph, language, [&](const graph::Formula& formula, const Value& value) {
        const auto* node = named_by(graph, formula);
        const bool is_word = !value.number() && !value.date();  // figures stand as the author computed them
        if (!is_word && !(node && labelled_by(graph, *node))) return value.to_string();
        return node ? shown(graph, *node, value, {}, language) : shown(Labels(), value, {}, language);
    });
}

/// What of a record's frame a text and the conditions read.
std::vector<Value> frame_for(const Evaluation& evaluation, const graph::Template& text, std::size_t record,
                             const std::vector<graph::Condition>& conditions = {}) {
    std::vector<Value> out(evaluation.graph->nodes.size());
    const auto add = [&](const graph::Formula& formula) {
        for (const auto slot : feel::slots_read(*formula.expr))
            if (slot != evaluation.graph->tested) out[static_cast<std::size_t>(slot)] = evaluation.value(slot, record);
    };
    for (const auto& part : text.parts)
        if (part.formula) add(part.formula);
    for (const auto& condition : conditions) {
        add(condition.formula);
        if (condition.tested) add(*condition.tested);
    }
    return out;
}

std::string filled_for_people(const Evaluation& evaluation, const graph::Template& text, std::size_t record,
                              wording::Language language) {
    auto frame = frame_for(evaluation, text, record);
    return for_people(text, FrameReading(*evaluation.graph, frame), *evaluation.graph, language);
}

}  // namespace

bool rests_on_blanks(const Node& decision, const graph::DecisionForm::Rule& fired, const Reading& as_things_are) {
    return !graph::decision_of(decision)->adverse.empty() && !as_things_are.condition(fired).is_true();
}

std::string reason_in(const Evaluation& evaluation, const Node& decision, const graph::DecisionForm::Rule& fired,
                      std::size_t record, wording::Language language) {
    if (fired.because.empty()) return "";
    const auto& graph = *evaluation.graph;
    const auto& reason = fired.because.in(wording::code(language));
    auto frame = frame_for(evaluation, reason, record, fired.conditions);
    const FrameReading as_things_are(graph, frame);
    if (!rests_on_blanks(decision, fired, as_things_are)) return for_people(reason, as_things_are, graph, language);
    EvaluatedCohort known(evaluation);
    const GatheredMembers gathered(known);
    const auto* members = evaluation.values->members();
    CompletionsMemories memories(graph);
    return for_people(reason, Completions(graph, known, record, Blanks::all, members ? *members : gathered, memories),
                      graph, language);
}

std::string cite_of(const Evaluation& evaluation, const graph::DecisionForm::Rule& rule, std::size_t record,
                    wording::Language language) {
    if (!rule.rule->cite) return "";
    if (rule.clause.empty()) return rule.rule->cite->to_string();
    auto cite = *rule.rule->cite;
    cite.clause = filled_for_people(evaluation, rule.clause, record, language);
    return cite.to_string();
}

std::optional<std::string> about_whom(const Evaluation& evaluation, const graph::Node& decision, std::size_t record,
                                      wording::Language language) {
    const auto& subject = std::get<graph::DecisionForm>(decision.form).subject;
    if (!subject) return std::nullopt;
    graph::Template text;
    text.parts.push_back({"", {feel::clone(*subject.expr), subject.source, subject.text}});
    return filled_for_people(evaluation, text, record, language);
}

}  // namespace zoneval::exec
