#include "engine/feel/value/reason.hpp"
#include "tests/exec/small_rules.hpp"

using namespace zoneval;
using namespace zoneval::testing;

namespace {

const std::string ladder = R"(
inputs: {score: {}, rectification: {type: string, values: [accepted, insufficient], blank: not applicable}, readmitted: {type: boolean, blank: not applicable}}
lifecycles:
  standing:
    start: good
    states:
      good: {}
      interviewed: {adverse: true}
      rectifying: {deadline: {years: 2, then: exited, because: "time is up"}}
      exited: {adverse: true, ban: 2}
    transitions:
      - {id: warn, from: good, to: interviewed, when: score < 40}
      - {id: begin, from: interviewed, to: rectifying, when: 'rectification = null'}
      - {id: cleared, from: [interviewed, rectifying], to: good, when: 'rectification = "accepted"'}
      - {id: return, from: exited, to: good, when: readmitted}
)";

/// Runs years one after the other for one record; rows give each year's inputs.
Texts replay(const std::vector<Row>& rows) {
    const auto graph = build(ladder);
    GivenHistory history;
    Texts out;
    int year = 2020;
    for (const auto& row : rows) {
        const auto data = table(*graph, {row}, ++year);
        const auto e = exec::evaluate(*graph, data, history);
        for (const auto* name : {"standing", "years in standing"})
            history.values[std::string(name) + " r1 " + std::to_string(year)] = e.value(graph->find(name)->id, 0);
        out.push_back(e.value(graph->find("standing")->id, 0).to_string());
    }
    return out;
}

const Row good{{"score", number("80")}}, bad{{"score", number("10")}};

}  // namespace

TEST_CASE("a lifecycle moves from state to state, and stays where nothing leads on") {
    const Row accepted{{"score", number("10")}, {"rectification", "accepted"}};
    CHECK(replay({good, bad, bad, accepted, good}) == Texts{"good", "interviewed", "rectifying", "good", "good"});
}

TEST_CASE("a deadline leads on when its years are over") {
    CHECK(replay({bad, bad, bad, bad}) == Texts{"interviewed", "rectifying", "rectifying", "exited"});
}

TEST_CASE("a ban holds back the way out until its years are over") {
    const Row readmitted{{"score", number("80")}, {"readmitted", feel::Value(true)}};
    CHECK(replay({bad, bad, bad, bad, readmitted, readmitted}) ==
          Texts{"interviewed", "rectifying", "rectifying", "exited", "exited", "good"});
}

TEST_CASE("a warning is not given on a missing score, and the next year builds on what is open") {
    const auto graph = build(ladder);
    GivenHistory history;
    const auto e = exec::evaluate(*graph, table(*graph, {{}}, 2021), history);
    CHECK(outcome(e, "standing", 0).open());
    CHECK(possible(outcome(e, "standing", 0)) == Texts{"good", "interviewed"});
    history.values["standing r1 2021"] = e.value(graph->find("standing")->id, 0);
    const auto next = exec::evaluate(*graph, table(*graph, {good}, 2022), history);
    CHECK(possible(outcome(next, "standing", 0)) == Texts{"good", "rectifying"});  // not every state there is
    CHECK(waits_for(outcome(next, "standing", 0)) == Texts{"score"});
}

TEST_CASE("a ban holds back its own state only, where a transition leaves several") {
    const auto graph = build(R"(
inputs: {cleared: {type: boolean}}
lifecycles:
  s:
    start: good
    states: {good: {}, warned: {adverse: true}, out: {adverse: true, ban: 3}}
    transitions: [{id: back, from: [warned, out], to: good, when: cleared}, {id: a, from: good, to: warned, when: not(cleared)}, {id: b, from: warned, to: out, when: not(cleared)}]
)");
    const auto after = [&](const char* state, int years) {
        GivenHistory history;
        history.values["s r1 2022"] = state;
        history.values["s r1 2021"] = state;
        history.values["years in s r1 2022"] = feel::Value(years - 1);
        const auto data = table(*graph, {{{"cleared", feel::Value(true)}}});
        return exec::evaluate(*graph, data, history).value(graph->find("s")->id, 0).to_string();
    };
    CHECK(after("warned", 1) == "good");
    CHECK(after("out", 1) == "out");
    CHECK(after("out", 3) == "good");
}

