// The evaluation by columns against the reference evaluation.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>

#include "engine/exec/by_columns/column_evaluation.hpp"
#include "engine/exec/columns/kernels.hpp"
#include "engine/feel/value/cause.hpp"
#include "engine/wording/say.hpp"
#include "random_rules.hpp"
#include "tests/exec/differences.hpp"

using namespace zoneval;
using namespace zoneval::testing;

namespace {

std::string text_of(const std::vector<Row>& rows) {
    std::string out;
    for (const auto& row : rows) {
        for (const auto& [name, value] : row) out += name + ": " + value.to_feel() + "  ";
        out += "\n";
    }
    return out;
}

/// A smaller set of records with a difference, by leaving records out as long as one remains.
std::vector<Row> shrunk(const graph::Graph& graph, std::vector<Row> rows, const exec::History& history) {
    for (std::size_t i = rows.size(); i-- > 0;) {
        auto fewer = rows;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        const auto data = table(graph, fewer);
        if (!difference(exec::evaluate(graph, data, history), exec::evaluate_columns(graph, data, history)).empty())
            rows = fewer;
    }
    return rows;
}

std::size_t pairs_wanted() {
    const auto* text = std::getenv("ZONEVAL_PAIRS");
    return text ? static_cast<std::size_t>(std::atoll(text)) : 100'000;
}

}  // namespace

TEST_CASE("columns give what the reference evaluator gives, for random rule sets and records") {
    constexpr std::size_t records = 50;
    const auto first = std::getenv("ZONEVAL_SEED") ? std::atoll(std::getenv("ZONEVAL_SEED")) : 1;
    std::size_t built = 0, refused = 0;
    for (std::uint64_t seed = static_cast<std::uint64_t>(first); built * records < pairs_wanted(); ++seed) {
        RandomRules random(seed);
        const auto yaml = random.rules();
        Diagnostics found;
        const auto graph = build(yaml, found);
        if (!graph || found.has_errors()) {  // an adverse rule that asks for null, say: few are refused
            ++refused;
            INFO(render_text(found, false) << "\n" << yaml);
            REQUIRE(refused < built / 2 + 10);
            continue;
        }
        ++built;
        std::vector<Row> rows;
        for (std::size_t i = 0; i < records; ++i) rows.push_back(random.record());
        const auto data = table(*graph, rows);
        const auto history = random.history(records);
        const auto reference = exec::evaluate(*graph, data, history);
        const auto different = difference(reference, exec::evaluate_columns(*graph, data, history));
        exec::ColumnOptions one_by_one;
        one_by_one.when_asked = true;
        if (const auto asked = difference(reference, exec::evaluate_columns(*graph, data, history, one_by_one));
            different.empty() && !asked.empty())
            FAIL("seed " << seed << ", when asked: " << asked << "\nrules:\n" << yaml);
        if (different.empty()) continue;
        const auto few = shrunk(*graph, rows, history);
        const auto small = table(*graph, few);
        const auto story =
            "seed " + std::to_string(seed) + ": " +
            difference(exec::evaluate(*graph, small, history), exec::evaluate_columns(*graph, small, history)) +
            "\n(first seen as: " + different + ")\nrecords:\n" + text_of(few) + "rules:\n" + yaml;
        if (const auto* folder = std::getenv("ZONEVAL_KEEP"))
            std::ofstream(folder + ("/seed-" + std::to_string(seed)) + ".txt") << story;
        FAIL(story);
    }
    CHECK(built * records >= pairs_wanted());
}

namespace {

/// Everything that is kept of a record: decisions with their rules, scores and measures.
std::vector<std::string> fingerprints(const exec::Evaluation& e) {
    std::vector<std::string> out(e.size());
    for (std::size_t i = 0; i < e.size(); ++i) {
        for (const auto id : e.decisions) {
            const auto o = e.outcome(id, i);
            out[i] += e.value(id, i).to_feel() + " by " + shown(o) + "; ";
        }
        for (const auto& node : e.graph->nodes)
            if (node.kept || node.kind == graph::NodeKind::measure) out[i] += e.value(node.id, i).to_feel() + "; ";
    }
    return out;
}

struct Case {
    std::shared_ptr<const graph::Graph> graph;
    std::vector<Row> rows;
};

/// The first rule sets that build, each with more records than a batch has rows.
std::vector<Case> cases(std::size_t wanted, std::size_t records) {
    std::vector<Case> out;
    for (std::uint64_t seed = 5000; out.size() < wanted; ++seed) {
        RandomRules random(seed);
        Diagnostics found;
        const auto graph = build(random.rules(), found);
        if (!graph || found.has_errors()) continue;
        out.push_back({graph, {}});
        for (std::size_t i = 0; i < records; ++i) out.back().rows.push_back(random.record());
    }
    return out;
}

}  // namespace

