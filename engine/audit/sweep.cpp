#include "engine/audit/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/audit/lines.hpp"
#include "engine/exec/results/evaluation.hpp"
#include "engine/io/cells/rows.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/say.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::audit {

using feel::Decimal;
using wording::Answer;
using wording::Language;

namespace {

[[noreturn]] void refuse_sweep(Kind kind, std::string message, std::string hint = "") {
    throw InputError(Diagnostic{kind,
                                std::move(message),
                                {},
                                "`PARAMETER = FROM..TO`, `PARAMETER = FROM..TO step STEP` or `PARAMETER = A, B, C`",
                                std::move(hint)});
}

Decimal number(std::string_view text) {
    const auto trimmed = std::string(io::trimmed(text));
    const auto out = Decimal::parse(trimmed);
    if (!out) refuse_sweep(Kind::wrong_shape, fmt::format("`{}` is no number", trimmed));
    return *out;
}

/// 1, 2 or 5 and zeros: some twelve to the range.
Decimal round_step(const Decimal& range) {
    constexpr std::int64_t steps = 12;
    const auto wanted = range / Decimal(steps);
    constexpr int least = -12, most = 24;
    for (int power = least; power < most; ++power)
        for (const std::int64_t digit : {1, 2, 5})
            if (const auto step = Decimal::scaled(digit, power); step >= wanted) return step;
    return wanted;
}

std::vector<Decimal> values_between(std::string_view range) {
    const auto dots = range.find("..");
    const auto word = range.find("step");
    const auto from = number(range.substr(0, dots)), to = number(range.substr(dots + 2, word - dots - 2));
    if (to <= from) refuse_sweep(Kind::wrong_shape, fmt::format("`{}` is no range", io::trimmed(range)));
    const auto step = word == range.npos ? round_step(to - from) : number(range.substr(word + 4));
    if (step <= Decimal(0)) refuse_sweep(Kind::wrong_shape, "a step of a sweep is more than 0");
    std::vector<Decimal> out;
    for (auto at = from; at < to; at = at + step) {
        if (out.size() + 1 == most_swept)
            refuse_sweep(Kind::wrong_shape, fmt::format("more than {} values", most_swept), "a larger step");
        out.push_back(at);
    }
    out.push_back(to);
    return out;
}

/// Counts of one assessment of all years.
std::vector<std::vector<std::size_t>> counted(const WhatIf& tried, std::vector<std::string>& outcomes) {
    std::vector<std::vector<std::size_t>> out(outcomes.size(), std::vector<std::size_t>(tried.years.size()));
    for (std::size_t o = 0; o < tried.outcomes.size(); ++o) {
        auto place = std::find(outcomes.begin(), outcomes.end(), tried.outcomes[o]);
        if (place == outcomes.end()) {
            outcomes.push_back(tried.outcomes[o]);
            out.emplace_back(tried.years.size());
            place = outcomes.end() - 1;
        }
        for (std::size_t y = 0; y < tried.years.size(); ++y)
            out[static_cast<std::size_t>(place - outcomes.begin())][y] = tried.counts[o][y].second;
    }
    return out;
}

const model::Parameter& parameter_named(const model::RuleSet& rules, const std::string& name) {
    if (const auto* found = parameter_of(rules, name)) return *found;
    std::vector<std::string> names;
    for (const auto& parameter : rules.parameters) names.push_back(parameter.name);
    throw InputError(Diagnostic{Kind::unknown_name,
                                fmt::format("the rule set has no parameter `{}`", name),
                                {},
                                "a parameter",
                                did_you_mean(name, names)});
}

/// Low to high, as far as a row of a terminal can draw it.
std::string drawn(const std::vector<std::size_t>& counts) {
    static constexpr std::string_view bars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    const auto most = *std::max_element(counts.begin(), counts.end());
    std::string out;
    for (const auto n : counts) out += bars[most == 0 ? 0 : (n * (std::size(bars) - 1) + most / 2) / most];
    return out;
}

/// Outcomes to be told, each with a row a year.
std::vector<std::size_t> told(const Sweep& sweep, const std::string& only) {
    std::vector<std::size_t> out;
    for (std::size_t o = 0; o < sweep.outcomes.size(); ++o) {
        const bool there = std::any_of(sweep.points.begin(), sweep.points.end(), [&](const Sweep::Point& point) {
            return std::any_of(point.counts[o].begin(), point.counts[o].end(), [](auto n) { return n > 0; });
        });
        if (only.empty() ? there : sweep.outcomes[o] == only) out.push_back(o);
    }
    return out;
}

}  // namespace

