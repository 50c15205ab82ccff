// Records whose blanks may decide share outcomes by columns: where what comes of them hangs on the same. Against the
// reference evaluator, for records of which many are alike.
#include <fmt/format.h>

#include <random>

#include "tests/exec/differences.hpp"
#include "tests/exec/small_rules.hpp"

using namespace zoneval;
using namespace zoneval::testing;

namespace {

class Drawn {
  public:
    explicit Drawn(std::uint32_t seed) : random_(seed) {}
    int of(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

    /// On a blank `x`, on others beside it, and on names compared with each other.
    std::string condition() {
        const std::string parts[] = {
            "x > 10", "x <= 25",  "x / 2 + p < 20", "p > q",     "q >= p * 0.5",  "flag",       "not(flag)",
            "met",    "not(met)", "left > 0",       "left >= 2", "text = \"ab\"", "q ** 2 > 50"};
        return parts[of(13)] + (of(2) == 0 ? " and " : " or ") + parts[of(13)];
    }
    std::string rules() {
        return fmt::format(
            "inputs: {{x: {{min: 0, max: 40}}, p: {{min: 0, max: 40}}, q: {{min: 0, max: 40}}, flag: {{type: "
            "boolean}}, "
            "text: {{type: string}}}}\nmeasures:\n  met: {{is: '{}'}}\n  left: {{is: 'if flag and met then 3 else if p "
            "> 9 "
            "then 1 else 0'}}\n  unmet: {{is: 'string join([if x > 10 then \"x\" else null, if p > q then \"p\" else "
            "null], \"; \")'}}\n  power: {{is: 'q ** 1.5'}}\n  height: {{is: 'if list contains(kinds, \"two\") then 2 "
            "else if "
            "list contains(kinds, \"one\") then 1 else 0'}}\ndecisions:\n  v:\n    values: [good, none, warn]\n    "
            "adverse: "
            "[warn]\n    rules:\n      - {{id: r1, when: '{}', then: good}}\n      - {{id: r2, when: '{}', then: warn, "
            "because: '{{unmet}}'}}\n    otherwise: none\n  kinds:\n    values: [one, two]\n    hit policy: collect\n  "
            "  rules:\n"
            "      - {{id: k1, when: 'v = \"good\" or power > 30', then: one}}\n      - {{id: k2, when: '{}', then: "
            "two}}\n  "
            "step:\n    values: [up, same]\n    rules:\n      - {{id: s, when: 'height > 1 and p > q', then: up}}\n    "
            "otherwise: same\n",
            "p >= q * 0.5 and " + std::string(of(2) == 0 ? "x > 10" : "x <= p"), condition(), condition(), condition());
    }
    std::vector<Row> rows(std::size_t count) {
        std::vector<Row> out(count);
        for (auto& row : out) {
            const auto maybe = [&](const char* name, feel::Value value, int blank) {
                if (of(blank) != 0) row[name] = std::move(value);
            };
            maybe("x", feel::Decimal(of(5) * 10), 2);
            maybe("p", feel::Decimal(of(4) * 7), 12);
            maybe("q", feel::Decimal(of(4) * 7), 12);
            maybe("flag", feel::Value(of(2) == 0), 12);
            maybe("text", feel::Value(of(2) == 0 ? "ab" : "cd"), 12);
        }
        return out;
    }

  private:
    std::mt19937 random_;
};

}  // namespace

TEST_CASE(
    "records share an outcome where a blank is taken apart, an expression has no cells, or decisions are read, only if "
    "it is theirs") {
    for (std::uint32_t seed = 1; seed <= 40; ++seed) {
        Drawn drawn(seed);
        const auto rules = drawn.rules();
        INFO(seed << "\n" << rules);
        const auto graph = build(rules);
        const auto data = table(*graph, drawn.rows(120));
        const NoHistory history;
        const auto reference = exec::evaluate(*graph, data, history);
        for (const bool when_asked : {false, true}) {
            exec::ColumnOptions options;
            options.when_asked = when_asked;
            const auto columns = exec::evaluate_columns(*graph, data, history, options);
            for (const auto& node : graph->nodes)
                for (std::size_t i = 0; i < reference.size(); ++i) {
                    INFO(node.name << " of r" << i + 1);
                    REQUIRE(shown(columns.value(node.id, i)) == shown(reference.value(node.id, i)));
                    if (graph::decision_of(node))
                        REQUIRE(shown(columns.outcome(node.id, i)) == shown(reference.outcome(node.id, i)));
                }
        }
    }
}

TEST_CASE(
    "records whose figures have many decimals come to what each comes to by itself, whatever scale doubles need") {
    for (const auto* measure :
         {"(if x = null then 0.5 else 0.12345 * x) + (if y = null then 0 else 0.00001 * y)", "x * z / 8 + y / 1000"}) {
        INFO(measure);
        const auto graph = build(
            "inputs: {x: {min: 0}, z: {min: 0}, y: {min: 0, max: 1}}\nmeasures:\n  m: {is: '" + std::string(measure) +
            "'}\ndecisions:\n  v:\n    values: [good, none, warn]\n    adverse: [warn]\n    rules:\n"
            "      - {id: r1, when: 'm > 0.06', then: warn}\n      - {id: r2, when: 'm < 0.03', then: "
            "good}\n    otherwise: none\n");
        std::vector<Row> rows;
        for (int i = 1; i < 80; ++i) {
            const auto figure = [](std::int64_t digits) { return feel::Value(feel::Decimal::scaled(digits, -12)); };
            rows.push_back({{"x", figure(12'345'678'901LL * i)}, {"z", figure(999'999'999'989LL - i)}});
            if (i % 4 == 0) rows.back()["y"] = figure(123'456'789'012LL);
        }
        const auto data = table(*graph, rows);
        const NoHistory history;
        CHECK(difference(exec::evaluate(*graph, data, history), exec::evaluate_columns(*graph, data, history)).empty());
    }
}
