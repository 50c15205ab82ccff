// What is done to the mean of a group (bonus, penalties, vetoes, minima), and how much of its parts must be there.
#include <fmt/format.h>

#include <algorithm>

#include "engine/model/read_scores.hpp"

namespace zoneval::model {

namespace {

std::optional<feel::Decimal> above_zero(MapReader& map, std::string_view key) {
    const auto number = map.number(key);
    if (!number || *number > feel::Decimal(0)) return number;
    map.wrong(*map.take(key), key, "a number above 0");
    return std::nullopt;
}

/// `{at most: 5, points: [{of: 2 * awards, at most: 3, when: pilot}]}`.
Adjustments::Extras read_extras(MapReader& of, std::string_view key) {
    Adjustments::Extras out;
    const auto* node = of.take(key);
    if (!node) return out;
    MapReader map(*node, fmt::format("`{}` of {}", key, of.context()), of.diagnostics());
    out.at_most = above_zero(map, "at most");
    out.beyond_scale = map.flag("beyond scale");
    const auto* points = map.require("points");
    if (points && !(points->is_sequence() && !points->items.empty()))
        map.wrong(*points, "points", "a list: `- {of: 2 * awards, at most: 3}`");
    if (points && points->is_sequence())
        for (const auto& item : points->items) {
            Adjustments::Extra extra;
            if (item.is_scalar()) {
                extra.of = item.expression();
            } else {
                MapReader inner(item, "one of " + map.context(), of.diagnostics());
                if (inner.require("of"))
                    if (auto formula = inner.expression("of")) extra.of = std::move(*formula);
                extra.when = inner.expression("when");
                extra.at_most = above_zero(inner, "at most");
                inner.finish();
            }
            out.points.push_back(std::move(extra));
        }
    map.finish();
    return out;
}

std::vector<Adjustments::Veto> read_vetoes(MapReader& of) {
    std::vector<Adjustments::Veto> out;
    const auto* node = of.take("vetoes");
    if (!node) return out;
    if (!node->is_sequence() || node->items.empty()) {
        of.wrong(*node, "vetoes", "a list: `- {when: serious accident, at most: 59}`");
        return out;
    }
    for (const auto& item : node->items) {
        MapReader map(item, "a veto of " + of.context(), of.diagnostics());
        Adjustments::Veto veto;
        if (map.require("when"))
            if (auto when = map.expression("when")) veto.when = std::move(*when);
        if (map.require("at most"))
            if (const auto most = map.number("at most")) veto.at_most = *most;
        map.finish();
        out.push_back(std::move(veto));
    }
    return out;
}

bool any_minimum(const IndicatorGroup& group) {
    const auto has = [](const auto& part) { return part.minimum.has_value(); };
    return std::any_of(group.indicators.begin(), group.indicators.end(), has) ||
           std::any_of(group.groups.begin(), group.groups.end(), has);
}

}  // namespace

void read_adjustments(MapReader& map, IndicatorGroup& group) {
    group.adjustments.bonus = read_extras(map, "bonus");
    group.adjustments.penalties = read_extras(map, "penalties");
    group.adjustments.vetoes = read_vetoes(map);
    group.adjustments.below_minimum = map.number("below minimum");
    if (group.adjustments.below_minimum && !any_minimum(group))
        map.pointless(*map.take("below minimum"), "below minimum", "no part has a minimum",
                      "a part of it with a `minimum`, such as `minimum: 20`");
}

Presence read_presence(MapReader& map) {
    Presence out;
    out.at_most = map.share("at most");
    if (const auto* node = map.take("at least")) {
        const auto number = node->is_scalar() ? parse_share(node->scalar) : std::nullopt;
        out.is_share = node->is_scalar() && node->scalar.find('%') != std::string::npos;
        const bool fits = number && *number > feel::Decimal(0) &&
                          (out.is_share ? *number <= feel::Decimal(1) : number->to_int64().has_value());
        if (fits)
            out.at_least = *number;
        else
            map.wrong(*node, "at least", "how many parts must be there, such as `3` or `50 %`");
    }
    return out;
}

bool is_adjusted(const IndicatorGroup& group) {
    const auto& a = group.adjustments;
    return !a.bonus.points.empty() || !a.penalties.points.empty() || !a.vetoes.empty() || any_minimum(group) ||
           std::any_of(group.groups.begin(), group.groups.end(), is_adjusted);
}

bool has_presence(const IndicatorGroup& group) {
    return group.presence.at_most || group.presence.at_least ||
           std::any_of(group.groups.begin(), group.groups.end(), has_presence);
}

}  // namespace zoneval::model
