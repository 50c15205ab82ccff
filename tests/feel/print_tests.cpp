#include "tests/feel/language.hpp"

using namespace zoneval;
using namespace zoneval::feel;

namespace {

const Names names{{{"a", nullptr}, {"b", nullptr}, {"R&D", nullptr}, {"营业 收入", nullptr}, {"?", nullptr}}, {}};

std::string printed(const std::string& text) {
    Diagnostics found;
    const auto tree = parse_expression(ExpressionText::of(text), names, found);
    if (!tree) return "! " + found.all().front().message;
    const auto out = to_feel(*tree);
    const auto again = parse_expression(ExpressionText::of(out), names, found);
    INFO(text << " -> " << out);
    CHECK(again);
    CHECK((again && same(*tree, *again)));
    CHECK(same(*tree, *clone(*tree)));
    return out;
}

}  // namespace

TEST_CASE("only the parentheses that matter are printed") {
    CHECK(printed("((a+b))*2") == "(a + b) * 2");
    CHECK(printed("a+(b*2)") == "a + b * 2");
    CHECK(printed("a-(b-2)") == "a - (b - 2)");
    CHECK(printed("(a-b)-2") == "a - b - 2");
    CHECK(printed("a**(b**2)") == "a ** (b ** 2)");
    CHECK(printed("-(a+b)") == "-(a + b)");
    CHECK(printed("-(5)") == "-5");
    CHECK(printed("--5") == "-(-5)");
    CHECK(printed("(a or b) and a") == "(a or b) and a");
    CHECK(printed("(if a then 1 else 2)+1") == "(if a then 1 else 2) + 1");
    CHECK(printed("(a in (1,2)) = b") == "a in (1, 2) = b");
    CHECK(printed("(a+1).x[1](2)") == "(a + 1).x[1](2)");
    CHECK(printed("(function(x) x)(1)") == "(function(x) x)(1)");
    CHECK(printed("(-a).b") == "(-a).b");
}

TEST_CASE("every construct prints as it reads") {
    for (const char* text : {"1.5",
                             "-2",
                             "\"a\\\"\\n\"",
                             "true",
                             "null",
                             "@\"2024-01-01\"",
                             "@\"P1Y\"",
                             "R&D * 2",
                             "营业 收入 > 3",
                             "[1, 2, \"x\"]",
                             "[]",
                             "{}",
                             "{a: 1, \"b[\": a}",
                             "[1..2]",
                             "(1..2)",
                             "[a + 1..b * 2)",
                             "(< 5)",
                             "(>= a)",
                             "(= 1)",
                             "(!= 1)",
                             "if a then b else 1",
                             "for i in [1, 2], j in 1..3 return i * j",
                             "some x in a satisfies x > 1",
                             "every x in a, y in x satisfies y = x",
                             "a between 1 and 2",
                             "a between b + 1 and 2 and b = 1",
                             "a in < 5",
                             "a in (1, < 5, [2..3])",
                             "a in [1..5)",
                             "a in b",
                             "a in (b or a)",
                             "a[item > 1]",
                             "a[1].b.c",
                             "a instance of list<number>",
                             "a instance of context<x: number, y y: string>",
                             "function(x: number, y) x + y",
                             "function(x) external {}",
                             "substring(\"abc\", 1)",
                             "substring(string: \"abc\", start position: 1)",
                             "a(1, 2)",
                             "date and time(\"2024-01-01\")",
                             "sort(a, function(x, y) x < y)",
                             "{f: function(n) if n = 0 then 1 else n * f(n - 1)}.f(5)",
                             "[{x y: 1}][x y = 1]",
                             "not(a)",
                             "a instance of function<number, string> -> boolean",
                             "a = (b = 1)",
                             "sqrt",
                             "[sqrt][1](4)"}) {
        CHECK(printed(text) == text);
    }
}

TEST_CASE("cells print as they read") {
    for (const char* text : {"-", "> 5", "1, 2, [3..4]", "not(< 3, 7)", "? > 5 and ? < a", "\"x\"", "!= 3", "-5"}) {
        Diagnostics found;
        const auto tree = parse_unary_tests(ExpressionText::of(text), names, found);
        REQUIRE(tree);
        CHECK(to_feel(*tree) == text);
    }
}

TEST_CASE("values print as expressions that give them back") {
    using namespace zoneval::feel::testing;
    for (const char* text : {"[1, null, {a: \"x\", \"b:\": @\"10:00:00\"}]", "[1..3)", "(< @\"P1D\")",
                             "@\"2024-01-01T10:00:00@Europe/Paris\"", "\"tab\\tquote\\\"\"", "-0.5", "1e40"})
        CHECK(result(text) == text);
}
