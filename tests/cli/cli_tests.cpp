// The command as its users meet it: what it prints, its exit codes, and that nothing is half done.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/cli/shell.hpp"

using namespace zoneval::tests;
namespace fs = std::filesystem;

TEST_CASE("check reports every mistake of a file, each with its place, expectation and help") {
    const auto said = shell("zoneval check bad-rules.yaml");
    CHECK(said.exit_code == 3);
    check_golden("bad-rules.txt", said.out);
    CHECK(nlohmann::json::parse(shell("zoneval check --format json bad-rules.yaml").out).size() > 10);
}

TEST_CASE("check says in the reader's language what kind of mistake each is, under what was found") {
    const auto count = [](const std::string& text, const std::string& word) {
        std::size_t out = 0;
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++out;
        return out;
    };
    const auto english = shell("zoneval check bad-rules.yaml").out;
    const auto chinese = shell("zoneval check --lang zh bad-rules.yaml").out;
    CHECK(count(chinese, "\n  错误：") == count(english, ": error ZV"));
    CHECK(count(chinese, "\n  警告：") == count(english, ": warning ZV"));
    const auto japanese = shell("zoneval check --lang ja bad-rules.yaml").out;
    CHECK(japanese.find("\n  エラー：規則ファイルにないキーです\n") != std::string::npos);
}

TEST_CASE("check knows the habits people bring along, and says what to write instead") {
    const auto said = shell("zoneval check slips.yaml");
    CHECK(said.exit_code == 3);
    check_golden("slips.txt", said.out);
}

TEST_CASE("of a very long line the part around the mistake is shown") {
    const Folder folder;
    std::string line = "measures: {";
    for (int i = 0; i < 200; ++i) line += "m" + std::to_string(i) + ": 1 + 1, ";
    const auto file = folder.file("long.yaml", "ruleset: r\nrecord: zone\n" + line + "z: 1 +}\n");
    const auto said = shell("zoneval check " + file).out;
    CHECK(said.find("  3 | …") != std::string::npos);
    CHECK(said.find("m198: 1 + 1, m199: 1 + 1, z: 1 +}\n") != std::string::npos);
    CHECK(said.size() < 500);
}

TEST_CASE("an assessment is summed up in the reader's language") {
    for (const std::string language : {"zh", "ja"}) {
        const Folder folder;
        const auto store = folder.at("s.sqlite");
        shell("zoneval import --rules small.yaml --store " + store + " small.csv");
        auto text = shell("zoneval assess small.yaml --store " + store + " --year 2022..2023 --lang " + language).out;
        for (auto at = text.find(store); at != std::string::npos; at = text.find(store))
            text.replace(at, store.size(), "STORE");
        check_golden("assess." + language + ".txt", text);
    }
}

TEST_CASE("from data to an explanation, as people read it") {
    const Folder folder;
    const auto store = folder.at("s.sqlite");
    CHECK(shell("zoneval import --rules small.yaml --store " + store + " small.csv").exit_code == 0);
    const auto assessed = shell("zoneval assess small.yaml --store " + store + " --year 2022..2023");
    CHECK(assessed.exit_code == 0);
    auto text = assessed.out;
    for (auto at = text.find(store); at != std::string::npos; at = text.find(store))
        text.replace(at, store.size(), "STORE");
    check_golden("assess.txt", text);
    check_golden("explain-delisted.txt", shell("zoneval explain A --store " + store + " --year 2023").out);
    for (const std::string language : {"zh", "ja"}) {
        const auto in = " --lang " + language;
        check_golden("explain-delisted." + language + ".txt",
                     shell("zoneval explain A --store " + store + " --year 2023" + in).out);
        check_golden("explain-undetermined." + language + ".txt",
                     shell("zoneval explain C --store " + store + " --year 2022" + in).out);
        check_golden("why-not-none." + language + ".txt",
                     shell("zoneval explain A --store " + store + " --year 2022 --why-not none" + in).out);
    }
    check_golden("why-not-delist.txt",
                 shell("zoneval explain C --store " + store + " --year 2022 --why-not delist").out);
    check_golden("explain-undetermined.txt", shell("zoneval explain C --store " + store + " --year 2022").out);
    CHECK(shell("zoneval explain A --store " + store).out.find("A, 2023: delist\n") == 0);  // the last year assessed
    const auto json =
        nlohmann::json::parse(shell("zoneval explain A --format json --store " + store + " --year 2023").out);
    CHECK(json["value"] == "delist");
    CHECK(json["rule"] == "out");
    CHECK(json["cite"] == "art. 4");
}

