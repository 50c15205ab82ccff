#include "engine/results/score_changes.hpp"

#include <algorithm>

#include "engine/audit/score_parts.hpp"
#include "engine/results/table.hpp"

namespace zoneval::results {

using assess::Assessment;
using feel::Decimal;
using Parts = Changes::Score::Parts;

namespace {

/// A score in one world: itself, and what each part took from the top of the scale.
struct Seen {
    std::optional<Decimal> score;
    std::vector<Decimal> lost;
};

/// The same amount on the way from the earlier year to the later one, stage by stage.
struct Way {
    Decimal from, corrected, own, peers, both, middle, weights, methods, to;

    /// Own figures and the others by the mean of both orders.
    Parts parts() const {
        const Decimal two(2);
        return {(own - corrected + both - peers) / two,
                (peers - corrected + both - own) / two,
                middle - both,
                weights - middle,
                methods - weights,
                to - methods,
                corrected - from};
    }
};

class Parter {
  public:
    Parter(const Stages& stages, Worlds& worlds, wording::Language language)
        : s_(stages),
          worlds_(worlds),
          language_(language),
          before_(parts_of(s_.from)),
          weights_(parts_of(s_.weights)),
          methods_(parts_of(s_.methods)),
          after_(parts_of(s_.to)),
          later_(places_later()) {}

    void part(Changes::Score& out) {
        const auto& of = out.record;
        const auto earlier = [&](const exec::Evaluation& e) { return seen(s_.from, before_, e, of); };
        const auto from = earlier(s_.from.evaluation), corrected = earlier(s_.corrected.evaluation);
        const auto own = earlier(worlds_.of(of, {1, 0, 0})), peers = earlier(worlds_.of(of, {0, 1, 0}));
        const auto both = earlier(worlds_.of(of, {1, 1, 0})), middle = earlier(s_.middle.evaluation);
        const auto weights = seen(s_.weights, weights_, s_.weights.evaluation, of);
        const auto methods = seen(s_.methods, methods_, s_.methods.evaluation, of);
        const auto to = seen(s_.to, after_, s_.to.evaluation, of);
        for (const auto* stage : {&from, &corrected, &own, &peers, &both, &middle, &weights, &methods, &to})
            if (!stage->score) return;
        out.parts = Way{*from.score,   *corrected.score, *own.score,     *peers.score, *both.score,
                        *middle.score, *weights.score,   *methods.score, *to.score}
                        .parts();
        if (before_.empty() || after_.empty() || weights_.size() != before_.size() || methods_.size() != before_.size())
            return;
        for (std::size_t i = 0; i < before_.size(); ++i) {
            const auto later = later_[i];
            // What is lost less is won.
            const Way way{-from.lost[i],    -corrected.lost[i], -own.lost[i],
                          -peers.lost[i],   -both.lost[i],      -middle.lost[i],
                          -weights.lost[i], -methods.lost[i],   later ? -to.lost[*later] : Decimal(0)};
            add(out, &before_[i], later ? &after_[*later] : nullptr, way.parts());
        }
        for (std::size_t i = 0; i < after_.size(); ++i)
            if (std::find(later_.begin(), later_.end(), i) == later_.end())
                add(out, nullptr, &after_[i], {{}, {}, {}, {}, {}, -to.lost[i], {}});
        std::stable_sort(out.indicators.begin(), out.indicators.end(),
                         [](const auto& a, const auto& b) { return a.parts.sum().abs() > b.parts.sum().abs(); });
    }

  private:
    using ScoreParts = std::vector<audit::ScorePart>;

    static ScoreParts parts_of(const Assessment& a) {
        return audit::parts_of(*a.graph, a.graph->rules->scores.front());
    }

    static Seen seen(const Assessment& rules, const ScoreParts& parts, const exec::Evaluation& e,
                     const std::string& record) {
        Seen out;
        const auto place = e.find(record);
        if (!place) return out;
        const auto value = e.value(score_of(*rules.graph)->id, *place);
        if (!value.number()) return out;
        out.score = *value.number();
        for (const auto& share : audit::shares_of(e, rules.graph->rules->scores.front(), parts, *place))
            out.lost.push_back(share.lost.value_or(Decimal(0)));
        return out;
    }

    /// Where each part of the earlier rules stands among those of the later ones.
    std::vector<std::optional<std::size_t>> places_later() const {
        std::vector<std::optional<std::size_t>> out(before_.size());
        for (std::size_t i = 0; i < before_.size(); ++i)
            for (std::size_t k = 0; k < after_.size(); ++k) {
                const auto &a = before_[i], &b = after_[k];
                const bool same = &s_.middle == &s_.to
                                      ? i == k
                                      : a.group == b.group && a.value && b.value && a.value->name == b.value->name;
                if (same) out[i] = k;
            }
        return out;
    }

    /// nullptr: the one rule set or the other has no such part.
    void add(Changes::Score& out, const audit::ScorePart* before, const audit::ScorePart* after, const Parts& parts) {
        const auto& any = after ? *after : *before;
        const auto& node = any.value ? *any.value : *any.points;
        const auto told = [&](const Assessment& a, const audit::ScorePart* of) {
            const auto record = a.evaluation.find(out.record);
            return record && of ? audit::value_told(a, *of, *record, code(language_)) : "";
        };
        out.indicators.push_back({node.name, node.definition ? title_of(*node.definition, language_) : node.name,
                                  node.unit, told(s_.from, before), told(s_.to, after), parts});
    }

    const Stages& s_;
    Worlds& worlds_;
    wording::Language language_;
    ScoreParts before_, weights_, methods_, after_;
    std::vector<std::optional<std::size_t>> later_;
};

}  // namespace

Parts Changes::Score::rounding() const {
    auto out = parts.value_or(Parts{});
    for (const auto& i : indicators) {
        out.own = out.own - i.parts.own, out.peers = out.peers - i.parts.peers;
        out.calendar = out.calendar - i.parts.calendar, out.rules = out.rules - i.parts.rules;
        out.weights = out.weights - i.parts.weights, out.method = out.method - i.parts.method;
        out.correction = out.correction - i.parts.correction;
    }
    return out;
}

const graph::Node* score_of(const graph::Graph& graph) {
    return graph.rules->scores.empty() ? nullptr : graph.find(graph.rules->scores.front().name);
}

std::vector<Changes::Score> changed_scores(const Assessment& from, const Assessment& to) {
    std::vector<Changes::Score> out;
    for (std::size_t i = 0; i < to.evaluation.size(); ++i) {
        const auto before = from.evaluation.find(to.evaluation.record(i));
        if (!before) continue;
        const auto a = from.evaluation.value(score_of(*from.graph)->id, *before),
                   b = to.evaluation.value(score_of(*to.graph)->id, i);
        if (a.number() && b.number()) out.push_back({to.evaluation.record(i), *a.number(), *b.number(), {}, {}});
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.change().abs() > b.change().abs(); });
    return out;
}

void part_scores(const Stages& stages, Worlds& worlds, wording::Language language,
                 std::vector<Changes::Score>& scores) {
    if (scores.empty()) return;
    Parter parter(stages, worlds, language);
    for (auto& score : scores) parter.part(score);
}

}  // namespace zoneval::results
