// What scores are beyond means of points: bonus, penalties, vetoes, minima, categories, screening, what must be there.
#include "engine/exec/by_columns/column_evaluation.hpp"
#include "engine/exec/kinds/several_years.hpp"
#include "tests/exec/small_rules.hpp"

using namespace zoneval;
using namespace zoneval::testing;
using Catch::Contains;

namespace {

/// Points as they are: the value of an input from 0 to 100.
Row points(const char* a, const char* b) {
    Row out;
    if (*a) out["a"] = number(a);
    if (*b) out["b"] = number(b);
    return out;
}

Row with(Row row, const char* name, feel::Value value) {
    row[name] = std::move(value);
    return row;
}

const std::string two = "inputs: {a: {min: 0, max: 100}, b: {min: 0, max: 100}, n: {min: 0}, yes: {type: boolean}}\n";

std::shared_ptr<const graph::Graph> of_two(const std::string& more, const std::string& parts = "[a, b]",
                                           const std::string& below = "") {
    return build(two + "scores: {s: {normalise: none, indicators: " + parts + ", " + more + "}}\n" + below);
}

}  // namespace

TEST_CASE("bonus points are capped each, together, and by the scale") {
    const auto graph = of_two("bonus: {at most: 7, points: [{of: 2 * n, at most: 5}, {of: 4, when: yes}]}");
    const auto row = [](const char* a, const char* n, bool yes) {
        return with(with(points(a, a), "n", number(n)), "yes", feel::Value(yes));
    };
    CHECK(both(graph,
               table(*graph, {row("50", "1", false), row("50", "9", false), row("50", "1", true), row("50", "9", true),
                              row("98", "1", true)}),
               "s") == Texts{"52", "55", "56", "57", "100"});
    const auto beyond = of_two("bonus: {beyond scale: true, points: [n]}");
    CHECK(both(beyond, table(*beyond, {row("98", "9", true)}), "s") == Texts{"107"});
}

TEST_CASE("an unknown condition of a bonus leaves the score unknown, unless it makes no difference") {
    const auto graph = of_two("bonus: {points: [{of: n, when: yes}]}");
    const auto known = with(points("50", "50"), "n", number("3"));
    CHECK(
        both(graph,
             table(*graph, {known, with(points("50", "50"), "n", number("0")), with(known, "yes", feel::Value(false))}),
             "s") == Texts{"null", "50", "50"});
}

TEST_CASE("penalties are taken off, down to the end of the scale") {
    const auto graph = of_two("penalties: {points: [{of: 10 * n, at most: 30}]}");
    const auto row = [](const char* a, const char* n) { return with(points(a, a), "n", number(n)); };
    CHECK(both(graph, table(*graph, {row("50", "1"), row("50", "9"), row("20", "9")}), "s") == Texts{"40", "20", "0"});
}

TEST_CASE("a veto limits a score and nothing else") {
    const auto graph = of_two("vetoes: [{when: yes, at most: 59}, {when: n > 5, at most: 10}]");
    const auto row = [](const char* a, bool yes, const char* n) {
        return with(with(points(a, a), "yes", feel::Value(yes)), "n", number(n));
    };
    const auto unknown = with(points("80", "80"), "n", number("0"));
    const auto low = with(points("8", "8"), "n", number("0"));
    CHECK(both(graph,
               table(*graph, {row("80", false, "1"), row("80", true, "1"), row("40", true, "1"), row("80", true, "9"),
                              unknown, low}),
               "s") == Texts{"80", "59", "40", "10", "null", "8"});
}

TEST_CASE("no adverse verdict rests on a veto that nobody reported") {
    const auto graph = of_two("vetoes: [{when: yes, at most: 10}]", "[a, b]",
                              "decisions: {v: {values: [fine, warned], adverse: [warned], rules: [{id: low, when: s < "
                              "20, then: warned}], otherwise: fine}}\n");
    const auto data =
        table(*graph, {points("80", "80"), points("5", "5"), with(points("80", "80"), "yes", feel::Value(true))});
    const NoHistory none;
    for (const auto& e : {exec::evaluate(*graph, data, none), exec::evaluate_columns(*graph, data, none)}) {
        CHECK(possible(outcome(e, "v", 0)) == Texts{"fine", "warned"});
        CHECK(outcome(e, "v", 1).settled());
        CHECK(outcome(e, "v", 2).settled());
    }
}

