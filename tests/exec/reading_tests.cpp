// How conditions, reasons and citations of one record are read as things are.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/exec/decisions/reading.hpp"
#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/syntax/print.hpp"
#include "tests/exec/small_rules.hpp"

using namespace zoneval;
using namespace zoneval::testing;
using feel::Value;
using wording::Language;

namespace {

/// Writes down which formulas are read, one after the other.
class Noted : public exec::FrameSource {
  public:
    Texts read;
    void fill(const feel::Expr& expression) override { read.push_back(feel::to_feel(expression)); }
    void fill(graph::NodeId) override {}
    void found(const feel::Expr&, const SourcePtr&, const Value&) override {}
};

struct Assessed : Evaluated {
    using Evaluated::Evaluated;
    const graph::Node& decision(const std::string& name = "v") const { return *graph->find(name); }
    const graph::DecisionForm::Rule& rule(std::size_t i) const {
        return std::get<graph::DecisionForm>(decision().form).rules[i];
    }
    std::string reason(std::size_t record, Language language, std::size_t of = 0) const {
        return exec::reason_in(evaluation, decision(), rule(of), record, language);
    }
    std::string cite(std::size_t record, std::size_t of) const {
        return exec::cite_of(evaluation, rule(of), record, Language::en);
    }
};

/// What the condition of the only rule comes to, and which of its parts were read.
std::string read_in_parts(const std::string& condition, const Row& row) {
    const Assessed of("inputs: {x: {}, y: {}, z: {}}\ndecisions: {v: {values: [a, b], rules: [{id: r, when: '" +
                          condition + "', then: a}], otherwise: b}}\n",
                      {row});
    auto frame = exec::frame_of(of.evaluation, 0);
    Noted noted;
    const auto value = exec::FrameReading(*of.graph, frame, &noted).condition(of.rule(0));
    return fmt::format("{}: {}", feel::is_unknown(value) ? "unknown" : value.to_feel(), fmt::join(noted.read, "; "));
}

Row numbers(const std::map<std::string, int>& of) {
    Row out;
    for (const auto& [name, value] : of) out[name] = Value(value);
    return out;
}

}  // namespace

TEST_CASE("of a condition only those parts are read that matter") {
    const std::string both = "x > 5 and y > 5", either = "x > 5 or y > 5", choice = "if x > 5 then y > 5 else z > 5";
    CHECK(read_in_parts(both, numbers({{"x", 1}})) == "false: x > 5");
    CHECK(read_in_parts(both, numbers({{"x", 6}, {"y", 6}})) == "true: x > 5; y > 5");
    CHECK(read_in_parts(both, numbers({{"y", 1}})) == "false: x > 5; y > 5");
    CHECK(read_in_parts(both, numbers({{"y", 6}})) == "unknown: x > 5; y > 5; x > 5 and y > 5");
    CHECK(read_in_parts(either, numbers({{"x", 6}})) == "true: x > 5");
    CHECK(read_in_parts(either, numbers({{"x", 1}, {"y", 1}})) == "false: x > 5; y > 5");
    CHECK(read_in_parts(either, numbers({{"y", 6}})) == "true: x > 5; y > 5");
    CHECK(read_in_parts(either, numbers({{"x", 1}})) == "unknown: x > 5; y > 5; x > 5 or y > 5");
    CHECK(read_in_parts(choice, numbers({{"x", 6}, {"y", 6}})) == "true: x > 5; y > 5");
    CHECK(read_in_parts(choice, numbers({{"x", 1}, {"z", 1}})) == "false: x > 5; z > 5");
    CHECK(read_in_parts(choice, numbers({{"y", 6}, {"z", 6}})) == "true: x > 5; " + choice);
    CHECK(read_in_parts(choice, numbers({{"y", 6}, {"z", 1}})) == "unknown: x > 5; " + choice);
    CHECK(read_in_parts("x > 5", numbers({{"x", 6}})) == "true: x > 5");
}

TEST_CASE("a row of a table holds where each of its cells does, and not where one of them surely does not") {
    const auto outcome_of = [](const Row& row) {
        const Assessed of(R"(
inputs: {x: {}, y: {}}
decisions:
  v: {values: [a, b], table: {hit policy: first, inputs: [x, y + 1], rules: [['> 5', '< 3', '"a"']]}, otherwise: b}
)",
                          {row});
        auto frame = exec::frame_of(of.evaluation, 0);
        const auto value = exec::FrameReading(*of.graph, frame).condition(of.rule(0));
        return feel::is_unknown(value) ? "unknown" : value.to_feel();
    };
    CHECK(outcome_of(numbers({{"x", 6}, {"y", 1}})) == "true");
    CHECK(outcome_of(numbers({{"x", 6}, {"y", 2}})) == "false");
    CHECK(outcome_of(numbers({{"x", 5}, {"y", 1}})) == "false");
    CHECK(outcome_of(numbers({{"y", 2}})) == "false");
    CHECK(outcome_of(numbers({{"x", 5}})) == "false");
    CHECK(outcome_of(numbers({{"y", 1}})) == "unknown");
    CHECK(outcome_of(numbers({{"x", 6}})) == "unknown");
}

