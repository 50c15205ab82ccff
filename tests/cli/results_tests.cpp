// Results, changes, reports and letters from the command line: what they print and write, and what they refuse.
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <regex>

#include "tests/cli/shell.hpp"

using namespace zoneval::tests;
namespace fs = std::filesystem;

namespace {

/// A store of the small rule set, both years assessed.
struct Assessed {
    fs::path folder = fs::temp_directory_path() / ("zoneval-results-" + std::to_string(getpid()));
    std::string store = (folder / "s.sqlite").string();
    std::string json;  ///< what assess printed

    Assessed() {
        fs::remove_all(folder);
        fs::create_directories(folder);
        shell("zoneval import --rules small.yaml --store " + store + " small.csv");
        json = shell("zoneval assess small.yaml --format json --store " + store + " --year 2022..2023").out;
    }
    ~Assessed() { fs::remove_all(folder); }
    std::string at(const std::string& name) const { return (folder / name).string(); }
    /// Seals depend on the version: they are no part of what is compared.
    Printed run(const std::string& arguments) const {
        auto out = shell("zoneval " + arguments + " --store " + store);
        out.out = std::regex_replace(out.out, std::regex("[0-9a-f]{4} [0-9a-f]{4} [0-9a-f]{4} [0-9a-f]{4}"), "SEAL");
        return out;
    }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("results of a stored run, as people read them") {
    const Assessed a;
    const auto said = a.run("results --year 2023 --columns zone,output,productivity,verdict,verdict.rule");
    CHECK(said.exit_code == 0);
    check_golden("results.txt", said.out);
    check_golden("results-zh.txt", a.run("results --year 2022 --lang zh").out);
    check_golden("results-years.txt", a.run("results --year 2022..2023 --columns productivity,verdict").out);
    check_golden("changes.txt", a.run("changes 2022 2023 --list").out);
    check_golden("letter.txt", a.run("letter C --year 2022").out);
}

TEST_CASE("assess in JSON has every record of every year") {
    const Assessed a;
    const auto json = nlohmann::json::parse(a.json);
    REQUIRE(json["runs"].size() == 2);
    REQUIRE(json["runs"][0]["results"].size() == 3);
    CHECK(json["runs"][0]["results"][1]["zone"] == "B");
    CHECK(json["runs"][0]["results"][1]["verdict"] == "none");
    CHECK(json["runs"][1]["results"][0]["verdict.rule"] == "out");
}

TEST_CASE("a condition chooses records, and several years or runs stand beside each other") {
    const Assessed a;
    CHECK(has(a.run("results --year 2023 --where 'output > 15'").out, "2 of 3 records fit: output > 15\n"));
    CHECK(has(a.run("results --year 2022 --where 'output > 15'").out,
              "1 cannot be told for want of data, and are not shown\n"));
    CHECK(has(a.run("results --run 1,2 --columns output").out, "output 2022"));
    const auto sorted = a.run("results --year 2023 --columns zone,output --sort output --format json").out;
    CHECK(sorted.find("\"B\"") < sorted.find("\"C\""));
    CHECK(sorted.find("\"C\"") < sorted.find("\"A\""));
}

TEST_CASE("what there is none of is refused with what there is and the nearest name") {
    const Assessed a;
    const auto column = a.run("results --columns productivty");
    CHECK(column.exit_code == 3);
    CHECK(has(column.out, "there is no column `productivty`"));
    CHECK(has(column.out, "did you mean `productivity`?"));
    const auto year = a.run("results --year 2030");
    CHECK(year.exit_code == 3);
    CHECK(has(year.out, "one of the years assessed: 2022, 2023"));
    const auto run = a.run("results --run 9");
    CHECK(run.exit_code == 3);
    CHECK(has(run.out, "one of 1 (2022), 2 (2023)"));
    CHECK(a.run("results --where 'outptu > 3'").exit_code == 3);
    CHECK(a.run("changes 2022").exit_code == 2);
    CHECK(a.run("changes 2022 2023 --record X").exit_code == 3);
    CHECK(a.run("letter X").exit_code == 3);
    CHECK(a.run("letter").exit_code == 2);
    CHECK(a.run("results --lang tlh").exit_code == 2);
}

TEST_CASE("files are replaced when the new ones are whole, and refused where nothing can be written") {
    const Assessed a;
    std::ofstream(a.at("r.csv")) << "old";
    CHECK(a.run("results --csv " + a.at("r.csv") + " --xlsx " + a.at("r.xlsx")).exit_code == 0);
    CHECK(read(a.at("r.csv")).starts_with("\xEF\xBB\xBFzone,verdict,"));
    CHECK(read(a.at("r.xlsx")).starts_with("PK"));
    const auto refused = a.run("report --output " + a.at("missing/r.html"));
    CHECK(refused.exit_code == 3);
    CHECK(has(refused.out, "ZV507"));
    std::size_t left = 0;
    for (const auto& file : fs::directory_iterator(a.folder)) left += file.path().extension() == ".part";
    CHECK(left == 0);
}

TEST_CASE("a workbook that was written is read again as it was shown") {
    const Assessed a;
    CHECK(a.run("results --year 2023 --columns zone,output,filed --xlsx " + a.at("r.xlsx")).exit_code == 0);
    const auto inspected = shell("zoneval inspect " + a.at("r.xlsx")).out;
    CHECK(has(inspected, "output (100 million CNY)"));
    CHECK(has(inspected, "Sources"));
}

TEST_CASE("a Parquet file that was written is read again with its types", "[parquet]") {
    const Assessed a;
    const auto written = a.run("results --year 2023 --columns zone,output,filed,verdict,verdict.possible --parquet " +
                               a.at("r.parquet"));
    if (has(written.out, "duckdb`, which is not there")) {
        CHECK(has(written.out, "script/setup --parquet"));
        CHECK_FALSE(fs::exists(a.at("r.parquet")));
        std::cout << "skipped: no duckdb\n";
        return;
    }
    INFO(written.out);
    CHECK(written.exit_code == 0);
    const auto inspected = shell("zoneval inspect " + a.at("r.parquet")).out;
    INFO(inspected);
    CHECK(has(inspected, "3 rows below the names of 5 columns"));
    CHECK(has(inspected, "names the records"));
    CHECK(has(inspected, "verdict.possible"));
}

TEST_CASE("without a program that prints, a PDF is refused with what to install, and nothing is written") {
    const Assessed a;
    for (const auto* what : {"letter A --year 2023 --format pdf --output ", "report --year 2023 --output "}) {
        const auto refused =
            shell("ZONEVAL_PDF=no-such-program zoneval " + std::string(what) + a.at("x.pdf") + " --store " + a.store);
        CHECK(refused.exit_code == 3);
        CHECK(has(refused.out, "apt install chromium"));
        CHECK_FALSE(fs::exists(a.at("x.pdf")));
    }
    const auto none =
        shell("ZONEVAL_PDF=/bin/true zoneval letter A --year 2023 --output " + a.at("x.pdf") + " --store " + a.store);
    CHECK(has(none.out, "`/bin/true` made no PDF"));
    CHECK_FALSE(fs::exists(a.at("x.pdf")));
    CHECK(a.run("letter A --year 2023 --format pdf").exit_code == 2);  // where to?
}

TEST_CASE("every record gets a letter of its own, and one a report") {
    const Assessed a;
    CHECK(a.run("letter --all --year 2023 --output " + a.at("letters")).exit_code == 0);
    CHECK(has(read(a.at("letters/A.html")), "<strong>delist</strong>"));
    CHECK(has(read(a.at("letters/B.html")), "<strong>none</strong>"));
    CHECK(a.run("report --year 2023 --lang ja --output " + a.at("r.html")).exit_code == 0);
    CHECK(has(read(a.at("r.html")), "2023年度 評価報告"));
}

TEST_CASE("outcomes and reasons are read in the language that was asked for, and stay what they are in data") {
    const Assessed a;
    auto rules = read(golden + "small.yaml");
    const auto put = [&](const std::string& what, const std::string& by) {
        REQUIRE(rules.find(what) != std::string::npos);
        rules.replace(rules.find(what), what.size(), by);
    };
    put("    adverse: [interview, delist]\n",
        "    adverse: [interview, delist]\n    labels: {none: {en: nothing to say, zh: 无}, interview: {en: to be "
        "interviewed, zh: "
        "约谈}, delist: {en: to leave, zh: 退出}}\n");
    put("because: \"{productivity} is below {line}.\"",
        "because: {en: \"{productivity} is below {line}.\", zh: \"{productivity}低于{line}。\"}");
    std::ofstream(a.at("rules.yaml")) << rules;
    const auto checked = shell("zoneval check " + a.at("rules.yaml"));
    CHECK(has(checked.out, "note ZV340: 1 text has no `en`, which others have: the reason of rule `out`"));
    CHECK(has(checked.out, "note ZV340: 1 text has no `zh`, which others have: the reason of rule `out`"));
    shell("zoneval import --rules " + a.at("rules.yaml") + " --store " + a.at("t.sqlite") + " small.csv");
    shell("zoneval assess " + a.at("rules.yaml") + " --store " + a.at("t.sqlite") + " --year 2022..2023");
    const auto said = [&](const std::string& arguments) {
        return shell("zoneval " + arguments + " --store " + a.at("t.sqlite")).out;
    };
    CHECK(has(said("explain A --year 2022 --lang zh"), "A，2022年：约谈\n\n33.3低于50。"));
    CHECK(has(said("explain A --year 2022"), "A, 2022: to be interviewed\n\n33.3 is below 50."));
    CHECK(has(said("explain A --year 2022 --lang zh --format json"), "\"value\": \"interview\""));
    CHECK(has(said("explain B --year 2022 --why-not interview --lang zh"), "约谈"));
    CHECK(has(said("results --year 2022 --columns zone,verdict,verdict.because --lang zh"), "约谈     33.3低于50。"));
    CHECK(has(said("results --year 2022 --columns zone,verdict,verdict.possible --lang zh"), "无 | 约谈"));
    CHECK(has(said("results --year 2022 --where 'verdict = \"interview\"' --lang zh"), "约谈"));
    CHECK(has(said("changes 2022 2023 --list --lang zh"), "退出"));
    CHECK(has(said("letter A --year 2022 --lang zh"), "评价结果为**约谈**"));
    CHECK(has(said("letter A --year 2022 --lang zh"), "33.3低于50。"));
    said("results --year 2022 --csv " + a.at("r.csv") + " --lang zh");
    CHECK(has(read(a.at("r.csv")), "interview"));
    said("report --year 2022 --lang zh --output " + a.at("r.html"));
    CHECK(has(read(a.at("r.html")), "约谈"));
    CHECK(shell("zoneval verify --store " + a.at("t.sqlite")).exit_code == 0);
}

TEST_CASE("words of data are read in the language that was asked for wherever people read them") {
    const Assessed a;
    auto rules = read(golden + "small.yaml");
    const auto put = [&](const std::string& what, const std::string& by) {
        REQUIRE(rules.find(what) != std::string::npos);
        rules.replace(rules.find(what), what.size(), by);
    };
    put("filed: {type: string,", "filed: {labels: {\"yes\": {zh: 已报}, \"no\": {zh: 未报}}, type: string,");
    put("because: \"No plan was filed after the interview of {year - 1}.\"",
        "because: {en: \"Filed: {filed}.\", zh: \"计划{filed}。\"}");
    put("  productivity: {is:", "  plan: {is: 'if filed = null then null else filed'}\n  productivity: {is:");
    put("filed = \"no\"\n", "plan in (\"no\")\n");
    std::ofstream(a.at("rules.yaml")) << rules;
    shell("zoneval import --rules " + a.at("rules.yaml") + " --store " + a.at("t.sqlite") + " small.csv");
    shell("zoneval assess " + a.at("rules.yaml") + " --store " + a.at("t.sqlite") + " --year 2022..2023");
    const auto said = [&](const std::string& arguments) {
        return shell("zoneval " + arguments + " --store " + a.at("t.sqlite")).out;
    };
    const auto explained = said("explain A --year 2023 --lang zh");
    INFO(explained);
    CHECK(has(explained, "计划未报。"));
    CHECK(has(explained, "plan \"未报\" = \"未报\" ✓"));
    CHECK(has(explained, "plan = 未报"));
    CHECK(has(explained, "filed = 未报"));
    CHECK_FALSE(has(explained, "\"no\" ✓"));
    CHECK(has(said("explain A --year 2023"), "Filed: no."));
    CHECK(has(said("explain A --year 2023 --lang zh --format json"), "\"found\": \"no\""));
    CHECK(has(said("explain A --year 2023 --what-would-change --lang zh"), "filed = 已报"));
    CHECK(has(said("results --year 2023 --columns zone,filed,verdict --lang zh"), "未报"));
    CHECK(has(said("letter A --year 2023 --lang zh"), "计划未报。"));
    said("report --year 2023 --lang zh --output " + a.at("r.html"));
    CHECK(has(read(a.at("r.html")), "未报"));
    said("results --year 2023 --columns zone,filed --csv " + a.at("r.csv") + " --lang zh");
    CHECK(has(read(a.at("r.csv")), "no"));
    CHECK_FALSE(has(read(a.at("r.csv")), "未报"));
}

TEST_CASE("what a supposition would lead to is told in the words of outcomes") {
    const Assessed a;
    auto rules = read(golden + "small.yaml");
    const std::string adverse = "    adverse: [interview, delist]\n";
    rules.replace(rules.find(adverse), adverse.size(),
                  adverse + "    labels: {interview: {zh: 约谈}, delist: {zh: 退出}}\n");
    std::ofstream(a.at("rules.yaml")) << rules;
    shell("zoneval import --rules " + a.at("rules.yaml") + " --store " + a.at("t.sqlite") + " small.csv");
    shell("zoneval assess " + a.at("rules.yaml") + " --store " + a.at("t.sqlite") + " --year 2022..2023");
    const auto said = [&](const std::string& arguments) {
        return shell("zoneval whatif --store " + a.at("t.sqlite") + " --lang zh --year 2023 " + arguments).out;
    };
    CHECK(has(said("--set A.filed=yes"), "退出 → 约谈"));
    CHECK(has(said("--sweep 'line = 40, 60'"), "退出 2023"));
}

TEST_CASE("an explanation is written as a page, and only where one says to which file") {
    const Assessed a;
    const auto page = a.at("C.html");
    const auto made = a.run("explain C --year 2022 --format html --lang zh --output " + page);
    CHECK(made.exit_code == 0);
    CHECK(made.out == page + "\n");
    CHECK(has(read(page), "<html lang=zh>"));
    CHECK(has(read(page), "<details"));
    CHECK(a.run("explain C --year 2022 --format html --why-not none --output " + page).exit_code == 0);
    CHECK(a.run("explain C --year 2022 --format html --what-would-change --output " + page).exit_code == 0);
    for (const auto& wrong : std::vector<std::string>{"--format html", "--output " + page}) {
        INFO(wrong);
        const auto refused = a.run("explain C --year 2022 " + wrong);
        CHECK(refused.exit_code == 2);
        CHECK(has(refused.out, "--"));
    }
    CHECK(a.run("explain C --year 2022 --format html --output /no/such/folder/C.html").exit_code == 3);
    CHECK(a.run("results --format html").exit_code == 2);
}
