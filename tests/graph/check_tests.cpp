#include "engine/table/units.hpp"
#include "tests/exec/small_rules.hpp"

using namespace zoneval;
using namespace zoneval::testing;

namespace {
bool says(const std::string& yaml, const std::string& text) {
    const auto said = findings(yaml);
    INFO(said);
    const bool found = said.find(text) != std::string::npos;
    CHECK(found);
    return found;
}
void clean(const std::string& yaml) { CHECK(findings(yaml) == ""); }
}  // namespace

TEST_CASE("a name nothing defines is refused with the nearest one") {
    says("inputs: {revenue: {}}\nmeasures: {m: revenu * 2}\n", "ZV103");
    says("inputs: {revenue: {}}\nmeasures: {m: revenu * 2}\n", "did you mean `revenue`?");
}

TEST_CASE("what can be a name and an operation on two others is refused, and both are named") {
    const std::string inputs = "inputs: {投入: {}, 产出: {}, 投入/产出: {}}\n";
    says(inputs + "measures: {m: 投入 / 产出}\n",
         "ZV108 `投入 / 产出` can be the name `投入/产出`, or an operation on `投入`, `产出`");
    clean("inputs: {投入: {}, 产出: {}}\nmeasures: {m: 投入 / 产出}\n");
    clean("inputs: {R&D: {}}\nmeasures: {m: R & D}\n");
}

TEST_CASE("definitions in a circle are refused, and the circle is shown") {
    says("measures: {a: b + 1, b: c * 2, c: a}\n", "ZV302 `a` needs itself: `a` → `b` → `c` → `a`");
    clean("inputs: {x: {}}\nmeasures: {a: 'if prior(a) = null then x else prior(a) + x'}\n");
}

TEST_CASE("two definitions of one name are refused, wherever they stand") {
    says("inputs: {x: {}}\nmeasures: {x: '1'}\n", "ZV301 `x` is already defined in rules.yaml:3");
    says("inputs: {year: {}}\n", "ZV301 `year` is a word of zoneval's own");
}

TEST_CASE("what a cohort function is given and does not take is refused, with what to write") {
    const std::string inputs =
        "inputs: {x: {}, region: {type: string}, kind: {type: string}, flag: {type: boolean}, opened: {type: date}}\n";
    says(inputs + "measures: {m: 'rank(x, region, kind)'}\n",
         "ZV105 `rank` takes a value and a group, not 3 arguments");
    says(inputs + "measures: {m: 'rank(x, region, kind)'}\n", "`rank(x, [a, b])`");
    says(inputs + "measures: {m: 'prior(x, 1, 2)'}\n", "ZV105 `prior` takes a name and a number of years");
    says(inputs + "measures: {m: 'rank(x, \"asc\")'}\n", "ZV105 this group is the same for every record");
    says(inputs + "measures: {m: 'rank(x, 1)'}\n", "to count from the lowest, write `rank(-x)`");
    says(inputs + "measures: {m: 'cohort sum(x, 1)'}\n", "without groups, write `cohort sum(x)`");
    says(inputs + "measures: {m: cohort sum(region)}\n",
         "ZV106 `cohort sum` computes with numbers, and this is a string");
    says(inputs + "measures: {m: 'cohort sum(kind = \"p\")'}\n", "`cohort count` counts the records where it is true");
    says(inputs + "measures: {m: cohort mean(region)}\n", "ZV106 `cohort mean`");
    says(inputs + "measures: {m: cohort max(opened)}\n",
         "ZV106 `cohort max` computes with numbers, and this is a date");
    says(inputs + "measures: {m: rank(region)}\n", "ZV106 `rank` computes with numbers, and this is a string");
    says(inputs + "measures: {m: 'rank([x, region])'}\n", "ZV106 `rank` computes with numbers, and this is a string");
    says(inputs + "measures: {m: 'cohort sum([x, x])'}\n",
         "ZV106 `cohort sum` computes with numbers, and this is a list");
    const auto fine =
        findings(inputs +
                 "measures: {a: cohort count(flag), b: cohort count(region), c: 'rank(x, [region, kind])', "
                 "d: 'dense rank(-x, region)', e: 'average rank([x, -x])', f: cohort sum(if flag then 1 else 0)}\n");
    CHECK(fine.find("ZV105") == std::string::npos);
    CHECK(fine.find("ZV106") == std::string::npos);
}

