// Decisions to kernels: which rule hits. Rows that wait for data, and outcomes that are not plain, are put in doubt and
// so left to the reference evaluator.
#include <algorithm>
#include <numeric>

#include "engine/exec/compile/compiler.hpp"
#include "engine/feel/evaluation/eval.hpp"

namespace zoneval::exec {

using feel::Value;
using graph::NodeId;

namespace {

constexpr std::size_t most_rules = 250;  // DecisionColumn has a byte

IfMissing if_missing(const model::Rule& rule) {
    IfMissing out;
    for (const auto& [kind, counts] : rule.if_missing) {
        auto& bits = counts ? out.counts_true : out.counts_false;
        bits = static_cast<Mask>(bits | (1u << static_cast<unsigned>(kind)));
    }
    return out;
}

bool is_declared(const Value& value, const model::Decision& decision) {
    return decision.values.empty() || decision.declares(value);
}

}  // namespace

const std::optional<Compiler::Verdict>& Compiler::verdict(NodeId id) {
    const bool is_new = verdicts_.try_emplace(id).second;
    if (is_new) {
        const auto before = std::exchange(at_, id);
        const auto tested = std::exchange(tested_, std::nullopt);
        auto doubts = std::exchange(doubts_, {});
        auto compiled = compile_verdict(inputs_.graph->node(id));
        if (compiled) compiled->doubts = std::move(doubts_);
        verdicts_[id] = std::move(compiled);
        doubts_ = std::move(doubts);
        at_ = before;
        tested_ = tested;
    }
    return verdicts_.at(id);
}

std::optional<Compiler::Verdict> Compiler::compile_verdict(const graph::Node& n) {
    std::vector<Line> lines;
    std::vector<Maybe> values;
    const auto outcome = [this](const graph::OutcomeForm& form) {
        return form.value ? constant(*form.value) : expression(*form.formula.expr);
    };
    if (const auto* list = std::get_if<graph::RuleListForm>(&n.form)) {
        for (const auto& rule : list->rules) {
            const auto condition = expression(*rule.when.expr);
            if (!condition || condition->shape != Shape::truth || condition->null) return std::nullopt;
            lines.push_back({*condition, if_missing(*rule.rule)});
            values.push_back(outcome(rule.then));
        }
        if (list->otherwise) values.push_back(outcome(list->otherwise));
        auto out = hit(*list->decision, lines, values, static_cast<bool>(list->otherwise));
        return with_outcomes(n, lines, values, static_cast<bool>(list->otherwise), std::move(out));
    }
    const auto* table = std::get_if<graph::TableForm>(&n.form);
    if (!table) return std::nullopt;
    for (const auto& row : table->rows) {
        const auto condition = row_condition(*table, row);
        if (!condition) return std::nullopt;
        lines.push_back({*condition, {}});
        values.push_back(expression(*row.outcome.expr));
    }
    if (table->otherwise) values.push_back(expression(*table->otherwise.expr));
    auto out = hit(*table->decision, lines, values, static_cast<bool>(table->otherwise));
    return with_outcomes(n, lines, values, static_cast<bool>(table->otherwise), std::move(out));
}

std::optional<Compiler::Verdict> Compiler::with_outcomes(const graph::Node& n, const std::vector<Line>& lines,
                                                         const std::vector<Maybe>& values, bool has_default,
                                                         std::optional<Verdict> out) {
    const auto& decision = *graph::decision_of(n);
    if (!out || !outcomes(decision, values, has_default, *out)) return std::nullopt;
    out->lines = lines;
    if (!decision.adverse.empty() && !guard(n, values, *out)) return std::nullopt;
    return out;
}

Compiler::Maybe Compiler::row_condition(const graph::TableForm& table, const graph::TableForm::Row& row) {
    Maybe out;
    for (std::size_t i = 0; i < row.tests.size(); ++i) {
        const auto* cell = row.tests[i].expr->as<feel::UnaryTests>();
        if (cell && cell->any) continue;
        const auto input = expression(*table.inputs[i].expr);
        if (!input || input->null) return std::nullopt;
        tested_ = input;
        const auto result = expression(*row.tests[i].expr);
        tested_.reset();
        if (!result || result->shape != Shape::truth || result->null) return std::nullopt;
        out = out ? junction(*out, *result, false) : result;
    }
    return out ? out : constant(Value(true));
}

namespace {

/// The rules in the order in which the first that holds decides (decide.cpp); nullopt: that cannot be told beforehand.
std::optional<std::vector<std::size_t>> order_of_trial(const model::Decision& decision,
                                                       const std::vector<const Value*>& outcomes) {
    std::vector<std::size_t> out(outcomes.size());
    std::iota(out.begin(), out.end(), std::size_t{0});
    if (decision.policy() != "priority") return out;
    if (std::find(outcomes.begin(), outcomes.end(), nullptr) != outcomes.end()) return std::nullopt;
    const auto place = [&](std::size_t rule) {
        return std::find_if(decision.values.begin(), decision.values.end(),
                            [&](const Value& v) { return feel::identical(v, *outcomes[rule]); });
    };
    std::stable_sort(out.begin(), out.end(), [&](std::size_t a, std::size_t b) { return place(a) < place(b); });
    return out;
}

}  // namespace

std::optional<Compiler::Verdict> Compiler::hit(const model::Decision& decision, const std::vector<Line>& lines,
                                               const std::vector<Maybe>& values, bool has_default) {
    const auto& policy = decision.policy();
    const bool first = policy == "first",
               known = first || policy == "unique" || policy == "any" || policy == "priority";
    if (!known || lines.size() > most_rules) return std::nullopt;
    std::vector<const Value*> outcomes;
    for (std::size_t r = 0; r < lines.size(); ++r) outcomes.push_back(values[r] ? values[r]->constant : nullptr);
    const auto order = order_of_trial(decision, outcomes);
    if (!order) return std::nullopt;
    Verdict out;
    out.hit = byte_constant(has_default ? static_cast<std::uint8_t>(lines.size()) : DecisionColumn::none);
    Ref open = byte_constant(0);
    // From the last to the first: the first that holds stays; open where one before it is unknown.
    for (auto rule = order->rbegin(); rule != order->rend(); ++rule) {
        const auto& [condition, missing] = lines[*rule];
        auto holds = condition.data;
        const auto unknown = static_cast<Mask>(condition.kinds & mask_unknown);
        const bool may_be_open = (unknown & ~missing.counts_false) != 0;
        Instruction i;
        i.a = condition.data, i.b = condition.mask;
        i.missing = missing;
        if (may_be_open && missing.counts_true != 0) {
            i.op = Op::rule_holds;
            holds = emit(i, Shape::truth);
        }
        out.hit = choose_bytes(holds, byte_constant(static_cast<std::uint8_t>(*rule)), out.hit);
        if (first && open != byte_constant(0)) open = choose_bytes(holds, byte_constant(0), open);
        if (!may_be_open) continue;
        i.op = Op::rule_open;
        i.a = condition.mask, i.b = open;
        open = emit(i, Shape::truth);
    }
    if (open != byte_constant(0)) put_in_doubt(open);
    if (out.hit < 0) {  // without rules
        Instruction fill;
        fill.op = Op::fill;
        fill.a = out.hit;
        out.hit = emit(fill, Shape::truth);
    }
    if (first) return out;
    // Every rule counts: one that is unknown is in doubt already.
    if (!decision.adverse.empty() && policy != "unique") return std::nullopt;
    for (const auto& line : lines)
        if (line.missing.counts_false || line.missing.counts_true) return std::nullopt;
    if (policy == "any") doubt_conflicts(lines, outcomes);
    if (policy == "unique") doubt_conflicts(lines, std::vector<const Value*>(lines.size()));
    return out;
}

/// Where a second rule holds and may not give the same outcome, the reference evaluator judges.
void Compiler::doubt_conflicts(const std::vector<Line>& lines, const std::vector<const Value*>& outcomes) {
    for (std::size_t r = 1; r < lines.size(); ++r) {
        Ref others = byte_constant(0);
        for (std::size_t before = 0; before < r; ++before) {
            const bool same = outcomes[r] && outcomes[before] && feel::identical(*outcomes[r], *outcomes[before]);
            if (!same) others = either(others, lines[before].condition.data);
        }
        if (others == byte_constant(0)) continue;
        Instruction both;
        both.op = Op::bytes_and;
        both.a = others, both.b = lines[r].condition.data;
        put_in_doubt(emit(both, Shape::truth));
    }
}

void Compiler::put_in_doubt(Ref lanes) {
    Instruction i;
    i.op = Op::bytes_add;
    i.out = doubt();
    i.a = lanes;
    add(i);
    doubts_.push_back(lanes);
}

/// The value of each outcome; rows whose outcome is null or not declared are put in doubt. False: not even the rule is
/// of use, because an outcome without a kernel may be undeclared.
bool Compiler::outcomes(const model::Decision& decision, const std::vector<Maybe>& values, bool has_default,
                        Verdict& out) {
    bool plain = true, same_shape = true;
    for (const auto& v : values) {
        if (!v || v->null) return false;
        plain = plain && v->constant && v->mask == no_ref;
        same_shape = same_shape && v->shape == values.front()->shape && v->days == values.front()->days;
        if (v->constant && !is_declared(*v->constant, decision)) return false;
    }
    if (!plain && (!same_shape || values.front()->shape != Shape::code)) return false;
    if (!same_shape || values.empty()) return plain;
    Val value;
    const auto shape = value.shape = values.front()->shape;
    value.days = values.front()->days;
    if (plain && shape == Shape::code) {
        std::vector<std::uint16_t> codes;
        for (const auto& v : values) codes.push_back(program_.codes[static_cast<std::size_t>(-2 - v->data)]);
        value.own = add_own({out.hit, true, std::move(codes)});
    } else {
        Maybe chosen = values.back();
        for (std::size_t r = values.size() - 1; r-- > 0;) {
            Val condition;
            condition.shape = Shape::truth;
            condition.data = is_hit(out.hit, static_cast<std::uint8_t>(r));
            chosen = choose(condition, *values[r], *chosen);
            if (!chosen) return plain;
        }
        value = shared_codes(*chosen);
        value.constant = nullptr;
    }
    if (!plain) {
        Val declared = *constant(Value(decision.values.empty()));
        for (const auto& v : decision.values) {
            const auto equal = raw_compare(feel::BinaryOp::equal, value, *constant(v));
            if (!equal) return false;
            declared = junction(declared, *equal, true);
        }
        Instruction i;
        i.op = Op::negate;
        i.a = declared.data;
        put_in_doubt(emit(i, Shape::truth));
        if (value.mask != no_ref) put_in_doubt(is_null(value, true).data);
        value.mask = no_ref;
        value.kinds = 0;
    }
    if (!has_default) {  // where no rule holds, the value is a plain null
        value.mask = choose_bytes(is_hit(out.hit, DecisionColumn::none), byte_constant(mask_plain), byte_constant(0));
        value.kinds = mask_plain;
        if (value.shape == Shape::truth) value.data = known_truth(value.data, value.mask);
    }
    out.value = value;
    return true;
}

}  // namespace zoneval::exec
