// What a definition may come to once the blanks of its record are filled: closed where it is the same in every filling,
// else between bounds.
#include <fmt/format.h>

#include "engine/exec/decisions/completions.hpp"
#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/value/cause.hpp"
#include "engine/feel/value/reason.hpp"
#include "engine/wording/say.hpp"
#include "tests/exec/small_rules.hpp"

using namespace zoneval;
using namespace zoneval::testing;
using exec::Blanks;
using feel::Value;

namespace {

class Completed : Evaluated {
  public:
    Completed(const std::string& yaml, const std::vector<Row>& rows, const exec::History& history = no_history())
        : Evaluated(yaml, rows, history), cohort_(evaluation), members_(cohort_), memories_(*graph) {}

    /// What it is in every filling; or `low..high` and what it may be, where that is known.
    std::string of(const std::string& name, std::size_t record, Blanks blanks = Blanks::all) {
        const exec::Completions filled(*graph, cohort_, record, blanks, members_, memories_);
        const auto value = filled.abstract(graph->find(name)->id);
        if (!value.open()) return value.value.to_feel();
        if (feel::missing_kind(value.value.cause()) == feel::Missing::too_small) return "too few";
        const auto shown = [](const std::optional<feel::Decimal>& bound) { return bound ? bound->to_string() : ""; };
        std::string options;
        for (const auto& option : value.options) options += " " + option.to_feel();
        return shown(value.low) + ".." + shown(value.high) + options;
    }
    /// Why a definition is open.
    std::string why(const std::string& name, std::size_t record) {
        const exec::Completions filled(*graph, cohort_, record, Blanks::all, members_, memories_);
        return wording::render(filled.abstract(graph->find(name)->id).value.cause(), wording::Language::en);
    }
    /// Of the first record, what a rule of `v` comes to: its condition, what that lies between, and whether it is
    /// settled.
    std::string rule(std::size_t i, Blanks blanks) {
        const exec::Completions filled(*graph, cohort_, 0, blanks, members_, memories_);
        const auto& rule = std::get<graph::DecisionForm>(graph->find("v")->form).rules[i];
        const auto& when = rule.conditions.front().formula;
        const auto shown = [](const Value& value) { return feel::is_unknown(value) ? "open" : value.to_feel(); };
        const auto settled = filled.settled(*when.expr, when.source);
        return fmt::format("{}, {}", shown(filled.condition(rule)), settled ? shown(*settled) : "not settled");
    }
    std::string outcome(std::size_t i, Blanks blanks) {
        const exec::Completions filled(*graph, cohort_, 0, blanks, members_, memories_);
        const auto& then = std::get<graph::DecisionForm>(graph->find("v")->form).rules[i].then.formula;
        const auto value = filled.value(*then.expr, then.source);
        const auto bounds = filled.bounds(*then.expr, then.source);
        if (!feel::is_unknown(value)) return value.to_feel();
        return bounds->low->to_string() + ".." + bounds->high->to_string();
    }
    std::string now(const std::string& name, std::size_t record) const {
        return evaluation.value(graph->find(name)->id, record).to_feel();
    }

  private:
    exec::EvaluatedCohort cohort_;
    exec::GatheredMembers members_;
    exec::CompletionsMemories memories_;
};

Row at(const char* group, const char* x) {
    Row out{{"g", Value(std::string(group))}};
    if (*x) out["x"] = Value(number(x));
    return out;
}

}  // namespace

