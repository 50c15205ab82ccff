// Methods of scores beyond points and means: outliers, blanks that are filled, weights from data, statistics.
#include "engine/exec/by_columns/column_evaluation.hpp"
#include "engine/exec/results/statistics.hpp"
#include "tests/exec/small_rules.hpp"

using namespace zoneval;
using namespace zoneval::testing;
using Catch::Contains;

namespace {

Table of_column(const graph::Graph& graph, const std::string& name, const std::vector<const char*>& values) {
    std::vector<Row> rows;
    for (const auto* text : values) rows.push_back(*text ? Row{{name, number(text)}} : Row{});
    return table(graph, rows);
}

using How = model::Treatment::Step::How;

/// At most so many winsorised, then logarithms.
std::vector<feel::Decimal> winsorise_and_log(int most, bool chained) {
    model::Treatment out;
    out.steps = {{How::winsorise, feel::Decimal(std::int64_t{most})}, {How::log}};
    out.chained = chained;
    return graph::treatment_parameters(out);
}

double as_double(const std::string& text) { return number(text.c_str()).to_double(); }

}  // namespace

TEST_CASE("a weight may be a parameter, and then counts by its part of the sum") {
    const auto graph = build(
        "inputs: {a: {}, b: {}}\nparameters: {weight of a: {values: {2020-01-01: 1, 2023-01-01: 3}}}\nscores: {s: "
        "{indicators: [{of: a, from: 0..10, weight: weight of a}, {of: b, from: 0..10, weight: 1}]}}\n");
    const auto data = table(*graph, {{{"a", number("8")}, {"b", number("4")}}});
    CHECK(both(graph, data, "s") == Texts{"70"});
}

TEST_CASE("a weight may differ from record to record, also where parts are missing") {
    const auto graph = build(
        "inputs: {a: {}, b: {}, kind: {type: string, values: [x, y]}}\nmeasures: {w: 'if kind = \"x\" then 3 else 1'}\n"
        "scores: {s: {missing: {at most: 50 %, then: reweight}, groups: {one: {weight: w, indicators: [{of: a, from: "
        "0..10}]}, two: {weight: 1, indicators: [{of: b, from: 0..10}]}}}}\n");
    const auto data = table(*graph, {{{"a", number("8")}, {"b", number("4")}, {"kind", "x"}},
                                     {{"a", number("8")}, {"b", number("4")}, {"kind", "y"}},
                                     {{"b", number("4")}, {"kind", "x"}},
                                     {{"b", number("4")}, {"kind", "y"}}});
    CHECK(both(graph, data, "s") == Texts{"70", "60", "null", "40"});
}

TEST_CASE("per cents and formulas do not mix") {
    CHECK_THAT(findings("inputs: {a: {}, b: {}}\nparameters: {p: 1}\nscores: {s: {indicators: [{of: a, from: 0..1, "
                        "weight: p}, {of: b, from: 0..1, weight: 50 %}]}}\n"),
               Contains("ZV304 some weights of score `s` are per cents, and some are formulas"));
    CHECK_THAT(findings("inputs: {a: {}}\nscores: {s: {indicators: [{of: a, from: 0..1, weight: nobody}]}}\n"),
               Contains("nobody"));
}

TEST_CASE("comparisons in pairs become weights, and contradictions among them are refused") {
    const auto graph = build(
        "inputs: {a: {}, b: {}}\nscores: {s: {decimals: 6, weights: {ahp: [[1, 3], [1/3, 1]]}, indicators: [{of: a, "
        "from: "
        "0..10}, {of: b, from: 0..10}]}}\n");
    CHECK(both(graph, table(*graph, {{{"a", number("10")}, {"b", number("0")}}}), "s") == Texts{"75"});
    const std::string three =
        "inputs: {a: {}, b: {}, c: {}}\nscores: {s: {indicators: [{of: a, from: 0..1}, {of: b, from: 0..1}, {of: c, "
        "from: "
        "0..1}], weights: {ahp: ";
    CHECK_THAT(findings(three + "[[1, 9, 1/9], [1/9, 1, 9], [9, 1/9, 1]]}}}\n"), Contains("consistency ratio"));
    CHECK_THAT(findings(three + "[[1, 2, 3], [1/2, 1, 2], [1/3, 1, 1]]}}}\n"), Contains("is not the inverse of 2"));
    CHECK_THAT(findings(three + "[[1, 2], [1/2, 1]]}}}\n"),
               Contains("this row has 2 numbers, and score `s` has 3 parts"));
}

