#include "engine/audit/score_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/exec/results/statistics.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/say.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::audit {

using feel::Decimal;

namespace {

/// As the graph lowered them. False: the score is no weighted mean of its parts.
bool add_parts(const graph::Graph& graph, const graph::ScoreNodes::Group& nodes, Decimal share,
               std::vector<ScorePart>& out) {
    const auto& group = *nodes.group;
    if (group.aggregation.how != model::Aggregation::How::arithmetic || group.aggregation.floor) return false;
    if (model::is_adjusted(group) || group.weigh != model::IndicatorGroup::Weigh::as_written) return false;
    if (nodes.parts.size() != group.indicators.size() || nodes.groups.size() != group.groups.size()) return false;
    const auto by = [](const auto& part) { return part.weight.by.has_value(); };  // no share of the whole then
    if (std::any_of(group.indicators.begin(), group.indicators.end(), by) ||
        std::any_of(group.groups.begin(), group.groups.end(), by))
        return false;
    using enum model::Indicator::Normalise;
    for (const auto& indicator : group.indicators)  // nothing is lost of what has no scale
        if (indicator.normalise == z_score || indicator.normalise == rank || indicator.normalise == borda) return false;
    for (const auto& part : nodes.parts)
        out.push_back({group.name, share, part.indicator->weight.share, graph.find(part.indicator->of.text),
                       &graph.node(part.points), &graph.node(part.value)});
    return std::all_of(nodes.groups.begin(), nodes.groups.end(), [&](const graph::ScoreNodes::Group& inner) {
        return add_parts(graph, inner, share * inner.group->weight.share, out);
    });
}

}  // namespace

std::vector<ScorePart> parts_of(const graph::Graph& graph, const model::Score& score) {
    const bool deep = std::any_of(score.whole.groups.begin(), score.whole.groups.end(),
                                  [](const model::IndicatorGroup& group) { return !group.groups.empty(); });
    // What is left out of a group of groups shifts shares at every level.
    if (deep && score.on_missing == model::Score::OnMissing::reweight) return {};
    const auto nodes = std::find_if(graph.scores.begin(), graph.scores.end(),
                                    [&](const graph::ScoreNodes& of) { return of.score == &score; });
    std::vector<ScorePart> out;
    return nodes != graph.scores.end() && add_parts(graph, nodes->whole, Decimal(1), out) ? out
                                                                                          : std::vector<ScorePart>{};
}

std::optional<Instead> instead_of(const assess::Assessment& a, const ScorePart& part, std::size_t record) {
    const auto* node = part.used;
    if (!node) return std::nullopt;
    const auto value = a.evaluation.value(node->id, record);
    if (!value.number()) return std::nullopt;
    if (const auto* form = std::get_if<graph::CohortForm>(&node->form);
        form && form->function == graph::CohortFunction::treated) {
        node = &a.graph->node(form->value);
        const auto before = a.evaluation.value(node->id, record);
        if (before.number() && *before.number() != *value.number()) return Instead{value, false};
    }
    if (node->imputes && a.evaluation.value(*node->imputes, record).is_null()) return Instead{value, true};
    return std::nullopt;
}

std::string value_told(const assess::Assessment& a, const ScorePart& part, std::size_t record,
                       std::string_view language) {
    const auto tongue = wording::language_from_string(language).value_or(wording::Language::en);
    const auto& of = part.value ? *part.value : *part.points;
    const auto own = part.value ? a.evaluation.value(of.id, record) : feel::Value();
    const auto instead = instead_of(a, part, record);
    const std::string_view unit = instead && of.unit == "%" ? "%" : "";  // others stand in their own column
    auto shown = own.is_null() ? std::string() : wording::show(own, {of.decimals, unit}, tongue);
    if (!instead) return shown;
    const auto taken = wording::show(instead->value, {of.decimals.value_or(2), unit}, tongue);
    using wording::Answer;
    return instead->imputed ? wording::say(Answer::imputed, tongue, {{"value", taken}})
                            : wording::say(Answer::taken_as, tongue, {{"value", shown}, {"taken", taken}});
}

std::string treatment_told(const exec::Evaluation& e, const graph::CohortForm& form, wording::Language tongue) {
    using wording::Answer;
    exec::Numbers34 numbers;
    std::vector<std::size_t> records;
    for (std::size_t i = 0; i < e.size(); ++i)
        if (const auto value = e.value(form.value, i); value.number()) {
            numbers.push_back(*value.number());
            records.push_back(i);
        }
    const auto treated = exec::treat(numbers, form.parameters);
    const auto separator = wording::say(wording::Phrase::separator, tongue);
    std::string out;
    for (const auto& [step, winsorised] : treated.done) {
        using enum model::Treatment::Step::How;
        std::string who;
        for (const auto i : winsorised) who += (who.empty() ? "" : separator) + e.record(records[i]);
        out += "; ";
        out += step.how == winsorise ? wording::say(Answer::winsorised, tongue,
                                                    {{"n", std::to_string(winsorised.size())}, {"records", who}})
               : step.how == log     ? wording::say(Answer::logarithm, tongue)
                                     : wording::say(Answer::box_cox, tongue, {{"number", step.number.to_string()}});
    }
    if (treated.done.empty()) out += "; " + wording::say(Answer::not_treated, tongue);
    const auto shown = [&](const feel::Value& value) {
        return value.is_null() ? wording::say(Answer::unknown, tongue) : wording::show(value, {2, ""}, tongue);
    };
    const auto then = [&](const feel::Value& before, const feel::Value& after) {
        return treated.done.empty() ? shown(before) : shown(before) + " → " + shown(after);
    };
    return out + "; " +
           wording::say(Answer::skewness_and_kurtosis, tongue,
                        {{"skewness", then(exec::skewness_of(numbers), exec::skewness_of(treated.values))},
                         {"kurtosis", then(exec::kurtosis_of(numbers), exec::kurtosis_of(treated.values))}});
}