TEST_CASE("a part below its minimum limits the group it belongs to") {
    const auto graph = of_two("below minimum: 30", "[{of: a, minimum: 20}, b]");
    CHECK(both(graph, table(*graph, {points("20", "90"), points("19", "91"), points("0", "8"), points("", "8")}),
               "s") == Texts{"55", "30", "4", "null"});
    const auto out = of_two("scale: 0..100", "[{of: a, minimum: 20}, b]");
    CHECK(both(out, table(*out, {points("19", "91")}), "s") == Texts{"0"});
    const auto left_out =
        of_two("missing: {at most: 50 %, then: reweight}", "[{of: a, minimum: 20}, {of: b, minimum: 20}]");
    CHECK(both(left_out, table(*left_out, {points("", "90"), points("", "10")}), "s") == Texts{"90", "0"});
    const auto zero = of_two("missing: zero", "[{of: a, minimum: 20}, b]");
    CHECK(both(zero, table(*zero, {points("", "90")}), "s") == Texts{"0"});
    const auto groups = build(two +
                              "scores: {s: {normalise: none, groups: {first: {minimum: 40, indicators: [a]}, second: "
                              "{indicators: [b]}}}}\n");
    CHECK(both(groups, table(*groups, {points("40", "60"), points("39", "61")}), "s") == Texts{"50", "0"});
}

TEST_CASE("misuse of adjustments is told") {
    CHECK_THAT(findings(two + "scores: {s: {normalise: none, indicators: [a], below minimum: 5}}\n"),
               Contains("no part has a minimum"));
    CHECK_THAT(findings(two + "scores: {s: {normalise: none, indicators: [a], bonus: {at most: 0, points: [n]}}}\n"),
               Contains("a number above 0"));
    CHECK_THAT(findings(two + "scores: {s: {normalise: none, indicators: [a], bonus: {points: [nobody]}}}\n"),
               Contains("nobody"));
    CHECK_THAT(findings(two + "scores: {s: {normalise: none, indicators: [a], vetoes: []}}\n"), Contains("a list"));
    CHECK_THAT(findings(two + "scores: {s: {normalise: none, groups: {g: {missing: {at least: 1}, indicators: "
                              "[a]}}}}\n"),
               Contains("the score does not leave missing parts out"));
}

TEST_CASE("categories give points by the words or the ranges of a value") {
    const auto graph = build(
        "inputs: {grade: {type: string, values: [good, fair, poor]}, x: {}}\nscores: {s: {indicators: [{of: grade, "
        "categories: {good: 100, fair: 60, poor: 0}}]}, t: {indicators: [{of: x, categories: {'>= 80': 100, "
        "'[60..80)': 50, '-': 10}}]}}\n");
    const auto data = table(*graph, {{{"grade", "good"}, {"x", number("80")}},
                                     {{"grade", "poor"}, {"x", number("79.9")}},
                                     {{"x", number("1")}},
                                     {{"grade", "fair"}}});
    CHECK(both(graph, data, "s") == Texts{"100", "0", "null", "60"});
    CHECK(both(graph, data, "t") == Texts{"100", "50", "10", "null"});
    const std::string grade =
        "inputs: {grade: {type: string, values: [good, poor]}}\nscores: {s: {indicators: [{of: grade, ";
    CHECK_THAT(findings(grade + "categories: {good: 1, por: 0}}]}}\n"), Contains("`por` is not a value of `grade`"));
    CHECK_THAT(findings(grade + "categories: {good: 1}}]}}\n"), Contains("may be `poor`, which no category has"));
    CHECK_THAT(findings(grade + "normalise: categories}]}}\n"), Contains("categories"));
    CHECK_THAT(findings(grade + "categories: {good: much, poor: 0}}]}}\n"), Contains("a number of points"));
}

