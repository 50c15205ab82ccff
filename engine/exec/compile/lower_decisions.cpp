#include "engine/exec/compile/lower_decisions.hpp"

#include <algorithm>
#include <numeric>

#include "engine/exec/columns/rule_outcomes.hpp"

namespace zoneval::exec {

using feel::HitPolicy;
using feel::Value;

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

/// The value of each rule's outcome where it is the same for every record, else nullptr.
std::vector<const Value*> constants_of(const std::vector<Maybe>& outcomes, std::size_t rules) {
    std::vector<const Value*> out;
    for (std::size_t r = 0; r < rules; ++r) out.push_back(outcomes[r] ? outcomes[r]->constant : nullptr);
    return out;
}

/// The rules in the order in which the first that holds decides (decide.cpp); nullopt: that cannot be told beforehand.
std::optional<std::vector<std::size_t>> order_of_trial(const model::Decision& decision,
                                                       const std::vector<const Value*>& outcomes) {
    std::vector<std::size_t> out(outcomes.size());
    std::iota(out.begin(), out.end(), std::size_t{0});
    if (decision.hit_policy != HitPolicy::priority) return out;
    if (std::find(outcomes.begin(), outcomes.end(), nullptr) != outcomes.end()) return std::nullopt;
    const auto place = [&](std::size_t rule) {
        return std::find_if(decision.values.begin(), decision.values.end(),
                            [&](const Value& v) { return feel::identical(v, *outcomes[rule]); });
    };
    std::stable_sort(out.begin(), out.end(), [&](std::size_t a, std::size_t b) { return place(a) < place(b); });
    return out;
}

}  // namespace

std::optional<CompiledDecision> DecisionLowering::decision(const graph::Node& node) {
    const auto* form = std::get_if<graph::DecisionForm>(&node.form);
    if (!form) return std::nullopt;
    CompiledDecision out;
    Outcomes outcomes;
    const auto outcome = [this](const graph::OutcomeForm& of) {
        return of.value ? constants_.compiled(*of.value) : formulas_.formula(*of.formula.expr);
    };
    for (const auto& rule : form->rules) {
        const auto condition = formulas_.all_of(rule.conditions);
        if (!condition) return std::nullopt;
        out.rules.push_back({*condition, if_missing(*rule.rule)});
        outcomes.push_back(outcome(rule.then));
    }
    if (gathers(node)) return all_hits(std::move(out));
    const bool has_default = static_cast<bool>(form->otherwise);
    if (has_default) outcomes.push_back(outcome(form->otherwise));
    const auto& decision = *form->decision;
    if (!hit(decision, outcomes, has_default, out)) return formulas_.refuse(Refusal::Why::hit_policy), std::nullopt;
    if (!set_value(decision, outcomes, has_default, out)) return formulas_.refuse(Refusal::Why::outcomes), std::nullopt;
    if (decision.adverse.empty()) return out;
    for (const auto lanes : second_look_.rows(node, outcomes, out)) look_again(lanes, out);
    return out;
}

/// The set of rules that hold; open where one of them is unknown (decide.cpp, all_hits).
std::optional<CompiledDecision> DecisionLowering::all_hits(CompiledDecision out) {
    const auto never = emitter_.byte(0);
    out.hit = never;
    Ref open = never;
    for (std::size_t r = 0; r < out.rules.size(); ++r) {
        const auto& condition = out.rules[r].condition;
        const auto bit =
            emitter_.choose_bytes(condition.data, emitter_.byte(static_cast<std::uint8_t>(1u << r)), never);
        out.hit = emitter_.either(out.hit, bit);
        if ((condition.kinds & mask_unknown) != 0)
            open = emitter_.emit(Op::rule_open, {condition.mask, open}, IfMissing{});
    }
    if (open != never) look_again(open, out);
    if (is_constant(out.hit)) out.hit = emitter_.emit(Op::fill, {out.hit});
    out.open = open;
    return out;
}

void DecisionLowering::put_in_doubt(Ref lanes, CompiledDecision& decision) {
    emitter_.add_onto(emitter_.doubt(), Op::bytes_add, {lanes});
    decision.doubts.push_back(lanes);
}

void DecisionLowering::look_again(Ref lanes, CompiledDecision& decision) {
    emitter_.add_onto(emitter_.again(), Op::bytes_add, {lanes});
    decision.doubts.push_back(lanes);
}

/// Which rule hits; false: by such a policy that cannot be told by columns.
bool DecisionLowering::hit(const model::Decision& decision, const Outcomes& outcomes, bool has_default,
                           CompiledDecision& out) {
    const auto policy = decision.hit_policy;
    const auto& rules = out.rules;
    const bool known = policy == HitPolicy::first || policy == HitPolicy::unique || policy == HitPolicy::any ||
                       policy == HitPolicy::priority;
    if (!known || rules.size() > most_rules) return false;
    const auto order = order_of_trial(decision, constants_of(outcomes, rules.size()));
    if (!order) return false;
    const auto never = emitter_.byte(0);
    Ref hit = emitter_.byte(has_default ? static_cast<std::uint8_t>(rules.size()) : DecisionColumn::none);
    Ref open = never;
    // From the last to the first: the first that holds stays; open where one before it is unknown.
    for (auto rule = order->rbegin(); rule != order->rend(); ++rule) {
        const auto& [condition, missing] = rules[*rule];
        auto holds = condition.data;
        const auto unknown = static_cast<Mask>(condition.kinds & mask_unknown);
        const bool may_be_open = (unknown & ~missing.counts_false) != 0;
        if (may_be_open && missing.counts_true != 0)
            holds = emitter_.emit(Op::rule_holds, {condition.data, condition.mask}, missing);
        hit = emitter_.choose_bytes(holds, emitter_.byte(static_cast<std::uint8_t>(*rule)), hit);
        if (policy == HitPolicy::first && open != never) open = emitter_.choose_bytes(holds, never, open);
        if (may_be_open) open = emitter_.emit(Op::rule_open, {condition.mask, open}, missing);
    }
    if (open != never) look_again(open, out);
    out.hit = hit < 0 ? emitter_.emit(Op::fill, {hit}) : hit;  // without rules
    return policy == HitPolicy::first || every_rule_counts(decision, outcomes, out);
}

