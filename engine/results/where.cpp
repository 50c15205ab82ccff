#include "engine/results/where.hpp"

#include <fmt/format.h>

#include "engine/assess/rulings.hpp"
#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/evaluation/from_feel.hpp"
#include "engine/feel/parsing/check.hpp"

namespace zoneval::results {

namespace {

/// As results show it: of a decision what people ruled, where that stands.
feel::Value shown(const assess::Assessment& a, const assess::Rulings& rulings, graph::NodeId id, std::size_t record) {
    const auto& e = a.evaluation;
    const auto& node = a.graph->node(id);
    if (graph::decision_of(node) && rulings.any(e.year, node.name)) {
        const auto settled = e.outcome(id, record).settled();
        if (const auto* ruling = rulings.standing(e.year, e.record(record), node.name, settled))
            return feel::from_feel(ruling->outcome);
    }
    return e.value(id, record);
}

}  // namespace

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
    const assess::Rulings rulings(a.rulings);
    std::vector<feel::Value> frame(graph.nodes.size());
    Matches out;
    out.holds.resize(a.evaluation.size());
    for (std::size_t i = 0; i < a.evaluation.size(); ++i) {
        for (const auto slot : slots) frame[static_cast<std::size_t>(slot)] = shown(a, rulings, slot, i);
        const auto value = feel::evaluate(*expr, frame, {feel::NullMeaning::unknown, text.source});
        out.holds[i] = value.is_true();
        out.count += value.is_true();
        out.unknown += value.is_null();
    }
    return out;
}

}  // namespace zoneval::results