TEST_CASE("neither threads nor batches nor the instruction set change an outcome") {
    std::vector<const exec::Kernels*> sets{&exec::kernels_base};
    if (exec::kernels().name != exec::kernels_base.name) sets.push_back(&exec::kernels());
    if (exec::kernels().name == exec::kernels_v4.name) sets.push_back(&exec::kernels_v3);
    const NoHistory history;
    for (const auto& c : cases(6, 2500)) {
        const auto data = table(*c.graph, c.rows);
        const auto expected = fingerprints(exec::evaluate_columns(*c.graph, data, history));
        for (const auto* set : sets)
            for (const std::size_t batch : {1u, 7u, 1024u, 5000u})
                for (const unsigned threads : {1u, 3u}) {
                    exec::ColumnOptions options;
                    options.threads = threads;
                    options.batch = batch;
                    options.kernels = set;
                    INFO(set->name << ", " << batch << " rows a batch, " << threads << " threads");
                    CHECK(fingerprints(exec::evaluate_columns(*c.graph, data, history, options)) == expected);
                }
    }
}

TEST_CASE("the order of the rows changes no outcome") {
    const NoHistory history;
    for (auto& c : cases(10, 300)) {
        const auto forwards = fingerprints(exec::evaluate_columns(*c.graph, table(*c.graph, c.rows), history));
        std::reverse(c.rows.begin(), c.rows.end());
        auto backwards = fingerprints(exec::evaluate_columns(*c.graph, table(*c.graph, c.rows), history));
        std::reverse(backwards.begin(), backwards.end());
        CHECK(backwards == forwards);
    }
}

TEST_CASE("whole numbers further apart than a double can count keep their ranks") {
    const auto graph = build(R"(
inputs: {x: {type: number}}
measures: {place: {is: rank(x)}}
)");
    const auto data = table(*graph, {{{"x", number("9007199254740990")}},
                                     {{"x", number("-6")}},
                                     {{"x", number("9007199254740991")}},
                                     {{"x", number("-5")}}});
    const NoHistory history;
    CHECK(column(exec::evaluate_columns(*graph, data, history), "place") ==
          std::vector<std::string>{"2", "4", "1", "3"});
}

TEST_CASE("a written null beside a datum that does not apply is no failed operation, in whatever decimals") {
    const auto graph = build(R"X(
inputs: {x: {type: number}, y: {type: number, blank: not applicable}}
measures:
  m: {is: "max(if x > 1 then null else 2.5, y)"}
  same: {is: "if m = x then 1 else 2"}
  place: {is: rank(same)}
)X");
    const auto data = table(*graph, {{{"x", number("7")}}, {{"x", number("0")}, {"y", number("3.25")}}});
    const NoHistory history;
    const std::vector<std::string> expected{"1", "1"};
    CHECK(column(exec::evaluate(*graph, data, history), "place") == expected);
    CHECK(column(exec::evaluate_columns(*graph, data, history), "place") == expected);
}

TEST_CASE("a number too small for a double is no zero") {
    const auto graph = build(R"X(
inputs: {x: {type: number}, y: {type: number}}
measures:
  small: {is: exp(x)}
  place: {is: rank(1 / small)}
  other: {is: rank(1 / y)}
)X");
    const auto data =
        table(*graph, {{{"x", number("-1000")}, {"y", number("1e-400")}}, {{"x", number("0")}, {"y", number("1")}}});
    const NoHistory history;
    const auto e = exec::evaluate_columns(*graph, data, history);
    CHECK(column(e, "place") == std::vector<std::string>{"1", "2"});
    CHECK(column(e, "other") == std::vector<std::string>{"1", "2"});
}

