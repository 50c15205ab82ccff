#include "engine/audit/strengths.hpp"

#include <algorithm>

#include "engine/wording/explanations.hpp"
#include "engine/wording/say.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::audit {

namespace {

using Leaves = std::vector<const graph::ScoreNodes::Part*>;

void collect(const graph::ScoreNodes::Group& group, Leaves& out) {
    for (const auto& part : group.parts) out.push_back(&part);
    for (const auto& inner : group.groups) collect(inner, out);
}

/// The group that points compare a record within; nullopt: the whole cohort, or they compare with nobody.
std::optional<graph::NodeId> group_of(const graph::Graph& graph, graph::NodeId points) {
    for (const auto used : graph.node(points).uses) {
        const auto& node = graph.node(used);
        if (const auto* cohort = std::get_if<graph::CohortForm>(&node.form); cohort && cohort->group)
            return cohort->group;
        const auto* read = std::get_if<graph::HistoryForm>(&node.form);
        const auto* years = read ? std::get_if<graph::YearsForm>(&graph.node(read->of).form) : nullptr;
        if (years && years->group) return years->group;
    }
    return std::nullopt;
}

}  // namespace

Standings::Standings(const assess::Assessment& a, const graph::Node& score) : a_(a), score_(score) {
    const auto found = std::find_if(a.graph->scores.begin(), a.graph->scores.end(),
                                    [&](const auto& nodes) { return nodes.whole.id == score.id; });
    if (found == a.graph->scores.end()) return;
    Leaves leaves;
    collect(found->whole, leaves);
    const auto& e = a.evaluation;
    constexpr std::size_t most_values = 2'000'000;  // more takes seconds
    if (leaves.size() * e.size() > most_values) return;
    for (const auto* leaf : leaves) {
        const auto* named = a.graph->find(leaf->indicator->of.text);
        auto& out = indicators_.emplace_back(Indicator{named ? named : &a.graph->node(leaf->value), {}, {}, {}});
        const auto group = group_of(*a.graph, leaf->points);
        for (std::size_t i = 0; i < e.size(); ++i) {
            const auto value = e.value(leaf->points, i);
            out.points.push_back(value.number() ? std::optional(*value.number()) : std::nullopt);
            out.group.push_back(group ? e.value(*group, i).to_feel() : "");
            if (value.number()) out.ascending[out.group.back()].push_back(*value.number());
        }
        for (auto& [name, points] : out.ascending) std::sort(points.begin(), points.end());
    }
}

/// nullopt: it has no points, or nobody else has.
std::optional<Place> Standings::place_of(const Indicator& indicator, std::size_t record,
                                         std::string_view language) const {
    const auto& e = a_.evaluation;
    const auto& own = indicator.points[record];
    if (!own) return std::nullopt;
    const auto& node = *indicator.node;
    const auto tongue = wording::language_from_string(language).value_or(wording::Language::en);
    const auto& all = indicator.ascending.at(indicator.group[record]);
    const auto [first, last] = std::equal_range(all.begin(), all.end(), *own);
    Place out{subject_of(*a_.graph, node, e.year, language),
              wording::show(e.value(node.id, record), {node.decimals, ""}, tongue), node.unit,
              static_cast<std::size_t>(all.end() - last) + 1, all.size()};
    const auto alike = static_cast<std::size_t>(last - first);
    // Who shares its place with most of the others stands nowhere.
    return out.among < 2 || 2 * alike > out.among + 1 ? std::nullopt : std::optional(std::move(out));
}

std::optional<Strengths> Standings::of(std::size_t record, std::string_view language, std::size_t most) const {
    Strengths out{subject_of(*a_.graph, score_, a_.evaluation.year, language), {}, {}};
    for (const auto& indicator : indicators_)
        if (auto place = place_of(indicator, record, language))
            (2 * place->place <= place->among + 1 ? out.best : out.worst).push_back(std::move(*place));
    const auto share = [](const Place& p) { return static_cast<double>(p.place) / static_cast<double>(p.among); };
    std::stable_sort(out.best.begin(), out.best.end(),
                     [&](const auto& x, const auto& y) { return share(x) < share(y); });
    std::stable_sort(out.worst.begin(), out.worst.end(),
                     [&](const auto& x, const auto& y) { return share(x) > share(y); });
    if (out.best.size() > most) out.best.resize(most);
    if (out.worst.size() > most) out.worst.resize(most);
    if (out.best.empty() && out.worst.empty()) return std::nullopt;
    return out;
}

std::string places_text(const std::vector<Place>& places, wording::Language language) {
    std::string out;
    for (const auto& p : places)
        out +=
            (out.empty() ? "" : say(wording::Phrase::separator, language)) + say(wording::Answer::place_among, language,
                                                                                 {{"indicator", p.of.shown(language)},
                                                                                  {"place", std::to_string(p.place)},
                                                                                  {"among", std::to_string(p.among)}});
    return out;
}

}  // namespace zoneval::audit