TEST_CASE("weights by entropy favour what tells records apart") {
    const auto graph = build(
        "inputs: {a: {}, b: {}}\nscores: {s: {scale: 0..10, decimals: 4, weights: entropy, indicators: [{of: a, from: "
        "0..10}, {of: b, from: 0..10}]}}\n");
    const auto data =
        table(*graph, {{{"a", number("1")}, {"b", number("5")}}, {{"a", number("9")}, {"b", number("5")}}});
    CHECK(both(graph, data, "s") == Texts{"1", "9"});  // b says nothing: all alike
}

TEST_CASE("weights by the first principal component add up to one") {
    const auto graph = build(
        "inputs: {a: {}, b: {}, c: {}}\nscores: {s: {scale: 0..10, decimals: 3, weights: principal component, "
        "indicators: "
        "[{of: a, from: 0..10}, {of: b, from: 0..10}, {of: c, from: 0..10}]}}\n");
    // a and b go together, c by itself: the component leaves c out.
    const auto row = [](const char* ab, const char* c) {
        return Row{{"a", number(ab)}, {"b", number(ab)}, {"c", number(c)}};
    };
    CHECK(both(graph, table(*graph, {row("2", "5"), row("8", "5.0"), row("5", "9"), row("5", "1")}), "s") ==
          Texts{"2", "8", "5", "5"});
}

TEST_CASE("the farthest values are winsorised until the test passes, and no further") {
    const std::string rules =
        "inputs: {x: {}}\nscores: {s: {treatment: {winsorise: 3, then: log}, indicators: [{of: x, normalise: "
        "none}]}}\n";
    const auto graph = build(rules);
    const auto data = of_column(*graph, "x", {"1", "2", "3", "4", "5", "6", "7", "8", "9", "500"});
    CHECK(both(graph, data, "s") == Texts{"1", "2", "3", "4", "5", "6", "7", "8", "9", "9"});
    const auto none = of_column(*graph, "x", {"1", "2", "3", "4", "5", "6", "7", "8", "9", ""});
    CHECK(both(graph, none, "s").back() == "null");
}

TEST_CASE("where winsorising does not suffice, logarithms of the values as they were are taken") {
    const auto treated = exec::treat({1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 4000, 9000},
                                     winsorise_and_log(1, false));
    REQUIRE(treated.done.size() == 1);
    CHECK(treated.done.front().step.how == How::log);
    CHECK(treated.values.front().to_double() == Approx(std::log(8999 / 100.0)));
    CHECK(treated.values.back().to_double() == Approx(std::log(8999 + 8999 / 100.0)));
    const auto nothing = exec::treat({5, 5, 5, 5}, winsorise_and_log(1, false));
    CHECK(nothing.values == exec::Numbers34{5, 5, 5, 5});
    CHECK(nothing.done.empty());
}

TEST_CASE("steps that build on each other: logarithms of what winsorising left") {
    const exec::Numbers34 numbers{1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 4000, 9000};
    const auto treated = exec::treat(numbers, winsorise_and_log(1, true));
    REQUIRE(treated.done.size() == 2);
    CHECK(treated.done[0].winsorised == std::vector<std::size_t>{23});  // 9000 became 4000
    CHECK(treated.done[1].step.how == How::log);
    CHECK(treated.values.back() == treated.values[22]);
    CHECK(treated.values.back().to_double() == Approx(std::log(3999 + 3999 / 100.0)));
    const auto enough = exec::treat({1, 2, 3, 4, 5, 6, 7, 8, 9, 500}, winsorise_and_log(1, true));
    CHECK(enough.done.size() == 1);  // the test passes: no logarithms
    CHECK(enough.values.back() == number("9"));
}

TEST_CASE("a treatment in steps is a list, or a text with commas as in a table of indicators") {
    std::vector<const char*> values(22, "8");
    values.insert(values.end(), {"4000", "9000"});
    std::vector<Texts> results;
    for (const std::string treatment : {"[winsorise 1, log]", "'winsorise 1, log'", "{steps: [winsorise 1, log]}"}) {
        const auto graph = build("inputs: {x: {}}\nscores: {s: {decimals: 6, treatment: " + treatment +
                                 ", indicators: [{of: x, normalise: none}]}}\n");
        results.push_back(both(graph, of_column(*graph, "x", values), "s"));
    }
    CHECK(results[0] == results[1]);
    CHECK(results[0] == results[2]);
    CHECK(results[0].back() == results[0][22]);
    CHECK(as_double(results[0].back()) == Approx(std::log(3992 + 39.92)).margin(1e-6));
    const std::string rules = "inputs: {x: {}}\nscores: {s: {indicators: [{of: x, normalise: none, treatment: ";
    CHECK_THAT(findings(rules + "'winsorise, log'}]}}\n"), Contains("`winsorise 5, log` (one after the other)"));
    CHECK_THAT(findings(rules + "{winsorise: 1, steps: log}}]}}\n"), Contains("`steps` says nothing"));
}