std::vector<PartShare> shares_of(const exec::Evaluation& e, const model::Score& score,
                                 const std::vector<ScorePart>& parts, std::size_t record) {
    std::vector<PartShare> out;
    std::map<std::string, Decimal> in_group;  // weight that is there
    for (const auto& part : parts) {
        out.push_back(
            {part.value ? e.value(part.value->id, record) : feel::Value(), e.value(part.points->id, record), {}, {}});
        if (out.back().points.number()) in_group[part.group] = in_group[part.group] + part.weight;
    }
    const bool left_out = score.on_missing == model::Score::OnMissing::reweight;
    Decimal groups;
    std::string last;
    bool first = true;
    for (const auto& part : parts) {
        if ((first || part.group != last) && in_group.contains(part.group)) groups = groups + part.group_weight;
        last = part.group;
        first = false;
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto* points = out[i].points.number();
        if (!points && left_out) continue;
        auto share = parts[i].group_weight * parts[i].weight;
        if (left_out) share = parts[i].group_weight / groups * (parts[i].weight / in_group[parts[i].group]);
        out[i].share = share;
        out[i].lost = share * (score.high - (points ? *points : Decimal(0)));
    }
    return out;
}

namespace {

/// Cut to the places shown, what is left of the total goes to the largest remainders.
void add_up(PointsLost& lost) {
    auto rest = lost.lost;
    std::vector<std::pair<Decimal, std::size_t>> remainders;
    for (std::size_t i = 0; i < lost.parts.size(); ++i) {
        const auto cut = lost.parts[i].lost.rounded(lost.decimals, feel::Rounding::floor);
        remainders.emplace_back(lost.parts[i].lost - cut, i);
        rest = rest - cut;
        lost.parts[i].lost = cut;
    }
    std::stable_sort(remainders.begin(), remainders.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    const auto unit = Decimal::scaled(1, -lost.decimals);
    for (std::size_t i = 0; i < remainders.size() && rest >= unit; ++i, rest = rest - unit)
        lost.parts[remainders[i].second].lost = lost.parts[remainders[i].second].lost + unit;
}

/// Among whom points are places: 1 is worth most.
std::optional<std::array<std::int64_t, 3>> place_of(const assess::Assessment& a, const graph::Node& points,
                                                    std::size_t record, const exec::CohortMembers& members) {
    const auto& e = a.evaluation;
    for (const auto used : points.uses) {
        const auto* form = std::get_if<graph::CohortForm>(&a.graph->node(used).form);
        if (!form || form->function != graph::CohortFunction::percent_rank) continue;
        const auto value = e.value(form->value, record);
        if (!value.number()) return std::nullopt;
        const auto& all = members.of(a.graph->node(used), form->group ? e.value(*form->group, record) : feel::Value());
        const auto size = static_cast<std::int64_t>(all.size());
        return std::array{all.above(*value.number()) + 1, size - all.below(*value.number()), size};
    }
    return std::nullopt;
}

}  // namespace

std::optional<PointsLost> points_lost(const assess::Assessment& a, const graph::Node& node, std::size_t record,
                                      const exec::CohortMembers& members, std::string_view language) {
    const auto& scores = a.graph->rules->scores;
    const auto score = std::find_if(scores.begin(), scores.end(), [&](const auto& s) { return &s == node.definition; });
    const auto total = a.evaluation.value(node.id, record);
    if (score == scores.end() || !total.number()) return std::nullopt;
    const auto parts = parts_of(*a.graph, *score);
    if (parts.empty()) return std::nullopt;
    const auto year = a.evaluation.year;
    PointsLost out{subject_of(*a.graph, node, year, language), node.decimals.value_or(2), score->high, {}, {}, 0};
    out.lost = score->high - total.number()->rounded(out.decimals, feel::Rounding::half_even);
    const auto shares = shares_of(a.evaluation, *score, parts, record);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (!shares[i].lost) {
            ++out.left_out;
            continue;
        }
        const auto& of = parts[i].value ? *parts[i].value : *parts[i].points;
        const auto value = value_told(a, parts[i], record, language);
        const bool unit_told = of.unit == "%" && instead_of(a, parts[i], record);
        out.parts.push_back({subject_of(*a.graph, of, year, language), value, unit_told ? "" : of.unit,
                             place_of(a, *parts[i].points, record, members),
                             *shares[i].share * (score->high - score->low), *shares[i].lost});
    }
    std::stable_sort(out.parts.begin(), out.parts.end(), [](const auto& x, const auto& y) { return x.lost > y.lost; });
    add_up(out);
    return out;
}

}  // namespace zoneval::audit
