// When blanks that something made a fact of are put back, and what comes of it.
#include <fmt/format.h>

#include "engine/exec/decisions/completions.hpp"
#include "tests/exec/small_rules.hpp"

using namespace zoneval;
using namespace zoneval::testing;
using feel::Value;

namespace {

class Guarded : Evaluated {
  public:
    Guarded(const std::string& yaml, const std::vector<Row>& rows, const std::string& fixed = "",
            const exec::History& history = no_history())
        : Evaluated(yaml, rows, history),
          cohort_(evaluation),
          guard_(
              *graph, cohort_,
              fixed.empty() ? exec::Fixed()
                            : [id = graph->find(fixed)->id](graph::NodeId node, std::size_t) { return node == id; }) {}

    bool has_say(const std::string& decision, std::size_t record = 0) const {
        return guard_.has_say(*graph->find(decision), record);
    }
    std::string last_to_decide(std::size_t record = 0) const {
        auto frame = exec::frame_of(evaluation, record);
        const auto found = guard_.last_to_decide(*graph->find("v"), record, exec::FrameReading(*graph, frame));
        return found ? std::to_string(*found) : "none";
    }
    /// With the blanks of scores put back, then with all.
    std::string reopened(const std::string& name, std::size_t record = 0) const {
        const auto found = guard_.reopened({graph->find(name)->id}, record);
        if (found.empty()) return "no other";
        const auto shown = [](const std::optional<exec::AbstractValue>& filled) {
            if (!filled) return std::string("no other");
            if (!filled->open()) return filled->value.to_feel();
            std::string options;
            for (const auto& option : filled->options) options += " " + option.to_string();
            const auto bound = [](const auto& number) { return number ? number->to_string() : ""; };
            return bound(filled->low) + ".." + bound(filled->high) + options;
        };
        return shown(found.begin()->second.of_scores) + "; " + shown(found.begin()->second.all);
    }

  private:
    exec::EvaluatedCohort cohort_;
    exec::Guard guard_;
};

std::string decides_by(const std::string& condition, const std::string& more = "") {
    return "{values: [a, b], adverse: [b], rules: [{id: r, when: '" + condition + "', then: b" + more +
           "}], otherwise: a}\n";
}

}  // namespace

TEST_CASE("blanks have a say where something before the decision made a fact of them") {
    const std::string rules =
        "inputs: {x: {min: 0, max: 10}}\nmeasures: {fact: if x = null then 0 else x, plain: x + 1, "
        "place: rank(x), total: cohort sum(x), last: prior(x)}\ndecisions:\n" +
        ("  of a fact: " + decides_by("fact < 5")) + ("  of itself: " + decides_by("plain < 5")) +
        ("  of a rank: " + decides_by("place < 5")) + ("  of a sum: " + decides_by("total < 5")) +
        ("  asking: " + decides_by("x != null and x < 5")) +
        ("  answered: " + decides_by("x < 5", ", if missing: does not hold")) +
        ("  of last year: " + decides_by("last < 5"));
    const std::vector<Row> rows{{}, {{"x", Value(3)}}};
    const Guarded of(rules, rows);
    for (const auto* name : {"of a fact", "of a sum", "asking", "answered"}) {
        INFO(name);
        CHECK(of.has_say(name, 0));
        CHECK_FALSE(of.has_say(name, 1));
    }
    for (const auto* name : {"of itself", "of a rank", "of last year"}) {
        INFO(name);
        CHECK_FALSE(of.has_say(name, 0));
    }
    CHECK_FALSE(Guarded(rules, rows, "fact").has_say("of a fact", 0));  // set from outside
    CHECK(Guarded(rules, rows, "fact").has_say("of a sum", 0));
}

