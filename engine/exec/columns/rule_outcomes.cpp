#include "engine/exec/columns/rule_outcomes.hpp"

namespace zoneval::exec {

using feel::Value;

std::size_t rules_of(const graph::Node& decision) { return std::get<graph::DecisionForm>(decision.form).rules.size(); }

const Value* fixed_outcome(const graph::Node& decision, std::uint8_t rule) {
    static const Value nothing;
    if (rule == DecisionColumn::open) return nullptr;
    if (rule == DecisionColumn::none) return &nothing;
    const auto& form = std::get<graph::DecisionForm>(decision.form);
    const auto& then = rule < form.rules.size() ? form.rules[rule].then : form.otherwise;
    if (then.value) return &*then.value;
    const auto* literal = then.formula ? then.formula.expr->as<feel::Literal>() : nullptr;
    return literal ? &literal->value : nullptr;
}

Outcome plain_outcome(const graph::Node& decision, std::uint8_t rule) {
    Outcome out;
    if (rule == rules_of(decision))
        out.ending = Outcome::Default{};
    else if (rule != DecisionColumn::none)
        out.ending = Outcome::Fired{rule};
    return out;
}

bool explained(const graph::Node& decision, std::uint8_t rule) {
    const auto& rules = std::get<graph::DecisionForm>(decision.form).rules;
    return rule < rules.size() && !rules[rule].because.empty();
}

}  // namespace zoneval::exec