TEST_CASE("a blank among others comes to what its lowest and its highest value give") {
    const std::string rules = R"(
inputs: {x: {min: 1.5, max: 2.2}, g: {type: string, values: [p, q, r, alone]}}
measures:
  place: rank(x, g)
  of all: rank(x)
  share: percent rank(x, g)
  total: cohort sum(x, g)
  average: cohort mean(x, g)
  least: cohort min(x, g)
  most: cohort max(x, g)
  middle: cohort median(x, g)
  members: cohort count(x, g)
  dense: dense rank(x, g)
  shared place: average rank(x, g)
)";
    Completed of(rules, {at("p", "1"), at("p", "2"), at("p", "2"), at("p", "2.5"), at("p", ""), at("q", "2.1"),
                         at("q", "2.4"), at("q", ""), at("r", "1.6"), at("r", "1.8"), at("r", ""), at("alone", "")});
    // Of p: 1, 2, 2, 2.5 and itself.
    CHECK(of.of("place", 4) == "2..4");
    CHECK(of.of("of all", 4) == "3..8");
    CHECK(of.of("share", 4) == "0.25..0.75");
    CHECK(of.of("total", 4) == "9..9.7");
    CHECK(of.of("average", 4) == "1.8..1.94");
    CHECK(of.of("least", 4) == "1..1");
    CHECK(of.of("most", 4) == "2.5..2.5");
    CHECK(of.of("middle", 4) == "..");
    CHECK(of.of("members", 4) == "4..5");
    CHECK(of.of("dense", 4) == "1..12");
    CHECK(of.of("shared place", 4) == "1..12");
    // It may be the least, the greatest, or be left behind by one of the others.
    CHECK(of.of("least", 7) == "1.5..2.1");
    CHECK(of.of("most", 7) == "2.4..2.4");
    CHECK(of.of("least", 10) == "1.5..1.6");
    CHECK(of.of("most", 10) == "1.8..2.2");
    // Alone in its group.
    CHECK(of.of("place", 11) == "1..1");
    CHECK(of.of("share", 11) == "..");
    CHECK(of.of("total", 11) == "1.5..2.2");
    CHECK(of.of("least", 11) == "1.5..2.2");
    CHECK(of.of("most", 11) == "1.5..2.2");
    // Who is not blank is where it is.
    CHECK(of.of("place", 0) == of.now("place", 0));
    CHECK(of.of("members", 0) == "4");
}

TEST_CASE("a blank that may be any number is still among as many as there are") {
    Completed of(R"(
inputs: {x: {}}
measures: {place: rank(x), share: percent rank(x), total: cohort sum(x), least: cohort min(x), most: cohort max(x)}
)",
                 {at("", "1"), at("", "2.5"), at("", "")});
    CHECK(of.of("place", 2) == "1..3");
    CHECK(of.of("share", 2) == "0..1");
    CHECK(of.of("total", 2) == "..");
    CHECK(of.of("least", 2) == "..1");
    CHECK(of.of("most", 2) == "2.5..");
}

TEST_CASE("a score that leaves a blank out does not count itself among the others") {
    const std::string rules = R"(
inputs: {x: {min: 0, max: 10}, y: {min: 0, max: 10}, g: {type: string, values: [p, q, r, s]}}
scores:
  s: {missing: {at most: 50 %, then: reweight}, indicators: [{of: x, weight: 80 %, from: 0..10}, {of: y, weight: 20 %, from: 0..10}]}
measures:
  place: rank(s, g)
  share: percent rank(s, g)
  total: cohort sum(s, g)
  average: cohort mean(s, g)
  least: cohort min(s, g)
  most: cohort max(s, g)
  members: cohort count(s, g)
)";
    const auto known = [](const char* group, const char* points) {
        auto out = at(group, points);
        out["y"] = out["x"];
        return out;
    };
    // Each group's last has 40 points, and 32 to 52 with y.
    Completed of(rules, {known("p", "3"), known("p", "3.5"), known("p", "5"), known("p", "6"), at("p", "4"),
                         known("q", "4.5"), known("q", "5"), at("q", "4"), known("r", "3"), known("r", "3.5"),
                         at("r", "4"), known("s", "4"), at("s", "4")});
    CHECK(of.now("s", 4) == "40");
    CHECK(of.of("s", 4) == "32..52");
    CHECK(of.of("place", 4) == "2..4");
    CHECK(of.of("share", 4) == "0.25..0.75");
    CHECK(of.of("total", 4) == "207..227");
    CHECK(of.of("average", 4) == "41.4..45.4");
    CHECK(of.of("least", 4) == "30..30");
    CHECK(of.of("most", 4) == "60..60");
    CHECK(of.of("members", 4) == "5");
    CHECK(of.of("least", 7) == "32..45");
    CHECK(of.of("most", 10) == "35..52");
    // Two have 40 as things are: one of them is another.
    CHECK(of.of("least", 12) == "32..40");
    CHECK(of.of("most", 12) == "40..52");
    CHECK(of.of("total", 12) == "72..92");
}

