// Years assessed as things are and as supposed.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "engine/audit/sweep.hpp"
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

audit::WhatIf supposing(const std::vector<std::string>& texts, const std::string& language = "en") {
    const auto graph = rules_of(lined);
    store::Store store(":memory:", store::Store::Mode::create_or_open);
    import_text(store, *graph, "z.csv",
                "zone,year,output,kind\nA.1,2022,6,a\nA.1,2023,6,a\nB,2022,4,b\nB,2023,9,b\nC,2022,,a\nC,2023,9,a\n");
    std::vector<audit::Supposed> supposed;
    for (const auto& text : texts)
        supposed.push_back(audit::supposed_from(text, *graph->rules, {{"", {"A.1", "B", "C"}}}));
    assess::YearsOptions options;
    options.language = language;
    return audit::what_if(store, graph, *graph->find("verdict"), supposed, {2022, 2023}, options);
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
    CHECK(refused("B.outputt = 7") == "ZV103 B has no input `outputt`");
    CHECK(refused("D.output = 7") == "ZV103 the store has no record `D`");
    CHECK(refused("line = many") == "ZV204 `many` is no value of `line`");
    CHECK(refused("line") == "ZV204 `line` supposes nothing");
    CHECK(refused("B.kind = c") != "");
}

TEST_CASE("what is tried on a store does not reach its file") {
    const auto path =
        (std::filesystem::temp_directory_path() / ("zoneval-to-try-" + std::to_string(getpid()) + ".sqlite")).string();
    std::filesystem::remove(path);
    const auto graph = rules_of(lined);
    {
        store::Store store(path, store::Store::Mode::create_or_open);
        import_text(store, *graph, "z.csv", "zone,year,output,kind\nA,2022,6,a\n");
    }
    {
        store::Store copy(path, store::Store::Mode::to_try);
        audit::what_if(copy, graph, *graph->find("verdict"),
                       {audit::supposed_from("A.output = 1", *graph->rules, {{"", {"A"}}})}, {2022}, {});
        CHECK(copy.runs().size() == 2);
    }
    const store::Store store(path, store::Store::Mode::to_read);
    CHECK(store.runs().empty());
    CHECK(store.latest().revision == 1);
}

TEST_CASE("who would move is told with the figure that decides") {
    const auto w = supposing({"line = 7"});
    REQUIRE(w.moved.size() == 2);
    CHECK(w.moved[0].cause == "output 6 < 7 ✓");
    CHECK(w.moved[1].cause.find("output 6 < 7 ✓") == 0);
    const auto back = supposing({"line = 3"});
    REQUIRE(back.moved.size() == 1);
    CHECK(back.moved[0].cause == "low no longer holds: output 4 < 3 ✗");  // the rule that held before
}

TEST_CASE("who would have what holds where no rule does is told why, in every language") {
    const auto cause = [](const std::string& text, const std::string& language) {
        const auto w = supposing({text}, language);
        REQUIRE(w.moved.size() == 1);
        return w.moved[0].cause;
    };
    CHECK(cause("line = 3", "zh") == "low 不再成立：output 4 < 3 ✗");
    CHECK(cause("line = 3", "ja") == "low が成り立たなくなる：output 4 < 3 ✗");
    // C was open, between none and warned: the rule that could have warned it does not hold.
    CHECK(cause("C.output = 9", "en") == "low does not hold: output 9 < 5 ✗");
    CHECK(cause("C.output = 9", "zh") == "low 不成立：output 9 < 5 ✗");
    CHECK(cause("C.output = 9", "ja") == "low は成り立たない：output 9 < 5 ✗");
}

namespace {

audit::Sweep swept(const std::string& text) {
    const auto graph = rules_of(lined);
    store::Store store(":memory:", store::Store::Mode::create_or_open);
    import_text(store, *graph, "z.csv", "zone,year,output,kind\nA,2022,6,a\nA,2023,6,a\nB,2022,4,b\nB,2023,9,b\n");
    return audit::sweep(store, graph, *graph->find("verdict"), audit::swept_from(text, *graph->rules), {2022, 2023},
                        {});
}

}  // namespace