TEST_CASE("what must be there of a group, or of the whole") {
    const std::string inputs = "inputs: {a: {}, b: {}, c: {}, d: {}}\nscores: {s: {normalise: none, missing: {";
    const auto rows = [](const graph::Graph& graph) {
        const auto one = number("1"), three = number("3");
        return table(graph, {{{"a", one}, {"b", three}, {"c", three}, {"d", one}},
                             {{"a", one}, {"b", three}, {"c", three}},
                             {{"a", one}, {"b", three}},
                             {{"a", one}, {"c", three}}});
    };
    const auto least = build(inputs + "at least: 3, then: reweight}, indicators: [a, b, c, d]}}\n");
    CHECK(both(least, rows(*least), "s") == Texts{"2", "2.333333333333333333333333333333333", "null", "null"});
    const std::string groups = "groups: {g: {indicators: [a, b]}, h: {indicators: [c, d]}}}}\n";
    const auto each = build(inputs + "at least: 60 %, in: each group, then: reweight}, " + groups);
    CHECK(both(each, rows(*each), "g of s") == Texts{"2", "2", "2", "null"});
    CHECK(both(each, rows(*each), "h of s") == Texts{"2", "null", "null", "null"});
    CHECK(both(each, rows(*each), "s") == Texts{"2", "null", "null", "null"});
    const auto own =
        build(inputs +
              "at most: 100 %, then: reweight}, groups: {g: {indicators: [a, b]}, h: {missing: {at most: 40 "
              "%}, indicators: [{of: c, weight: 2}, {of: d, weight: 1}]}}}}\n");
    CHECK(both(own, rows(*own), "h of s") == Texts{"2.333333333333333333333333333333333", "3", "null", "3"});
}

TEST_CASE("records with too few figures take no part, and nobody is compared with them") {
    const auto graph = build(
        "inputs: {a: {}, b: {}, c: {}}\nscores: {s: {normalise: min-max, scale: 0..10, impute: mean, screen: "
        "{available: "
        "60 %, non-zero: 60 %}, indicators: [a, b, c]}}\n");
    const auto row = [](const char* a, const char* b, const char* c) {
        Row out;
        if (*a) out["a"] = number(a);
        if (*b) out["b"] = number(b);
        if (*c) out["c"] = number(c);
        return out;
    };
    // The third has one figure of three, the fourth two of zero: neither moves the ends, or the mean that b gets.
    const auto data = table(
        *graph, {row("1", "1", "1"), row("3", "3", "3"), row("99", "", ""), row("0", "0", "50"), row("1", "", "3")});
    CHECK(both(graph, data, "s") == Texts{"0", "10", "null", "null", "5"});
    const NoHistory none;
    const auto e = exec::evaluate(*graph, data, none);
    const auto out = e.value(graph->find("s")->id, 2);
    CHECK(feel::missing_kind(out.cause()) == feel::Missing::not_applicable);
}

namespace {

/// Data of several years by one value of x for each record.
Table year_of(const graph::Graph& graph, std::int32_t year, const std::vector<const char*>& values) {
    std::vector<Row> rows;
    for (const auto* text : values) rows.push_back(*text ? Row{{"x", number(text)}} : Row{});
    return table(graph, rows, year);
}

Texts over_years(const std::string& yaml, std::vector<std::vector<const char*>> before,
                 const std::vector<const char*>& now, std::vector<std::vector<const char*>> after = {}) {
    const auto graph = build(yaml);
    const auto data = year_of(*graph, 2020, now);
    Texts out;
    for (const bool by_columns : {false, true}) {
        std::vector<Table> others;
        for (std::size_t i = 0; i < before.size(); ++i)
            others.push_back(year_of(*graph, static_cast<std::int32_t>(2020 - before.size() + i), before[i]));
        for (std::size_t i = 0; i < after.size(); ++i)
            others.push_back(year_of(*graph, static_cast<std::int32_t>(2021 + i), after[i]));
        const auto evaluate = [&](const graph::Graph& g, const Table& t, const exec::History& h) {
            return by_columns ? exec::evaluate_columns(g, t, h) : exec::evaluate(g, t, h);
        };
        const exec::SeveralYearsHistory history(
            std::make_unique<NoHistory>(),
            std::make_shared<const exec::SeveralYears>(*graph, data, std::move(others), evaluate), data);
        const auto found = column(evaluate(*graph, data, history), "s");
        if (by_columns) CHECK(found == out);
        out = found;
    }
    return out;
}

std::string one_score(const std::string& how) {
    return "inputs: {x: {min: 0, max: 1000}}\nscores: {s: {scale: 0..10, indicators: [{of: x, " + how + "}]}}\n";
}

}  // namespace

