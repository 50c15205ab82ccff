// NullMeaning::unknown: what a missing datum does in a rule set.
#include "engine/wording/say.hpp"
#include "tests/feel/language.hpp"

using namespace zoneval::feel;
using namespace zoneval::feel::testing;
using zoneval::wording::Language;
using zoneval::wording::render;

namespace {

Frame frame() {
    return {{"x", 5},
            {"revenue", Value::missing(Missing::not_reported, reasons::missing_datum("revenue", "Zone A", 2024))},
            {"land", Value::missing(Missing::not_applicable, reasons::missing_value("land"))},
            {"flag", Value::missing(Missing::late, reasons::missing_value("flag"))},
            {"R&D", 3}};
}

std::string unknown(const std::string& text) {
    const auto out = run(text, frame(), NullMeaning::unknown);
    if (!out.parsed) return "! " + out.diagnostics.all().front().message;
    return is_unknown(out.value) ? "unknown" : out.value.to_feel();
}

}  // namespace

TEST_CASE("comparing with a missing datum is unknown") {
    for (const char* text :
         {"revenue = 5", "revenue != 5", "revenue < 5", "5 >= revenue", "revenue + 1 = 6", "revenue in (1, 2)",
          "revenue in [1..9]", "revenue between 1 and 9", "x between 1 and revenue", "revenue = revenue",
          "x in (1, revenue)", "revenue in > 3", "1 / 0 > 3"}) {
        INFO(text);
        CHECK(unknown(text) == "unknown");
    }
}

TEST_CASE("a side that decides needs no missing datum") {
    CHECK(unknown("x between 6 and revenue") == "false");
    CHECK(unknown("x in (5, revenue)") == "true");
    CHECK(unknown("x > 9 and revenue > 1") == "false");
    CHECK(unknown("revenue > 1 and x > 9") == "false");
    CHECK(unknown("x < 9 or revenue > 1") == "true");
    CHECK(unknown("x < 9 and revenue > 1") == "unknown");
    CHECK(unknown("flag or x > 9") == "unknown");
    CHECK(unknown("not(flag)") == "unknown");
}

TEST_CASE("asking for null is always known") {
    CHECK(unknown("revenue = null") == "true");
    CHECK(unknown("revenue != null") == "false");
    CHECK(unknown("null = x") == "false");
    CHECK(unknown("x != null") == "true");
    CHECK(unknown("land = null") == "true");
    CHECK(unknown("revenue in (null, 7)") == "true");
    CHECK(unknown("revenue / x = null") == "true");
}

TEST_CASE("what is not applicable is known to be absent") {
    CHECK(unknown("land = 5") == "false");
    CHECK(unknown("land != 5") == "true");
    CHECK(unknown("land < 5") == "false");
    CHECK(unknown("land between 1 and 9") == "false");
    CHECK(unknown("land in [1..9]") == "false");
    CHECK(unknown("land in (1, 2)") == "false");
    CHECK(unknown("land in != 5") == "true");
    CHECK(unknown("land * 2 > 1") == "false");
    CHECK(unknown("revenue * land > 1") == "unknown");
    CHECK(unknown("land = revenue") == "false");
    CHECK(unknown("if land > 3 then 1 else 2") == "2");
}

TEST_CASE("a choice is unknown unless both ways agree") {
    CHECK(unknown("if revenue > 3 then 1 else 2") == "unknown");
    CHECK(unknown("if revenue > 3 then \"a\" else \"a\"") == "\"a\"");
    CHECK(unknown("if revenue > 3 then x else x * 1") == "5");
    CHECK(unknown("if revenue > 3 then null else null") == "unknown");
    CHECK(unknown("if null then 1 else 2") == "2");
}

TEST_CASE("quantifiers and filters over unknown conditions") {
    CHECK(unknown("some v in [1, revenue] satisfies v > 0") == "true");
    CHECK(unknown("some v in [1, revenue] satisfies v > 3") == "unknown");
    CHECK(unknown("every v in [1, revenue] satisfies v > 3") == "false");
    CHECK(unknown("every v in [5, revenue] satisfies v > 3") == "unknown");
    CHECK(unknown("every v in [5, land] satisfies v > 3") == "false");
    CHECK(unknown("[1, revenue, 9][item > 3]") == "unknown");
    CHECK(unknown("[1, land, 9][item > 3]") == "[9]");
    CHECK(unknown("[1, revenue, 9][3]") == "9");
}

