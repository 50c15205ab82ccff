// Cases made after other people's files: each goes in without editing the data. Read from $ZONEVAL_SHARED/cases and
// skipped where that is absent; the rule files beside this one only add declarations.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>

#include "tests/packs/command.hpp"

using namespace zoneval::tests;
namespace fs = std::filesystem;

namespace {

fs::path shared_case(const std::string& name) {
    const auto* given = std::getenv("ZONEVAL_SHARED");
    const auto folder = (given ? fs::path(given) : fs::path(ZONEVAL_SOURCE_DIR) / ".." / "shared") / "cases" / name;
    if (fs::is_directory(folder)) return folder;
    std::cout << "skipped: no data at " << folder << "\n";
    return {};
}

/// What an import prints, and the cells it stores: "record year input=value", by line.
std::string imported(const std::string& options, const fs::path& file) {
    const NewStore store("case");
    const auto quoted = "'" + store.path() + "'";
    const auto out = run_shell("zoneval import " + options + " --store " + quoted + " '" + file.string() + "'").out;
    if (!fs::exists(store.path())) return out;
    return out +
           run_shell(
               "sqlite3 " + quoted +
               " \"SELECT record || ' ' || year || ' ' || input || '=' || coalesce(value, missing) FROM observation\"")
               .out;
}

std::string declared(const std::string& name) { return "--rules " + source("tests/packs/cases/" + name + ".yaml"); }

bool holds(const std::string& text, const std::vector<std::string>& parts) {
    for (const auto& part : parts)
        if (text.find(part) == std::string::npos) {
            UNSCOPED_INFO("`" << part << "` is not in:\n" << text);
            return false;
        }
    return true;
}

}  // namespace

TEST_CASE("cases: a ranking with grouped numbers and per cents") {
    const auto folder = shared_case("f01");
    if (folder.empty()) return;
    CHECK(holds(imported(declared("f01"), folder / "data.csv"),
                {"Alpha 2011 num_students=20152", "Beta 2011 num_students=2243", "Gamma 2011 num_students=11074",
                 "Alpha 2011 international_students=25\n", "Gamma 2011 international_students=9\n",
                 "Gamma 2011 total_score=not reported", "Gamma 2011 world_rank=201-225"}));
}

TEST_CASE("cases: a bulk download with lines above and years in columns") {
    const auto folder = shared_case("f02");
    if (folder.empty()) return;
    CHECK(holds(imported(declared("f02"), folder / "data.csv"), {"4 rows", "AAA 2022 GDP=10.5", "AAA 2023 GDP=11.25",
                                                                 "BBB 2022 GDP=not reported", "BBB 2023 GDP=9.5"}));
}

TEST_CASE("cases: a bureau's download with titles, 2023年 as columns, and notes") {
    const auto folder = shared_case("f04");
    if (folder.empty()) return;
    CHECK(holds(
        imported(declared("f04"), folder / "data.csv"),
        {"甲省 2023 专利=9153.26", "甲省 2022 专利=8536.94", "乙省 2023 专利=not reported", "乙省 2022 专利=1928.56"}));
}

TEST_CASE("cases: a yearbook's table with two titles and the year in one of them") {
    const auto folder = shared_case("f06");
    if (folder.empty()) return;
    CHECK(holds(imported(declared("f06"), folder / "data.xlsx"),
                {"2 rows", "甲省 2012 营业收入=200\n", "甲省 2012 利润总额=15\n", "乙省 2012 营业收入=100.5",
                 "乙省 2012 利润总额=5.5"}));
}

TEST_CASE("cases: one row for each indicator") {
    const auto folder = shared_case("f11");
    if (folder.empty()) return;
    CHECK(holds(imported(declared("f11"), folder / "data.csv"),
                {"甲省 2015 利润总额=268.2", "甲省 2015 主营业务收入=3997.1", "乙省 2015 利润总额=316\n",
                 "乙省 2015 主营业务收入=4233.5"}));
}

TEST_CASE("cases: the same shapes by options alone, for a first look") {
    const auto folder = shared_case("f04");
    if (folder.empty()) return;
    CHECK(holds(imported("--rules " + source("tests/packs/cases/f04-plain.yaml") +
                             " --header-row 3 --until 注 --years-in-columns 专利",
                         folder / "data.csv"),
                {"甲省 2023 专利=9153.26", "乙省 2022 专利=1928.56"}));
}

