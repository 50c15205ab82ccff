#include "engine/assess/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "engine/assess/results.hpp"
#include "engine/assess/rulings.hpp"
#include "engine/exec/decisions/reading.hpp"
#include "engine/exec/results/labels.hpp"
#include "engine/feel/evaluation/from_feel.hpp"
#include "engine/feel/value/cause.hpp"
#include "engine/model/record_title.hpp"
#include "engine/wording/assessed.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/say.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::assess {

using feel::Value;
using wording::Answer;
using wording::Assessed;

namespace {

std::string title_of(const model::Definition& definition, std::string_view language) {
    const auto title = definition.title.in(language);
    return title.empty() ? definition.name : title;
}

std::string text_told(const Value& value) {
    if (value.is_null()) return "(no rule holds)";
    const auto out = text_of(value);
    return value.list() && out.empty() ? "(nothing)" : out;
}

/// Why a value is null, in the words of what it goes back to.
std::string why(const Value& value, wording::Language language) {
    std::string out;
    std::size_t told = 0;
    for (const auto& leaf : feel::leaves(value.cause())) {
        if (++told > 3) return out + say(Answer::semicolon, language) + "…";
        out += (out.empty() ? "" : say(Answer::semicolon, language)) + say(*leaf, language);
    }
    return out;
}

/// Not for want of data, nor of others to compare with.
bool operation_failed(const Value& open) {
    const auto leaves = feel::leaves(open.cause());
    return std::any_of(leaves.begin(), leaves.end(),
                       [](const feel::CausePtr& leaf) { return leaf->missing == feel::Missing::none; });
}

std::string clause_of(const graph::Node& node, const exec::Evaluation& e, std::size_t record, const exec::Outcome& o,
                      wording::Language language) {
    const auto rule = o.rule();
    if (!rule) return "";
    return exec::cite_of(e, std::get<graph::DecisionForm>(node.form).rules[*rule], record, language);
}

/// In a language where the rule has its reason in another than the one that is recorded.
std::string reason_told(const exec::Evaluation& e, const graph::Node& node, std::size_t record, const exec::Outcome& o,
                        wording::Language language) {
    if (!o.rule()) return "";
    const auto& rule = std::get<graph::DecisionForm>(node.form).rules[*o.rule()];
    const bool other = !rule.because.empty() && &rule.because.in(code(language)) != &rule.because.recorded();
    return other ? exec::reason_in(e, node, rule, record, language) : "";
}

/// The authors' labels of outcomes, and our words for those that have none.
std::map<std::string, std::string> shown_of(const graph::Graph& graph, const graph::Node& node,
                                            wording::Language language) {
    std::map<std::string, std::string> out;
    for (const auto& [value, label] : exec::labels_in(graph, node, code(language))) out.emplace(value, label);
    for (const auto word : {Assessed::no_rule_holds, Assessed::nothing, Assessed::any_other})
        out.emplace(words(word, wording::Language::en), words(word, language));
    return out;
}

std::string list_shown(const Value& value, const std::map<std::string, std::string>& shown,
                       wording::Language language) {
    if (!value.list() || value.list()->empty()) return say(Assessed::nothing, language);
    std::string out;
    for (const auto& item : *value.list()) {
        const auto found = shown.find(item.to_string());
        out += (out.empty() ? "" : say(Assessed::separator, language)) +
               (found == shown.end() ? item.to_string() : found->second);
    }
    return out;
}

DecisionSummary::Ruled ruled(const store::Ruling& ruling, const exec::Outcome& by_rules, const std::string& record,
                             std::string label, std::string rules_give) {
    constexpr std::size_t length_of_day = 10;
    DecisionSummary::Ruled out{record,
                               std::move(label),
                               text_told(feel::from_feel(ruling.outcome)),
                               std::move(rules_give),
                               {},
                               ruling.id,
                               ruling.by,
                               ruling.created_at.substr(0, length_of_day),
                               ruling.reason,
                               ruling.document};
    if (const auto* open = by_rules.open())
        for (const auto& value : open->possible) out.possible.push_back(value.to_string());
    return out;
}

/// nullptr: the run has not been written down.
const store::Decisions* recorded_of(const store::Run& run, const std::string& decision) {
    const auto found = std::find_if(run.decisions.begin(), run.decisions.end(),
                                    [&](const store::Decisions& d) { return d.name == decision; });
    return found != run.decisions.end() && found->codes.size() == run.records.size() ? &*found : nullptr;
}

DecisionSummary summarise_decision(const graph::Node& node, const Assessment& a, std::string_view language) {
    const auto& e = a.evaluation;
    const auto& decision = *graph::decision_of(node);
    DecisionSummary out;
    out.decision = node.name;
    out.title = title_of(decision, language);
    const auto tongue = wording::language_from_string(language).value_or(wording::Language::en);
    const Rulings rulings(a.rulings);
    const bool any_ruled = rulings.any(a.run.year, node.name);
    const bool collects = e.graph->node(node.id).type->kind == feel::Type::Kind::list;
    if (!collects)  // lists are counted as they occur
        for (const auto& value : decision.values) out.counts.emplace_back(value.to_string(), 0);
    out.shown = shown_of(*a.graph, node, tongue);
    const auto place_of = [&](const std::string& text) {
        const auto found =
            std::find_if(out.counts.begin(), out.counts.end(), [&](const auto& c) { return c.first == text; });
        if (found != out.counts.end()) return static_cast<std::size_t>(found - out.counts.begin());
        out.counts.emplace_back(text, 0);
        return out.counts.size() - 1;
    };
    const auto* label = a.graph->find(a.graph->rules->label_input);
    const auto coded = e.coded(node.id);
    const auto* recorded = recorded_of(a.run, node.name);           // with their reasons
    std::vector<std::optional<std::size_t>> places(coded.slots());  // where an outcome is counted, if that is all
    for (std::size_t i = 0; i < e.size(); ++i) {
        const auto* plain = any_ruled ? nullptr : coded.but_for_its_reason(i);
        if (plain && places[coded.slot(i)]) {
            ++out.counts[*places[coded.slot(i)]].second;
            continue;
        }
        const bool with_reason =
            plain && plain->own_reason && (!plain->outcome.settled() || decision.is_adverse(plain->value));
        if (with_reason && !recorded) plain = nullptr;
        auto o = plain ? plain->outcome : e.outcome(node.id, i);
        if (plain && with_reason) o.because = recorded->outcomes[recorded->codes[i]].because;
        const auto name = [&] { return label ? e.value(label->id, i).to_string() : ""; };
        const auto about = [&](std::size_t record) { return exec::about_whom(e, node, record, tongue).value_or(""); };
        if (const auto* ruling = rulings.standing(a.run.year, e.record(i), node.name, o.settled());
            ruling && any_ruled) {
            const auto value = feel::from_feel(ruling->outcome);
            ++out.counts[place_of(text_told(value))].second;
            out.ruled.push_back(
                ruled(*ruling, o, e.record(i), name(), o.settled() ? text_told(e.value(node.id, i)) : ""));
            if (decision.is_adverse(value))
                out.adverse.push_back(
                    {e.record(i), name(), text_told(value), "",
                     fmt::format("ruling {} of {}: {}", ruling->id, ruling->by, ruling->reason), "", about(i),
                     say(Assessed::by_ruling, tongue,
                         {{"n", std::to_string(ruling->id)}, {"by", ruling->by}, {"reason", ruling->reason}})});
            continue;
        }
        if (const auto* both = o.conflict()) {
            out.conflicts.push_back(
                {e.record(i), name(), decision.rules[both->first].id, decision.rules[both->second].id});
            continue;
        }
        if (const auto* waits = o.open()) {
            ++out.undetermined;
            DecisionSummary::Open open{e.record(i), name(), {}, waits->waiting_for, waits->failed};
            if (!out.operation_failed && !waits->failed.empty())
                out.operation_failed = operation_failed(e.value(node.id, i));
            for (const auto& datum : waits->waiting_for) {
                const auto* awaited = a.graph->find(datum);
                open.waiting_titles.push_back(awaited && awaited->definition ? title_of(*awaited->definition, language)
                                                                             : datum);
            }
            for (const auto& v : waits->possible) open.possible.push_back(text_told(v));
            if (waits->anything) open.possible.emplace_back("any other outcome");
            out.open.push_back(std::move(open));
            continue;
        }
        const auto value = plain ? plain->value : e.value(node.id, i);
        const auto place = place_of(text_told(value));
        ++out.counts[place].second;
        if (collects) out.shown.try_emplace(text_told(value), list_shown(value, out.shown, tongue));
        if (decision.is_adverse(value))
            out.adverse.push_back({e.record(i), name(), value.to_string(), rule_name(node, o), o.because,
                                   clause_of(node, e, i, o, tongue), about(i), reason_told(e, node, i, o, tongue)});
        else if (plain)
            places[coded.slot(i)] = place;
    }
    std::size_t total = out.undetermined + out.conflicts.size();
    for (const auto& [text, n] : out.counts) total += n;
    if (total != e.size())
        throw std::logic_error(
            fmt::format("decision `{}` counts {} outcomes for {} records", node.name, total, e.size()));
    return out;
}

TargetSummary::Point point_of(const exec::Progress& p, const std::optional<int>& decimals, wording::Language language) {
    TargetSummary::Point out{p.year, "unknown", "", p.status, "", "", p.published};
    if (const auto* number = p.value.number())
        out.value = p.published ? number->to_string()
                                : number->rounded(decimals.value_or(2), feel::Rounding::half_even).to_string();
    else if (p.value.cause())
        out.note = why(p.value, language);
    if (const auto* ratio = p.ratio.number()) out.ratio = ratio->to_fixed(2);
    if (p.observation) {
        out.source = p.observation->source_text;
        if (!p.observation->confidence.empty()) out.source += fmt::format(" [{}]", p.observation->confidence);
        out.note = p.observation->note;
        if (p.status == "not comparable" && p.ratio.cause())
            out.note += (out.note.empty() ? "" : say(Answer::semicolon, language)) + say(*p.ratio.cause(), language);
    }
    return out;
}

std::string goal_text(const model::Target& target, const model::Target::Goal& goal, wording::Language language) {
    return say(Answer::goal_by, language,
               {{"goal", wording::with_unit(goal.value.to_string(), target.unit, language)},
                {"year", std::to_string(goal.year)}});
}

TargetSummary summarise_target(const TargetProgress& progress, std::string_view language) {
    const auto& t = *progress.target;
    const auto tongue = wording::language_from_string(language).value_or(wording::Language::en);
    TargetSummary out{
        t.name, title_of(t, language), t.cite ? t.cite->to_string() : "", say(Answer::no_goal_yet, tongue), "", {}};
    if (const auto* goal = progress.goal) {
        out.goal = goal_text(t, *goal, tongue);
        if (goal->from)
            out.goal +=
                say(Answer::comma, tongue) + say(Answer::goal_in_force, tongue, {{"day", goal->from->to_string()}});
        if (!goal->because.empty()) out.goal += say(Answer::colon, tongue) + goal->because.in(language);
        if (goal->cite) out.cite = goal->cite->to_string();
    }
    if (t.base)
        out.base =
            say(Answer::base_in, tongue, {{"base", t.base->value.to_string()}, {"year", std::to_string(t.base->year)}});
    const auto add = [&](const exec::Progress& p) {
        auto& point = out.points.emplace_back(point_of(p, t.decimals, tongue));
        if (!p.goal || p.goal == progress.goal) return;
        point.note += (point.note.empty() ? "" : say(Answer::semicolon, tongue)) +
                      say(Answer::goal_of_then, tongue, {{"goal", goal_text(t, *p.goal, tongue)}});
    };
    for (const auto& p : progress.published) add(p);
    if (progress.measured) add(*progress.measured);
    return out;
}

}  // namespace

