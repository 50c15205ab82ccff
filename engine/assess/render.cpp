// Summaries of assessments as text and as JSON.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/assess/summary.hpp"
#include "engine/diag/palette.hpp"
#include "engine/diag/terminal.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::assess {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t shown_cases = 15;  // per year and decision, unless all are asked for

std::string who(const std::string& record, const std::string& label) {
    return for_terminal(label.empty() || label == record ? record : fmt::format("{} {}", record, label));
}

const DecisionSummary* find(const YearSummary& year, const std::string& decision) {
    for (const auto& d : year.decisions)
        if (d.decision == decision) return &d;
    return nullptr;
}

bool is_value(const std::vector<std::string>& values, std::string_view word) {
    return std::find(values.begin(), values.end(), word) != values.end();
}

/// Outcome by year, one column a year.
void render_counts(const std::vector<YearSummary>& years, const DecisionSummary& first, const Palette& p,
                   std::string& out) {
    std::vector<std::string> values;
    for (const auto& year : years)
        if (const auto* d = find(year, first.decision))
            for (const auto& [text, n] : d->counts)
                if (std::find(values.begin(), values.end(), text) == values.end()) values.push_back(text);
    std::size_t width = shown_width(first.title);
    for (const auto& v : values) width = std::max(width, shown_width(v) + 2);
    width = std::max<std::size_t>(width, 14);
    out += fmt::format("{}{}{}", p.bold, padded(first.title, width), p.reset);
    for (const auto& year : years) out += fmt::format("{:>9}", year.year);
    out += '\n';
    const auto line = [&](const std::string& label, auto number) {
        out += padded("  " + label, width);
        for (const auto& year : years) {
            const auto* d = find(year, first.decision);
            const auto n = d ? number(*d) : std::size_t{0};
            out += n == 0 ? fmt::format("{:>9}", "-") : fmt::format("{:>9}", n);
        }
        out += '\n';
    };
    for (const auto& v : values)
        line(v, [&](const DecisionSummary& d) {
            for (const auto& [text, n] : d.counts)
                if (text == v) return n;
            return std::size_t{0};
        });
    if (std::any_of(years.begin(), years.end(), [&](const YearSummary& y) {
            const auto* d = find(y, first.decision);
            return d && d->undetermined > 0;
        }))
        line(is_value(values, "undetermined") ? "(undetermined)" : "undetermined",
             [](const DecisionSummary& d) { return d.undetermined; });
    if (std::any_of(years.begin(), years.end(), [&](const YearSummary& y) {
            const auto* d = find(y, first.decision);
            return d && !d->conflicts.empty();
        }))
        line("rules in conflict", [](const DecisionSummary& d) { return d.conflicts.size(); });
}

/// What waits for data, and what failed on data that are there.
std::string waits_for(const DecisionSummary::Open& o) {
    std::string out;
    if (!o.waiting_for.empty()) out += fmt::format(", waiting for: {}", fmt::join(o.waiting_for, ", "));
    if (!o.failed.empty()) out += fmt::format(", cannot be computed: {}", fmt::join(o.failed, ", "));
    return out;
}

void render_conflicts(const YearSummary& year, const DecisionSummary& d, const TextOptions& options, const Palette& p,
                      std::string& out) {
    if (d.conflicts.empty()) return;
    out += fmt::format("\n{}{} {}: rules that contradict each other, to be mended{}\n", p.bold, year.year, d.title,
                       p.reset);
    std::size_t shown = 0;
    for (const auto& c : d.conflicts) {
        if (!options.all && shown == shown_cases) break;
        ++shown;
        out += fmt::format("  {}  rules {} and {} both hold\n", who(c.record, c.label), c.first, c.second);
    }
    if (shown < d.conflicts.size())
        out += fmt::format("  … and {} more (--all lists them)\n", d.conflicts.size() - shown);
}

/// The open outcomes of one kind: no data will settle what failed.
template <class Which>
void render_open(const YearSummary& year, const DecisionSummary& d, const TextOptions& options, const Palette& p,
                 std::string_view title, const Which& which, std::string& out) {
    std::size_t shown = 0, more = 0;
    for (const auto& o : d.open) {
        if (!which(o)) continue;
        if (!options.all && shown == shown_cases) {
            ++more;
            continue;
        }
        if (shown++ == 0) out += fmt::format("\n{}{} {}: {}{}\n", p.bold, year.year, d.title, title, p.reset);
        const auto possible = o.possible.size() == 1
                                  ? say(wording::Phrase::only_left, year.language, {{"outcome", o.possible.front()}})
                                  : fmt::format("{}", fmt::join(o.possible, " or "));
        out += fmt::format("  {}  {}{}{}{}\n", who(o.record, o.label), p.yellow, possible, p.reset, waits_for(o));
    }
    if (more > 0) out += fmt::format("  … and {} more (--all lists them)\n", more);
}