TEST_CASE("a weight that begins with a number may be a formula") {
    const auto graph = build(
        "inputs: {a: {}, b: {}}\nscores: {s: {scale: 0..10, indicators: [{of: a, from: 0..10, weight: 1/cohort "
        "stddev(a)}, {of: b, from: 0..10, weight: 2 * 1/cohort stddev(b)}]}}\n");
    const auto row = [](const char* a, const char* b) { return Row{{"a", number(a)}, {"b", number(b)}}; };
    // Standard deviations 1 and 2: weights 1 and 1.
    CHECK(both(graph, table(*graph, {row("1", "8"), row("2", "6"), row("3", "4")}), "s") == Texts{"4.5", "4", "3.5"});
    const std::string rules = "inputs: {a: {}}\nscores: {s: {indicators: [{of: a, from: 0..1, weight: ";
    CHECK_THAT(findings(rules + "20 percent}]}}\n"), Contains("a share such as `20 %`"));
    CHECK_THAT(findings(rules + "1/nobody}]}}\n"), Contains("nobody"));
    CHECK_THAT(
        findings("inputs: {a: {unit: USD}, b: {unit: km}}\nscores: {s: {indicators: [{of: a, from: 0..1, weight: "
                 "1/cohort stddev(a)}, {of: b, from: 0..1, weight: 1/cohort stddev(b)}]}}\n"),
        Contains("or none as `cohort mean(x)/cohort stddev(x)`"));
}

TEST_CASE("the first principal component: its share, loadings and scores, whatever the order of the values") {
    const auto graph = build(
        "inputs: {x: {}, y: {}, z: {}}\nmeasures: {share: 'cohort component share([x, y, z])', of x: 'cohort component "
        "loading([x, y, z])', of z: 'cohort component loading([z, x, y])', score: 'cohort component score([x, y, z])', "
        "turned: 'cohort component score([z, y, x])', pair: 'cohort component share([x, y])'}\n");
    const auto row = [](const char* x, const char* y, const char* z) {
        return Row{{"x", number(x)}, {"y", number(y)}, {"z", number(z)}};
    };
    const auto data = table(*graph, {row("2", "1", "9"), row("4", "5", "7"), row("5", "4", "8"), row("7", "9", "2"),
                                     row("9", "8", "3"), Row{{"x", number("3")}, {"y", number("2")}}});
    const auto near = [&](const std::string& name, std::size_t i, double expected) {
        CHECK(as_double(both(graph, data, name)[i]) == Approx(expected).margin(1e-9));
    };
    // By power iteration, in another program.
    near("share", 0, 0.9433571458142046);
    near("of x", 0, 0.9529359972880578);
    near("of z", 0, -0.9768648073211958);
    near("score", 0, -2.111143938778018);
    near("score", 4, 1.7505300718130887);
    CHECK(both(graph, data, "score") == both(graph, data, "turned"));
    CHECK(both(graph, data, "score").back() == "null");  // z is missing
    const auto two = build(
        "inputs: {x: {}, y: {}}\nmeasures: {s: 'cohort component share([x, y])', l: 'cohort "
        "component loading([x, y])'}\n");
    const auto plane =
        table(*two, {Row{{"x", number("1")}, {"y", number("1")}}, Row{{"x", number("1")}, {"y", number("3")}},
                     Row{{"x", number("3")}, {"y", number("1")}}, Row{{"x", number("3")}, {"y", number("3")}}});
    CHECK(both(two, plane, "s").front() == "0.5");
    CHECK(both(two, plane, "l").front() == "null");  // neither direction is the first
}

TEST_CASE("skewness and kurtosis are those of the sample") {
    const exec::Numbers34 x{2, 4, 4, 5, 9, 20};
    CHECK(exec::skewness_of(x).number()->to_double() == Approx(1.857018924205));
    CHECK(exec::kurtosis_of(x).number()->to_double() == Approx(3.512093384207));
    CHECK(exec::skewness_of({1, 2}).is_null());
    CHECK(exec::kurtosis_of({3, 3, 3, 3}).is_null());
}

