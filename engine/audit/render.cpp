// Explanations as text and as JSON.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/audit/explain.hpp"
#include "engine/diag/terminal.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::audit {

namespace {

using Json = nlohmann::ordered_json;
using Kind = exec::Outcome::Kind;

bool settled(const Explanation& e) { return e.ending != Kind::open && e.ending != Kind::conflict; }

struct Palette {
    std::string_view bold, dim, red, green, yellow, reset;
};
Palette palette(bool colour) {
    if (!colour) return {"", "", "", "", "", ""};
    return {"\033[1m", "\033[2m", "\033[31m", "\033[32m", "\033[33m", "\033[0m"};
}

void render(const Derivation& d, const std::string& indent, bool last, const Palette& p, std::string& out) {
    out += fmt::format("{}{} {} = {}{}{}", indent, last ? "└─" : "├─", d.name, p.bold, d.value, p.reset);
    if (!d.unit.empty() && d.value != "unknown" && d.value != "not applicable") out += " " + d.unit;
    if (d.kind == "input" && !d.where.empty()) out += fmt::format("  {}{}{}", p.dim, d.where, p.reset);
    if (!d.cite.empty()) out += fmt::format("  [{}]", d.cite);
    if (!d.assumption.empty())
        out += fmt::format("  {}assumed{}", p.yellow, p.reset);  // the reason stands at the end, once
    out += '\n';
    const auto below = indent + (last ? "   " : "│  ");
    const auto stem = below + (d.from.empty() ? "   " : "│  ");
    if (!d.formula.empty()) out += fmt::format("{}{}{}{}\n", stem, p.dim, d.formula, p.reset);
    if (!d.note.empty()) out += fmt::format("{}{}\n", stem, d.note);
    for (std::size_t i = 0; i < d.from.size(); ++i) render(d.from[i], below, i + 1 == d.from.size(), p, out);
}

std::string_view to_string(Kind ending) {
    static constexpr std::string_view words[] = {"nothing", "fired", "default", "open", "conflict"};
    return words[static_cast<std::size_t>(ending)];
}

std::string_view mark(const std::string& state) {
    if (state == "holds") return "✓";
    if (state == "unknown") return "?";
    return state == "not reached" ? "·" : "✗";
}

void render_rules(const Explanation& e, const Palette& p, std::string& out) {
    out += fmt::format("\n{}The rules, in order{}\n", p.bold, p.reset);
    for (const auto& rule : e.rules) {
        const auto tint = rule.state == "holds" ? p.green : rule.state == "unknown" ? p.yellow : p.dim;
        const auto cite = rule.cite.empty() ? "" : fmt::format("  [{}]", rule.cite);
        const auto gives = rule.gives.empty() ? "" : " → " + rule.gives;
        out += fmt::format("  {}{} {}{}{}: {}{}\n", tint, mark(rule.state), rule.id, p.reset, gives, rule.state, cite);
        if (rule.state != "not reached") out += fmt::format("      {}{}{}\n", p.dim, rule.text, p.reset);
        for (const auto& reason : rule.unknown_because) out += fmt::format("      {}\n", reason);
    }
    if (e.ending == Kind::by_default)
        out += fmt::format("  {}✓ otherwise{} → {}: {}\n", p.green, p.reset, e.value,
                           e.continues ? "no transition holds, so the state stays" : "no rule holds");
}

void render_outcome(const Explanation& e, const Palette& p, std::string& out) {
    const auto tint = !settled(e) ? p.yellow : e.adverse ? p.red : p.green;
    if (e.ruling) {
        const auto& r = *e.ruling;
        using wording::Phrase;
        out += fmt::format("\n{}{}: {}{}{}, {}\n  {}\n", p.bold, e.decision, e.adverse ? p.red : p.green, r.value,
                           p.reset, say(Phrase::by_ruling, e.language),
                           say(Phrase::ruled_by, e.language,
                               {{"n", std::to_string(r.id)}, {"by", r.by}, {"on", r.on}, {"reason", r.reason}}));
        if (!r.document.empty())
            out += fmt::format("  {}\n", say(Phrase::document, e.language, {{"name", r.document}}));
        out += fmt::format("\n{}{}{}\n", p.bold,
                           say(Phrase::rules_alone, e.language, {{"outcome", settled(e) ? e.value : "undetermined"}}),
                           p.reset);
    } else {
        out += fmt::format("\n{}{}: {}{}{}{}\n", p.bold, e.decision, tint, settled(e) ? e.value : "undetermined",
                           p.reset, p.reset);
    }
    if (e.ending == Kind::open) {
        if (e.possible.size() == 1)
            out +=
                fmt::format("  {}\n", say(wording::Phrase::only_left, e.language, {{"outcome", e.possible.front()}}));
        else
            out += fmt::format("  still possible: {}\n", fmt::join(e.possible, ", "));
        if (!e.waiting_for.empty()) out += fmt::format("  waiting for: {}\n", fmt::join(e.waiting_for, ", "));
        for (const auto& why : e.failed) out += fmt::format("  cannot be computed: {}\n", why);
    }
    if (e.ending == Kind::conflict)
        out +=
            fmt::format("  the rules contradict each other: {} both hold\n", fmt::join(e.conflicting_rules, " and "));
    if (!e.because.empty()) out += fmt::format("  because: {}\n", e.because);
    if (e.ending == Kind::by_default)
        out += e.continues ? "  no transition holds: the state stays as it was\n" : "  no rule holds\n";
    else if (e.ending == Kind::fired)
        out += fmt::format("  rule: {}{}\n", e.rule, e.cite.empty() ? "" : fmt::format("  [{}]", e.cite));
    render_rules(e, p, out);
}

Derivation for_terminal(Derivation d) {
    for (auto* text : {&d.name, &d.value, &d.unit, &d.formula, &d.cite, &d.where, &d.assumption, &d.note})
        *text = zoneval::for_terminal(*text);
    for (auto& child : d.from) child = for_terminal(std::move(child));
    return d;
}

/// What data, rules and people said, so that it is shown and never obeyed: a name cannot write a line of its own.
Explanation for_terminal(Explanation e) {
    const auto all = [](std::vector<std::string>& texts) {
        for (auto& text : texts) text = zoneval::for_terminal(text);
    };
    for (auto* text :
         {&e.record, &e.label, &e.ruleset_title, &e.authority, &e.decision, &e.value, &e.rule, &e.because, &e.cite})
        *text = zoneval::for_terminal(*text);
    for (auto* texts : {&e.possible, &e.waiting_for, &e.failed, &e.conflicting_rules, &e.assumptions, &e.notes})
        all(*texts);
    for (auto& rule : e.rules) {
        for (auto* text : {&rule.id, &rule.text, &rule.gives, &rule.cite}) *text = zoneval::for_terminal(*text);
        all(rule.unknown_because);
    }
    for (auto& h : e.hangs_on) {
        for (auto* text : {&h.record, &h.through}) *text = zoneval::for_terminal(*text);
        all(h.data);
        all(h.possible);
    }
    if (e.ruling)
        for (auto* text : {&e.ruling->value, &e.ruling->by, &e.ruling->on, &e.ruling->reason, &e.ruling->document})
            *text = zoneval::for_terminal(*text);
    for (auto& other : e.others) other.value = zoneval::for_terminal(other.value);
    for (auto& d : e.from) d = for_terminal(std::move(d));
    return e;
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

}  // namespace

std::string render_text(const Explanation& explanation, bool colour) {
    const auto e = for_terminal(explanation);
    const auto p = palette(colour);
    std::string out;
    const auto who = e.label.empty() || e.label == e.record ? e.record : fmt::format("{} ({})", e.label, e.record);
    out += fmt::format("{}{}{}, {}\n", p.bold, who, p.reset, e.year);
    out += e.ruleset_title + (e.authority.empty() ? "" : ", " + e.authority) +
           (e.run > 0 ? fmt::format(", run {}", e.run) : "") + "\n";
    for (const auto& note : e.notes) out += fmt::format("note: {}\n", note);
    if (!e.decision.empty()) render_outcome(e, p, out);
    if (!e.from.empty())
        out += fmt::format("\n{}{}{}\n", p.bold, e.decision.empty() ? "Values" : "From these values", p.reset);
    for (std::size_t i = 0; i < e.from.size(); ++i) render(e.from[i], "  ", i + 1 == e.from.size(), p, out);
    if (!e.hangs_on.empty())
        out += fmt::format("\n{}{}{}\n", p.bold, say(wording::Phrase::hangs_on, e.language), p.reset);
    for (const auto& h : e.hangs_on)
        out += fmt::format("  {}\n", say(wording::Phrase::hangs_on_blank, e.language,
                                         {{"record", h.record},
                                          {"data", fmt::format("{}", fmt::join(h.data, ", "))},
                                          {"through", h.through},
                                          {"possible", fmt::format("{}", fmt::join(h.possible, " / "))}}));
    if (!e.assumptions.empty()) {
        out += fmt::format("\n{}Assumptions of the rule set's authors it rests on{}\n", p.bold, p.reset);
        for (const auto& assumption : e.assumptions) out += fmt::format("  {}\n", assumption);
    }
    if (!e.others.empty())
        out += fmt::format("\n{}Other decisions{} (--decision NAME explains one)\n", p.bold, p.reset);
    for (const auto& other : e.others) out += fmt::format("  {}: {}\n", other.decision, other.value);
    return out;
}

std::string render_json(const Explanation& e) {
    Json out = {{"version", 1},
                {"record", e.record},
                {"label", e.label},
                {"year", e.year},
                {"ruleset", e.ruleset_title},
                {"authority", e.authority},
                {"run", e.run},
                {"decision", e.decision.empty() ? Json() : Json(e.decision)},
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
                {"assumptions", e.assumptions},
                {"notes", e.notes}};
    out["hangs_on"] = Json::array();
    for (const auto& h : e.hangs_on)
        out["hangs_on"].push_back(
            {{"record", h.record}, {"data", h.data}, {"through", h.through}, {"possible", h.possible}});
    if (e.ruling)
        out["ruling"] = {{"id", e.ruling->id}, {"value", e.ruling->value},   {"by", e.ruling->by},
                         {"on", e.ruling->on}, {"reason", e.ruling->reason}, {"document", e.ruling->document}};
    out["rules"] = Json::array();
    for (const auto& rule : e.rules)
        out["rules"].push_back({{"id", rule.id},
                                {"when", rule.text},
                                {"then", rule.gives},
                                {"cite", rule.cite},
                                {"state", rule.state},
                                {"unknown_because", rule.unknown_because}});
    out["other_decisions"] = Json::object();
    for (const auto& other : e.others) out["other_decisions"][other.decision] = other.value;
    out["from"] = Json::array();
    for (const auto& d : e.from) out["from"].push_back(json_of(d));
    return out.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace zoneval::audit