void render_ruled(const YearSummary& year, const DecisionSummary& d, const TextOptions& options, const Palette& p,
                  std::string& out) {
    if (d.ruled.empty()) return;
    using wording::Phrase;
    out += fmt::format("\n{}{} {}: {}{}\n", p.bold, year.year, d.title, say(Phrase::by_ruling, year.language), p.reset);
    std::size_t shown = 0;
    for (const auto& r : d.ruled) {
        if (!options.all && shown == shown_cases) break;
        ++shown;
        const auto alone = r.by_rules.empty() ? say(Phrase::undetermined_between, year.language,
                                                    {{"possible", fmt::format("{}", fmt::join(r.possible, " / "))}})
                                              : r.by_rules;
        out += fmt::format("  {}  {}\n      {}{}\n      {}{}{}\n", r.value, who(r.record, r.label),
                           say(Phrase::ruled_by, year.language,
                               {{"n", std::to_string(r.ruling)}, {"by", r.by}, {"on", r.on}, {"reason", r.reason}}),
                           r.document.empty() ? "" : " [" + r.document + "]", p.dim,
                           say(Phrase::rules_alone, year.language, {{"outcome", alone}}), p.reset);
    }
    if (shown < d.ruled.size()) out += fmt::format("  … and {} more (--all lists them)\n", d.ruled.size() - shown);
}

void render_cases(const YearSummary& year, const DecisionSummary& d, const TextOptions& options, const Palette& p,
                  std::string& out) {
    if (!d.adverse.empty()) out += fmt::format("\n{}{} {}: adverse outcomes{}\n", p.bold, year.year, d.title, p.reset);
    // The gravest first: the order of the declared values, from the back.
    std::vector<std::string> grave;
    for (auto it = d.counts.rbegin(); it != d.counts.rend(); ++it) grave.push_back(it->first);
    std::size_t shown = 0;
    for (const auto& value : grave)
        for (const auto& c : d.adverse) {
            if (c.value != value || (!options.all && shown == shown_cases)) continue;
            ++shown;
            const auto cite = c.cite.empty() ? "" : fmt::format(" [{}]", c.cite);
            out += fmt::format("  {}{}{}  {}\n      {}{}\n", p.red, c.value, p.reset,
                               who(c.record, c.label) + (c.about.empty() ? "" : ", about " + for_terminal(c.about)),
                               for_terminal(!c.because.empty() ? c.because
                                            : c.rule.empty()   ? say(wording::Answer::no_rule_holds, year.language)
                                                               : "rule " + c.rule),
                               cite);
        }
    if (shown < d.adverse.size()) out += fmt::format("  … and {} more (--all lists them)\n", d.adverse.size() - shown);
    render_ruled(year, d, options, p, out);
    render_conflicts(year, d, options, p, out);
    const auto waits = [](const DecisionSummary::Open& o) { return !o.waiting_for.empty() || o.failed.empty(); };
    render_open(year, d, options, p, "undetermined, for want of data", waits, out);
    render_open(year, d, options, p, "undetermined, for it cannot be computed", std::not_fn(waits), out);
}

