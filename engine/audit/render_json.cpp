// Explanations for programs. Version 2: rules carry their conditions, `points_lost` and what decided stand beside them.
#include <nlohmann/json.hpp>

#include "engine/audit/explain.hpp"
#include "engine/audit/json.hpp"
#include "engine/audit/sentences.hpp"

namespace zoneval::audit {

namespace {

using OutcomeKind = exec::Outcome::Kind;

std::string_view to_string(OutcomeKind ending) {
    static constexpr std::string_view words[] = {"nothing", "fired", "default", "open", "conflict"};
    return words[static_cast<std::size_t>(ending)];
}

std::string_view to_string(RuleState::State state) {
    static constexpr std::string_view words[] = {"holds", "does not hold", "unknown", "not reached"};
    return words[static_cast<std::size_t>(state)];
}

Json json_of(const Derivation& d) {
    Json out = {{"name", d.name}, {"kind", d.kind}, {"value", d.value}};
    const auto add = [&](const char* key, const std::string& text) {
        if (!text.empty()) out[key] = text;
    };
    add("unit", d.unit);
    add("formula", d.formula);
    add("cite", d.cite);
    add("where", d.where);
    add("assumption", d.assumption);
    add("note", d.note);
    if (!d.from.empty()) {
        out["from"] = Json::array();
        for (const auto& child : d.from) out["from"].push_back(json_of(child));
    }
    return out;
}

Json json_of(const PointsLost& lost) {
    Json out = {
        {"score", lost.score.title}, {"of", lost.scale.to_string()}, {"lost", lost.lost.to_fixed(lost.decimals)}};
    out["indicators"] = Json::array();
    for (const auto& part : lost.parts) {
        Json one = {{"indicator", part.of.title},
                    {"value", part.value},
                    {"unit", part.unit},
                    {"to_win", part.to_win.to_fixed(lost.decimals)},
                    {"lost", part.lost.to_fixed(lost.decimals)}};
        if (part.place) one["rank"] = {{"from", (*part.place)[0]}, {"to", (*part.place)[1]}, {"of", (*part.place)[2]}};
        out["indicators"].push_back(std::move(one));
    }
    out["left_out"] = lost.left_out;
    return out;
}

Json json_of(const std::vector<Place>& places) {
    auto out = Json::array();
    for (const auto& p : places)
        out.push_back({{"indicator", p.of.name},
                       {"title", p.of.title},
                       {"value", p.value},
                       {"unit", p.unit},
                       {"place", p.place},
                       {"among", p.among}});
    return out;
}

Json json_of(const Rank& rank) { return {{"first", rank.first}, {"last", rank.last}, {"of", rank.of}}; }

Json json_of(const Course& course) {
    auto out = Json::array();
    for (const auto& year : course.years)
        out.push_back({{"year", year.year},
                       {"run", year.run},
                       {"outcome", year.outcome.empty() ? Json() : Json(year.outcome)},
                       {"rule", year.rule},
                       {"score", year.score ? Json(year.score->to_string()) : Json()},
                       {"rank", year.rank ? json_of(*year.rank) : Json()}});
    return out;
}

Json outcome_or_null(const std::string& outcome) { return outcome.empty() ? Json() : Json(outcome); }

Json json_of(const std::vector<CloseCalls::ByPoints>& all) {
    auto out = Json::array();
    for (const auto& one : all)
        out.push_back(
            {{"more", one.more}, {"points", one.points.to_string()}, {"outcome", outcome_or_null(one.outcome)}});
    return out;
}

Json json_of(const std::vector<CloseCalls::Figure>& figures) {
    auto out = Json::array();
    for (const auto& figure : figures) {
        auto leads_to = Json::array();
        for (const auto& one : figure.stretches)
            leads_to.push_back({{"from", one.from.to_string()},
                                {"to", one.to.to_string()},
                                {"outcome", outcome_or_null(one.outcome)},
                                {"score_from", one.score_from ? Json(one.score_from->to_string()) : Json()},
                                {"score_to", one.score_to ? Json(one.score_to->to_string()) : Json()}});
        out.push_back({{"figure", figure.of.name}, {"title", figure.of.title}, {"leads_to", std::move(leads_to)}});
    }
    return out;
}

}  // namespace

std::string render_json(const Explanation& e) {
    Json out = {{"version", 2},
                {"record", e.record},
                {"label", e.label},
                {"year", e.year},
                {"ruleset", e.ruleset_title},
                {"authority", e.authority},
                {"run", e.run},
                {"decision", e.decision.empty() ? Json() : Json(e.decision)},
                {"about", e.about.empty() ? Json() : Json(e.about)},
                {"ending", to_string(e.ending)},
                {"value", settled(e) ? Json(e.value) : Json()},
                {"adverse", e.adverse},
                {"possible", e.possible},
                {"waiting_for", e.waiting_for},
                {"failed", e.failed},
                {"conflicting_rules", e.conflicting_rules},
                {"rule", e.rule},
                {"because", e.because},
                {"cite", e.cite},
                {"in_every_case", e.in_every_case},
                {"seal", e.seal},
                {"state", store::to_string(e.standing.state)},
                {"notes", e.notes}};
    out["assumptions"] = Json::array();
    for (const auto& a : e.assumptions)
        out["assumptions"].push_back({{"name", a.name}, {"value", a.value}, {"reason", a.reason}});
    out["decided"] = Json::array();
    for (const auto& condition : e.decided) out["decided"].push_back(json_of(condition));
    out["neighbours"] = Json::array();
    for (const auto& one : e.neighbours.near)
        out["neighbours"].push_back({{"record", one.record},
                                     {"rank", json_of(one.rank)},
                                     {"value", one.value.to_string()},
                                     {"outcome", one.outcome.empty() ? Json() : Json(one.outcome)}});
    if (e.course) out["years"] = json_of(*e.course);
    if (e.close_calls) {
        out["by_points"] = json_of(e.close_calls->by_points);
        out["missing_figures"] = json_of(e.close_calls->figures);
    }
    out["points_lost"] = Json::array();
    for (const auto& score : e.scores) out["points_lost"].push_back(json_of(score));
    out["strengths"] = Json::array();
    for (const auto& of : e.strengths)
        out["strengths"].push_back(
            {{"score", of.score.name}, {"best", json_of(of.best)}, {"worst", json_of(of.worst)}});
    if (e.firm) out["robustness"] = {{"holds", e.firm->holds}, {"readings", e.firm->readings}, {"seed", e.firm->seed}};
    out["hangs_on"] = Json::array();
    for (const auto& h : e.hangs_on)
        out["hangs_on"].push_back({{"record", h.record},
                                   {"data", h.data},
                                   {"through", h.through},
                                   {"possible", h.possible},
                                   {"alone", h.alone}});
    if (e.ruling)
        out["ruling"] = {{"id", e.ruling->id}, {"value", e.ruling->value},   {"by", e.ruling->by},
                         {"on", e.ruling->on}, {"reason", e.ruling->reason}, {"document", e.ruling->document}};
    if (e.ruling)
        for (const auto& rest : e.ruling->rests)
            out["ruling"]["rests_on_it"].push_back(
                {{"year", rest.year}, {"decision", rest.decision}, {"outcome", rest.outcome}});
    out["rules"] = Json::array();
    for (const auto& rule : e.rules) {
        out["rules"].push_back({{"id", rule.id},
                                {"when", rule.text},
                                {"then", rule.gives},
                                {"cite", rule.cite},
                                {"state", to_string(rule.state)},
                                {"unknown_because", rule.unknown_because}});
        if (rule.state != RuleState::State::not_reached) out["rules"].back()["conditions"] = json_of(rule.condition);
    }
    out["other_decisions"] = Json::object();
    for (const auto& other : e.others) out["other_decisions"][other.decision] = other.value;
    out["from"] = Json::array();
    for (const auto& d : e.from) out["from"].push_back(json_of(d));
    return out.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace zoneval::audit
