#include <catch2/catch.hpp>

#include "engine/feel/value/cause.hpp"
#include "engine/table/table.hpp"

using namespace zoneval;
using feel::Date;
using feel::Decimal;
using feel::Missing;
using feel::Value;
using TypeKind = feel::Type::Kind;

TEST_CASE("a column gives back what was put in, for every type") {
    Column number("GDP", TypeKind::number), text("region", TypeKind::string), truth("listed", TypeKind::boolean),
        date("founded", TypeKind::date);
    number.append(Decimal::scaled(1250, -2));
    text.append("East");
    truth.append(true);
    date.append(Date{2020, 2, 29});
    REQUIRE(number.at(0).number());
    CHECK(*number.at(0).number() == Decimal::scaled(125, -1));
    REQUIRE(text.at(0).string());
    CHECK(*text.at(0).string() == "East");
    CHECK(truth.at(0).is_true());
    REQUIRE(date.at(0).date());
    CHECK(*date.at(0).date() == Date{2020, 2, 29});
}

TEST_CASE("a missing cell is null and says which kind of missing it is") {
    Column column("GDP", TypeKind::number);
    column.append_missing(Missing::suppressed);
    const auto value = column.at(0);
    CHECK(value.is_null());
    CHECK(column.missing(0) == Missing::suppressed);
    CHECK(feel::missing_kind(value.cause()) == Missing::suppressed);
}

TEST_CASE("an empty cell is told apart from a cell that says why it is missing") {
    Column column("GDP", TypeKind::number);
    column.append_blank(Missing::not_reported);
    column.append_missing(Missing::not_reported);
    column.append(Decimal(1));
    CHECK(column.blank(0));
    CHECK(column.missing(0) == Missing::not_reported);
    CHECK_FALSE(column.blank(1));
    CHECK_FALSE(column.blank(2));
}

TEST_CASE("a cell can be overwritten by a value and by a missing kind") {
    for (const auto kind : {TypeKind::number, TypeKind::string, TypeKind::boolean, TypeKind::date}) {
        Column column("x", kind);
        column.append_blank(Missing::not_reported);
        column.append_blank(Missing::not_reported);
        const Value value = kind == TypeKind::number    ? Value(Decimal(3))
                            : kind == TypeKind::string  ? Value("three")
                            : kind == TypeKind::boolean ? Value(true)
                                                        : Value(Date{2003, 3, 3});
        column.set(1, value);
        CHECK(column.missing(1) == Missing::none);
        CHECK(feel::identical(column.at(1), value));
        column.set_missing(1, Missing::late);
        CHECK(column.missing(1) == Missing::late);
        CHECK(column.at(1).is_null());
        CHECK(column.missing(0) == Missing::not_reported);
    }
}

TEST_CASE("a value of another type is refused, not converted") {
    Column column("GDP", TypeKind::number);
    CHECK_THROWS_AS(column.append("12"), std::invalid_argument);
    CHECK_THROWS_AS(column.append(Value()), std::invalid_argument);
    CHECK_THROWS_AS(column.append_missing(Missing::none), std::invalid_argument);
    CHECK(column.size() == 0);
    CHECK_THROWS_AS(Column("x", TypeKind::list), std::invalid_argument);
}

TEST_CASE("strings are stored once each") {
    Column column("region", TypeKind::string);
    for (int i = 0; i < 10; ++i) column.append(i % 2 == 0 ? "East" : "West");
    CHECK(column.strings()->dictionary().size() == 2);
    CHECK(*column.at(9).string() == "West");
}