/// Who has no row that had one, and who is new.
void render_attendance(const YearSummary& y, const TextOptions& options, const Palette& p, std::string& out) {
    const auto& a = y.attendance;
    if (a.left.empty() && a.entered.empty() && a.succeeded.empty()) return;
    using wording::Phrase;
    const auto language = y.language;
    const auto before = std::to_string(a.before), year = std::to_string(y.year);
    out += fmt::format("\n{}{}{}\n", p.bold,
                       say(Phrase::attendance, language,
                           {{"year", year},
                            {"before", before},
                            {"left", std::to_string(a.left.size())},
                            {"entered", std::to_string(a.entered.size())}}),
                       p.reset);
    const auto rows = [&](std::size_t count, const auto& row) {
        const auto shown = options.all ? count : std::min(count, shown_cases);
        for (std::size_t i = 0; i < shown; ++i) out += "  " + row(i) + "\n";
        if (shown < count)
            out += fmt::format("  … {}\n", say(Phrase::more_of_them, language, {{"n", std::to_string(count - shown)}}));
    };
    const auto words = [&](Phrase phrase) { return say(phrase, language); };
    rows(a.left.size(), [&](std::size_t i) {
        const auto& left = a.left[i];
        auto line = fmt::format("{}  {}", words(Phrase::left), left.record);
        for (const auto& [decision, value] : left.stood)
            line +=
                fmt::format("  {}{}{}", left.adverse ? p.red : "",
                            say(Phrase::stood, language, {{"decision", decision}, {"year", before}, {"value", value}}),
                            left.adverse ? p.reset : "");
        return line;
    });
    rows(a.entered.size(), [&](std::size_t i) { return fmt::format("{}  {}", words(Phrase::entered), a.entered[i]); });
    rows(a.succeeded.size(), [&](std::size_t i) {
        return fmt::format("{}  {}", a.succeeded[i].first,
                           say(Phrase::goes_on_as, language, {{"name", a.succeeded[i].second}}));
    });
    rows(a.near.size(), [&](std::size_t i) {
        return say(Phrase::one_name, language,
                   {{"name", a.near[i].first}, {"other", a.near[i].second}, {"kind", y.record_kind}});
    });
    if (a.left.empty() || a.entered.empty()) return;
    const bool one_each = a.left.size() == 1 && a.entered.size() == 1;
    const auto [to, from] = !a.near.empty() ? a.near.front()
                            : one_each      ? std::pair(a.entered.front(), a.left.front().record)
                                            : std::pair(std::string("NEW"), std::string("OLD"));
    out += fmt::format("  {}{}{}\n", p.dim,
                       say(Phrase::say_succession, language, {{"from", from}, {"to", to}, {"year", year}}), p.reset);
}

void render_target(const TargetSummary& t, const Palette& p, std::string& out) {
    out += fmt::format("  {}{}{}{}: goal {}{}\n", p.bold, t.title, p.reset, t.cite.empty() ? "" : " [" + t.cite + "]",
                       t.goal, t.base.empty() ? "" : fmt::format(" (from {})", t.base));
    for (const auto& point : t.points) {
        out += fmt::format("      {} {}{}", point.year, point.published ? "published " : "these records ", point.value);
        if (!point.ratio.empty()) out += fmt::format(", progress {}", point.ratio);
        out += fmt::format(": {}", point.status);
        if (!point.source.empty()) out += fmt::format("  {}{}{}", p.dim, point.source, p.reset);
        out += '\n';
        if (!point.note.empty()) out += fmt::format("          {}{}{}\n", p.dim, point.note, p.reset);
    }
}

/// As a shell takes it for one word.
std::string shell_word(const std::string& text) {
    if (text.find_first_of(" \t\n'\"\\$`!*?[](){}<>|&;#~") == std::string::npos && !text.empty()) return text;
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
    return out + "'";
}

void render_next(const std::vector<YearSummary>& years, const TextOptions& options, std::string& out) {
    const auto& last = years.back();
    std::string record = "RECORD";
    std::int32_t year = last.year;
    std::size_t gravest = 0;  // declared values stand the mildest first
    for (const auto& y : years)
        for (const auto& d : y.decisions)
            for (std::size_t rank = 0; rank < d.counts.size(); ++rank)
                for (const auto& c : d.adverse)
                    if (c.value == d.counts[rank].first && rank > gravest) {
                        gravest = rank;
                        record = c.record;
                        year = y.year;
                    }
    out += fmt::format("\nAsk more:\n  {0} explain {1} --store {2} --year {3}\n  {0} results --store {2} --year {4}\n",
                       shell_word(options.program), shell_word(record), shell_word(options.store), year, last.year);
}

Json json_of(const Attendance& a) {
    if (a.before == 0) return nullptr;
    const auto pairs = [](const auto& all, const char* first, const char* second) {
        auto out = Json::array();
        for (const auto& [one, other] : all) out.push_back({{first, one}, {second, other}});
        return out;
    };
    auto left = Json::array();
    for (const auto& l : a.left) {
        auto stood = Json::object();
        for (const auto& [decision, value] : l.stood) stood[decision] = value;
        left.push_back({{"record", l.record}, {"stood", stood}, {"adverse", l.adverse}});
    }
    return {{"before", a.before},
            {"left", left},
            {"new", a.entered},
            {"alike", pairs(a.near, "new", "left")},
            {"succeeded", pairs(a.succeeded, "from", "to")}};
}

