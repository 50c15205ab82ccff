// Summaries of assessments as text and as JSON.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/assess/summary.hpp"
#include "engine/diag/palette.hpp"
#include "engine/diag/terminal.hpp"
#include "engine/wording/assessed.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::assess {

namespace {

using Json = nlohmann::ordered_json;
using wording::Assessed;
using wording::Language;

constexpr std::size_t shown_cases = 15;  // per year and decision, unless all are asked for

std::string who(const std::string& record, const std::string& label) {
    return for_terminal(label.empty() || label == record ? record : fmt::format("{} {}", record, label));
}

const DecisionSummary* find(const YearSummary& year, const std::string& decision) {
    for (const auto& d : year.decisions)
        if (d.decision == decision) return &d;
    return nullptr;
}

/// Told apart from a value of that name.
std::string undetermined_among(const std::vector<std::string>& values, Language language) {
    const auto word = say(Assessed::undetermined, language);
    return std::find(values.begin(), values.end(), word) != values.end() ? "(" + word + ")" : word;
}

/// An outcome as people read it.
const std::string& outcome_shown(const DecisionSummary& d, const std::string& value) {
    const auto found = d.shown.find(value);
    return found == d.shown.end() ? value : found->second;
}

std::string joined(const DecisionSummary& d, const std::vector<std::string>& values, const std::string& between) {
    std::string out;
    for (const auto& value : values) out += (out.empty() ? "" : between) + outcome_shown(d, value);
    return out;
}

/// A heading of one decision in one year.
std::string heading(Assessed word, const YearSummary& year, const DecisionSummary& d, const Palette& p,
                    const std::string& by = "") {
    const auto text =
        say(word, year.language, {{"year", std::to_string(year.year)}, {"decision", d.title}, {"by", by}});
    return fmt::format("\n{}{}{}\n", p.bold, text, p.reset);
}

std::string and_more(std::size_t n, Language language) {
    return fmt::format("  {}\n", say(Assessed::and_more, language, {{"n", std::to_string(n)}}));
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
    const auto language = years.back().language;
    const auto shown = [&](const std::string& value) {
        for (const auto& year : years)
            if (const auto* d = find(year, first.decision))
                if (const auto found = d->shown.find(value); found != d->shown.end()) return found->second;
        return value;
    };
    for (const auto& v : values) width = std::max(width, shown_width(shown(v)) + 2);
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
        line(shown(v), [&](const DecisionSummary& d) {
            for (const auto& [text, n] : d.counts)
                if (text == v) return n;
            return std::size_t{0};
        });
    if (std::any_of(years.begin(), years.end(), [&](const YearSummary& y) {
            const auto* d = find(y, first.decision);
            return d && d->undetermined > 0;
        }))
        line(undetermined_among(values, language), [](const DecisionSummary& d) { return d.undetermined; });
    if (std::any_of(years.begin(), years.end(), [&](const YearSummary& y) {
            const auto* d = find(y, first.decision);
            return d && !d->conflicts.empty();
        }))
        line(say(Assessed::in_conflict, language), [](const DecisionSummary& d) { return d.conflicts.size(); });
}

/// What waits for data, and what failed on data that are there.
std::string waits_for(const DecisionSummary::Open& o, Language language) {
    std::string out;
    const auto list = [&](const auto& items) {
        return fmt::format("{}", fmt::join(items, say(Assessed::separator, language)));
    };
    if (!o.waiting_for.empty()) out += say(Assessed::waiting_for, language, {{"data", list(o.waiting_titles)}});
    if (!o.failed.empty()) out += say(Assessed::cannot_be_computed, language, {{"why", list(o.failed)}});
    return out;
}

void render_conflicts(const YearSummary& year, const DecisionSummary& d, const TextOptions& options, const Palette& p,
                      std::string& out) {
    if (d.conflicts.empty()) return;
    out += heading(Assessed::to_be_mended, year, d, p);
    std::size_t shown = 0;
    for (const auto& c : d.conflicts) {
        if (!options.all && shown == shown_cases) break;
        ++shown;
        out += fmt::format("  {}  {}\n", who(c.record, c.label),
                           say(Assessed::both_hold, year.language, {{"first", c.first}, {"second", c.second}}));
    }
    if (shown < d.conflicts.size()) out += and_more(d.conflicts.size() - shown, year.language);
}

/// The open outcomes of one kind: no data will settle what failed.
template <class Which>
void render_open(const YearSummary& year, const DecisionSummary& d, const TextOptions& options, const Palette& p,
                 Assessed title, const Which& which, std::string& out) {
    std::size_t told = 0, more = 0;
    for (const auto& o : d.open) {
        if (!which(o)) continue;
        if (!options.all && told == shown_cases) {
            ++more;
            continue;
        }
        if (told++ == 0) out += heading(title, year, d, p);
        const auto possible = o.possible.size() == 1 ? say(wording::Phrase::only_left, year.language,
                                                           {{"outcome", outcome_shown(d, o.possible.front())}})
                                                     : joined(d, o.possible, say(Assessed::or_, year.language));
        out += fmt::format("  {}  {}{}{}{}\n", who(o.record, o.label), p.yellow, possible, p.reset,
                           waits_for(o, year.language));
    }
    if (more > 0) out += and_more(more, year.language);
}

void render_ruled(const YearSummary& year, const DecisionSummary& d, const TextOptions& options, const Palette& p,
                  std::string& out) {
    if (d.ruled.empty()) return;
    using wording::Phrase;
    out += heading(Assessed::ruled, year, d, p, say(Phrase::by_ruling, year.language));
    std::size_t told = 0;
    for (const auto& r : d.ruled) {
        if (!options.all && told == shown_cases) break;
        ++told;
        const auto alone = r.by_rules.empty() ? say(Phrase::undetermined_between, year.language,
                                                    {{"possible", joined(d, r.possible, " / ")}})
                                              : outcome_shown(d, r.by_rules);
        out += fmt::format("  {}  {}\n      {}{}\n      {}{}{}\n", outcome_shown(d, r.value), who(r.record, r.label),
                           say(Phrase::ruled_by, year.language,
                               {{"n", std::to_string(r.ruling)}, {"by", r.by}, {"on", r.on}, {"reason", r.reason}}),
                           r.document.empty() ? "" : " [" + r.document + "]", p.dim,
                           say(Phrase::rules_alone, year.language, {{"outcome", alone}}), p.reset);
    }
    if (told < d.ruled.size()) out += and_more(d.ruled.size() - told, year.language);
}

std::string adverse_case(const DecisionSummary& d, const DecisionSummary::Case& c, const Palette& p,
                         Language language) {
    const auto about = c.about.empty() ? "" : say(Assessed::about, language, {{"whom", for_terminal(c.about)}});
    const auto why = !c.told.empty()      ? c.told
                     : !c.because.empty() ? c.because
                     : c.rule.empty()     ? say(wording::Answer::no_rule_holds, language)
                                          : say(Assessed::by_rule, language, {{"rule", c.rule}});
    return fmt::format("  {}{}{}  {}{}\n      {}{}\n", p.red, outcome_shown(d, c.value), p.reset,
                       who(c.record, c.label), about, for_terminal(why),
                       c.cite.empty() ? "" : fmt::format(" [{}]", c.cite));
}

void render_cases(const YearSummary& year, const DecisionSummary& d, const TextOptions& options, const Palette& p,
                  std::string& out) {
    if (!d.adverse.empty()) out += heading(Assessed::adverse, year, d, p);
    // The gravest first: the order of the declared values, from the back.
    std::vector<std::string> grave;
    for (auto it = d.counts.rbegin(); it != d.counts.rend(); ++it) grave.push_back(it->first);
    std::size_t told = 0;
    for (const auto& value : grave)
        for (const auto& c : d.adverse) {
            if (c.value != value || (!options.all && told == shown_cases)) continue;
            ++told;
            out += adverse_case(d, c, p, year.language);
        }
    if (told < d.adverse.size()) out += and_more(d.adverse.size() - told, year.language);
    render_ruled(year, d, options, p, out);
    render_conflicts(year, d, options, p, out);
    const auto waits = [](const DecisionSummary::Open& o) { return !o.waiting_for.empty() || o.failed.empty(); };
    render_open(year, d, options, p, Assessed::for_want_of_data, waits, out);
    render_open(year, d, options, p, Assessed::not_computable, std::not_fn(waits), out);
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
        for (const auto& [decision, value] : left.stood) {
            const auto* d = find(y, decision);
            const auto stood = say(Phrase::stood, language,
                                   {{"decision", d ? d->title : decision},
                                    {"year", before},
                                    {"value", value == "undetermined" ? say(Assessed::undetermined, language)
                                              : d                     ? outcome_shown(*d, value)
                                                                      : value}});
            line += fmt::format("  {}{}{}", left.adverse ? p.red : "", stood, left.adverse ? p.reset : "");
        }
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

void render_target(const TargetSummary& t, Language language, const Palette& p, std::string& out) {
    const auto says = [&](Assessed word, std::initializer_list<std::pair<std::string_view, std::string_view>> of) {
        return say(word, language, of);
    };
    const auto title = fmt::format("{}{}{}{}", p.bold, t.title, p.reset, t.cite.empty() ? "" : " [" + t.cite + "]");
    out += fmt::format("  {}{}\n", says(Assessed::goal, {{"target", title}, {"goal", t.goal}}),
                       t.base.empty() ? "" : says(Assessed::from_base, {{"base", t.base}}));
    for (const auto& point : t.points) {
        const auto value = point.value == "unknown" ? say(Assessed::unknown, language) : point.value;
        out += "      " + says(point.published ? Assessed::published_value : Assessed::own_value,
                               {{"year", std::to_string(point.year)}, {"value", value}});
        if (!point.ratio.empty()) out += says(Assessed::progress, {{"ratio", point.ratio}});
        out += says(Assessed::status, {{"status", status_told(point.status, language)}});
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
    out += fmt::format("\n{5}\n  {0} explain {1} --store {2} --year {3}\n  {0} results --store {2} --year {4}\n",
                       shell_word(options.program), shell_word(record), shell_word(options.store), year, last.year,
                       say(Assessed::ask_more, last.language));
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
    std::string out =
        fmt::format("{}{}{}{}\n", p.bold, last.title.empty() ? last.ruleset : last.title, p.reset,
                    last.authority.empty() ? "" : say(wording::Answer::comma, last.language) + last.authority);
    std::set<std::string> told;
    for (const auto& year : years)
        for (const auto& note : year.notes)
            if (told.insert(note).second)
                out += say(wording::Answer::note, last.language, {{"note", for_terminal(note)}}) + "\n";
    out += "\n" + padded(say(Assessed::records_in, last.language, {{"kind", last.record_title}}), 20);
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
    if (!last.targets.empty())
        out += fmt::format("\n{}{}{}\n", p.bold,
                           say(Assessed::targets, last.language, {{"year", std::to_string(last.year)}}), p.reset);
    for (const auto& t : last.targets) render_target(t, last.language, p, out);
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
