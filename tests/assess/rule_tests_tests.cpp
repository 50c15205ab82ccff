// Tests that rule files bring along: what they may give and expect, and what is said when they are wrong themselves.
#include "engine/assess/rule_tests.hpp"
#include "tests/exec/small_rules.hpp"

using namespace zoneval;
using namespace zoneval::testing;

namespace {

const std::string rules = R"(
inputs: {x: {min: 0, max: 100}, region: {type: string, values: [East, West]}}
measures: {change: 'x - prior(x, 2)'}
decisions:
  class: {values: [A, B], rules: [{id: big, when: x > 50, then: A}], otherwise: B}
  verdict: {values: [praise, none], rules: [{id: good, when: x > 90 and region = "East", then: praise}], otherwise: none}
targets:
  total: {kind: level, goal: {year: 2025, value: 10}, is: cohort sum(x)}
)";

/// Empty when the test passes, else what is said.
std::string run(const std::string& test) {
    Diagnostics found;
    const auto graph = build(rules + "tests: [{name: t, year: 2023, " + test + "}]\n");
    bool passed = true;
    for (const auto& result : assess::run_tests(*graph, found)) passed = passed && result.passed;
    std::string out;
    for (const auto& d : found.all()) out += d.message + " | " + d.expected + " | " + d.hint + "\n";
    CHECK(passed == out.empty());
    return out;
}

bool says(const std::string& test, const std::string& text) {
    const auto said = run(test);
    INFO(said);
    const bool found = said.find(text) != std::string::npos;
    CHECK(found);
    return found;
}

}  // namespace

TEST_CASE("rule and undetermined mean the decision that is tested, and ask where it could be several") {
    CHECK(run("given: {x: 95, region: East}, expect: {verdict: praise, rule: good}") == "");
    CHECK(run("given: {x: 60}, expect: {class: A, rule: big}") == "");
    CHECK(run("given: {x: 95, region: East}, expect: {class: A, verdict: praise, rule of class: big, rule of verdict: "
              "good}") == "");
    CHECK(run("given: {x: 95}, expect: {undetermined verdict: [praise, none], class: A}") == "");
    says("given: {x: 95, region: East}, expect: {class: A, verdict: praise, rule: good}",
         "`rule` could mean several decisions | `rule of NAME: …`");
    says("given: {x: 95}, expect: {undetermined: [praise, none]}", "`undetermined` could mean several decisions");
    says("given: {x: 60}, expect: {class: A, rule: huge}", "rule `big` of `class` fired | huge");
}

TEST_CASE("what a test gives must be something that could be there") {
    says("given: {x: 101}, expect: {class: A}",
         "gives 101 for `x`, outside its range | a number of at least 0 of at most 100");
    says("given: {region: Est}, expect: {class: A}",
         "gives \"Est\" for `region`, which is not among its values | one of East, West | did you mean `East`?");
    says("given: {x: many}, expect: {class: A}", "gives \"many\" for `x` | a number");
    says("given: {class: C}, expect: {class: C}",
         "gives \"C\" for `class`, which is not among its values | one of A, B");
    says("given: {prior x: -5}, expect: {class: A}", "outside its range");
    CHECK(run("given: {x: null, class: A}, expect: {class: A}") == "");
}

TEST_CASE("earlier years are given by how long ago they were") {
    CHECK(run("given: {x: 5, 'prior x, 2 years': 3}, expect: {change: 2}") == "");
    CHECK(run("given: {x: 5, 'prior x': 3}, expect: {change: null}") == "");
    Diagnostics found;
    build(rules + "tests: [{name: t, given: {'prior x, some years': 3}, expect: {x: 1}}]\n", found);
    CHECK(render_text(found, false).find("`prior x, some years` does not say how many years back") !=
          std::string::npos);
}

TEST_CASE("a target can be expected, by its value and by its status") {
    CHECK(run("records: {a: {given: {x: 4}, expect: {total: 11, status of total: achieved}}, b: {given: {x: 7}}}") ==
          "");
    says("given: {x: 4}, expect: {total: 5}", "`total` is 4");
    says("given: {x: 4}, expect: {totl: 5}", "nothing is called `totl`");
}

TEST_CASE("a decision that collects is given and expected as a list, of this year and of earlier ones") {
    const std::string collects = R"(
inputs: {x: {}}
decisions:
  flags: {values: [low, odd], hit policy: collect, rules: [{id: l, when: x < 5, then: low}, {id: o, when: x = 3, then: odd}]}
  now: {values: [yes, no], rules: [{id: r, when: 'list contains(flags, "low")', then: yes}], otherwise: no}
  before: {values: [yes, no], rules: [{id: r, when: 'list contains(prior(flags), "odd")', then: yes}], otherwise: no}
tests:
  - {name: a, given: {x: 3}, expect: {flags: [low, odd], now: yes}}
  - {name: b, given: {x: 9}, expect: {flags: [], now: no}}
  - {name: c, given: {flags: [low]}, expect: {now: yes}}
  - {name: d, given: {prior flags: [odd], x: 9}, expect: {before: yes}}
  - {name: e, given: {prior(flags): [low], x: 9}, expect: {before: no}}
)";
    Diagnostics found;
    const auto graph = build(collects);
    for (const auto& result : assess::run_tests(*graph, found)) CHECK(result.passed);
    CHECK(render_text(found, false) == "");
    Diagnostics wrong;
    assess::run_tests(*build(collects + "  - {name: f, given: {flags: [lo]}, expect: {now: yes}}\n"), wrong);
    CHECK(render_text(wrong, false).find("test `f` gives [\"lo\"] for `flags`, which is not among its values") !=
          std::string::npos);
}

TEST_CASE("under a cycle `prior NAME` of a test is the last review's") {
    Diagnostics found;
    const auto graph = build(
        "cycle: 3 years\ninputs: {x: {}}\nmeasures: {change: x - prior(x)}\ntests:\n  - {name: a, given: {x: 3, prior "
        "x: 1}, "
        "expect: {change: 2}}\n  - {name: b, given: {x: 3, 'prior x, 3 years': 1}, expect: {change: 2}}\n");
    for (const auto& result : assess::run_tests(*graph, found)) CHECK(result.passed);
}
