#include "engine/audit/what_if.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/assess/as_ruled.hpp"
#include "engine/assess/rulings.hpp"
#include "engine/audit/condition_text.hpp"
#include "engine/audit/lines.hpp"
#include "engine/diag/terminal.hpp"
#include "engine/feel/evaluation/from_feel.hpp"
#include "engine/io/cells/rows.hpp"
#include "engine/io/reading/import.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::audit {

using wording::Answer;
using wording::Language;

namespace {

std::string without_quotes(std::string text) {
    const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    return quoted ? text.substr(1, text.size() - 2) : text;
}

/// nullopt: it does not fit the type.
std::optional<feel::Value> value_of(const std::string& text, feel::Type::Kind type) {
    if (type == feel::Type::Kind::number) {
        const auto number = feel::Decimal::parse(text);
        return number ? std::optional(feel::Value(*number)) : std::nullopt;
    }
    if (type == feel::Type::Kind::boolean)
        return text == "true" || text == "false" ? std::optional(feel::Value(text == "true")) : std::nullopt;
    if (type == feel::Type::Kind::date) {
        const auto date = feel::Date::parse(without_quotes(text));
        return date ? std::optional(feel::Value(*date)) : std::nullopt;
    }
    return feel::Value(without_quotes(text));
}

[[noreturn]] void refuse(Kind kind, std::string message, std::string expected, std::string hint = "") {
    throw InputError(Diagnostic{kind, std::move(message), {}, std::move(expected), std::move(hint)});
}

/// A table of the figures, for every year.
std::string as_csv(const std::vector<Supposed>& supposed, const std::string& kind,
                   const std::vector<std::int32_t>& years, std::vector<std::string>& inputs) {
    std::map<std::string, std::map<std::string, std::string>> by_record;
    for (const auto& s : supposed) {
        if (s.record.empty() || s.kind != kind) continue;
        by_record[s.record][s.name] = s.value.to_string();
        if (std::find(inputs.begin(), inputs.end(), s.name) == inputs.end()) inputs.push_back(s.name);
    }
    const auto cell = [](const std::string& text) {
        std::string out = "\"";
        for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
        return out + "\"";
    };
    std::string out = "record,year";
    for (const auto& input : inputs) out += "," + cell(input);
    out += '\n';
    for (const auto& [record, cells] : by_record)
        for (const auto year : years) {
            out += fmt::format("{},{}", cell(record), year);
            for (const auto& input : inputs) out += "," + (cells.contains(input) ? cell(cells.at(input)) : "");
            out += '\n';
        }
    return out;
}

/// `kind` empty: of the rule set's own records.
void store_figures_of(store::Store& copy, const std::string& kind, const model::RuleSet& rules,
                      const std::vector<Supposed>& supposed, const std::vector<std::int32_t>& years) {
    std::vector<std::string> inputs;
    const auto csv = as_csv(supposed, kind, years, inputs);
    if (inputs.empty()) return;
    DatasetSchema schema;
    schema.record = kind.empty() ? rules.record : kind;
    schema.dataset = "what if";
    schema.id_header = "record";
    schema.year_header = "year";
    for (auto column : model::input_columns(rules))
        if (std::find(inputs.begin(), inputs.end(), column.name) != inputs.end()) {
            column.header = column.name;
            column.form = {};
            column.translate.clear();
            schema.columns.push_back(std::move(column));
        }
    Diagnostics found;
    const auto rows = io::read_rows_of("--set", csv, schema, {}, found);
    if (found.has_errors()) throw InputError(std::move(found));
    copy.import(rows, schema, "supposed");
}

void store_figures(store::Store& copy, const model::RuleSet& rules, const std::vector<Supposed>& supposed,
                   const std::vector<std::int32_t>& years) {
    store_figures_of(copy, "", rules, supposed, years);
    for (const auto& kind : rules.kinds)
        store_figures_of(copy, kind.name, *kind.rules, supposed,
                         kind.dated.empty() ? years : std::vector{model::year_of_dated});
}

bool suppose_parameters(model::RuleSet& rules, const std::vector<Supposed>& supposed) {
    bool any = false;
    for (const auto& s : supposed)
        for (auto& parameter : rules.parameters)
            if (s.record.empty() && parameter.name == s.name) {
                auto one = parameter.values.front();
                one.from.reset();
                one.value = s.value;
                parameter.values = {std::move(one)};
                parameter.until.reset();
                any = true;
            }
    return any;
}

/// Their measures read the same parameters.
void suppose_of_kinds(model::RuleSet& rules, const std::vector<Supposed>& supposed) {
    for (auto& kind : rules.kinds) {
        auto own = *kind.rules;
        suppose_parameters(own, supposed);
        suppose_of_kinds(own, supposed);
        kind.rules = std::make_shared<const model::RuleSet>(std::move(own));
    }
}

std::shared_ptr<const graph::Graph> with_parameters(const std::shared_ptr<const graph::Graph>& graph,
                                                    const std::vector<Supposed>& supposed) {
    auto rules = std::make_shared<model::RuleSet>(*graph->rules);
    if (!suppose_parameters(*rules, supposed)) return graph;
    suppose_of_kinds(*rules, supposed);
    Diagnostics found;
    auto out = std::make_shared<const graph::Graph>(graph::build_graph(std::move(rules), found));
    if (found.has_errors()) throw InputError(std::move(found));
    return out;
}

struct Standing {
    std::string outcome, rule;
    std::vector<std::string> possible;  ///< while it is undetermined
};
std::vector<std::string> possible_of(const store::Outcome& open) {
    std::vector<std::string> out;
    const auto possible = feel::from_feel(open.possible);
    if (possible.list())
        for (const auto& value : *possible.list()) out.push_back(value.to_string());
    return out;
}

/// By record, with the rulings that stand.
std::map<std::string, Standing> assessed(store::Store& copy, const std::shared_ptr<const graph::Graph>& graph,
                                         const graph::Node& decision, std::int32_t year) {
    const auto run = copy.latest_run(graph->rules->id, year);
    std::map<std::string, Standing> out;
    if (!run || !run->decision(decision.name)) return out;
    const auto decisions = assess::as_ruled(*run, *run->decision(decision.name), copy.rulings(run->ruleset));
    for (std::size_t i = 0; i < run->records.size(); ++i) {
        const auto& outcome = decisions.of(i);
        const bool open =
            outcome.ending == store::Outcome::Ending::open || outcome.ending == store::Outcome::Ending::conflict;
        out.emplace(std::string(run->records[i]),
                    Standing{open                    ? ""
                             : outcome.value.empty() ? "null"
                                                     : assess::shown_outcome(outcome.value),
                             outcome.rule, open ? possible_of(outcome) : std::vector<std::string>()});
    }
    return out;
}

void assess_all(store::Store& copy, const std::shared_ptr<const graph::Graph>& graph,
                const std::vector<std::int32_t>& years, const assess::YearsOptions& options) {
    auto done = assess::assess_years(graph, copy, years, options);
    if (done.refused) throw InputError(std::move(*done.refused));
}

/// How many conditions are not met, alternatives counted as one, and how near the nearest of them was.
std::pair<int, feel::Decimal> missed(const Condition& condition) {
    if (condition.holds != exec::Holds::no) return {0, feel::Decimal(0)};
    if (condition.kind == Condition::Kind::one) return {1, relative_margin(condition)};
    std::pair<int, feel::Decimal> out{0, feel::Decimal(0)};
    for (const auto& part : condition.parts) {
        const auto [count, margin] = missed(part);
        if (count > 0 && (out.first == 0 || margin < out.second)) out.second = margin;
        out.first += count;
    }
    if (condition.kind == Condition::Kind::any) out.first = std::min(out.first, 1);
    return out;
}

/// The rule that gave the outcome before; where it was open between several, the nearest of those that give another of
/// them than what holds now.
const RuleState* rule_before(const Explanation& e, const Standing& was) {
    const RuleState* out = nullptr;
    for (const auto& rule : e.rules) {
        if (rule.id == was.rule && !was.rule.empty()) return &rule;
        const bool was_possible = std::find(was.possible.begin(), was.possible.end(), rule.gives) != was.possible.end();
        if (was_possible && rule.gives != e.value && rule.state == RuleState::State::fails &&
            (!out || missed(rule.condition) < missed(out->condition)))
            out = &rule;
    }
    return out;
}

/// Of an outcome that holds because no rule does: why the rule does not that was decisive before.
std::string cause_of_default(const Explanation& e, const Standing& was) {
    const auto says = [&](Answer answer, const std::string& rule, const std::string& conditions) {
        return say(answer, e.language, {{"rule", rule}, {"conditions", conditions}});
    };
    if (const auto* rule = rule_before(e, was)) {
        const auto unmet = short_text(rule->condition, e.language, true);
        if (unmet.empty()) return says(Answer::rule_decides_now, rule->id, "");
        return says(was.rule.empty() ? Answer::cannot_hold : Answer::no_longer_holds, rule->id, unmet);
    }
    if (e.continues) return say(Answer::still_a_member, e.language);
    return e.decided.empty() ? say(Answer::no_rule_holds_now, e.language)
                             : says(Answer::no_rule_nearest, "", short_text(e.decided.front(), e.language));
}

/// What decided, with its figures.
std::string cause_of(const assess::Assessment& assessment, const graph::Node& decision, std::size_t record,
                     const Standing& was, const std::string& language) {
    const auto e = explain(assessment, decision, record, language);
    if (e.ending == exec::Outcome::Kind::by_default || e.ending == exec::Outcome::Kind::nothing_fired)
        return cause_of_default(e, was);
    std::string out;
    for (const auto& condition : e.decided)
        out += (out.empty() ? "" : say(Answer::comma, e.language)) + short_text(condition, e.language);
    return out;
}

/// Why those whose outcome is another than before have it, while the assessment of their year is at hand.
class Causes {
  public:
    Causes(const graph::Node& decision, const std::vector<std::int32_t>& years,
           const std::vector<std::map<std::string, Standing>>& before, std::string language)
        : decision_(decision), years_(years), before_(before), language_(std::move(language)) {}

