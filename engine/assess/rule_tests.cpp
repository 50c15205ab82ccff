#include "engine/assess/rule_tests.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/assess/assessment.hpp"
#include "engine/exec/kinds/kinds.hpp"
#include "engine/exec/kinds/several_years.hpp"
#include "engine/exec/reference/evaluate.hpp"
#include "engine/feel/value/reason.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::assess {

using feel::Value;

namespace {

/// `prior NAME` values of the test's records; anything else did not exist.
class GivenHistory : public exec::History {
  public:
    GivenHistory(const model::Test& test, std::int32_t year, int cycle) : test_(test), year_(year), cycle_(cycle) {}
    std::optional<Value> value(const graph::Node& node, exec::RecordAt record, std::int32_t year) const override {
        for (const auto& r : test_.records)
            if (r.id == record.name)
                for (const auto& g : r.given)
                    if (back(g) == year_ - year && g.name == node.name) return g.value;
        if (const auto* other = std::get_if<graph::OtherForm>(&node.form))
            return Value::missing(feel::Missing::not_reported, feel::reasons::not_assessed_elsewhere(
                                                                   other->other->name, other->other->ruleset, year));
        return std::nullopt;
    }

  private:
    /// `prior NAME` is of the last review.
    int back(const model::TestRecord::Given& given) const { return given.years_back == 1 ? cycle_ : given.years_back; }

    const model::Test& test_;
    std::int32_t year_;
    int cycle_;
};

std::int32_t default_year(const model::RuleSet& rules) {
    return rules.effective_from ? rules.effective_from->year : 2000;
}

class TestRun {
  public:
    TestRun(const graph::Graph& graph, const model::Test& test, Diagnostics& diagnostics)
        : graph_(graph), test_(test), diagnostics_(diagnostics) {}

    bool run() {
        Table table;
        table.year = test_.year.value_or(default_year(*graph_.rules));
        exec::Overrides overrides;
        if (!prepare(table, overrides)) return false;
        std::unique_ptr<exec::History> history = std::make_unique<GivenHistory>(test_, table.year, graph_.rules->cycle);
        if (!graph_.kinds.empty()) {
            auto records = given_kinds(table.year);
            if (!records) return false;
            auto kinds = kinds_of(with_given(table, overrides), overrides, std::move(*records), *history);
            history = std::make_unique<exec::KindsHistory>(std::move(history), std::move(kinds), table);
        }
        if (exec::reads_several_years(graph_))  // of a test there is but the one year
            history = std::make_unique<exec::SeveralYearsHistory>(
                std::move(history),
                std::make_shared<const exec::SeveralYears>(
                    graph_, table, std::vector<Table>(),
                    [](const graph::Graph& graph, const Table& of, const exec::History& earlier) {
                        return exec::evaluate(graph, of, earlier);
                    }),
                table);
        const auto evaluation = exec::evaluate(graph_, table, *history, overrides);
        bool passed = true;
        for (const auto& record : test_.records) {
            const auto i = evaluation.find(record.id);
            for (const auto& expect : record.expect) passed &= check(record, expect, evaluation, i);
        }
        return passed;
    }

  private:
    bool unknown_name(const std::string& name, const SourcePtr& source, Span span) {
        diagnostics_.add(Kind::unknown_name, *source, span, fmt::format("nothing is called `{}`", name),
                         "the name of an input or a definition", did_you_mean(name, graph_.visible_names()));
        return false;
    }

    /// `parks: []`: nobody has any.
    bool is_empty_kind(const model::TestRecord::Given& given) const {
        return given.value.list() && given.value.list()->empty() && graph_.rules->kind(given.name);
    }

    std::shared_ptr<const exec::Kinds> kinds_of(Table owners, const exec::Overrides& overrides,
                                                std::vector<exec::KindRecords> records, const exec::History& earlier) {
        owners_ = std::move(owners);
        return std::make_shared<const exec::Kinds>(
            graph_, owners_, std::move(records), earlier,
            [&](const graph::Graph& graph, const Table& table, const exec::History& history) {
                return exec::evaluate(graph, table, history,
                                      &graph == &graph_ ? overrides : given_to_kind(graph, table, overrides));
            });
    }

