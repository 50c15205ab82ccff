// Seals, proofs and publications from the command line: what an office publishes, and what a zone can find out from it.
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/cli/shell.hpp"

using namespace zoneval::tests;
namespace fs = std::filesystem;

namespace {

/// A folder with the store of the small rule set, both years assessed.
struct Office {
    fs::path folder = fs::temp_directory_path() / ("zoneval-genuine-" + std::to_string(getpid()));

    Office() {
        fs::remove_all(folder);
        fs::create_directories(folder);
        for (const auto* file : {"small.yaml", "small.csv"}) fs::copy(golden + file, folder / file);
        run("import --rules small.yaml --store s.sqlite small.csv");
        assess("2022..2023");
    }
    ~Office() { fs::remove_all(folder); }
    Printed run(const std::string& arguments) const {
        return run_shell("cd '" + folder.string() + "' && zoneval " + arguments);
    }
    std::string assess(const std::string& years) const {
        return run("assess small.yaml --store s.sqlite --by 'Li (invented)' --year " + years).out;
    }
    std::string text(const std::string& file) const { return read((folder / file).string()); }
    void write(const std::string& file, const std::string& text) const { std::ofstream(folder / file) << text; }
};

bool has(const std::string& text, const std::string& part) {
    if (text.find(part) != std::string::npos) return true;
    UNSCOPED_INFO("`" << part << "` is not in:\n" << text);
    return false;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    REQUIRE(text.find(what) != std::string::npos);
    return text.replace(text.find(what), what.size(), by);
}

}  // namespace

TEST_CASE("a zone proves its verdict with what was published, without the store") {
    const Office office;
    CHECK(office.run("seal --store s.sqlite --out seal.json").exit_code == 0);
    CHECK(office.run("prove A --store s.sqlite --year 2022 --out a.json").exit_code == 0);
    fs::remove(office.folder / "s.sqlite");
    const auto genuine = office.run("verify --proof a.json --seal seal.json");
    CHECK(genuine.exit_code == 0);
    CHECK(has(genuine.out, "Genuine: A, 2022, one of the 3 verdicts of run 1 (small, draft)."));
    CHECK(has(genuine.out, "verdict: interview  (rule low)\n    33.3 is below 50."));
    CHECK(has(office.run("verify --proof a.json").out, "Whole in itself: A, 2022"));

    office.write("other.json", replaced(office.text("a.json"), "33.3 is below", "23.3 is below"));
    const auto other = office.run("verify --proof other.json --seal seal.json");
    CHECK(other.exit_code == 5);
    CHECK(has(other.out, "the line leads to another root"));
    CHECK(nlohmann::json::parse(office.run("verify --proof other.json --format json").out)["genuine"] == false);
    CHECK(office.run("verify --proof seal.json").exit_code == 3);
    CHECK(has(office.run("verify --proof seal.json").out, "ZV512"));
}

TEST_CASE("a seal kept elsewhere tells a store that was made anew from the one that was sealed") {
    const Office office;
    office.run("seal --store s.sqlite --out seal.json");
    const auto same = office.run("verify --store s.sqlite --seal seal.json");
    CHECK(same.exit_code == 0);
    CHECK(has(same.out, "as sealed in seal.json"));
    // Everything again from the start, with one other figure: every hash of that store fits.
    fs::remove(office.folder / "s.sqlite");
    office.write("small.csv", replaced(office.text("small.csv"), "A,2022,10", "A,2022,20"));
    office.run("import --rules small.yaml --store s.sqlite small.csv");
    office.assess("2022..2023");
    CHECK(office.run("verify --store s.sqlite").exit_code == 0);
    const auto other = office.run("verify --store s.sqlite --seal seal.json");
    CHECK(other.exit_code == 5);
    CHECK(has(other.out, "imports: the first 1 are not those that were sealed"));
    CHECK(has(other.out, "run 1 (small, 2022): hash "));
}

