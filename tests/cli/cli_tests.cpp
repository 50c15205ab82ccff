// The command as its users meet it: what it prints, its exit codes, and that nothing is half done.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <unistd.h>

#include "tests/packs/command.hpp"

using namespace zoneval::tests;
namespace fs = std::filesystem;

namespace {

const std::string golden = source("tests/cli/golden/");

/// A shell line with the command as `zoneval`, standard error included; run in tests/cli/golden so that paths are short.
Printed shell(const std::string& line) { return run_shell("cd '" + golden + "' && " + line); }

std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return std::move(out).str();
}

/// Compares with a golden file; ZONEVAL_UPDATE_GOLDEN=1 rewrites it instead.
void check_golden(const std::string& name, const std::string& printed) {
    if (std::getenv("ZONEVAL_UPDATE_GOLDEN")) std::ofstream(golden + name, std::ios::binary) << printed;
    CHECK(printed == read(golden + name));
}

struct Folder {
    fs::path path = fs::temp_directory_path() / ("zoneval-cli-" + std::to_string(getpid()));
    Folder() { fs::create_directories(path); }
    ~Folder() { fs::remove_all(path); }
    std::string file(const std::string& name, const std::string& text) const {
        std::ofstream(path / name, std::ios::binary) << text;
        return (path / name).string();
    }
    std::string at(const std::string& name) const { return (path / name).string(); }
};

}  // namespace

TEST_CASE("check reports every mistake of a file, each with its place, expectation and help") {
    const auto said = shell("zoneval check bad-rules.yaml");
    CHECK(said.exit_code == 3);
    check_golden("bad-rules.txt", said.out);
    CHECK(nlohmann::json::parse(shell("zoneval check --format json bad-rules.yaml").out).size() > 10);
}

TEST_CASE("from data to an explanation, as people read it") {
    const Folder folder;
    const auto store = folder.at("s.sqlite");
    CHECK(shell("zoneval import --rules small.yaml --store " + store + " small.csv").exit_code == 0);
    const auto assessed = shell("zoneval assess small.yaml --store " + store + " --year 2022..2023");
    CHECK(assessed.exit_code == 0);
    auto text = assessed.out;
    for (auto at = text.find(store); at != std::string::npos; at = text.find(store)) text.replace(at, store.size(), "STORE");
    check_golden("assess.txt", text);
    check_golden("explain-delisted.txt", shell("zoneval explain A --store " + store + " --year 2023").out);
    check_golden("explain-undetermined.txt", shell("zoneval explain C --store " + store + " --year 2022").out);
    const auto json = nlohmann::json::parse(shell("zoneval explain A --format json --store " + store + " --year 2023").out);
    CHECK(json["value"] == "delist");
    CHECK(json["rule"] == "out");
    CHECK(json["cite"] == "art. 4");
}

TEST_CASE("a revision changes what is known now, not what was decided then") {
    const Folder folder;
    const auto store = folder.at("s.sqlite");
    shell("zoneval import --rules small.yaml --store " + store + " small.csv");
    shell("zoneval assess small.yaml --store " + store + " --year 2022");
    const auto revision = folder.file("late.csv", "zone,year,output,staff,filed\nC,2022,3,,\n");
    CHECK(shell("zoneval import --rules small.yaml --store " + store + " " + revision).exit_code == 0);
    CHECK(shell("zoneval explain C --store " + store + " --year 2022").out.find("verdict: undetermined") != std::string::npos);
    shell("zoneval assess small.yaml --store " + store + " --year 2022");
    const auto now = shell("zoneval explain C --store " + store + " --year 2022").out;
    CHECK(now.find("verdict: interview") != std::string::npos);
    CHECK(now.find("late.csv line 2, revision 2") != std::string::npos);
    CHECK(shell("zoneval explain C --store " + store + " --run 1").out.find("verdict: undetermined") != std::string::npos);
}