TEST_CASE("aggregates over lists with unknown elements") {
    for (const char* text :
         {"sum([1, revenue])", "min([1, revenue])", "max(1, revenue)", "mean([1, revenue])",
          "list contains([1, revenue], 3)", "list contains([1, 2], revenue)", "[1, revenue] = [1, 2]"}) {
        INFO(text);
        CHECK(unknown(text) == "unknown");
    }
    CHECK(unknown("count([1, revenue])") == "2");
    CHECK(unknown("list contains([1, revenue], 1)") == "true");
    CHECK(unknown("[2, revenue] = [1, 2]") == "false");
    CHECK(unknown("list contains([1, land], 3)") == "false");
    CHECK(unknown("all([revenue > 1, false])") == "false");
    CHECK(unknown("any([revenue > 1, true])") == "true");
}

TEST_CASE("functions and type tests do not take an unknown for known") {
    for (const char* text :
         {"revenue instance of number", "is(revenue, 1)", "index of([1, revenue], 1)", "index of([1, 2], revenue)",
          "distinct values([1, revenue])", "union([1], [revenue])", "string join([\"a\", revenue], \"-\")",
          "list contains([1, revenue], 3)", "[1, 2][revenue] = null", "(if flag then null else 2) = null",
          "substring(\"abc\", 1, revenue)", "sublist([1, 2, 3], 1, revenue)", "count(distinct values([1, revenue]))"}) {
        INFO(text);
        CHECK(unknown(text) == "unknown");
    }
    CHECK(unknown("land instance of number") == "false");
    CHECK(unknown("x instance of number") == "true");
    CHECK(unknown("is(revenue, null)") == "true");
    CHECK(unknown("is(x, 5)") == "true");
    CHECK(unknown("index of([1, x], 5)") == "[2]");
    CHECK(unknown("distinct values([revenue])") != "! ");
    CHECK(unknown("distinct values([x, 5])") == "[5]");
    CHECK(unknown("string join([\"a\", land], \"-\")") == "\"a\"");
    CHECK(unknown("[revenue, 2][1] = null") == "true");
    CHECK(unknown("[1, 2][9] = null") == "true");
    CHECK(unknown("substring(\"abc\", 2)") == "\"bc\"");
}

TEST_CASE("under FEEL's own meaning of null these stay as the standard has them") {
    const auto feel = [](const std::string& text) { return run(text, frame()).value.to_feel(); };
    CHECK(feel("revenue instance of number") == "false");
    CHECK(feel("is(revenue, 1)") == "false");
    CHECK(feel("index of([1, revenue], 1)") == "[1]");
    CHECK(feel("distinct values([1, revenue, null])") == "[1, null]");
    CHECK(feel("string join([\"a\", revenue], \"-\")") == "\"a\"");
    CHECK(feel("[1, 2][revenue] = null") == "false");
}

TEST_CASE("cells of a table see unknowns too") {
    const auto cell = [](const std::string& text, Value value) {
        Names names{{{"?", nullptr}}, {}};
        zoneval::Diagnostics found;
        const auto tree = parse_unary_tests(ExpressionText::of(text), names, found);
        REQUIRE(tree);
        const Value frame[] = {std::move(value)};
        const auto out = evaluate(*tree, frame, {NullMeaning::unknown, nullptr});
        return is_unknown(out) ? "unknown" : out.to_feel();
    };
    const auto missing = Value::missing(Missing::not_reported, reasons::missing_value("it"));
    const auto absent = Value::missing(Missing::not_applicable, reasons::missing_value("it"));
    CHECK(cell("> 5", missing) == "unknown");
    CHECK(cell("not(> 5)", missing) == "unknown");
    CHECK(cell("-", missing) == "true");
    CHECK(cell("null", missing) == "true");
    CHECK(cell("not(null)", missing) == "false");
    CHECK(cell("? > 5 and false", missing) == "false");
    CHECK(cell("> 5", absent) == "false");
    CHECK(cell("not(> 5)", absent) == "true");
    CHECK(cell("\"a\", \"b\"", absent) == "false");
}

TEST_CASE("every null knows why: the expressions on the way and the datum at the end") {
    const auto out = run("R&D / revenue > 3", frame(), NullMeaning::unknown);
    CHECK(render(out.value.cause(), Language::en) ==
          "`R&D / revenue > 3`: `R&D / revenue` is missing\n"
          "  `R&D / revenue`: `revenue` is missing\n"
          "    `revenue` is not reported for Zone A in 2024\n");
    REQUIRE(leaves(out.value.cause()).size() == 1);
    CHECK(missing_kind(out.value.cause()) == Missing::not_reported);
    const auto division = run("1 / (x - 5)", frame());
    CHECK(render(division.value.cause(), Language::en) == "`1 / (x - 5)`: division by zero\n");
}