    void add(const assess::Assessment& a) {
        const auto place = std::find(years_.begin(), years_.end(), a.evaluation.year) - years_.begin();
        const auto& was = before_[static_cast<std::size_t>(place)];
        const auto* node = a.graph->find(decision_.name);
        for (std::size_t i = 0; i < a.evaluation.size() && told_.size() < most_told; ++i) {
            const auto found = was.find(a.evaluation.record(i));
            if (found == was.end()) continue;
            const bool settled = a.evaluation.outcome(node->id, i).settled();
            const auto is = settled ? a.evaluation.value(node->id, i).to_string() : "";
            if (is != found->second.outcome)
                told_[{a.evaluation.year, found->first}] = cause_of(a, *node, i, found->second, language_);
        }
    }
    std::string of(std::int32_t year, const std::string& record) const {
        const auto found = told_.find({year, record});
        return found == told_.end() ? "" : found->second;
    }

  private:
    const graph::Node& decision_;
    const std::vector<std::int32_t>& years_;
    const std::vector<std::map<std::string, Standing>>& before_;
    std::string language_;
    std::map<std::pair<std::int32_t, std::string>, std::string> told_;
};

void compare(const std::map<std::string, Standing>& before, const std::map<std::string, Standing>& after,
             std::int32_t year, std::size_t place, const Causes& causes, std::set<std::string>& moved_before,
             WhatIf& out) {
    const auto count = [&](const std::string& outcome) -> std::pair<std::size_t, std::size_t>& {
        auto found = std::find(out.outcomes.begin(), out.outcomes.end(), outcome);
        if (found == out.outcomes.end()) {
            out.outcomes.push_back(outcome);
            out.counts.emplace_back(out.years.size());
            found = out.outcomes.end() - 1;
        }
        return out.counts[static_cast<std::size_t>(found - out.outcomes.begin())][place];
    };
    for (const auto& [record, was] : before) {
        const auto found = after.find(record);
        if (found == after.end()) continue;
        const auto& is = found->second;
        ++out.of;
        ++count(was.outcome).first;
        ++count(is.outcome).second;
        if (was.outcome == is.outcome) continue;
        out.moved.push_back(
            {record, year, was.outcome, is.outcome, is.rule, causes.of(year, record), moved_before.contains(record)});
        moved_before.insert(record);
    }
}

}  // namespace