Json json_of(const YearSummary& y) {
    Json out = {{"year", y.year},
                {"run", y.run},
                {"ruleset", y.ruleset},
                {"hash", y.hash},
                {"records", y.records},
                {"notes", y.notes},
                {"findings", Json::parse(zoneval::render_json(y.findings))},
                {"attendance", json_of(y.attendance)},
                {"decisions", Json::object()},
                {"targets", Json::array()}};
    for (const auto& d : y.decisions) {
        Json counts = Json::object(), adverse = Json::array(), open = Json::array(), conflicts = Json::array();
        for (const auto& [text, n] : d.counts) counts[text] = n;
        for (const auto& c : d.adverse)
            adverse.push_back({{"record", c.record},
                               {"label", c.label},
                               {"value", c.value},
                               {"rule", c.rule},
                               {"because", c.because},
                               {"cite", c.cite},
                               {"about", c.about}});
        for (const auto& o : d.open)
            open.push_back({{"record", o.record},
                            {"label", o.label},
                            {"possible", o.possible},
                            {"waiting_for", o.waiting_for},
                            {"failed", o.failed}});
        for (const auto& c : d.conflicts)
            conflicts.push_back({{"record", c.record}, {"label", c.label}, {"rules", {c.first, c.second}}});
        Json ruled = Json::array();
        for (const auto& r : d.ruled)
            ruled.push_back({{"record", r.record},
                             {"label", r.label},
                             {"value", r.value},
                             {"ruling", r.ruling},
                             {"by", r.by},
                             {"on", r.on},
                             {"reason", r.reason},
                             {"document", r.document},
                             {"by_rules", r.by_rules.empty() ? Json() : Json(r.by_rules)},
                             {"possible", r.possible}});
        out["decisions"][d.decision] = {{"counts", counts}, {"undetermined", d.undetermined}, {"adverse", adverse},
                                        {"open", open},     {"conflicts", conflicts},         {"ruled", ruled}};
    }
    for (const auto& t : y.targets) {
        Json points = Json::array();
        for (const auto& p : t.points)
            points.push_back({{"year", p.year},
                              {"published", p.published},
                              {"value", p.value},
                              {"ratio", p.ratio},
                              {"status", p.status},
                              {"source", p.source},
                              {"note", p.note}});
        out["targets"].push_back({{"target", t.target}, {"goal", t.goal}, {"base", t.base}, {"points", points}});
    }
    return out;
}

}  // namespace

std::string render_text(const std::vector<YearSummary>& years, const TextOptions& options) {
    const auto p = palette(options.colour);
    const auto& last = years.back();
    std::string out = fmt::format("{}{}{}{}\n", p.bold, last.title.empty() ? last.ruleset : last.title, p.reset,
                                  last.authority.empty() ? "" : ", " + last.authority);
    std::set<std::string> told;
    for (const auto& year : years)
        for (const auto& note : year.notes)
            if (told.insert(note).second) out += fmt::format("note: {}\n", note);
    out += fmt::format("\n{}", padded(fmt::format("{} records in", last.record_kind), 20));
    for (const auto& year : years) out += fmt::format("{:>9}", year.year);
    out += fmt::format("\n{}", padded("", 20));
    for (const auto& year : years) out += fmt::format("{:>9}", year.records);
    out += '\n';
    for (const auto& d : last.decisions) {
        out += '\n';
        render_counts(years, d, p, out);
    }
    for (const auto& year : years) render_attendance(year, options, p, out);
    for (const auto& year : years)
        for (const auto& d : year.decisions)
            if (!d.adverse.empty() || !d.open.empty() || !d.ruled.empty() || !d.conflicts.empty())
                render_cases(year, d, options, p, out);
    if (!last.targets.empty()) out += fmt::format("\n{}Targets, as of {}{}\n", p.bold, last.year, p.reset);
    for (const auto& t : last.targets) render_target(t, p, out);
    out += options.ranking;
    render_next(years, options, out);
    return out;
}

std::string render_json(const std::vector<YearSummary>& years, const std::vector<std::string>& results) {
    std::string out = "{\n  \"version\": 1,\n  \"runs\": [";
    for (std::size_t i = 0; i < years.size(); ++i) {
        auto run = json_of(years[i]).dump(2, ' ', false, Json::error_handler_t::replace);
        if (i < results.size()) {  // of a million records: no tree is made of them
            run.resize(run.size() - 2);
            run += ",\n  \"results\": " + results[i] + "\n}";
        }
        out += (i > 0 ? ",\n" : "\n") + run;
    }
    return out + "\n  ]\n}";
}

}  // namespace zoneval::assess
