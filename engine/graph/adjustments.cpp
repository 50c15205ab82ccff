// Bonus, penalties, vetoes and minima: what is done to the mean of a group, as ordinary expressions.
#include <fmt/format.h>

#include <algorithm>

#include "engine/feel/syntax/print.hpp"
#include "engine/graph/builder.hpp"
#include "engine/graph/trees.hpp"

namespace zoneval::graph {

using feel::BinaryOp;
using feel::Decimal;
using feel::ExprPtr;
using model::Adjustments;
using model::IndicatorGroup;
using model::Score;

namespace {

std::string extras_in_words(const Adjustments::Extras& extras) {
    std::string out;
    for (const auto& extra : extras.points) {
        out += (out.empty() ? "" : " + ") + extra.of.text;
        if (extra.at_most) out += fmt::format(" (at most {})", extra.at_most->to_string());
        if (extra.when) out += " if " + extra.when->text;
    }
    if (extras.at_most && extras.points.size() > 1)
        out += fmt::format(", together at most {}", extras.at_most->to_string());
    if (extras.at_most && extras.points.size() == 1) out += fmt::format(", at most {}", extras.at_most->to_string());
    return out;
}

}  // namespace

/// Σ min(points, at most), at most so many together. An unknown condition leaves its points unknown.
ExprPtr Builder::extra_points(const Adjustments::Extras& extras, const IndicatorGroup& group) {
    const Trees t(graph_, group.span);
    const auto capped = [&](ExprPtr points, const std::optional<Decimal>& most) {
        return most ? t.call("min", t.value(*most), std::move(points)) : std::move(points);
    };
    ExprPtr out;
    for (const auto& extra : extras.points) {
        auto of = parse(extra.of);
        if (!of) continue;
        auto points = capped(t.name(operand_node(std::move(of))), extra.at_most);
        if (extra.when)
            if (auto when = parse(*extra.when))
                points = t.choose(t.name(operand_node(std::move(when))), std::move(points), t.value(Decimal(0)));
        out = t.add(std::move(out), std::move(points));
    }
    return out ? capped(std::move(out), extras.at_most) : nullptr;
}

/// Some part has fewer points than its minimum; nullptr: none has one. A part that is left out does not fall short.
ExprPtr Builder::below_minimum(const Score& score, const IndicatorGroup& group, const WeightedNodes& parts) {
    const Trees t(graph_, group.span);
    ExprPtr out;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto own = group.indicators.size();
        const auto& least = i < own ? group.indicators[i].minimum : group.groups[i - own].minimum;
        if (!least) continue;
        auto below = t.binary(BinaryOp::less, t.name(parts[i].id), t.value(*least));
        if (score.on_missing == Score::OnMissing::reweight)
            below = t.choose(t.is_null(parts[i].id), t.value(false), std::move(below));
        if (score.on_missing == Score::OnMissing::zero)
            below = t.choose(t.is_null(parts[i].id), t.value(Decimal(0) < *least), std::move(below));
        out = out ? t.binary(BinaryOp::or_, std::move(out), std::move(below)) : std::move(below);
    }
    return out;
}

Formula Builder::adjusted(const Score& score, const IndicatorGroup& group, const std::string& name,
                          const WeightedNodes& parts, Formula mean, ScoreNodes::Group& nodes) {
    const auto& a = group.adjustments;
    const Trees t(graph_, group.span);
    // A node each: whoever computes the score in other ways reads what they come to.
    const auto extra = [&](const Adjustments::Extras& extras, std::string_view what, std::optional<NodeId>& id) {
        auto points = extra_points(extras, group);
        if (!points) return ExprPtr();
        id = hidden(fmt::format("{} of {}", what, name));
        node(*id).form = ExpressionForm{{std::move(points), group.source, extras_in_words(extras)}};
        return t.name(*id);
    };
    auto bonus = extra(a.bonus, "bonus", nodes.bonus), penalties = extra(a.penalties, "penalties", nodes.penalties);
    auto short_of_minimum = below_minimum(score, group, parts);
    // What a group has of no parts is null; where those count as zero, and in the whole, it is said.
    const bool told = screen_ && (group.name.empty() || score.on_missing == Score::OnMissing::zero);
    if (told) mean.expr = t.choose(t.name(*screen_), std::move(mean.expr), t.call("not applicable"));
    if (told) mean.text += fmt::format("; if {}", node(*screen_).name);
    if (!bonus && !penalties && !short_of_minimum && a.vetoes.empty()) return mean;
    const auto step = [&](std::string_view before, Formula of) {
        const auto id = hidden(fmt::format("{} before {}", name, before));
        node(id).form = ExpressionForm{std::move(of)};
        node(id).of_score = true;
        return id;
    };
    Formula out = std::move(mean);
    if (bonus || penalties) {
        const auto id = step(bonus && penalties ? "bonus and penalties"
                             : bonus            ? "bonus"
                                                : "penalties",
                             std::move(out));
        auto words = node(id).name;
        auto sum = t.name(id);
        if (bonus) {
            sum = t.add(std::move(sum), std::move(bonus));
            words += " + " + extras_in_words(a.bonus);
            if (!a.bonus.beyond_scale) sum = t.call("min", t.value(score.high), std::move(sum));
        }
        if (penalties) {
            sum = t.subtract(std::move(sum), std::move(penalties));
            words += " - (" + extras_in_words(a.penalties) + ")";
            if (!a.penalties.beyond_scale) sum = t.call("max", t.value(score.low), std::move(sum));
        }
        out = {std::move(sum), group.source, std::move(words)};
    }
    const auto limited = [&](ExprPtr when, Decimal most, std::string_view what, const std::string& why) {
        const auto id = step(what, std::move(out));
        out = {t.choose(std::move(when), t.call("min", t.value(most), t.name(id)), t.name(id)), group.source,
               fmt::format("{}, at most {} {}", node(id).name, most.to_string(), why)};
    };
    if (short_of_minimum)
        limited(std::move(short_of_minimum), a.below_minimum.value_or(score.low), "minima",
                "where a part has fewer points than its minimum");
    for (std::size_t i = 0; i < a.vetoes.size(); ++i) {
        const auto& veto = a.vetoes[i];
        auto when = parse(veto.when);
        if (!when) continue;
        nodes.vetoes.push_back(operand_node(std::move(when)));
        limited(t.name(nodes.vetoes.back()), veto.at_most,
                a.vetoes.size() == 1 ? "veto" : fmt::format("veto {}", i + 1), "if " + veto.when.text);
    }
    return out;
}

}  // namespace zoneval::graph
