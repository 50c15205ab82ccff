// What a dataset says of its file.
#include <catch2/catch.hpp>

#include "engine/model/load.hpp"

using namespace zoneval;
using namespace zoneval::model;

namespace {

RuleSet load(const std::string& datasets, std::string& said) {
    Diagnostics found;
    auto out = load_ruleset(
        "main.yaml",
        [&](const std::string&) {
            return std::optional(
                "ruleset: r\nrecord: zone\ninputs:\n  a: {type: number, decimals: round}\n  b: {type: "
                "number}\ndatasets:\n" +
                datasets);
        },
        found);
    for (const auto& d : found.all()) said += d.message + " | " + d.expected + " | " + d.hint + "\n";
    return out;
}

}  // namespace

TEST_CASE("what is declared of a file reaches those who read it") {
    std::string said;
    const auto rules = load(
        "  d:\n    header row: [3, 4]\n    until: 合计\n    drop: ends with(x, \"小计\")\n    year: 2023\n    cells: "
        "grouped\n"
        "    columns:\n      a: {column: A, unit: 万元, cells: percent, missing codes: {\"0\": not reported}, "
        "translate: {x: 1}}\n      b: B\n",
        said);
    CHECK(said.empty());
    const auto schema = *dataset_schema(rules, "d");
    CHECK(written(schema.shape) ==
          Written{{"header row", "[3, 4]"}, {"until", "合计"}, {"drop", "'ends with(x, \"小计\")'"}, {"year", "2023"}});
    CHECK(schema.columns[0].header == "A");
    CHECK(written(schema.columns[0].form) == Written{{"unit", "万元"},
                                                     {"cells", "[percent, grouped, rounded]"},
                                                     {"missing codes", "{\"0\": not reported}"}});
    CHECK(schema.columns[0].translate.at("x") == "1");
    CHECK(written(schema.columns[1].form) == Written{{"cells", "grouped"}});
}

TEST_CASE("a year in quotes names a column, one without is the year") {
    std::string said;
    CHECK(load("  d: {year: \"2023\"}\n", said).datasets[0].year == "2023");
    CHECK(load("  d: {year: 2023}\n", said).datasets[0].shape.year == 2023);
    CHECK(load("  d: {year: {from: sheet}}\n", said).datasets[0].shape.year_from == Shape::YearFrom::sheet);
    CHECK(said.empty());
}

TEST_CASE("a slip in a declaration is refused with what is possible") {
    const auto refused = [](const std::string& text) {
        std::string said;
        load(text, said);
        return said;
    };
    CHECK(refused("  d: {cells: percents}\n").find("did you mean `percent`?") != std::string::npos);
    CHECK(refused("  d: {dates: yy/mm/dd}\n").find("`y/m/d`, or `serial`") != std::string::npos);
    CHECK(refused("  d: {header row: 0}\n").find("a row's number, from 1") != std::string::npos);
    CHECK(refused("  d: {header row: [4, 3]}\n").find("in ascending order") != std::string::npos);
    CHECK(refused("  d: {years: 1900-2100}\n").find("such as `1900..2100`") != std::string::npos);
    CHECK(refused("  d: {delimiter: \"::\"}\n").find("one of ,, ;, |, tab") != std::string::npos);
    CHECK(refused("  d: {values in: v}\n").find("no `names in`") != std::string::npos);
    CHECK(refused("  d: {columns: {a: {colum: A}}}\n").find("did you mean `column`?") != std::string::npos);
    CHECK(refused("  d: {year: {from: files}}\n").find("did you mean `file`?") != std::string::npos);
}
