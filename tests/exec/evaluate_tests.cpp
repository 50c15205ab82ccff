#include "engine/exec/by_columns/column_evaluation.hpp"
#include "engine/feel/value/cause.hpp"
#include "tests/exec/small_rules.hpp"

using namespace zoneval;
using namespace zoneval::testing;
using feel::Value;

namespace {

/// As the reference evaluates it, and by columns.
std::vector<exec::Evaluation> both(const graph::Graph& graph, const Table& data) {
    static const NoHistory history;
    std::vector<exec::Evaluation> out;
    out.push_back(exec::evaluate(graph, data, history));
    out.push_back(exec::evaluate_columns(graph, data, history));
    return out;
}

}  // namespace

TEST_CASE("measures are computed exactly, whatever their order in the file") {
    const auto graph = build("inputs: {a: {}, b: {}}\nmeasures: {twice: total * 2, total: a + b}\n");
    const auto data = table(*graph, {{{"a", number("0.1")}, {"b", number("0.2")}}});
    const auto e = exec::evaluate(*graph, data, NoHistory());
    CHECK(column(e, "total") == Texts{"0.3"});
    CHECK(column(e, "twice") == Texts{"0.6"});
}

TEST_CASE("a measure with decimals is rounded half to even, and the rounded value decides") {
    const auto graph = build("inputs: {a: {}}\nmeasures: {m: {is: a, decimals: 1}, over: m > 2.5}\n");
    const auto data = table(*graph, {{{"a", number("2.55")}}, {{"a", number("2.45")}}, {{"a", number("2.54")}}});
    const auto e = exec::evaluate(*graph, data, NoHistory());
    CHECK(column(e, "m") == Texts{"2.6", "2.4", "2.5"});
    CHECK(column(e, "over") == Texts{"true", "false", "false"});
}

TEST_CASE("ranks share ties, leave out the missing, and start anew in each group") {
    const auto graph = build(
        "inputs: {x: {}, g: {type: string}}\nmeasures: {r: rank(x), p: percent rank(x), rg: 'rank(x, g)', m: 'cohort "
        "mean(x, g)', n: cohort count(x)}\n");
    const auto data = table(*graph, {{{"x", number("5")}, {"g", "a"}},
                                     {{"x", number("7")}, {"g", "a"}},
                                     {{"x", number("5")}, {"g", "b"}},
                                     {{"g", "b"}}});
    const auto e = exec::evaluate(*graph, data, NoHistory());
    CHECK(column(e, "r") == Texts{"2", "1", "2", "null"});
    CHECK(column(e, "p") == Texts{"0", "1", "0", "null"});
    CHECK(column(e, "rg") == Texts{"2", "1", "1", "null"});
    CHECK(column(e, "m") == Texts{"6", "6", "5", "5"});
    CHECK(column(e, "n") == Texts{"3", "3", "3", "3"});
}

TEST_CASE("ties share the smaller rank, count as one, or share the mean of their ranks") {
    const auto graph = build("inputs: {x: {}}\nmeasures: {r: rank(x), d: dense rank(x), a: average rank(x)}\n");
    const auto data =
        table(*graph, {{{"x", number("7")}}, {{"x", number("9")}}, {{"x", number("7")}}, {}, {{"x", number("3")}}});
    for (const auto& e : both(*graph, data)) {
        CHECK(column(e, "r") == Texts{"2", "1", "2", "null", "4"});
        CHECK(column(e, "d") == Texts{"2", "1", "2", "null", "3"});
        CHECK(column(e, "a") == Texts{"2.5", "1", "2.5", "null", "4"});
    }
}

TEST_CASE("of several keys the first that differs decides the rank") {
    const auto graph = build(
        "inputs: {points: {}, goals: {}}\nmeasures: {r: 'rank([points, goals])', p: 'percent rank([points, "
        "goals])'}\n");
    const auto data = table(*graph, {{{"points", number("3")}, {"goals", number("-1")}},
                                     {{"points", number("6")}, {"goals", number("0")}},
                                     {{"points", number("3")}, {"goals", number("2")}},
                                     {{"points", number("3")}, {"goals", number("2")}},
                                     {{"points", number("9")}}});
    for (const auto& e : both(*graph, data)) {
        CHECK(column(e, "r") == Texts{"4", "1", "2", "2", "null"});
        CHECK(column(e, "p") ==
              Texts{"0", "1", "0.3333333333333333333333333333333333", "0.3333333333333333333333333333333333", "null"});
        CHECK(feel::missing_kind(e.value(graph->find("r")->id, 4).cause()) == feel::Missing::not_reported);
    }
}