TEST_CASE("statistics of a cohort are builtins, within groups, and of those that have values") {
    const auto graph = build(
        "inputs: {x: {}, y: {}, g: {type: string}}\nmeasures: {q: 'cohort quantile(x, 0.25)', low: 'cohort quantile(x, "
        "0, "
        "g)', r: 'cohort correlation([x, y])', s: 'cohort rank correlation([x, y])', t: 'cohort concordance([x, y])', "
        "al: 'cohort alpha([x, y])', sk: cohort skewness(x)}\n");
    const auto row = [](const char* x, const char* y, const char* g) {
        return Row{{"x", number(x)}, {"y", number(y)}, {"g", g}};
    };
    const auto data = table(*graph, {row("1", "1", "p"), row("2", "4", "p"), row("3", "9", "q"), row("4", "16", "q"),
                                     Row{{"x", number("9")}, {"g", "q"}}});
    CHECK(both(graph, data, "q").front() == "2");
    CHECK(both(graph, data, "low") == Texts{"1", "1", "3", "3", "3"});
    CHECK(as_double(both(graph, data, "r").front()) == Approx(0.9843740387));
    CHECK(both(graph, data, "s").front() == "1");
    CHECK(both(graph, data, "t").front() == "1");
    CHECK(as_double(both(graph, data, "al").front()) == Approx(100.0 / 184));
    CHECK_FALSE(both(graph, data, "sk").front() == "null");
}

TEST_CASE("statistics say what they cannot do with their arguments") {
    const std::string inputs = "inputs: {x: {}, y: {}}\nmeasures: {m: '";
    CHECK_THAT(findings(inputs + "cohort quantile(x, 2)'}\n"), Contains("from 0 to 1"));
    CHECK_THAT(findings(inputs + "cohort correlation(x)'}\n"), Contains("a list of two"));
    CHECK_THAT(findings(inputs + "cohort correlation([x])'}\n"), Contains("a list of two"));
    CHECK_THAT(findings(inputs + "cohort alpha([x])'}\n"), Contains("a list"));
    CHECK_THAT(findings(inputs + "cohort component score(x)'}\n"), Contains("`cohort component score([x, y, z])`"));
}

TEST_CASE("a blank is filled by the mean of its group, and the figure that was reported stands") {
    const auto graph = build(
        "inputs: {x: {}, g: {type: string}}\nscores: {s: {scale: 0..10, impute: mean, impute within: g, indicators: "
        "[{of: "
        "x, from: 0..10}]}}\n");
    const auto row = [](const char* x, const char* g) { return *x ? Row{{"x", number(x)}, {"g", g}} : Row{{"g", g}}; };
    const auto data = table(*graph, {row("2", "p"), row("4", "p"), row("", "p"), row("9", "q"), row("", "q")});
    CHECK(both(graph, data, "s") == Texts{"2", "4", "3", "9", "9"});
}

TEST_CASE("no adverse verdict rests on a value that was filled in") {
    const auto graph = build(
        "inputs: {x: {min: 0, max: 10}}\nscores: {s: {scale: 0..10, impute: median, indicators: [{of: x, from: "
        "0..10}]}}\n"
        "decisions: {v: {values: [good, none, warned], adverse: [warned], rules: [{id: low, when: s < 5, then: "
        "warned}, {id: "
        "high, when: s >= 5, then: good}], otherwise: none}}\n");
    const auto low = of_column(*graph, "x", {"1", "2", ""});
    const NoHistory none;
    for (const auto& e : {exec::evaluate(*graph, low, none), exec::evaluate_columns(*graph, low, none)}) {
        CHECK(outcome(e, "v", 0).settled());
        CHECK(possible(outcome(e, "v", 2)) == Texts{"good", "warned"});
        CHECK(waits_for(outcome(e, "v", 2)) == Texts{"x"});
    }
}

TEST_CASE("last year's value stands in for this year's") {
    const auto graph = build(
        "inputs: {x: {}}\nscores: {s: {scale: 0..10, impute: last year, indicators: [{of: x, from: "
        "0..10}]}}\n");
    GivenHistory history;
    history.values["x r2 2022"] = number("7");
    const auto data = of_column(*graph, "x", {"3", ""});
    CHECK(column(exec::evaluate(*graph, data, history), "s") == Texts{"3", "7"});
    CHECK(column(exec::evaluate_columns(*graph, data, history), "s") == Texts{"3", "7"});
    CHECK_THAT(findings("inputs: {x: {}}\nscores: {s: {impute: last year, indicators: [{of: x + 1, from: 0..10}]}}\n"),
               Contains("last year's value is known only of what has a name"));
}

TEST_CASE("values are divided by what they are per, and measured by a record of reference") {
    const auto graph = build(
        "inputs: {x: {}, people: {}}\nscores: {s: {scale: 0..10, indicators: [{of: x, per: people, normalise: distance "
        "to "
        "reference, reference: r2}]}}\n");
    const auto row = [](const char* x, const char* people) {
        return Row{{"x", number(x)}, {"people", number(people)}};
    };
    CHECK(both(graph, table(*graph, {row("1", "1"), row("6", "2"), row("4", "2"), row("9", "1")}), "s") ==
          Texts{"0", "10", "5", "10"});
}

