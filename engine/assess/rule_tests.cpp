#include "engine/assess/rule_tests.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/assess/assessment.hpp"

namespace zoneval::assess {

using feel::Value;

namespace {

/// `prior NAME` values of the test's records; anything else did not exist.
class GivenHistory : public exec::History {
  public:
    GivenHistory(const model::Test& test, std::int32_t year) : test_(test), year_(year) {}
    std::optional<Value> value(const graph::Node& node, const std::string& record, std::int32_t year) const override {
        for (const auto& r : test_.records)
            if (r.id == record)
                for (const auto& g : r.given)
                    if (g.years_back == year_ - year && g.name == node.name) return g.value;
        return std::nullopt;
    }

  private:
    const model::Test& test_;
    std::int32_t year_;
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
        const GivenHistory history(test_, table.year);
        const auto evaluation = exec::evaluate(graph_, table, history, overrides);
        bool passed = true;
        for (const auto& record : test_.records) {
            const auto i = evaluation.find(record.id);
            for (const auto& expect : record.expect) passed &= check(expect, evaluation, i);
        }
        return passed;
    }

  private:
    bool unknown_name(const std::string& name, const SourcePtr& source, Span span) {
        diagnostics_.add(Kind::unknown_name, *source, span, fmt::format("nothing is called `{}`", name),
                         "the name of an input or a definition", did_you_mean(name, graph_.visible_names()));
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
                const auto* node = graph_.find(given.name);
                if (!node || node->kind == graph::NodeKind::context) {
                    fine = unknown_name(given.name, given.source, given.span);
                    continue;
                }
                if (given.years_back > 0) continue;
                auto& column = overrides[node->id];
                column.resize(test_.records.size());
                column[row] = given.value;
            }
        return fine;
    }

    const graph::Node* expected_node(const model::TestRecord::Expect& expect) {
        if (!expect.name.empty()) return graph_.find(expect.name);
        const graph::Node* only = nullptr;       // `rule:` alone means the one decision that is tested, or the last
        for (const auto& record : test_.records)
            for (const auto& e : record.expect)
                if (const auto* node = graph_.find(e.name); node && node->kind == graph::NodeKind::decision) only = node;
        if (only) return only;
        for (const auto& node : graph_.nodes)
            if (node.kind == graph::NodeKind::decision) only = &node;
        return only;
    }

    bool fail(const model::TestRecord::Expect& expect, const std::string& message, const std::string& expected) {
        diagnostics_.add(Kind::test_failed, *expect.source, expect.span, fmt::format("test `{}`: {}", test_.name, message),
                         expected);
        return false;
    }

    bool check(const model::TestRecord::Expect& expect, const exec::Evaluation& e, std::optional<std::size_t> i) {
        const auto* node = expected_node(expect);
        if (!node) return unknown_name(expect.name, expect.source, expect.span);
        if (!i) return fail(expect, "the record is not in the cohort", expect.value.to_feel());
        const bool is_decision = node->kind == graph::NodeKind::decision;
        if ((expect.rule || expect.undetermined) && !is_decision)
            return fail(expect, fmt::format("`{}` is not a decision", node->name), "the name of a decision");
        if (expect.undetermined) {
            const auto o = e.outcome(node->id, *i);
            const Value possible{feel::List(o.possible)};
            if (o.undetermined && feel::identical(possible, expect.value)) return true;
            return fail(expect, fmt::format("`{}` is {}", node->name, o.undetermined ? "undetermined: " + possible.to_feel()
                                                                                     : e.value(node->id, *i).to_feel()),
                        "undetermined: " + expect.value.to_feel());
        }
        if (expect.rule) {
            const auto fired = rule_name(*node, e.outcome(node->id, *i));
            if (fired == expect.value.to_string()) return true;
            return fail(expect, fired.empty() ? "no rule fired" : fmt::format("rule `{}` fired", fired),
                        expect.value.to_string());
        }
        const auto& value = e.value(node->id, *i);
        if (feel::identical(value, expect.value)) return true;
        const auto why = value.cause() ? fmt::format(" ({})", value.cause()->message) : "";
        return fail(expect, fmt::format("`{}` is {}{}", node->name, value.to_feel(), why), expect.value.to_feel());
    }

    const graph::Graph& graph_;
    const model::Test& test_;
    Diagnostics& diagnostics_;
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
