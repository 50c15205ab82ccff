#include "engine/results/where.hpp"

#include <fmt/format.h>

#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/parsing/check.hpp"

namespace zoneval::results {

Matches where(const assess::Assessment& a, const std::string& condition) {
    const auto& graph = *a.graph;
    const auto text = feel::ExpressionText::of(condition, "--where");
    Diagnostics found;
    const auto expr = feel::parse_expression(text, graph.names, found);
    if (!expr) throw InputError(std::move(found));
    const auto type = feel::check(*expr, graph.names, text.source, found);
    if (type && type->kind != feel::Type::Kind::boolean && type->kind != feel::Type::Kind::any)
        found.add(Kind::type_error, *text.source, expr->span, fmt::format("this is a {}", type->to_string()),
                  "something true or false, such as `region = \"West\"`");
    if (found.has_errors()) throw InputError(std::move(found));
    const auto slots = feel::slots_read(*expr);
    std::vector<feel::Value> frame(graph.nodes.size());
    Matches out;
    out.holds.resize(a.evaluation.size());
    for (std::size_t i = 0; i < a.evaluation.size(); ++i) {
        for (const auto slot : slots) frame[static_cast<std::size_t>(slot)] = a.evaluation.value(slot, i);
        const auto value = feel::evaluate(*expr, frame, {feel::NullMeaning::unknown, text.source});
        out.holds[i] = value.is_true();
        out.count += value.is_true();
        out.unknown += value.is_null();
    }
    return out;
}

}  // namespace zoneval::results
