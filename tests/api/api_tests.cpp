// The library by its public headers: load, build, assess, explain, and every error a value.
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>

#include "tests/api/support.hpp"

using namespace zoneval;
using namespace zoneval::testing;

namespace {

const Finding* find(const Findings& findings, const std::string& code) {
    for (const auto& f : findings)
        if (f.code == code) return &f;
    return nullptr;
}

}  // namespace

TEST_CASE("a rule set is loaded and says what it defines") {
    const auto rules = sure(load(looking_back));
    CHECK(rules.id() == "r");
    CHECK(rules.title("zh") == "园区");
    CHECK(rules.record() == "zone");
    const auto all = rules.definitions("zh");
    REQUIRE(all.size() == 7);
    CHECK(all[1].name == "region");
    CHECK(all[1].type == Definition::Type::text);
    CHECK(all[1].values == std::vector<std::string>{"East", "West"});
    CHECK(all[4].kind == Definition::Kind::measure);
    CHECK(all[4].title == "增长");
    CHECK(all[4].unit == "CNY");
    CHECK(all[4].cite == "art. 1");
    CHECK(all[6].adverse == std::vector<std::string>{"interview"});
}

TEST_CASE("mistakes in rules are findings with file, line and column, and no rule set") {
    const auto result = load("ruleset: r\nrecord: zone\ninputs: {output: {}}\nmeasures: {m: 2 * outputt}\n");
    CHECK_FALSE(result);
    const auto* unknown = find(result.findings(), "ZV103");
    REQUIRE(unknown);
    CHECK(unknown->severity == Finding::Severity::error);
    CHECK(unknown->file == "r.yaml");
    CHECK(unknown->line == 4);
    CHECK(unknown->column == 19);
    CHECK(unknown->hint == "did you mean `output`?");
    CHECK(to_text(result.findings()).find("r.yaml:4:19: error ZV103: ") != std::string::npos);
    CHECK_FALSE(RuleSet::load("/nowhere/rules.yaml"));
}

TEST_CASE("check finds gaps and overlaps too, in texts that lie on no disk") {
    const auto text = std::string(
        "ruleset: r\nrecord: zone\ninputs: {x: {}}\ndecisions: {v: {values: [a], rules: [{id: r, when: x > 1, then: "
        "a}]}}\n");
    const auto findings = RuleSet::check("r.yaml", [&](const std::string&) { return std::optional(text); });
    CHECK_FALSE(findings.empty());
    CHECK(load(text));
}

TEST_CASE("what a reader of files throws becomes a finding") {
    const auto thrown = RuleSet::load("r.yaml", [](const std::string&) -> std::optional<std::string> {
        throw std::runtime_error("the disk is gone");
    });
    CHECK_FALSE(thrown);
    REQUIRE(find(thrown.findings(), "ZV603"));
    CHECK(find(thrown.findings(), "ZV603")->message == "the disk is gone");
    CHECK_FALSE(RuleSet::load("r.yaml", [](const std::string&) -> std::optional<std::string> { throw 7; }));
}

TEST_CASE("cells are checked against the inputs, all of them, each with its row") {
    const auto rules = sure(load(looking_back));
    DataBuilder table(rules, "built", {"output", "region"});
    table.row("A", 2023).set("output", -1).set("region", "Est");
    table.row("A", 2023).set("output", std::numeric_limits<double>::quiet_NaN());
    const auto result = table.build();
    CHECK_FALSE(result);
    const auto* range = find(result.findings(), "ZV408");
    REQUIRE(range);
    CHECK(range->file == "built");
    CHECK(range->line == 2);
    CHECK(find(result.findings(), "ZV407"));
    CHECK(find(result.findings(), "ZV406"));
}

