// Years assessed as things are and as supposed.
#include <catch2/catch.hpp>
#include <filesystem>

#include "engine/audit/what_if.hpp"
#include "tests/assess/store_support.hpp"

using namespace zoneval;
using namespace zoneval::testing;

namespace {

const std::string lined =
    "ruleset: r\nrecord: zone\ninputs: {output: {min: 0}, kind: {type: string, values: [a, b]}}\n"
    "parameters: {line: {values: {2020-01-01: 5}}}\n"
    "decisions: {verdict: {values: [none, warned, delisted], adverse: [warned, delisted], rules: ["
    "{id: again, when: 'output < line and prior(verdict) = \"warned\"', then: delisted}, "
    "{id: low, when: output < line, then: warned}], otherwise: none}}\n";

audit::WhatIf supposing(const std::vector<std::string>& texts) {
    const auto graph = rules_of(lined);
    store::Store store(":memory:", store::Store::Mode::create_or_open);
    import_text(store, *graph, "z.csv",
                "zone,year,output,kind\nA.1,2022,6,a\nA.1,2023,6,a\nB,2022,4,b\nB,2023,9,b\nC,2022,,a\nC,2023,9,a\n");
    std::vector<audit::Supposed> supposed;
    for (const auto& text : texts) supposed.push_back(audit::supposed_from(text, *graph->rules, {"A.1", "B", "C"}));
    return audit::what_if(store, graph, *graph->find("verdict"), supposed, {2022, 2023}, {});
}

std::vector<std::string> moves(const audit::WhatIf& w) {
    std::vector<std::string> out;
    for (const auto& m : w.moved)
        out.push_back(std::to_string(m.year) + " " + m.record + ": " + m.before + " > " + m.after + " by " + m.rule +
                      (m.follows ? ", follows" : ""));
    return out;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("another line meets others, and their later years follow") {
    const auto w = supposing({"line = 7"});
    CHECK(w.of == 6);
    CHECK(moves(w) == Lines{"2022 A.1: none > warned by low", "2023 A.1: none > delisted by again, follows"});
    CHECK(w.counts[0] == std::vector<std::pair<std::size_t, std::size_t>>{{1, 0}, {3, 2}});  // none
    CHECK(w.counts[1] == std::vector<std::pair<std::size_t, std::size_t>>{{1, 2}, {0, 0}});  // warned
}

TEST_CASE("another figure is supposed in each of the years, and a blank is filled by it") {
    CHECK(moves(supposing({"A.1.output = 4"})) ==
          Lines{"2022 A.1: none > warned by low", "2023 A.1: none > delisted by again, follows"});
    CHECK(moves(supposing({"C.output = 9"})) == Lines{"2022 C:  > none by "});
    CHECK(moves(supposing({"line = 7", "A.1.output = 8"})).empty());
}

TEST_CASE("nothing is supposed of what is not there") {
    const auto refused = [](const std::string& text) {
        try {
            supposing({text});
        } catch (const InputError& e) {
            return std::string(code(e.diagnostics.all().front().kind)) + " " + e.diagnostics.all().front().message;
        }
        return std::string();
    };
    CHECK(refused("lin = 7") == "ZV103 the rule set has no parameter `lin`");
    CHECK(refused("B.outputt = 7") == "ZV103 the rule set has no input `outputt`");
    CHECK(refused("D.output = 7") == "ZV103 the store has no record `D`");
    CHECK(refused("line = many") == "ZV204 `many` is no value of `line`");
    CHECK(refused("line") == "ZV204 `line` supposes nothing");
    CHECK(refused("B.kind = c") != "");
}

TEST_CASE("what is tried on a store does not reach its file") {
    const auto path = (std::filesystem::temp_directory_path() / "zoneval-to-try.sqlite").string();
    std::filesystem::remove(path);
    const auto graph = rules_of(lined);
    {
        store::Store store(path, store::Store::Mode::create_or_open);
        import_text(store, *graph, "z.csv", "zone,year,output,kind\nA,2022,6,a\n");
    }
    {
        store::Store copy(path, store::Store::Mode::to_try);
        audit::what_if(copy, graph, *graph->find("verdict"),
                       {audit::supposed_from("A.output = 1", *graph->rules, {"A"})}, {2022}, {});
        CHECK(copy.runs().size() == 2);
    }
    const store::Store store(path, store::Store::Mode::to_read);
    CHECK(store.runs().empty());
    CHECK(store.latest().revision == 1);
}