    /// Measures of a kind read the parameters that the test gives to their owner.
    exec::Overrides given_to_kind(const graph::Graph& own, const Table& table, const exec::Overrides& overrides) const {
        exec::Overrides out;
        for (const auto& [id, given] : overrides) {
            const auto* parameter = own.find(graph_.node(id).name);
            if (!parameter || parameter->kind != graph::NodeKind::parameter) continue;
            auto& values = out[parameter->id];
            values.resize(table.records.size());
            for (std::size_t row = 0; row < table.records.size(); ++row)
                if (const auto owner = owner_of_.find({own.rules->record, table.records[row]});
                    owner != owner_of_.end())
                    values[row] = given[owner->second];
        }
        return out;
    }

    /// Records of a kind read what their owner is given.
    static Table with_given(const Table& table, const exec::Overrides& overrides, const graph::Graph& graph) {
        Table out = table;
        for (auto& column : out.columns)
            if (const auto* node = graph.find(column.name()))
                if (const auto given = overrides.find(node->id); given != overrides.end())
                    for (std::size_t row = 0; row < given->second.size(); ++row)
                        if (const auto& value = given->second[row]; value && !value->is_null()) column.set(row, *value);
        return out;
    }
    Table with_given(const Table& table, const exec::Overrides& overrides) const {
        return with_given(table, overrides, graph_);
    }

    /// What the test gives of each kind; nullopt: it gives what cannot be.
    std::optional<std::vector<exec::KindRecords>> given_kinds(std::int32_t year) {
        auto out = no_records(graph_, year);
        bool fine = true;
        for (std::size_t owner = 0; owner < test_.records.size(); ++owner) {
            const auto& record = test_.records[owner];
            fine = add_given(graph_, record.id, owner, record.given, record.kinds, out) && fine;
        }
        return fine ? std::optional(std::move(out)) : std::nullopt;
    }

    static std::vector<exec::KindRecords> no_records(const graph::Graph& graph, std::int32_t year) {
        std::vector<exec::KindRecords> out;
        for (const auto& [kind, own, reads] : graph.kinds) {
            auto& records = out.emplace_back();
            records.table.year = year;
            for (const auto& column : model::input_columns(*kind->rules))
                records.table.columns.emplace_back(column.name, column.type);
            records.below = no_records(*own, year);
        }
        return out;
    }

    /// What belongs to one record, and to the test's record `owner` at the top.
    bool add_given(const graph::Graph& graph, const std::string& record, std::size_t owner,
                   const std::vector<model::TestRecord::Given>& given,
                   const std::vector<model::TestRecord::GivenKind>& kinds, std::vector<exec::KindRecords>& out) {
        bool fine = true;
        for (std::size_t k = 0; k < graph.kinds.size(); ++k)
            for (const auto& one : given)
                out[k].supplied |= one.name == graph.kinds[k].kind->name && is_empty_kind(one);
        for (const auto& of : kinds) {
            const auto found = std::find_if(graph.kinds.begin(), graph.kinds.end(),
                                            [&](const auto& k) { return k.kind->name == of.kind; });
            if (found == graph.kinds.end()) {
                fine = unknown_kind(graph, of);
                continue;
            }
            auto& records = out[static_cast<std::size_t>(found - graph.kinds.begin())];
            records.supplied = true;
            for (const auto& one : of.records) {
                const auto id = add_of_kind(*found->kind, *found->graph, record, one.given, records.table);
                if (id) owner_of_[{of.kind, *id}] = owner;
                fine = id && add_given(*found->graph, *id, owner, one.given, one.kinds, records.below) && fine;
            }
        }
        return fine;
    }

    bool unknown_kind(const graph::Graph& graph, const model::TestRecord::GivenKind& of) {
        std::vector<std::string> names;
        for (const auto& kind : graph.kinds) names.push_back(kind.kind->name);
        diagnostics_.add(
            Kind::unknown_name, *of.source, of.span,
            fmt::format("no kind of record that belongs to `{}` is called `{}`", graph.rules->record, of.kind),
            "a name under `kinds`", did_you_mean(of.kind, names));
        return false;
    }