TEST_CASE("points by the ends of a base year, or of all years") {
    CHECK(over_years(one_score("normalise: min-max, reference years: 2018"), {{"0", "100"}, {"5", "500"}},
                     {"50", "200", ""}) == Texts{"5", "20", "null"});
    CHECK(over_years(one_score("normalise: min-max, reference years: 2018..2019"), {{"0", "100"}, {"5", "500"}},
                     {"50", "1000"}) == Texts{"1", "20"});
    CHECK(over_years(one_score("normalise: min-max, reference years: all"), {{"0", "100"}}, {"50", "200"},
                     {{"1000"}}) == Texts{"0.5", "2"});
    CHECK(over_years(one_score("normalise: min-max, reference years: 1999"), {{"0", "100"}}, {"50"}) == Texts{"null"});
    CHECK(over_years(one_score("normalise: z-score, reference years: 2019"), {{"1", "3", "5"}}, {"3", "7"}) ==
          Texts{"0", "2"});
    CHECK(over_years(one_score("normalise: fraction of maximum, lower is better: false, reference years: 2019"),
                     {{"20", "40"}}, {"10"}) == Texts{"2.5"});
}

TEST_CASE("what other years' data cannot tell is refused") {
    CHECK_THAT(findings("inputs: {x: {}}\nmeasures: {m: x - prior(x)}\nscores: {s: {indicators: [{of: m, normalise: "
                        "min-max, reference years: 2018}]}}\n"),
               Contains("cannot be found of the data of another year: it reads `prior(x)`"));
    CHECK_THAT(findings(one_score("normalise: percent rank, reference years: 2018")),
               Contains("places among the records of the year"));
    CHECK_THAT(findings(one_score("from: 0..1, reference years: 2018")), Contains("compare with no record"));
    CHECK_THAT(findings(one_score("normalise: min-max, reference years: 2018..2017")),
               Contains("a year, years such as"));
}

TEST_CASE("a blank between two years lies on the line between them, and no adverse verdict rests on it") {
    const auto rules = one_score("from: 0..100, impute: linear");
    CHECK(over_years(rules, {{"10", "10"}, {"20"}}, {"", "", "7"}, {{""}, {"50", "40"}}) == Texts{"3", "2.5", "0.7"});
    CHECK(over_years(rules, {{"10"}}, {""}) == Texts{"null"});
    const auto ends = one_score("normalise: min-max, impute: linear, reference years: all");
    // 2019's second is 30: it was filled in, and is no end.
    CHECK(over_years(ends, {{"0", "0"}, {"10", ""}}, {"20", "60"}, {{"100", "100"}}) == Texts{"2", "6"});
}

TEST_CASE("weights that make the parts correlate equally with the score") {
    const auto graph = build(
        "inputs: {a: {}, b: {}, c: {}}\nscores: {s: {normalise: z-score, weights: equal correlation, indicators: [a, "
        "b, "
        "c]}}\nmeasures: {ra: 'decimal(cohort correlation([a, s]), 9)', rb: 'decimal(cohort correlation([b, s]), 9)', "
        "rc: 'decimal(cohort correlation([c, s]), 9)'}\n");
    const auto row = [](const char* a, const char* b, const char* c) {
        return Row{{"a", number(a)}, {"b", number(b)}, {"c", number(c)}};
    };
    const auto data = table(*graph, {row("1", "2", "9"), row("2", "1", "3"), row("3", "5", "4"), row("4", "3", "7"),
                                     row("5", "6", "1"), row("6", "4", "8")});
    const auto first = both(graph, data, "ra").front();
    CHECK(first != "null");
    CHECK(both(graph, data, "rb").front() == first);
    CHECK(both(graph, data, "rc").front() == first);
    const auto against =
        table(*graph, {row("1", "2", "9"), row("2", "3", "8"), row("3", "4", "7"), row("4", "5", "6.5")});
    CHECK(both(graph, against, "s").front() == "null");
}
