#include <random>

#include "engine/feel/eval.hpp"
#include "tests/exec/small_rules.hpp"

using namespace zoneval;
using namespace zoneval::testing;
using feel::Value;
using Texts = std::vector<std::string>;

namespace {

const std::string ladder = R"(
inputs: {x: {}, y: {}, r: {type: string, values: [ok, failed]}}
decisions:
  v:
    values: [praise, none, interview]
    adverse: [interview]
    rules:
      - {id: good, when: x > 90, then: praise}
      - {id: bad, when: y < 10 or r = "failed", then: interview}
    otherwise: none
)";

exec::Evaluation run(const std::shared_ptr<const graph::Graph>& graph, Table& data, const std::vector<Row>& rows) {
    data = table(*graph, rows);
    return exec::evaluate(*graph, data, NoHistory());
}

}  // namespace

TEST_CASE("an adverse outcome is never given while a rule before it is unknown") {
    const auto graph = build(ladder);
    Table data;
    const auto e = run(graph, data, {{{"y", number("5")}, {"r", "ok"}}, {{"x", number("50")}, {"r", "failed"}}, {{"x", number("50")}, {"y", number("50")}}});
    CHECK(outcome(e, "v", 0).undetermined);      // x is missing: praise or interview
    CHECK(texts(outcome(e, "v", 0).possible) == Texts{"praise", "interview"});
    CHECK(outcome(e, "v", 0).waiting_for == Texts{"x"});
    CHECK_FALSE(outcome(e, "v", 1).undetermined);        // y is missing, but the rule holds either way
    CHECK(column(e, "v")[1] == "\"interview\"");
    CHECK(texts(outcome(e, "v", 2).possible) == Texts{"none", "interview"});
    CHECK(outcome(e, "v", 2).waiting_for == Texts{"r"});
}

TEST_CASE("a condition that holds whatever the blank turns out to be is settled") {
    const auto graph = build("inputs: {x: {}}\ndecisions:\n  v:\n    values: [a, b]\n    adverse: [a]\n    rules: [{id: one, when: x > 5 or x <= 5, then: a}]\n    otherwise: b\n");
    Table data;
    const auto e = run(graph, data, {{}});
    CHECK(column(e, "v") == Texts{"\"a\""});
    CHECK(outcome(e, "v", 0).rule == 0);
}

TEST_CASE("two rules that agree settle an outcome, but not an adverse one") {
    const std::string yaml = "inputs: {x: {}}\ndecisions:\n  v:\n    values: [a, b]\nADVERSE    rules:\n      - {id: one, when: x > 5, then: a}\n      - {id: two, when: true, then: a}\n";
    const auto with = [&](const std::string& adverse) {
        auto text = yaml;
        text.replace(text.find("ADVERSE"), 7, adverse);
        const auto graph = build(text);
        Table data;
        return run(graph, data, {{}}).outcomes.begin()->second[0].undetermined;
    };
    CHECK_FALSE(with(""));
    CHECK(with("    adverse: [a]\n"));
}

TEST_CASE("asking whether a datum is missing is never unknown") {
    const auto graph = build("inputs: {x: {}}\ndecisions:\n  v: {values: [a, b], rules: [{id: one, when: x = null, then: a}], otherwise: b}\n");
    Table data;
    const auto e = run(graph, data, {{}, {{"x", number("1")}}});
    CHECK(column(e, "v") == Texts{"\"a\"", "\"b\""});
}

TEST_CASE("a datum that is not applicable is known to be absent") {
    const auto graph = build("inputs: {r: {type: string, values: [ok, failed], blank: not applicable}}\ndecisions:\n  v: {values: [a, b], adverse: [a], rules: [{id: one, when: r = \"failed\", then: a}], otherwise: b}\n");
    Table data;
    CHECK(column(run(graph, data, {{}}), "v") == Texts{"\"b\""});
}