TEST_CASE("a condition must be true or false") {
    says("inputs: {x: {}}\ndecisions: {v: {values: [a], rules: [{id: r, when: x + 1, then: a}], otherwise: a}}\n",
         "ZV106");
}

TEST_CASE("comparing with a text that is never a value is refused") {
    const std::string inputs = "inputs: {region: {type: string, values: [East, West]}}\n";
    says(inputs + "measures: {m: region = \"Est\"}\n", "ZV305 `region` is never \"Est\"");
    says(inputs + "measures: {m: 'region in (\"East\", \"Wset\")'}\n", "did you mean `West`?");
    clean(inputs + "measures: {m: region = \"East\"}\n");
}

TEST_CASE("an outcome that is not declared is refused") {
    const auto rule = [](const std::string& then) {
        return "inputs: {x: {}}\ndecisions: {v: {values: [warn, none], rules: [{id: r, when: x > 1, then: " + then +
               "}], otherwise: none}}\n";
    };
    says(rule("wran"), "did you mean `warn`?");
    says(rule("'if x > 5 then \"warn\" else \"noen\"'"), "ZV305 \"noen\" is not a value of decision `v`");
    says(rule("5"), "ZV305 5 is not a value of decision `v`");
    clean(rule("warn"));
}

TEST_CASE("prior takes a name and a number of years") {
    says("inputs: {x: {}}\nmeasures: {m: prior(x + 1)}\n", "ZV105 `prior` looks back at one value");
    says("inputs: {x: {}}\nmeasures: {m: 'prior(x, 0)'}\n", "ZV105 `prior` does not know how far to look back");
    says("inputs: {x: {}}\nmeasures: {m: over(x)}\n", "ZV105");
    clean("inputs: {x: {}}\nmeasures: {m: 'sum(over(x, 3))'}\n");
}

TEST_CASE("an input or parameter nobody uses is pointed out") {
    says("inputs: {x: {}, y: {}}\nmeasures: {m: x}\n", "ZV308 nothing uses input `y`");
    says("inputs: {x: {}}\nparameters: {p: 1}\nmeasures: {m: x}\n", "ZV308 nothing uses parameter `p`");
}

TEST_CASE("units: adding persons to yuan is an error, converting is not") {
    const std::string inputs =
        "inputs: {GDP: {unit: 100 million CNY}, staff: {unit: person}, R&D: {unit: 100 million CNY}, tax: {unit: "
        "万元}, rate: {unit: '%'}}\n";
    const auto measure = [&](const std::string& is, const std::string& unit) {
        return inputs + "measures:\n  a: {is: " + is + (unit.empty() ? "" : ", unit: '" + unit + "'") +
               "}\n  all: GDP * staff * R&D * tax * rate\n";
    };
    says(measure("GDP + staff", ""), "ZV311 100000000 CNY and person are added");
    says(measure("GDP + tax", ""), "ZV311 100000000 CNY and 10000 CNY are added");
    clean(measure("GDP + tax / 10000", ""));
    says(measure("R&D / GDP > rate", ""), "ZV311 a plain number and % are compared");
    clean(measure("R&D / GDP * 100 > rate", ""));
    says(measure("R&D / GDP", "%"), "ZV312 `a` is declared in %, but its formula gives a plain number");
    clean(measure("R&D / GDP * 100", "%"));
    clean(measure("GDP * 10000 / staff", "10 thousand CNY / person"));
    says(measure("GDP / staff", "10 thousand CNY / person"), "ZV312");
    clean(measure("GDP - R&D", "100 million CNY"));
    clean(measure("GDP - prior(GDP)", "亿元"));
}

