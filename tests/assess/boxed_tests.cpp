// Boxed expressions in rule files, run by rule sets' own tests. The examples of docs/rule-files.md run as they stand
// there.
#include <fstream>
#include <sstream>

#include "engine/assess/rule_tests.hpp"
#include "engine/graph/analyse.hpp"
#include "tests/exec/small_rules.hpp"

using namespace zoneval;

namespace {

/// The YAML examples of one section of a page.
std::vector<std::string> yaml_blocks(const std::string& path, const std::string& heading) {
    std::ifstream in(path);
    std::stringstream all;
    all << in.rdbuf();
    auto text = all.str();
    const auto begin = text.find("\n" + heading + "\n");
    REQUIRE(begin != std::string::npos);
    text = text.substr(begin + 1);
    text = text.substr(0, text.find("\n## ", 1));
    std::vector<std::string> out;
    const std::string open = "```yaml\n";
    for (auto at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
        const auto end = text.find("```", at + open.size());
        out.push_back(text.substr(at + open.size(), end - at - open.size()));
        at = end;
    }
    return out;
}

const std::string inputs = "inputs:\n  a: {type: number}\n  b: {type: number}\n  s: {type: string}\n";

/// What is wrong with a rule set, its tests included: one line for each finding with its place.
std::string wrong(const std::string& yaml, bool with_inputs = true) {
    Diagnostics found;
    const auto graph = testing::build((with_inputs ? inputs : "") + yaml, found);
    if (graph && !found.has_errors()) {
        graph::analyse(*graph, found);
        assess::run_tests(*graph, found);
    }
    Diagnostics out;
    for (const auto& d : found.all())
        if (d.kind != Kind::unused_definition) out.add(d);
    return render_text(out, false);
}

/// The measure `x` has this form and this value for a = 3, b = 4, s = "East".
std::string gives(const std::string& form, const std::string& value) {
    return wrong("measures:\n  x:\n    is: " + form +
                 "\ntests:\n  - {name: t, given: {a: 3, b: 4, s: East}, expect: {x: " + value + "}}\n");
}

std::string table(const std::string& policy, const std::string& outputs, const std::string& rules) {
    return "{decision table: {hit policy: " + policy + ", inputs: [a, b], outputs: " + outputs + ", rules: [" + rules +
           "]}}";
}

}  // namespace

TEST_CASE("every boxed expression of docs/rule-files.md gives what its tests say") {
    const auto blocks = yaml_blocks(std::string(ZONEVAL_SOURCE_DIR) + "/docs/rule-files.md", "## Boxed expressions");
    REQUIRE(blocks.size() >= 6);
    for (std::size_t i = 1; i < blocks.size(); ++i) {
        INFO(blocks[i]);
        CHECK(blocks[i].find("tests:") != std::string::npos);
        CHECK(wrong(blocks.front() + blocks[i], false) == "");
    }
}

TEST_CASE("boxed forms nest in each other") {
    CHECK(gives("{if: {some: n, in: {list: [1, 2, a]}, satisfies: n > 2}, then: {context: {c: {list: [a, b]}}, result: "
                "sum(c)}, else: null}",
                "7") == "");
    CHECK(gives("{context: {f: {function: {parameters: [n], body: {if: n <= 1, then: 1, else: n * f(n - 1)}}}}, "
                "result: f(b)}",
                "24") == "");
    CHECK(gives("{for: row, in: {filter: {in: {relation: {columns: [k v, w], rows: [[1, 2], [a, b]]}}, match: k v > "
                "1}}, return: row.k v + row.w}",
                "[7]") == "");
    CHECK(gives("{context: {t: " + table("first", "[{type: number}]", "['-', '> 3', a]") + "}, result: t + 1}", "4") ==
          "");
    CHECK(gives("{for: n, in: '[1, 2, 3]', return: 'if n = 1 then 1 else n * partial[-1]'}", "[1, 2, 6]") == "");
}

TEST_CASE("a boxed table follows every hit policy") {
    const std::string both = "['> 1', '-', 1], ['-', '> 1', 2]", none = "['> 9', '-', 1]";
    CHECK(gives(table("unique", "[v]", "['> 1', '-', 1], ['> 9', '-', 2]"), "1") == "");
    CHECK(gives(table("unique", "[v]", both), "null") == "");
    CHECK(gives(table("any", "[v]", "['> 1', '-', 5], ['-', '> 1', 5]"), "5") == "");
    CHECK(gives(table("any", "[v]", both), "null") == "");
    CHECK(gives(table("first", "[v]", both), "1") == "");
    CHECK(gives(table("rule order", "[v]", both), "[1, 2]") == "");
    CHECK(gives(table("priority", "[{allowed values: '2, 1'}]", both), "2") == "");
    CHECK(gives(table("output order", "[{allowed values: '2, 1'}]", both), "[2, 1]") == "");
    CHECK(gives(table("collect", "[v]", both), "[1, 2]") == "");
    CHECK(gives(table("collect sum", "[v]", both), "3") == "");
    CHECK(gives(table("collect min", "[v]", both), "1") == "");
    CHECK(gives(table("collect max", "[v]", both), "2") == "");
    CHECK(gives(table("collect count", "[v]", both), "2") == "");
    CHECK(gives(table("unique", "[{default: 7}]", none), "7") == "");
    CHECK(gives(table("unique", "[v]", none), "null") == "");
    CHECK(gives("{context: {t: " + table("first", "[{name: p}, {name: q r}]", "['-', '? > a', a, b]") +
                    "}, result: t.p * t.q r}",
                "12") == "");
}

