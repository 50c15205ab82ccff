#include "engine/graph/compare.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "engine/feel/syntax/print.hpp"

namespace zoneval::graph {

namespace {

std::string text_of(const Formula& formula) { return formula ? feel::to_feel(*formula.expr) : ""; }

std::string text_of(const OutcomeForm& outcome) {
    return outcome.value ? outcome.value->to_feel() : text_of(outcome.formula);
}

template <typename T>
std::string text_of(const std::optional<T>& value) {
    return value ? value->to_string() : "-";
}

void add_behind(const Graph& graph, NodeId id, std::set<NodeId>& out) {
    if (!out.insert(id).second) return;
    const auto& node = graph.node(id);
    for (const auto used : node.uses) add_behind(graph, used, out);
    if (const auto* history = std::get_if<HistoryForm>(&node.form)) add_behind(graph, history->of, out);
}

/// Everything that decides, of each definition, as text.
class Contents {
  public:
    explicit Contents(const Graph& graph) : graph_(graph) {
        for (const auto& node : graph.nodes)
            if (node.kind != NodeKind::hidden && node.kind != NodeKind::context)
                all_.emplace(node.name, with_hidden(node));
        const auto& rules = *graph.rules;
        all_.emplace("rounding", fmt::format("{}", static_cast<int>(rules.rounding)));
        all_.emplace("cycle", fmt::format("{}", rules.cycle));
        all_.emplace("effective", text_of(rules.effective_from) + ".." + text_of(rules.effective_until));
        all_.emplace("assessment date", text_of(graph.assessment_date));
        all_.emplace("cohort", fmt::format("{} {} {}", rules.cohort_carry, rules.smallest_group,
                                           graph.cohort_when ? with_hidden(graph.node(*graph.cohort_when)) : ""));
    }

    const std::map<std::string, std::string>& all() const { return all_; }

  private:
    /// Parts that have no name of their own belong to whoever reads them.
    std::string with_hidden(const Node& node) const {
        auto out = own(node);
        for (const auto used : node.uses)
            if (const auto& part = graph_.node(used); part.kind == NodeKind::hidden)
                out += "\n" + part.name + ": " + with_hidden(part);
        if (const auto* history = std::get_if<HistoryForm>(&node.form))
            if (is_from_outside(graph_.node(history->of))) out += "\n" + own(graph_.node(history->of));
        return out;
    }

    /// With everything that goes into it among the records of that kind.
    std::string of(const KindForm& form) const {
        const auto& kind = graph_.kinds[form.kind];
        const Contents contents(*kind.graph);
        auto out = fmt::format(" {} {} {}", to_string(form.function), kind.kind->key, kind.kind->dated);
        std::set<NodeId> behind;
        for (const auto& operand : {form.value, form.where})
            if (operand) {
                out += "\n" + kind.graph->node(*operand).name;
                add_behind(*kind.graph, *operand, behind);
            }
        for (const auto id : behind) out += "\n" + contents.own(kind.graph->node(id));
        return out;
    }

    std::string own(const Node& node) const {
        auto out = fmt::format("{} {} {}", to_string(node.kind), node.unit, node.decimals.value_or(-1));
        if (node.definition && node.definition->rounding)
            out += fmt::format(" {}", static_cast<int>(*node.definition->rounding));
        if (const auto* input = std::get_if<InputForm>(&node.form)) return out + of(*input->input);
        if (const auto* parameter = std::get_if<ParameterForm>(&node.form)) return out + of(*parameter->parameter);
        if (const auto* cohort = std::get_if<CohortForm>(&node.form))
            return out + fmt::format(" {} {} {} {}", to_string(cohort->function), graph_.node(cohort->value).name,
                                     cohort->group ? graph_.node(*cohort->group).name : "", cohort->smallest);
        if (const auto* history = std::get_if<HistoryForm>(&node.form))
            return out + fmt::format(" {} {} {} {}", graph_.node(history->of).name, history->reviews, history->list,
                                     history->first ? history->first->to_feel() : "");
        if (const auto* form = std::get_if<DecisionForm>(&node.form)) return out + of(*form);
        if (const auto* of_kind = std::get_if<KindForm>(&node.form)) return out + of(*of_kind);
        if (std::holds_alternative<OwnerForm>(node.form)) return out + " " + node.name;
        if (const auto* other = std::get_if<OtherForm>(&node.form))
            return out +
                   fmt::format(" {} {} {}", other->other->ruleset, other->other->outcome, other->other->years_back) +
                   of(*other->other);
        if (const auto* expression = std::get_if<ExpressionForm>(&node.form))
            return out + " " + text_of(expression->formula);
        return out;
    }

    static std::string of(const model::Input& input) {
        auto out = fmt::format(" {} {} {} {}", static_cast<int>(input.type), text_of(input.min), text_of(input.max),
                               feel::to_string(input.blank));
        for (const auto& value : input.values) out += "\n" + value;
        return out;
    }

    static std::string of(const model::Parameter& parameter) {
        std::string out = " until " + text_of(parameter.until);
        for (const auto& dated : parameter.values) out += "\n" + text_of(dated.from) + " " + dated.value.to_feel();
        return out;
    }

    std::string of(const DecisionForm& form) const {
        const auto& decision = *form.decision;
        auto out = fmt::format(" {} {}", static_cast<int>(decision.hit_policy), static_cast<int>(decision.aggregator));
        for (const auto* values : {&decision.values, &decision.adverse}) {
            out += "\nvalues";
            for (const auto& value : *values) out += " " + value.to_feel();
        }
        for (const auto& rule : form.rules) {
            out += "\n" + rule.rule->id;
            for (const auto& [formula, tested] : rule.conditions)
                out += fmt::format("; {} {}", tested ? text_of(*tested) : "", text_of(formula));
            for (const auto& [kind, holds] : rule.rule->if_missing)
                out += fmt::format("; {} {}", feel::to_string(kind), holds);
            out += " -> " + text_of(rule.then);
        }
        return out + "\notherwise " + text_of(form.otherwise);
    }

    const Graph& graph_;
    std::map<std::string, std::string> all_;
};

}  // namespace

std::set<std::string> differing(const Graph& one, const Graph& other) {
    const Contents a(one), b(other);
    std::set<std::string> out;
    for (const auto& [name, text] : a.all())
        if (const auto same = b.all().find(name); same == b.all().end() || same->second != text) out.insert(name);
    for (const auto& [name, text] : b.all())
        if (!a.all().contains(name)) out.insert(name);
    return out;
}

std::set<std::string> differing_behind(const Graph& one, const Graph& other, const std::string& decision) {
    std::set<std::string> names{"rounding", "cycle", "effective", "assessment date", "cohort"};
    for (const auto* graph : {&one, &other}) {
        const auto* node = graph->find(decision);
        if (!node) return {decision};
        std::set<NodeId> behind;
        add_behind(*graph, node->id, behind);
        for (const auto id : behind) names.insert(graph->node(id).name);
    }
    auto out = differing(one, other);
    std::erase_if(out, [&](const std::string& name) { return !names.contains(name); });
    return out;
}

}  // namespace zoneval::graph