    /// Its id; nullopt: it cannot be.
    std::optional<std::string> add_of_kind(const model::RecordKind& kind, const graph::Graph& own,
                                           const std::string& owner, const std::vector<model::TestRecord::Given>& given,
                                           Table& table) {
        bool fine = true;
        const auto columns = model::input_columns(*kind.rules);
        std::string id = fmt::format("{} {}", kind.name, table.records.size() + 1);
        std::map<std::string, Value> cells{{kind.key, Value(owner)}};
        for (const auto& one : given) {
            if (one.name == kind.name) {
                id = one.value.to_string();
                continue;
            }
            if (is_empty_kind(one)) continue;
            const auto* node = own.find(one.name);
            if (!node || !kind.rules->input(one.name)) {
                diagnostics_.add(Kind::unknown_name, *one.source, one.span,
                                 fmt::format("records of kind `{}` have no input `{}`", kind.name, one.name),
                                 "the name of one of the kind's inputs", did_you_mean(one.name, own.visible_names()));
                fine = false;
                continue;
            }
            fine = check_given(*node, one) && fine;
            cells[one.name] = one.value;
        }
        if (!kind.dated.empty() && (!cells.contains(kind.dated) || cells.at(kind.dated).is_null())) {
            const auto& [source, span] = place_of(given);
            diagnostics_.add(Kind::missing_key, *source, span,
                             fmt::format("test `{}` does not say of which day {} is", test_.name, id),
                             fmt::format("a line `{}: …`", kind.dated));
            return std::nullopt;
        }
        if (table.row(id)) return refuse_twice(given, id);
        if (!fine) return std::nullopt;
        table.append_record(id, {});
        for (std::size_t c = 0; c < columns.size(); ++c) {
            const auto cell = cells.find(columns[c].name);
            if (cell == cells.end() || cell->second.is_null())
                table.columns[c].append_missing(columns[c].blank);
            else
                table.columns[c].append(cell->second);
        }
        return id;
    }

    std::pair<SourcePtr, Span> place_of(const std::vector<model::TestRecord::Given>& given) const {
        return given.empty() ? std::pair(test_.source, test_.span)
                             : std::pair(given.front().source, given.front().span);
    }

    std::nullopt_t refuse_twice(const std::vector<model::TestRecord::Given>& given, const std::string& id) {
        const auto& [source, span] = place_of(given);
        diagnostics_.add(Kind::duplicate_definition, *source, span,
                         fmt::format("test `{}` has two records called {}", test_.name, id), "each record once");
        return std::nullopt;
    }

    bool prepare(Table& table, exec::Overrides& overrides) {
        bool fine = true;
        const auto inputs = model::input_columns(*graph_.rules);
        for (const auto& input : inputs) table.columns.emplace_back(input.name, input.type);
        for (const auto& record : test_.records) {
            table.append_record(record.id, {});
            for (std::size_t c = 0; c < inputs.size(); ++c) table.columns[c].append_missing(inputs[c].blank);
        }
        for (std::size_t row = 0; row < test_.records.size(); ++row)
            for (const auto& given : test_.records[row].given) {
                if (is_empty_kind(given)) continue;
                const auto* node = graph_.find(given.name);
                if (!node || node->kind == graph::NodeKind::context) {
                    fine = unknown_name(given.name, given.source, given.span);
                    continue;
                }
                fine &= check_given(*node, given);
                if (given.years_back > 0) continue;
                auto& column = overrides[node->id];
                column.resize(test_.records.size());
                column[row] = given.value;
            }
        return fine;
    }

    /// `rule:` and `undetermined:` alone mean the one decision that the record expects something of, or the only one
    /// there is.
    const graph::Node* expected_node(const model::TestRecord& record, const model::TestRecord::Expect& expect) {
        if (!expect.name.empty()) return graph_.find(expect.name);
        std::vector<const graph::Node*> named, all;
        for (const auto& e : record.expect)
            if (const auto* node = graph_.find(e.name); node && node->kind == graph::NodeKind::decision &&
                                                        std::find(named.begin(), named.end(), node) == named.end())
                named.push_back(node);
        for (const auto& node : graph_.nodes)
            if (node.kind == graph::NodeKind::decision) all.push_back(&node);
        const auto& candidates = named.empty() ? all : named;
        return candidates.size() == 1 ? candidates.front() : nullptr;
    }