const model::Parameter* parameter_of(const model::RuleSet& rules, const std::string& name) {
    const auto found = std::find_if(rules.parameters.begin(), rules.parameters.end(),
                                    [&](const model::Parameter& p) { return p.name == name; });
    return found == rules.parameters.end() ? nullptr : &*found;
}

Records records_of(const store::Store& store, const model::RuleSet& rules, std::int32_t year) {
    const auto now = store.latest();
    Records out{{"", store.roster(rules.record, year, now)}};
    for (const auto& kind : rules.kinds)
        out.emplace(kind.name, store.roster(kind.name, kind.dated.empty() ? year : model::year_of_dated, now));
    return out;
}

Supposed supposed_from(const std::string& text, const model::RuleSet& rules, const Records& records) {
    const auto equals = text.find('=');
    const std::string name(io::trimmed(std::string_view(text).substr(0, equals)));
    const std::string written(equals == text.npos ? "" : io::trimmed(std::string_view(text).substr(equals + 1)));
    if (name.empty() || written.empty())
        refuse(Kind::wrong_shape, fmt::format("`{}` supposes nothing", text),
               "`PARAMETER = VALUE` or `RECORD.INPUT = VALUE`", "such as --set 'warning share = 8'");
    const auto fitting = [&](feel::Type::Kind type) {
        auto value = value_of(written, type);
        if (!value)
            refuse(Kind::wrong_shape, fmt::format("`{}` is no value of `{}`", written, name),
                   type == feel::Type::Kind::number    ? "a number"
                   : type == feel::Type::Kind::boolean ? "`true` or `false`"
                                                       : "a date such as 2024-01-31");
        return *value;
    };
    if (const auto* parameter = parameter_of(rules, name)) {
        const auto type = parameter->values.front().value.type();
        return {name, "", fitting(type ? type->kind : feel::Type::Kind::number)};
    }
    std::vector<std::string> known;
    for (const auto& [kind, ids] : records) known.insert(known.end(), ids.begin(), ids.end());
    std::vector<std::string> inputs;
    for (auto dot = name.find('.'); dot != name.npos; dot = name.find('.', dot + 1)) {
        const std::string record(io::trimmed(std::string_view(name).substr(0, dot))),
            input(io::trimmed(std::string_view(name).substr(dot + 1)));
        for (const auto& [kind, ids] : records) {
            if (std::find(ids.begin(), ids.end(), record) == ids.end()) continue;
            const auto* of = rules.kind(kind);
            for (const auto& column : model::input_columns(of ? *of->rules : rules)) {
                if (column.name == input) return {input, record, fitting(column.type), kind};
                inputs.push_back(column.name);
            }
        }
        if (!inputs.empty())
            refuse(Kind::unknown_name, fmt::format("{} has no input `{}`", record, input),
                   "an input of its kind of record", did_you_mean(input, inputs));
    }
    std::vector<std::string> names;
    for (const auto& parameter : rules.parameters) names.push_back(parameter.name);
    const auto dot = name.find('.');
    refuse(Kind::unknown_name,
           dot == name.npos ? fmt::format("the rule set has no parameter `{}`", name)
                            : fmt::format("the store has no record `{}`", name.substr(0, dot)),
           "a parameter, or RECORD.INPUT",
           dot == name.npos ? did_you_mean(name, names) : did_you_mean(name.substr(0, dot), known));
}