Swept swept_from(const std::string& text, const model::RuleSet& rules) {
    const auto equals = text.find('=');
    Swept out{std::string(io::trimmed(std::string_view(text).substr(0, equals))), {}};
    const auto range = equals == text.npos ? std::string_view() : std::string_view(text).substr(equals + 1);
    if (out.parameter.empty() || io::trimmed(range).empty())
        refuse_sweep(Kind::wrong_shape, fmt::format("`{}` names no range", text));
    parameter_named(rules, out.parameter);
    std::set<Decimal> values;
    if (range.find("..") != range.npos) {
        const auto between = values_between(range);
        values.insert(between.begin(), between.end());
    } else {
        for (std::size_t begin = 0; begin <= range.size();) {
            const auto comma = std::min(range.find(',', begin), range.size());
            values.insert(number(range.substr(begin, comma - begin)));
            begin = comma + 1;
        }
    }
    if (values.size() > most_swept) refuse_sweep(Kind::wrong_shape, fmt::format("more than {} values", most_swept));
    for (const auto& value : values) out.values.emplace_back(value);
    return out;
}

Sweep sweep(store::Store& copy, const std::shared_ptr<const graph::Graph>& graph, const graph::Node& decision,
            const Swept& swept, const std::vector<std::int32_t>& years, const assess::YearsOptions& options) {
    const auto& parameter = parameter_named(*graph->rules, swept.parameter);
    Sweep out;
    out.decision = decision.name;
    out.parameter = parameter.name;
    out.unit = parameter.unit;
    out.years = years;
    for (const auto& value : graph::decision_of(decision)->values) out.outcomes.push_back(value.to_string());
    out.outcomes.emplace_back();
    out.labels = exec::labels_in(*graph, decision, options.language);
    out.title = parameter.title.in(options.language);
    if (out.title.empty()) out.title = parameter.name;
    auto values = swept.values;
    const auto* dated = exec::in_force(parameter, feel::Date{years.back(), 12, 31});
    const auto now = dated ? dated->value : feel::Value();
    const auto less = [](const feel::Value& a, const feel::Value& b) { return *a.number() < *b.number(); };
    if (now.number() && less(values.front(), now) && less(now, values.back()) &&
        std::none_of(values.begin(), values.end(), [&](const auto& v) { return feel::identical(v, now); }))
        values.insert(std::upper_bound(values.begin(), values.end(), now, less), now);
    for (const auto& value : values) {
        const auto tried = supposed_only(copy, graph, decision, {{parameter.name, "", value}}, years, options);
        out.decision_title = tried.decision_title;
        out.points.push_back({value, feel::identical(value, now), counted(tried, out.outcomes)});
    }
    for (auto& point : out.points) point.counts.resize(out.outcomes.size(), std::vector<std::size_t>(years.size()));
    return out;
}

std::string render_text(const Sweep& s, const std::string& only, Language language, const TextOptions& options) {
    const auto p = palette(options.colour);
    const auto rows_told = told(s, only);
    std::vector<Cells> rows{{s.title + (s.unit.empty() ? "" : " (" + s.unit + ")")}};
    std::vector<Align> columns{Align::left};
    Cells below{""};
    for (const auto& point : s.points) {
        rows.front().push_back(wording::show(point.value, {}, language));
        below.push_back(point.now ? say(Answer::now, language) : "");
        columns.push_back(Align::right);
    }
    columns.push_back(Align::left);
    for (const auto o : rows_told)
        for (std::size_t y = 0; y < s.years.size(); ++y) {
            const auto& outcome = s.outcomes[o];
            rows.push_back({fmt::format(
                "{} {}", outcome.empty() ? say(Answer::undetermined, language) : exec::labelled(s.labels, outcome),
                s.years[y])});
            std::vector<std::size_t> counts;
            for (const auto& point : s.points) counts.push_back(point.counts[o][y]);
            for (const auto n : counts) rows.back().push_back(std::to_string(n));
            rows.back().push_back(drawn(counts));
        }
    if (std::any_of(s.points.begin(), s.points.end(), [](const auto& point) { return point.now; }))
        rows.push_back(std::move(below));
    return wrapped(say(Answer::swept, language, {{"parameter", s.title}, {"decision", s.decision_title}}),
                   options.width, 0, 2) +
           "\n" + std::string(p.reset) + table_text(std::move(rows), columns, 2);
}

std::string render_json(const Sweep& s, const std::string& only) {
    using Json = nlohmann::ordered_json;
    Json out = {{"version", 1},
                {"parameter", s.parameter},
                {"unit", s.unit},
                {"decision", s.decision},
                {"points", Json::array()}};
    for (const auto& point : s.points) {
        Json one = {{"value", point.value.to_string()}, {"now", point.now}, {"counts", Json::array()}};
        for (const auto o : told(s, only))
            for (std::size_t y = 0; y < s.years.size(); ++y)
                one["counts"].push_back({{"outcome", s.outcomes[o].empty() ? Json() : Json(s.outcomes[o])},
                                         {"year", s.years[y]},
                                         {"records", point.counts[o][y]}});
        out["points"].push_back(std::move(one));
    }
    return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace zoneval::audit
