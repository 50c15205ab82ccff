// A figure or a parameter supposed, against evaluating the whole year with it.
#include <catch2/catch.hpp>
#include <random>

#include "engine/exec/by_columns/column_evaluation.hpp"
#include "engine/exec/reference/counterfactual.hpp"
#include "tests/exec/random_rules.hpp"

using namespace zoneval;
using namespace zoneval::testing;
using feel::Value;

namespace {

/// Every definition and outcome of every record: the first that differs from the year evaluated anew, or "". The last
/// are asked about first: nothing rests on what was asked before.
std::string difference(exec::Counterfactual& supposed, const exec::Evaluation& anew) {
    for (const auto id : anew.decisions)
        for (auto i = anew.size(); i-- > 0;)
            if (const auto x = shown(anew.outcome(id, i)), y = shown(supposed.outcome(id, i)); x != y)
                return anew.graph->node(id).name + " of " + anew.record(i) + ": " + x + " anew, " + y + " supposed";
    for (const auto& node : anew.graph->nodes) {
        if (node.id == anew.graph->tested) continue;
        for (std::size_t i = 0; i < anew.size(); ++i)
            if (const auto x = shown(anew.value(node.id, i)), y = shown(supposed.value(node.id, i)); x != y)
                return node.name + " of " + anew.record(i) + ": " + x + " anew, " + y + " supposed";
    }
    return "";
}

/// In which one record may have another's past.
class Exchanged : public exec::History {
  public:
    explicit Exchanged(const exec::History& as_it_is) : as_it_is_(as_it_is) {}
    void exchange(std::string record, std::string with) {
        record_ = std::move(record);
        with_ = std::move(with);
    }
    std::optional<Value> value(const graph::Node& node, exec::RecordAt record, std::int32_t year) const override {
        return as_it_is_.value(node, whose(record.name), year);
    }
    std::optional<exec::Reopened> reopened(const graph::Node& node, exec::RecordAt record,
                                           std::int32_t year) const override {
        return as_it_is_.reopened(node, whose(record.name), year);
    }

  private:
    const std::string& whose(const std::string& record) const { return record == record_ ? with_ : record; }
    const exec::History& as_it_is_;
    std::string record_, with_;
};

}  // namespace

TEST_CASE("a figure that is supposed leads to what evaluating the year again leads to, for random rule sets") {
    constexpr std::size_t records = 12, changes = 6;
    std::size_t built = 0, tried = 0;
    const auto* wanted = std::getenv("ZONEVAL_CHECKS");
    const std::size_t sets = wanted ? static_cast<std::size_t>(std::atoll(wanted)) / changes + 1 : 150;
    for (std::uint64_t seed = 1; built < sets; ++seed) {
        RandomRules random(seed);
        const auto year = RandomYear::of(random, records);
        if (!year) continue;
        ++built;
        const auto& [yaml, graph, rows, history] = *year;
        const auto data = table(*graph, rows);
        const auto base = exec::evaluate(*graph, data, history);
        Exchanged past(history);
        exec::Counterfactual supposed(base, past);
        std::mt19937_64 choose(seed);
        for (std::size_t n = 0; n < changes && base.size() > 0; ++n) {
            const auto record = choose() % base.size();
            const auto other = random.record();
            auto changed = data;
            supposed.forget();
            const bool another_past = supposed.can_look_back_anew() && choose() % 2 == 0;
            const auto with = another_past ? choose() % base.size() : record;
            past.exchange(base.record(record), base.record(with));
            if (another_past) supposed.look_back_anew(record);
            for (auto& column : changed.columns) {
                const auto value = other.find(column.name());
                const auto* node = graph->find(column.name());
                if (value == other.end() || !node || choose() % 3 != 0 || !supposed.can_suppose(node->id)) continue;
                column.set(base.rows[record], value->second);
                supposed.suppose(node->id, record, value->second);
            }
            ++tried;
            const auto anew = exec::evaluate(*graph, changed, past);
            REQUIRE(anew.rows == base.rows);
            const auto different = difference(supposed, anew);
            INFO("seed " << seed << ", change " << n << "\n" << yaml);
            REQUIRE(different == "");
        }
    }
    CHECK(tried >= sets * changes / 2);
}

TEST_CASE("after a figure that leads to an outcome which the rules do not declare, others lead where they should") {
    const auto graph = build(
        "inputs: {x: {type: number}, y: {type: number}}\nscores: {s: {missing: {at most: 60 %, then: reweight}, "
        "indicators: [{of: x, from: 0..10}, {of: y, from: 0..10}]}}\ndecisions:\n  step: {values: [1, 2, 3], adverse: "
        "[1], "
        "rules: [{id: r, when: s >= 0, then: x}], otherwise: 3}\n");
    const auto data = table(*graph, {{{"x", number("1")}, {"y", number("2")}}, {{"x", number("2")}}});
    const NoHistory none;
    const auto base = exec::evaluate_columns(*graph, data, none);
    exec::Counterfactual supposed(base, none);
    const auto x = graph->find("x")->id, step = graph->find("step")->id;
    for (const std::size_t record : {0, 1}) {
        supposed.forget();
        supposed.suppose(x, record, number("7"));
        CHECK_THROWS_AS(supposed.outcome(step, record), InputError);
        supposed.forget();
        supposed.suppose(x, record, number("3"));
        auto changed = data;
        changed.columns[0].set(record, number("3"));
        REQUIRE(changed.columns[0].name() == "x");
        CHECK(difference(supposed, exec::evaluate(*graph, changed, none)) == "");
    }
}