TEST_CASE("what was altered and torn in a store is told in the reader's language, to the cell") {
    const Office office;
    office.write("alter.py", R"(import sqlite3
store = sqlite3.connect('s.sqlite')
triggers = store.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
for name, _ in triggers: store.execute('DROP TRIGGER ' + name)
store.execute("UPDATE batch_column SET cells = replace(cells, '[10,', '[1x,') WHERE name = 'output'")
store.execute("UPDATE run_decision SET cells = replace(cells, '[0,', '[?,') WHERE run = 2")
store.execute("UPDATE logbook SET libraries = '{}' WHERE what = 'run' AND number = 1")
for _, sql in triggers: store.execute(sql)
store.commit()
)");
    REQUIRE(run_shell("cd '" + office.folder.string() + "' && python3 alter.py").exit_code == 0);
    for (const std::string language : {"en", "zh", "ja"}) {
        const auto said = office.run("verify --store s.sqlite --lang " + language);
        CHECK(said.exit_code == 5);
        check_golden("verify-altered." + language + ".txt", said.out);
    }
}

TEST_CASE("what is made for others is told in the reader's language") {
    const Office office;
    CHECK(has(office.run("seal --store s.sqlite --out seal.json --lang zh").out, "seal.json：2次评价，数据至第1批\n"));
    CHECK(has(office.run("prove A --store s.sqlite --year 2022 --out a.json --lang ja").out,
              "a.json：A、2022年、実行1の判定3件の一つ\n"));
    office.write("other.json", replaced(office.text("a.json"), "33.3 is below", "23.3 is below"));
    CHECK(has(office.run("verify --proof other.json --seal seal.json --lang zh").out,
              "不属实：证明并未证实其所述内容。\n\n  ✗  该行导向另一个根：它不是本次评价的结论\n"));
    CHECK(has(office.run("verify --proof a.json --seal seal.json --lang ja").out, "実行1（small、案）の判定3件の一つ"));
    CHECK(has(office.run("publish --store s.sqlite --year 2022 --by Wang --lang zh").out,
              "已发布：2022年第1次评价，3个记录\n"));
    CHECK(has(office.run("withdraw 1 --store s.sqlite --by Wang --reason x --lang ja").out,
              "取込2以降、取込1は数えない\n"));
}

TEST_CASE("a proof of who took no part, or without anything to check, is refused") {
    const Office office;
    const auto none = office.run("prove D --store s.sqlite --year 2022");
    CHECK(none.exit_code == 3);
    CHECK(has(none.out, "`D` took no part in run 1 of 2022"));
    CHECK(office.run("verify").exit_code == 2);
    CHECK(office.run("verify --store s.sqlite --signature x --key y").exit_code == 2);
}

TEST_CASE("what was published stands beside later drafts, until another is published with a reason") {
    const Office office;
    CHECK(has(office.run("letter A --store s.sqlite --year 2022").out, ", draft, seal"));
    CHECK(has(office.run("publish --store s.sqlite --year 2022 --by 'li (Invented)'").out,
              "Li (invented) made run 1, and cannot publish it as well"));
    CHECK(office.run("publish --store s.sqlite --year 2022 --by Wang").exit_code == 0);
    CHECK(has(office.run("letter A --store s.sqlite --year 2022").out, ", published "));

    office.write("late.csv", "zone,year,output,staff,filed\nA,2022,20,3000,\n");
    office.run("import --rules small.yaml --store s.sqlite late.csv");
    const auto again = office.assess("2022..2023");
    CHECK(has(again, "run 1, published on "));
    CHECK(has(again, "stands; this one is a draft beside it"));
    CHECK(has(again, "than in run 1, which is published and stands"));
    CHECK(has(office.run("results --store s.sqlite --year 2022 --columns zone,verdict").out, "A     interview"));
    // 2023 looks back at what was published, not at the draft.
    CHECK(has(office.run("results --store s.sqlite --year 2023 --columns zone,verdict").out, "A     delist"));

    CHECK(has(office.run("publish --store s.sqlite --run 3 --by Wang").out, "run 1 is published for 2022 already"));
    const auto instead = office.run("publish --store s.sqlite --run 3 --by Wang --supersede --reason 'output of A'");
    CHECK(has(instead.out, "instead of  run 1: output of A"));
    CHECK(has(office.run("explain A --store s.sqlite --run 1").out, "superseded (published "));
    CHECK(has(office.run("results --store s.sqlite --year 2022 --columns zone,verdict").out, "A     none"));
    const auto verified = nlohmann::json::parse(office.run("verify --store s.sqlite --format json").out);
    CHECK(verified["genuine"] == true);
    CHECK(verified["runs"][0]["state"] == "superseded");
    CHECK(verified["runs"][1]["state"] == "draft");
    CHECK(verified["runs"][2]["state"] == "published");
}