TEST_CASE("a score that its blank can only lower, or only raise, is first or last at most") {
    const std::string rules = R"(
inputs: {x: {min: 0, max: 10}, y: {min: 0, max: 10}}
scores:
  s: {missing: {at most: 50 %, then: reweight}, indicators: [{of: x, weight: 80 %, from: 0..10}, {of: y, weight: 20 %, from: 0..10}]}
measures: {place: rank(s), share: percent rank(s)}
)";
    const auto known = [](int points) { return Row{{"x", Value(points)}, {"y", Value(points)}}; };
    Completed best(rules, {known(9), known(5), {{"x", Value(10)}}});
    CHECK(best.now("s", 2) == "100");
    CHECK(best.of("s", 2) == "80..100");
    CHECK(best.of("place", 2) == "1..2");
    CHECK(best.of("share", 2) == "0.5..1");
    Completed worst(rules, {known(1), known(5), {{"x", Value(0)}}});
    CHECK(worst.now("s", 2) == "0");
    CHECK(worst.of("s", 2) == "0..20");
    CHECK(worst.of("place", 2) == "2..3");
    CHECK(worst.of("share", 2) == "0..0.5");
}

TEST_CASE("a blank that moves a record to another group counts there, and no more where it was") {
    Completed of(R"(
inputs: {x: {min: 0, max: 5}, y: {min: 0, max: 10}, t: {type: boolean}}
measures:
  kind: 'if x = null or x > 5 then "p" else "q"'
  perhaps: if y > 3 then y else null
  place: rank(y, kind)
  total: cohort sum(y, kind)
  members: cohort count(y, kind)
  those above: cohort count(perhaps, kind)
  yes: cohort count(t, kind)
)",
                 {{{"x", Value(9)}, {"y", Value(1)}},
                  {{"x", Value(1)}, {"y", Value(4)}},
                  {{"x", Value(1)}, {"y", Value(6)}},
                  {{"x", Value(1)}, {"y", Value(2)}},
                  {{"y", Value(5)}, {"t", Value(true)}},
                  {}});
    CHECK(of.now("kind", 4) == "\"p\"");
    CHECK(of.of("kind", 4) == "\"q\"");
    CHECK(of.now("members", 4) == "2");
    CHECK(of.of("members", 4) == "4");
    CHECK(of.of("place", 4) == "2..2");
    CHECK(of.of("total", 4) == "17..17");
    CHECK(of.of("those above", 4) == "3");
    CHECK(of.of("yes", 4) == "..");
    // Its other blank ranges there, too.
    CHECK(of.of("members", 5) == "4");
    CHECK(of.of("place", 5) == "1..4");
    CHECK(of.of("total", 5) == "12..22");
    CHECK(of.of("those above", 5) == "2..3");
}

TEST_CASE("in a group that is not known a rank is one of those there are, and nothing else is known") {
    const std::string rules = R"(
inputs: {x: {min: 0, max: 9}, g: {type: string, values: [p, q]}}
measures:
  place: rank(x, g)
  share: percent rank(x, g)
  total: cohort sum(x, g)
  members: cohort count(x, g)
  perhaps: rank(if x > 2 then x else null, g)
)";
    Completed of(rules, {at("p", "1"), at("p", "2"), at("q", "3"), {{"x", Value(4)}}, {}});
    for (const std::size_t record : {3u, 4u}) {
        INFO(record);
        CHECK(of.of("place", record) == "1..5");
        CHECK(of.of("share", record) == "..");
        CHECK(of.of("total", record) == "..");
        CHECK(of.of("members", record) == "..");
    }
    CHECK(of.of("perhaps", 4) == "..");
    Completed compared("cohort: {smallest group: 2}\n" + rules.substr(1), {at("p", "1"), {{"x", Value(4)}}});
    CHECK(compared.of("place", 1) == "..");
}

TEST_CASE("with too few others nobody is compared, whatever the blank turns out to be") {
    const std::string rules =
        "cohort: {smallest group: 4}\ninputs: {x: {min: 0, max: 9}}\nmeasures: {place: rank(x), average: cohort "
        "mean(x)}\n";
    Completed three(rules, {at("", "1"), at("", "2"), at("", "")});
    CHECK(three.of("place", 2) == "too few");
    CHECK(three.of("average", 2) == "too few");
    Completed four(rules, {at("", "1"), at("", "2"), at("", "3"), at("", "")});
    CHECK(four.of("place", 3) == "1..4");
    CHECK(four.of("average", 3) == "1.5..3.75");
}

