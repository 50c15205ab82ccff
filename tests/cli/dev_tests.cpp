// What the stages make of a rule set, as `zoneval dev` shows it.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/shell.hpp"

using namespace zoneval::tests;

TEST_CASE("dev ast shows each formula as a tree, with the place of each part") {
    const auto said = shell("zoneval dev ast dev.yaml");
    CHECK(said.exit_code == 0);
    check_golden("dev-ast.txt", said.out);
    const auto one = nlohmann::json::parse(shell("zoneval dev ast dev.yaml --of place --format json").out);
    REQUIRE(one.size() == 1);
    CHECK(one[0]["formulas"][0]["tree"]["is"] == "name rank(rounded productivity, region)");
}

TEST_CASE("dev types shows type, unit and declared values of each definition") {
    const auto said = shell("zoneval dev types dev.yaml");
    CHECK(said.exit_code == 0);
    check_golden("dev-types.txt", said.out);
    CHECK(nlohmann::json::parse(shell("zoneval dev types dev.yaml --of region --format json").out)[0]["values"] ==
          nlohmann::json{"East", "West"});
}

TEST_CASE("dev graph shows which stage a definition is in and what it reads") {
    const auto said = shell("zoneval dev graph dev.yaml");
    CHECK(said.exit_code == 0);
    check_golden("dev-graph.txt", said.out);
    check_golden("dev-graph.dot", shell("zoneval dev graph --format dot dev.yaml").out);
    for (const auto& row : nlohmann::json::parse(shell("zoneval dev graph --format json dev.yaml").out))
        CHECK(row["stage"] == (row["name"] == "place" || row["name"] == "class" ? 2 : 1));
}

TEST_CASE("dev plan shows instructions, bounds, and why a standard deviation has no kernel") {
    const auto said = shell("zoneval dev plan dev.yaml --data dev.csv");
    CHECK(said.exit_code == 0);
    check_golden("dev-plan.txt", said.out);
    const auto plan = nlohmann::json::parse(shell("zoneval dev plan dev.yaml --data dev.csv --format json").out);
    CHECK(plan["stages"].size() == 2);
    REQUIRE(plan["without_kernel"].size() == 1);
    CHECK(plan["without_kernel"][0]["name"] == "spread");
}

TEST_CASE("dev trace shows a record's values by columns and by reference, and they agree") {
    const auto said = shell("zoneval dev trace dev.yaml --data dev.csv --record C");
    CHECK(said.exit_code == 0);
    check_golden("dev-trace.txt", said.out);
    for (const auto* record : {"A", "B", "C", "D"}) {
        const auto line = std::string("zoneval dev trace dev.yaml --data dev.csv --format json --record ") + record;
        const auto trace = nlohmann::json::parse(shell(line).out);
        CHECK(trace["record"] == record);
        CHECK(trace["definitions"].size() >= 9);
        for (const auto& row : trace["definitions"]) {
            INFO(record << ": " << row);
            if (row["by_columns"].get<std::string>().find(" within ") == std::string::npos)
                CHECK(row["by_columns"] == row["by_reference"]);
        }
    }
}

TEST_CASE("dev says what it needs") {
    CHECK(shell("zoneval dev plan dev.yaml").exit_code == 2);
    CHECK(shell("zoneval dev trace dev.yaml --data dev.csv").exit_code == 2);
    CHECK(shell("zoneval dev types --format dot dev.yaml").exit_code == 2);
    const auto slip = shell("zoneval dev types dev.yaml --of regoin");
    CHECK(slip.exit_code == 3);
    CHECK(slip.out.find("did you mean `region`?") != std::string::npos);
    const auto year = shell("zoneval dev plan dev.yaml --data dev.csv --year 1999");
    CHECK(year.exit_code == 3);
    CHECK(year.out.find("one of the years 2023") != std::string::npos);
    const auto record = shell("zoneval dev trace dev.yaml --data dev.csv --record E");
    CHECK(record.exit_code == 3);
    CHECK(record.out.find("`E` takes no part in 2023") != std::string::npos);
}