TEST_CASE("a deadline passes only when it is known to, and waits for what is open") {
    const auto graph = build(ladder);
    GivenHistory history;
    history.values["standing r1 2022"] = "rectifying";
    history.values["standing r1 2021"] = "rectifying";
    const auto run = [&] {
        const auto data = table(*graph, {good});
        const auto e = exec::evaluate(*graph, data, history);
        return outcome(e, "standing", 0).open() ? possible(outcome(e, "standing", 0))
                                                : Texts{e.value(graph->find("standing")->id, 0).to_string()};
    };
    history.values["years in standing r1 2022"] = feel::Value(1);
    CHECK(run() == Texts{"exited"});
    history.values["years in standing r1 2022"] =
        feel::Value::missing(feel::Missing::not_reported, feel::reasons::missing_value("years in standing"));
    CHECK(run() == Texts{"rectifying", "exited"});
}

TEST_CASE("a state that is absent for a blank condition does not lead on, in a rule as in a cell") {
    const auto verdict = [](const std::string& decision) {
        const auto graph =
            build("inputs: {flag: {type: boolean, blank: not applicable}, x: {}}\ndecisions:\n  v: {values: [a, b], " +
                  decision + "}\n");
        const auto data = table(*graph, {{}});
        return column(exec::evaluate(*graph, data, NoHistory()), "v")[0];
    };
    for (const char* rule :
         {"rules: [{id: r, when: flag, then: a}], otherwise: b",
          "rules: [{id: r, when: flag and x > 5, then: a}], otherwise: b",
          "rules: [{id: r, when: not(flag), then: a}], otherwise: b",
          "table: {hit policy: first, inputs: [flag], rules: [['?', '\"a\"']], default: '\"b\"'}",
          "table: {hit policy: first, inputs: [flag, x], rules: [['?', '> 5', '\"a\"']], default: '\"b\"'}",
          "table: {hit policy: first, inputs: [flag], rules: [['not(?)', '\"a\"']], default: '\"b\"'}"}) {
        INFO(rule);
        CHECK(verdict(rule) == "\"b\"");
    }
}

TEST_CASE(
    "where a ladder says that what is unknown moves nobody, an open condition stays, and a deadline still passes") {
    const auto graph = build(R"(
inputs: {score: {}}
lifecycles:
  standing:
    start: good
    if unknown: stay
    states:
      good: {}
      interviewed: {adverse: true, deadline: {years: 1, then: exited, because: "time is up"}}
      exited: {adverse: true, final: true}
    transitions:
      - {id: warn, from: good, to: interviewed, when: score < 40}
      - {id: cleared, from: interviewed, to: good, when: score >= 60}
)");
    const auto after = [&](const char* before, int years, const Row& row) {
        GivenHistory history;
        history.values["standing r1 2022"] = feel::Value(std::string(before));
        history.values["standing r1 2021"] = feel::Value(std::string(before));
        history.values["years in standing r1 2022"] = feel::Value(years);
        const auto data = table(*graph, {row}, 2023);
        const auto e = exec::evaluate(*graph, data, history);
        return e.value(graph->find("standing")->id, 0).to_string();
    };
    CHECK(after("good", 3, {}) == "good");
    CHECK(after("good", 3, bad) == "interviewed");
    CHECK(after("interviewed", 0, good) == "good");
    CHECK(after("interviewed", 3, {}) == "exited");
}

