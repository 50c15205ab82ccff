// Input made to hurt: every case must end soon, with an error or a value.
#include <chrono>

#include "engine/feel/value/limits.hpp"
#include "engine/feel/value/null_meaning.hpp"
#include "engine/wording/say.hpp"
#include "tests/feel/language.hpp"

using namespace zoneval;
using namespace zoneval::feel;
using namespace zoneval::feel::testing;

namespace {

std::string repeat(const std::string& text, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += text;
    return out;
}

std::string first_code(const std::string& text) {
    const auto out = run(text);
    return out.parsed ? "parsed" : std::string(code(out.diagnostics.all().front().kind));
}

std::string first_cause(const std::string& text) {
    const auto out = run(text);
    REQUIRE(out.parsed);
    if (!out.value.cause()) return out.value.to_feel();
    return zoneval::wording::say(*leaves(out.value.cause()).front(), zoneval::wording::Language::en);
}

}  // namespace

TEST_CASE("nesting has a limit, and costs no more than its length") {
    for (const std::string open :
         {"(", "[", "-", "{a: ", "if ", "not(", "a[", "x in (", "function(", "for i in ", "[1..", "]", "f(a: "}) {
        INFO(open);
        CHECK(first_code(repeat(open, 100000)) != "parsed");
        if (open != "-") CHECK(first_code(repeat(open, 150) + "1") != "parsed");
    }
    CHECK(result(repeat("(", 150) + "1" + repeat(")", 150)) == "1");
    CHECK(first_code(repeat("(", 1000) + "1" + repeat(")", 1000)) == "ZV102");
    CHECK(first_code(repeat("[", 1000) + repeat("]", 1000)) == "ZV102");
    CHECK(first_code(repeat("1 in (", 150) + "1" + repeat(")", 150)) == "parsed");
    CHECK(first_code(repeat("(1..", 100) + "1" + repeat(")", 100)) == "parsed");
    CHECK(first_code(repeat("1 in (", 150) + "1") == "ZV101");
    // What could belong to several levels, and in the end to none, is not read for each of them within each: a `[`
    // behind the end of a range, and what follows a function, a condition or a loop.
    CHECK(first_code(repeat("((1..a[", 40)) == "ZV101");
    CHECK(first_code(repeat("[1..[][(", 40)) == "ZV101");
    CHECK(first_code(repeat("1 in [1..a[[", 40) + "1") == "ZV101");
    for (const std::string open :
         {"function(a) 1 + (", "function(a) 1(", "if a then b else c[", "for i in a return 1 - (",
          "some i in a satisfies 1 = (", "function(a) 1 in (", "function(a) b and not("}) {
        INFO(open);
        CHECK(first_code(repeat(open, 40)) == "ZV101");
    }
}

TEST_CASE(
    "what stands behind the end of a range is a filter where it can be one, and the range is closed where it cannot") {
    CHECK(result("[1..[2, 3][1]]") == "[1..2]");
    CHECK(result("2 in [1..[2, 3][1]]") == "true");
    CHECK(result("2 in [1..2[") == "false");
    CHECK(result("[[1..2[, [1..[2, 3][2][]") == "[[1..2), [1..3)]");
    CHECK(first_code("[1..2[[1]") == "parsed");
    CHECK(first_code("[1..2[(1)") == "parsed");
}

TEST_CASE("long chains have a limit too") {
    CHECK(result("0" + repeat("+1", 1500)) == "1500");
    CHECK(first_code("0" + repeat("+1", 100000)) == "ZV102");
    CHECK(first_code("a" + repeat(".b", 100000)) != "parsed");
    CHECK(first_code("1" + repeat("[1]", 100000)) == "ZV102");
    CHECK(first_code(repeat("x", limits::expression_bytes + 1)) == "ZV102");
    CHECK(first_code("1 instance of " + repeat("list<", 10000) + "number") == "ZV101");
}