TEST_CASE("cases: windows-1252 and decimal commas") {
    const auto folder = shared_case("13");
    if (folder.empty()) return;
    CHECK(holds(imported(declared("13"), folder / "data.csv"), {"München 2024 n=12.5", "Köln 2024 n=1234.5"}));
    CHECK(holds(imported("--delimiter ';' --rules " + (folder / "rules.yaml").string(), folder / "data.csv"),
                {"`--encoding windows-1252` reads `München, Köln`"}));
}

TEST_CASE("cases: per cent cells, formulas without a result, and binary noise of workbooks") {
    const auto folder = shared_case("01");
    if (folder.empty()) return;
    const auto rules = [](const std::string& name) { return "--rules " + (shared_case(name) / "rules.yaml").string(); };
    CHECK(
        holds(imported(rules("01"), folder / "data.xlsx"), {"A 2024 RD=3.5", "B 2024 RD=1.2", "2 cells are per cent"}));
    CHECK(holds(imported(rules("03"), shared_case("03") / "data.xlsx"),
                {"cell E2", "formula whose result was never stored"}));
    CHECK(holds(imported(rules("07"), shared_case("07") / "data.xlsx"), {"share=0.3\n"}));
    CHECK(holds(imported(rules("08"), shared_case("08") / "data.xlsx"), {"formula whose result was never stored"}));
}

TEST_CASE("cases: ids with zeros in one file, without in the other") {
    const auto folder = shared_case("10");
    if (folder.empty()) return;
    const NewStore store("case-10");
    const auto base = "zoneval import --rules " + (folder / "rules.yaml").string() + " --store " + store.path() + " ";
    CHECK(run_shell(base + "--dataset a " + (folder / "a.csv").string()).exit_code == 0);
    const auto b = base + "--dataset b " + (folder / "b.xlsx").string();
    CHECK(holds(run_shell(b).out, {"ZV412", "`1001` (known: `01001`)"}));
    CHECK(run_shell(b + " --new 1001 --new 6037").exit_code == 0);
}

TEST_CASE("cases: odd workbooks and delimited files are read, or refused with what to do") {
    const auto folder = shared_case("29");
    if (folder.empty()) return;
    const auto rules = "--rules " + (folder / "rules.yaml").string();
    const auto said = [&](const std::string& file, const std::string& options = "") {
        return imported(rules + " " + options, folder / file);
    };
    CHECK(holds(said("bigid.xlsx"), {"the last ones are lost"}));
    CHECK(holds(said("tab.csv", "--delimiter tab"), {"1 row as"}));
    CHECK(holds(said("tab.csv", "--delimiter '\\t'"), {"1 row as"}));
    CHECK(holds(said("tab.csv"), {"--delimiter tab"}));
    CHECK(holds(said("sep.csv"), {"A 2024 n=1"}));
    CHECK(holds(said("excelid.csv"), {"001 2024 n=1"}));
    CHECK(holds(said("html.xls"), {"this is HTML"}));
    CHECK(holds(said("emptyformula.xlsx"), {"cell C3", "never stored", "row 4"}));
    for (const auto* fine :
         {"dim.xlsx", "noref.xlsx", "order.xlsx", "prefix.xlsx", "strict.xlsx", "styledblank.xlsx", "trail.csv"})
        CHECK(holds(said(fine), {"A 2024 n=1"}));
}

TEST_CASE("cases: titles, totals, merged cells and further sheets") {
    const auto folder = shared_case("11");
    if (folder.empty()) return;
    const auto rules = "--rules " + (folder / "rules.yaml").string();
    const auto said = [&](const std::string& file, const std::string& options = "") {
        return imported(rules + " " + options, folder / file);
    };
    CHECK(holds(said("vmerge.xlsx"), {"A 2024 n=3"}));
    CHECK(holds(said("hmerge.xlsx"), {"header row: [1, 2]"}));
    CHECK(holds(said("two.xlsx"), {"the sheet `Sheet` is read, and not `2024`"}));
    CHECK(holds(said("two.xlsx", "--sheet 2024"), {"C 2024 n=1"}));
    CHECK(holds(said("footer.xlsx"), {"the year is missing", "`until`"}));
    CHECK(holds(said("footer.xlsx", "--until 数据来源"), {"A 2024 n=1"}));
    CHECK(holds(said("duphead.xlsx"), {"cell E1"}));
    const auto blank = said("blankhead.xlsx");
    CHECK(holds(blank, {"cell E2"}));
    CHECK(blank.find("quote") == std::string::npos);
}