namespace {

WhatIf nothing_yet(const graph::Graph& graph, const graph::Node& decision, const std::vector<std::int32_t>& years,
                   const std::string& language) {
    WhatIf out;
    out.decision = decision.name;
    out.decision_title = decision.definition ? decision.definition->title.in(language) : "";
    if (out.decision_title.empty()) out.decision_title = decision.name;
    out.years = years;
    for (const auto& value : graph::decision_of(decision)->values) out.outcomes.push_back(value.to_string());
    out.outcomes.emplace_back();
    out.labels = exec::labels_in(graph, decision, language);
    out.counts.assign(out.outcomes.size(), std::vector<std::pair<std::size_t, std::size_t>>(years.size()));
    return out;
}

}  // namespace

WhatIf tried(store::Store& copy, const std::shared_ptr<const graph::Graph>& graph, const graph::Node& decision,
             const std::vector<std::int32_t>& years, const assess::YearsOptions& options, const Change& change) {
    auto out = nothing_yet(*graph, decision, years, options.language);
    // On the data of today, too: what a run of last year would come to anew is not what was supposed.
    assess_all(copy, graph, years, options);
    std::vector<std::map<std::string, Standing>> before;
    before.reserve(years.size());
    for (const auto year : years) before.push_back(assessed(copy, graph, decision, year));
    const auto changed = change(copy);
    Causes causes(decision, years, before, options.language);
    auto with_causes = options;
    with_causes.made = [&](const assess::Assessment& a) { causes.add(a); };
    assess_all(copy, changed, years, with_causes);
    std::set<std::string> moved_before;
    for (std::size_t y = 0; y < years.size(); ++y)
        compare(before[y], assessed(copy, changed, decision, years[y]), years[y], y, causes, moved_before, out);
    return out;
}

WhatIf what_if(store::Store& copy, const std::shared_ptr<const graph::Graph>& graph, const graph::Node& decision,
               const std::vector<Supposed>& supposed, const std::vector<std::int32_t>& years,
               const assess::YearsOptions& options) {
    return tried(copy, graph, decision, years, options, [&](store::Store& store) {
        store_figures(store, *graph->rules, supposed, years);
        return with_parameters(graph, supposed);
    });
}