TEST_CASE("a rule may say what its condition counts as for a kind of missing") {
    const auto outcome_of = [](const std::string& if_missing) {
        const auto graph = build("inputs: {x: {blank: late}}\ndecisions:\n  v:\n    values: [a, c]\n    rules: [{id: one, when: x > 5, then: a" + if_missing + "}]\n    otherwise: c\n");
        Table data;
        const auto e = run(graph, data, {{}});
        return outcome(e, "v", 0).undetermined ? "open" : e.value(graph->find("v")->id, 0).to_string();
    };
    CHECK(outcome_of("") == "open");
    CHECK(outcome_of(", if missing: {late: holds}") == "a");
    CHECK(outcome_of(", if missing: {suppressed: holds}") == "open");
    CHECK(outcome_of(", if missing: does not hold") == "c");
}

TEST_CASE("an outcome expression with branches leaves its branches open") {
    const auto graph = build("inputs: {x: {}}\ndecisions:\n  v:\n    values: [a, b, c]\n    rules: [{id: one, when: true, then: 'if x > 5 then \"a\" else \"b\"'}]\n");
    Table data;
    const auto e = run(graph, data, {{}});
    CHECK(texts(outcome(e, "v", 0).possible) == Texts{"a", "b"});
}

TEST_CASE("the shortest list of data that would settle an outcome") {
    const auto graph = build(R"(
inputs: {x: {}, y: {}, z: {}}
decisions:
  v:
    values: [a, b]
    rules:
      - {id: one, when: x > 5 and y > 5 and z > 5, then: a}
      - {id: two, when: x > 5, then: a}
    otherwise: b
)");
    Table data;
    const auto e = run(graph, data, {{}});
    CHECK(outcome(e, "v", 0).waiting_for == Texts{"x"});
}

TEST_CASE("a decision that reads an undetermined decision waits for the same data") {
    const auto graph = build(R"(
inputs: {x: {}}
decisions:
  class: {values: [A, B], rules: [{id: one, when: x > 5, then: A}], otherwise: B}
  v: {values: [in, out], adverse: [out], rules: [{id: two, when: class = "B", then: out}], otherwise: in}
)");
    Table data;
    const auto e = run(graph, data, {{}});
    CHECK(outcome(e, "v", 0).undetermined);
    CHECK(outcome(e, "v", 0).waiting_for == Texts{"x"});
}

// ---- against brute force -------------------------------------------------------------------------------------------

namespace {

/// Small rule sets over three numbers 0..3, a text and a yes or no, so that every way to fill the blanks can be tried.
struct Generator {
    std::mt19937 random;
    bool pairs = false;                          ///< also compare blanks with each other
    int pick(int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); }

    std::string atom() {
        const char* number_names[] = {"x", "y", "z"};
        const char* operators[] = {"<", "<=", ">", ">=", "=", "!="};
        switch (pick(pairs ? 7 : 6)) {
            case 0: return std::string("t = \"") + (pick(2) ? "p" : "q") + "\"";
            case 1: return "b";
            case 2: return std::string(number_names[pick(3)]) + " in [" + std::to_string(pick(2)) + ".." + std::to_string(2 + pick(2)) + "]";
            case 6: return std::string(number_names[pick(3)]) + (pick(2) ? " < " : " = ") + number_names[pick(3)];
            case 3: return "t in (\"p\", \"r\")";
            default: return std::string(number_names[pick(3)]) + " " + operators[pick(6)] + " " + std::to_string(pick(4));
        }
    }
    std::string condition(int depth) {
        if (depth == 0 || pick(3) == 0) return pick(5) == 0 ? "not(" + atom() + ")" : atom();
        return "(" + condition(depth - 1) + (pick(2) ? " and " : " or ") + condition(depth - 1) + ")";
    }
    std::string outcome() { return std::string(1, static_cast<char>('a' + pick(3))); }

