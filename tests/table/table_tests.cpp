#include <catch2/catch.hpp>

#include "engine/table/table.hpp"

using namespace zoneval;

TEST_CASE("a record is found by its id") {
    Table table;
    for (int i = 0; i < 1000; ++i) table.append_record("zone " + std::to_string(i), {0, 2});
    CHECK(table.row("zone 0") == 0u);
    CHECK(table.row("zone 999") == 999u);
    CHECK_FALSE(table.row("zone 1000"));
    CHECK_FALSE(Table{}.row("zone 0"));
}

TEST_CASE("a record cannot enter a table twice") {
    Table table;
    table.append_record("Z1", {});
    CHECK_THROWS_AS(table.append_record("Z1", {}), std::invalid_argument);
    CHECK(table.records.size() == 1);
}

TEST_CASE("every cell knows its file and line, also when a later file supplied it") {
    Table table;
    table.append_record("Z1", {0, 2});
    table.append_record("Z2", {0, 3});
    table.append_record("Z3", {1, 2});
    table.set_origin(1, 2, {1, 7});
    CHECK(table.origin(1, 2) == Origin{1, 7});
    CHECK(table.origin(0, 2) == Origin{0, 2});
    CHECK(table.origin(2, 2) == Origin{1, 2});
    CHECK(table.origin(1, 0) == Origin{0, 3});
    CHECK(table.origin(1, 5) == Origin{0, 3});
}

TEST_CASE("columns are found by name") {
    Table table;
    table.columns.emplace_back("GDP", feel::Type::Kind::number);
    CHECK(table.column("GDP") == &table.columns[0]);
    CHECK(table.column("gdp") == nullptr);
}