TEST_CASE("whoever builds on an earlier assessment is told when its data have been revised since") {
    const Folder folder;
    const auto store = folder.at("s.sqlite");
    shell("zoneval import --rules small.yaml --store " + store + " small.csv");
    CHECK(shell("zoneval assess small.yaml --store " + store + " --year 2022..2023").out.find("ZV506") == std::string::npos);
    shell("zoneval import --rules small.yaml --store " + store + " " + folder.file("late.csv", "zone,year,output,staff,filed\nC,2022,3,,\n"));
    const auto said = shell("zoneval assess small.yaml --store " + store + " --year 2023").out;
    CHECK(said.find("warning ZV506: 2023 builds on earlier assessments as they were issued, but run 1 of 2022 saw the data as of revision 1, and revision 2 has figures of 2022") != std::string::npos);
    CHECK(said.find("zoneval assess small.yaml --store " + store + " --year 2022, then 2023 again") != std::string::npos);
    const auto json = nlohmann::json::parse(shell("zoneval assess small.yaml --format json --store " + store + " --year 2023").out);
    CHECK(json["runs"][0]["findings"][0]["code"] == "ZV506");
    CHECK(shell("zoneval assess small.yaml --store " + store + " --year 2022..2023").out.find("ZV506") == std::string::npos);
    CHECK(shell("zoneval assess small.yaml --store " + store + " --year 2023").out.find("ZV506") == std::string::npos);

    shell("zoneval import --rules small.yaml --store " + store + " " + folder.file("new.csv", "zone,year,output,staff,filed\nC,2024,3,1000,\n"));
    shell("zoneval assess small.yaml --store " + store + " --year 2022");           // 2023 still stands on the one before
    CHECK(shell("zoneval assess small.yaml --store " + store + " --year 2024").out.find("of 2022 has been replaced by run") != std::string::npos);
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
    for (int i = 0; i < 150'000; ++i) large += "Z" + std::to_string(i) + ",2023," + std::to_string(i % 977) + ".25," + std::to_string(1 + i % 5000) + ",\n";
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
            const auto said = shell("timeout -s INT " + std::string(delay) + " zoneval " + command + " --store " + copy);
            if (said.exit_code != 124 && said.exit_code != 130) continue;        // it was done before
            ++stopped;
            const auto sound = shell("zoneval explain A --year 2022 --store " + copy);   // verifies every hash first
            CHECK(sound.exit_code == 0);
            CHECK(read(copy) == held);
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
    const auto failing = folder.file("failing.yaml", "ruleset: r\nrecord: zone\ninputs: {x: {}}\nmeasures: {m: x}\ntests: [{name: t, given: {x: 1}, expect: {m: 2}}]\n");
    const auto not_a_store = folder.file("text.sqlite", "this is a text file and not a store, although it is long enough to be one");
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

TEST_CASE("a mistyped command or option is answered with the right one") {
    CHECK(shell("zoneval asess small.yaml").out.find("did you mean `assess`?") != std::string::npos);
    CHECK(shell("zoneval check small.yaml --formt json").out.find("did you mean `--format`?") != std::string::npos);
}

TEST_CASE("eval prints value, type and the reasons of a null") {
    CHECK(shell("zoneval eval '0.1 + 0.2 = 0.3'").out == "true\ntype: boolean\n");
    CHECK(shell("zoneval eval '营业收入 / 从业人员 > 36.6' --let '营业收入=74' --let '从业人员=2'").out == "true\ntype: boolean\n");
    const auto null = shell("zoneval eval '1 + a / 0' --let a=1");
    CHECK(null.out.find("null") == 0);
    CHECK(null.out.find("division by zero") != std::string::npos);
    CHECK(shell("printf '{\"id\":\"x\",\"expression\":\"1+1\"}\\nno json\\n' | zoneval eval --jsonl").out.find("{\"id\":\"x\",\"value\":{\"number\":\"2\"}}\n") == 0);
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
    const auto rules = folder.file("r.yaml", "ruleset: r\nrecord: zone\ninputs: {x: {}}\ndecisions:\n  v:\n    values: [a, b]\n    table:\n      inputs: [x]\n      rules:\n        - ['> 50', '\"a\"']\n        - ['[40..60]', '\"b\"']\n");
    const auto data = folder.file("d.csv", "zone,year,x\nA,2022,10\nB,2022,55\nC,2022,45\nD,2023,30\nE,2023,\n");
    const auto said = shell("zoneval check " + rules + " --data " + data);
    CHECK(said.exit_code == 1);
    CHECK(said.out == "v: 5 records, 2 that no rule speaks of (first: A in 2022), 1 on which rules contradict each other (first: B in 2022), 1 undetermined\n");
}

TEST_CASE("every subcommand has help with examples, and completion scripts load") {
    for (const auto* name : {"check", "test", "import", "assess", "explain", "eval", "functions", "completion"}) {
        INFO(name);
        const auto help = shell(std::string("zoneval ") + name + " --help");
        CHECK(help.exit_code == 0);
        CHECK(help.out.find("Examples:") != std::string::npos);
    }
    CHECK(shell("zoneval completion bash | bash -n").exit_code == 0);
    CHECK(shell("zoneval completion bash").out.find("explain") != std::string::npos);
}