/// Of other policies than `first`. A rule that is unknown is in doubt already.
bool DecisionLowering::every_rule_counts(const model::Decision& decision, const Outcomes& outcomes,
                                         CompiledDecision& out) {
    const auto policy = decision.hit_policy;
    if (!decision.adverse.empty() && policy != HitPolicy::unique) return false;
    for (const auto& rule : out.rules)
        if (rule.missing.counts_false || rule.missing.counts_true) return false;
    if (policy == HitPolicy::any) doubt_conflicts(out, constants_of(outcomes, out.rules.size()));
    if (policy == HitPolicy::unique) doubt_conflicts(out, std::vector<const Value*>(out.rules.size()));
    return true;
}

/// Where a second rule holds and may not give the same outcome, the reference evaluator judges.
void DecisionLowering::doubt_conflicts(CompiledDecision& out, const std::vector<const Value*>& outcomes) {
    for (std::size_t r = 1; r < out.rules.size(); ++r) {
        Ref others = emitter_.byte(0);
        for (std::size_t before = 0; before < r; ++before) {
            const bool same = outcomes[r] && outcomes[before] && feel::identical(*outcomes[r], *outcomes[before]);
            if (!same) others = emitter_.either(others, out.rules[before].condition.data);
        }
        if (others != emitter_.byte(0)) put_in_doubt(emitter_.both(others, out.rules[r].condition.data), out);
    }
}

/// The value of each outcome; rows whose outcome is not declared are put in doubt, those where it is null get a second
/// look. False: not even the rule is
/// of use, because an outcome without a kernel may be undeclared.
bool DecisionLowering::set_value(const model::Decision& decision, const Outcomes& outcomes, bool has_default,
                                 CompiledDecision& out) {
    bool plain = true, same_shape = true;
    for (const auto& v : outcomes) {
        if (!v || v->null) return false;
        plain = plain && v->constant && v->mask == no_ref;
        same_shape = same_shape && v->shape == outcomes.front()->shape && v->days == outcomes.front()->days;
        if (v->constant && !is_declared(*v->constant, decision)) return false;
    }
    if (!plain && (!same_shape || outcomes.front()->shape != Shape::code)) return false;
    if (!same_shape || outcomes.empty()) return plain;
    Compiled value;
    if (plain && outcomes.front()->shape == Shape::code) {
        std::vector<std::uint16_t> codes;
        for (const auto& v : outcomes) codes.push_back(emitter_.code_at(v->data));
        value.shape = Shape::code;
        value.own = texts_.add({out.hit, true, std::move(codes), {}});
    } else {
        const auto by_hit = chosen(outcomes, out.hit);
        if (!by_hit) return plain;
        value = texts_.shared(*by_hit);
        value.constant = nullptr;
    }
    if (!plain && !doubt_undeclared(decision, value, out)) return false;
    if (!has_default) {  // where no rule holds, the value is a plain null
        const auto none = emitter_.is_byte(out.hit, DecisionColumn::none);
        value.mask = emitter_.choose_bytes(none, emitter_.byte(mask_plain), emitter_.byte(0));
        value.kinds = mask_plain;
        if (value.shape == Shape::truth) value.data = emitter_.known_truth(value.data, value.mask);
    }
    out.value = value;
    return true;
}

/// By which rule hit.
Maybe DecisionLowering::chosen(const Outcomes& outcomes, Ref hit) {
    Maybe out = outcomes.back();
    for (std::size_t r = outcomes.size() - 1; r-- > 0 && out;) {
        Compiled condition;
        condition.shape = Shape::truth;
        condition.data = emitter_.is_byte(hit, static_cast<std::uint8_t>(r));
        out = conditions_.choose(condition, *outcomes[r], *out);
    }
    return out;
}

bool DecisionLowering::doubt_undeclared(const model::Decision& decision, Compiled& value, CompiledDecision& out) {
    Compiled declared = *constants_.compiled(Value(decision.values.empty()));
    for (const auto& v : decision.values) {
        const auto equal = conditions_.raw_compare(feel::BinaryOp::equal, value, *constants_.compiled(v));
        if (!equal) return false;
        declared = conditions_.junction(declared, *equal, true);
    }
    auto undeclared = emitter_.emit(Op::negate, {declared.data, no_ref});
    if (value.mask != no_ref) {
        const auto null = conditions_.is_null(value, true).data;
        look_again(null, out);
        undeclared = emitter_.both(undeclared, emitter_.emit(Op::negate, {null, no_ref}));
    }
    put_in_doubt(undeclared, out);
    value.mask = no_ref;
    value.kinds = 0;
    return true;
}

}  // namespace zoneval::exec
