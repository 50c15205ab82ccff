#include "engine/feel/evaluation/evaluate_table.hpp"
#include "engine/feel/value/null_meaning.hpp"
#include "tests/feel/language.hpp"

using namespace zoneval::feel;

namespace {

struct Table {
    Names names{{{"score", nullptr}, {"region", nullptr}, {"?", nullptr}}, {}};
    DecisionTable table;

    Table(HitPolicy policy, Aggregator aggregator, std::vector<std::vector<std::string>> rules,
          std::string allowed = "", std::string otherwise = "") {
        table.hit_policy = policy;
        table.aggregator = aggregator;
        table.input_slot = 2;
        table.inputs.push_back({expression("score"), Type::of(Type::Kind::number), nullptr});
        table.inputs.push_back({expression("region"), nullptr, tests(R"("East", "West")")});
        table.outputs.push_back({"", nullptr, allowed.empty() ? nullptr : tests(allowed),
                                 otherwise.empty() ? nullptr : expression(otherwise)});
        for (const auto& rule : rules) {
            DecisionTable::Rule row;
            row.tests.push_back(tests(rule[0]));
            row.tests.push_back(tests(rule[1]));
            row.outputs.push_back(expression(rule[2]));
            table.rules.push_back(std::move(row));
        }
    }

    ExprPtr expression(const std::string& text) {
        zoneval::Diagnostics found;
        return parse_expression(ExpressionText::of(text), names, found);
    }
    ExprPtr tests(const std::string& text) {
        zoneval::Diagnostics found;
        return parse_unary_tests(ExpressionText::of(text), names, found);
    }
    std::string run(Value score, Value region, NullMeaning nulls = NullMeaning::feel) {
        const Value frame[] = {std::move(score), std::move(region)};
        return evaluate(table, frame, {nulls, nullptr}).to_feel();
    }
};

const std::vector<std::vector<std::string>> grades{
    {">= 80", "-", "\"good\""}, {">= 60", "\"East\"", "\"fair\""}, {"< 60", "-", "\"poor\""}};
const std::vector<std::vector<std::string>> points{{"> 10", "-", "5"}, {"> 20", "-", "7"}, {"-", "not(\"West\")", "2"}};

}  // namespace

TEST_CASE("unique wants one match, first takes the first") {
    Table unique(HitPolicy::unique, Aggregator::none, grades);
    CHECK(unique.run(70, "East") == R"("fair")");
    CHECK(unique.run(90, "East") == "null");
    CHECK(unique.run(90, "West") == R"("good")");
    Table first(HitPolicy::first, Aggregator::none, grades);
    CHECK(first.run(90, "East") == R"("good")");
}

TEST_CASE("any wants agreement") {
    Table any(HitPolicy::any, Aggregator::none, {{"> 1", "-", "1"}, {"> 2", "-", "1"}, {"> 3", "-", "2"}});
    CHECK(any.run(3, "East") == "1");
    CHECK(any.run(4, "East") == "null");
}

TEST_CASE("priority and output order follow the allowed values") {
    Table priority(HitPolicy::priority, Aggregator::none, grades, R"("poor", "fair", "good")");
    CHECK(priority.run(90, "East") == R"("fair")");
    Table order(HitPolicy::output_order, Aggregator::none, grades, R"("poor", "fair", "good")");
    CHECK(order.run(90, "East") == R"(["fair", "good"])");
    Table unlisted(HitPolicy::priority, Aggregator::none, grades, R"("fair")");
    CHECK(unlisted.run(90, "East") == R"("fair")");
    Table rules(HitPolicy::rule_order, Aggregator::none, grades);
    CHECK(rules.run(90, "East") == R"(["good", "fair"])");
}

TEST_CASE("collect aggregates") {
    CHECK(Table(HitPolicy::collect, Aggregator::none, points).run(30, "East") == "[5, 7, 2]");
    CHECK(Table(HitPolicy::collect, Aggregator::sum, points).run(30, "East") == "14");
    CHECK(Table(HitPolicy::collect, Aggregator::min, points).run(30, "East") == "2");
    CHECK(Table(HitPolicy::collect, Aggregator::max, points).run(30, "East") == "7");
    CHECK(Table(HitPolicy::collect, Aggregator::count, points).run(30, "East") == "3");
    CHECK(Table(HitPolicy::collect, Aggregator::count, points).run(5, "West") == "0");
}

TEST_CASE("inputs outside their allowed values, and no match, are null unless there is a default") {
    CHECK(Table(HitPolicy::first, Aggregator::none, grades).run(90, "North") == "null");
    CHECK(Table(HitPolicy::first, Aggregator::none, grades).run(Value("90"), "East") == "null");
    CHECK(Table(HitPolicy::first, Aggregator::none, {{"> 5", "-", "1"}}).run(1, "East") == "null");
    CHECK(Table(HitPolicy::first, Aggregator::none, {{"> 5", "-", "1"}}, "", "0").run(1, "East") == "0");
}

TEST_CASE("a rule that depends on a missing datum leaves the table undecided, where it matters") {
    const auto missing = Value::missing(Missing::not_reported, reasons::missing_value("score"));
    Table table(HitPolicy::first, Aggregator::none, {{"-", "\"East\"", "1"}, {"> 5", "-", "2"}, {"-", "-", "3"}});
    CHECK(table.run(missing, "East", NullMeaning::unknown) == "1");
    CHECK(table.run(missing, "West", NullMeaning::unknown) == "null");
    CHECK(table.run(Value::missing(Missing::not_applicable, reasons::missing_value("score")), "West",
                    NullMeaning::unknown) == "3");
}
