// Years that shift, and what people decide beside the rules: reviews every few years, records that leave or change
// their names, rules edited between years, rulings, imports taken back. Small invented data, run through the command.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/packs/command.hpp"

using namespace zoneval::tests;
namespace fs = std::filesystem;

namespace {

class Folder {
  public:
    explicit Folder(const std::string& name)
        : path_(fs::temp_directory_path() / ("zoneval-amended-" + name + "-" + std::to_string(getpid()))) {
        fs::remove_all(path_);
        fs::create_directories(path_);
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    void write(const std::string& file, const std::string& text) const { std::ofstream(path_ / file) << text; }
    /// A line with `zoneval` in it; RULES stands for the rule file, STORE for the store.
    Printed run(std::string line) const {
        const auto put = [&](const std::string& word, const std::string& text) {
            for (auto at = line.find(word); at != std::string::npos; at = line.find(word))
                line.replace(at, word.size(), text);
        };
        put("STORE", "--store s.sqlite");
        put("RULES", "rules.yaml");
        return run_shell("cd '" + path_.string() + "' && " + line);
    }
    void import(const std::string& file, const std::string& text) const {
        write(file, text);
        const auto done = run("zoneval import --rules RULES STORE " + file);
        INFO(done.out);
        CHECK(done.exit_code == 0);
    }
    std::string assess(const std::string& years, const std::string& options = "") const {
        const auto done = run("zoneval assess RULES STORE --year " + years + " " + options);
        INFO(done.out);
        CHECK(done.exit_code <= 1);
        return done.out;
    }
    nlohmann::json assess_json(const std::string& year) const {
        return nlohmann::json::parse(run("zoneval assess RULES STORE --format json --year " + year).out)["runs"][0];
    }
    std::string query(const std::string& sql) const { return run("sqlite3 s.sqlite \"" + sql + "\"").out; }
    /// "RECORD OUTCOME" of a year, in the newest run; `?` where it is open.
    std::string verdicts(const std::string& year, const std::string& decision) const {
        return query(
            "SELECT group_concat(record || ' ' || CASE value WHEN '' THEN '?' ELSE trim(value, char(34)) END, ', ') "
            "FROM "
            "(SELECT * FROM latest_verdict WHERE year = " +
            year + " AND decision = '" + decision + "' ORDER BY record)");
    }

  private:
    fs::path path_;
};

bool holds(const std::string& text, const std::string& part) {
    if (text.find(part) != std::string::npos) return true;
    UNSCOPED_INFO("`" << part << "` is not in:\n" << text);
    return false;
}
bool lacks(const std::string& text, const std::string& part) {
    if (text.find(part) == std::string::npos) return true;
    UNSCOPED_INFO("`" << part << "` is in:\n" << text);
    return false;
}

const std::string twice =
    "ruleset: t\nrecord: zone\ninputs: {x: {min: 0}}\ndecisions:\n"
    "  v: {values: [none, notice, delist], adverse: [notice, delist], rules: [{id: two, when: 'x < 5 and prior(v) = "
    "\"notice\"', then: delist}, {id: low, when: x < 5, then: notice}], otherwise: none}\n";

}  // namespace

TEST_CASE("reviews every three years look back at the last review") {
    const Folder f("cycle");
    const std::string rules =
        "ruleset: t\nrecord: zone\ncycle: 3 years\ninputs: {x: {}}\nmeasures: {change: x - prior(x), all: 'sum(over(x, "
        "2))'}\n"
        "decisions:\n  v: {values: [none, notice, delist], adverse: [notice, delist], rules: [{id: two, when: 'x < 5 "
        "and "
        "prior(v) = \"notice\"', then: delist}, {id: low, when: x < 5, then: notice}], otherwise: none}\n"
        "  c: {values: [up, down], rules: [{id: u, when: change > 0, then: up}], otherwise: down}\n"
        "  s: {values: [few, many], rules: [{id: f, when: all < 6, then: few}], otherwise: many}\n"
        "lifecycles:\n  ladder:\n    start: fine\n    states: {fine: {}, warned: {adverse: true}, out: {adverse: true, "
        "final: true}}\n"
        "    transitions:\n      - {id: worse, from: fine, to: warned, when: x < 5}\n"
        "      - {id: gone, from: warned, to: out, after: 6, when: x < 5}\n"
        "      - {id: better, from: warned, to: fine, when: x >= 5}\n";
    f.write("rules.yaml", rules);
    f.import("data.csv", "zone,year,x\nA,2000,3\nA,2001,9\nA,2002,1\nA,2003,4\nA,2004,4\nA,2006,2\n");
    for (const auto* exact : {"", "--exact"}) {
        f.assess("2000,2003,2006", exact);
        CHECK(f.verdicts("2003", "v") == "A delist\n");
        CHECK(f.verdicts("2003", "c") == "A up\n");    // 4 after 3 at the last review, not after 1 a year ago
        CHECK(f.verdicts("2003", "s") == "A many\n");  // 3 + 4
        CHECK(f.verdicts("2003", "ladder") == "A warned\n");
        CHECK(f.verdicts("2006", "ladder") == "A out\n");
    }
    CHECK(holds(f.assess("2004"), "there is no assessment of 2001: what the rules read from it is unknown"));
    f.write("rules.yaml", rules.substr(0, rules.find("cycle")) + "cycle: 3\n" + rules.substr(rules.find("inputs")));
    CHECK(holds(f.run("zoneval check RULES").out, "a number of years, e.g. 3 years"));
}

TEST_CASE("every run names who has no row any more, who is new and which names are alike") {
    const Folder f("attendance");
    f.write("rules.yaml", twice);
    f.import("a.csv", "zone,year,x\nA,2023,3\nB,2023,9\nPark 01,2023,9\n");
    CHECK(lacks(f.assess("2023"), "without a row"));
    f.write("b.csv", "zone,year,x\nB,2024,9\nC,2024,2\nPark 1,2024,9\n");
    CHECK(f.run("zoneval import --rules RULES STORE --new 'Park 1' b.csv").exit_code == 0);
    const auto said = f.assess("2024");
    CHECK(holds(said,
                "2024 beside 2023: 2 without a row, 2 new\n  no row  A  v of 2023: notice\n  no row  Park 01  v of "
                "2023: none\n"));
    CHECK(holds(said, "  new  C\n  new  Park 1\n"));
    CHECK(holds(said, "Park 1 and Park 01 look alike: one zone or two?"));
    CHECK(holds(said, "successions: [{from: Park 01, to: Park 1, on: 2024-01-01}]"));
    CHECK(holds(f.run("zoneval assess RULES STORE --year 2024 --lang zh").out,
                "2024年与2023年相比：2个没有数据行，2个为新增"));
    CHECK(holds(f.run("zoneval assess RULES STORE --year 2024 --lang ja").out, "行のないもの2件、新規2件"));
    const auto json = f.assess_json("2024")["attendance"];
    CHECK(json["before"] == 2023);
    CHECK(json["left"][0]["record"] == "A");
    CHECK(json["left"][0]["stood"]["v"] == "notice");
    CHECK(json["left"][0]["adverse"] == true);
    CHECK(json["new"] == nlohmann::json({"C", "Park 1"}));
    CHECK(json["alike"][0]["left"] == "Park 01");
}

TEST_CASE("a year without a row is unknown, whoever is asked") {
    const Folder f("gap");
    f.write("rules.yaml", twice);
    f.import("a.csv", "zone,year,x\nA,2021,3\nB,2021,3\nB,2022,3\nA,2023,3\nB,2023,3\nC,2023,3\n");
    for (const auto* exact : {"", "--exact"}) {
        f.assess("2021..2023", exact);
        CHECK(f.verdicts("2023", "v") == "A ?, B notice, C notice\n");  // C was not there before
    }
    CHECK(f.query("SELECT waiting_for FROM latest_verdict WHERE record = 'A' AND year = 2023") == "[\"v of 2022\"]\n");
    CHECK(holds(f.run("zoneval explain A STORE --year 2023").out, "A has no row in 2022"));
}

TEST_CASE("a warned zone that changed its name is still warned, and is not carried beside its successor") {
    const Folder f("renamed");
    const std::string successions =
        "successions:\n  - {from: Old Park, to: New Park, on: 2024-03-01}\n  - {from: [M1, M2], to: M, on: "
        "2024-01-01}\n"
        "  - {from: [N1, N2], to: N, on: 2024-01-01, history of: N1}\n  - {from: S, to: [S1, S2], on: 2024-01-01}\n";
    f.write("rules.yaml", twice + "measures: {before: prior(x)}\n" + successions);
    f.import("a.csv", "zone,year,x\nOld Park,2023,3\nM1,2023,3\nM2,2023,9\nN1,2023,3\nN2,2023,9\nS,2023,3\n");
    f.import("b.csv", "zone,year,x\nNew Park,2024,4\nM,2024,4\nN,2024,4\nS1,2024,4\nS2,2024,9\n");
    std::string said;
    for (const auto* exact : {"", "--exact"}) {
        said = f.assess("2023..2024", exact);
        // M1 was warned and M2 was not: nobody has said which of the two M takes over.
        CHECK(f.verdicts("2024", "v") == "M ?, N delist, New Park delist, S1 delist, S2 none\n");
    }
    CHECK(holds(said, "  Old Park  goes on as New Park\n"));
    CHECK(lacks(said, "no row"));
    CHECK(lacks(said, "  new  "));
    CHECK(holds(f.run("zoneval explain 'New Park' STORE --year 2024").out,
                "assessment of 2023, run 3, as Old Park, rule low"));
    CHECK(holds(f.run("zoneval explain 'New Park' STORE --year 2024 --of before").out, "before = 3"));
    CHECK(holds(f.run("zoneval explain S1 STORE --year 2024 --of before").out, "before = unknown"));
    f.write("rules.yaml", "ruleset: t\nrecord: zone\ncohort: {carry: true}\ninputs: {x: {min: 0}}\n" +
                              twice.substr(twice.find("decisions")) + successions);
    f.assess("2024");
    CHECK(f.query("SELECT count(*) FROM latest_verdict WHERE year = 2024 AND decision = 'v'") == "5\n");
    f.write("rules.yaml", twice + "successions: [{from: [A, B], to: [C, D], on: 2024-01-01}]\n");
    CHECK(holds(f.run("zoneval check RULES").out, "one name, where several become one"));
}

TEST_CASE("a year that other rules judged is told by content, and so are verdicts that edited rules replace") {
    const Folder f("edited");
    f.write("rules.yaml", twice);
    f.import("a.csv", "zone,year,x\nA,2023,6\nA,2024,4\n");
    CHECK(lacks(f.assess("2023..2024"), "ZV50"));
    CHECK(lacks(f.assess("2023"), "ZV50"));  // again, and nothing has changed
    CHECK(lacks(f.assess("2024"), "ZV50"));
    f.write("rules.yaml", "# only a comment\n" + twice);
    CHECK(lacks(f.assess("2024"), "ZV50"));
    auto edited = twice;
    for (auto at = edited.find("x < 5"); at != std::string::npos; at = edited.find("x < 5"))
        edited.replace(at, 5, "x < 7");
    f.write("rules.yaml", edited);
    const auto builds = f.assess("2024");
    CHECK(holds(builds,
                "warning ZV508: 2024 builds on years that other rules of this id judged; what they say otherwise: 2023 "
                "(run 3): `v`"));
    CHECK(lacks(builds, "ZV509"));  // 4 was below 5 already
    const auto replaces = f.assess("2023");
    CHECK(holds(
        replaces,
        "warning ZV509: 2023: 1 outcome comes out otherwise than in run 3, which it replaces (v of A: notice, was "
        "none); the rules of this id were edited: `v`"));
    const auto after = f.assess("2024");
    CHECK(lacks(after, "ZV508"));
    f.import("b.csv", "zone,year,x\nA,2023,8\n");
    CHECK(holds(f.assess("2023"),
                "note: 2023: 1 outcome comes out otherwise than in run 7, which it replaces (v of A: none, was "
                "notice), on other data"));
}

TEST_CASE("a figure of 2015 is not used for 2042 without a word") {
    const Folder f("old-figure");
    const auto rules = [](const std::string& line) {
        return "ruleset: p\nrecord: zone\ninputs: {x: {}}\nparameters:\n  line: " + line +
               "\ndecisions: {v: {values: [a, b], rules: [{id: q, when: x > line, then: a}], otherwise: b}}\n";
    };
    const auto said = [&](const std::string& line) {
        f.write("rules.yaml", rules(line));
        f.import("data.csv", "zone,year,x\nA,2042,7\nA,2019,7\n");
        return f.assess("2042");
    };
    CHECK(holds(said("{values: {2015-01-01: 5}}"),
                "warning ZV338: the figure of `line` is of 2015-01-01, 27 years before the day of "
                "assessment, 2042-12-31"));
    CHECK(lacks(said("{values: {2015-01-01: 5}, until: 2045-12-31}"), "ZV338"));
    CHECK(lacks(said("{values: {2012-01-01: 4, 2032-01-01: 5}}"), "ZV338"));
    CHECK(lacks(said("5"), "ZV338"));
    f.write("rules.yaml", rules("{values: {2015-01-01: 5}}"));
    CHECK(lacks(f.assess("2019"), "ZV338"));
}

TEST_CASE("people rule on what the rules leave open, and the next year reads it") {
    const Folder f("ruling");
    f.write("rules.yaml", twice);
    f.write("letter.txt", "invented letter\n");
    f.import("a.csv", "zone,year,x\nA,2022,\nB,2022,3\nA,2023,4\nB,2023,4\n");
    f.assess("2022..2023");
    CHECK(f.verdicts("2023", "v") == "A ?, B delist\n");
    const auto rule = [&](const std::string& rest) {
        return f.run("zoneval rule STORE --by 'evaluation office' --reason 'the firm has closed' " + rest);
    };
    const auto given = rule("B --year 2022 --outcome none");
    CHECK(given.exit_code == 3);
    CHECK(holds(given.out, "error ZV510: the rules give notice for v of 2022: B (rule `low`)"));
    CHECK(holds(given.out, "--override"));
    CHECK(holds(rule("A --year 2022 --outcome non").out, "error ZV510: `non` is no outcome of decision `v`"));
    CHECK(holds(rule("Z --year 2022 --outcome none").out, "error ZV510: `Z` took no part in the assessment of 2022"));

    const auto recorded = rule("A --year 2022 --decision v --outcome notice --document letter.txt");
    CHECK(recorded.exit_code == 0);
    CHECK(holds(recorded.out, "Recorded: ruling 1 on A, 2022, v: notice"));
    CHECK(holds(recorded.out, "the rules left open  notice or none") +
              holds(recorded.out, "the rules left open  none or notice") >
          0);
    CHECK(holds(recorded.out, "letter.txt, SHA-256 "));
    CHECK(holds(recorded.out, "  A  2023  v  undetermined  →  delist\n"));
    CHECK(f.query("SELECT value, ending, ruling, because FROM latest_verdict WHERE record = 'A' AND year = 2022") ==
          "\"notice\"|ruled|1|the firm has closed\n");

    for (const auto* exact : {"", "--exact"}) {
        const auto said = f.assess("2022..2023", exact);
        CHECK(f.verdicts("2023", "v") == "A delist, B delist\n");
        CHECK(holds(said, "2022 v: decided by people\n  notice  A\n      ruling 1, evaluation office, "));
        CHECK(holds(said, ": the firm has closed [letter.txt]\n      the rules alone: undetermined, "));
    }
    const auto json = f.assess_json("2022")["decisions"]["v"];
    CHECK(json["undetermined"] == 0);
    CHECK(json["counts"]["notice"] == 2);
    CHECK(json["ruled"][0]["by"] == "evaluation office");
    const auto explained = f.run("zoneval explain A STORE --year 2022").out;
    CHECK(holds(explained, ": notice, decided by people\n\nruling 1, evaluation office, "));
    CHECK(holds(explained, "document: letter.txt\nOn it rests: v of 2023: delist\n\nthe rules alone: undetermined"));
    CHECK(holds(f.run("zoneval explain A STORE --year 2022 --lang zh").out, "人工裁定"));
    const auto noticed = f.run("zoneval results STORE --year 2022 --where 'v = \"notice\"'").out;
    CHECK(holds(noticed, "\nA  "));
    CHECK(holds(noticed, "\nB  "));
    CHECK(holds(f.run("zoneval explain A STORE --year 2023").out, "ruling 1 on the v of 2022, by evaluation office"));

    CHECK(rule("B --year 2022 --outcome none --override").exit_code == 0);
    f.assess("2023");
    CHECK(f.verdicts("2023", "v") == "A delist, B notice\n");
    f.import("late.csv", "zone,year,x\nA,2022,9\n");
    f.assess("2022..2023");  // the rules give an outcome now: the ruling was for what they left open
    CHECK(f.verdicts("2022", "v") == "A none, B none\n");
    CHECK(f.verdicts("2023", "v") == "A notice, B notice\n");
    CHECK(f.run("zoneval explain A STORE --run 1").exit_code == 0);  // as it was known then
}

TEST_CASE("a ladder goes on from the state that people ruled") {
    const Folder f("ladder");
    f.write("rules.yaml",
            "ruleset: t\nrecord: zone\ninputs: {x: {min: 0}}\nlifecycles:\n  ladder:\n    start: fine\n"
            "    states: {fine: {}, warned: {adverse: true}, out: {adverse: true, final: true}}\n    transitions:\n"
            "      - {id: worse, from: fine, to: warned, when: x < 5}\n"
            "      - {id: gone, from: warned, to: out, after: 2, when: x < 5}\n"
            "      - {id: better, from: warned, to: fine, when: x >= 5}\n");
    f.import("a.csv", "zone,year,x\nA,2021,\nA,2022,3\nA,2023,3\n");
    f.assess("2021..2023");
    CHECK(f.verdicts("2022", "ladder") == "A ?\n");  // warned, or out
    CHECK(f.verdicts("2023", "ladder") == "A ?\n");
    CHECK(
        f.run("zoneval rule A STORE --year 2021 --outcome warned --by office --reason 'found on the spot'").exit_code ==
        0);
    for (const auto* exact : {"", "--exact"}) {
        f.assess("2022..2023", exact);
        CHECK(f.verdicts("2023", "ladder") == "A out\n");
    }
}

TEST_CASE("a ruling is sealed with the runs, and check lists those that other rules were asked for") {
    const Folder f("sealed");
    f.write("rules.yaml", twice);
    f.import("a.csv", "zone,year,x\nA,2022,\nA,2023,4\n");
    f.assess("2022");
    CHECK(f.run("zoneval rule A STORE --year 2022 --outcome none --by office --reason 'by letter'").exit_code == 0);
    CHECK(f.query("UPDATE ruling SET outcome = '9'").find("never changed") != std::string::npos);
    CHECK(f.query("DELETE FROM ruling").find("never removed") != std::string::npos);
    f.assess("2023");
    CHECK(lacks(f.run("zoneval check RULES STORE").out, "ZV339"));
    auto edited = twice;
    edited.replace(edited.find("x < 5"), 5, "x < 7");
    f.write("rules.yaml", edited);
    CHECK(
        holds(f.run("zoneval check RULES STORE").out,
              "warning ZV339: ruling 1 (v of 2022: A, none) was made under other rules; what they say otherwise: `v`"));
    f.query("DROP TRIGGER ruling_is_final; UPDATE ruling SET outcome = '\\\"delist\\\"'");
    CHECK(holds(f.run("zoneval explain A STORE --year 2023").out,
                "the store was altered: ruling 1 is not what was recorded"));
}

TEST_CASE("a file imported by mistake is taken back, and stays on record") {
    const Folder f("withdrawn");
    f.write("rules.yaml", twice);
    f.import("a.csv", "zone,year,x\nA,2023,9\nA,2024,9\n");
    f.assess("2023..2024");
    f.import("ghost.csv", "zone,year,x\nGHOST,2024,1\nA,2023,1\n");
    f.assess("2023..2024");
    CHECK(f.verdicts("2024", "v") == "A none, GHOST notice\n");
    const auto taken = f.run("zoneval withdraw 2 STORE --by 'data office' --reason 'another province'");
    CHECK(taken.exit_code == 0);
    CHECK(holds(taken.out, "revision 2 no longer counts, from revision 3 on"));
    CHECK(holds(f.assess("2024"), "run 3 of 2023 saw the data as of revision 2, and revision 3 has figures of 2023"));
    f.assess("2023..2024");
    CHECK(f.verdicts("2023", "v") == "A none\n");
    CHECK(f.verdicts("2024", "v") == "A none\n");
    CHECK(f.run("zoneval explain GHOST STORE --run 4").exit_code == 0);  // what was decided then is still explained
    CHECK(f.query("SELECT revision, json_extract(rows, '$.reason') FROM batch WHERE revision IN (SELECT revision FROM "
                  "batch_withdrawal)") == "3|another province\n");
    CHECK(
        holds(f.run("zoneval withdraw 2 STORE --by x --reason y").out, "error ZV511: revision 2 was withdrawn before"));
    CHECK(holds(f.run("zoneval withdraw 9 STORE --by x --reason y").out, "error ZV511: the store has no revision 9"));
    CHECK(holds(f.run("zoneval withdraw 3 STORE --by x --reason y").out,
                "error ZV511: revision 3 is itself a withdrawal"));
    f.import("ghost.csv", "zone,year,x\nGHOST,2024,1\n");
    f.assess("2024");
    CHECK(f.verdicts("2024", "v") == "A none, GHOST notice\n");
    f.query("DROP TRIGGER batch_withdrawal_stays; DELETE FROM batch_withdrawal");
    CHECK(holds(f.run("zoneval explain A STORE --year 2024").out, "the store was altered"));
}

TEST_CASE("an operation that fails ends with findings, data that are awaited do not") {
    const Folder f("failing");
    f.write(
        "rules.yaml",
        "ruleset: t\nrecord: zone\ninputs: {x: {}, y: {}, g: {type: string}}\ndecisions:\n"
        "  v: {values: [good, bad], rules: [{id: r, when: x / y > 5, then: good}], otherwise: bad}\n"
        "  w: {values: [good, bad], rules: [{id: r, when: 'percent rank(x, g) > 0.5', then: good}], otherwise: bad}\n");
    f.import("a.csv", "zone,year,x,y,g\nA,2023,9,,E\nA,2024,9,0,E\n");
    CHECK(f.run("zoneval assess RULES STORE --year 2023").exit_code ==
          0);  // nobody to compare with is no failure either
    const auto failed = f.run("zoneval assess RULES STORE --year 2024");
    CHECK(failed.exit_code == 1);
    CHECK(holds(failed.out,
                "2024 v: undetermined, for it cannot be computed\n  A  good or bad, cannot be computed: v, `x / y`: "
                "division by zero"));
}

TEST_CASE("a verdict that hangs on the blank of somebody else says on whose") {
    const Folder f("hangs");
    const auto rules = [](const std::string& most) {
        return "ruleset: t\nrecord: zone\ninputs: {x: {min: 0, max: " + most +
               "}, g: {type: string}}\nmeasures: {place: 'rank(x, g)'}\ndecisions:\n  v: {values: [commend, none, "
               "warn], adverse: "
               "[warn], rules: [{id: first, when: place <= 2, then: commend}, {id: low, when: 'x < cohort mean(x, g) - "
               "30', then: "
               "warn}], otherwise: none}\n";
    };
    f.write("rules.yaml", rules("100"));
    f.import("a.csv", "zone,year,x,g\nA,2024,60,E\nB,2024,,E\nC,2024,70,E\nD,2024,33,E\nE,2024,5,W\nF,2024,,W\n");
    f.assess("2024");
    CHECK(f.verdicts("2024", "v") == "A commend, B ?, C commend, D none, E commend, F commend\n");
    const auto asked = [&](const std::string& who) {
        return nlohmann::json::parse(f.run("zoneval explain " + who + " STORE --format json").out)["hangs_on"];
    };
    const auto a = asked("A");
    REQUIRE(a.size() == 1);
    CHECK(a[0]["record"] == "B");
    CHECK(a[0]["data"] == nlohmann::json({"x"}));
    CHECK(a[0]["through"] == "rank(x, g)");
    CHECK(a[0]["possible"] == nlohmann::json({"commend", "none"}));
    CHECK(asked("C").empty());  // second at worst
    const auto d = asked("D");  // the mean is 54.3, and may be 65.75
    REQUIRE(d.size() == 1);
    CHECK(d[0]["through"] == "cohort mean(x, g)");
    CHECK(d[0]["possible"] == nlohmann::json({"none", "warn"}));
    CHECK(asked("E").empty());  // of another group
    const auto text = f.run("zoneval explain A STORE").out;
    CHECK(holds(text, "Blanks of others it hangs on\n  B: x, through rank(x, g); once known: commend / none\n"));
    CHECK(holds(f.run("zoneval explain A STORE --lang ja").out, "他の記録の欠けたデータに左右される"));
    f.write("rules.yaml", rules("59"));
    const auto narrow = f.run("zoneval import --rules RULES STORE a.csv");  // refused: 60 is out of range now
    CHECK(narrow.exit_code == 3);
    f.assess("2024");
    CHECK(asked("A").empty());  // B cannot come before A
}

TEST_CASE("another line, supposed or given in a test, reaches the measures of another kind") {
    const Folder f("kind-line");
    f.write("rules.yaml",
            "ruleset: t\nrecord: zone\ninputs: {label: {type: string}}\nparameters: {line: 10}\n"
            "kinds:\n  parks: {key: zone, inputs: {zone: {type: string}, area: {min: 0}}, measures: {large: area >= "
            "line}}\n"
            "datasets:\n  zones: {columns: {label: label}}\n  parks: {of: parks, id: park}\n"
            "measures: {large parks: count of parks(large)}\n"
            "decisions:\n  v: {values: [some, none], rules: [{id: s, when: large parks > 0, then: some}], otherwise: "
            "none}\n"
            "tests:\n"
            "  - {name: one is above 10, given: {label: a, parks: [{area: 50}]}, expect: {v: some}}\n"
            "  - {name: none is above 100, given: {label: a, line: 100, parks: [{area: 50}]}, expect: {v: none}}\n");
    f.write("zones.csv", "zone,year,label\nA,2023,a\n");
    f.write("parks.csv", "park,year,zone,area\nP,2023,A,50\n");
    const auto tested = f.run("zoneval test RULES");
    INFO(tested.out);
    CHECK(tested.exit_code == 0);
    f.run("zoneval import --rules RULES STORE --dataset zones zones.csv");
    f.run("zoneval import --rules RULES STORE --dataset parks parks.csv");
    f.assess("2023");
    CHECK(f.verdicts("2023", "v") == "A some\n");
    CHECK(holds(f.run("zoneval whatif STORE --set 'line = 100' --year 2023").out, "some → none"));
}

TEST_CASE("years before the first assessment and all data count for nothing, in every later year alike") {
    const Folder f("before-all");
    f.write(
        "rules.yaml",
        "ruleset: t\nrecord: zone\ninputs: {sales: {min: 0}}\nmeasures: {three: 'sum(over(sales, 3))'}\n"
        "decisions: {v: {values: [big, small], rules: [{id: b, when: three >= 10, then: big}], otherwise: small}}\n");
    f.import("a.csv", "zone,year,sales\nA,2021,5\nA,2022,6\nA,2023,7\n");
    f.assess("2021..2023");
    CHECK(f.verdicts("2021", "v") == "A small\n");
    CHECK(f.verdicts("2022", "v") == "A big\n");
    CHECK(f.verdicts("2023", "v") == "A big\n");
    f.import("b.csv", "zone,year,sales\nA,2020,1\n");  // and then the year before is assessed, too
    f.assess("2020");
    CHECK(f.run("zoneval verify STORE").exit_code == 0);  // what was recorded comes out again
}

TEST_CASE("a rule that only held under an earlier figure of a parameter is no rule that can never hold") {
    const Folder f("dated-line");
    const auto checked = [&](const std::string& rule) {
        f.write(
            "rules.yaml",
            "ruleset: t\nrecord: zone\ninputs: {x: {min: 0}}\nparameters: {line: {values: {2016-01-01: 5, 2021-11-02: "
            "50}}}\ndecisions: {v: {values: [a, b], rules: [{id: r, when: " +
                rule + ", then: a}], otherwise: b}}\n");
        return f.run("zoneval check RULES").out;
    };
    CHECK(lacks(checked("line < 10 and x > 2"), "ZV323"));
    CHECK(holds(checked("line < 4 and x > 2"), "warning ZV323: rule `r` of decision `v` can never hold"));
    CHECK(holds(checked("line > 4 and x < 0"), "warning ZV323: rule `r` of decision `v` can never hold"));
}

TEST_CASE("the whole cohort is a group too, and too small where a smallest group says so") {
    const Folder f("small-cohort");
    f.write("rules.yaml",
            "ruleset: t\nrecord: zone\ncohort: {smallest group: 3}\ninputs: {x: {}}\nmeasures: {place: rank(-x)}\n"
            "decisions: {v: {values: [none, warn], adverse: [warn], rules: [{id: last, when: place <= 1, then: warn}], "
            "otherwise: none}}\n");
    f.import("a.csv", "zone,year,x\nA,2022,1\nA,2023,1\nB,2023,2\nC,2023,3\n");
    f.assess("2022..2023");
    CHECK(f.verdicts("2022", "v") == "A ?\n");
    CHECK(f.verdicts("2023", "v") == "A warn, B none, C none\n");
}

TEST_CASE("a decision that gathers waits for every list that may still come, not for as many as it has values") {
    const Folder f("gathers-open");
    f.write(
        "rules.yaml",
        "ruleset: t\nrecord: zone\ninputs: {x: {min: 0}, g: {type: string}}\nmeasures: {place: 'rank(x, g)'}\n"
        "decisions:\n"
        "  marks: {values: [low, high, first], hit policy: collect, rules: [{id: l, when: x < 5, then: low}, {id: h, "
        "when: "
        "x > 8, then: high}, {id: f, when: place = 1, then: first}]}\n"
        "  u: {values: [good, bad], rules: [{id: o, when: 'list contains(marks, \"high\")', then: good}], otherwise: "
        "bad}\n");
    f.import("a.csv", "zone,year,x,g\nA,2022,3,E\nB,2022,,E\n");
    for (const auto* exact : {"", "--exact"}) {
        f.assess("2022", exact);
        const auto possible = f.query("SELECT possible FROM latest_verdict WHERE record = 'B' AND decision = 'marks'");
        for (const auto* list : {"[\"low\"]", "[\"low\", \"first\"]", "[]", "[\"first\"]", "[\"high\", \"first\"]"})
            CHECK(holds(possible, list));
        CHECK(f.verdicts("2022", "u") == "A bad, B ?\n");
    }
}
