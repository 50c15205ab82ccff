// What is made again where parameters alone have changed, beside the reference evaluator's evaluation from scratch.
#include "engine/exec/by_columns/again.hpp"
#include "random_rules.hpp"

using namespace zoneval;
using namespace zoneval::testing;

namespace {

/// Values and outcomes: what later years may read is not asked for.
std::string first_difference(const exec::Evaluation& a, const exec::Evaluation& b) {
    if (a.rows != b.rows) return "the cohorts differ";
    for (std::size_t i = 0; i < a.size(); ++i) {
        for (const auto& node : a.graph->nodes)
            if (node.id != a.graph->tested && shown(a.value(node.id, i)) != shown(b.value(node.id, i)))
                return node.name + " of " + a.record(i) + ": " + shown(a.value(node.id, i)) + " anew, " +
                       shown(b.value(node.id, i)) + " again";
        for (const auto id : a.decisions)
            if (shown(a.outcome(id, i)) != shown(b.outcome(id, i)))
                return a.graph->node(id).name + " of " + a.record(i) + ": " + shown(a.outcome(id, i)) + " anew, " +
                       shown(b.outcome(id, i)) + " again";
    }
    return "";
}

}  // namespace

TEST_CASE("an evaluation made again with other parameters is the one made anew") {
    std::size_t built = 0;
    for (std::uint64_t seed = 1; seed <= 120; ++seed) {
        RandomRules random(seed);
        Diagnostics found;
        const auto written = build(random.rules(), found);
        if (!written || found.has_errors()) continue;
        auto rules = std::make_shared<model::RuleSet>(*written->rules);
        const auto graph = graph::build_graph(rules, found);
        ++built;
        std::vector<Row> rows;
        constexpr std::size_t records = 24;
        for (std::size_t i = 0; i < records; ++i) rows.push_back(random.record());
        const auto data = table(graph, rows);
        const auto history = random.history(records);
        auto& line = rules->parameters.front();
        REQUIRE(line.name == "line");
        exec::KeptValues kept(graph, {graph.find("line")->id});
        exec::ColumnOptions how;
        how.only = {graph.find("verdict")->id, graph.find("m3")->id};
        how.kept = &kept;
        std::optional<exec::Evaluation> again;
        for (const std::int64_t value : {3, 8, 0, -2}) {
            for (auto& dated : line.values) dated.value = feel::Decimal(value);
            if (again)
                exec::evaluate_again(*again, kept);
            else
                again = exec::evaluate_columns(graph, data, history, how);
            const auto anew = exec::evaluate(graph, data, history);
            INFO("seed " << seed << ", line " << value);
            CHECK(first_difference(anew, *again) == "");
        }
    }
    CHECK(built > 80);
}

TEST_CASE(
    "what is kept from one evaluation to the next is of the records of the cohort, not of the rows of the table") {
    Diagnostics found;
    // Neither who belongs to the cohort nor the size has a kernel: both are asked of the reference evaluator.
    const auto written = build(
        "cohort: {when: 'count(split(name, \"n\")) + x < 6'}\ninputs: {name: {type: string}, x: {type: number}}\n"
        "parameters: {line: {value: 3}}\nmeasures: {size: 'count(split(name, \"b\")) + x'}\n"
        "decisions: {verdict: {values: [a, b], rules: [{id: r, when: size * x > line, then: a}], otherwise: b}}\n",
        found);
    REQUIRE(written);
    auto rules = std::make_shared<model::RuleSet>(*written->rules);
    const auto graph = graph::build_graph(rules, found);
    const auto data = table(graph, {{{"name", feel::Value("long")}, {"x", number("5")}},
                                    {{"name", feel::Value("a")}, {"x", number("2")}},
                                    {{"name", feel::Value("bb")}, {"x", number("2")}}});
    exec::KeptValues kept(graph, {graph.find("line")->id});
    exec::ColumnOptions how;
    how.only = {graph.find("verdict")->id, graph.find("size")->id};
    how.kept = &kept;
    const NoHistory none;
    auto again = exec::evaluate_columns(graph, data, none, how);
    CHECK(first_difference(exec::evaluate(graph, data, none), again) == "");
    rules->parameters.front().values.front().value = feel::Decimal(1);
    again.values->exact_numbers(graph.find("size")->id);  // whoever asks for more does not change what is made again
    exec::evaluate_again(again, kept);
    CHECK(first_difference(exec::evaluate(graph, data, none), again) == "");
}

TEST_CASE("a part of a year that is asked for twice is there once") {
    const auto graph = build("inputs: {x: {}}\nmeasures: {twice: x * 2}\n");
    const auto data = table(*graph, {{{"x", number("4")}}, {{"x", number("5")}}});
    const auto id = graph->find("twice")->id;
    exec::ColumnOptions how;
    how.only = {id, id};
    const auto e = exec::evaluate_columns(*graph, data, NoHistory(), how);
    CHECK(e.value(id, 0).to_string() == "8");
    CHECK(e.value(id, 1).to_string() == "10");
}
