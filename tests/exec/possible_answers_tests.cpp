// What the blanks of a record can still do to its decision: every ending, and the shortest list of data that settles
// it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/exec/decisions/possible_answers.hpp"
#include "tests/exec/small_rules.hpp"

using namespace zoneval;
using namespace zoneval::testing;
using exec::Outcome;
using feel::Value;

namespace {

struct Told {
    bool complete;
    std::string endings;  ///< `value by rule`, in the order in which they are found
    std::string waiting_for;
    std::string settling;  ///< names of each set
};

std::string told(const exec::PossibleAnswers::Ending& ending) {
    const auto value = ending.value.to_feel();
    if (const auto* fired = std::get_if<Outcome::Fired>(&ending.ending))
        return fmt::format("{} by {}", value, fired->rule);
    if (const auto* both = std::get_if<Outcome::Conflict>(&ending.ending))
        return fmt::format("conflict {} {}", both->first, both->second);
    return value + (std::holds_alternative<Outcome::Default>(ending.ending) ? " by default" : " by nothing");
}

/// Of the first record's decision `v`.
Told answers(const std::string& yaml, const std::vector<Row>& rows = {{}}) {
    const auto graph = build(yaml);
    const auto data = table(*graph, rows);
    const auto e = exec::evaluate(*graph, data, NoHistory());
    auto frame = exec::frame_of(e, 0);
    const exec::FrameReading reading(*graph, frame);
    const auto found = exec::possible_answers(*graph, *graph->find("v"), reading, true);
    Texts endings, settling;
    for (const auto& ending : found.endings) endings.push_back(told(ending));
    std::sort(endings.begin(), endings.end());
    for (const auto& set : found.settling) {
        Texts names;
        for (const auto node : set) names.push_back(graph->node(node).name);
        settling.push_back(fmt::format("{}", fmt::join(names, "+")));
    }
    return {found.complete, fmt::format("{}", fmt::join(endings, ", ")),
            fmt::format("{}", fmt::join(found.waiting_for, ", ")), fmt::format("{}", fmt::join(settling, ", "))};
}

/// Rules over five numbers.
std::string rules(const std::string& list, const std::string& otherwise = "    otherwise: c\n") {
    return "inputs: {x: {}, y: {}, z: {}, u: {}, w: {}, six: {}}\ndecisions:\n  v:\n    values: [a, b, c]\n    "
           "rules:\n" +
           list + otherwise;
}
std::string rule(const std::string& when, const std::string& then, const std::string& more = "") {
    return "      - {id: " + when.substr(0, 1) + std::to_string(when.size()) + then + ", when: '" + when +
           "', then: " + then + more + "}\n";
}

}  // namespace

TEST_CASE("every ending that some filling leads to is found, each rule by itself") {
    const auto two = answers(rules(rule("x > 5", "a") + rule("y > 5 and x > 0", "a")));
    CHECK(two.complete);
    CHECK(two.endings == "\"a\" by 0, \"a\" by 1, \"c\" by default");
    CHECK(two.waiting_for == "x, y");
    CHECK(two.settling == "x+y");
    const auto none = answers(rules(rule("x > 5", "a"), ""));
    CHECK(none.endings == "\"a\" by 0, null by nothing");
    CHECK(none.waiting_for == "x");
    const auto one = answers(rules(rule("x > 5 or x <= 5", "a") + rule("y > 5", "b")));
    CHECK(one.complete);
    CHECK(one.endings == "\"a\" by 0");
    CHECK(one.waiting_for.empty());
    CHECK(one.settling.empty());
    // What is known is no blank.
    const auto known = answers(rules(rule("x > 5 and y > 5", "a")), {{{"x", Value(6)}}});
    CHECK(known.endings == "\"a\" by 0, \"c\" by default");
    CHECK(known.waiting_for == "y");
    CHECK(answers(rules(rule("x > 5 and y > 5", "a")), {{{"x", Value(5)}}}).endings == "\"c\" by default");
}

