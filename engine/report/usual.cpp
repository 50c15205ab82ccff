#include "engine/report/usual.hpp"

#include <algorithm>

#include "engine/audit/explain.hpp"

namespace zoneval::report {

std::vector<std::string> usual_columns(const graph::Graph& graph, bool for_files) {
    auto out = results::published(graph);
    const auto& rules = *graph.rules;
    if (!for_files && rules.publish.empty() && !(rules.scores.empty() && rules.decisions.empty()))
        std::erase_if(out, [&](const std::string& name) { return graph.find(name)->kind == graph::NodeKind::measure; });
    for (const auto& decision : rules.decisions)  // a reader must see at once that it is not about the record
        if (const auto place = std::find(out.begin(), out.end(), decision.name); decision.subject && place != out.end())
            out.insert(place + 1, decision.name + ".about");
    if (!for_files) return out;
    if (const auto* main = audit::decision_to_explain(graph, ""))
        for (const auto* part : {".rule", ".possible", ".waiting_for"}) out.push_back(main->name + part);
    return out;
}

results::Table table_with_reasons(const assess::Assessment& assessment, std::vector<std::string> columns,
                                  wording::Language language, bool all_reasons, bool whys) {
    const auto* main = audit::decision_to_explain(*assessment.graph, "");
    std::vector<std::string> needed;
    for (const auto& decision : assessment.graph->rules->decisions) {
        const bool is_main = main && decision.name == main->name;
        if (!all_reasons && !is_main) continue;
        needed.push_back(decision.name);
        for (const auto* part : {".rule", ".because", ".possible", ".waiting_for"})
            if (all_reasons || std::string_view(part) == ".possible") needed.push_back(decision.name + part);
        if (decision.subject) needed.push_back(decision.name + ".about");
        if (all_reasons && std::any_of(decision.rules.begin(), decision.rules.end(),
                                       [](const model::Rule& rule) { return rule.clause.has_value(); }))
            needed.push_back(decision.name + ".cite");
    }
    for (auto& name : needed)
        if (std::find(columns.begin(), columns.end(), name) == columns.end()) columns.push_back(std::move(name));
    return results::table_of(assessment, {std::move(columns), language, whys});
}

std::vector<std::string> with_ends(const results::Table& table, const std::vector<std::string>& columns) {
    std::vector<std::string> out;
    for (const auto& column : table.columns)
        if (column.part < results::Column::Part::value) out.push_back(column.name);
    for (const auto& name : columns)
        if (table.find(name) && std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
    for (const auto& column : table.columns)
        if (column.year != 0) out.push_back(column.name);
    return out;
}

}  // namespace zoneval::report
