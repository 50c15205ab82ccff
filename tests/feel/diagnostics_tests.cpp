#include "tests/feel/language.hpp"

using namespace zoneval;
using namespace zoneval::feel;
using namespace zoneval::feel::testing;

namespace {

Diagnostic first(const std::string& text, const Frame& frame = {}) {
    const auto out = run(text, frame);
    REQUIRE_FALSE(out.parsed);
    return out.diagnostics.all().front();
}

}  // namespace

TEST_CASE("a syntax error says where, what was seen and what could have come") {
    const auto d = first("1 +\n 2 3");
    CHECK(code(d.kind) == "ZV101");
    CHECK(d.where.line == 2);
    CHECK(d.where.column == 4);
    CHECK(d.message == "unexpected `3`");
    CHECK(d.expected == "an operator or the end of the expression");
}

TEST_CASE("expectations are words people know") {
    CHECK(first("1 +").message == "the expression ends too early");
    CHECK(first("1 +").expected == "an expression");
    CHECK(first("").message == "there is no expression here");
    CHECK(first("if true 1 else 2").expected == "an operator or `then`");
    CHECK(first("(1").expected == "an operator, `..` or `)`");
    CHECK(first("[1, 2").expected == "an operator, `,` or `]`");
    CHECK(first("for i in [1] satisfies i").expected == "an operator, `return`, `..` or `,`");
    CHECK(first("{a: 1").expected == "an operator, `,` or `}`");
    CHECK(first("1 instance of nothing").expected == "a type");
    CHECK(first("\"abc").message == "the string that begins here does not end");
    CHECK(first("1 /* no end").message == "the comment that begins here does not end");
    CHECK(first("{a: 1, a: 2}").message == "the context has the key `a` twice");
    CHECK(code(first("@\"2024-13-01\"").kind) == "ZV107");
}

TEST_CASE("unknown names and functions come with the nearest known one, all in one run") {
    const auto out = run("GDB + employes * cuont([1])", {{"GDP", 1}, {"employees", 2}});
    REQUIRE(out.diagnostics.all().size() == 3);
    CHECK(code(out.diagnostics.all()[0].kind) == "ZV103");
    CHECK(out.diagnostics.all()[0].hint == "did you mean `GDP`?");
    CHECK(out.diagnostics.all()[1].hint == "did you mean `employees`?");
    CHECK(code(out.diagnostics.all()[2].kind) == "ZV104");
    CHECK(out.diagnostics.all()[2].hint == "did you mean `count`?");
    CHECK(code(first("floor(m: 1)").kind) == "ZV105");
}

TEST_CASE("positions are those of the file when the text was decoded from it") {
    const auto source = std::make_shared<const Source>("rules.yaml", "when: \"a +\n   b c\"\n");
    // The YAML scalar folds to `a + b c`.
    ExpressionText text{source, "a + b c", {7, 8, 9, 10, 14, 15, 16, 17}};
    Names names{{{"a", nullptr}, {"b", nullptr}}, {}};
    Diagnostics found;
    CHECK(parse_expression(text, names, found) == nullptr);
    REQUIRE(found.all().size() == 1);
    CHECK(found.all().front().where.line == 2);
    CHECK(found.all().front().where.column == 6);
}

TEST_CASE("spans of nodes cover their text") {
    const auto source = ExpressionText::of("  1 + max(2, 3) * 4 ");
    Diagnostics found;
    const auto tree = parse_expression(source, {}, found);
    REQUIRE(tree);
    CHECK(source.source->text(tree->span) == "1 + max(2, 3) * 4");
    const auto& product = *tree->as<Binary>()->right;
    CHECK(source.source->text(product.span) == "max(2, 3) * 4");
    CHECK(source.source->text(product.as<Binary>()->left->as<Call>()->arguments[1]->span) == "3");
}