TEST_CASE("groups by two things compare within both, and who lacks one of them is in none") {
    const auto graph = build(
        "inputs: {x: {}, region: {type: string}, kind: {type: string}}\n"
        "measures: {r: 'rank(x, [region, kind])', n: 'cohort count(x, [region, kind])'}\n");
    const auto data = table(*graph, {{{"x", number("1")}, {"region", "E"}, {"kind", "p"}},
                                     {{"x", number("2")}, {"region", "E"}, {"kind", "q"}},
                                     {{"x", number("3")}, {"region", "E"}, {"kind", "p"}},
                                     {{"x", number("4")}, {"region", "W"}, {"kind", "p"}},
                                     {{"x", number("5")}, {"region", "W"}}});
    for (const auto& e : both(*graph, data)) {
        CHECK(column(e, "r") == Texts{"2", "1", "1", "1", "null"});
        CHECK(column(e, "n") == Texts{"2", "1", "2", "1", "null"});
    }
}

TEST_CASE("a rank by several keys, or with other ties, is open while its record's own keys are") {
    for (const auto* rank : {"rank([x, y])", "dense rank(x)", "average rank(x)"}) {
        const auto graph =
            build(std::string("inputs: {x: {}, y: {}}\nmeasures: {kept: 'if x = null then 0 else x', r: '") + rank +
                  "'}\ndecisions: {v: {values: [warn, none], adverse: [warn], rules: [{id: low, when: 'r > 1', "
                  "then: warn}], otherwise: none}}\n");
        const auto data = table(*graph, {{{"x", number("1")}, {"y", number("1")}}, {{"y", number("2")}}});
        for (const auto& e : both(*graph, data)) {
            INFO(rank);
            CHECK(outcome(e, "v", 1).open());
        }
    }
}

TEST_CASE("cohort functions take expressions, wherever and however they are written") {
    const auto graph = build(
        "inputs: {n: {}}\nmeasures:\n  many: cohort count(n > 1)\n  total:\n    is: >-\n      cohort sum(if n > 1\n    "
        "  then n else 0)\n");
    const auto e = exec::evaluate(
        *graph, table(*graph, {{{"n", number("1")}}, {{"n", number("2")}}, {{"n", number("5")}}}), NoHistory());
    CHECK(column(e, "many") == Texts{"2", "2", "2"});
    CHECK(column(e, "total") == Texts{"7", "7", "7"});
}

TEST_CASE("a record alone in its group has no percent rank, and whether it is among the last is unknown") {
    const auto graph = build("inputs: {x: {}}\nmeasures: {p: percent rank(x), last: percent rank(x) < 0.05}\n");
    const auto e = exec::evaluate(*graph, table(*graph, {{{"x", number("1")}}}), NoHistory());
    CHECK(column(e, "p") == Texts{"null"});
    CHECK(column(e, "last") == Texts{"null"});
}

TEST_CASE("prior reads last year's value, and over the values of several years") {
    const auto graph = build(
        "inputs: {x: {}}\nmeasures: {growth: x - prior(x), mean of 3: 'mean(over(x, 3))', had: 'prior(x) != null'}\n");
    GivenHistory history;
    history.values = {{"x r1 2022", number("4")}, {"x r1 2021", number("2")}};
    const auto data = table(*graph, {{{"x", number("9")}}, {{"x", number("1")}}});
    const auto e = exec::evaluate(*graph, data, history);
    CHECK(column(e, "growth") == Texts{"5", "null"});
    CHECK(column(e, "mean of 3") == Texts{"5", "1"});
    CHECK(column(e, "had") == Texts{"true", "false"});
}

TEST_CASE("a parameter has the value in force on the day of assessment") {
    const std::string yaml =
        "inputs: {x: {}}\nparameters: {line: {values: {2021-01-01: 85, 2024-01-01: 88}}}\nmeasures: {m: line + x}\n";
    const auto graph = build(yaml);
    const std::vector<Row> rows{{{"x", number("0")}}};
    CHECK(column(exec::evaluate(*graph, table(*graph, rows, 2023), NoHistory()), "m") == Texts{"85"});
    CHECK(column(exec::evaluate(*graph, table(*graph, rows, 2024), NoHistory()), "m") == Texts{"88"});
    CHECK_THROWS_AS(exec::evaluate(*graph, table(*graph, rows, 2020), NoHistory()), InputError);
    const auto july = build("assessment date: date(year + 1, 7, 1)\n" + yaml);
    CHECK(column(exec::evaluate(*july, table(*july, rows, 2020), NoHistory()), "m") == Texts{"85"});
}

TEST_CASE("a total in the data can be kept out of the cohort") {
    const auto graph =
        build("inputs: {x: {}, name: {type: string}}\ncohort: {when: name != \"all\"}\nmeasures: {r: rank(x)}\n");
    const auto data = table(*graph, {{{"x", number("100")}, {"name", "all"}}, {{"x", number("60")}, {"name", "a"}}});
    const auto e = exec::evaluate(*graph, data, NoHistory());
    CHECK(e.size() == 1);
    CHECK(column(e, "r") == Texts{"1"});
    CHECK(e.record(0) == "r2");
}