TEST_CASE("a name that is no input, and a cell before any row, are refused") {
    const auto rules = sure(load(looking_back));
    DataBuilder before(rules, "built", {"output"});
    before.set("output", 1);
    CHECK(find(before.build().findings(), "ZV403"));
    DataBuilder unknown(rules, "built", {"output"});
    unknown.row("A", 2023).set("ouput", 1);
    CHECK(find(unknown.build().findings(), "ZV103"));
    DataBuilder column(rules, "built", {"outputs"});
    column.row("A", 2023).set("outputs", 1);
    const auto result = column.build();
    REQUIRE(find(result.findings(), "ZV103"));
    CHECK(find(result.findings(), "ZV103")->hint == "did you mean `output`?");
}

TEST_CASE("quotes, commas, line breaks and other scripts in built cells arrive as they are") {
    const auto rules = sure(load("ruleset: r\nrecord: zone\ninputs: {name: {type: string}}\nmeasures: {m: name}\n"));
    DataBuilder table(rules, "built", {"name"});
    table.row("Z \"1\", 西部", 2023).set("name", "a \"quoted\", 园区\nof two lines");
    auto store = sure(Store::in_memory());
    sure(store.add(sure(table.build())));
    const auto assessment = sure(store.assess(rules, 2023));
    CHECK(assessment.record(0) == "Z \"1\", 西部");
    ArrowSchema schema;
    ArrowArray array;
    sure(assessment.results(&schema, &array));
    const auto& dictionary = *array.children[1]->dictionary;
    const auto* ends = static_cast<const std::int32_t*>(dictionary.buffers[1]);
    CHECK(std::string(static_cast<const char*>(dictionary.buffers[2]), static_cast<std::size_t>(ends[1])) ==
          "a \"quoted\", 园区\nof two lines");
    array.release(&array);
    schema.release(&schema);
}

TEST_CASE("0.1 given as a double is 0.1, not its binary neighbour") {
    const auto rules =
        sure(load("ruleset: r\nrecord: zone\ninputs: {a: {}, b: {}}\ndecisions: {v: {values: [same, other], rules: "
                  "[{id: s, when: "
                  "a + b = 0.3, then: same}], otherwise: other}}\n"));
    DataBuilder table(rules, "built", {"a", "b"});
    table.row("Z", 2023).set("a", 0.1).set("b", 0.2);
    auto store = sure(Store::in_memory());
    sure(store.add(sure(table.build())));
    CHECK(sure(sure(store.assess(rules, 2023)).outcome("v", "Z")).value == "same");
}

TEST_CASE("verdicts, what is undetermined, and why") {
    const auto rules = sure(load(looking_back));
    auto store = filled(rules);
    sure(store.assess(rules, 2022));
    const auto assessment = sure(store.assess(rules, 2023));
    CHECK(assessment.year() == 2023);
    CHECK(assessment.run() == 2);
    CHECK(assessment.size() == 3);
    CHECK(assessment.decisions() == std::vector<std::string>{"verdict"});
    const auto fell = sure(assessment.outcome("verdict", "A"));
    CHECK(fell.value == "interview");
    CHECK(fell.rule == "shrank");
    CHECK(fell.because == "Output fell by 1.25.");
    CHECK_FALSE(fell.undetermined);
    CHECK(fell.ending == Outcome::Ending::fired);
    CHECK(sure(assessment.outcome("verdict", "B")).ending == Outcome::Ending::by_default);
    CHECK(sure(assessment.outcome("verdict", "B")).rule == "");
    const auto open = sure(assessment.outcome("verdict", "C"));
    CHECK(open.undetermined);
    CHECK(open.value == "");
    CHECK(open.possible == std::vector<std::string>{"none", "interview"});
    CHECK(open.waiting_for == std::vector<std::string>{"output"});
    CHECK(sure(assessment.explain("A")).find(": interview\n") != std::string::npos);
    CHECK(sure(assessment.explain("A", {.decision = "verdict", .language = "zh", .json = true})).front() == '{');
}