TEST_CASE("units are read in words and in Chinese") {
    const auto text = [](const char* unit) { return parse_unit(unit)->to_string(); };
    CHECK(text("100 million CNY") == "100000000 CNY");
    CHECK(text("亿元") == "100000000 CNY");
    CHECK(text("10 thousand CNY / person") == "10000 CNY / person");
    CHECK(text("万元/人") == "10000 CNY / person");
    CHECK(text("tce / 10 thousand CNY") == "0.0001 tce / CNY");
    CHECK(text("%") == "%");
    CHECK(text("per cent") == "%");
    CHECK(text("patents per 10,000 persons") == "0.0001 patents / person");
    CHECK_FALSE(parse_unit(""));
    CHECK_FALSE(parse_unit("/ person"));
}

TEST_CASE("a gap in a decision table is shown as an example") {
    const auto cells = [](const std::string& low) {
        return "inputs: {x: {}, region: {type: string, values: [East, West]}}\ndecisions:\n  v:\n    values: [a, b]\n  "
               "  table:\n      inputs: [x, region]\n"
               "      rules:\n        - ['>= 60', '-', '\"a\"']\n        - ['" +
               low + "', '\"East\"', '\"b\"']\n        - ['< 60', '\"West\"', '\"b\"']\n";
    };
    says(cells("< 50"), "ZV321 decision `v` says nothing about x = 50, region = \"East\"");
    clean(cells("< 60"));
}

TEST_CASE("an overlap under hit policy unique is shown as an example") {
    const auto cells = [](const std::string& policy, const std::string& low) {
        return "inputs: {x: {}}\ndecisions:\n  v:\n    values: [a, b]\n    table:\n      hit policy: " + policy +
               "\n      inputs: [x]\n      rules:\n        - ['>= 60', '\"a\"']\n        - ['" + low + "', '\"b\"']\n";
    };
    says(cells("unique", "<= 60"), "ZV322 rows `row 1` and `row 2` of decision `v` both hold for x = 60");
    clean(cells("unique", "< 60"));
    clean(cells("first", "<= 60"));
}

TEST_CASE("a rule that can never hold and a rule that is never reached are found") {
    const auto rules = [](const std::string& second) {
        return "inputs: {x: {}, n: {min: 1}}\ndecisions:\n  v:\n    values: [a, b, c]\n    rules:\n      - {id: first, "
               "when: x > 60 and n > 0, then: a}\n      - {id: second, when: " +
               second + ", then: b}\n    otherwise: c\n";
    };
    says(rules("x > 90 and x < 60"), "ZV323 rule `second` of decision `v` can never hold");
    says(rules("n < 1"), "ZV323");
    says(rules("x > 80"),
         "ZV324 rule `second` of decision `v` is never reached: whenever it holds, `first` above it holds");
    clean(rules("x > 50"));
}

TEST_CASE("arithmetic between blanks is not called impossible") {
    clean(
        "inputs: {x: {}, y: {}}\ndecisions:\n  v:\n    values: [a, b]\n    rules:\n      - {id: one, when: x + y > 5, "
        "then: a}\n      - {id: two, when: x + y > 4, then: b}\n    otherwise: a\n");
}

TEST_CASE("asking for a missing datum does not hide the other cases") {
    clean(
        "inputs: {x: {}, y: {}}\ndecisions:\n  v:\n    values: [a, b, c]\n    rules:\n      - {id: one, when: x = "
        "null, then: a}\n      - {id: two, when: x != null and y != null and x > y, then: b}\n    otherwise: c\n");
    says(
        "inputs: {x: {}}\ndecisions:\n  v:\n    values: [a, b]\n    rules:\n      - {id: one, when: x = null, then: "
        "a}\n      - {id: two, when: x = null and x > 5, then: b}\n    otherwise: b\n",
        "ZV323 rule `two` of decision `v` can never hold");
}

TEST_CASE("smaller, equal and greater of the same two values cover everything") {
    clean(
        "inputs: {x: {}, y: {}}\ndecisions:\n  v:\n    values: [a, b, c]\n    rules:\n      - {id: one, when: x < y, "
        "then: a}\n      - {id: two, when: x = y, then: b}\n      - {id: three, when: y < x, then: c}\n");
}