    bool ambiguous(const model::TestRecord::Expect& expect) {
        const auto word = expect.rule ? "rule" : "undetermined";
        return fail(expect, fmt::format("`{}` could mean several decisions", word),
                    fmt::format("`{} NAME: …` with the name of a decision", expect.rule ? "rule of" : word));
    }

    bool refuse_given(const model::TestRecord::Given& given, Kind kind, const std::string& message,
                      const std::string& expected, const std::string& hint = {}) {
        diagnostics_.add(
            kind, *given.source, given.span,
            fmt::format("test `{}` gives {} for `{}`{}", test_.name, given.value.to_feel(), given.name, message),
            expected, hint);
        return false;
    }

    bool check_input(const model::TestRecord::Given& given, const model::Input& input) {
        const auto& value = given.value;
        const auto* number = value.number();
        if (number && ((input.min && *number < *input.min) || (input.max && *number > *input.max)))
            return refuse_given(given, Kind::out_of_range, ", outside its range",
                                fmt::format("a number{}{}", input.min ? " of at least " + input.min->to_string() : "",
                                            input.max ? " of at most " + input.max->to_string() : ""));
        const auto* text = value.string();
        if (text && !input.values.empty() &&
            std::find(input.values.begin(), input.values.end(), *text) == input.values.end())
            return refuse_given(given, Kind::undeclared_value, ", which is not among its values",
                                fmt::format("one of {}", fmt::join(input.values, ", ")),
                                did_you_mean(*text, input.values));
        return true;
    }

    /// A test on values that could never be there proves nothing.
    bool check_given(const graph::Node& node, const model::TestRecord::Given& given) {
        const auto& value = given.value;
        if (value.is_null()) return true;
        if (const auto* form = std::get_if<graph::InputForm>(&node.form))
            if (!check_input(given, *form->input)) return false;
        if (const auto* read = std::get_if<graph::HistoryForm>(&node.form))
            if (const auto* other = std::get_if<graph::OtherForm>(&graph_.node(read->of).form))
                if (!check_input(given, *other->other)) return false;
        if (const auto reach = graph_.most_years.find(node.id); reach != graph_.most_years.end()) {
            const auto years = value.number() ? value.number()->to_int64().value_or(0) : 0;
            if (years < 1 || years > reach->second)
                return refuse_given(given, Kind::out_of_range, ", and the rules look back as far as its values say",
                                    fmt::format("a whole number of years from 1 to {}", reach->second),
                                    "a test may give fewer years than the rule file does, not more");
        }
        if (const auto* decision = graph::decision_of(node);
            decision && !decision->values.empty() && !all_declared(*decision, value))
            return refuse_given(given, Kind::undeclared_value, ", which is not among its values",
                                fmt::format("one of {}", fmt::join(decision->value_names(), ", ")),
                                did_you_mean(value.to_string(), decision->value_names()));
        const auto kind = node.type ? node.type->kind : feel::Type::Kind::any;
        const bool scalar = kind == feel::Type::Kind::number || kind == feel::Type::Kind::string ||
                            kind == feel::Type::Kind::boolean || kind == feel::Type::Kind::date;
        if (!scalar || value.kind() == kind) return true;
        return refuse_given(given, Kind::type_error, "", fmt::format("a {}", feel::Type::of(kind)->to_string()));
    }

    static bool all_declared(const model::Decision& decision, const Value& value) {
        if (!value.list()) return decision.declares(value);
        return std::all_of(value.list()->begin(), value.list()->end(),
                           [&](const Value& v) { return decision.declares(v); });
    }

