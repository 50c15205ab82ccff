// Tables of indicators, as evaluators keep them in a spreadsheet.
#include <catch2/catch.hpp>
#include <map>

#include "engine/graph/compile.hpp"

using namespace zoneval;
using Catch::Contains;

namespace {

graph::Compiled compiled(const std::string& table, const std::string& score = "normalise: min-max",
                         const std::string& inputs = "") {
    return graph::compile("r.yaml", [&](const std::string& path) -> std::optional<std::string> {
        if (path == "t.csv") return table;
        return "ruleset: r\nrecord: zone\ninputs: {people: {}" + inputs +
               "}\nscores:\n  s:\n    indicators from: t.csv\n    " + score + "\n";
    });
}
std::string said(const std::string& table, const std::string& score = "normalise: min-max") {
    return render_text(compiled(table, score).found, false);
}

}  // namespace

TEST_CASE("a table gives groups, weights, directions and inputs") {
    const auto c = compiled(
        "indicator,title,unit,group,weight,direction,per\nx,Exports,USD,trade,2,1,people\ny,Tariffs,%,trade,1,-1,\n"
        "z,Forest,%,nature,1,higher,\n");
    INFO(render_text(c.found, false));
    REQUIRE(c.sound());
    const auto& whole = c.rules->scores.front().whole;
    REQUIRE(whole.groups.size() == 2);
    CHECK(whole.groups[0].name == "trade");
    CHECK(whole.groups[0].indicators[0].weight.share == feel::Decimal(2) / feel::Decimal(3));
    CHECK_FALSE(whole.groups[0].indicators[0].lower_is_better);
    CHECK(whole.groups[0].indicators[1].lower_is_better);
    CHECK(whole.groups[0].indicators[0].per->text == "people");
    CHECK(whole.groups[1].weight.share == feel::Decimal(1) / feel::Decimal(2));
    REQUIRE(c.rules->input("x"));
    CHECK(c.rules->input("x")->title.in("en") == "Exports");
    CHECK(c.rules->input("y")->unit == "%");
    CHECK(c.rules->files.size() == 2);  // kept with the rule set
}

TEST_CASE("the rows of a table go to the groups that the rule file names, at any depth") {
    const std::string table = "indicator;group;weight\nx;a;\ny;b;\nz;b;\n";
    const auto c = compiled(table, "normalise: min-max\n    groups: {up: {weight: 2, groups: {a: }}, b: {weight: 1}}");
    INFO(render_text(c.found, false));
    REQUIRE(c.sound());
    const auto& whole = c.rules->scores.front().whole;
    CHECK(whole.groups[0].groups[0].indicators.size() == 1);
    CHECK(whole.groups[1].indicators.size() == 2);
}

TEST_CASE("what a definition has already is no input, and a formula is a column of its own") {
    const auto c = compiled("indicator,of,from\npeople,,0..10\n,people * 2,0..20\n", "");
    INFO(render_text(c.found, false));
    REQUIRE(c.sound());
    CHECK(c.rules->inputs.size() == 1);
    CHECK(c.rules->scores.front().whole.indicators[1].of.text == "people * 2");
}

TEST_CASE("titles may be Chinese or Japanese, and tabs or semicolons may part the columns") {
    const auto c = compiled("指标\t名称\t分组\t权重\t方向\nx\t出口\t贸易\t1\t正向\ny\t关税\t贸易\t1\t逆向\n");
    INFO(render_text(c.found, false));
    REQUIRE(c.sound());
    CHECK(c.rules->scores.front().whole.groups[0].name == "贸易");
    CHECK(c.rules->scores.front().whole.groups[0].indicators[1].lower_is_better);
}

TEST_CASE("a mistake in a table is told by file, line and column") {
    CHECK_THAT(said("indicator,weight\nx,1\ny,-2\n"), Contains("t.csv:3:3") && Contains("a share such as"));
    CHECK_THAT(said("indicator,wieght\nx,1\n"), Contains("t.csv:1:11") && Contains("did you mean `weight`?"));
    CHECK_THAT(said("indicator,direction\nx,sideways\n"), Contains("t.csv:2:3") && Contains("no direction"));
    CHECK_THAT(said("indicator,weight\nx,60 %\ny,30 %\n"), Contains("90 %"));
    CHECK_THAT(said("indicator,of\n,people +\n"), Contains("t.csv:2"));
    CHECK_THAT(said("indicator,of\n,nobody\n"), Contains("t.csv:2:2") && Contains("nobody"));
    CHECK_THAT(said("indicator,weight\n,2\n"), Contains("names no indicator"));
    CHECK_THAT(said("indicator\n"), Contains("has no rows"));
    CHECK_THAT(said("indicator,title\nx,\"open\n"), Contains("not closed"));
    CHECK_THAT(said("indicator,group\nx,tade\n", "normalise: min-max\n    groups: {trade: }"),
               Contains("t.csv:2:3") && Contains("did you mean `trade`?"));
}

TEST_CASE("a table that is not there is told where it is asked for") {
    const auto c = graph::compile("r.yaml", [&](const std::string& path) -> std::optional<std::string> {
        if (path == "t.csv") return std::nullopt;
        return "ruleset: r\nrecord: zone\ninputs: {}\nscores:\n  s:\n    indicators from: t.csv\n";
    });
    CHECK_THAT(render_text(c.found, false), Contains("r.yaml:6:22") && Contains("`t.csv` cannot be read"));
}