TEST_CASE("a record whose value may be null is perhaps not among those that are compared or counted") {
    Completed of(R"(
inputs: {x: {min: 0, max: 9}}
measures:
  perhaps: if x > 2 then x else null
  place: rank(perhaps)
  average: cohort mean(perhaps)
  members: cohort count(perhaps)
  above: cohort count(x > 4)
  absent: 'cohort count(if x = null then false else x > 4)'
  present: 'cohort count(if x = null then true else x > 4)'
  fact: if x = null then 1 else x
  facts: cohort count(fact)
)",
                 {at("", "1"), at("", "5"), at("", "7"), at("", "")});
    CHECK(of.of("place", 3) == "..");
    CHECK(of.of("average", 3) == "..");
    CHECK(of.of("members", 3) == "2..3");
    CHECK(of.of("above", 3) == "2..3");
    CHECK(of.of("absent", 3) == "2..3");
    CHECK(of.now("present", 3) == "3");
    CHECK(of.of("present", 3) == "2..3");
    CHECK(of.of("facts", 3) == "4");  // it is there, whatever it is
}

TEST_CASE("a blank may be whatever its definition allows") {
    Completed of(R"(
inputs: {x: {min: 1, max: 9}, free: {}, t: {type: string, values: [p, q]}, b: {type: boolean}, gone: {blank: not applicable}}
measures: {double: 2 * x, part: 'if b then x else 5', above: x > 9, perhaps: x > 5, known: 'if x = null then 1 else 2'}
decisions:
  v: {values: [a, c], rules: [{id: r, when: x > 5, then: a}], otherwise: c}
  w: {values: [a, c], rules: [{id: r, when: x > 9, then: a}], otherwise: c}
)",
                 {{}});
    CHECK(of.of("x", 0) == "1..9");
    CHECK(of.of("free", 0) == "..");
    CHECK(of.of("t", 0) == ".. \"p\" \"q\"");
    CHECK(of.of("b", 0) == ".. true false");
    CHECK(of.of("gone", 0) == "null");
    CHECK(of.of("double", 0) == "2..18");
    CHECK(of.of("part", 0) == "1..9");
    CHECK(of.of("above", 0) == "false");
    CHECK(of.of("perhaps", 0) == "..");
    CHECK(of.of("known", 0) == "2");
    CHECK(of.of("v", 0) == ".. \"a\" \"c\"");
    CHECK(of.of("w", 0) == "\"c\"");
    // Of scores alone: what an author asks of a blank stands.
    CHECK(of.now("known", 0) == "1");
    CHECK(of.of("known", 0, Blanks::of_scores) == "1");
}

TEST_CASE("an earlier value that is not known may be what its definition allows, or what was kept of it") {
    class Earlier : public NoHistory {
      public:
        std::optional<Value> value(const graph::Node& node, exec::RecordAt, std::int32_t year) const override {
            if (year < 2021) return std::nullopt;
            if (node.name == "known") return Value(4);
            feel::Cause cause;
            cause.missing = feel::Missing::not_reported;
            cause.fact = feel::reasons::missing_value(node.name);
            if (node.name == "m") cause.low = feel::Decimal(2), cause.high = feel::Decimal(3);
            if (node.name == "v") cause.possible = {Value("a"), Value("c")};
            return Value::null(feel::make_cause(std::move(cause)));
        }
    };
    Completed of(R"(
effective: 2021-01-01..2030-12-31
inputs: {x: {min: 1, max: 9}, known: {}}
measures:
  m: x + 1
  of x: prior(x)
  of m: prior(m)
  of v: prior(v)
  of w: prior(w)
  of known: prior(known)
  all x: min(over(x, 2))
  all known: sum(over(known, 2))
  asked: 'if prior(x) = null then 1 else 2'
decisions:
  v: {values: [a, b, c], rules: [{id: r, when: x > 5, then: a}], otherwise: c}
  w: {values: [a, b], rules: [{id: r, when: x > 5, then: a}], otherwise: b}
)",
                 {{{"x", Value(3)}, {"known", Value(1)}}, {}}, Earlier());
    CHECK(of.of("of x", 0) == "1..9");
    CHECK(of.of("of m", 0) == "2..3");
    CHECK(of.of("of v", 0) == ".. \"a\" \"c\"");
    CHECK(of.of("of w", 0) == ".. \"a\" \"b\"");
    CHECK(of.of("of known", 0) == "4");
    CHECK(of.of("all x", 0) == "..");
    CHECK(of.of("all known", 0) == "5");
    CHECK(of.of("all known", 1) == "..");  // this year's is blank
    CHECK(of.of("asked", 0) == "2");
    CHECK(of.of("asked", 0, Blanks::of_scores) == "1");
}