TEST_CASE("what is waited for is the shortest list that settles the outcome, of several the first") {
    // Where x is above 5, y has no say; where it is not, z has none.
    CHECK(answers(rules(rule("x > 5 and z > 1", "a") + rule("x > 5 and z <= 1", "a") + rule("y > 5 and y <= 5", "b")))
              .waiting_for == "x");
    CHECK(answers(rules(rule("y > 5 and z > 5", "a") + rule("y > 5", "a"))).waiting_for == "y");
    CHECK(answers(rules(rule("z > 5 and y > 5 and x > 5", "a") + rule("x > 5", "a"))).waiting_for == "x");
    CHECK(answers(rules(rule("x > 5", "a") + rule("y > 5", "b"))).waiting_for == "x, y");
    CHECK(answers(rules(rule("x > 5 and y > 5", "a") + rule("z > 5 and u > 5", "b"))).waiting_for == "x, y, z, u");
    CHECK(answers(rules(rule("x > 5 and y > 5 and z > 5", "a") + rule("x > 5 and z > 5", "a"))).waiting_for == "x, z");
    const auto settled = answers(rules(rule("x > 5 and y > 5 and z > 5", "a") + rule("z > 5", "a")));
    CHECK(settled.waiting_for == "z");
    CHECK(settled.settling == "x+y+z, z, x+z, y+z");
}

TEST_CASE("behind more than five nodes nobody looks for what settles an outcome") {
    const auto five = answers(rules(rule("x > 1 and y > 1 and z > 1 and u > 1 and w > 1", "a")));
    CHECK(five.settling == "x+y+z+u+w");
    const auto six = answers(rules(rule("x > 1 and y > 1 and z > 1 and u > 1 and w > 1 and six > 1", "a")));
    CHECK(six.complete);
    CHECK(six.settling.empty());
    CHECK(six.waiting_for == "x, y, z, u, w, six");
}

TEST_CASE("an outcome that a formula gives is followed into its branches, down to what it names") {
    CHECK(answers(rules(rule("y > 0", "'if x > 5 then \"a\" else \"b\"'")), {{{"y", Value(1)}}}).endings ==
          "\"a\" by 0, \"b\" by 0");
    CHECK(answers(rules(rule("y > 0", "'if x > 5 then \"a\" else if x > 3 then \"b\" else \"a\"'"))).endings ==
          "\"a\" by 0, \"b\" by 0, \"c\" by default");
    const std::string named = R"(
inputs: {t: {type: string, values: [a, b, other]}, s: {type: string}}
decisions: {v: {values: [a, b, c], rules: [{id: r, when: 'true', then: NAME}]}}
)";
    const auto with = [&](const std::string& name) {
        auto text = named;
        text.replace(text.find("NAME"), 4, name);
        return answers(text).endings;
    };
    // What is not declared may be anything that is.
    CHECK(with("t") == "\"a\" by 0, \"b\" by 0, \"c\" by 0");
    CHECK(with("s") == "\"a\" by 0, \"b\" by 0, \"c\" by 0");
    CHECK(with("'substring(s, 1, 1)'") == "\"a\" by 0, \"b\" by 0, \"c\" by 0");
    const auto undeclared = answers("inputs: {x: {}}\ndecisions: {v: {rules: [{id: r, when: 'true', then: x + 1}]}}\n");
    CHECK_FALSE(undeclared.complete);
}

TEST_CASE("what a rule says of missing data is no case to look at") {
    CHECK(answers(rules(rule("x > 5", "a", ", if missing: does not hold") + rule("y > 5", "b"))).endings ==
          "\"b\" by 1, \"c\" by default");
    CHECK(answers(rules(rule("x > 5", "a", ", if missing: holds") + rule("y > 5", "b"))).endings == "\"a\" by 0");
}

TEST_CASE("a rule that nobody can tell, whatever is filled in, leaves the list of endings incomplete") {
    CHECK_FALSE(answers(rules(rule("x > 5 and 1 / 0 > 3", "a"))).complete);
    CHECK(answers(rules(rule("x > 5 and 1 / 2 > 3", "a"))).complete);
}

TEST_CASE("policies that look at every rule end in lists, in conflicts, or in one of the values") {
    const auto by = [](const std::string& policy) {
        return answers("inputs: {x: {}, y: {}}\ndecisions:\n  v:\n    values: [a, b, c]\n    hit policy: " + policy +
                       "\n    rules:\n" + rule("x > 5", "a") + rule("y > 55", "b"));
    };
    CHECK(by("unique").endings == "\"a\" by 0, \"b\" by 1, conflict 0 1, null by nothing");
    CHECK(by("any").endings == "\"a\" by 0, \"b\" by 1, conflict 0 1, null by nothing");
    CHECK(by("collect").endings == "[\"a\", \"b\"] by 0, [\"a\"] by 0, [\"b\"] by 1, [] by nothing");
    CHECK(by("collect").waiting_for == "x, y");
}
