#include "engine/results/ranking.hpp"
#include "engine/results/side_by_side.hpp"
#include "engine/results/table.hpp"
#include "engine/results/where.hpp"
#include "tests/results/ranked_zones.hpp"

using namespace zoneval::results;  // not of zoneval: its Table is another
using namespace zoneval::testing;
using zoneval::InputError;
using zoneval::wording::Language;
namespace feel = zoneval::feel;
namespace graph = zoneval::graph;

namespace {

std::vector<std::string> names(const Table& table) {
    std::vector<std::string> out;
    for (const auto& column : table.columns) out.push_back(column.name);
    return out;
}

std::vector<std::string> texts(const Table& table, const std::string& name) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < table.size(); ++i) out.push_back(table.find(name)->text(i));
    return out;
}

using Strings = std::vector<std::string>;

std::string code_of(const InputError& error) {
    return std::string(zoneval::code(error.diagnostics.all().front().kind));
}

}  // namespace

TEST_CASE("a table has rank, id, name and what has a title, is a score or a decision") {
    RankedZones zones;
    const auto table = table_of(zones.assessed(2022), {});
    CHECK(names(table) == Strings{"rank", "zone", "called", "share", "place", "points", "verdict"});
    CHECK(table.find("share")->unit == "%");
    CHECK(table.find("share")->title == "Share of all");
    CHECK(table_of(zones.assessed(2022), {{}, Language::zh, true}).find("share")->title == "占比");
    CHECK(texts(table, "points") == Strings{"100.0", "66.7", "0.0", "0.0", ""});
    CHECK(texts(table, "verdict") == Strings{"none", "none", "interview", "interview", ""});
}

TEST_CASE("`publish` says which columns there are, and in which order") {
    RankedZones zones(ranking_rules + "publish: [verdict, region, share]\n");
    CHECK(names(table_of(zones.assessed(2022), {})) == Strings{"rank", "zone", "called", "verdict", "region", "share"});
}

TEST_CASE("a name under `publish` that nothing defines is refused where it stands") {
    const auto compile = [](const std::string& publish) {
        return graph::compile("r.yaml", [&](const std::string&) { return std::optional(ranking_rules + publish); })
            .found;
    };
    const auto unknown = compile("publish: [verdict, shares]\n");
    REQUIRE(unknown.has_errors());
    CHECK(zoneval::render_text(unknown, false).find("did you mean `share`?") != std::string::npos);
    CHECK(compile("publish: [verdict, verdict]\n").has_errors());
    CHECK(compile("publish: verdict\n").has_errors());
    CHECK_FALSE(compile("publish: [verdict]\n").has_errors());
}

TEST_CASE("equal values share a rank, and without a value there is none") {
    RankedZones zones;
    const auto table = table_of(zones.assessed(2022), {});
    CHECK(table.ranked_by == "points");
    CHECK(table.ranked == 4);
    CHECK(texts(table, "rank") == Strings{"1", "2", "3", "3", ""});
    CHECK(table.tied == std::vector<std::uint8_t>{0, 0, 1, 1, 0});
    CHECK(by_rank(table) == std::vector<std::uint32_t>{0, 1, 2, 3, 4});
    CHECK(by_column(*table.find("called"), true, table.size()).front() == 4);
}

TEST_CASE("numbers that a double cannot tell apart have different ranks") {
    Column column;
    const auto third = feel::Decimal(1) / feel::Decimal(3);
    column.cells = Column::Numbers{{third, third.next_above(), third}};
    column.known = {1, 1, 1};
    CHECK(rank(column).place == std::vector<std::uint32_t>{2, 1, 2});
}

TEST_CASE("what has no value says why, and an outcome that waits says what for") {
    RankedZones zones;
    const auto table =
        table_of(zones.assessed(2022), {{"points", "verdict", "verdict.possible", "verdict.waiting_for"}});
    CHECK(table.find("points")->why(4) == "not reported: output");
    CHECK(table.find("points")->why(0).empty());
    CHECK(table.find("verdict")->undetermined(4));
    CHECK(table.find("verdict")->text_or_undetermined(4) == "undetermined");
    CHECK(table.find("verdict.possible")->text(4) == "none | interview");
    CHECK(table.find("verdict.waiting_for")->text(4) == "output");
    const auto japanese = table_of(zones.assessed(2022), {{"points", "verdict"}, Language::ja, true});
    CHECK(japanese.find("verdict")->why(4) == "保留");
    CHECK(japanese.find("points")->why(4) == "未報告: output");
}

TEST_CASE("a rule and its reason are columns of their own") {
    RankedZones zones;
    const auto table = table_of(zones.assessed(2022), {{"verdict.rule", "verdict.because"}});
    CHECK(table.find("verdict.rule")->text(2) == "low");
    CHECK(table.find("verdict.because")->text(2) == "0 points.");
    CHECK(table.find("verdict.rule")->text(0).empty());
}

TEST_CASE("a ruling that stands is the outcome, with its number for the rule and its reason") {
    RankedZones zones;
    auto assessment = zones.assessed(2022);
    zoneval::store::Ruling ruling;
    ruling.id = 7;
    ruling.year = 2022;
    ruling.record = "E";
    ruling.decision = "verdict";
    ruling.outcome = "\"none\"";
    ruling.reason = "The figure arrived on paper.";
    ruling.document = "minutes 3";
    assessment.rulings = {ruling};
    const auto table = table_of(
        assessment, {{"verdict", "verdict.rule", "verdict.because", "verdict.possible", "verdict.waiting_for"}});
    CHECK_FALSE(table.find("verdict")->undetermined(4));
    CHECK(table.find("verdict")->text(4) == "none");
    CHECK(table.find("verdict.rule")->text(4) == "ruling 7");
    CHECK(table.find("verdict.because")->text(4) == "The figure arrived on paper. (minutes 3)");
    CHECK(table.find("verdict.possible")->text(4).empty());
    CHECK(table.find("verdict")->text(2) == "interview");
    auto later = table_of(zones.assessed(2023), {{"verdict"}});
    later.rulings = {ruling};
    add_earlier(later, assessment.run, false, Language::en);
    CHECK(later.find("verdict 2022")->text(4) == "none");
}

