#include "engine/exec/columns/rule_outcomes.hpp"

#include <bit>

namespace zoneval::exec {

using feel::Value;
using graph::NodeId;

namespace {

constexpr std::size_t most_gathered = 7;  // 128 codes: a byte has room for `open` and `none` besides

}  // namespace

std::size_t rules_of(const graph::Node& decision) { return std::get<graph::DecisionForm>(decision.form).rules.size(); }

const Value* fixed_outcome(const graph::DecisionForm& form, std::size_t rule) {
    const auto& then = rule < form.rules.size() ? form.rules[rule].then : form.otherwise;
    if (then.value) return &*then.value;
    const auto* literal = then.formula ? then.formula.expr->as<feel::Literal>() : nullptr;
    return literal ? &literal->value : nullptr;
}

bool gathers(const graph::Node& node) {
    const auto* form = std::get_if<graph::DecisionForm>(&node.form);
    if (!form || form->rules.empty() || form->rules.size() > most_gathered || form->otherwise) return false;
    const auto& decision = *form->decision;
    const auto policy = decision.hit_policy;
    if (!decision.adverse.empty() || decision.aggregator != feel::Aggregator::none ||
        (policy != feel::HitPolicy::collect && policy != feel::HitPolicy::rule_order))
        return false;
    for (std::size_t r = 0; r < form->rules.size(); ++r) {
        const auto* own = fixed_outcome(*form, r);
        if (!own || own->is_null() || !form->rules[r].because.empty() || !form->rules[r].rule->if_missing.empty() ||
            (!decision.values.empty() && !decision.declares(*own)))
            return false;
        for (std::size_t before = 0; before < r; ++before)
            if (feel::identical(*own, *fixed_outcome(*form, before))) return false;
    }
    return true;
}

RuleOutcomes::RuleOutcomes(const graph::Graph& graph) : graph_(graph) {
    for (const auto& node : graph.nodes) {
        if (!gathers(node)) continue;
        const auto& of = form(node.id);
        auto& lists = lists_[node.id];
        for (std::size_t code = 0; code < std::size_t{1} << of.rules.size(); ++code) {
            feel::List list;
            for (std::size_t r = 0; r < of.rules.size(); ++r)
                if ((code >> r & 1) != 0) list.push_back(*fixed_outcome(of, r));
            lists.emplace_back(std::move(list));
        }
    }
}

const graph::DecisionForm& RuleOutcomes::form(NodeId decision) const {
    return std::get<graph::DecisionForm>(graph_.node(decision).form);
}

const Value* RuleOutcomes::value(NodeId decision, std::uint8_t code) const {
    static const Value nothing;
    if (code == DecisionColumn::open) return nullptr;
    if (const auto lists = lists_.find(decision); lists != lists_.end())
        return code < lists->second.size() ? &lists->second[code] : nullptr;
    if (code == DecisionColumn::none) return &nothing;
    return code <= form(decision).rules.size() ? fixed_outcome(form(decision), code) : nullptr;
}

NodeId RuleOutcomes::looked_back_at(NodeId decision, std::uint8_t code) const {
    const auto& of = form(decision);
    if (code > of.rules.size() || lists_.contains(decision)) return -1;
    const auto& then = code < of.rules.size() ? of.rules[code].then : of.otherwise;
    const auto* name = then.formula ? then.formula.expr->as<feel::Name>() : nullptr;
    if (!name || name->slot < 0 || !name->items.empty()) return -1;
    const auto* back = std::get_if<graph::HistoryForm>(&graph_.node(name->slot).form);
    return back && !back->list ? name->slot : -1;
}

Outcome RuleOutcomes::plain(NodeId decision, std::uint8_t code) const {
    Outcome out;
    if (lists_.contains(decision)) {
        if (code != 0) out.ending = Outcome::Fired{static_cast<std::size_t>(std::countr_zero(code))};
    } else if (code == form(decision).rules.size()) {
        out.ending = Outcome::Default{};
    } else if (code != DecisionColumn::none) {
        out.ending = Outcome::Fired{code};
    }
    return out;
}

bool RuleOutcomes::explained(NodeId decision, std::uint8_t code) const {
    const auto& rules = form(decision).rules;
    return !lists_.contains(decision) && code < rules.size() && !rules[code].because.empty();
}

std::uint8_t RuleOutcomes::code(NodeId decision, const Outcome& outcome, const Value& value) const {
    if (!outcome.settled()) return DecisionColumn::open;
    if (lists_.contains(decision)) {
        std::uint8_t out = 0;
        const auto& of = form(decision);
        for (const auto& item : *value.list())
            for (std::size_t r = 0; r < of.rules.size(); ++r)
                if (feel::identical(item, *fixed_outcome(of, r))) out = static_cast<std::uint8_t>(out | 1u << r);
        return out;
    }
    if (const auto rule = outcome.rule()) return static_cast<std::uint8_t>(*rule);
    return outcome.is_default() ? static_cast<std::uint8_t>(form(decision).rules.size()) : DecisionColumn::none;
}

}  // namespace zoneval::exec