TEST_CASE("a score or a measure is explained by its name, and so is a rule set without decisions") {
    const Folder folder;
    const auto store = folder.at("s.sqlite");
    CHECK(shell("zoneval import --rules small.yaml --store " + store + " small.csv").exit_code == 0);
    CHECK(shell("zoneval assess small.yaml --store " + store + " --year 2022").exit_code == 0);
    const auto unknown = shell("zoneval explain A --store " + store + " --of nothing");
    CHECK(unknown.exit_code == 3);
    CHECK(unknown.out.find("the rule set defines no `nothing`") != std::string::npos);
    const auto only =
        folder.file("only.yaml", "ruleset: only\nrecord: zone\ninputs: {x: {}}\nmeasures: {twice: x * 2}\n");
    const auto data = folder.file("only.csv", "zone,year,x\nA,2024,4\n");
    const auto other = folder.at("only.sqlite");
    CHECK(shell("zoneval import --rules " + only + " --store " + other + " " + data).exit_code == 0);
    CHECK(shell("zoneval assess " + only + " --store " + other + " --year 2024").exit_code == 0);
    const auto said = shell("zoneval explain A --store " + other).out;
    CHECK(said.find("twice = 8\n") != std::string::npos);
    CHECK(said.find("x = 4  ") != std::string::npos);
    CHECK(said.find("only.csv line 2, import 1\n") != std::string::npos);
    CHECK(shell("zoneval explain A --of twice --store " + other).out == said);
}

TEST_CASE("the command proposed after an assessment works as it is printed, from where the user stands") {
    const Folder folder;
    const auto store = folder.at("a store's name.sqlite");
    const auto quoted = "\"" + store + "\"";
    shell("zoneval import --rules small.yaml --store " + quoted + " small.csv");
    for (const std::string program : {"zoneval", ZONEVAL_COMMAND}) {
        const auto said = shell(program + " assess small.yaml --store " + quoted + " --year 2022").out;
        const std::string before = "Ask more:\n  ";
        const auto at = said.find(before);
        REQUIRE(at != std::string::npos);
        const auto line = said.substr(at + before.size(), said.find('\n', at + before.size()) - at - before.size());
        INFO(line);
        CHECK(line.starts_with(program + " explain "));
        CHECK(shell(line).exit_code == 0);
    }
}

TEST_CASE("an explanation names earlier data, points, states that go on and other decisions") {
    const Folder folder;
    const auto rules =
        folder.file("r.yaml",
                    "ruleset: r\nrecord: zone\neffective: 2022-01-01..2023-12-31\ninputs: {output: {unit: CNY, min: "
                    "0}, staff: {min: 1}}\nmeasures: {growth: output - prior(output)}\n"
                    "scores: {s: {missing: zero, indicators: [{of: output, weight: 50 %, from: 0..10}, {of: staff, "
                    "weight: 50 %, from: 1..9}]}}\n"
                    "decisions: {class: {values: [A, B], rules: [{id: big, when: s > 50, then: A}], otherwise: B}}\n"
                    "lifecycles:\n  standing:\n    start: good\n    states: {good: {}, warned: {adverse: true, "
                    "deadline: {years: 2, then: good}}}\n"
                    "    transitions: [{id: warn, from: good, to: warned, when: growth < 0 and s < 90}]\n");
    const auto store = folder.at("s.sqlite");
    shell("zoneval import --rules " + rules + " --store " + store + " " +
          folder.file("d.csv", "zone,year,output,staff\nA,2021,4,5\nA,2022,5,5\nA,2023,6,5\n"));
    shell("zoneval assess " + rules + " --store " + store + " --year 2022..2023");
    const auto said = shell("zoneval explain A --store " + store).out;
    INFO(said);
    for (const char* part :
         {"prior(output) = 5 CNY  ", "d.csv line 3, import 1", "No transition holds: the state stays as it was.",
          "✗ warn → warned: standing of 2022 \"good\" = \"good\" ✓, growth 1 < 0 ✗, s 55 < 90 ✓\n",
          "  ✗  growth                  1           below 0         1\n", "Where 45.00 of 100 points were lost (s)\n",
          "  staff          5          50.00  25.00\n  output         6          50.00  20.00\n",
          "60.00 points, weight 50 %",
          "deadline of warned → good: standing of 2022 \"good\" = \"warned\" ✗, years in standing 1 >= 2 ✗\n",
          "Other decisions", "  class: A\n"}) {
        INFO(part);
        CHECK(said.find(part) != std::string::npos);
    }
}

