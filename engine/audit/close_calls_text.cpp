#include "engine/audit/close_calls_text.hpp"

#include <algorithm>

#include "engine/exec/results/labels.hpp"
#include "engine/feel/evaluation/from_feel.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::audit {

using wording::Answer;

namespace {

std::string outcome_told(const Explanation& e, const std::string& outcome) {
    if (outcome.empty()) return say(Answer::undetermined, e.language);
    if (outcome.starts_with('[')) return exec::shown(e.labels, feel::from_feel(outcome), {}, e.language);
    return exec::labelled(e.labels, outcome);
}

std::string number(const feel::Value& value, int decimals) { return value.number()->to_fixed(decimals); }

/// "31.90 to 34.87", or the one that both are.
std::string between(const std::string& from, const std::string& to, wording::Language language) {
    return from == to ? from : say(Answer::from_to, language, {{"low", from}, {"high", to}});
}

/// Of one stretch: "383.37 or less"
std::string figures_told(const Explanation& e, const CloseCalls::Figure& figure, std::size_t i) {
    const auto& one = figure.stretches[i];
    const auto from = number(one.from, figure.decimals), to = number(one.to, figure.decimals);
    const bool first = i == 0, last = i + 1 == figure.stretches.size();
    if (first != last && from != to)
        return first ? say(Answer::or_less, e.language, {{"figure", to}})
                     : say(Answer::or_more, e.language, {{"figure", from}});
    return between(from, to, e.language);
}

}  // namespace

std::vector<std::string> points_told(const Explanation& e) {
    std::vector<std::string> out;
    if (!e.close_calls) return out;
    for (const auto& one : e.close_calls->by_points) {
        const auto points =
            wording::with_unit(one.points.to_fixed(e.close_calls->decimals), e.close_calls->unit, e.language);
        out.push_back(say(one.more ? Answer::points_more : Answer::points_fewer, e.language,
                          {{"points", points}, {"outcome", outcome_told(e, one.outcome)}}));
    }
    return out;
}

Rows figure_told(const Explanation& e, const CloseCalls::Figure& figure) {
    const auto& all = figure.stretches;
    const bool same_score = std::all_of(all.begin(), all.end(), [&](const auto& one) {
        return one.score_from == all.front().score_from && one.score_to == all.front().score_from;
    });
    Rows out{
        {Align::right, Align::right, Align::left},
        {{in_unit(figure.of.title, figure.unit, e.language),
          same_score ? "" : in_unit(e.close_calls->score.title, e.close_calls->unit, e.language), e.decision_title}}};
    const bool words = !all.front().from.number();
    if (words) out.columns.front() = Align::left;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& one = all[i];
        const auto figures = words ? exec::shown(figure.labels, one.from, {}, e.language) : figures_told(e, figure, i);
        const auto places = e.close_calls->decimals;
        const auto scores = !same_score && one.score_from && one.score_to
                                ? between(one.score_from->to_fixed(places), one.score_to->to_fixed(places), e.language)
                                : "";
        out.rows.push_back({figures, scores, outcome_told(e, one.outcome)});
    }
    return out;
}

std::string tried_told(const CloseCalls::Figure& figure, wording::Language language) {
    std::string out;
    if (figure.stretches.front().from.number())
        out = say(Answer::tried_between, language,
                  {{"from", number(figure.stretches.front().from, figure.decimals)},
                   {"to", number(figure.stretches.back().to, figure.decimals)}});
    if (figure.others_missing)
        out +=
            (out.empty() || language != wording::Language::en ? "" : " ") + say(Answer::others_stay_missing, language);
    return out;
}

}  // namespace zoneval::audit
