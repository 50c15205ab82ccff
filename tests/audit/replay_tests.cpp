// Runs found again, made again, and what came out otherwise.
#include "engine/assess/years.hpp"
#include "engine/audit/explain.hpp"
#include "engine/audit/replay.hpp"
#include "tests/assess/store_support.hpp"

using namespace zoneval;
using namespace zoneval::testing;
using audit::NoRun;

TEST_CASE("a run is found by its number, or by rule set and year, the newest first") {
    const auto graph = rules_of(looking_back);
    auto store = invented(*graph);
    CHECK(std::get<NoRun>(audit::find_run(store, {})).why == NoRun::Why::nothing_assessed);
    assess::assess_years(graph, store, {2021, 2022, 2021}, {});
    CHECK(std::get<store::Run>(audit::find_run(store, {})).year == 2022);
    CHECK(std::get<store::Run>(audit::find_run(store, {0, "r", 2021})).id == 3);
    CHECK(std::get<store::Run>(audit::find_run(store, {1, "", 0})).id == 1);
    CHECK(std::get<NoRun>(audit::find_run(store, {9, "", 0})).why == NoRun::Why::no_such_number);
    const auto late = std::get<NoRun>(audit::find_run(store, {0, "", 2023}));
    CHECK(late.why == NoRun::Why::not_assessed);
    CHECK(late.years == std::vector<std::int32_t>{2021, 2022});

    assess::assess_years(rules_of("ruleset: other\n" + looking_back.substr(looking_back.find('\n') + 1)), store, {2021},
                         {});
    const auto several = std::get<NoRun>(audit::find_run(store, {}));
    CHECK(several.why == NoRun::Why::several_rulesets);
    CHECK(several.rulesets == std::vector<std::string>{"r", "other"});
}

TEST_CASE("a stored run comes out again as recorded, also after the data have moved on") {
    const auto graph = rules_of(looking_back);
    auto store = invented(*graph);
    assess::assess_years(graph, store, {2021, 2022, 2023}, {});
    import_text(store, *graph, "late.csv", "zone,year,output\nA,2022,20\nB,2023,1\n");
    for (const std::int64_t id : {1, 2, 3}) {
        const auto replayed = audit::replay(store, *store.run(id));
        CHECK(replayed.differences.empty());
        CHECK(replayed.assessment.run.id == id);
    }
}

TEST_CASE("what came out otherwise is told by definition and record") {
    const auto graph = rules_of(looking_back);
    auto store = invented(*graph);
    assess::assess_years(graph, store, {2022}, {});
    const auto before = *store.run(1);
    auto now = before;
    now.decisions.front().outcomes[now.decisions.front().codes[0]].value = "\"none\"";
    const auto changed = audit::differences(before, now);
    REQUIRE(changed.size() == 1);
    CHECK(changed.front().what == audit::Difference::What::outcome);
    CHECK(changed.front().record == "A");
    CHECK(changed.front().told() == "verdict of A: on record \"interview\", now \"none\"");
    now.records = {"A"};
    CHECK(audit::differences(before, now).front().what == audit::Difference::What::cohort);
    now = before;
    now.decisions.front().outcomes[now.decisions.front().codes[0]].because = "another reason";
    CHECK(audit::differences(before, now).front().what == audit::Difference::What::reason);
}

TEST_CASE("a run that comes out otherwise with other libraries says which") {
    const auto graph = rules_of(looking_back);
    auto store = invented(*graph);
    assess::assess_years(graph, store, {2022}, {});
    auto run = *store.run(1);
    CHECK(run.libraries.contains("time zones"));
    CHECK(audit::other_libraries(run).empty());
    const auto here = run.libraries["time zones"];
    run.libraries["time zones"] = "1970a";
    CHECK(audit::other_libraries(run) == "time zones 1970a, here " + here);
    run.decisions.front().outcomes[run.decisions.front().codes[0]].value = "\"none\"";
    store.save(run);
    try {
        audit::made_again(store, *store.run(2));
        CHECK(false);
    } catch (const InputError& error) {
        const auto told = render_text(error.diagnostics, false);
        CHECK(told.find("run 2 does not come out again as recorded") != std::string::npos);
        CHECK(told.find("it was made with other libraries (time zones 1970a, here " + here + ")") != std::string::npos);
    }
}

