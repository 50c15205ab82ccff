// Names that would write lines, colours or directions of their own, through every command that prints them.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "engine/diag/terminal.hpp"
#include "tests/packs/command.hpp"

using namespace zoneval;
using namespace zoneval::tests;

namespace {

const std::string nasty =
    "Park\nforged: good\n\033[2J\033]0;title\a\xC2\x9B"
    "31m\xE2\x80\xAE"
    "txt\xE2\x80\x8B"
    "z\r\x08";

std::string folder() {
    std::string name = (std::filesystem::temp_directory_path() / "zoneval-hostile-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    return name;
}

/// Nothing a terminal would obey, and no line of theirs.
void check_harmless(const std::string& out) {
    INFO(out);
    for (std::size_t at = 0; at < out.size();) {
        const auto [code, length] = character_at(out, at);
        CHECK(length > 0);
        CHECK((code == '\n' || code == '\t' || !is_obeyed(code)));
        at += length == 0 ? 1 : length;
    }
    CHECK(("\n" + out).find("\nforged: good") == std::string::npos);
}

}  // namespace

TEST_CASE("what data and rules say is shown and never obeyed, by every command that prints it") {
    const auto in = folder();
    const auto rules = in + "/r.yaml", data = in + "/d.csv", store = in + "/s.sqlite";
    std::ofstream(rules)
        << "ruleset: r\ntitle: \"T\\n\\e[1mforged: good\\u202e\"\nrecord: {name: zone, label: name}\n"
           "inputs:\n  name: {type: string}\n  kind: {type: string}\n  x: {}\nmeasures: {m: x * 2, shout: kind}\n"
           "decisions:\n  verdict:\n    values: [good, bad]\n    adverse: [bad]\n    rules:\n"
           "      - {id: low, when: x < 5, then: bad, because: \"{name} is of {kind}\", cite: \"c\\n\\e[2J\"}\n"
           "    otherwise: good\n";
    std::ofstream(data) << "zone,year,name,kind,x\nA,2023,\"" << nasty << "\",\"" << nasty << "\",1\nB,2023,\"" << nasty
                        << "\",k,\nA,2024,\"" << nasty << "\",\"" << nasty << "\",9\n";
    const auto with = " --store " + store;
    const auto all = {"check " + rules,
                      "inspect " + data + " --rules " + rules,
                      "import --dry-run --rules " + rules + with + " " + data,
                      "import --rules " + rules + with + " " + data,
                      "import --rules " + rules + with + " " + data,
                      "assess " + rules + with + " --year 2023..2024",
                      "results --year 2023" + with,
                      "results --year 2023 --columns zone,name,kind,verdict.because" + with,
                      "changes 2023 2024 --list" + with,
                      "explain A --year 2023" + with,
                      "explain A --year 2023 --of shout" + with,
                      "explain B --year 2023" + with,
                      "explain '" + nasty + "' --year 2023" + with,
                      "explain A --decision '" + nasty + "' --year 2023" + with,
                      "letter A --year 2023" + with,
                      "verify" + with,
                      "rule B --year 2023 --outcome good --by '" + nasty + "' --reason '" + nasty + "'" + with,
                      "explain B --year 2023" + with,
                      "withdraw 1 --by a --reason b" + with,
                      "eval '\"" + nasty + "\"'",
                      "dev trace " + rules + " --data " + data + " --record A --of verdict",
                      "check '" + in + "/" + nasty + "'",
                      "results --format json --year 2023" + with,
                      "explain A --format json --year 2023" + with};
    int ran = 0;
    for (const auto& line : all) {
        INFO(line);
        const auto said = run_shell("zoneval " + line + " 2>&1");
        check_harmless(said.out);
        ran += said.exit_code == 0 ? 1 : 0;
    }
    CHECK(ran > 15);
    std::filesystem::remove_all(in);
}

TEST_CASE("an id that holds what cannot be seen is refused when it is imported") {
    const auto in = folder();
    const auto rules = in + "/r.yaml", data = in + "/d.csv";
    std::ofstream(rules) << "ruleset: r\nrecord: zone\ninputs: {x: {}}\nmeasures: {m: x}\n";
    for (const std::string id : {"A\nB", "A\033B",
                                 "A\xC2\x9B"
                                 "B",
                                 "A\xE2\x80\xAE"
                                 "B",
                                 "A\xE2\x80\x8B"
                                 "B",
                                 "A\xE2\x81\xA0"
                                 "B",
                                 "A\x7F"
                                 "B"}) {
        std::ofstream(data) << "zone,year,x\n\"" << id << "\",2024,1\n";
        const auto said =
            run_shell("zoneval import --rules " + rules + " --store " + in + "/s.sqlite " + data + " 2>&1");
        CHECK(said.exit_code == 3);
        CHECK(said.out.find("holds a control character") != std::string::npos);
        check_harmless(said.out);
    }
    std::filesystem::remove_all(in);
}
