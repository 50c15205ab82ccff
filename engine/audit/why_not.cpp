#include "engine/audit/why_not.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/audit/condition_text.hpp"
#include "engine/audit/json.hpp"
#include "engine/wording/explanations.hpp"

namespace zoneval::audit {

using exec::Holds;
using wording::Answer;
using State = RuleState::State;

namespace {

/// Single conditions that stand in the way: of an `or` that fails all, of an `and` those that are not met.
void part_conditions(const Condition& c, WhyNot::Miss& out) {
    if (c.kind == Condition::Kind::one) {
        (c.holds == Holds::yes ? out.met : out.missed).push_back(c);
        return;
    }
    for (const auto& part : c.parts)
        if (c.kind == Condition::Kind::all || c.holds != Holds::yes || part.holds == Holds::yes)
            part_conditions(part, out);
}

/// How many conditions are missing at least: of alternatives the one that lacks fewest.
std::size_t missing(const Condition& c, Holds at_least) {
    if (c.kind == Condition::Kind::one)
        return c.holds == Holds::yes || (at_least == Holds::no && c.holds != Holds::no) ? 0 : 1;
    std::size_t out = c.kind == Condition::Kind::all ? 0 : SIZE_MAX;
    for (const auto& part : c.parts) {
        const auto own = missing(part, at_least);
        out = c.kind == Condition::Kind::all ? out + own : std::min(out, own);
    }
    return out == SIZE_MAX ? 0 : out;
}

bool nearer(const Condition& a, const Condition& b) {
    if (a.holds != b.holds) return a.holds == Holds::unknown;
    return relative_margin(a) < relative_margin(b);
}

}  // namespace

void refuse_undeclared(const model::Decision& decision, const std::string& outcome) {
    const auto names = decision.value_names();
    if (names.empty() || std::find(names.begin(), names.end(), outcome) != names.end()) return;
    throw InputError(Diagnostic{Kind::unknown_name,
                                fmt::format("`{}` is no outcome of decision `{}`", outcome, decision.name),
                                {},
                                fmt::format("one of {}", fmt::join(names, ", ")),
                                did_you_mean(outcome, names)});
}

WhyNot why_not(const assess::Assessment& assessment, const graph::Node& decision, std::size_t record,
               const std::string& outcome, std::string_view language) {
    WhyNot out{explain(assessment, decision, record, language), outcome, {}, false, false};
    const bool given =
        std::any_of(out.of.rules.begin(), out.of.rules.end(), [&](const auto& rule) { return rule.gives == outcome; });
    if (!given) refuse_undeclared(*graph::decision_of(decision), outcome);
    out.is_the_outcome = out.of.ending != exec::Outcome::Kind::open && out.of.value == outcome;
    const auto& form = std::get<graph::DecisionForm>(decision.form);
    out.is_otherwise = form.otherwise.value && form.otherwise.value->to_string() == outcome;
    std::string decided;
    for (const auto& rule : out.of.rules) {
        if (rule.gives == outcome) {
            WhyNot::Miss miss{rule.id, rule.cite, rule.condition,
                              {},      {},        rule.state == State::not_reached ? decided : ""};
            part_conditions(rule.condition, miss);
            std::stable_sort(miss.missed.begin(), miss.missed.end(), nearer);
            out.rules.push_back(std::move(miss));
        }
        if (rule.state == State::holds || rule.id == out.of.rule) decided = rule.id;
    }
    std::stable_sort(out.rules.begin(), out.rules.end(), [](const auto& a, const auto& b) {
        const auto missing_a = missing(a.condition, Holds::unknown), missing_b = missing(b.condition, Holds::unknown);
        if (missing_a != missing_b) return missing_a < missing_b;
        return !a.missed.empty() && !b.missed.empty() && nearer(a.missed.front(), b.missed.front());
    });
    return out;
}

std::string head(const WhyNot& w) {
    const auto& e = w.of;
    return say(Answer::head_why_not, e.language,
               {{"who", who(e.record, e.label)},
                {"year", std::to_string(e.year)},
                {"got", e.value.empty() ? say(Answer::undetermined, e.language) : e.value},
                {"outcome", w.outcome}});
}

std::string first_sentence(const WhyNot& w) {
    const auto language = w.of.language;
    if (w.is_the_outcome) return say(Answer::it_is_that, language, {{"outcome", w.outcome}});
    if (w.rules.empty())
        return say(w.is_otherwise ? Answer::only_otherwise : Answer::no_rule_gives, language, {{"outcome", w.outcome}});
    const auto& nearest = w.rules.front();
    const auto all = missing(nearest.condition, Holds::unknown), sure = missing(nearest.condition, Holds::no);
    const auto n = std::to_string(all);
    if (all == 0)
        return nearest.before.empty() ? "" : say(Answer::met_but_before, language, {{"rule", nearest.before}});
    if (sure == 0) return say(Answer::some_open, language, {{"n", n}});
    return all == 1 ? say(Answer::one_missing, language) : say(Answer::some_missing, language, {{"n", n}});
}

WhyNot labelled(WhyNot w) {
    w.outcome = exec::labelled(w.of.labels, w.outcome);
    w.of = labelled(std::move(w.of));
    return w;
}

std::string render_text(const WhyNot& why_not, const TextOptions& options) {
    const auto w = labelled(why_not);
    const auto& e = w.of;
    const auto language = e.language;
    const auto p = palette(options.colour);
    const auto paragraph = [&](const std::string& text) { return wrapped(text, options.width, 0, 0); };
    auto out = fmt::format("{}{}{}\n\n", p.bold, head(w), p.reset);
    if (const auto text = first_sentence(w); !text.empty()) out += paragraph(text);
    if (w.is_the_outcome) return out;
    if (w.rules.empty() && w.is_otherwise)
        out += "\n" + conditions_table(e.decided, language, false) + below_text(e.decided, language, options.width);
    for (const auto& rule : w.rules) {
        const auto cite = rule.cite.empty() ? "" : fmt::format("  [{}]", rule.cite);
        out += fmt::format("\n{}{}{}{}\n", p.bold, say(Answer::what_it_asks, language, {{"rule", rule.rule}}), p.reset,
                           cite);
        auto conditions = rule.missed;
        conditions.insert(conditions.end(), rule.met.begin(), rule.met.end());
        out += conditions_table(conditions, language, true) + below_text(rule.missed, language, options.width);
        if (!rule.before.empty() && !rule.missed.empty())
            out += "  " + say(Answer::decided_before, language, {{"rule", rule.before}}) + "\n";
    }
    return out;
}

std::string render_json(const WhyNot& w) {
    Json out = {{"version", 1},
                {"record", w.of.record},
                {"year", w.of.year},
                {"run", w.of.run},
                {"decision", w.of.decision},
                {"value", w.of.value.empty() ? Json() : Json(w.of.value)},
                {"why_not", w.outcome},
                {"is_the_outcome", w.is_the_outcome},
                {"is_otherwise", w.is_otherwise}};
    out["rules"] = Json::array();
    for (const auto& rule : w.rules) {
        Json one = {{"id", rule.rule}, {"cite", rule.cite}, {"decided_before", rule.before}};
        for (const auto& [key, conditions] : {std::pair("missed", &rule.missed), std::pair("met", &rule.met)}) {
            one[key] = Json::array();
            for (const auto& condition : *conditions) one[key].push_back(json_of(condition));
        }
        out["rules"].push_back(std::move(one));
    }
    return dumped(out);
}

}  // namespace zoneval::audit