TEST_CASE("a ladder whose parts have another shape is refused with what was expected") {
    const auto with = [](const std::string& start, const std::string& transitions) {
        return findings("inputs: {x: {}}\nlifecycles:\n  s:\n    start: " + start +
                        "\n    states: {good: {}, bad: {}}\n    transitions: " + transitions + "\n");
    };
    CHECK(with("good", "{id: a, from: good, to: bad, when: x > 1}").find("a list: `- {from: …, to: …, when: …}`") !=
          std::string::npos);
    // Each by its place in the list, whatever is wrong with those before it.
    const auto two = with("good", "[{from: good, when: x > 1}, {from: bad, when: x > 1}]");
    CHECK(two.find("transition 1 of lifecycle `s`") != std::string::npos);
    CHECK(two.find("transition 2 of lifecycle `s`") != std::string::npos);
    CHECK(with("good", "[{id: a, from: [[good]], to: bad, when: x > 1}]").find("the name of a state") !=
          std::string::npos);
}

TEST_CASE("check finds what is wrong with a ladder") {
    const auto with = [](const std::string& states, const std::string& transitions) {
        return findings("inputs: {x: {}, y: {}}\nlifecycles:\n  s:\n    start: good\n    states: " + states +
                        "\n    transitions:\n" + transitions);
    };
    const std::string up = "      - {id: a, from: good, to: warned, when: x < 1}\n",
                      back = "      - {id: b, from: warned, to: good, when: x > y}\n";
    CHECK(with("{good: {}, warned: {adverse: true}}", up + back) == "");
    CHECK(
        with("{good: {}, warned: {adverse: true}, lost: {}}", up + back).find("ZV331 nothing leads to state `lost`") !=
        std::string::npos);
    CHECK(with("{good: {}, warned: {adverse: true}}", up + "      - {id: b, from: warned, to: warned, when: x > y}\n")
              .find("ZV333") != std::string::npos);
    const std::string exit = "      - {id: c, from: good, to: out, when: x < y}\n";
    CHECK(with("{good: {}, warned: {adverse: true}, out: {adverse: true, final: true}}", up + back + exit)
              .find("ZV332 transition `c` goes from `good` to `out` past `warned`") != std::string::npos);
    CHECK(with("{good: {}, warned: {adverse: true}, out: {adverse: true, final: true}}",
               up + back + "      - {id: c, from: good, to: out, when: x > 5, skips: the law says so}\n")
              .find("ZV332") == std::string::npos);
    const std::string also = "      - {id: d, from: good, to: warned, when: x < 0 and y < 0}\n";
    CHECK(with("{good: {}, warned: {adverse: true}}", up + back + also).find("ZV334 transitions `a` and `d`") !=
          std::string::npos);
    CHECK(with("{good: {}, warned: {adverse: true}}", "      - {id: a, from: good, to: wraned, when: x < 1}\n")
              .find("did you mean `warned`?") != std::string::npos);
}

TEST_CASE("a ladder is decided by columns, also for who stands on it for the first time and who stays where it was") {
    const auto graph = build(ladder);
    const auto data = table(*graph, {bad, good, bad, good}, 2022);
    GivenHistory history;  // r1 and r2 are new
    for (const auto* record : {"r3", "r4"}) {
        history.values[std::string("standing ") + record + " 2021"] = feel::Value("rectifying");
        history.values[std::string("years in standing ") + record + " 2021"] = feel::Value(0);
    }
    exec::ColumnReport report;
    exec::ColumnOptions options;
    options.report = &report;
    const auto columns = exec::evaluate_columns(*graph, data, history, options);
    const auto reference = exec::evaluate(*graph, data, history);
    for (const auto* name : {"standing", "standing before", "years in standing"}) {
        CHECK(column(columns, name) == column(reference, name));
        for (const auto& entry : report.entries)
            if (graph->node(entry.node).name == name) CHECK(entry.why == "");
    }
    CHECK(column(columns, "standing").front().find("interviewed") != std::string::npos);
    CHECK(column(columns, "standing").back().find("rectifying") != std::string::npos);
}