TEST_CASE("without a name the decision with adverse outcomes is explained") {
    const auto graph = rules_of(
        "ruleset: r\nrecord: zone\ninputs: {x: {}}\ndecisions:\n"
        "  class: {values: [A, B], rules: [{id: a, when: x > 1, then: A}], otherwise: B}\n"
        "  verdict: {values: [none, warn], adverse: [warn], rules: [{id: w, when: x < 0, then: warn}], otherwise: "
        "none}\n"
        "  size: {values: [big, small], rules: [{id: b, when: x > 9, then: big}], otherwise: small}\n");
    CHECK(audit::decision_to_explain(*graph, "")->name == "verdict");
    CHECK(audit::decision_to_explain(*graph, "size")->name == "size");
    CHECK(audit::decision_to_explain(*graph, "x") == nullptr);
    CHECK(audit::decision_to_explain(*rules_of("ruleset: r\nrecord: zone\ninputs: {x: {}}\nmeasures: {m: x}\n"), "") ==
          nullptr);
}

TEST_CASE("a year that was assessed before somebody ruled on the year before is told to be assessed again") {
    const auto graph = rules_of(looking_back);
    auto store = invented(*graph);
    assess::assess_years(graph, store, {2021, 2022}, {});
    const auto stale = [&] {
        return assess::stale_history(*graph, store, assess::newest_basis(*graph, store, 2023), 2023);
    };
    CHECK_FALSE(stale());
    store::Ruling ruling;
    ruling.run = 1;
    ruling.ruleset = "r";
    ruling.ruleset_hash = store.run(1)->ruleset_hash;
    ruling.year = 2021;
    ruling.record = "A";
    ruling.decision = "verdict";
    ruling.outcome = "\"none\"";
    ruling.by = "the ministry";
    ruling.reason = "seen";
    store.save(ruling);
    REQUIRE(stale());
    CHECK(stale()->first_year == 2022);
    CHECK(stale()->reasons.front() == "run 2 of 2022 was made before ruling 1 on verdict of 2021: A");
    assess::assess_years(graph, store, {2022}, {});
    CHECK_FALSE(stale());
}

TEST_CASE(
    "groups of a score are recorded where somebody reads them later, and a run that recorded others comes out again") {
    const auto with = [](const std::string& more) {
        return "ruleset: r\nrecord: zone\ninputs: {output: {min: 0}}\nscores:\n  s:\n    groups:\n"
               "      near: {weight: 50 %, indicators: [{of: output, from: 0..100}]}\n"
               "      far: {weight: 50 %, indicators: [{of: output, from: 0..200}]}\n" +
               more;
    };
    const auto recorded = [](const store::Run& run) {
        std::vector<std::string> out;
        for (const auto& measured : run.measured) out.push_back(measured.name);
        return out;
    };
    const auto run_of = [&](const std::string& more, const assess::Options& options) {
        const auto graph = rules_of(with(more));
        auto store = store::Store(":memory:", store::Store::Mode::create_or_open);
        import_text(store, *graph, "zones.csv", "zone,year,output\nA,2022,20\nB,2022,\n");
        store.save(assess::ruleset_text(*graph->rules));
        auto run = assess::assess(graph, store, 2022, assess::newest_basis(*graph, store, 2022), options).run;
        store.save(run);
        CHECK(audit::replay(store, *store.run(1)).differences.empty());
        return recorded(run);
    };
    using Names = std::vector<std::string>;
    CHECK(run_of("", {}) == Names{"s"});
    CHECK(run_of("publish: [far of s]\n", {}) == Names{"s", "far of s"});
    CHECK(run_of("measures: {change: near of s - prior(near of s)}\n", {}) == Names{"s", "near of s"});
    assess::Options as_before;
    as_before.also_recorded = {"far of s", "near of s"};
    CHECK(run_of("", as_before) == Names{"s", "near of s", "far of s"});
}
