// What changes with the day of assessment: how far the rules look back, and which of them are in force.
#include "engine/exec/by_columns/column_evaluation.hpp"
#include "tests/exec/small_rules.hpp"

using namespace zoneval;
using namespace zoneval::testing;
using feel::Value;

namespace {

/// A value of one record, by both evaluators.
std::string told(const std::string& yaml, const std::string& name, const exec::History& history, int year = 2023,
                 const Row& row = {}) {
    const auto graph = build(yaml);
    const auto data = table(*graph, {row}, year);
    const auto e = exec::evaluate(*graph, data, history);
    CHECK(difference(e, exec::evaluate_columns(*graph, data, history)) == "");
    return shown(e.value(graph->find(name)->id, 0));
}

const std::string looks_back = R"X(
inputs: {x: {type: number}}
parameters: {span: {values: {2000-01-01: 1, 2023-01-01: 3}, assumption: A guess.}}
measures:
  before: prior(x, span)
  total: sum(over(x, span))
)X";

GivenHistory past(int year) {
    GivenHistory out;
    for (int back = 1; back <= 4; ++back)
        out.values["x r1 " + std::to_string(year - back)] = Value(static_cast<std::int64_t>(100 * back));
    return out;
}

}  // namespace

TEST_CASE("a parameter says how many years prior and over look back, and its figure of the day counts") {
    CHECK(told(looks_back, "before", past(2023), 2023, {{"x", 1}}) == "300");
    CHECK(told(looks_back, "total", past(2023), 2023, {{"x", 1}}) == "301");
    CHECK(told(looks_back, "before", past(2022), 2022, {{"x", 1}}) == "100");
    CHECK(told(looks_back, "total", past(2022), 2022, {{"x", 1}}) == "1");
}

TEST_CASE("a blank of a year that the parameter reaches makes the sum unknown, and one beyond it does not") {
    auto history = past(2023);
    history.values["x r1 2021"] = Value::missing(feel::Missing::not_reported, feel::reasons::missing_value("x"));
    CHECK(told(looks_back, "total", history, 2023, {{"x", 1}}).find("null") == 0);
    history = past(2023);
    history.values["x r1 2020"] = Value::missing(feel::Missing::not_reported, feel::reasons::missing_value("x"));
    CHECK(told(looks_back, "total", history, 2023, {{"x", 1}}) == "301");
}

TEST_CASE("sums over as many years as a parameter says are computed by columns") {
    const auto graph = build(looks_back);
    const auto data = table(*graph, {{{"x", 1}}, {{"x", 2}}});
    const auto history = past(2023);
    exec::ColumnReport report;
    exec::ColumnOptions options;
    options.report = &report;
    const auto e = exec::evaluate_columns(*graph, data, history, options);
    CHECK(column(e, "total") == std::vector<std::string>{"301", "2"});
    for (const auto& entry : report.entries) CHECK(entry.by_record == 0);
}

TEST_CASE("a parameter that is no number of years is refused where its figure stands") {
    const auto of = [](const std::string& figure) {
        return findings("inputs: {x: {}}\nparameters: {span: " + figure + "}\nmeasures: {m: 'prior(x, span)'}\n");
    };
    CHECK(
        of("{value: 2.5}").find("ZV105 parameter `span` says how many years to look back, and 2.5 is no such number") !=
        std::string::npos);
    CHECK(of("{value: 0}").find("a whole number of years from 1 to 100") != std::string::npos);
    CHECK(of("{value: two}").find("ZV105") != std::string::npos);
    CHECK(of("{value: 2}").find("ZV105") == std::string::npos);
    CHECK(findings("inputs: {x: {}, n: {}}\nmeasures: {m: 'prior(x, n)'}\n").find("the name of a parameter") !=
          std::string::npos);
}

namespace {

const std::string ladder = R"X(
inputs: {bad: {type: boolean}, good: {type: boolean}}
parameters: {patience: {values: {2000-01-01: 2, 2023-01-01: 1}}, ban: {value: 3}, wait: {value: 2}}
lifecycles:
  standing:
    start: fine
    states:
      fine: {}
      warned: {adverse: true, deadline: {years: patience, then: out}}
      out: {adverse: true, ban: ban}
    transitions:
      - {id: warn, from: fine, to: warned, when: bad}
      - {id: clear, from: warned, to: fine, when: good, after: wait}
      - {id: back, from: out, to: fine, when: good}
)X";

std::string stands(int year, const std::string& before, int years, bool good) {
    GivenHistory history;
    history.values["standing r1 " + std::to_string(year - 1)] = Value(std::string_view(before));
    history.values["standing r1 " + std::to_string(year - 2)] = Value(std::string_view(before));
    history.values["years in standing r1 " + std::to_string(year - 1)] = Value(static_cast<std::int64_t>(years - 1));
    return told(ladder, "standing", history, year, {{"bad", false}, {"good", good}});
}

}  // namespace

TEST_CASE("deadlines, bans and waits of a ladder may be parameters") {
    CHECK(stands(2022, "warned", 1, false) == "\"warned\"");
    CHECK(stands(2022, "warned", 2, false) == "\"out\"");
    CHECK(stands(2023, "warned", 1, false) == "\"out\"");  // the figure of that year is shorter
    CHECK(stands(2022, "warned", 1, true) == "\"warned\"");
    CHECK(stands(2022, "warned", 2, true) == "\"fine\"");
    CHECK(stands(2022, "out", 2, true) == "\"out\"");
    CHECK(stands(2022, "out", 3, true) == "\"fine\"");
}