TEST_CASE("a column that is none is refused with the nearest name and what there is") {
    RankedZones zones;
    const auto assessment = zones.assessed(2022);
    try {
        table_of(assessment, {{"pionts"}});
        FAIL("`pionts` was taken for a column");
    } catch (const InputError& error) {
        CHECK(code_of(error) == "ZV103");
        const auto& found = error.diagnostics.all().front();
        CHECK(found.hint == "did you mean `points`?");
        CHECK(found.expected.find("share, place, points, verdict") != std::string::npos);
    }
    CHECK_THROWS_AS(table_of(assessment, {{"points.rule"}}), InputError);
}

TEST_CASE("a condition picks records, and what cannot be told is counted apart") {
    RankedZones zones;
    const auto assessment = zones.assessed(2022);
    const auto low = where(assessment, "points < line and region = \"West\"");
    CHECK(low.holds == std::vector<std::uint8_t>{0, 0, 1, 1, 0});
    CHECK(low.count == 2);
    CHECK(low.unknown == 1);
    CHECK_THROWS_AS(where(assessment, "pionts < 3"), InputError);
    CHECK_THROWS_AS(where(assessment, "points + 1"), InputError);
    CHECK_THROWS_AS(where(assessment, "points <"), InputError);
}

TEST_CASE("years stand side by side, and a record without one of them has blanks there") {
    RankedZones zones;
    const auto first = table_of(zones.assessed(2022), {{"points", "verdict"}});
    const auto second = table_of(zones.assessed(2023), {{"points", "verdict"}});
    const auto both = side_by_side({first, second});
    CHECK(names(both) == Strings{"zone", "called", "points 2022", "verdict 2022", "points 2023", "verdict 2023"});
    CHECK(both.records == Strings{"A", "B", "C", "D", "E", "F"});
    CHECK(texts(both, "points 2022") == Strings{"100.0", "66.7", "0.0", "0.0", "", ""});
    CHECK(texts(both, "points 2023") == Strings{"80.0", "60.0", "100.0", "20.0", "0.0", "40.0"});
    CHECK(both.find("verdict 2022")->text_or_undetermined(4) == "undetermined");
    CHECK(both.find("verdict 2022")->text_or_undetermined(5).empty());
}

TEST_CASE("years that stand side by side outlive the tables and the rules they were made of") {
    std::weak_ptr<const graph::Graph> rules_of_then;
    const auto both = [&] {
        RankedZones then, now;
        const auto first = table_of(then.assessed(2022), {{"points", "verdict"}});
        rules_of_then = first.graph;
        return side_by_side({first, table_of(now.assessed(2023), {{"points", "verdict"}})});
    }();
    REQUIRE_FALSE(rules_of_then.expired());
    CHECK(both.find("verdict 2022")->is_outcome());
    CHECK_FALSE(both.find("points 2022")->is_outcome());
}

TEST_CASE("the outcome of the year before stands beside this year's, as it was recorded") {
    RankedZones zones;
    const auto earlier = zones.assessed(2022).run;
    auto table = table_of(zones.assessed(2023), {{"verdict"}});
    add_earlier(table, earlier, true, Language::en);
    CHECK(table.find("verdict 2022")->text(2) == "interview");
    CHECK(table.find("verdict 2022")->text_or_undetermined(4) == "undetermined");
    CHECK_FALSE(table.find("verdict 2022")->known[5]);
    CHECK(texts(table, "points 2022") == Strings{"100.0", "66.7", "0.0", "0.0", "", ""});
}

TEST_CASE("what results show is kept with the run, by column, with its unit and decimals") {
    RankedZones zones;
    const auto a = zones.assessed(2022);
    const auto& kept = a.run.published;
    REQUIRE(kept.size() == 3);
    CHECK(kept[0].name == "share");
    CHECK(kept[0].unit == "%");
    CHECK(kept[1].name == "place");
    CHECK(kept[2].name == "points");
    CHECK(kept[2].decimals == 1);
    // A and B lead, C and D are equal, E does not report.
    CHECK(kept[2].cells == R"({"decimals":1,"numbers":[1000,667,0,0,["not reported"]]})");
}

TEST_CASE("points, groups and scores that rest on a filled blank are marked with the figures behind them") {
    RankedZones zones(
        "ruleset: ranked\nrecord: zone\ninputs: {output: {min: 0}, region: {type: string}, called: {type: string}}\n"
        "measures: {twice: output * 2}\nscores: {points: {impute: median, groups: {first: "
        "{treatment: winsorise 1, indicators: [{of: output, from: 0..100}]}, second: {impute: none, indicators: [{of: "
        "region, categories: "
        "{East: "
        "100, West: 0}}]}}}}\npublish: [output, twice, points, first of points, second of points]\n");
    const auto table = table_of(zones.assessed(2022), {});
    const std::size_t e = 4;  // E does not report
    CHECK(table.find("points")->imputed.at(e) == Strings{"output"});
    CHECK(table.find("first of points")->imputed.at(e) == Strings{"output"});
    CHECK_FALSE(table.find("points")->is_imputed(0));
    for (const auto* name : {"output", "twice", "second of points"}) CHECK_FALSE(table.find(name)->is_imputed(e));
}