WhatIf supposed_only(store::Store& copy, const std::shared_ptr<const graph::Graph>& graph, const graph::Node& decision,
                     const std::vector<Supposed>& supposed, const std::vector<std::int32_t>& years,
                     const assess::YearsOptions& options) {
    auto out = nothing_yet(*graph, decision, years, options.language);
    store_figures(copy, *graph->rules, supposed, years);
    const auto changed = with_parameters(graph, supposed);
    assess_all(copy, changed, years, options);
    const std::vector<std::map<std::string, Standing>> nobody(years.size());
    const Causes causes(decision, years, nobody, options.language);
    std::set<std::string> moved_before;
    for (std::size_t y = 0; y < years.size(); ++y) {
        const auto is = assessed(copy, changed, decision, years[y]);
        compare(is, is, years[y], y, causes, moved_before, out);
    }
    return out;
}

std::string render_text(const WhatIf& w, const std::vector<std::string>& supposed, Language language,
                        const TextOptions& options) {
    const auto p = palette(options.colour);
    const auto word = [&](const std::string& outcome) {
        return outcome.empty() ? say(Answer::undetermined, language) : exec::labelled(w.labels, outcome);
    };
    auto out = wrapped(say(Answer::what_if, language,
                           {{"supposed", fmt::format("{}", fmt::join(supposed, "; "))},
                            {"n", std::to_string(w.moved.size())},
                            {"of", std::to_string(w.of)},
                            {"decision", w.decision_title}}),
                       options.width, 0, 2);
    std::vector<Cells> rows{{w.decision_title}};
    std::vector<Align> columns{Align::left};
    for (const auto year : w.years) {
        rows.front().push_back(std::to_string(year));
        columns.push_back(Align::right);
    }
    for (std::size_t o = 0; o < w.outcomes.size(); ++o) {
        const auto& counts = w.counts[o];
        if (std::all_of(counts.begin(), counts.end(), [](const auto& c) { return c.first + c.second == 0; })) continue;
        rows.push_back({word(w.outcomes[o])});
        for (const auto& [before, after] : counts)
            rows.back().push_back(before == after ? std::to_string(before) : fmt::format("{} → {}", before, after));
    }
    out += "\n" + table_text(std::move(rows), columns, 2);
    if (w.moved.empty()) return out;
    out += fmt::format("\n{}{}{}\n", p.bold, say(Answer::who_would_move, language), p.reset);
    std::vector<Cells> moved;
    for (const auto& m : w.moved) {
        if (moved.size() == most_told) break;
        const auto why = m.follows         ? say(Answer::follows_from_earlier, language)
                         : m.cause.empty() ? m.rule
                         : m.rule.empty()  ? m.cause
                                           : m.rule + say(Answer::colon, language) + m.cause;
        moved.push_back({m.record, std::to_string(m.year), word(m.before) + " → " + word(m.after), why});
    }
    out += table_text(std::move(moved), {Align::left, Align::right, Align::left, Align::left}, 2);
    if (w.moved.size() > most_told)
        out += wrapped(say(Answer::and_more, language, {{"n", std::to_string(w.moved.size() - most_told)}}),
                       options.width, 2, 2);
    return out;
}

std::string render_json(const WhatIf& w, const std::vector<std::string>& supposed) {
    using Json = nlohmann::ordered_json;
    Json out = {{"version", 1},     {"supposed", supposed},    {"decision", w.decision},
                {"compared", w.of}, {"counts", Json::array()}, {"moved", Json::array()}};
    for (std::size_t o = 0; o < w.outcomes.size(); ++o)
        for (std::size_t y = 0; y < w.years.size(); ++y)
            out["counts"].push_back({{"outcome", w.outcomes[o].empty() ? Json() : Json(w.outcomes[o])},
                                     {"year", w.years[y]},
                                     {"now", w.counts[o][y].first},
                                     {"would_be", w.counts[o][y].second}});
    for (const auto& m : w.moved)
        out["moved"].push_back({{"record", m.record},
                                {"year", m.year},
                                {"before", m.before.empty() ? Json() : Json(m.before)},
                                {"after", m.after.empty() ? Json() : Json(m.after)},
                                {"rule", m.rule},
                                {"cause", m.cause},
                                {"follows", m.follows}});
    return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace zoneval::audit
