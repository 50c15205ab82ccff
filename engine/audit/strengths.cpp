#include "engine/audit/strengths.hpp"

#include <algorithm>

#include "engine/wording/answers.hpp"
#include "engine/wording/say.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::audit {

namespace {

using Leaves = std::vector<const graph::ScoreNodes::Part*>;

void collect(const graph::ScoreNodes::Group& group, Leaves& out) {
    for (const auto& part : group.parts) out.push_back(&part);
    for (const auto& inner : group.groups) collect(inner, out);
}

/// nullopt: it has no points, or nobody else has.
std::optional<Place> place_of(const assess::Assessment& a, const graph::ScoreNodes::Part& part, std::size_t record,
                              std::string_view language) {
    const auto& e = a.evaluation;
    const auto own = e.value(part.points, record);
    if (!own.number()) return std::nullopt;
    const auto* named = a.graph->find(part.indicator->of.text);
    const auto& node = named ? *named : a.graph->node(part.value);
    const auto tongue = wording::language_from_string(language).value_or(wording::Language::en);
    Place out{subject_of(*a.graph, node, e.year, language),
              wording::show(e.value(node.id, record), {node.decimals, ""}, tongue), node.unit, 1, 0};
    std::size_t alike = 0;
    for (std::size_t i = 0; i < e.size(); ++i) {
        const auto other = e.value(part.points, i);
        if (!other.number()) continue;
        ++out.among;
        out.place += *other.number() > *own.number();
        alike += *other.number() == *own.number();
    }
    // Who shares its place with most of the others stands nowhere.
    return out.among < 2 || 2 * alike > out.among + 1 ? std::nullopt : std::optional(std::move(out));
}

}  // namespace

std::optional<Strengths> strengths_of(const assess::Assessment& a, const graph::Node& score, std::size_t record,
                                      std::string_view language, std::size_t most) {
    const auto found = std::find_if(a.graph->scores.begin(), a.graph->scores.end(),
                                    [&](const auto& nodes) { return nodes.whole.id == score.id; });
    if (found == a.graph->scores.end()) return std::nullopt;
    Leaves leaves;
    collect(found->whole, leaves);
    constexpr std::size_t most_values = 2'000'000;  // looked at; more takes seconds
    if (leaves.size() * a.evaluation.size() > most_values) return std::nullopt;
    Strengths out{subject_of(*a.graph, score, a.evaluation.year, language), {}, {}};
    for (const auto* leaf : leaves)
        if (auto place = place_of(a, *leaf, record, language))
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