    std::string rules() {
        std::string out = "inputs:\n";
        for (const auto* name : {"x", "y", "z"}) out += std::string("  ") + name + ": {min: 0, max: 3}\n";
        out += "  t: {type: string, values: [p, q, r]}\n  b: {type: boolean}\n";
        out += "decisions:\n  v:\n    values: [a, b1, c]\n";
        if (pick(2)) out += "    adverse: [c]\n";
        out += "    rules:\n";
        const char* outcomes[] = {"a", "b1", "c"};
        for (int i = 0, n = 1 + pick(4); i < n; ++i)
            out += "      - {id: r" + std::to_string(i) + ", when: '" + condition(2) + "', then: " + outcomes[pick(3)] + "}\n";
        return out + "    otherwise: " + outcomes[pick(3)] + "\n";
    }
    Row row() {
        Row out;
        for (const auto* name : {"x", "y", "z"})
            if (pick(2)) out[name] = Value(pick(4));
        if (pick(2)) out["t"] = Value(std::string(1, static_cast<char>('p' + pick(3))));
        if (pick(2)) out["b"] = Value(pick(2) == 1);
        return out;
    }
};

/// Halves as well as whole numbers, since a blank number need not be whole.
void fill_all(const Row& row, std::size_t next, Row& filled, const std::function<void(const Row&)>& f) {
    static const std::vector<std::pair<std::string, std::vector<Value>>> domains = [] {
        std::vector<Value> numbers;
        for (int half = 0; half <= 6; ++half) numbers.emplace_back(feel::Decimal(half) / feel::Decimal(2));
        return std::vector<std::pair<std::string, std::vector<Value>>>{
            {"x", numbers}, {"y", numbers}, {"z", numbers}, {"t", {"p", "q", "r"}}, {"b", {Value(true), Value(false)}}};
    }();
    if (next == domains.size()) return f(filled);
    const auto& [name, values] = domains[next];
    if (row.contains(name)) return fill_all(row, next + 1, filled, f);
    for (const auto& value : values) {
        filled[name] = value;
        fill_all(row, next + 1, filled, f);
    }
    filled.erase(name);
}

}  // namespace

TEST_CASE("possible outcomes are those that filling the blanks gives, on 10,000 random rule sets") {
    Generator generate{std::mt19937(20260101)};
    std::size_t open = 0;
    for (int round = 0; round < 10'000; ++round) {
        generate.pairs = round % 4 == 3;
        const auto yaml = generate.rules();
        const auto row = generate.row();
        INFO(yaml);
        const auto graph = build(yaml);
        Table data;
        const auto e = run(graph, data, {row});
        const auto& o = outcome(e, "v", 0);

        std::vector<Row> fillings;
        Row filled = row;
        fill_all(row, 0, filled, [&](const Row& r) { fillings.push_back(r); });
        Table all;
        const auto filled_in = run(graph, all, fillings);
        std::vector<std::string> reachable;
        bool one_rule = true;
        for (const auto& declared : {"a", "b1", "c"})
            for (std::size_t i = 0; i < fillings.size(); ++i)
                if (filled_in.value(graph->find("v")->id, i).to_string() == declared) {
                    reachable.emplace_back(declared);
                    break;
                }
        for (std::size_t i = 1; i < fillings.size(); ++i) one_rule &= outcome(filled_in, "v", i).rule == outcome(filled_in, "v", 0).rule;

        if (o.undetermined) {
            ++open;
            if (generate.pairs) {                // a superset: x < y and y < z do not know of each other
                for (const auto& outcome : reachable) {
                    const auto possible = texts(o.possible);
                    CHECK(std::find(possible.begin(), possible.end(), outcome) != possible.end());
                }
                continue;
            }
            CHECK(texts(o.possible) == reachable);
            CHECK((reachable.size() == 1 || !o.waiting_for.empty()));
        } else {
            CHECK(reachable == Texts{e.value(graph->find("v")->id, 0).to_string()});
        }
        const bool adverse = reachable == Texts{"c"} && yaml.find("adverse") != std::string::npos;
        CHECK(o.undetermined == (reachable.size() > 1 || (adverse && !one_rule)));
    }
    CHECK(open > 1000);                          // the test would say little otherwise
}