TEST_CASE("a parameter that is supposed leads to what evaluating the year with it leads to") {
    std::size_t built = 0;
    for (std::uint64_t seed = 1; built < 60; ++seed) {
        RandomRules random(seed);
        const auto year = RandomYear::of(random, 12);
        if (!year) continue;
        ++built;
        const auto& [yaml, graph, rows, history] = *year;
        const auto data = table(*graph, rows);
        const auto base = exec::evaluate(*graph, data, history);
        exec::Counterfactual supposed(base, history);
        const auto line = graph->find("line")->id;
        for (const int figure : {0, 3, 1000}) {
            const Value value{feel::Decimal(figure)};
            supposed.forget();
            supposed.suppose(line, value);
            const auto anew =
                exec::evaluate(*graph, data, history,
                               {{line, std::vector<std::optional<Value>>(data.records.size(), std::optional(value))}});
            INFO("seed " << seed << "\n" << yaml);
            if (anew.rows == base.rows) REQUIRE(difference(supposed, anew) == "");
        }
    }
}

TEST_CASE("in a large group one record is placed among the others as evaluating all of them places it") {
    const auto graph = build(
        "inputs: {x: {min: 0}, y: {}, g: {type: string, values: [small, large]}}\n"
        "measures: {place: 'rank(x, g)', share: percent rank(x), total: 'cohort sum(x, g)', least: cohort min(x), "
        "most: cohort max(x), average: cohort mean(x), middle: cohort median(x)}\n"
        "decisions: {verdict: {values: [a, b], adverse: [b], rules: [{id: r, when: 'place <= 100 and x > average and "
        "(if y = null then 0 else y) >= 0', then: a}], otherwise: b}}\n");
    std::vector<Row> rows;
    std::mt19937_64 random(7);
    for (int i = 0; i < 2500; ++i)
        rows.push_back({{"x", Value(static_cast<std::int64_t>(random() % 1000))},
                        {"g", Value(std::string_view(i % 10 == 0 ? "small" : "large"))}});
    auto data = table(*graph, rows);
    const GivenHistory history;
    const bool by_columns = GENERATE(true, false);
    const auto base =
        by_columns ? exec::evaluate_columns(*graph, data, history) : exec::evaluate(*graph, data, history);
    exec::Counterfactual supposed(base, history);
    const auto x = graph->find("x")->id, g = graph->find("g")->id;
    for (const std::size_t record : {0, 1, 2471})
        for (const int figure : {-1, 0, 500, 999, 2000})
            for (const char* group : {"small", "large"}) {
                supposed.forget();
                supposed.suppose(x, record, Value(figure));
                supposed.suppose(g, record, Value(std::string_view(group)));
                auto changed = data;
                changed.columns[0].set(record, Value(figure));
                changed.columns[2].set(record, Value(std::string_view(group)));
                const auto anew = exec::evaluate_columns(*graph, changed, history);
                INFO(record << " " << figure << " " << group);
                for (const auto& node : graph->nodes)
                    if (node.id != graph->tested)
                        for (const std::size_t i : {record, std::size_t{2}})
                            REQUIRE(shown(anew.value(node.id, i)) == shown(supposed.value(node.id, i)));
                for (const std::size_t i : {record, std::size_t{2}})
                    REQUIRE(shown(anew.outcome(anew.decisions[0], i)) == shown(supposed.outcome(anew.decisions[0], i)));
            }
}

TEST_CASE("where others are taken as they stand, what hangs on their own ranks does not move") {
    const auto graph = build(
        "inputs: {x: {min: 0}}\nmeasures: {place: percent rank(x), again: rank(place)}\n"
        "decisions: {verdict: {values: [a, b], rules: [{id: r, when: again = 1, then: a}], otherwise: b}}\n");
    std::vector<Row> rows;
    for (int i = 1; i <= 5; ++i) rows.push_back({{"x", Value(i * 10)}});
    auto data = table(*graph, rows);
    const GivenHistory history;
    const auto base = exec::evaluate(*graph, data, history);
    exec::Counterfactual supposed(base, history, exec::Counterfactual::Others::stand);
    supposed.suppose(graph->find("x")->id, 0, Value(55));
    CHECK(supposed.value(graph->find("place")->id, 0).to_string() == "1");  // among the others as they are
    CHECK(supposed.value(graph->find("place")->id, 4).to_string() == "1");  // who stays where it was
    CHECK(supposed.value(graph->find("again")->id, 0).to_string() == "1");
    CHECK_FALSE(supposed.reaches_others(graph->find("verdict")->id));
}