TEST_CASE("a boxed table over missing data is unknown, and says which datum") {
    const std::string x = "measures:\n  x:\n    is: " + table("unique", "[v]", "['> 1', '-', 1]") +
                          "\n  asks: x = null\ntests:\n  - {name: t, given: {b: 4}, expect: {x: null, asks: true}}\n";
    CHECK(wrong(x) == "");
}

TEST_CASE("a mistake in a boxed expression is shown at its own line") {
    const auto said =
        wrong("measures:\n  x:\n    is:\n      context:\n        c: a + 1\n        d: a + + b\n      result: c * e\n");
    INFO(said);
    CHECK(said.find("rules.yaml:12:16") != std::string::npos);
    CHECK(said.find("unexpected `+`") != std::string::npos);
    CHECK(said.find("        d: a + + b") != std::string::npos);
    const auto unknown =
        wrong("measures:\n  x:\n    is:\n      if: a > 1\n      then: b\n      else: \"emplyees + c\"\n");
    CHECK(unknown.find("rules.yaml:12:14") != std::string::npos);
    CHECK(unknown.find("nothing here is called `emplyees`") != std::string::npos);
}

TEST_CASE("a boxed form with an unknown key is refused with the key that was meant") {
    const auto said = wrong("measures:\n  x:\n    is: {if: a > 1, than: b, else: 0}\n");
    CHECK(said.find("the boxed `if` in measure `x` has no key `than`") != std::string::npos);
    CHECK(said.find("did you mean `then`?") != std::string::npos);
    CHECK(wrong("measures:\n  x:\n    is: {contxt: {c: 1}}\n").find("did you mean `context`?") != std::string::npos);
    CHECK(wrong("measures:\n  x:\n    is: {c: 1}\n").find("must stand in quotes; a boxed context is `context: {…}`") !=
          std::string::npos);
    CHECK(wrong("measures:\n  x:\n    is: [1, 2]\n").find("a boxed list is `list: […]`") != std::string::npos);
    CHECK(wrong("measures:\n  x:\n    is: {for: n, in: [1], return: n}\n").find("a boxed list is `list: […]`") !=
          std::string::npos);
}

TEST_CASE("boxed tables whose rows or outputs do not fit are refused") {
    CHECK(wrong("measures:\n  x:\n    is: " + table("unique", "[v]", "['-', 1]") + "\n")
              .find("a row has 2 cells, not 3") != std::string::npos);
    CHECK(wrong("measures:\n  x:\n    is: " + table("collect sum", "[v, w]", "['-', '-', 1, 2]") + "\n")
              .find("`collect sum` is for one") != std::string::npos);
    CHECK(wrong("measures:\n  x:\n    is: " + table("priority", "[v]", "['-', '-', 1]") + "\n")
              .find("does not know which output comes first") != std::string::npos);
    CHECK(wrong("measures:\n  x:\n    is: " + table("frist", "[v]", "['-', '-', 1]") + "\n")
              .find("did you mean `first`?") != std::string::npos);
    CHECK(wrong("measures:\n  x:\n    is: {function: {parameters: {n: nmber}, body: n}}\n")
              .find("there is no type `nmber`") != std::string::npos);
}

TEST_CASE("cells of a boxed table are checked against what their input can be") {
    const std::string with =
        "inputs:\n  region: {values: [East, West]}\n  n: {type: number}\nmeasures:\n  x:\n    is: {decision table: "
        "{inputs: [region, n], rules: [[";
    CHECK(wrong(with + "'\"Eest\"', '-', 1]]}}\n", false).find("`region` is never \"Eest\"") != std::string::npos);
    CHECK(wrong(with + "'-', '\"a\"', 1]]}}\n", false).find("a number is never tested by a string") !=
          std::string::npos);
    CHECK(wrong(with + "'\"East\"', '> 1', 1]]}}\n", false) == "");
}

TEST_CASE("units are checked inside boxed expressions") {
    const auto said = wrong(
        "inputs:\n  GDP: {unit: 100 million CNY}\n  staff: {unit: person}\nmeasures:\n"
        "  x:\n    unit: 100 million CNY\n    is: {if: GDP > 1, then: GDP + staff, else: GDP}\n",
        false);
    CHECK(said.find("are added") != std::string::npos);
    const auto result = wrong(
        "inputs:\n  GDP: {unit: 100 million CNY}\n  staff: {unit: person}\nmeasures:\n"
        "  x:\n    unit: person\n    is: {context: {twice: GDP * 2}, result: GDP / 2}\n",
        false);
    CHECK(result.find("ZV") != std::string::npos);
}

TEST_CASE("cohort and history functions work inside boxed expressions") {
    const auto said = wrong(
        "measures:\n  x:\n    is: {if: prior(a) = null, then: 'a / cohort sum(a)', else: prior(a)}\n"
        "tests:\n  - {name: t, records: {p: {given: {a: 1}, expect: {x: 0.25}}, q: {given: {a: 3, prior a: 2}, expect: "
        "{x: 2}}}}\n");
    CHECK(said == "");
}