TEST_CASE("a score is the weighted mean of points between goalposts") {
    const auto graph = build(R"(
inputs: {a: {}, b: {}}
scores:
  s:
    groups:
      one: {weight: 40 %, indicators: [{of: a, weight: 100 %, from: 0..10}]}
      two: {weight: 60 %, indicators: [{of: b, weight: 100 %, from: 2..0}]}
)");
    const auto data =
        table(*graph, {{{"a", number("5")}, {"b", number("0.5")}}, {{"a", number("99")}, {"b", number("9")}}});
    const auto e = exec::evaluate(*graph, data, NoHistory());
    CHECK(column(e, "one of s") == Texts{"50", "100"});
    CHECK(column(e, "s") == Texts{"65", "40"});
}

TEST_CASE("a score says what to do about missing indicators") {
    const std::string indicators =
        "indicators: [{of: a, weight: 80 %, from: 0..10}, {of: b, weight: 20 %, from: 0..10}]";
    const auto score_of = [&](const std::string& missing, const Row& row) {
        const auto graph =
            build("inputs: {a: {}, b: {}}\nscores:\n  s:\n    missing: " + missing + "\n    " + indicators + "\n");
        return column(exec::evaluate(*graph, table(*graph, {row}), NoHistory()), "s").front();
    };
    CHECK(score_of("unknown", {{"a", number("5")}}) == "null");
    CHECK(score_of("zero", {{"a", number("5")}}) == "40");
    CHECK(score_of("{at most: 20 %, then: reweight}", {{"a", number("5")}}) == "50");
    CHECK(score_of("{at most: 20 %, then: reweight}", {{"b", number("5")}}) == "null");
    CHECK(score_of("{at most: 100 %, then: reweight}", {}) == "null");
}

TEST_CASE("min-max and percent-rank points follow the cohort") {
    const auto graph = build(R"(
inputs: {a: {}}
scores:
  m: {indicators: [{of: a, weight: 100 %, normalise: min-max}]}
  low: {indicators: [{of: a, weight: 100 %, normalise: min-max, lower is better: true}]}
  p: {indicators: [{of: a, weight: 100 %, normalise: percent rank}]}
)");
    const auto e = exec::evaluate(
        *graph, table(*graph, {{{"a", number("2")}}, {{"a", number("4")}}, {{"a", number("6")}}}), NoHistory());
    CHECK(column(e, "m") == Texts{"0", "50", "100"});
    CHECK(column(e, "low") == Texts{"100", "50", "0"});
    CHECK(column(e, "p") == Texts{"0", "50", "100"});
}

TEST_CASE("the first rule that holds decides, with its reason filled in") {
    const auto graph = build(R"(
inputs: {x: {}}
decisions:
  v:
    values: [high, low, none]
    rules:
      - {id: top, when: x > 90, then: high, because: "{x} is above {90}"}
      - {id: bottom, when: x < 10, then: low}
    otherwise: none
)");
    const auto e = exec::evaluate(
        *graph, table(*graph, {{{"x", number("95")}}, {{"x", number("50")}}, {{"x", number("5")}}}), NoHistory());
    CHECK(column(e, "v") == Texts{"\"high\"", "\"none\"", "\"low\""});
    CHECK(outcome(e, "v", 0).because == "95 is above 90");
    CHECK(outcome(e, "v", 1).is_default());
    CHECK(outcome(e, "v", 2).rule() == 1);
}

TEST_CASE("every hit policy of a decision table") {
    const auto value_of = [](const std::string& policy, const std::string& a, const std::string& b) {
        const auto graph = build(
            "inputs: {x: {}}\ndecisions:\n  v:\n    values: [1, 2, 3]\n    table:\n      hit policy: " + policy +
            "\n      inputs: [x]\n      rules:\n        - ['>= 1', '" + a + "']\n        - ['>= 1', '" + b + "']\n");
        return column(exec::evaluate(*graph, table(*graph, {{{"x", number("1")}}}), NoHistory()), "v").front();
    };
    CHECK(value_of("first", "2", "1") == "2");
    CHECK(value_of("unique", "2", "1") == "null");
    CHECK(value_of("any", "2", "2") == "2");
    CHECK(value_of("any", "2", "1") == "null");
    CHECK(value_of("priority", "2", "1") == "1");
    CHECK(value_of("output order", "2", "1") == "[1, 2]");
    CHECK(value_of("rule order", "2", "1") == "[2, 1]");
    CHECK(value_of("collect", "2", "1") == "[2, 1]");
    CHECK(value_of("collect sum", "2", "1") == "3");
    CHECK(value_of("collect min", "2", "1") == "1");
    CHECK(value_of("collect max", "2", "1") == "2");
    CHECK(value_of("collect count", "2", "1") == "2");
}

TEST_CASE("an outcome nobody declared stops the assessment, naming the record") {
    const auto graph = build(
        "inputs: {s: {type: string}}\ndecisions:\n  v: {values: [a, b], rules: [{id: one, when: true, then: s}]}\n");
    try {
        exec::evaluate(*graph, table(*graph, {{{"s", "c"}}}), NoHistory());
        FAIL("an undeclared outcome passed");
    } catch (const InputError& error) {
        CHECK(error.diagnostics.all().front().kind == Kind::undeclared_value);
        CHECK(error.diagnostics.all().front().message == "decision `v` gave \"c\" for r1 in 2023");
    }
}