TEST_CASE("an adverse rule on an assumption is noted") {
    says(
        "inputs: {x: {}}\nparameters: {line: {value: 60, assumption: ours}}\ndecisions:\n  v: {values: [warn, none], "
        "adverse: [warn], rules: [{id: low, when: x < line, then: warn}], otherwise: none}\n",
        "ZV325 adverse rule `low` rests on what the authors assumed: `line`");
}

TEST_CASE("an adverse rule must not hold for want of data") {
    const auto with = [](const std::string& answer) {
        return "inputs: {x: {}}\ndecisions:\n  v: {values: [warn, none], adverse: [warn], rules: [{id: low, when: x < "
               "5, then: warn, if missing: " +
               answer + "}], otherwise: none}\n";
    };
    says(with("holds"), "ZV313 rule `low` could lead to an adverse outcome because data are missing");
    says(
        "inputs: {x: {}}\ndecisions:\n  v: {values: [warn, none], adverse: [warn], rules: [{id: fine, when: x > 5, "
        "then: none, if missing: does not hold}], otherwise: warn}\n",
        "ZV313 rule `fine` could lead to an adverse outcome because data are missing");
    says(
        "inputs: {x: {}}\ndecisions:\n  v: {values: [warn, none], adverse: [warn], rules: [{id: blank, when: x = null, "
        "then: warn}], otherwise: none}\n",
        "ZV313 adverse rule `blank` asks for missing data");
    says("inputs: {d: {type: date}}\nmeasures: {m: d < today()}\n",
         "ZV105 `today` would give an assessment another outcome on another day");
    says(with("maybe"), "ZV204");
    clean(with("does not hold"));
}

TEST_CASE("a citation must name a clause the authority has, where its clauses are listed") {
    const auto with = [](const std::string& cite) {
        return "authority: {document: Act, clauses: [art. 1, art. 2]}\ninputs: {x: {cite: " + cite +
               "}}\nmeasures: {m: x}\n";
    };
    says(with("art. 3"), "ZV314 Act has no clause `art. 3`");
    clean(with("art. 2"));
    clean(with("{document: Other, clause: art. 9}"));
}

TEST_CASE("a rule that makes no difference is found") {
    const auto with = [](const std::string& third) {
        return "inputs: {x: {}}\ndecisions:\n  v:\n    values: [a, b]\n    rules:\n      - {id: one, when: x > 60, "
               "then: a}\n      - {id: two, when: x > 50, then: b}\n" +
               third + "    otherwise: a\n";
    };
    says(with("      - {id: three, when: x > 40, then: a}\n"),
         "ZV327 rule `three` of decision `v` makes no difference");
    clean(with("      - {id: three, when: x > 40, then: a, because: \"a reason of its own\"}\n"));
    clean(with(""));
}

TEST_CASE("a parameter without a value on a day of effect is found") {
    says(
        "effective: 2021-01-01..2025-12-31\ninputs: {x: {}}\nparameters: {p: {values: {2022-01-01: 1}}}\nmeasures: {m: "
        "p * x}\n",
        "ZV326");
    says(
        "effective: 2021-01-01..2025-12-31\ninputs: {x: {}}\nparameters: {p: {value: 1, until: 2023-12-31}}\nmeasures: "
        "{m: p * x}\n",
        "ZV326");
    clean(
        "effective: 2021-01-01..2025-12-31\ninputs: {x: {}}\nparameters: {p: {values: {2021-01-01: 1}}}\nmeasures: {m: "
        "p * x}\n");
}

TEST_CASE("an adverse rule that reads a score which leaves blanks out is noted") {
    const auto with = [](const std::string& missing) {
        return "inputs: {x: {}}\nscores: {s: {" + missing +
               "indicators: [{of: x, weight: 100 %, from: 0..9}]}}\nmeasures: {m: s * 2}\ndecisions:\n  v: {values: "
               "[warn, none], adverse: [warn], rules: [{id: low, when: m < 60, then: warn}], otherwise: none}\n";
    };
    says(with("missing: zero, "),
         "ZV328 adverse rule `low` reads a score that leaves blanks out; it is held back where they could change the "
         "outcome: `s`");
    clean(with(""));
}

