// Rules that are in force between two days, and the day that decides: that of the assessment.
#include <fmt/format.h>

#include "engine/feel/evaluation/eval.hpp"
#include "engine/graph/builder.hpp"
#include "engine/graph/trees.hpp"

namespace zoneval::graph {

using feel::BinaryOp;

/// `assessment date >= from and assessment date <= until and (the author's condition)`; a row of a table has that as
/// one condition more.
void Builder::hold_in_force(std::vector<Condition>& conditions, const model::Rule& rule) {
    if (!rule.in_force_from && !rule.in_force_until) return;
    const Trees t(graph_, rule.span);
    feel::ExprPtr guard;
    std::string text;
    const auto add = [&](const std::optional<feel::Date>& day, BinaryOp op, std::string_view sign) {
        if (!day) return;
        auto one = t.binary(op, t.name(graph_.date), t.value(*day));
        guard = guard ? t.binary(BinaryOp::and_, std::move(guard), std::move(one)) : std::move(one);
        text += fmt::format("{}{} {} {}", text.empty() ? "" : " and ", graph_.node(graph_.date).name, sign,
                            day->to_string());
    };
    add(rule.in_force_from, BinaryOp::greater_equal, ">=");
    add(rule.in_force_until, BinaryOp::less_equal, "<=");
    if (rule.cells.empty()) {
        auto& when = conditions.front().formula;
        if (!when) return;
        when.text = fmt::format("{} and {}", text, when.text);
        when.expr = t.binary(BinaryOp::and_, std::move(guard), std::move(when.expr));
    } else {
        conditions.push_back({{std::move(guard), rule.source, std::move(text)}, nullptr});
    }
}

std::optional<feel::Date> assessment_day(const Graph& graph, std::int32_t year) {
    if (!graph.assessment_date) return feel::Date{year, 12, 31};
    const std::vector<feel::Value> only_year{feel::Value(year)};
    const auto value = feel::evaluate(*graph.assessment_date.expr, only_year, {});
    return value.date() ? std::optional(*value.date()) : std::nullopt;
}

}  // namespace zoneval::graph