TEST_CASE("cases: a file without a year, names that nearly match, a zone that vanished") {
    const auto folder = shared_case("34");
    if (folder.empty()) return;
    CHECK(holds(imported("--year 2015 --rules " + (folder / "rules.yaml").string(), folder / "data.csv"),
                {"甲省 2015 n=2.5"}));
    const auto names = shared_case("32");
    for (const auto* file : {"p.csv", "q.csv", "r.csv"})
        CHECK(holds(imported("--rules " + (names / "sp.yaml").string(), names / file), {"ZV412"}));
    const NewStore store("case-32");
    CHECK(holds(run_shell("zoneval import --rules " + (names / "rules.yaml").string() + " --store " + store.path() +
                          " " + (names / "a.csv").string() + " " + (names / "b.csv").string())
                    .out,
                {"note ZV413", "no row in 2024: `A`"}));
}

namespace {

/// What a case's own command prints, in the order of its lines.
std::string ran(const std::string& name) {
    const auto folder = shared_case(name);
    return folder.empty() ? "" : run_shell("sh '" + (folder / "cmd.sh").string() + "'").out;
}

}  // namespace

TEST_CASE("cases: a parameter of 2015 used for 2042") {
    const auto said = ran("17");
    if (!said.empty()) CHECK(holds(said, {"warning ZV338: the figure of `line` is of 2015-01-01"}));
}

TEST_CASE("cases: a zone under a warning that was renamed, or has gone") {
    const auto renamed = ran("22");
    if (renamed.empty()) return;
    CHECK(holds(renamed, {"2024 beside 2023: 1 without a row, 1 new", "no row  Old Park  verdict of 2023: notice",
                          "new  New Park", "successions: [{from: Old Park, to: New Park, on: 2024-01-01}]"}));
    CHECK(holds(ran("32"), {"no row  A  v of 2023: notice", "new  C", "nearly equals another"}));
    // With the succession declared the history follows: warned, and not rectified.
    const auto folder = shared_case("22");
    const NewStore store("case-22");
    const auto rules =
        (std::filesystem::temp_directory_path() / ("zoneval-case-22-" + std::to_string(getpid()) + ".yaml")).string();
    const auto line = "cp '" + (folder / "rules.yaml").string() + "' " + rules +
                      " && echo 'successions: [{from: Old Park, to: New Park, on: 2024-01-01}]' >> " + rules +
                      " && zoneval import --rules " + rules + " --store " + store.path() + " '" +
                      (folder / "d23.csv").string() + "' '" + (folder / "d24.csv").string() + "' && zoneval assess " +
                      rules + " --store " + store.path() + " --year 2023..2024";
    CHECK(holds(run_shell(line).out, {"delist  New Park", "Old Park  goes on as New Park"}));
}

TEST_CASE("cases: a merger, a mistaken row, a late correction") {
    const auto said = ran("23");
    if (said.empty()) return;
    CHECK(holds(said, {"warning ZV506: 2024 builds on earlier assessments as they were issued", "new  GHOST"}));
    const auto folder = shared_case("23");
    const NewStore store("case-23");
    const auto at = [&](const char* file) { return " '" + (folder / file).string() + "'"; };
    const auto end = " --store " + store.path();
    CHECK(holds(run_shell("zoneval import --rules" + at("r3.yaml") + end + at("a.csv") + " && zoneval import --rules" +
                          at("r3.yaml") + end + at("g.csv") + " && zoneval withdraw 2 --by office --reason mistake" +
                          end + " && zoneval assess" + at("r3.yaml") + end + " --year 2023..2024")
                    .out,
                {"revision 2 no longer counts",
                 "zone records in          2023     2024\n                            1        1"}));
}

TEST_CASE("cases: not(null) in a table, an operation that fails") {
    const auto said = ran("27");
    if (said.empty()) return;
    CHECK(said.find("ZV323") == std::string::npos);
    CHECK(holds(ran("x5"), {"cannot be computed: v, `x / y`: division by zero", "rules r1 and r2 both hold"}));
}