TEST_CASE("copeland counts the records beaten, by weight, less those that beat") {
    const auto graph = build(
        "inputs: {a: {}, b: {}, c: {}}\nscores: {s: {aggregate: copeland, normalise: none, indicators: [{of: a, "
        "weight: 2}, "
        "{of: b, weight: 1}, {of: c, weight: 1}]}}\n");
    const auto row = [](const char* a, const char* b, const char* c) {
        return Row{{"a", number(a)}, {"b", number(b)}, {"c", number(c)}};
    };
    // The first beats the last; against the second each has half the weight.
    CHECK(both(graph, table(*graph, {row("3", "1", "1"), row("2", "5", "5"), row("1", "1", "0")}), "s") ==
          Texts{"1", "1", "-2"});
    CHECK_THAT(
        findings("inputs: {a: {}}\nscores: {s: {aggregate: copeland, missing: zero, indicators: [{of: a, normalise: "
                 "none}]}}\n"),
        Contains("copeland"));
}

TEST_CASE("equal parts have that mean to the last digit, whichever mean it is") {
    for (const std::string how : {"geometric", "harmonic", "power 3", "power -0.5"}) {
        INFO(how);
        const auto graph =
            build("inputs: {a: {}, b: {}, c: {}}\nscores: {s: {aggregate: " + how +
                  ", normalise: none, indicators: [a, b, c]}}\nmeasures: {place: rank(s)}\n"
                  "decisions: {v: {values: [meets, misses], adverse: [misses], rules: [{id: r, when: s >= 7, "
                  "then: meets}], otherwise: misses}}\n");
        std::vector<Row> rows;
        for (const auto* x : {"7", "60", "0.3", "7"})
            rows.push_back({{"a", number(x)}, {"b", number(x)}, {"c", number(x)}});
        const auto data = table(*graph, rows);
        CHECK(both(graph, data, "s") == Texts{"7", "60", "0.3", "7"});
        CHECK(both(graph, data, "place") == Texts{"2", "1", "4", "2"});
        CHECK(both(graph, data, "v") == Texts{"\"meets\"", "\"meets\"", "\"misses\"", "\"meets\""});
    }
}

TEST_CASE("geometric means that are equal are tied, however they come about") {
    const auto graph = build(
        "inputs: {a: {}, b: {}}\nscores: {s: {aggregate: geometric, normalise: none, indicators: [a, "
        "b]}}\nmeasures: {place: rank(s)}\n");
    const auto row = [](const char* a, const char* b) { return Row{{"a", number(a)}, {"b", number(b)}}; };
    const auto data = table(*graph, {row("20", "45"), row("30", "30"), row("50", "18"), row("31", "30")});
    CHECK(both(graph, data, "place") == Texts{"2", "2", "2", "1"});
}

TEST_CASE("whoever is alone in its group stands among nobody, by whatever method, and is not warned for it") {
    for (const std::string how : {"normalise: min-max", "normalise: percent rank", "normalise: z-score",
                                  "normalise: fraction of maximum", "normalise: distance to target, target: 100"}) {
        INFO(how);
        const auto graph = build(
            "inputs: {x: {min: 0, max: 100}, y: {min: 0, max: 10}, g: {type: string, values: [E, W]}}\n"
            "scores: {s: {missing: {at most: 60 %, then: reweight}, indicators: [{of: x, weight: 50 %, " +
            how +
            ", within: g}, {of: y, weight: 50 %, from: 0..10}]}}\n"
            "decisions: {v: {values: [fine, warn], adverse: [warn], rules: [{id: good, when: s >= 40, then: fine}], "
            "otherwise: warn}}\n");
        const auto row = [](int x, int y, const char* g) {
            return Row{{"x", feel::Value(x)}, {"y", feel::Value(y)}, {"g", feel::Value(std::string_view(g))}};
        };
        const auto data = table(*graph, {row(5, 3, "W"), row(5, 1, "E"), row(40, 5, "E"), row(90, 9, "E")});
        const GivenHistory none;
        const auto e = exec::evaluate(*graph, data, none);
        CHECK(difference(e, exec::evaluate_columns(*graph, data, none)) == "");
        CHECK(e.value(graph->find("s")->id, 0).to_string() == "30");  // by what it has, the rest left out
        CHECK(outcome(e, "v", 0).open());
        CHECK(outcome(e, "v", 1).settled());
    }
}