TEST_CASE("what a condition that waits for data counts as is what its rule says") {
    const Assessed of(R"(
inputs: {x: {}}
decisions:
  v:
    values: [a, b]
    rules: [{id: r, when: x > 5, then: a, if missing: holds}, {id: s, when: x > 5, then: b}]
)",
                      {{}});
    auto frame = exec::frame_of(of.evaluation, 0);
    const exec::FrameReading reading(*of.graph, frame);
    CHECK(reading.condition(of.rule(0)).is_true());
    CHECK(feel::is_unknown(reading.raw_condition(of.rule(0))));
    CHECK(feel::is_unknown(reading.condition(of.rule(1))));
}

TEST_CASE("a reason is told with labels, with words for what is missing, and with figures as they were computed") {
    const Assessed of(R"(
inputs: {x: {}, y: {}, known: {type: boolean}, region: {type: string, values: [east], labels: {east: {en: the East, zh: 东部}}}}
decisions:
  v:
    values: [a, b]
    rules:
      - {id: r, when: x > 5, then: a, because: {en: '{region}: {x / 4}, {x * 1000 / 7}, {y}, {known}, {if x > 5 then null else 1}', zh: '{region}：{x}'}}
      - {id: s, when: x > 4, then: b}
    otherwise: b
)",
                      {{{"x", Value(6)}, {"region", "east"}, {"known", Value(true)}}});
    CHECK(of.reason(0, Language::en) ==
          "the East: 1.5, 857.1428571428571428571428571428571, (unknown), true, (not applicable)");
    CHECK(of.reason(0, Language::zh) == "东部：6");
    CHECK(outcome(of.evaluation, "v", 0).because ==
          "east: 1.5, 857.1428571428571428571428571428571, (unknown), true, (not applicable)");
    CHECK(of.reason(0, Language::en, 1) == "");
    CHECK(exec::has_reason(of.decision(), outcome(of.evaluation, "v", 0)));
    exec::Outcome second;
    second.ending = exec::Outcome::Fired{1};
    CHECK_FALSE(exec::has_reason(of.decision(), second));
    second.ending = exec::Outcome::Default{};
    CHECK_FALSE(exec::has_reason(of.decision(), second));
}

TEST_CASE("a reason that only the blanks put back make hold says between what its figures lie, rounded outwards") {
    const Assessed of(R"(
inputs: {x: {min: 0}, y: {min: 0, max: 1.875}}
measures: {rounded: {is: s / 16, decimals: 1}}
scores:
  s:
    missing: {at most: 90 %, then: reweight}
    indicators: [{of: x, weight: 20 %, from: 0..10}, {of: y, weight: 80 %, from: 0..10}]
decisions:
  v:
    values: [none, warn]
    adverse: [warn]
    rules: [{id: low, when: s < 40, then: warn, because: '{s} points, {rounded}, {s / 7}'}]
    otherwise: none
)",
                      {{{"x", Value(10)}}});
    CHECK(column(of.evaluation, "v") == Texts{"\"warn\""});
    CHECK(of.reason(0, Language::en) == "20 to 35 points, 1.2 to 2.2, 2.857142857 to 5");
    auto frame = exec::frame_of(of.evaluation, 0);
    CHECK(exec::rests_on_blanks(of.decision(), of.rule(0), exec::FrameReading(*of.graph, frame)));
}

TEST_CASE("a rule cites a clause, or the one that its record names, and an outcome may be about somebody else") {
    const Assessed of(R"(
inputs: {x: {}, clause: {type: string}, city: {type: string}}
decisions:
  v:
    values: [a, b]
    subject: city
    rules:
      - {id: r, when: x > 5, then: a, cite: '{clause}, second sentence'}
      - {id: s, when: x > 4, then: a, cite: '§ 3'}
      - {id: t, when: x > 3, then: a}
    otherwise: b
  w: {values: [a, b], rules: [{id: r, when: x > 5, then: a}], otherwise: b}
)",
                      {{{"x", Value(6)}, {"clause", "§ 7"}, {"city", "Metz"}}, {{"x", Value(6)}}});
    CHECK(of.cite(0, 0) == "§ 7, second sentence");
    CHECK(of.cite(0, 1) == "§ 3");
    CHECK(of.cite(0, 2) == "");
    CHECK(exec::about_whom(of.evaluation, of.decision(), 0, Language::en) == "Metz");
    CHECK(exec::about_whom(of.evaluation, of.decision(), 1, Language::en) == "(unknown)");
    CHECK_FALSE(exec::about_whom(of.evaluation, of.decision("w"), 0, Language::en));
}

TEST_CASE("the bounds of an unknown number are those that its reason has on record") {
    CHECK_FALSE(exec::bounds_known(Value(7)));
    CHECK_FALSE(exec::bounds_known(Value()));
    const auto within = [](std::optional<int> low, std::optional<int> high) {
        feel::Cause cause;
        cause.missing = feel::Missing::not_reported;
        if (low) cause.low = feel::Decimal(*low);
        if (high) cause.high = feel::Decimal(*high);
        const auto found = exec::bounds_known(Value::null(feel::make_cause(std::move(cause))));
        const auto shown = [](const auto& bound) { return bound ? bound->to_string() : ""; };
        return found ? shown(found->low) + ".." + shown(found->high) : "none";
    };
    CHECK(within({}, {}) == "none");
    CHECK(within(1, {}) == "1..");
    CHECK(within({}, 2) == "..2");
    CHECK(within(1, 2) == "1..2");
}