TEST_CASE("who leaves all its fillings to one reading finds what is put back, and only that") {
    class PutBack : public NoHistory {
      public:
        std::optional<Value> value(const graph::Node&, exec::RecordAt, std::int32_t) const override {
            return Value(30);
        }
        std::optional<exec::Reopened> reopened(const graph::Node&, exec::RecordAt, std::int32_t) const override {
            const exec::AbstractValue filled{
                Value::missing(feel::Missing::not_reported, feel::reasons::left_out("m", 2022)),
                number("20"),
                number("45"),
                {}};
            return exec::Reopened{std::nullopt, filled};
        }
    };
    Completed of("inputs: {x: {}}\nmeasures: {m: x, last: prior(m), all: 'min(over(m, 2))'}\n", {{{"x", Value(1)}}},
                 PutBack());
    CHECK(of.of("last", 0) == "20..45");
    CHECK(of.of("last", 0, Blanks::of_scores) == "30");
    CHECK(of.of("all", 0) == "..");
    CHECK(of.of("all", 0, Blanks::of_scores) == "1");
}

TEST_CASE("a rule is read over all fillings, or over those of scores alone, where what it asks of a blank stands") {
    Completed of(R"(
inputs: {x: {min: 0, max: 10}, y: {min: 30, max: 40}}
decisions:
  v:
    rules:
      - {id: asks, when: x = null, then: 'if x = null then y else x'}
      - {id: never, when: x > 10, then: 1}
      - {id: may, when: x > 5, then: 'if x = null then 1 else 2'}
      - {id: answered, when: x > 5, then: 1, if missing: holds}
      - {id: above, when: x > 5, then: 1, if missing: {late: holds}}
)",
                 {{}});
    CHECK(of.rule(0, Blanks::of_scores) == "true, true");
    CHECK(of.rule(0, Blanks::all) == "false, false");
    CHECK(of.rule(1, Blanks::all) == "false, false");
    CHECK(of.rule(2, Blanks::all) == "open, not settled");
    CHECK(of.rule(3, Blanks::of_scores) == "true, not settled");
    CHECK(of.rule(3, Blanks::all) == "open, not settled");
    CHECK(of.rule(4, Blanks::of_scores) == "open, not settled");
    CHECK(of.outcome(0, Blanks::of_scores) == "30..40");
    CHECK(of.outcome(0, Blanks::all) == "0..10");
    CHECK(of.outcome(2, Blanks::of_scores) == "1");
    CHECK(of.outcome(2, Blanks::all) == "2");
}

TEST_CASE("a score, an input and their years before are there once all blanks are filled, a formula may give null") {
    class Unknown : public NoHistory {
      public:
        std::optional<Value> value(const graph::Node& node, exec::RecordAt, std::int32_t) const override {
            return Value::missing(feel::Missing::not_reported, feel::reasons::missing_value(node.name));
        }
    };
    Completed of(R"(
inputs: {x: {min: 0, max: 10}}
scores: {s: {indicators: [{of: x, weight: 100 %, from: 0..10}]}}
measures:
  m: if x > 5 then x else null
  of s: if s = null then 1 else 2
  of prior s: if prior(s) = null then 1 else 2
  of prior x: if prior(x) = null then 1 else 2
  of m: if m = null then 1 else 2
  of prior m: if prior(m) = null then 1 else 2
  of list: if over(m, 2) = null then 1 else 2
)",
                 {{}}, Unknown());
    for (const auto* name : {"of s", "of prior s", "of prior x", "of list"}) {
        INFO(name);
        CHECK(of.of(name, 0) == "2");
    }
    CHECK(of.of("of m", 0) == "1..2 1 2");
    CHECK(of.of("of prior m", 0) == "1..2 1 2");
}

TEST_CASE("why a score is open says what it is as things are, and between what it lies") {
    Completed of(R"(
inputs: {x: {min: 0, max: 10}, y: {min: 0, max: 10}}
scores:
  s: {missing: {at most: 50 %, then: reweight}, indicators: [{of: x, weight: 80 %, from: 0..10}, {of: y, weight: 20 %, from: 0..10}]}
measures: {m: s + 1, fact: 'if y = null then 1 else y'}
)",
                 {{{"x", Value(4)}}});
    CHECK(of.why("s", 0).find("40") != std::string::npos);
    CHECK(of.why("s", 0).find("32") != std::string::npos);
    CHECK(of.why("s", 0).find("52") != std::string::npos);
    CHECK(of.of("fact", 0) == "0..10");
    CHECK(of.why("fact", 0).find("10") == std::string::npos);  // its own value is no score
}
