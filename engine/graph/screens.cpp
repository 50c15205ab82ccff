// The figures that indicators are made of, and which records take part by how many of them they have.
#include <fmt/format.h>

#include "engine/graph/builder.hpp"
#include "engine/graph/trees.hpp"

namespace zoneval::graph {

using feel::BinaryOp;
using feel::Decimal;
using feel::ExprPtr;
using model::Indicator;

/// An indicator's figure, divided by what it is per; nullopt: its formula could not be read.
std::optional<NodeId> Builder::own_value(const Indicator& indicator, const std::string& owner, std::size_t number) {
    const auto [place, is_new] = own_values_.try_emplace(&indicator);
    if (!is_new) return place->second;
    auto of = parse(indicator.of);
    if (!of) return std::nullopt;
    NodeId out = -1;
    if (const auto* name = of.expr->as<feel::Name>(); name && name->slot >= 0) {
        out = name->slot;
    } else {
        out = hidden(fmt::format("value {} of {}", number, owner));
        node(out).form = ExpressionForm{std::move(of)};
    }
    if (indicator.per) out = divided(out, indicator);
    own_values_[&indicator] = out;
    return out;
}

void Builder::gather_values(const model::IndicatorGroup& group, const std::string& owner, const model::Score& score,
                            std::vector<NodeId>& out) {
    for (std::size_t i = 0; i < group.indicators.size(); ++i)
        if (const auto value = own_value(group.indicators[i], owner, i + 1)) out.push_back(*value);
    for (const auto& inner : group.groups)
        gather_values(inner, fmt::format("{} of {}", inner.name, score.name), score, out);
}

/// Whether a record takes part in a score; nullopt: all do. It makes facts of blanks on the score's behalf.
std::optional<NodeId> Builder::screened(const model::Score& score) {
    if (!score.screen) return std::nullopt;
    std::vector<NodeId> values;
    gather_values(score.whole, score.name, score, values);
    if (values.empty()) return std::nullopt;
    const Trees t(graph_, score.span);
    const auto number = [&](std::int64_t n) { return t.value(Decimal(n)); };
    ExprPtr there, zeros;
    for (const auto id : values) {
        there = t.add(std::move(there), t.choose(t.is_null(id), number(0), number(1)));
        auto is_zero = t.choose(t.binary(BinaryOp::equal, t.name(id), number(0)), number(1), number(0));
        zeros = t.add(std::move(zeros), t.choose(t.is_null(id), number(0), std::move(is_zero)));
    }
    const auto step = [&](std::string name, ExprPtr expr) {
        const auto id = hidden(name);
        node(id).form = ExpressionForm{{std::move(expr), score.source, std::move(name)}};
        node(id).of_score = true;
        return id;
    };
    const auto count = step("figures available for " + score.name, std::move(there));
    std::string words;
    ExprPtr passes;
    const auto both = [&](ExprPtr condition) {
        passes = passes ? t.binary(BinaryOp::and_, std::move(passes), std::move(condition)) : std::move(condition);
    };
    if (const auto& share = score.screen->available) {
        const auto least = *share * Decimal(static_cast<std::int64_t>(values.size()));
        both(t.binary(BinaryOp::greater_equal, t.name(count), t.value(least)));
        words = fmt::format("at least {} % of {} figures are available", (*share * Decimal(100)).to_string(),
                            values.size());
    }
    if (const auto& share = score.screen->non_zero) {
        const auto zero = step("figures of 0 for " + score.name, std::move(zeros));
        const auto most = Decimal(1) - *share;
        both(t.binary(BinaryOp::less_equal, t.name(zero), t.multiply(t.value(most), t.name(count))));
        words += fmt::format("{}at least {} % of them are not 0", words.empty() ? "" : " and ",
                             (*share * Decimal(100)).to_string());
    }
    return step(fmt::format("{} for {}", words, score.name), std::move(passes));
}

/// The figure of a record that takes part; of others it is not applicable, and stands beside nobody's.
NodeId Builder::kept_by_screen(NodeId value, const Indicator& indicator) {
    const Trees t(graph_, indicator.span);
    const auto out = hidden(fmt::format("{} if {}", node(value).name, node(*screen_).name));
    node(out).form = ExpressionForm{
        {t.choose(t.name(*screen_), t.name(value), t.call("not applicable")), indicator.source, node(out).name}};
    node(out).of_score = true;
    return out;
}

}  // namespace zoneval::graph