TEST_CASE("an earlier value that rested on blanks has a say, and none that did not") {
    class Rested : public NoHistory {
      public:
        std::optional<exec::Reopened> reopened(const graph::Node&, exec::RecordAt record, std::int32_t) const override {
            if (record.name != "r1") return std::nullopt;
            exec::AbstractValue filled;
            filled.value = Value(7);
            return exec::Reopened{filled, filled};
        }
        std::optional<Value> value(const graph::Node&, exec::RecordAt, std::int32_t) const override { return Value(3); }
    };
    const Guarded of("inputs: {x: {}}\ndecisions:\n  v: " + decides_by("prior(x) < 5"), {{}, {}}, "", Rested());
    CHECK(of.has_say("v", 0));
    CHECK_FALSE(of.has_say("v", 1));
}

TEST_CASE("the last rule that may decide is that of any filling, and none where anything else may") {
    const auto last = [](const std::string& list, const Row& row) {
        return Guarded(
                   "inputs: {x: {min: 0, max: 10}, y: {min: 0}}\nmeasures: {fact: if x = null then 0 else x}\n"
                   "decisions:\n  v:\n    values: [a, b, c]\n    rules:\n" +
                       list,
                   {row})
            .last_to_decide();
    };
    const std::string plain =
        "      - {id: q, when: x > 5, then: a}\n      - {id: r, when: x <= 5, then: b}\n      - {id: s, "
        "when: y > 5, then: c}\n";
    CHECK(last(plain, {{"x", Value(6)}}) == "0");
    CHECK(last(plain, {{"x", Value(5)}}) == "1");
    CHECK(last(plain, {}) == "1");
    CHECK(last(plain + "    otherwise: c\n", {{"x", Value(6)}}) == "0");
    const std::string open = "      - {id: q, when: x > 5, then: a}\n";
    CHECK(last(open, {}) == "none");
    CHECK(last(open + "    otherwise: c\n", {}) == "none");
    CHECK(last(open, {{"x", Value(6)}}) == "0");
    const std::string fact =
        "      - {id: q, when: fact < 5, then: a}\n      - {id: r, when: fact < 8, then: b}\n      - {id: s, when: "
        "fact >= 8, then: c}\n";
    CHECK(last(fact, {{"x", Value(1)}}) == "0");
    CHECK(last(fact, {}) == "2");
}

TEST_CASE("what a value comes to with its blanks put back is kept for later years, rounded outwards") {
    const std::string rules = R"(
inputs: {x: {min: 0, max: 7}, y: {min: 0, max: 1}}
scores:
  s: {missing: {at most: 60 %, then: reweight}, indicators: [{of: x, weight: 50 %, from: 0..7}, {of: y, weight: 50 %, from: 0..7}]}
measures: {fact: if x = null then 1 else x, plain: x + 1, twice: 2 * fact}
decisions:
  low: {values: [a, b], adverse: [b], rules: [{id: r, when: s < 40, then: b}], otherwise: a}
  plainly: {values: [a, b], rules: [{id: r, when: x < 4, then: b}], otherwise: a}
  of fact: {values: [a, b], rules: [{id: r, when: fact < 4, then: b}], otherwise: a}
)";
    const Guarded of(rules,
                     {{{"x", Value(3)}}, {{"x", Value(3)}, {"y", Value(1)}}, {{"y", Value(1)}}, {{"x", Value(1)}}});
    // 3/14 of 100, and up to 4/14 with y.
    CHECK(of.reopened("s", 0) == "21.428571428..28.571428572; 21.428571428..28.571428572");
    CHECK(of.reopened("s", 1) == "no other");
    CHECK(of.reopened("low", 0) == "no other");
    CHECK(of.reopened("fact", 0) == "no other");
    CHECK(of.reopened("fact", 2) == "no other; 0..7");
    CHECK(of.reopened("twice", 2) == "no other; 0..14");
    CHECK(of.reopened("plain", 2) == "no other");
    CHECK(of.reopened("plainly", 2) == "no other");
    CHECK(of.reopened("of fact", 2) == "no other; .. a b");
}