TEST_CASE("a cell with a condition of its own is looked into") {
    const auto cells = [](const std::string& second) {
        return "inputs: {flag: {type: boolean}, x: {}}\ndecisions:\n  v:\n    values: [a, b]\n    table:\n      "
               "inputs: [flag, x]\n      rules:\n        - ['?', '-', '\"a\"']\n        - ['" +
               second + "', '? < 5, >= 5', '\"b\"']\n";
    };
    clean(cells("not(?)"));
    says(cells("? or x > 5"), "ZV322 rows `row 1` and `row 2` of decision `v` both hold for flag = true");
    says(cells("not(?) and x > 5"), "ZV321 decision `v` says nothing about flag = false, x = 4");
}

TEST_CASE("what can only be wrong in the file itself has a code and a place") {
    says("inputs: {x: {}}\nmeasures: {m: {unit: '%'}}\n", "ZV203 measure `m` has no `is`");
    says("inputs: {x: {}, x: {}}\n", "ZV205 the key `x` stands twice");
    says("inputs: {'x > y': {}}\n", "ZV310 `x > y` cannot be used as a name");
    says("targets: {t: {kind: growth, goal: {year: 2025, value: 1}, observed: []}}\n",
         "ZV309 target `t` has no `base`");
    clean("targets: {t: {kind: growth, base: {year: 2020, value: 1}, goal: {year: 2025, value: 2}, observed: []}}\n");
}

TEST_CASE("two rules of a list that contradict its hit policy are found") {
    const auto rules = [](const std::string& policy, const std::string& second) {
        return "inputs: {x: {}}\ndecisions:\n  v:\n    values: [a, b]\n    hit policy: " + policy +
               "\n    rules:\n      - {id: one, when: x > 5, then: a}\n      - {id: two, when: " + second +
               "}\n    otherwise: b\n";
    };
    says(rules("unique", "x > 7, then: b"), "ZV322 rules `one` and `two` of decision `v` both hold for x = 8");
    says(rules("any", "x > 7, then: b"), "ZV322");
    clean(rules("any", "x > 7, then: a"));
    clean(rules("unique", "x < 5, then: b"));
}

TEST_CASE("weights that do not add up, and dates of a parameter that overlap") {
    const auto score = [](const std::string& second) {
        return "inputs: {x: {}, y: {}}\nscores: {s: {indicators: [{of: x, weight: 60 %, from: 0..9}, {of: y, weight: " +
               second + ", from: 0..9}]}}\n";
    };
    says(score("30 %"), "ZV304 the weights of score `s` add up to 90 %");
    clean(score("40 %"));
    says("inputs: {x: {}}\nparameters: {p: {values: {2022-01-01: 1, 2021-01-01: 2}}}\nmeasures: {m: p * x}\n",
         "ZV303 in parameter `p`, 2021-01-01 does not come after 2022-01-01");
}

TEST_CASE("a decision too large to look through is said to be, and quickly") {
    std::string rules = "inputs: {x: {}}\ndecisions:\n  v:\n    values: [a, b]\n    rules:\n";
    for (int i = 0; i < 3000; ++i)
        rules += "      - {id: r" + std::to_string(i) + ", when: x > " + std::to_string(3000 - i) + ", then: a}\n";
    says(rules + "    otherwise: b\n", "ZV329 decision `v` has too many cases to look through");
}

TEST_CASE("not(null) holds for every known value") {
    const auto cells = [](const std::string& first) {
        return "inputs: {x: {}}\ndecisions:\n  v:\n    values: [a, b]\n    table:\n      hit policy: first\n      "
               "inputs: "
               "[x]\n      rules:\n        - ['" +
               first + "', '\"a\"']\n        - ['-', '\"b\"']\n";
    };
    clean(cells("not(null)"));
    clean(cells("null, > 5"));
    clean(cells("not(null, > 5)"));
    clean(
        "inputs: {x: {}}\nmeasures: {m: x in (null)}\ndecisions: {v: {values: [a, b], rules: [{id: r, when: 'x in "
        "(null, 5)', "
        "then: a}], otherwise: b}}\n");
}

