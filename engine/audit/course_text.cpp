#include "engine/audit/course_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/audit/sentences.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/say.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::audit {

using wording::Answer;

std::string in_unit(const std::string& title, const std::string& unit, wording::Language language) {
    if (unit.empty()) return title;
    const auto shown = wording::with_unit("", unit, language);
    return fmt::format("{} ({})", title, shown.substr(std::min(shown.find_first_not_of(' '), shown.size())));
}

Rows neighbours_told(const Explanation& e) {
    const auto& all = e.neighbours;
    if (all.near.empty()) return {};
    const auto says = [&](Answer answer) { return say(answer, e.language); };
    Rows out{{Align::right, Align::left, Align::right, Align::right, Align::left},
             {{says(Answer::rank), all.kind, in_unit(all.of.title, all.unit, e.language), "", e.decision_title}}};
    for (const auto& one : all.near) {
        const auto distance = distance_of(all, one, e.language);
        out.rows.push_back({rank_text(one.rank, e.language), one.record, distance.value, distance.from_record,
                            one.outcome.empty() ? says(Answer::undetermined) : one.outcome});
    }
    return out;
}

Rows course_told(const Explanation& e, bool with_rules) {
    if (!e.course || e.course->years.size() < 2) return {};
    const auto& course = *e.course;
    Rows out{{Align::left}, {{""}}};
    const auto row = [&](std::string title, const auto& cell) {
        out.rows.push_back({std::move(title)});
        for (const auto& year : course.years) out.rows.back().push_back(cell(year));
    };
    for (const auto& year : course.years) {
        out.columns.push_back(Align::right);
        out.rows.front().push_back(std::to_string(year.year));
    }
    using Year = Course::Year;
    row(e.decision_title, [](const Year& year) { return year.label; });
    if (!course.score.empty())
        row(in_unit(course.score, course.unit, e.language),
            [&](const Year& year) { return year.score ? year.score->to_fixed(course.decimals) : "–"; });
    if (course.ranked)
        row(say(Answer::rank, e.language),
            [&](const Year& year) { return year.rank ? rank_text(*year.rank, e.language) : "–"; });
    for (std::size_t i = 0; i < course.words.size(); ++i)
        row(course.words[i], [&](const Year& year) { return i < year.words.size() ? year.words[i] : "–"; });
    const bool any_rule =
        std::any_of(course.years.begin(), course.years.end(), [](const Year& year) { return !year.rule.empty(); });
    if (with_rules && any_rule)
        row(say(Answer::rule_that_gave, e.language), [](const Year& year) { return year.rule; });
    return out;
}

std::string score_no_part(const Explanation& e) {
    const auto* now = e.course && !e.course->years.empty() ? &e.course->years.back() : nullptr;
    if (!now || !now->score || !e.scores.empty() || e.ending != exec::Outcome::Kind::fired || e.decided.empty())
        return "";
    const auto year = std::to_string(now->year);
    const auto score = wording::with_unit(now->score->to_fixed(e.course->decimals), e.course->unit, e.language);
    if (!now->rank) return say(Answer::score_no_part, e.language, {{"year", year}, {"score", score}});
    return say(Answer::score_and_rank_no_part, e.language,
               {{"year", year}, {"score", score}, {"rank", rank_text(*now->rank, e.language)}});
}

}  // namespace zoneval::audit
