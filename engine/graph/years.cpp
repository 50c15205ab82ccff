// Statistics of a base year or of several years, and values between years: computed of the data of those years, and
// handed on from outside.
#include <fmt/format.h>

#include <algorithm>

#include "engine/graph/builder.hpp"

namespace zoneval::graph {

NodeId Builder::years_node(YearsForm form, const model::Indicator& indicator) {
    const auto of = node(form.value).name;
    auto label =
        form.function ? fmt::format("{}({}", to_string(*form.function), of) : fmt::format("value between years({}", of);
    if (form.group) label += ", " + node(*form.group).name;
    label += form.function ? fmt::format(") of {}", form.years.to_string()) : ")";
    if (form.smallest != rules_->smallest_group && form.smallest > 0)
        label += fmt::format(" in groups from {}", form.smallest);
    const bool known = hidden_.contains(label);
    const auto id = hidden(label);
    if (known) return id;
    const auto from = add_node(NodeKind::hidden, label, nullptr);
    node(from).type = feel::Type::of(feel::Type::Kind::number);
    node(from).unit = node(form.value).unit;
    node(from).form = form;
    node(id).form = HistoryForm{from, 0, false};
    years_.emplace_back(from, &indicator);
    return id;
}

/// Of this year's cohort, or of the years of reference.
NodeId Builder::statistic(CohortFunction function, NodeId value, std::optional<NodeId> group,
                          const model::Indicator& indicator) {
    if (!indicator.reference_years) return cohort_node(function, value, group);
    return years_node({function, value, group, *indicator.reference_years, smallest_group_}, indicator);
}

/// What another year's data alone cannot tell: decisions, earlier years, records of other kinds.
void Builder::check_years() {
    for (const auto& [id, indicator] : years_) {
        std::vector<NodeId> todo{std::get<YearsForm>(node(id).form).value};
        if (const auto& group = std::get<YearsForm>(node(id).form).group) todo.push_back(*group);
        if (graph_.cohort_when) todo.push_back(*graph_.cohort_when);
        std::set<NodeId> seen;
        while (!todo.empty()) {
            const auto& at = node(todo.back());
            todo.pop_back();
            if (!seen.insert(at.id).second) continue;
            const auto* history = std::get_if<HistoryForm>(&at.form);
            const auto* years = history ? std::get_if<YearsForm>(&node(history->of).form) : nullptr;
            if (years && !years->function) continue;  // found for each year
            if (!history && !std::holds_alternative<DecisionForm>(at.form)) {
                todo.insert(todo.end(), at.uses.begin(), at.uses.end());
                continue;
            }
            diagnostics_.add(
                Kind::wrong_arguments, *indicator->source, indicator->span,
                fmt::format("`{}` cannot be found of the data of another year: it reads `{}`", node(id).name, at.name),
                "inputs, parameters and measures of the year itself",
                "look back at no earlier year, decision or kind of records here");
            break;
        }
    }
}

}  // namespace zoneval::graph
