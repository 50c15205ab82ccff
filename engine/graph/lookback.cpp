// Looking back: `prior` and `over`, by a number of years that is written or that a parameter says.
#include <fmt/format.h>

#include <algorithm>

#include "engine/graph/builder.hpp"
#include "engine/graph/trees.hpp"

namespace zoneval::graph {

using feel::ExpressionText;
using feel::Value;

namespace {

constexpr std::int64_t max_history_years = 100;

}  // namespace

std::optional<NodeId> Builder::lower_history(const feel::Call& call, Span span, const ExpressionText& text) {
    const bool list = call.builtin == "over";
    const auto refuse = [&](Span where, std::string message, std::string expected) {
        diagnostics_.add(Kind::wrong_arguments, *text.source, where, std::move(message), std::move(expected));
        return std::nullopt;
    };
    if (kind_)
        return refuse(span,
                      fmt::format("records of kind `{}` are not assessed, and have no earlier years", kind_->name),
                      fmt::format("formulas of the year, or `{}` in the measures of {}", call.builtin, rules_->id));
    if (call.arguments.size() > 2)
        return refuse(span,
                      fmt::format("`{}` takes a name and a number of years, not {} arguments", call.builtin,
                                  call.arguments.size()),
                      fmt::format("`{}(x, 2)`", call.builtin));
    const auto* of = argument(call, 0)->as<feel::Name>();
    const bool is_definition = of && of->slot >= 0 && graph_.node(of->slot).kind != NodeKind::context &&
                               graph_.node(of->slot).kind != NodeKind::hidden;
    if (!is_definition)
        return refuse(argument(call, 0)->span, fmt::format("`{}` looks back at one value", call.builtin),
                      "the name of an input or a definition; give the expression a name under `measures` first");
    std::int64_t years = 1;
    if (const auto* count = argument(call, 1)) {
        if (const auto* name = count->as<feel::Name>();
            name && name->slot >= 0 && graph_.node(name->slot).kind == NodeKind::parameter)
            return history_by(of->slot, list, name->slot, span, text);
        const auto* literal = count->as<feel::Literal>();
        const auto* number = literal ? literal->value.number() : nullptr;
        years = number ? number->to_int64().value_or(0) : 0;
        if (years < 1 || years > max_history_years)
            return refuse(
                count->span, fmt::format("`{}` does not know how far to look back", call.builtin),
                fmt::format("a whole number of years from 1 to {}, or the name of a parameter", max_history_years));
    } else if (list) {
        return refuse(span, "`over` does not know how many years to take", "`over(x, 3)`");
    }
    return history_node(of->slot, static_cast<int>(years), list);
}

NodeId Builder::history_node(NodeId of, int years, bool list) {
    const auto& name = graph_.node(of).name;
    const auto* function = list ? "over" : "prior";
    const auto label =
        list || years > 1 ? fmt::format("{}({}, {})", function, name, years) : fmt::format("{}({})", function, name);
    const auto id = hidden(label);
    node(id).form = HistoryForm{of, years, list};
    graph_.history_reviews = std::max(graph_.history_reviews, list ? years - 1 : years);
    return id;
}

/// `if n = 1 then prior(x, 1) else if n = 2 then prior(x, 2) else …`, up to the most that the parameter ever says.
std::optional<NodeId> Builder::history_by(NodeId of, bool list, NodeId parameter, Span span,
                                          const ExpressionText& text) {
    const auto most = most_years(parameter, 1);
    if (!most) return std::nullopt;
    auto& reach = graph_.most_years[parameter];
    reach = std::max(reach, *most);
    auto label = fmt::format("{}({}, {})", list ? "over" : "prior", graph_.node(of).name, graph_.node(parameter).name);
    const bool known = hidden_.contains(label);
    const auto id = hidden(label);
    if (known) return id;
    const Trees t(graph_, span);
    auto tree = t.name(history_node(of, *most, list));
    for (int years = *most - 1; years > 0; --years) {
        const auto nearer = history_node(of, years, list);
        tree = t.choose(t.binary(feel::BinaryOp::equal, t.name(parameter), t.value(years)), t.name(nearer),
                        std::move(tree));
    }
    if (*most == 1)  // it is read all the same
        tree = t.choose(t.binary(feel::BinaryOp::equal, t.name(parameter), t.value(1)), std::move(tree), t.value({}));
    node(id).form = ExpressionForm{{std::move(tree), text.source, std::move(label)}};
    node(id).unit = node(of).unit;
    node(id).decimals = node(of).decimals;
    return id;
}

std::optional<int> Builder::most_years(NodeId parameter, int least) {
    int most = 0;
    for (const auto& dated : std::get<ParameterForm>(node(parameter).form).parameter->values) {
        if (dated.value.is_null()) continue;
        const auto* number = dated.value.number();
        const auto years = number ? number->to_int64().value_or(-1) : -1;
        if (years < least || years > max_history_years) {
            diagnostics_.add(Kind::wrong_arguments, *dated.source, dated.span,
                             fmt::format("parameter `{}` says how many years to look back, and {} is no such number",
                                         node(parameter).name, dated.value.to_feel()),
                             fmt::format("a whole number of years from {} to {}", least, max_history_years));
            return std::nullopt;
        }
        most = std::max(most, static_cast<int>(years));
    }
    if (most < least) {
        const auto& of = *node(parameter).definition;
        diagnostics_.add(Kind::wrong_arguments, *of.source, of.span,
                         fmt::format("parameter `{}` says how many years to look back, and has no value", of.name),
                         fmt::format("a whole number of years from {} to {}", least, max_history_years));
        return std::nullopt;
    }
    return most;
}

const Node* Builder::years_parameter(const model::Years& years, int least, const std::string& what) {
    if (!years.parameter) return nullptr;
    const auto* found = graph_.find(years.parameter->text);
    if (!found || found->kind != NodeKind::parameter) {
        std::vector<std::string> names;
        for (const auto& parameter : rules_->parameters) names.push_back(parameter.name);
        diagnostics_.add(Kind::unknown_name, *years.parameter->source,
                         {years.parameter->offsets.front(), years.parameter->offsets.back()},
                         fmt::format("{} names `{}`, which is no parameter", what, years.parameter->text),
                         "a whole number of years, or the name of a parameter",
                         did_you_mean(years.parameter->text, names));
        return nullptr;
    }
    return most_years(found->id, least) ? found : nullptr;
}

}  // namespace zoneval::graph