TEST_CASE("a ladder that names no parameter for its years says which there are") {
    auto yaml = ladder;
    yaml.replace(yaml.find("years: patience"), 15, "years: patiense");
    const auto said = findings(yaml);
    CHECK(said.find("ZV103 the deadline of warned names `patiense`, which is no parameter") != std::string::npos);
    CHECK(said.find("did you mean `patience`") != std::string::npos);
}

namespace {

const std::string versions = R"X(
effective: 2010-01-01..2025-12-31
inputs: {x: {type: number}, y: {type: number}}
decisions:
  verdict:
    values: [a, b, c]
    hit policy: unique
    rules:
      - {id: old, when: x > 1, then: a, until: 2015-12-31}
      - {id: new, when: x > 1, then: b, from: 2016-01-01}
    otherwise: c
  size:
    values: [s, l]
    table:
      inputs: [y]
      rules:
        - {id: once, row: ['> 10', l], until: 2015-12-31}
        - {id: now, row: ['> 20', l], from: 2016-01-01}
      default: s
)X";

}  // namespace

TEST_CASE("a rule and a row hold from their first day of assessment to their last") {
    const NoHistory none;
    CHECK(told(versions, "verdict", none, 2015, {{"x", 2}, {"y", 15}}) == "\"a\"");
    CHECK(told(versions, "verdict", none, 2016, {{"x", 2}, {"y", 15}}) == "\"b\"");
    CHECK(told(versions, "verdict", none, 2016, {{"x", 1}, {"y", 15}}) == "\"c\"");
    CHECK(told(versions, "size", none, 2015, {{"x", 2}, {"y", 15}}) == "\"l\"");
    CHECK(told(versions, "size", none, 2016, {{"x", 2}, {"y", 15}}) == "\"s\"");
}

TEST_CASE("a blank leaves open what a rule out of force could not give") {
    const auto graph = build(versions);
    const auto data = table(*graph, {{{"y", 1}}}, 2016);
    const NoHistory none;
    const auto e = exec::evaluate(*graph, data, none);
    CHECK(difference(e, exec::evaluate_columns(*graph, data, none)) == "");
    CHECK(shown(e.outcome(graph->find("verdict")->id, 0)) == "ending 3 \"b\" \"c\", waits for x");
}

TEST_CASE("two versions of a rule do not overlap, and one that is never in force is told") {
    CHECK(findings(versions) == "");
    auto never = versions;
    never.replace(never.find("until: 2015-12-31"), 17, "until: 2009-12-31");
    CHECK(findings(never).find("ZV323") != std::string::npos);
    auto backwards = versions;
    backwards.replace(backwards.find("until: 2015-12-31"), 17, "from: 2016-01-01, until: 2015-12-31");
    CHECK(findings(backwards).find("a day not before the 2016-01-01 of `from`") != std::string::npos);
}

namespace {

const std::string held = R"X(
inputs: {staff: {type: number}, growth: {type: number}}
decisions:
  statuses:
    values: [SME, gazelle]
    hit policy: collect
    over time: true
    rules: [{id: s, when: staff <= 500, then: SME}, {id: g, when: growth >= 20, then: gazelle}]
  step:
    values: [up, down, same]
    rules:
      - {id: up, when: count(statuses gained) > count(statuses lost), then: up}
      - {id: down, when: count(statuses lost) > count(statuses gained), then: down}
    otherwise: same
)X";

}  // namespace

TEST_CASE("a set over time has what was gained and lost, and since when each holds") {
    GivenHistory history;
    history.values["statuses r1 2022"] = Value(feel::List{Value("SME")});
    history.values["SME since r1 2022"] = Value(std::int64_t{2019});
    const Row now{{"staff", 100}, {"growth", 25}};
    CHECK(told(held, "statuses gained", history, 2023, now) == "[\"gazelle\"]");
    CHECK(told(held, "statuses lost", history, 2023, now) == "[]");
    CHECK(told(held, "SME since", history, 2023, now) == "2019");
    CHECK(told(held, "gazelle since", history, 2023, now) == "2023");
    CHECK(told(held, "step", history, 2023, now) == "\"up\"");
    const NoHistory none;
    CHECK(told(held, "statuses before", none, 2023, now) == "[]");
    CHECK(told(held, "SME since", none, 2023, now) == "2023");
}

TEST_CASE("a blank leaves open what was gained and since when, and decides no step") {
    GivenHistory history;
    history.values["statuses r1 2022"] = Value(feel::List{Value("SME")});
    const auto graph = build(held);
    const auto data = table(*graph, {{{"staff", 900}}});
    const auto e = exec::evaluate(*graph, data, history);
    CHECK(difference(e, exec::evaluate_columns(*graph, data, history)) == "");
    CHECK(e.value(graph->find("gazelle since")->id, 0).is_null());
    CHECK(e.outcome(graph->find("step")->id, 0).open());
}

TEST_CASE("only a decision that collects texts has a course") {
    CHECK(
        findings(
            "inputs: {x: {}}\ndecisions: {d: {values: [a, b], over time: true, rules: [{id: r, when: x > 1, then: a}], "
            "otherwise: b}}\n")
            .find("`over time` of decision `d`, which collects no texts") != std::string::npos);
    CHECK(findings(
              "inputs: {x: {}}\ndecisions: {d: {values: [1, b], hit policy: collect, over time: true, rules: [{id: r, "
              "when: x > 1, then: b}]}}\n")
              .find("collects no texts") != std::string::npos);
    CHECK(findings(
              "inputs: {x: {}}\nmeasures: {d gained: x}\ndecisions: {d: {values: [a], hit policy: collect, over time: "
              "true, rules: [{id: r, when: x > 1, then: a}]}}\n")
              .find("would make `d gained`, which is already defined") != std::string::npos);
}
