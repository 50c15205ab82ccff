// Clauses that are easily read another way, each with the value the standard gives (docs/feel-conformance.md).
#include "tests/feel/language.hpp"

using namespace zoneval::feel;
using namespace zoneval::feel::testing;

namespace {

std::string cell(const std::string& text, const Value& tested) {
    Names names{{{"?", nullptr}}, {}};
    zoneval::Diagnostics found;
    const auto tree = parse_unary_tests(ExpressionText::of(text), names, found);
    REQUIRE(tree);
    const Value frame[] = {tested};
    return evaluate(*tree, frame, {}).to_feel();
}

}  // namespace

TEST_CASE("equal and not equal ask of null what the operators ask: rules 7.a and 49.c") {
    CHECK(result("null in (!= 5)") == "true");
    CHECK(result("null in (= null)") == "true");
    CHECK(result("null in (= 5)") == "false");
    CHECK(result("5 in (!= null)") == "true");
    CHECK(result("null in (< 5)") == "null");
    CHECK(cell("!= \"A\"", Value()) == "true");
    CHECK(cell("= null", Value()) == "true");
    CHECK(cell("= \"A\"", Value()) == "false");
    CHECK(cell("not(= null)", Value()) == "false");
}

TEST_CASE("the text of a range may leave an end open, behind an open bracket: rules 66.b and 66.c") {
    CHECK(result(R"#(2 in range("[1..)"))#") == "true");
    CHECK(result(R"#(1 in range("(1..)"))#") == "false");
    CHECK(result(R"#(3 in range("(..3]"))#") == "true");
    CHECK(result(R"#(3 in range("]..3)"))#") == "false");
    CHECK(result(R"#(-1000 in range(" ( .. 3 [ "))#") == "true");
    CHECK(result(R"#(range("[1..)"))#") == "(>= 1)");
    CHECK(result(R"#(@"2024-06-01" in range("[@\"2024-01-01\"..)"))#") == "true");
    for (const char* text : {R"#(range("[..3]"))#", R"#(range("[1..]"))#", R"#(range("(..)"))#", R"#(range("(< 3)"))#",
                             R"#(range("(null..)"))#", R"#(range("[1+1..)"))#"}) {
        INFO(text);
        CHECK(result(text) == "null");
    }
}

TEST_CASE("a name is its words and symbols, however they stand apart: 10.3.1") {
    CHECK(result("{a: 5, b: 3, a-b: 1, r: a - b}.r") == "1");
    CHECK(result("{income/loss: 1, r: income / loss}.r") == "1");
    CHECK(result("{income / loss: 1, r: income/loss}.r") == "1");
    CHECK(result("R & D", {{"R&D", 3}}) == "3");
    CHECK(result("a -b", {{"a", 5}, {"b", 3}, {"a - b", 1}}) == "1");
    CHECK(result("(a) - b", {{"a", 5}, {"b", 3}, {"a-b", 1}}) == "2");
    CHECK(result("a - b c", {{"a", 5}, {"b", 3}, {"b c", 2}}) == "3");
}

TEST_CASE("an index of names finds them however their symbols stand apart") {
    const std::vector<std::string_view> known{"a", "a b", "a - b", "a-c", "a-c d", "a.b", "x/y"};
    const NameIndex index(known);
    const auto longest = [&](std::string_view text) { return std::string(index.longest(text).name); };
    CHECK(longest("a-b") == "a - b");
    CHECK(longest("a  -b + 1") == "a - b");
    CHECK(longest("a - c") == "a-c");
    CHECK(longest("a - c  d") == "a-c d");
    CHECK(longest("a . b") == "a.b");
    CHECK(longest("x / yz") == "");
    CHECK(longest("a - z") == "a");
}

TEST_CASE("where both readings of a name exist, a host can have it refused") {
    Names names{
        {{"投入", nullptr}, {"产出", nullptr}, {"投入/产出", nullptr}, {"净利", nullptr}, {"净利/产出", nullptr}}, {}};
    names.refuse_two_readings = true;
    const auto reading = [&](const std::string& text) {
        zoneval::Diagnostics found;
        const auto tree = parse_expression(ExpressionText::of(text), names, found);
        return tree ? to_feel(*tree) : found.all().front().message + " | " + found.all().front().expected;
    };
    CHECK(reading("投入 / 产出") ==
          "`投入 / 产出` can be the name `投入/产出`, or an operation on `投入`, `产出` | `投入/产出`, as it was "
          "declared, "
          "for the name, or `(投入) …` for the operation");
    CHECK(reading("投入/产出") == "投入/产出");
    CHECK(reading("(投入) / 产出") == "投入 / 产出");
    names.entries[3].name = "other";  // now `净利 / 产出` has one reading
    CHECK(reading("净利 / 产出") == "净利/产出");
}

TEST_CASE("a length that reaches past the end takes what there is") {
    CHECK(result(R"(substring("foobar", 3, 100))") == "\"obar\"");
}

TEST_CASE("named arguments that fit two signatures follow the order of writing") {
    CHECK(result("after(range: [1..10], point: 11)") == result("after([1..10], 11)"));
    CHECK(result("after(range: [1..10], point: 11)") == "false");
    CHECK(result("after(point: 11, range: [1..10])") == "true");
    CHECK(result("before(range: [1..10], point: 11)") == "true");
    CHECK(result("during(range: [1..10], point: 5)") == "true");
}

TEST_CASE("what `is` is not told is null") {
    CHECK(result("is(value2: 5)") == "false");
    CHECK(result("is(value1: 5)") == "false");
    CHECK(result("is(value2: null)") == "true");
    CHECK(result("is()") == "null");
}

TEST_CASE("quotients of durations round as numbers do") {
    CHECK(result(R"(@"PT1H"/7 = -(@"-PT1H"/7))") == "true");
    CHECK(result(R"(@"PT1S"/3*3 = @"PT1S")") == "false");
    CHECK(result(R"(@"PT2S"/3)") == R"(@"PT0.666666667S")");
    CHECK(result(R"(-@"PT2S"/3)") == R"(@"-PT0.666666667S")");
}

TEST_CASE("a local time is ordered at the other's offset, and equals none that has one") {
    CHECK(result(R"(@"10:00:00" < @"11:00:00Z")") == "true");
    CHECK(result(R"(@"10:00:00" < @"11:00:00+05:00")") == "true");
    CHECK(result(R"(@"12:00:00" > @"11:00:00+05:00")") == "true");
    CHECK(result(R"(@"10:00:00" = @"10:00:00Z")") == "false");
    CHECK(result(R"(@"2024-05-01T10:00:00" < @"2024-05-01T11:00:00@Asia/Shanghai")") == "true");
    CHECK(result(R"(@"2024-05-01T10:00:00" >= @"2024-05-01T11:00:00-11:00")") == "false");
    CHECK(result(R"(@"10:30:00" in [@"10:00:00Z"..@"11:00:00Z"])") == "true");
}

TEST_CASE("before `instance of` the sign belongs to the number: rule 35") {
    CHECK(result("-42 instance of number") == "true");
    CHECK(result("- 4.5 instance of string") == "false");
    CHECK(result("-(42) instance of number") == "null");
    const auto source = ExpressionText::of("-42 instance of number");
    zoneval::Diagnostics found;
    const auto tree = parse_expression(source, {}, found);
    REQUIRE(tree);
    check(*tree, {}, source.source, found);
    CHECK(found.empty());
    const auto again = parse_expression(ExpressionText::of(to_feel(*tree)), {}, found);
    REQUIRE(again);
    CHECK(same(*tree, *again));
}

TEST_CASE("a unary range is a value: rules 2.h and 58") {
    CHECK(result("5 in {a: < 10}.a") == "true");
    CHECK(result("{f: function(r) 5 in r, y: f(< 10)}.y") == "true");
    CHECK(result("5 in (if true then < 10 else > 10)") == "true");
    CHECK(result("5 in (if false then < 10 else > 10)") == "false");
    CHECK(result("count([< 1, >= 2, != 3])") == "3");
    CHECK(result("(for i in [5] return < i)[1]") == "(< 5)");
    CHECK(result("(function(x) <= x)(3)") == "(<= 3)");
    for (const char* text : {"{a: < 10}", "f(< 10)", "if true then < 10 else >= 2"}) {
        Names names{{{"f", nullptr}}, {}};
        zoneval::Diagnostics found;
        const auto tree = parse_expression(ExpressionText::of(text), names, found);
        REQUIRE(tree);
        const auto again = parse_expression(ExpressionText::of(to_feel(*tree)), names, found);
        REQUIRE(again);
        CHECK(same(*tree, *again));
    }
}