TEST_CASE("a revision changes what is known now, not what was decided then") {
    const Folder folder;
    const auto store = folder.at("s.sqlite");
    shell("zoneval import --rules small.yaml --store " + store + " small.csv");
    shell("zoneval assess small.yaml --store " + store + " --year 2022");
    const auto revision = folder.file("late.csv", "zone,year,output,staff,filed\nC,2022,3,,\n");
    CHECK(shell("zoneval import --rules small.yaml --store " + store + " " + revision).exit_code == 0);
    CHECK(shell("zoneval explain C --store " + store + " --year 2022").out.find("C, 2022: undetermined, ") == 0);
    shell("zoneval assess small.yaml --store " + store + " --year 2022");
    const auto now = shell("zoneval explain C --store " + store + " --year 2022").out;
    CHECK(now.find("C, 2022: interview\n") == 0);
    CHECK(now.find("late.csv line 2, import 2") != std::string::npos);
    CHECK(shell("zoneval explain C --store " + store + " --run 1").out.find("C, 2022: undetermined, ") == 0);
}

TEST_CASE("whoever builds on an earlier assessment is told when its data have been revised since") {
    const Folder folder;
    const auto store = folder.at("s.sqlite");
    shell("zoneval import --rules small.yaml --store " + store + " small.csv");
    CHECK(shell("zoneval assess small.yaml --store " + store + " --year 2022..2023").out.find("ZV506") ==
          std::string::npos);
    shell("zoneval import --rules small.yaml --store " + store + " " +
          folder.file("late.csv", "zone,year,output,staff,filed\nC,2022,3,,\n"));
    const auto said = shell("zoneval assess small.yaml --store " + store + " --year 2023").out;
    CHECK(said.find("warning ZV506: 2023 builds on earlier assessments as they were issued, but run 1 of 2022 saw the "
                    "data as of revision 1, and revision 2 has figures of 2022") != std::string::npos);
    CHECK(said.find("zoneval assess small.yaml --store " + store + " --year 2022, then 2023 again") !=
          std::string::npos);
    const auto json =
        nlohmann::json::parse(shell("zoneval assess small.yaml --format json --store " + store + " --year 2023").out);
    CHECK(json["runs"][0]["findings"][0]["code"] == "ZV506");
    CHECK(shell("zoneval assess small.yaml --store " + store + " --year 2022..2023").out.find("ZV506") ==
          std::string::npos);
    CHECK(shell("zoneval assess small.yaml --store " + store + " --year 2023").out.find("ZV506") == std::string::npos);

    shell("zoneval import --rules small.yaml --store " + store + " " +
          folder.file("new.csv", "zone,year,output,staff,filed\nC,2024,3,1000,\n"));
    shell("zoneval assess small.yaml --store " + store + " --year 2022");  // 2023 stands on one that came out the same
    CHECK(shell("zoneval assess small.yaml --store " + store + " --year 2024").out.find("ZV506") == std::string::npos);
    shell("zoneval import --rules small.yaml --store " + store + " " +
          folder.file("again.csv", "zone,year,output,staff,filed\nC,2022,9000,1000,\n"));
    shell("zoneval assess small.yaml --store " + store + " --year 2022");
    CHECK(shell("zoneval assess small.yaml --store " + store + " --year 2024")
              .out.find("of 2022 has been replaced by run") != std::string::npos);
}