TEST_CASE("a record or a decision that is not there is refused with the nearest name") {
    const auto rules = sure(load(looking_back));
    auto store = filled(rules);
    const auto assessment = sure(store.assess(rules, 2023));
    CHECK(find(assessment.outcome("verdict", "Z").findings(), "ZV505"));
    CHECK(find(assessment.explain("Z").findings(), "ZV505"));
    const auto misspelt = assessment.outcome("verdcit", "A");
    const auto* decision = find(misspelt.findings(), "ZV103");
    REQUIRE(decision);
    CHECK(decision->hint == "did you mean `verdict`?");
    CHECK(find(store.assess(rules, 1999).findings(), "ZV504"));
    CHECK(find(store.again({}).findings(), "ZV505") == nullptr);
    CHECK(find(store.again({.run = 9}).findings(), "ZV505"));
    CHECK(find(store.again({.year = 1999}).findings(), "ZV505"));
}

TEST_CASE("a store on disk is found again, and so is what was decided") {
    const auto folder = std::filesystem::temp_directory_path() / ("zoneval-api-tests-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    const auto path = (folder / "zones.sqlite").string();
    std::filesystem::remove(path);
    const auto rules = sure(load(looking_back));
    {
        auto store = sure(Store::open(path));
        CHECK(sure(store.add(invented(rules))) == 1);
        CHECK(sure(store.add(invented(rules))) == 1);  // the same rows again
        sure(store.assess(rules, 2023));
    }
    auto store = sure(Store::open(path));
    REQUIRE(sure(store.runs()).size() == 1);
    CHECK(sure(store.runs()).front().year == 2023);
    CHECK(sure(sure(store.again({.rule_set = "r"})).outcome("verdict", "A")).value == "interview");
    std::filesystem::remove_all(folder);
    CHECK(find(Store::open("").findings(), "ZV501"));
    std::ofstream(path + ".txt") << "no store";
    CHECK_FALSE(Store::open("/nowhere/zones.sqlite"));
}

TEST_CASE("assessing can be watched and stopped, and a stopped year is not recorded") {
    const auto rules = sure(load(looking_back));
    auto store = filled(rules);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = store.assess(rules, 2023, {.stop = stop.get_token()});
    CHECK_FALSE(stopped);
    CHECK(find(stopped.findings(), "ZV602"));
    CHECK(sure(store.runs()).empty());
    std::size_t last = 0;
    sure(store.assess(rules, 2023, {.progress = [&](std::size_t, std::size_t total) { last = total; }}));
    CHECK(last == 3);
}

TEST_CASE("whoever builds on an assessment whose data have moved on is warned") {
    const auto rules =
        sure(load("ruleset: r\nrecord: zone\ninputs: {x: {}}\ndecisions: {v: {values: [a, b], rules: [{id: "
                  "r, when: prior(v) = \"a\" or x > 1, then: a}], otherwise: b}}\n"));
    auto store = sure(Store::in_memory());
    const auto add = [&](int year, int x) {
        DataBuilder table(rules, "t", {"x"});
        table.row("A", year).set("x", x);
        sure(store.add(sure(table.build())));
    };
    add(2022, 0);
    add(2023, 0);
    sure(store.assess(rules, 2022));
    CHECK(store.assess(rules, 2023).findings().empty());
    add(2022, 5);
    const auto again = store.assess(rules, 2023);
    REQUIRE(again);
    REQUIRE(find(again.findings(), "ZV506"));
    CHECK(find(again.findings(), "ZV506")->severity == Finding::Severity::warning);
}

TEST_CASE("the example of docs/library.md prints what the page shows") {
    const auto line = std::string(ZONEVAL_EMBED) + " " ZONEVAL_SOURCE_DIR "/examples/embed/rules.yaml 2>&1";
    auto* pipe = popen(line.c_str(), "r");
    REQUIRE(pipe);
    std::string printed;
    char buffer[4096];
    while (const auto n = std::fread(buffer, 1, sizeof buffer, pipe)) printed.append(buffer, n);
    CHECK(pclose(pipe) == 0);
    std::ifstream in(ZONEVAL_SOURCE_DIR "/examples/embed/output.txt");
    std::stringstream expected;
    expected << in.rdbuf();
    CHECK(printed == expected.str());
}