std::string status_told(std::string_view status, wording::Language language) {
    for (const auto word :
         {Assessed::achieved, Assessed::not_reached, Assessed::on_track, Assessed::acceleration_needed,
          Assessed::limited_progress, Assessed::deterioration, Assessed::not_comparable, Assessed::base_year})
        if (words(word, wording::Language::en) == status) return say(word, language);
    return say(Assessed::unknown, language);
}

YearSummary summarise(const Assessment& a, std::string_view language) {
    const auto& rules = *a.graph->rules;
    YearSummary out;
    out.year = a.run.year;
    out.run = a.run.id;
    out.ruleset = rules.id;
    out.title = rules.title.in(language);
    out.authority = rules.authority.document;
    out.hash = a.run.hash;
    out.record_kind = rules.record;
    out.language = wording::language_from_string(language).value_or(wording::Language::en);
    out.record_title = out.language == wording::Language::en ? rules.record : model::record_title(rules, out.language);
    out.records = a.evaluation.size();
    out.notes = told(a.notes, out.language);
    out.attendance = a.attendance;
    out.findings = a.findings;
    for (const auto id : a.evaluation.decisions)
        out.decisions.push_back(summarise_decision(a.graph->node(id), a, language));
    for (const auto& target : a.targets) out.targets.push_back(summarise_target(target, language));
    return out;
}

}  // namespace zoneval::assess
