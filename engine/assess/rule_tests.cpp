#include "engine/assess/rule_tests.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/assess/assessment.hpp"
#include "engine/exec/kinds/several_years.hpp"
#include "engine/exec/kinds/kinds.hpp"
#include "engine/exec/reference/evaluate.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::assess {

using feel::Value;

namespace {

/// `prior NAME` values of the test's records; anything else did not exist.
class GivenHistory : public exec::History {
  public:
    GivenHistory(const model::Test& test, std::int32_t year, int cycle) : test_(test), year_(year), cycle_(cycle) {}
    std::optional<Value> value(const graph::Node& node, const std::string& record, std::int32_t year) const override {
        for (const auto& r : test_.records)
            if (r.id == record)
                for (const auto& g : r.given)
                    if (back(g) == year_ - year && g.name == node.name) return g.value;
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
            history = std::make_unique<exec::KindsHistory>(
                std::move(history), kinds_of(with_given(table, overrides), overrides, std::move(*records)), table);
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
                                                std::vector<exec::KindRecords> records) {
        owners_ = std::move(owners);
        return std::make_shared<const exec::Kinds>(
            graph_, owners_, std::move(records),
            [&](const graph::Graph& graph, const Table& table, const exec::History& history) {
                return exec::evaluate(graph, table, history, given_to_kind(graph, table, overrides));
            });
    }

    /// Measures of a kind read the parameters that the test gives to their owner.
    exec::Overrides given_to_kind(const graph::Graph& own, const Table& table, const exec::Overrides& overrides) const {
        exec::Overrides out;
        const auto kind = std::find_if(graph_.kinds.begin(), graph_.kinds.end(),
                                       [&](const auto& k) { return k.graph.get() == &own; });
        const auto* key = table.column(kind->kind->key);
        for (const auto& [id, given] : overrides) {
            const auto* parameter = own.find(graph_.node(id).name);
            if (!key || !parameter || parameter->kind != graph::NodeKind::parameter) continue;
            auto& values = out[parameter->id];
            values.resize(table.records.size());
            for (std::size_t row = 0; row < table.records.size(); ++row)
                if (const auto of = key->at(row); of.string())
                    if (const auto owner = owners_.row(*of.string())) values[row] = given[*owner];
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
        bool fine = true;
        std::vector<exec::KindRecords> out;
        for (const auto& [kind, own] : graph_.kinds) {
            auto& records = out.emplace_back();
            records.table.year = year;
            const auto columns = model::input_columns(*kind->rules);
            for (const auto& column : columns) records.table.columns.emplace_back(column.name, column.type);
            for (const auto& record : test_.records) {
                for (const auto& given : record.given)
                    records.supplied |= given.name == kind->name && is_empty_kind(given);
                for (const auto& of : record.kinds) {
                    if (of.kind != kind->name) continue;
                    records.supplied = true;
                    for (const auto& one : of.records)
                        fine = add_of_kind(*kind, *own, columns, record.id, one, records.table) && fine;
                }
            }
        }
        for (const auto& record : test_.records)
            for (const auto& of : record.kinds)
                if (!graph_.rules->kind(of.kind)) fine = unknown_kind(of);
        return fine ? std::optional(std::move(out)) : std::nullopt;
    }

    bool unknown_kind(const model::TestRecord::GivenKind& of) {
        std::vector<std::string> names;
        for (const auto& kind : graph_.rules->kinds) names.push_back(kind.name);
        diagnostics_.add(Kind::unknown_name, *of.source, of.span,
                         fmt::format("no kind of record is called `{}`", of.kind), "a name under `kinds`",
                         did_you_mean(of.kind, names));
        return false;
    }

    bool add_of_kind(const model::RecordKind& kind, const graph::Graph& own, const std::vector<ColumnSchema>& columns,
                     const std::string& owner, const std::vector<model::TestRecord::Given>& given, Table& table) {
        bool fine = true;
        std::string id = fmt::format("{} {}", kind.name, table.records.size() + 1);
        std::map<std::string, Value> cells{{kind.key, Value(owner)}};
        for (const auto& one : given) {
            if (one.name == kind.name) {
                id = one.value.to_string();
                continue;
            }
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
            diagnostics_.add(Kind::missing_key, *given.front().source, given.front().span,
                             fmt::format("test `{}` does not say of which day {} is", test_.name, id),
                             fmt::format("a line `{}: …`", kind.dated));
            return false;
        }
        if (!fine || table.row(id)) return fine && refuse_twice(given, id);
        table.append_record(id, {});
        for (std::size_t c = 0; c < columns.size(); ++c) {
            const auto cell = cells.find(columns[c].name);
            if (cell == cells.end() || cell->second.is_null())
                table.columns[c].append_missing(columns[c].blank);
            else
                table.columns[c].append(cell->second);
        }
        return fine;
    }

    bool refuse_twice(const std::vector<model::TestRecord::Given>& given, const std::string& id) {
        diagnostics_.add(Kind::duplicate_definition, *given.front().source, given.front().span,
                         fmt::format("test `{}` has two records called {}", test_.name, id), "each record once");
        return false;
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

    /// A test on values that could never be there proves nothing.
    bool check_given(const graph::Node& node, const model::TestRecord::Given& given) {
        const auto& value = given.value;
        if (value.is_null()) return true;
        if (const auto* form = std::get_if<graph::InputForm>(&node.form)) {
            const auto& input = *form->input;
            const auto* number = value.number();
            if (number && ((input.min && *number < *input.min) || (input.max && *number > *input.max)))
                return refuse_given(
                    given, Kind::out_of_range, ", outside its range",
                    fmt::format("a number{}{}", input.min ? " of at least " + input.min->to_string() : "",
                                input.max ? " of at most " + input.max->to_string() : ""));
            const auto* text = value.string();
            if (text && !input.values.empty() &&
                std::find(input.values.begin(), input.values.end(), *text) == input.values.end())
                return refuse_given(given, Kind::undeclared_value, ", which is not among its values",
                                    fmt::format("one of {}", fmt::join(input.values, ", ")),
                                    did_you_mean(*text, input.values));
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
            if (form.is)
                progress = exec::measure_progress(*form.target, e.year, e.value(*form.is, i));
            else if (auto published = exec::published_progress(*form.target, e.year); !published.empty())
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
    Table owners_;  ///< with what the test gives them
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