TEST_CASE("recursion in functions ends with a cause, not with the stack") {
    CHECK(first_cause("{f: function(n) f(n + 1)}.f(1)").find("steps deep") != std::string::npos);
    CHECK(first_cause("{f: function(n) 1 + f(n)}.f(1)").find("steps deep") != std::string::npos);
#ifdef __SANITIZE_ADDRESS__
    const std::string deep = "50";  // whose frames are many times as large
#else
    const std::string deep = "500";
#endif
    CHECK(result("{f: function(n) if n = 0 then 0 else 1 + f(n - 1)}.f(" + deep + ")") == deep);
    CHECK(first_cause("(function(f) f(f))(function(f) f(f))").find("steps deep") != std::string::npos);
    CHECK(first_cause("{f: function(n) if n = 0 then 1 else f(n - 1) + f(n - 1)}.f(60)").find("more than") !=
          std::string::npos);
}

TEST_CASE("iteration and lists have limits") {
    CHECK(first_cause("for i in 1..100000000000 return i").find("more than") != std::string::npos);
    CHECK(first_cause("for i in 1..100000, j in 1..100000 return 1").find("more than") != std::string::npos);
    CHECK(first_cause("count(for i in 1..100000 return partial)").find("more than") != std::string::npos);
    CHECK(first_cause("some i in 1..1000000, j in 1..1000000 satisfies false").find("more than") != std::string::npos);
}

TEST_CASE("values that share their parts cannot make comparing or printing explode") {
    // Each step doubles the value's size on paper, though not in memory.
    const std::string doubled =
        "{f: function(n) if n = 0 then [1] else (for v in [[f(n - 1)]] return [v, v])[1]}.f(60)";
    const auto began = std::chrono::steady_clock::now();
    result(doubled + " = " + doubled);
    result("string(" + doubled + ")");
    result("count(flatten(" + doubled + "))");
    result("distinct values([" + doubled + ", " + doubled + "])");
    result(doubled + " instance of list<list<number>>");
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(20));
}

TEST_CASE("numbers and texts have limits") {
    CHECK(result("10 ** 7000") == "null");
    CHECK(result("2 ** 1e30") == "null");
    CHECK(first_code("1e99999") == "ZV107");
    CHECK(result("exp(1e10)") == "null");
    CHECK(first_cause("{f: function(s, n) if n = 0 then s else f(s + s, n - 1)}.f(\"abcdefgh\", 40)") != "");
    CHECK(result("decimal(1, 1e20)") == "null");
    CHECK(result("[1][1e30]") == "null");
}

TEST_CASE("regular expressions cannot run away") {
    CHECK(result("matches(\"" + repeat("a", 40) + "!\", \"(a+)+$\")") != "");
    CHECK(result("matches(\"" + repeat("a", 5000) + "!\", \"^(a|aa)+$\")") == "null");
    CHECK(result("matches(\"a\", \"" + repeat("(", 5000) + "a" + repeat(")", 5000) + "\")") == "null");
    CHECK(result("matches(\"a\", \"a{1000000}\")") == "null");
}

TEST_CASE("bytes that are no text are refused") {
    CHECK(first_code("\"\xff\xfe\"") == "ZV101");
    CHECK(first_code(std::string("1\0+", 3)) == "ZV101");
    CHECK(first_code("\xED\xA0\x80") == "ZV101");
}

TEST_CASE("the deepest trees can be checked, printed, compared and evaluated") {
    for (const auto& text : {"0" + repeat("+1", 1900), repeat("(", 190) + "1" + repeat(")", 190),
                             "a" + repeat("[1]", 1900), "a" + repeat(".b", 1900), "x" + repeat(" or x", 1900),
                             repeat("-", 190) + "a", repeat("if a then ", 190) + "1" + repeat(" else 2", 190)}) {
        Names names{{{"a", nullptr}, {"x", nullptr}}, {}};
        Diagnostics found;
        const auto source = ExpressionText::of(text);
        const auto tree = parse_expression(source, names, found);
        REQUIRE(tree);
        CHECK(same(*tree, *clone(*tree)));
        CHECK(to_feel(*tree).size() > 0);
        check(*tree, names, source.source, found);
        const Value frame[] = {Value(1), Value(false)};
        const auto value = evaluate(*tree, frame, {NullMeaning::unknown, source.source});
        zoneval::wording::render(value.cause(), zoneval::wording::Language::en);
    }
}
