// Verdicts that once rested on a blank, a guard or nobody to be compared with: small invented data after public
// reports, run through the command, by columns and exactly.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/packs/command.hpp"

using namespace zoneval::tests;
namespace fs = std::filesystem;

namespace {

/// "RECORD YEAR DECISION: OUTCOME" of everything assessed; an open outcome is shown as "? of [those still possible]".
class Verdicts {
  public:
    Verdicts(const std::string& name, const std::string& rules, const std::string& data, const std::string& years)
        : folder_(fs::temp_directory_path() / ("zoneval-holes-" + name + "-" + std::to_string(getpid()))) {
        fs::create_directories(folder_);
        write("rules.yaml", rules);
        write("data.csv", data);
        by_columns_ = assess(years, "");
        exactly_ = assess(years, " --exact");
    }
    ~Verdicts() {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    Verdicts(const Verdicts&) = delete;
    Verdicts& operator=(const Verdicts&) = delete;

    /// The same whichever way it was computed.
    const std::string& all() const {
        CHECK(by_columns_ == exactly_);
        return by_columns_;
    }
    const std::string& printed() const { return printed_; }  ///< by assess
    std::string query(const std::string& sql) const {
        return run_shell("sqlite3 '" + (folder_ / "store.sqlite").string() + "' \"" + sql + "\"").out;
    }
    std::string of(const std::string& record, int year, const std::string& decision) const {
        const auto key = record + " " + std::to_string(year) + " " + decision + ": ";
        const auto at = all().find("\n" + key);
        if (at == std::string::npos) return "nothing; there is:" + all();
        const auto begin = at + 1 + key.size();
        return all().substr(begin, all().find('\n', begin) - begin);
    }

  private:
    void write(const std::string& file, const std::string& text) const { std::ofstream(folder_ / file) << text; }
    std::string assess(const std::string& years, const std::string& options) {
        const auto store = (folder_ / "store.sqlite").string();
        fs::remove(store);
        const auto done =
            run_shell("cd '" + folder_.string() + "' && zoneval import --rules rules.yaml --store " + store +
                      " data.csv && zoneval assess rules.yaml --store " + store + " --year " + years + options);
        INFO(done.out);
        CHECK(done.exit_code <= 1);  // 1: rules that contradict each other
        printed_ = done.out;
        return "\n" +
               run_shell("sqlite3 -separator '' " + store +
                         " \"SELECT record, ' ', year, ' ', decision, ': ', CASE ending WHEN 'open' THEN '? of ' || "
                         "possible ELSE value END FROM latest_verdict ORDER BY 1, 3, 5\"")
                   .out;
    }

    fs::path folder_;
    std::string printed_;
    std::string by_columns_, exactly_;
};

const std::string warn_or_ok = "{values: [warn, ok], adverse: [warn], rules: [{id: w, when: ";

}  // namespace

TEST_CASE("the total of a group leaves the record's own blank open, and a group without figures has no total") {
    const Verdicts v("totals",
                     "ruleset: r\nrecord: zone\ninputs: {x: {}, region: {type: string}}\nmeasures:\n"
                     "  total: cohort sum(x, region)\ndecisions:\n  d: " +
                         warn_or_ok +
                         "total < 5, then: warn}], otherwise: ok}\n  e: {values: [warn, ok], adverse: [warn], rules: "
                         "[{id: o, when: total >= 5, then: ok}], otherwise: warn}\n",
                     "zone,year,x,region\na,2021,,E\nb,2021,,E\nc,2021,7,W\nd,2021,8,W\ne,2021,,W\n", "2021");
    for (const auto* decision : {"d", "e"}) {
        CHECK(v.of("a", 2021, decision) == "? of [\"warn\", \"ok\"]");
        CHECK(v.of("c", 2021, decision) == "\"ok\"");
        CHECK(v.of("e", 2021, decision) == "? of [\"warn\", \"ok\"]");
    }
}

TEST_CASE("limits of an input tell how far a total can go") {
    const Verdicts v("limits",
                     "ruleset: r\nrecord: zone\ninputs: {x: {min: 0, max: 10}}\ndecisions:\n"
                     "  low: " +
                         warn_or_ok +
                         "cohort sum(x) < 20, then: warn}], otherwise: ok}\n"
                         "  mean: " +
                         warn_or_ok +
                         "cohort mean(x) > 9, then: warn}], otherwise: ok}\n"
                         "  most: " +
                         warn_or_ok +
                         "cohort max(x) < 5, then: warn}], otherwise: ok}\n"
                         "  count: " +
                         warn_or_ok + "cohort count(x) < 2, then: warn}], otherwise: ok}\n",
                     "zone,year,x\na,2021,\nb,2021,4\nc,2021,5\n", "2021");
    CHECK(v.of("a", 2021, "low") == "\"warn\"");  // 9 to 19
    CHECK(v.of("a", 2021, "mean") == "\"ok\"");   // 3 to 6.3
    CHECK(v.of("a", 2021, "most") == "\"ok\"");   // 5 to 10
    CHECK(v.of("a", 2021, "count") == "\"ok\"");  // 2 or 3
}

TEST_CASE("the only record of its class is not warned for having nobody to be compared with") {
    const Verdicts v("alone",
                     "ruleset: r\nrecord: zone\ninputs: {x: {}, g: {type: string}}\ndecisions:\n"
                     "  d: {values: [good, warn], adverse: [warn], rules: [{id: q, when: 'percent rank(x, g) >= 0.2', "
                     "then: good}], otherwise: warn}\n",
                     "zone,year,x,g\nA,2024,60,E\nB,2024,70,W\nC,2024,80,W\n", "2024");
    CHECK(v.of("A", 2024, "d") == "? of [\"good\", \"warn\"]");
    CHECK(v.of("B", 2024, "d") == "\"warn\"");
    CHECK(v.of("C", 2024, "d") == "\"good\"");
}

TEST_CASE("a null that a formula gives is missing, in a score as anywhere") {
    const Verdicts v(
        "given-null",
        "ruleset: r\nrecord: z\ninputs: {a: {min: 0, max: 100}, b: {min: 0, max: 100}, n: {}}\nmeasures:\n"
        "  m: if n = 0 then null else b / n\n  m1: m + 1\nscores:\n"
        "  s1: {missing: {at most: 50 %, then: reweight}, indicators: [{of: a, weight: 50 %, normalise: none}, "
        "{of: m, weight: 50 %, normalise: none}]}\n"
        "  s2: {missing: {at most: 50 %, then: reweight}, indicators: [{of: a, weight: 50 %, normalise: none}, "
        "{of: m1, weight: 50 %, normalise: none}]}\ndecisions:\n"
        "  v1: " +
            warn_or_ok +
            "s1 < 40, then: warn}], otherwise: ok}\n"
            "  v2: " +
            warn_or_ok + "s2 < 40, then: warn}], otherwise: ok}\n",
        "z,year,a,b,n\nB,2024,30,5,0\nC,2024,30,5,1\n", "2024");
    CHECK(v.of("B", 2024, "v1") == "? of [\"warn\", \"ok\"]");
    CHECK(v.of("B", 2024, "v2") == "? of [\"warn\", \"ok\"]");
    CHECK(v.of("C", 2024, "v1") == "\"warn\"");
    CHECK(v.of("C", 2024, "v2") == "\"warn\"");
}

TEST_CASE("a measure that is not used for want of reports withholds no verdict") {
    const Verdicts v("retired",
                     "ruleset: r\nrecord: z\ninputs: {a: {min: 0, max: 100}, x: {min: 0, max: 100}}\nmeasures:\n"
                     "  zx: if cohort count(x) > 100 then x else null\n"
                     "  n: (if a = null then 0 else 1) + (if zx = null then 0 else 1)\n"
                     "  average: ((if a = null then 0 else a) + (if zx = null then 0 else zx)) / n\ndecisions:\n"
                     "  w: " +
                         warn_or_ok + "average < 40, then: warn}], otherwise: ok}\n",
                     "z,year,a\nA,2024,10\nB,2024,90\n", "2024");
    CHECK(v.of("A", 2024, "w") == "\"warn\"");
    CHECK(v.of("B", 2024, "w") == "\"ok\"");
}

TEST_CASE("a blank text may stand above or below any other") {
    const Verdicts v("texts",
                     "ruleset: r\nrecord: zone\ninputs: {grade: {type: string}}\ndecisions:\n"
                     "  low: {values: [fine, notice], adverse: [notice], rules: [{id: l, when: 'grade >= \"C\"', then: "
                     "notice}], otherwise: fine}\n"
                     "  high: {values: [fine, notice], adverse: [notice], rules: [{id: h, when: 'grade < \"C\"', then: "
                     "fine}], otherwise: notice}\n"
                     "  odd: {values: [fine, notice], adverse: [notice], rules: [{id: o, when: 'grade != \"something "
                     "else\"', then: fine}, {id: p, when: 'true', then: notice}]}\n",
                     "zone,year,grade\nA,2024,\nB,2024,A\nC,2024,D\n", "2024");
    for (const auto* decision : {"low", "high", "odd"})
        CHECK(v.of("A", 2024, decision) == "? of [\"fine\", \"notice\"]");
    CHECK(v.of("B", 2024, "low") == "\"fine\"");
    CHECK(v.of("C", 2024, "low") == "\"notice\"");
    CHECK(v.of("C", 2024, "odd") == "\"fine\"");
}

TEST_CASE("an order against null is no question about what is missing") {
    const std::string score =
        "scores:\n  s:\n    missing: {at most: 60 %, then: reweight}\n    indicators:\n"
        "      - {of: y, weight: 50 %, normalise: goalposts, from: 0..10}\n"
        "      - {of: x, weight: 50 %, normalise: goalposts, from: 0..100}\n";
    const Verdicts v(
        "order-null",
        "ruleset: r\nrecord: zone\ninputs: {x: {min: 0, max: 100}, y: {min: 0, max: 10}}\n" + score +
            "decisions:\n  v: {values: [fine, notice], adverse: [notice], rules: [{id: r, when: 's < 40 or x > "
            "null', then: notice}], otherwise: fine}\n  plain: {values: [fine, notice], rules: [{id: r, when: "
            "'s < 40 or x > null', then: notice}], otherwise: fine}\n",
        "zone,year,x,y\nA,2024,,9\nB,2024,90,9\n", "2024");
    for (const auto* record : {"A", "B"})
        for (const auto* decision : {"v", "plain"}) CHECK(v.of(record, 2024, decision) == "\"fine\"");
}

TEST_CASE("before any data and any rules there was nothing to report") {
    const Verdicts v(
        "first-year",
        "ruleset: r\nrecord: zone\neffective: 2023-01-01..2026-12-31\ninputs: {x: {}}\ndecisions:\n"
        "  d: {values: [good, warn], adverse: [warn], rules: [{id: q, when: 'prior(x) < 40', then: warn}], "
        "otherwise: good}\n",
        "zone,year,x\nA,2023,50\nB,2023,\nA,2024,60\nB,2024,70\n", "2023..2024");
    CHECK(v.of("A", 2023, "d") == "\"good\"");
    CHECK(v.of("B", 2023, "d") == "\"good\"");
    CHECK(v.of("A", 2024, "d") == "\"good\"");
    CHECK(v.of("B", 2024, "d") == "? of [\"good\", \"warn\"]");
}

TEST_CASE("an outcome that may be anything is not settled by what remains") {
    const Verdicts v(
        "any-outcome",
        "ruleset: r\nrecord: zone\ninputs: {inspected: {}, fines: {}}\ndecisions:\n"
        "  penalty points: {rules: [{id: fined, when: inspected > 0, then: fines * 2}], otherwise: 0}\n"
        "  verdict: {values: [none, notice], adverse: [notice], rules: [{id: clean, when: penalty points > 0, "
        "then: none}], otherwise: notice}\n  value: {rules: [{id: v, when: true, then: fines}]}\n",
        "zone,year,inspected,fines\nA,2020,1,3\nB,2020,,\n", "2020");
    CHECK(v.of("A", 2020, "verdict") == "\"none\"");
    CHECK(v.of("B", 2020, "penalty points") == "? of ");
    CHECK(v.of("B", 2020, "verdict") == "? of [\"none\", \"notice\"]");
    CHECK(v.of("A", 2020, "value") == "3");
    CHECK(v.of("B", 2020, "value") == "? of ");
}

TEST_CASE("a guard of a year ago is no fact this year, in a measure, a decision or a score") {
    const Verdicts v(
        "guards",
        "ruleset: r\nrecord: zone\ninputs: {x: {min: 0, max: 100}, y: {min: 0, max: 100}}\nmeasures:\n"
        "  filled: if x = null then 0 else x\n  total: filled + y\ndecisions:\n"
        "  size: {values: [small, large], rules: [{id: s, when: filled < 40, then: small}], otherwise: large}\n"
        "  by total: " +
            warn_or_ok + "prior(total) < 40, then: warn}], otherwise: ok}\n  by size: " + warn_or_ok +
            "prior(size) = \"small\", then: warn}], otherwise: ok}\n  two years on: " + warn_or_ok +
            "'prior(filled, 2) < 40', then: warn}], otherwise: ok}\n",
        "zone,year,x,y\nA,2022,,30\nA,2023,50,50\nA,2024,50,50\nB,2022,10,10\nB,2023,50,50\nB,2024,50,50\n",
        "2022..2024");
    CHECK(v.of("A", 2023, "by total") == "? of [\"warn\", \"ok\"]");
    CHECK(v.of("A", 2023, "by size") == "? of [\"warn\", \"ok\"]");
    CHECK(v.of("A", 2024, "two years on") == "? of [\"warn\", \"ok\"]");
    for (const auto* decision : {"by total", "by size"}) CHECK(v.of("B", 2023, decision) == "\"warn\"");
    CHECK(v.of("B", 2024, "two years on") == "\"warn\"");
    CHECK(v.of("A", 2024, "by total") == "\"ok\"");
}

TEST_CASE("in a group below its smallest size nobody is compared, and nobody is warned for it") {
    const Verdicts v(
        "small",
        "ruleset: r\nrecord: zone\ninputs: {x: {}, class: {type: string}}\ncohort: {smallest group: 3}\n"
        "measures:\n  place: percent rank(x, class)\n"
        "  in two: {is: 'percent rank(x, class)', smallest group: 2}\n  total: cohort sum(x, class)\n"
        "decisions:\n  low: " +
            warn_or_ok + "place < 0.3, then: warn}], otherwise: ok}\n  not high: " + warn_or_ok +
            "place < 0.3, then: warn}, {id: h, when: place > 0.6, then: ok}], otherwise: warn}\n  asked: " +
            warn_or_ok +
            "place < 0.3, then: warn, if missing: {too small: does not hold}}], otherwise: ok}\n  of two: " +
            warn_or_ok + "in two < 0.3, then: warn}], otherwise: ok}\n",
        "zone,year,x,class\nA,2024,1,p\nB,2024,2,p\nC,2024,3,p\nD,2024,1,q\nE,2024,2,q\nF,2024,,q\n", "2024");
    CHECK(v.of("A", 2024, "low") == "\"warn\"");
    CHECK(v.of("D", 2024, "low") == "? of [\"warn\", \"ok\"]");
    CHECK(v.of("D", 2024, "not high") == "? of [\"warn\", \"ok\"]");
    CHECK(v.of("D", 2024, "asked") == "\"ok\"");
    CHECK(v.of("D", 2024, "of two") == "\"warn\"");
    CHECK(v.query("SELECT failed FROM latest_verdict WHERE record = 'D' AND decision = 'low'") ==
          "[\"its group has 2 with a value, and 3 are asked for\"]\n");
}

TEST_CASE("a value halfway between two goes where the rules say, by columns too") {
    const Verdicts v("rounding",
                     "ruleset: r\nrecord: zone\nrounding: half up\ninputs: {x: {}}\nmeasures:\n"
                     "  up: {is: x * 1, decimals: 1}\n  even: {is: x * 1, decimals: 1, rounding: half even}\n"
                     "  down: {is: x * 1, decimals: 1, rounding: down}\ndecisions:\n  d: " +
                         warn_or_ok + "up < 60.3, then: warn}], otherwise: ok}\n  e: " + warn_or_ok +
                         "even < 60.3, then: warn}], otherwise: ok}\n  f: " + warn_or_ok +
                         "down < 60.3, then: warn}], otherwise: ok}\n",
                     "zone,year,x\nA,2024,60.25\nB,2024,60.35\n", "2024");
    CHECK(v.of("A", 2024, "d") == "\"ok\"");
    CHECK(v.of("A", 2024, "e") == "\"warn\"");
    CHECK(v.of("A", 2024, "f") == "\"warn\"");
    CHECK(v.of("B", 2024, "f") == "\"ok\"");
}

TEST_CASE("what a formula calls not applicable is absent, and what it gives as null is missing") {
    const Verdicts v("absent",
                     "ruleset: r\nrecord: zone\ninputs: {staff: {}, output: {}}\nmeasures:\n"
                     "  m: if staff = 0 then not applicable(\"no staff\") else output / staff\n"
                     "  n: if staff = 0 then null else output / staff\ndecisions:\n  by m: " +
                         warn_or_ok + "m < 2, then: warn}], otherwise: ok}\n  by n: " + warn_or_ok +
                         "n < 2, then: warn}], otherwise: ok}\n",
                     "zone,year,staff,output\nA,2024,0,5\nB,2024,,5\nC,2024,5,5\n", "2024");
    CHECK(v.of("A", 2024, "by m") == "\"ok\"");
    CHECK(v.of("A", 2024, "by n") == "? of [\"warn\", \"ok\"]");
    CHECK(v.of("B", 2024, "by m") == "? of [\"warn\", \"ok\"]");
    CHECK(v.of("C", 2024, "by m") == "\"warn\"");
}

TEST_CASE("an open year moves nobody where the ladder says so, and comes to rest where both pasts meet") {
    const std::string ladder =
        "    states: {fine: {}, warned: {adverse: true}}\n    transitions:\n"
        "      - {id: down, from: fine, to: warned, when: x < 40}\n"
        "      - {id: up, from: warned, to: fine, when: x >= 60}\n";
    const Verdicts v(
        "stay",
        "ruleset: r\nrecord: zone\ninputs: {x: {min: 0, max: 100}}\nlifecycles:\n  open:\n    start: fine\n" + ladder +
            "  stays:\n    start: fine\n    if unknown: stay\n" + ladder,
        "zone,year,x\nA,2021,30\nA,2022,\nA,2023,70\nA,2024,50\nB,2021,50\nB,2022,\nB,2023,30\nB,2024,30\n",
        "2021..2024");
    CHECK(v.of("A", 2022, "open") == "? of [\"fine\", \"warned\"]");
    CHECK(v.of("A", 2023, "open") == "\"fine\"");
    CHECK(v.of("A", 2022, "stays") == "\"warned\"");
    CHECK(v.of("A", 2024, "stays") == "\"fine\"");
    CHECK(v.of("B", 2022, "open") == "? of [\"fine\", \"warned\"]");
    CHECK(v.of("B", 2022, "stays") == "\"fine\"");
    CHECK(v.of("B", 2023, "stays") == "\"warned\"");
}

TEST_CASE("one blank in two places is one figure: a class goes with the rank within it") {
    const Verdicts v(
        "twice",
        "ruleset: r\nrecord: zone\ninputs: {x: {min: 0, max: 100}, y: {min: 0}}\nmeasures:\n  s: 10 + x / 2\n"
        "  class: if x < 50 then \"small\" else \"large\"\n  place: rank(y, class)\ndecisions:\n  d: " +
            warn_or_ok + "x >= 50 and s < 35, then: warn}], otherwise: ok}\n  c: " + warn_or_ok +
            "'(class = \"small\" and place > 2) or (class = \"large\" and place > 2)', then: warn}], "
            "otherwise: ok}\n",
        "zone,year,x,y\nA,2024,,9\nB,2024,10,5\nC,2024,10,4\nD,2024,60,3\nE,2024,60,8\nF,2024,10,1\n", "2024");
    CHECK(v.of("A", 2024, "d") == "\"ok\"");
    CHECK(v.of("A", 2024, "c") == "\"ok\"");  // first of either class
    CHECK(v.of("F", 2024, "c") == "\"warn\"");
}

TEST_CASE("what failed on data that are there is not called want of data") {
    const Verdicts v(
        "failed",
        "ruleset: r\nrecord: zone\ninputs: {x: {min: 0}, y: {min: 0}}\ndecisions:\n  v: {values: [good, bad], "
        "rules: [{id: r1, when: x / y > 5, then: good}], otherwise: bad}\n",
        "zone,year,x,y\nA,2024,9,0\nB,2024,9,\n", "2024");
    CHECK(v.query("SELECT record, waiting_for, failed FROM latest_verdict ORDER BY record") ==
          "A|[]|[\"v, `x / y`: division by zero\"]\nB|[\"y\"]|\n");
    CHECK(v.printed().find("2024 v: undetermined, for it cannot be computed\n  A  ") != std::string::npos);
    CHECK(v.printed().find("2024 v: undetermined, for want of data\n  B  ") != std::string::npos);
}

TEST_CASE("a function over the cohort may take another") {
    const Verdicts v("nested",
                     "ruleset: r\nrecord: zone\ninputs: {province: {type: string}, x: {}}\nmeasures:\n"
                     "  means: cohort max(cohort mean(x, province)) / cohort min(cohort mean(x, province))\n"
                     "  before: cohort sum(prior(x))\ndecisions:\n"
                     "  d: {values: [a, b], rules: [{id: r, when: means = 3, then: a}], otherwise: b}\n"
                     "  e: {values: [a, b], rules: [{id: r, when: before = 4, then: a}], otherwise: b}\n",
                     "zone,year,province,x\na,2022,a,1\nb,2022,b,3\na,2023,a,1\nb,2023,b,3\n", "2022..2023");
    CHECK(v.of("a", 2023, "d") == "\"a\"");
    CHECK(v.of("b", 2023, "e") == "\"a\"");
}

TEST_CASE("ids and values that zoneval itself might use mean what their author means") {
    const Verdicts v(
        "words",
        "ruleset: r\nrecord: zone\ninputs: {x: {min: 0, max: 100}}\ndecisions:\n"
        "  v: {values: [good, bad], rules: [{id: otherwise, when: x > 5, then: good}], otherwise: bad}\n"
        "  u: {values: [undetermined, fine], rules: [{id: r, when: x > 5, then: undetermined}], otherwise: "
        "fine}\n",
        "zone,year,x\nA,2024,9\nB,2024,1\nC,2024,\n", "2024");
    CHECK(v.of("A", 2024, "v") == "\"good\"");
    CHECK(v.of("B", 2024, "v") == "\"bad\"");
    CHECK(v.of("A", 2024, "u") == "\"undetermined\"");
    CHECK(v.of("C", 2024, "u") == "? of [\"undetermined\", \"fine\"]");
}