TEST_CASE("bad data leave no store behind, and a good store untouched") {
    const Folder folder;
    const auto store = folder.at("s.sqlite");
    const auto bad = folder.file("bad.csv", "zone,year,output,staff,filed\nA,2022,\"1,000\",3000,\nA,2022,x,0,maybe\n");
    const auto said = shell("zoneval import --rules small.yaml --store " + store + " " + bad);
    CHECK(said.exit_code == 3);
    CHECK_FALSE(fs::exists(store));
    for (const auto* code : {"ZV406", "ZV407", "ZV408"}) CHECK(said.out.find(code) != std::string::npos);
    shell("zoneval import --rules small.yaml --store " + store + " small.csv");
    const auto before = read(store);
    CHECK(shell("zoneval import --rules small.yaml --store " + store + " small.csv " + bad).exit_code == 3);
    CHECK(read(store) == before);
}

TEST_CASE("Ctrl-C in a large import or assessment leaves a sound store, as it was") {
    const Folder folder;
    const auto store = folder.at("s.sqlite");
    std::string large = "zone,year,output,staff,filed\n";
    for (int i = 0; i < 150'000; ++i)
        large += "Z" + std::to_string(i) + ",2023," + std::to_string(i % 977) + ".25," + std::to_string(1 + i % 5000) +
                 ",\n";
    const auto file = folder.file("large.csv", large);
    shell("zoneval import --rules small.yaml --store " + store + " small.csv");
    shell("zoneval assess small.yaml --store " + store + " --year 2022");
    const auto before = read(store);
    const auto interrupted = [&](const std::string& command) {
        int stopped = 0;
        for (const auto* delay : {"0.02", "0.05", "0.1", "0.2", "0.3", "0.5"}) {
            const auto copy = folder.at("copy.sqlite");
            fs::copy_file(store, copy, fs::copy_options::overwrite_existing);
            const auto held = read(copy);
            const auto said =
                shell("timeout -s INT " + std::string(delay) + " zoneval " + command + " --store " + copy);
            if (said.exit_code != 124 && said.exit_code != 130) continue;               // it was done before
            const auto sound = shell("zoneval explain A --year 2022 --store " + copy);  // verifies every hash first
            CHECK(sound.exit_code == 0);
            // The signal may come when all is written, but the process not gone: then the store has all of it.
            if (read(copy) == held)
                ++stopped;
            else
                CHECK(shell("zoneval " + command + " --store " + copy).exit_code == 0);
        }
        return stopped;
    };
    CHECK(interrupted("import --rules small.yaml " + file) > 0);
    CHECK(read(store) == before);
    CHECK(shell("zoneval import --rules small.yaml --store " + store + " " + file).exit_code == 0);
    CHECK(interrupted("assess small.yaml --year 2023") > 0);
}

TEST_CASE("exit codes: fine, findings, usage, bad input, store") {
    const Folder folder;
    const auto unused = folder.file("unused.yaml", "ruleset: r\nrecord: zone\ninputs: {x: {}}\n");
    const auto failing = folder.file("failing.yaml",
                                     "ruleset: r\nrecord: zone\ninputs: {x: {}}\nmeasures: {m: x}\ntests: [{name: t, "
                                     "given: {x: 1}, expect: {m: 2}}]\n");
    const auto not_a_store =
        folder.file("text.sqlite", "this is a text file and not a store, although it is long enough to be one");
    CHECK(shell("zoneval check small.yaml").exit_code == 0);
    CHECK(shell("zoneval check " + unused).exit_code == 1);
    CHECK(shell("zoneval test " + failing).exit_code == 1);
    CHECK(shell("zoneval chekc small.yaml").exit_code == 2);
    CHECK(shell("zoneval assess small.yaml --store s --year soon").exit_code == 2);
    CHECK(shell("zoneval check nowhere.yaml").exit_code == 3);
    CHECK(shell("zoneval eval '1 +'").exit_code == 3);
    CHECK(shell("zoneval assess small.yaml --store " + not_a_store + " --year 2022").exit_code == 4);
    CHECK(shell("zoneval explain A --store " + folder.at("none.sqlite") + " --year 2022").exit_code == 4);
}

TEST_CASE("hostile rule files are refused within two seconds and 512 MB, with place and reason") {
    const Folder folder;
    const std::string head = "ruleset: r\nrecord: zone\n";
    const auto times = [](const std::string& text, int n) {
        std::string out;
        for (int i = 0; i < n; ++i) out += text;
        return out;
    };
    const auto numbered = [](const std::string& before, const std::string& after, int n) {
        std::string out;
        for (int i = 0; i < n; ++i) out += before + std::to_string(i) + after;
        return out;
    };
    struct Case {
        const char* name;
        std::string text;
        const char* said;
    };
    const Case cases[] = {
        {"duplicate", head + "inputs: {x: {}, x: {}}\n", ":3:17: error ZV205: the key `x` stands twice"},
        {"bomb", head + "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
         ":3:4: error ZV206: rule files do not use anchors"},
        {"merge", head + "inputs:\n  x:\n    <<: {min: 0}\n", ":5:5: error ZV206: rule files do not use merge keys"},
        {"documents", head + "---\nruleset: s\n", ":4:1: error ZV206: a rule file holds one document"},
        {"tab", head + "inputs:\n\tx: {}\n", ":4:1: error ZV206: a tab"},
        {"parenthesis", head + "measures:\n  m: {is: (1 +\n2)\n", "error ZV201: this is not valid YAML"},
        {"condition",
         head +
             "decisions:\n  v:\n    rules:\n      - id: r\n        when: (\n      x > 5\n        )\n        then: a\n",
         "error ZV201: this is not valid YAML"},
        {"flow", "ruleset: " + times("[", 100'000) + times("]", 100'000) + "\n",
         "error ZV206: rule files do not use more than 64 levels"},
        {"maps", "ruleset: " + times("{a: ", 100'000) + "\n", "error ZV206: rule files do not use more than 64 levels"},
        {"block", head + "x: \n" + times("- ", 100'000) + "a\n",
         "error ZV206: rule files do not use more than 64 levels"},
        {"list", head + "x: [" + times("1,", 350'000) + "1]\n", "error ZV206: the file has more than 300000 values"},
        {"definitions", head + "inputs:\n" + numbered("  x", ": {}\n", 50'000),
         ":1:1: error ZV206: the rule set has 50000 definitions"},
        {"keys", head + numbered("key", ": 1\n", 50'000), "and 49900 more errors"},
        {"expressions", head + "measures:\n" + numbered("  m", ": y + 1\n", 4'900),
         "error ZV103: nothing here is called `y`"},
        {"size", head + "# " + times("x", 900'000) + "\n", "error ZV401: the rule file has 9000"}};
    for (const auto& c : cases) {
        INFO(c.name);
        const auto file = folder.file(std::string(c.name) + ".yaml", c.text);
        const auto said = shell("(ulimit -v 524288; timeout 2 zoneval check " + file + ")");
        CHECK(said.exit_code == 3);
        CHECK(said.out.find(c.said) != std::string::npos);
        CHECK(said.out.size() < 100'000);
    }
}

TEST_CASE("rule files that import each other are refused, with the circle") {
    const Folder folder;
    const auto a =
        folder.file("a.yaml", "ruleset: r\nrecord: zone\nimports: [b.yaml]\ninputs: {x: {}}\nmeasures: {m: x}\n");
    folder.file("b.yaml", "imports: [c.yaml, d.yaml]\n");
    folder.file("c.yaml", "imports: [d.yaml, a.yaml]\n");
    folder.file("d.yaml", "parameters: {p: 1}\nmeasures: {n: p}\n");  // imported twice, which is no circle
    const auto said = shell("zoneval check " + a);
    CHECK(said.exit_code == 3);
    CHECK(said.out.find("c.yaml:1:19: error ZV208: this import closes a circle: `" + a + "` → `" + folder.at("b.yaml") +
                        "` → `" + folder.at("c.yaml") + "` → `" + a + "`") != std::string::npos);
    CHECK(said.out.find("error", said.out.find("ZV208")) == std::string::npos);
    CHECK(shell("zoneval check " + folder.file("e.yaml", "ruleset: r\nrecord: zone\nimports: [nowhere.yaml]\n"))
              .out.find("e.yaml:3:11: error ZV207: `" + folder.at("nowhere.yaml") + "` cannot be read") !=
          std::string::npos);
}

TEST_CASE("programs get usage errors and explanations as JSON, too") {
    const auto first = [](const std::string& line) { return nlohmann::json::parse(shell(line).out)[0]; };
    CHECK(first("zoneval chekc --format json")["code"] == "ZV001");
    CHECK(first("zoneval check --formt json --format json")["hint"].get<std::string>().find(
              "did you mean `--format`?") == 0);
    CHECK(first("zoneval assess small.yaml --store s --year soon --format=json")["code"] == "ZV001");
    CHECK(shell("zoneval check --format json").exit_code == 2);
    const auto finding = nlohmann::json::parse(shell("zoneval check --explain ZV321 --format json").out);
    CHECK(finding["severity"] == "warning");
    CHECK(finding["text"].get<std::string>().find("## ZV321") == 0);
    const auto lower = shell("zoneval check --explain zv321");
    CHECK(lower.exit_code == 2);
    CHECK(lower.out.find("did you mean `ZV321`?") != std::string::npos);
}

TEST_CASE("decimals throughout, or columns on any number of threads, record the same runs to the last byte") {
    const Folder folder;
    std::vector<std::string> hashes;
    for (const std::string how : {"--exact", "--threads 1", "--threads 3", "--profile"}) {
        const auto store = folder.at("s" + std::to_string(hashes.size()) + ".sqlite");
        shell("zoneval import --rules small.yaml --store " + store + " small.csv");
        CHECK(shell("zoneval assess small.yaml --store " + store + " --year 2022..2023 " + how).exit_code == 0);
        hashes.push_back(shell("sqlite3 " + store + " 'SELECT hash FROM run'").out);
    }
    CHECK(hashes[0].size() == 2 * 65);
    for (const auto& hash : hashes) CHECK(hash == hashes[0]);
}

TEST_CASE("a year named twice is assessed once") {
    const Folder folder;
    const auto store = folder.at("s.sqlite");
    shell("zoneval import --rules small.yaml --store " + store + " small.csv");
    const auto json = nlohmann::json::parse(
        shell("zoneval assess small.yaml --format json --store " + store + " --year 2022,2022").out);
    CHECK(json["runs"].size() == 1);
}

TEST_CASE("whether a record belongs to the cohort must be known") {
    const Folder folder;
    const auto rules = folder.file("r.yaml",
                                   "ruleset: r\nrecord: zone\ncohort: {when: x > 5}\ninputs: {x: {}}\ndecisions: {v: "
                                   "{values: [a], rules: [], otherwise: a}}\n");
    const auto store = folder.at("s.sqlite");
    shell("zoneval import --rules " + rules + " --store " + store + " " +
          folder.file("d.csv", "zone,year,x\nA,2022,9\nB,2022,\n"));
    const auto said = shell("zoneval assess " + rules + " --store " + store + " --year 2022");
    CHECK(said.exit_code == 3);
    CHECK(
        said.out.find(
            "error ZV601: whether B belongs to the cohort of 2022 cannot be told: `x` is not reported for B in 2022") !=
        std::string::npos);
}

TEST_CASE("a damaged or foreign store is refused with exit code 4 and says what is wrong") {
    const Folder folder;
    const auto store = folder.at("s.sqlite"), copy = folder.at("copy.sqlite");
    shell("zoneval import --rules small.yaml --store " + store + " small.csv");
    shell("zoneval assess small.yaml --store " + store + " --year 2022..2023");
    const auto after = [&](const std::string& sql) {
        shell("cp " + store + " " + copy + " && sqlite3 " + copy + " \"" + sql + "\"");
        const auto assessed = shell("zoneval assess small.yaml --store " + copy + " --year 2023"),
                   explained = shell("zoneval explain A --store " + copy + " --year 2023");
        INFO(sql << "\n" << assessed.out);
        CHECK(assessed.exit_code == 4);
        CHECK(explained.exit_code == 4);
        CHECK(assessed.out.find("internal") == std::string::npos);
        return assessed.out;
    };
    const auto drop = [](const std::string& table) {
        return "DROP TRIGGER " + table + "_is_final; DROP TRIGGER " + table + "_stays; ";
    };
    CHECK(after(drop("run_decision") + "UPDATE run_decision SET cells = replace(cells, '1', '0') WHERE run = 2")
              .find("run 2 is not what was recorded") != std::string::npos);
    CHECK(after(drop("ruleset_file") + "DELETE FROM ruleset_file").find("run 1 is not what was recorded") !=
          std::string::npos);
    CHECK(after(drop("run") + "UPDATE run SET snapshot_revision = 7").find("run 1 is not what was recorded") !=
          std::string::npos);
    CHECK(after(drop("batch_column") + "UPDATE batch_column SET cells = '[1' WHERE position = 0").find("ZV501") !=
          std::string::npos);
    CHECK(after("PRAGMA user_version = 0").find("ZV503") != std::string::npos);
    CHECK(after("PRAGMA user_version = 99").find("ZV502") != std::string::npos);
    CHECK(after("PRAGMA application_id = 1").find("ZV503: ") != std::string::npos);
}

TEST_CASE("a mistyped command or option is answered with the right one") {
    CHECK(shell("zoneval asess small.yaml").out.find("did you mean `assess`?") != std::string::npos);
    CHECK(shell("zoneval check small.yaml --formt json").out.find("did you mean `--format`?") != std::string::npos);
}

TEST_CASE("eval prints value, type and the reasons of a null") {
    CHECK(shell("zoneval eval '0.1 + 0.2 = 0.3'").out == "true\ntype: boolean\n");
    CHECK(shell("zoneval eval '营业收入 / 从业人员 > 36.6' --let '营业收入=74' --let '从业人员=2'").out ==
          "true\ntype: boolean\n");
    const auto null = shell("zoneval eval '1 + a / 0' --let a=1");
    CHECK(null.out.find("null") == 0);
    CHECK(null.out.find("division by zero") != std::string::npos);
    CHECK(shell("printf '{\"id\":\"x\",\"expression\":\"1+1\"}\\nno json\\n' | zoneval eval --jsonl")
              .out.find("{\"id\":\"x\",\"value\":{\"number\":\"2\"}}\n") == 0);
}

TEST_CASE("findings are explained by their code, functions by their name") {
    CHECK(shell("zoneval check --explain ZV321").out.find("## ZV321") == 0);
    CHECK(shell("zoneval check --explain ZV999").exit_code == 2);
    CHECK(shell("zoneval functions 'percent rank'").out.find("percent rank(") != std::string::npos);
    CHECK(shell("zoneval functions 'percent rnak'").out.find("did you mean `percent rank`?") != std::string::npos);
    CHECK(nlohmann::json::parse(shell("zoneval functions --format json").out).size() > 80);
}

TEST_CASE("check counts on real data how many records fall into a gap or an overlap") {
    const Folder folder;
    const auto rules =
        folder.file("r.yaml",
                    "ruleset: r\nrecord: zone\ninputs: {x: {}}\ndecisions:\n  v:\n    values: [a, b]\n    table:\n     "
                    " inputs: [x]\n      rules:\n        - ['> 50', '\"a\"']\n        - ['[40..60]', '\"b\"']\n");
    const auto data = folder.file("d.csv", "zone,year,x\nA,2022,10\nB,2022,55\nC,2022,45\nD,2023,30\nE,2023,\n");
    const auto said = shell("zoneval check " + rules + " --data " + data);
    CHECK(said.exit_code == 1);
    CHECK(said.out ==
          "v: 5 records, 2 that no rule speaks of (first: A in 2022), 1 on which rules contradict each other (first: B "
          "in 2022), 1 undetermined\n");
}

TEST_CASE("every subcommand has help with examples, and completion scripts load") {
    for (const auto* name :
         {"check", "test", "import", "assess", "explain", "eval", "functions", "dev", "completion"}) {
        INFO(name);
        const auto help = shell(std::string("zoneval ") + name + " --help");
        CHECK(help.exit_code == 0);
        CHECK(help.out.find("Examples:") != std::string::npos);
    }
    CHECK(shell("zoneval completion bash | bash -n").exit_code == 0);
    CHECK(shell("zoneval completion bash").out.find("explain") != std::string::npos);
}

TEST_CASE("an option that may be repeated takes one value each time, wherever it stands") {
    CHECK(shell("zoneval eval --let a=5 'a'").out == "5\ntype: number\n");
    CHECK(shell("zoneval eval --let a=5 --let 'b=a + 1' 'a * b'").out == "30\ntype: number\n");
    CHECK(shell("zoneval eval 'a' --let a=5").out == "5\ntype: number\n");
    const auto before = shell("zoneval check --data small.csv small.yaml"),
               after = shell("zoneval check small.yaml --data small.csv");
    CHECK(before.out == after.out);
    CHECK(before.exit_code == after.exit_code);
    CHECK(after.exit_code != 2);
}

TEST_CASE("a command that is not there has no help to give") {
    const auto said = shell("zoneval nonsense --help");
    CHECK(said.exit_code == 2);
    CHECK(said.out.find("there is no command `nonsense`") != std::string::npos);
    CHECK(shell("zoneval check --help").exit_code == 0);
    CHECK(shell("zoneval --help").exit_code == 0);
}

TEST_CASE("a case that was not understood is told apart from a null") {
    const auto line = [](const std::string& expression) {
        return shell("echo '{\"id\":1,\"expression\":\"" + expression + "\"}' | zoneval eval --jsonl").out;
    };
    CHECK(line("1 +") == "{\"id\":1,\"value\":{\"null\":true},\"error\":\"the expression ends too early\"}\n");
    CHECK(line("1/0") == "{\"id\":1,\"value\":{\"null\":true}}\n");
}

TEST_CASE("help that cannot be written, and memory that is not there, end with exit code 4") {
    for (const std::string line : {"--help", "--version", "--version --verbose", "import --help", "functions"})
        CHECK(shell("zoneval " + line + " >/dev/full").exit_code == 4);
    const auto versions = shell("zoneval --version --verbose").out;
    for (const std::string name : {"decimals", "PCRE2", "SQLite", "time zones"})
        CHECK(versions.find("\n" + name) != std::string::npos);
    const Folder folder;
    int refused = 0;
    for (int kilobytes = 30'000; kilobytes < 80'000; kilobytes += 5'000) {
        const auto said = shell("(ulimit -v " + std::to_string(kilobytes) +
                                "; zoneval import --rules small.yaml --store " + folder.at("s.sqlite") + " small.csv)");
        CHECK((said.exit_code == 4 || said.exit_code == 0 || said.exit_code == 127));  // 127: not even loaded
        if (said.exit_code == 4) ++refused;
    }
    CHECK(refused > 0);
}

TEST_CASE("a table of a hundred thousand columns is read at once, its unknown ones are told in part") {
    const Folder folder;
    std::string head = "zone,year,x", row = "\nA,2024,1";
    for (int i = 0; i < 100'000; ++i) head += ",c" + std::to_string(i), row += ",1";
    const auto rules = folder.file("r.yaml", "ruleset: r\nrecord: zone\ninputs: {x: {}}\nmeasures: {m: x}\n");
    const auto said = shell("timeout 10 zoneval import --format text --rules " + rules + " --store " +
                            folder.at("s.sqlite") + " " + folder.file("wide.csv", head + row + "\n"));
    CHECK(said.exit_code == 0);
    CHECK(said.out.find("and 1 more warning") != std::string::npos);
}

TEST_CASE("a store whose name looks like an address is a file of that name") {
    const Folder folder;
    const auto said = shell("cd " + folder.at("") + " && zoneval import --rules '" + golden +
                            "small.yaml' --store 'file:s.sqlite?mode=memory' '" + golden + "small.csv' && ls");
    CHECK(said.exit_code == 0);
    CHECK(said.out.find("\nfile:s.sqlite?mode=memory\n") != std::string::npos);
}

TEST_CASE("a store is verified in every part, and one that was altered is not genuine") {
    const Folder folder;
    const auto store = folder.at("s.sqlite");
    shell("zoneval import --rules small.yaml --store " + store + " small.csv");
    CHECK(shell("zoneval verify --store " + store).out.find("Nothing has been assessed yet") != std::string::npos);
    shell("zoneval assess small.yaml --store " + store + " --year 2022..2023");
    const auto good = shell("zoneval verify --store " + store);
    CHECK(good.exit_code == 0);
    CHECK(good.out.starts_with("Genuine: all 2 runs come out again exactly as recorded."));
    run_shell("python3 -c \"import sqlite3; sqlite3.connect('" + store +
              "').execute('DROP TRIGGER batch_year_stays')\"");
    const auto bad = shell("zoneval verify --store " + store);
    CHECK(bad.exit_code == 5);
    CHECK(bad.out.find("the trigger `batch_year_stays` is gone") != std::string::npos);
}
