#include "tests/feel/language.hpp"

using namespace zoneval;
using namespace zoneval::feel;
using namespace zoneval::feel::testing;

namespace {

struct Checked {
    std::string type;
    std::vector<std::string> messages;
};

Checked checked(const std::string& text) {
    const Names names{{{"GDP", Type::of(Type::Kind::number)},
                       {"region", Type::of(Type::Kind::string)},
                       {"founded", Type::of(Type::Kind::date)},
                       {"firms", Type::parse("list<context<name: string, staff: number>>")},
                       {"anything", nullptr}},
                      {}};
    Diagnostics found;
    const auto source = ExpressionText::of(text);
    const auto tree = parse_expression(source, names, found);
    REQUIRE(tree);
    Checked out{check(*tree, names, source.source, found)->to_string(), {}};
    for (const auto& d : found.all()) out.messages.push_back(std::string(code(d.kind)) + " " + d.message);
    return out;
}

std::string only(const std::string& text) {
    const auto out = checked(text);
    return out.messages.size() == 1 ? out.messages.front() : std::to_string(out.messages.size()) + " messages";
}

}  // namespace

TEST_CASE("types are inferred") {
    CHECK(checked("GDP * 2 + 1").type == "number");
    CHECK(checked("GDP > 2 and region = \"East\"").type == "boolean");
    CHECK(checked("founded - @\"2020-01-01\"").type == "days and time duration");
    CHECK(checked("founded.year").type == "number");
    CHECK(checked("firms.staff").type == "list<number>");
    CHECK(checked("firms[staff > 10].name").type == "list<string>");
    CHECK(checked("sum(firms.staff)").type == "number");
    CHECK(checked("max(firms.name)").type == "string");
    CHECK(checked("for f in firms return f.staff * 2").type == "list<number>");
    CHECK(checked("if GDP > 1 then \"a\" else null").type == "string");
    CHECK(checked("{a: 1, b: a + 1}").type == "context<a: number, b: number>");
    CHECK(checked("(function(x: number) x * 2)(3)").type == "number");
    CHECK(checked("rank(GDP, region)").type == "number");
    CHECK(checked("prior(region)").type == "string");
    CHECK(checked("over(GDP, 3)").type == "list<number>");
    CHECK(checked("cohort max(founded)").type == "date");
}

TEST_CASE("operations that can only give null are errors") {
    CHECK(only("GDP + region") == "ZV106 `+` does not join a number and a string");
    CHECK(only("GDP = region") == "ZV106 `=` never compares a number with a string");
    CHECK(only("if GDP then 1 else 2") == "ZV106 `if` needs true or false, this is a number");
    CHECK(only("GDP and true") == "ZV106 `and` needs true or false, this is a number");
    CHECK(only("GDP between \"a\" and \"b\"") == "ZV106 `between` never compares a number with a string");
    CHECK(only("region in (1, 2)") == "2 messages");
    CHECK(only("region in [1..2]") == "ZV106 a string is never tested by a range<number>");
    CHECK(only("founded.yaer") == "ZV106 a date has no `yaer`");
    CHECK(only("firms.stuff") == "ZV106 there is no entry `stuff`");
    CHECK(only("-region") == "ZV106 a string has no negative");
    CHECK(only("firms[name]") == "ZV106 a filter cannot be a string");
}

TEST_CASE("calls that cannot succeed are errors") {
    CHECK(only("abs(region)") == "ZV105 `abs` does not take (string)");
    CHECK(only("modulo(GDP)") == "ZV105 `modulo` does not take (number)");
    CHECK(only("(function(x: number) x)(region)") == "ZV105 `x` is a number, not a string");
    CHECK(only("(function(x, y) x)(1)") == "ZV105 the function takes 2 arguments, not 1");
}

TEST_CASE("what may be anything is never complained about") {
    for (const char* text : {"anything + GDP", "anything = region", "anything.what", "if anything then 1 else 2",
                             "abs(anything)", "anything(1, 2)", "null + 1", "[1, \"a\"][1] + 1", "GDP = null",
                             "region in (null, \"East\")", "[{x: 1}][x > 0]", "count(GDP)", "anything[x > 1]"}) {
        INFO(text);
        CHECK(checked(text).messages.empty());
    }
}