TEST_CASE("records that compare with too few others share their outcomes with those alike") {
    const auto graph = build(R"X(
cohort: {smallest group: 5}
inputs: {x: {min: 0}, before: {min: 1}, y: {min: 0}, z: {min: 0}, kind: {type: string, values: [a, b], required: true}}
measures: {growth: "(x - before) / before"}
scores:
  overall:
    scale: 0..100
    missing: {at most: 60 %, then: reweight}
    indicators:
      - {of: growth, weight: 40 %, normalise: percent rank, within: kind}
      - {of: y, weight: 30 %, normalise: percent rank, within: kind}
      - {of: z, weight: 30 %, normalise: percent rank, within: kind}
decisions:
  verdict:
    values: [none, low]
    adverse: [low]
    rules: [{id: low, when: "percent rank(overall, kind) < 0.2", then: low}]
    otherwise: none
)X");
    std::vector<Row> rows;
    for (int i = 0; i < 600; ++i) {
        Row row{{"kind", feel::Value(i % 3 == 0 ? "a" : "b")}};
        if (i % 7 != 0) row["x"] = feel::Value(feel::Decimal(i + 1));
        if (i % 5 != 0) row["y"] = feel::Value(feel::Decimal(i * 37 % 600));
        if (i < 6) row["before"] = feel::Value(feel::Decimal(2 * i + 1));
        if (i % 11 != 0) row["z"] = feel::Value(feel::Decimal(i * 91 % 600));
        rows.push_back(std::move(row));
    }
    const auto data = table(*graph, rows);
    const NoHistory history;
    exec::ColumnReport report;
    exec::ColumnOptions options;
    options.report = &report;
    const auto by_columns = exec::evaluate_columns(*graph, data, history, options);
    const auto reference = exec::evaluate(*graph, data, history);
    CHECK(difference(reference, by_columns) == "");
    const auto verdict = graph->find("verdict")->id;
    std::size_t open = 0, failed = 0;
    for (std::size_t i = 0; i < reference.size(); ++i) {
        const auto outcome = reference.outcome(verdict, i);
        if (const auto* one = outcome.open()) ++open, failed += one->failed.empty() ? 0 : 1;
    }
    CHECK(open > 50);
    CHECK(failed > 20);  // "its group has 2 with a value, and 5 are asked for"
    for (const auto& entry : report.entries)
        if (entry.node == verdict) {
            INFO(entry.why);
            CHECK(entry.by_record < open / 4);
        }
}

TEST_CASE("who asks about one record, then about a sum over all that were decided, is told what all are told") {
    const auto graph = build(R"X(
inputs: {x: {min: 0}, y: {min: 0}}
measures:
  low ones: {is: 'cohort sum(if verdict = "low" then 1 else 0)'}
scores:
  overall: {scale: 0..100, missing: {at most: 60 %, then: reweight}, normalise: min-max, indicators: [{of: x, weight: 50 %}, {of: y, weight: 50 %}]}
decisions:
  verdict: {values: [none, low], adverse: [low], rules: [{id: low, when: rank(overall) > 20, then: low}], otherwise: none}
)X");
    std::vector<Row> rows;
    for (int i = 0; i < 60; ++i) {
        Row row;
        if (i % 4 != 0) row["x"] = feel::Value(feel::Decimal(i * 7 % 60));
        if (i % 5 != 0) row["y"] = feel::Value(feel::Decimal(i * 11 % 60));
        rows.push_back(std::move(row));
    }
    const auto data = table(*graph, rows);
    const NoHistory history;
    exec::ColumnOptions options;
    options.when_asked = true;
    const auto one_by_one = exec::evaluate_columns(*graph, data, history, options);
    const auto reference = exec::evaluate(*graph, data, history);
    const auto verdict = graph->find("verdict")->id, low = graph->find("low ones")->id;
    CHECK(shown(one_by_one.outcome(verdict, 4)) == shown(reference.outcome(verdict, 4)));
    CHECK(shown(one_by_one.value(low, 4)) == shown(reference.value(low, 4)));
    CHECK(difference(reference, one_by_one) == "");
}

TEST_CASE("a profile names every definition that was left to the reference evaluator") {
    const auto graph = build(R"X(
inputs: {x: {type: number}}
measures: {growth: {is: "stddev([x, x ** 3])"}, twice: {is: 2 * x}}
decisions:
  size: {values: [small, large], rules: [{id: big, when: growth > 5 and twice > 1, then: large}], otherwise: small}
)X");
    const auto data = table(*graph, {{{"x", number("9")}}, {{"x", number("1")}}});
    exec::ColumnReport report;
    exec::ColumnOptions options;
    options.report = &report;
    const NoHistory history;
    const auto e = exec::evaluate_columns(*graph, data, history, options);
    CHECK(column(e, "size") == std::vector<std::string>{"\"large\"", "\"small\""});
    const auto entry = [&](const std::string& name) {
        const auto id = graph->find(name)->id;
        const auto found =
            std::find_if(report.entries.begin(), report.entries.end(), [&](const auto& x) { return x.node == id; });
        return found == report.entries.end() ? exec::ColumnReport::Entry{} : *found;
    };
    CHECK(entry("growth").by_record == 2);
    CHECK(entry("growth").why == "no kernel for its form");
    CHECK(entry("twice").by_record == 0);
    CHECK(report.records == 2);
}

