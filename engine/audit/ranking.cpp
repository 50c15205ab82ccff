#include "engine/audit/ranking.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/model/record_title.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/say.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::audit {

using feel::Decimal;
using graph::CohortForm;
using graph::Node;
using wording::Answer;

namespace {

constexpr int shown_places = 2;  // where nobody said how many

bool compares_scores(const graph::Graph& graph, const Node& node) {
    const auto* form = std::get_if<CohortForm>(&node.form);
    if (!form || node.of_score || !graph::is_rank(form->function)) return false;
    const auto behind = exec::nodes_behind(graph, graph.node(form->value));
    return graph.rules->scores.empty() || std::any_of(behind.begin(), behind.end(), [&](graph::NodeId id) {
               return graph.node(id).kind == graph::NodeKind::score;
           });
}

/// Records that are ranked together with one, the best first; of equal ones in the order of the table.
std::vector<std::pair<Decimal, std::size_t>> ranked_with(const exec::Evaluation& e, const CohortForm& form,
                                                         std::size_t record) {
    const auto group = form.group ? e.value(*form.group, record) : feel::Value();
    std::vector<std::pair<Decimal, std::size_t>> out;
    for (std::size_t i = 0; i < e.size(); ++i) {
        if (form.group && !feel::identical(e.value(*form.group, i), group)) continue;
        if (const auto value = e.value(form.value, i); value.number()) out.emplace_back(*value.number(), i);
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    return out;
}

Rank rank_of(const std::vector<std::pair<Decimal, std::size_t>>& ranked, const Decimal& value) {
    const auto [first, last] = std::equal_range(ranked.begin(), ranked.end(), std::pair(value, std::size_t{0}),
                                                [](const auto& a, const auto& b) { return a.first > b.first; });
    return {first - ranked.begin() + 1, last - ranked.begin(), static_cast<std::int64_t>(ranked.size())};
}

/// Of a ranked measure that only hands a score on to those who take part: that score, whose name people know.
const Node& shown_as(const exec::Evaluation& e, graph::NodeId ranked, std::size_t record) {
    const auto& node = e.graph->node(ranked);
    for (const auto id : exec::nodes_behind(*e.graph, node))
        if (e.graph->node(id).kind == graph::NodeKind::score &&
            feel::identical(e.value(id, record), e.value(ranked, record)))
            return e.graph->node(id);
    return node;
}

}  // namespace

bool reads_rank(const graph::Graph& graph, const Node& node) {
    const auto behind = exec::nodes_behind(graph, node);
    return std::any_of(behind.begin(), behind.end(),
                       [&](graph::NodeId id) { return compares_scores(graph, graph.node(id)); });
}

const Node* ranking_behind(const graph::Graph& graph, const Node& node) {
    for (const auto id : exec::nodes_behind(graph, node)) {
        const auto& one = graph.node(id);
        // What has no name of its own is turned round, such as -score: places counted from below.
        if (compares_scores(graph, one) && graph.node(std::get<CohortForm>(one.form).value).definition) return &one;
    }
    return nullptr;
}

std::optional<Rank> rank_in(const exec::Evaluation& e, const Node& ranking, std::size_t record) {
    const auto& form = std::get<CohortForm>(ranking.form);
    const auto value = e.value(form.value, record);
    if (!value.number()) return std::nullopt;
    return rank_of(ranked_with(e, form, record), *value.number());
}

Neighbours neighbours(const exec::Evaluation& e, const Node& decision, const Node& ranking, std::size_t record,
                      std::string_view language) {
    constexpr std::size_t above = 2, below = 1;
    const auto& form = std::get<CohortForm>(ranking.form);
    const auto& value = shown_as(e, form.value, record);
    const auto tongue = wording::language_from_string(language).value_or(wording::Language::en);
    Neighbours out{model::record_title(*e.graph->rules, tongue),
                   subject_of(*e.graph, value, e.year, language),
                   value.unit,
                   value.decimals.value_or(shown_places),
                   {}};
    const auto ranked = ranked_with(e, form, record);
    const auto own = std::find_if(ranked.begin(), ranked.end(), [&](const auto& one) { return one.second == record; });
    if (own == ranked.end() || ranked.size() < 2) return out;
    const auto at = static_cast<std::size_t>(own - ranked.begin());
    for (auto i = at - std::min(at, above); i < std::min(at + below + 1, ranked.size()); ++i) {
        const auto& [figure, of] = ranked[i];
        const bool settled = e.outcome(decision.id, of).settled();
        out.near.push_back({rank_of(ranked, figure), e.record(of), figure,
                            settled ? e.value(decision.id, of).to_string() : "", of == record});
    }
    return out;
}

Distance distance_of(const Neighbours& neighbours, const Neighbours::One& one, wording::Language language) {
    Distance out{one.value.to_fixed(neighbours.decimals), ""};
    if (one.itself) return out;
    const auto own =
        std::find_if(neighbours.near.begin(), neighbours.near.end(), [](const auto& n) { return n.itself; });
    const auto away = one.value - own->value;
    out.from_record = away.is_zero() ? say(Answer::as_many, language)
                                     : say(away.is_negative() ? Answer::so_much_below : Answer::so_much_above, language,
                                           {{"n", away.abs().to_fixed(neighbours.decimals)}});
    return out;
}

std::string rank_text(const Rank& rank, wording::Language language) {
    return say(
        Answer::place_of, language,
        {{"place", rank.first == rank.last ? std::to_string(rank.first) : fmt::format("{}–{}", rank.first, rank.last)},
         {"n", std::to_string(rank.of)}});
}

}  // namespace zoneval::audit