    /// A target by its name (its value on the records), or `status of NAME`. nullopt: there is none.
    std::optional<Value> target_value(const std::string& name, const exec::Evaluation& e, std::size_t i) const {
        constexpr std::string_view prefix = "status of ";
        const bool status = name.starts_with(prefix);
        const auto wanted = status ? name.substr(prefix.size()) : name;
        for (const auto& form : graph_.targets) {
            if (form.target->name != wanted) continue;
            std::optional<exec::Progress> progress;
            const auto day_of = [&](std::int32_t year) { return graph::assessment_day(graph_, year); };
            if (form.is)
                progress = exec::measure_progress(*form.target, e.year, e.value(*form.is, i), day_of);
            else if (auto published = exec::published_progress(*form.target, e.year, day_of); !published.empty())
                progress = published.back();
            if (!progress) return Value();
            return status ? Value(progress->status) : progress->value;
        }
        return std::nullopt;
    }

    bool fail(const model::TestRecord::Expect& expect, const std::string& message, const std::string& expected) {
        diagnostics_.add(Kind::test_failed, *expect.source, expect.span,
                         fmt::format("test `{}`: {}", test_.name, message), expected);
        return false;
    }

    bool check(const model::TestRecord& record, const model::TestRecord::Expect& expect, const exec::Evaluation& e,
               std::optional<std::size_t> i) {
        if (!i) return fail(expect, "the record is not in the cohort", expect.value.to_feel());
        const auto* node = expected_node(record, expect);
        if (!node && expect.name.empty()) return ambiguous(expect);
        if (!node && !expect.rule && !expect.undetermined)
            if (const auto value = target_value(expect.name, e, *i)) return check_value(expect, expect.name, *value);
        if (!node) return unknown_name(expect.name, expect.source, expect.span);
        const bool is_decision = graph::decision_of(*node) != nullptr;
        if ((expect.rule || expect.undetermined) && !is_decision)
            return fail(expect, fmt::format("`{}` is not a decision", node->name), "the name of a decision");
        if (expect.undetermined) return check_open(expect, *node, e.outcome(node->id, *i), e.value(node->id, *i));
        if (!expect.rule) return check_value(expect, node->name, e.value(node->id, *i));
        const auto outcome = e.outcome(node->id, *i);
        const auto wanted = expect.value.to_string();
        const auto fired = rule_name(*node, outcome);
        if (outcome.rule() ? fired == wanted : outcome.is_default() && wanted == "otherwise") return true;
        return fail(expect,
                    outcome.rule() ? fmt::format("rule `{}` of `{}` fired", fired, node->name)
                                   : fmt::format("no rule of `{}` fired", node->name),
                    wanted);
    }

    bool check_open(const model::TestRecord::Expect& expect, const graph::Node& node, const exec::Outcome& o,
                    const Value& value) {
        const auto* open = o.open();
        const Value possible{open ? feel::List(open->possible) : feel::List()};
        if (open && feel::identical(possible, expect.value)) return true;
        return fail(
            expect,
            fmt::format("`{}` is {}", node.name, open ? "undetermined: " + possible.to_feel() : value.to_feel()),
            "undetermined: " + expect.value.to_feel());
    }

    bool check_value(const model::TestRecord::Expect& expect, const std::string& name, const Value& value) {
        if (feel::identical(value, expect.value)) return true;
        const auto why = value.cause() ? fmt::format(" ({})", wording::say(*value.cause(), wording::Language::en)) : "";
        return fail(expect, fmt::format("`{}` is {}{}", name, value.to_feel(), why), expect.value.to_feel());
    }

    const graph::Graph& graph_;
    const model::Test& test_;
    Diagnostics& diagnostics_;
    std::map<std::pair<std::string, std::string>, std::size_t> owner_of_;  ///< of a kind and id: the test's record
    Table owners_;                                                         ///< with what the test gives them
};

}  // namespace

std::vector<TestResult> run_tests(const graph::Graph& graph, Diagnostics& diagnostics) {
    std::vector<TestResult> out;
    for (const auto& test : graph.rules->tests) {
        TestResult result{&test, false};
        try {
            result.passed = TestRun(graph, test, diagnostics).run();
        } catch (const InputError& error) {
            diagnostics.append(error.diagnostics);
            diagnostics.add(Kind::test_failed, *test.source, test.span,
                            fmt::format("test `{}` could not be run", test.name));
        }
        out.push_back(result);
    }
    return out;
}

}  // namespace zoneval::assess