namespace {

/// How many records were left to the reference evaluator; both evaluators must agree.
std::size_t in_doubt(const std::string& yaml, const std::vector<Row>& rows) {
    const auto graph = build(yaml);
    const auto data = table(*graph, rows);
    exec::ColumnReport report;
    exec::ColumnOptions options;
    options.report = &report;
    const NoHistory none;
    const auto e = exec::evaluate_columns(*graph, data, none, options);
    CHECK(difference(exec::evaluate(*graph, data, none), e) == "");
    return report.in_doubt;
}

std::string warns(const std::string& measure, const std::string& rules) {
    return "inputs:\n  x: {type: number, max: 100}\n  y: {type: number}\nmeasures:\n  m: {is: '" + measure +
           "'}\ndecisions:\n  verdict:\n"
           "    values: [none, praise, warn]\n    adverse: [warn]\n    rules:\n" +
           rules + "    otherwise: none\n";
}

const std::vector<Row> nothing_missing{{{"x", 1}, {"y", 1}}, {{"x", 1}, {"y", 9}}}, no_x{{{"y", 1}}},
    no_x_but_adverse{{{"y", 9}}}, no_y{{{"x", 1}}};

}  // namespace

TEST_CASE("a blank behind an adverse rule leaves a record to the reference evaluator only where it can matter") {
    const auto rules = warns("if x = null then 0 else x",
                             "      - {id: r, when: y > 5, then: warn}\n      - {id: s, when: m > 3, then: praise}\n");
    CHECK(in_doubt(rules, nothing_missing) == 0);
    CHECK(in_doubt(rules, no_x) == 0);  // what is not adverse may rest on the authors' question
    CHECK(in_doubt(rules, no_x_but_adverse) == 1);
    CHECK(in_doubt(rules, no_y) == 1);  // it waits for y
}

TEST_CASE("what a second look may see otherwise is left to the reference evaluator") {
    // It does not see through abs, and sees that x is at most 100.
    CHECK(in_doubt(warns("abs(if x = null then 0 else x)", "      - {id: r, when: m > 3, then: warn}\n"), no_x) == 1);
    CHECK(in_doubt(warns("if x = null then 0 else x",
                         "      - {id: r, when: x <= 100 and m < y, then: warn, if missing: does not hold}\n"),
                   no_x) == 1);
    CHECK(in_doubt(warns("if (x <= 100) = null then 0 else 5", "      - {id: r, when: m > 3, then: warn}\n"), no_x) ==
          1);
    // A rule that is passed over for want of x, and an outcome that a formula computes.
    CHECK(in_doubt(warns("x + 1", "      - {id: r, when: m > 3, then: warn, if missing: does not hold}\n"), no_x) == 1);
    CHECK(in_doubt(warns("if x = null then 0 else x",
                         "      - {id: r, when: m < 3, then: 'if y > 5 then \"none\" else \"praise\"'}\n      - {id: "
                         "s, when: y > 99, then: warn}\n"),
                   no_x) == 1);
}

TEST_CASE("a score that left something out leaves a record to the reference evaluator where an outcome is adverse") {
    const std::string rules =
        "inputs:\n  x: {type: number}\n  y: {type: number}\nscores:\n  s:\n    missing: zero\n    indicators:\n"
        "      - {of: x, weight: 50 %, from: 0..10}\n      - {of: y, weight: 50 %, from: 0..10}\ndecisions:\n  "
        "verdict:\n"
        "    values: [none, warn]\n    adverse: [warn]\n    rules:\n      - {id: r, when: s < 30, then: warn}\n    "
        "otherwise: none\n";
    CHECK(in_doubt(rules, nothing_missing) == 0);
    CHECK(in_doubt(rules, no_x_but_adverse) == 1);  // 45 points, and up to 95
}

TEST_CASE("a written null stays one when its column is brought to another scale") {
    const std::string rules =
        "inputs:\n  x: {type: number}\n  y: {type: number}\nmeasures:\n  m: {is: 'x * prior(x) + (if y > 3 then 0.3 "
        "else null)'}\n"
        "  n: {is: 'if m < 0 then x else y'}\n  r: {is: rank(n)}\ndecisions:\n  d:\n    values: [a, b]\n    rules:\n"
        "      - {id: r, when: r > 1, then: a}\n    otherwise: b\n";
    CHECK(in_doubt(rules, {{{"x", number("1.9999")}, {"y", 1}}, {{"x", number("8.5")}, {"y", 2}}}) == 0);
}
