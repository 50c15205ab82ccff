#include "engine/audit/sentences.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "engine/audit/lines.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/pages.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::audit {

using wording::Answer;
using wording::Phrase;
using OutcomeKind = exec::Outcome::Kind;

bool settled(const Explanation& e) { return e.ending != OutcomeKind::open && e.ending != OutcomeKind::conflict; }
bool by_default(const Explanation& e) {
    return e.ending == OutcomeKind::by_default || e.ending == OutcomeKind::nothing_fired;
}

std::string outcome_text(const Explanation& e) {
    if (settled(e)) return e.value;
    if (e.ending == OutcomeKind::conflict) return say(Answer::rules_in_conflict, e.language);
    if (e.possible.size() <= 1) return say(Answer::undetermined, e.language);
    auto options = e.possible.front();
    for (std::size_t i = 1; i < e.possible.size(); ++i)
        options = i + 1 < e.possible.size()
                      ? fmt::format("{}{}{}", options, say(Phrase::separator, e.language), e.possible[i])
                      : say(Phrase::or_else, e.language, {{"first", options}, {"second", e.possible[i]}});
    return say(Answer::undetermined_between, e.language, {{"possible", options}});
}

std::vector<std::string> ruling_sentences(const Explanation& e) {
    const auto& r = *e.ruling;
    std::vector<std::string> out{say(Phrase::ruled_by, e.language,
                                     {{"n", std::to_string(r.id)}, {"by", r.by}, {"on", r.on}, {"reason", r.reason}})};
    if (!r.document.empty()) out.push_back(say(Phrase::document, e.language, {{"name", r.document}}));
    for (const auto& rest : r.rests)
        out.push_back(say(Answer::rests_on_ruling, e.language,
                          {{"decision", rest.title}, {"year", std::to_string(rest.year)}, {"outcome", rest.label}}));
    return out;
}

namespace {

std::string clause_text(const Explanation& e) {
    const bool own = e.cite.find(' ') == std::string::npos;  // no document of its own
    return own && !e.authority.empty()
               ? say(Answer::clause_of, e.language, {{"clause", e.cite}, {"authority", e.authority}})
               : say(Answer::clause, e.language, {{"clause", e.cite}});
}

void add_open(const Explanation& e, std::vector<std::string>& out) {
    if (e.possible.size() == 1) out.push_back(say(Phrase::only_left, e.language, {{"outcome", e.possible.front()}}));
    const auto separator = say(Phrase::separator, e.language);
    if (!e.waiting_for.empty())
        out.push_back(
            say(Answer::waits_for, e.language, {{"data", fmt::format("{}", fmt::join(e.waiting_titles, separator))}}));
    for (const auto& why : e.failed) out.push_back(say(Answer::cannot_be_computed, e.language, {{"why", why}}));
    if (e.may_be_adverse) out.push_back(say(Answer::never_against, e.language));
}

}  // namespace

std::string firm_sentence(const Explanation::Firm& firm, const std::string& outcome, wording::Language language) {
    // Not all of them is never said to be all, and some never none.
    const auto per_cent = static_cast<int>(std::lround(firm.holds * 100));
    const auto told = firm.holds < 1 && per_cent == 100 ? 99 : firm.holds > 0 && per_cent == 0 ? 1 : per_cent;
    return say(Answer::holds_in_readings, language,
               {{"outcome", outcome}, {"share", std::to_string(told)}, {"n", std::to_string(firm.readings)}});
}

std::vector<std::string> strength_sentences(const Strengths& strengths, wording::Language language) {
    std::vector<std::string> out;
    const auto add = [&](Answer answer, const std::vector<Place>& places) {
        if (!places.empty()) out.push_back(say(answer, language, {{"places", places_text(places, language)}}));
    };
    add(Answer::stands_best, strengths.best);
    add(Answer::stands_worst, strengths.worst);
    return out;
}

std::vector<std::string> sentences(const Explanation& e) {
    std::vector<std::string> out;
    const auto add = [&](Answer answer, std::initializer_list<std::pair<std::string_view, std::string_view>> of = {}) {
        out.push_back(say(answer, e.language, of));
    };
    if (!e.about.empty())
        add(Answer::about_another,
            {{"who", e.about_title.empty() ? e.about : e.about_title + " " + e.about}, {"record", e.record}});
    if (e.in_every_case) add(Answer::in_every_case, {{"outcome", e.value}});
    if (!e.because.empty()) out.push_back(e.because);
    if (e.ending == OutcomeKind::fired) {
        add(Answer::rule, {{"rule", e.rule}});
        if (!e.cite.empty()) out.back() += say(Answer::comma, e.language) + clause_text(e);
    }
    if (by_default(e))
        add(e.continues         ? Answer::stays_as_it_was
            : e.decided.empty() ? Answer::no_rule_holds
                                : Answer::no_rule_holds_nearest);
    if (e.ending == OutcomeKind::conflict)
        add(Answer::both_hold, {{"rules", fmt::format("{}", fmt::join(e.conflicting_rules, ", "))}});
    if (e.ending == OutcomeKind::open) add_open(e, out);
    if (e.firm && settled(e)) out.push_back(firm_sentence(*e.firm, e.value, e.language));
    return out;
}

std::string hangs_on_text(const HangsOn& h, wording::Language language) {
    return say(h.alone ? Phrase::hangs_on_blank : Phrase::hangs_on_others, language,
               {{"record", h.record},
                {"data", fmt::format("{}", fmt::join(h.data, say(Phrase::separator, language)))},
                {"through", h.through},
                {"possible", fmt::format("{}", fmt::join(h.possible, " / "))}});
}

std::string run_text(const Explanation& e) {
    return run_text(e.run, e.year, e.standing, e.seal, e.revision, e.language);
}

std::string run_text(std::int64_t run, std::int32_t year, const store::Standing& standing, const std::string& seal,
                     std::int64_t revision, wording::Language language) {
    return say(wording::Page::run_line, language,
               {{"run", std::to_string(run)},
                {"year", std::to_string(year)},
                {"state", state_text(standing, language)},
                {"seal", short_seal(seal)},
                {"revision", std::to_string(revision)}});
}

std::string place_text(const PointsLost::Part& part, wording::Language language) {
    if (!part.place) return "";
    const auto [first, last, all] = *part.place;
    return say(Answer::place_of, language,
               {{"place", first == last ? std::to_string(first) : fmt::format("{}–{}", first, last)},
                {"n", std::to_string(all)}});
}

}  // namespace zoneval::audit
