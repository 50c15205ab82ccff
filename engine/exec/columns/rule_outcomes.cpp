#include "engine/exec/columns/rule_outcomes.hpp"

namespace zoneval::exec {

using feel::Value;

std::size_t rules_of(const graph::Node& decision) {
    if (const auto* list = std::get_if<graph::RuleListForm>(&decision.form)) return list->rules.size();
    return std::get<graph::TableForm>(decision.form).rows.size();
}

const Value* fixed_outcome(const graph::Node& decision, std::uint8_t rule) {
    static const Value nothing;
    if (rule == DecisionColumn::open) return nullptr;
    if (rule == DecisionColumn::none) return &nothing;
    const auto literal = [](const graph::Formula& f) {
        const auto* l = f.expr ? f.expr->as<feel::Literal>() : nullptr;  // there may be no `otherwise`
        return l ? &l->value : nullptr;
    };
    if (const auto* list = std::get_if<graph::RuleListForm>(&decision.form)) {
        const auto& then = rule < list->rules.size() ? list->rules[rule].then : list->otherwise;
        return then.value ? &*then.value : literal(then.formula);
    }
    const auto& table = std::get<graph::TableForm>(decision.form);
    return literal(rule < table.rows.size() ? table.rows[rule].outcome : table.otherwise);
}

Outcome plain_outcome(const graph::Node& decision, std::uint8_t rule) {
    Outcome out;
    if (rule != DecisionColumn::none) out.rule = rule == rules_of(decision) ? Outcome::otherwise : rule;
    return out;
}

bool explained(const graph::Node& decision, std::uint8_t rule) {
    if (rule >= rules_of(decision)) return false;
    const auto* list = std::get_if<graph::RuleListForm>(&decision.form);
    return !(list ? list->rules[rule].because : std::get<graph::TableForm>(decision.form).rows[rule].because).empty();
}

}  // namespace zoneval::exec