TEST_CASE("a decision is asked about what its measures can come to, and no more") {
    const auto rules = [](const std::string& measure, const std::string& first, const std::string& second) {
        return "inputs: {x: {}, y: {min: 0, max: 10}, c: {type: string, values: [East, West]}}\nmeasures: {m: '" +
               measure +
               "', use: 'if c = \"East\" then x else y'}\ndecisions: {v: {values: [a, b], rules: [{id: q, when: '" +
               first + "', then: a}, {id: r, when: '" + second + "', then: b}]}}\n";
    };
    clean(rules("max(1, min(5, x / 10))", "m >= 3", "m >= 1 and m < 3"));
    clean(rules("y * 2 + 1", "m > 10", "m in [1..10]"));
    clean(rules("if x > 10 then 2 else if x > 5 then 1 else 0", "m = 2", "m = 1 or m = 0"));
    clean(rules("if x > 10 then \"A\" else \"B\"", "m = \"A\"", "m = \"B\""));
    clean(rules("if c = null then 0 else if c = \"East\" then 1 else 2", "m > 0", "m = 0"));
    clean(rules("percent rank(x)", "m > 0.5", "m in [0..0.5]"));
    says(rules("max(1, min(5, x / 10))", "m >= 3", "m > 1 and m < 3"), "ZV321 decision `v` says nothing about m = 1");
    says(rules("if x = null then 0 else max(1, x)", "m >= 3", "m >= 1 and m < 3"), "ZV321");  // 0 where x is blank
    says(rules("if x = null then 0 else if x > 5 then 1 else 2", "m = 1", "m = 2"),
         "ZV321 decision `v` says nothing about m = 0");
    says(rules("if y > 5 then 1 else 2", "m = 1", "m = 1 and x > 5"), "ZV321 decision `v` says nothing about m = 2");
    says(rules("x + y", "m > 5", "m < 5"), "ZV321 decision `v` says nothing about m = 5");
}

TEST_CASE("who writes `otherwise: null` has thought of the others") {
    const auto rules = [](const std::string& otherwise) {
        return "inputs: {x: {}}\ndecisions: {v: {values: [a, b], rules: [{id: q, when: x >= 3, then: a}]" + otherwise +
               "}}\n";
    };
    clean(rules(", otherwise: null"));
    says(rules(""), "ZV321");
    clean(
        "inputs: {x: {}}\ndecisions:\n  v:\n    values: [a, b]\n    table: {inputs: [x], rules: [['> 3', a]], default: "
        "null}\n");
}

TEST_CASE("columns that no rule reads are one finding with their names") {
    says("inputs: {x: {}, y: {}, z: {}, last of them: {}}\nparameters: {p: 1}\nmeasures: {m: x}\n",
         "ZV308 nothing uses 3 inputs: `y`, `z`, `last of them`");
    std::string inputs = "inputs: {x: {}";
    for (int i = 0; i < 30; ++i) inputs += ", c" + std::to_string(i) + ": {}";
    const auto said = findings(inputs + "}\nmeasures: {m: x}\n");
    CHECK(said.find("nothing uses 30 inputs: `c0`, ") != std::string::npos);
    CHECK(said.find("`c19` and 10 more") != std::string::npos);
    CHECK(std::count(said.begin(), said.end(), '\n') == 1);
}

TEST_CASE("rules that took effect before they were issued are noted") {
    const auto rules = [](const std::string& issued) {
        return "authority: {document: Rules 37, issued: " + issued +
               "}\neffective: 2021-01-01..2025-12-31\ninputs: {x: {}}\nmeasures: {m: x}\n";
    };
    says(rules("2021-09-30"), "ZV337 the rules take effect on 2021-01-01, and were issued on 2021-09-30");
    clean(rules("2021-01-01"));
}

TEST_CASE("a word of data without a language that the others of its input have is noted") {
    const auto rules = [](const std::string& labels) {
        return "inputs: {x: {values: [a, b], labels: " + labels + "}}\nmeasures: {m: x}\n";
    };
    says(rules("{a: {zh: 甲, ja: 甲}, b: {zh: 乙}}"), "ZV340 1 text has no `ja`, which others have: the label of `b`");
    clean(rules("{a: {zh: 甲}, b: {zh: 乙}}"));
}
