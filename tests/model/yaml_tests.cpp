#include <catch2/catch.hpp>

#include "engine/model/yaml.hpp"

using namespace zoneval;
using namespace zoneval::model;

namespace {

SourcePtr source(std::string text) { return std::make_shared<const Source>("rules.yaml", std::move(text)); }

std::string first_code(const std::string& text) {
    Diagnostics found;
    parse_yaml(source(text), found);
    return found.empty() ? "" : std::string(code(found.all().front().kind));
}

}  // namespace

TEST_CASE("a key that stands twice is refused at its second place") {
    Diagnostics found;
    parse_yaml(source("a: 1\nb: 2\na: 3\n"), found);
    REQUIRE(found.all().size() == 1);
    CHECK(found.all()[0].kind == Kind::duplicate_key);
    CHECK(found.all()[0].where.line == 3);
    CHECK(found.all()[0].where.column == 1);
}

TEST_CASE("YAML features that rule files do not use are refused with their place") {
    CHECK(first_code("a: &x 1\nb: 2\n") == "ZV206");
    CHECK(first_code("a: *x\n") != "");
    CHECK(first_code("a: {<<: {b: 1}}\n") == "ZV206");
    CHECK(first_code("a: !!binary x\n") == "ZV206");
    CHECK(first_code("a: 1\n---\nb: 2\n") == "ZV206");
}

TEST_CASE("a tab in the indentation and a quote that is never closed are named") {
    CHECK(first_code("a:\n\tb: 1\n") == "ZV206");
    CHECK(first_code("a: 'x\ty'\n") == "");
    CHECK(first_code("a: \"open\nb: 1\n") == "ZV201");
    CHECK(first_code("a: 'open\n") == "ZV201");
    CHECK(first_code("a: 'it''s'\nb: \"x \\\" y\"\nc: \"\"\nd: ''\ne: \"two\n  lines \"\n") == "");
}

TEST_CASE("nesting without end is refused, not followed") {
    CHECK(first_code(std::string(100'000, '[')) == "ZV206");
    std::string deep;
    for (int i = 0; i < 2000; ++i) deep += "- ";
    CHECK(first_code(deep + "x") == "ZV206");
}

TEST_CASE("a broken line is named with file, line and column") {
    Diagnostics found;
    parse_yaml(source("a: 1\nb: c: d\n"), found);
    REQUIRE(found.all().size() == 1);
    CHECK(found.all()[0].kind == Kind::malformed_yaml);
    CHECK(found.all()[0].where.file == "rules.yaml");
    CHECK(found.all()[0].where.line == 2);
}

TEST_CASE("an expression knows the place of each of its bytes, however YAML wraps it") {
    const auto check = [](const std::string& text, const std::string& word) {
        Diagnostics found;
        const auto src = source(text);
        const auto root = parse_yaml(src, found);
        REQUIRE(found.empty());
        const auto* node = root.find("is");
        REQUIRE(node != nullptr);
        const auto expression = node->expression();
        REQUIRE(expression.offsets.size() == expression.text.size() + 1);
        const auto at = expression.text.find(word);
        REQUIRE(at != std::string::npos);
        CHECK(src->text().substr(expression.offsets[at], word.size()) == word);
    };
    check("is: alpha + beta\n", "beta");
    check("is: alpha +\n    beta * gamma\n", "gamma");
    check("is: 'it''s + beta'\n", "beta");
    check("is: \"a \\\"quoted\\\" beta\"\n", "beta");
    check("is: >-\n  alpha +\n  beta\n", "beta");
    check("list:\n  - x\nis: |-\n    alpha\n    + beta\n", "beta");
    check("is: |\n  alpha +\n  beta\n", "beta");
    check("is: >\n  alpha +\n  beta\n\n  gamma\n", "gamma");
    check("标题: x\nis: 营业收入 / 从业人员\n", "从业人员");
}

TEST_CASE("a question mark that inspect left is said to be still to be filled in") {
    for (const auto* text :
         {"id: ?\n", "columns:\n  ?: 收入\n", "codes:\n  —: ?     # not reported\n", "a: {b: ?, c: 1}\n"}) {
        Diagnostics found;
        parse_yaml(source(text), found);
        INFO(text << render_text(found, false));
        REQUIRE(found.has_errors());
        CHECK(found.all()[0].message == "`?` is still to be filled in");
    }
}