TEST_CASE("a parameter goes through a range, and each step counts as supposing it does") {
    const auto s = swept("line = 3..8 step 2.5");
    std::vector<std::string> values;
    for (const auto& point : s.points) values.push_back(point.value.to_string() + (point.now ? " now" : ""));
    CHECK(values == Lines{"3", "5 now", "5.5", "8"});  // with the value in force
    REQUIRE(s.outcomes == Lines{"none", "warned", "delisted", ""});
    using Counts = std::vector<std::vector<std::size_t>>;
    CHECK(s.points[0].counts == Counts{{2, 2}, {0, 0}, {0, 0}, {0, 0}});
    CHECK(s.points[1].counts == Counts{{1, 2}, {1, 0}, {0, 0}, {0, 0}});
    CHECK(s.points[3].counts == Counts{{0, 1}, {2, 0}, {0, 1}, {0, 0}});
    const auto text = audit::render_text(s, "warned", wording::Language::en, {});
    INFO(text);
    CHECK(text.find("warned 2022") != std::string::npos);
    CHECK(text.find("none 2022") == std::string::npos);
    CHECK(text.find("▁▅▅█") != std::string::npos);
}

TEST_CASE("a range has round steps where none is stated, and what is no range is refused") {
    const auto graph = rules_of(lined);
    const auto values = [&](const std::string& text) {
        Lines out;
        for (const auto& value : audit::swept_from(text, *graph->rules).values) out.push_back(value.to_string());
        return out;
    };
    CHECK(values("line = 50..90") == Lines{"50", "55", "60", "65", "70", "75", "80", "85", "90"});
    CHECK(values("line = 8, 6,10") == Lines{"6", "8", "10"});
    for (const char* wrong : {"line", "line =", "line = 5..x", "line = 9..5", "line = 1..9 step 0", "lin = 1..2",
                              "line = 0..1000 step 0.1"})
        CHECK_THROWS_AS(values(wrong), InputError);
}

TEST_CASE("a figure of a park, or of an act, is supposed for the zone that it belongs to") {
    const auto graph = rules_of(
        "ruleset: r\nrecord: zone\ninputs: {output: {min: 0}}\n"
        "kinds:\n  parks: {key: zone, inputs: {zone: {type: string}, revenue: {min: 0}}}\n"
        "  acts: {key: zone, dated: on, inputs: {zone: {type: string}, on: {type: date}, warns: {type: boolean}}}\n"
        "datasets: {zones: {columns: {output: output}}, parks: {of: parks, id: park}, acts: {of: acts, id: act}}\n"
        "measures: {revenue: sum of parks(revenue), warned: any of acts(warns)}\n"
        "decisions: {verdict: {values: [rich, poor], adverse: [poor], rules: [{id: rich, when: revenue >= 10, then: "
        "rich}, "
        "{id: warned, when: warned, then: poor}], otherwise: rich}}\n");
    store::Store store(":memory:", store::Store::Mode::create_or_open);
    const auto add = [&](const std::string& dataset, const std::string& csv) {
        const auto schema = std::get<DatasetSchema>(assess::choose_dataset(*graph->rules, dataset));
        Diagnostics found;
        const auto rows = io::read_rows_of(dataset + ".csv", csv, schema, {}, found);
        INFO(render_text(found, false));
        REQUIRE_FALSE(found.has_errors());
        store.import(rows, schema, "invented");
    };
    add("zones", "zone,year,output\nA,2023,1\n");
    add("parks", "park,year,zone,revenue\nA/core,2023,A,4\nA/b1.x,2023,A,\n");
    add("acts", "act,zone,on,warns\n1,A,2023-05-01,true\n");
    const auto records = audit::records_of(store, *graph->rules, 2023);
    const auto moved = [&](const std::string& text) {
        const auto w = audit::what_if(store, graph, *graph->find("verdict"),
                                      {audit::supposed_from(text, *graph->rules, records)}, {2023}, {});
        return moves(w);
    };
    CHECK(moved("A/b1.x.revenue = 6") == Lines{"2023 A:  > rich by rich"});
    CHECK(moved("A/core.revenue = 1") == Lines{"2023 A: rich > poor by warned"});  // the store is the one tried on
    try {
        audit::supposed_from("A/core.revenu = 1", *graph->rules, records);
        FAIL("supposed");
    } catch (const InputError& error) {
        CHECK(error.diagnostics.all().front().message == "A/core has no input `revenu`");
        CHECK(error.diagnostics.all().front().hint == "did you mean `revenue`?");
    }
}
