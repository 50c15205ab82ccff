// Years assessed in order and recorded, as a command, a service or another language would have them.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "engine/assess/results.hpp"
#include "engine/assess/stale.hpp"
#include "engine/assess/years.hpp"
#include "tests/assess/store_support.hpp"

using namespace zoneval;
using namespace zoneval::testing;

TEST_CASE("each year builds on the one before, and all of them are in the store") {
    const auto graph = rules_of(looking_back);
    auto store = invented(*graph);
    std::vector<std::pair<std::int32_t, assess::Stage>> began;
    assess::YearsOptions how;
    how.language = "en";
    how.tell = [&](std::int32_t year, assess::Stage stage, std::size_t done, std::size_t) {
        if (done == 0 && (began.empty() || began.back() != std::pair(year, stage))) began.emplace_back(year, stage);
    };
    const auto done = assess::assess_years(graph, store, {2022, 2023}, how);
    CHECK_FALSE(done.refused);
    CHECK_FALSE(done.stopped);
    REQUIRE(done.years.size() == 2);
    const auto adverse = [&](std::size_t year) {
        const auto& cases = done.years[year].summary.decisions.front().adverse;
        REQUIRE(cases.size() == 1);
        return cases.front().record + " " + cases.front().value;
    };
    CHECK(adverse(0) == "A interview");
    CHECK(adverse(1) == "A notice");
    CHECK(store.runs().size() == 2);
    CHECK(store.latest_run("r", 2023)->built_on == std::vector<std::int64_t>{1});
    CHECK(began == std::vector<std::pair<std::int32_t, assess::Stage>>{{2022, assess::Stage::evaluating},
                                                                       {2022, assess::Stage::recording},
                                                                       {2023, assess::Stage::evaluating},
                                                                       {2023, assess::Stage::recording}});
}

TEST_CASE(
    "outcomes under one rule that differ are each counted as what they are, where records with blanks share them") {
    const auto graph = rules_of(
        "ruleset: r\nrecord: zone\ninputs: {size: {min: 0}, a: {min: 0, max: 100}, b: {min: 0, max: 100}}\n"
        "scores: {points: {missing: {at most: 50 %, then: reweight}, indicators: [{of: a, weight: 50 %, from: 0..100}, "
        "{of: b, weight: 50 %, from: 0..100}]}}\n"
        "decisions: {verdict: {values: [warned, big, small], adverse: [warned, big], rules: ["
        "{id: low, when: points < 20, then: warned}], otherwise: 'if size > 5 then \"big\" else \"small\"'}}\n");
    std::string rows = "zone,year,size,a,b\n";
    for (int i = 0; i < 40; ++i)  // whatever fills the blanks, no score is below 20
        rows += "Z" + std::to_string(i) + ",2022," + std::to_string(i % 10) + (i % 2 != 0 ? ",,90\n" : ",90,90\n");
    for (const bool exact : {false, true}) {
        store::Store store(":memory:", store::Store::Mode::create_or_open);
        import_text(store, *graph, "zones.csv", rows);
        assess::YearsOptions how;
        how.how.exact = exact;
        const auto done = assess::assess_years(graph, store, {2022}, how);
        REQUIRE(done.years.size() == 1);
        const auto& told = done.years.front().summary.decisions.front();
        CHECK(told.counts ==
              std::vector<std::pair<std::string, std::size_t>>{{"warned", 0}, {"big", 16}, {"small", 24}});
        CHECK(told.adverse.size() == 16);
    }
}

TEST_CASE("a year without data ends the work, and says why beside what was done before it") {
    const auto graph = rules_of(looking_back);
    auto store = invented(*graph);
    const auto done = assess::assess_years(graph, store, {2023, 2024, 2022}, {});
    REQUIRE(done.years.size() == 1);
    CHECK(done.years.front().summary.year == 2023);
    REQUIRE(done.refused);
    CHECK(done.refused->all().front().kind == Kind::no_data);
    CHECK_FALSE(done.by_store);
    CHECK(store.runs().size() == 1);
}

TEST_CASE("work that is asked to stop stops, and records nothing of the year it was in") {
    const auto graph = rules_of(looking_back);
    auto store = invented(*graph);
    std::stop_source stop;
    assess::YearsOptions how;
    how.how.stop = stop.get_token();
    how.tell = [&](std::int32_t year, assess::Stage, std::size_t, std::size_t) {
        if (year == 2022) stop.request_stop();
    };
    for (const bool exact : {false, true}) {
        how.how.exact = exact;
        stop = std::stop_source();
        how.how.stop = stop.get_token();
        const auto runs = store.runs().size();
        const auto done = assess::assess_years(graph, store, {2021, 2022, 2023}, how);
        CHECK(done.stopped);
        CHECK_FALSE(done.refused);
        CHECK(done.years.size() == 1);
        CHECK(store.runs().size() == runs + 1);
    }
}

TEST_CASE("a year that builds on an earlier one whose data have moved on says so") {
    const auto graph = rules_of(looking_back);
    auto store = invented(*graph);
    assess::assess_years(graph, store, {2022}, {});
    import_text(store, *graph, "late.csv", "zone,year,output\nB,2022,4\n");
    const auto done = assess::assess_years(graph, store, {2023}, {});
    REQUIRE(done.years.size() == 1);
    REQUIRE(done.years.front().stale);
    CHECK(done.years.front().stale->first_year == 2022);
}

TEST_CASE("of several files one is bad, and none is read further") {
    const auto graph = rules_of(looking_back);
    const auto schema = std::get<DatasetSchema>(assess::choose_dataset(*graph->rules, ""));
    const auto folder =
        std::filesystem::temp_directory_path() / ("zoneval-importing-tests-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    const auto good = (folder / "good.csv").string(), bad = (folder / "bad.csv").string();
    std::ofstream(good) << "zone,year,output\nA,2021,9\n";
    std::ofstream(bad) << "zone,year,output\nA,2021,nine\nB,2021,-1\n";
    Diagnostics notes;
    try {
        assess::read_files({bad, good}, schema, {}, notes);
        FAIL("bad data were read");
    } catch (const InputError& error) {
        CHECK(error.diagnostics.all().size() == 2);
    }
    store::Store store(":memory:", store::Store::Mode::create_or_open);
    std::vector<std::string> told;
    const auto stored = assess::store_files(
        store, assess::read_files({good}, schema, {}, notes), schema,
        {.note = "invented", .tell = [&](const std::string& file, std::size_t, std::size_t) { told.push_back(file); }},
        notes);
    REQUIRE(stored.size() == 1);
    CHECK(stored.front().changes.rows == 1);
    CHECK(stored.front().revision == 1);
    CHECK(told.front() == good);
    std::filesystem::remove_all(folder);
}

TEST_CASE("which dataset files are of is asked when there are several") {
    const auto two = rules_of(
        "ruleset: r\nrecord: zone\ninputs: {x: {}, y: {}}\nmeasures: {m: x + y}\n"
        "datasets: {first: {id: zone, columns: {x: x}}, second: {id: zone, columns: {y: y}}}\n");
    const auto open = assess::choose_dataset(*two->rules, ""), wrong = assess::choose_dataset(*two->rules, "thrid");
    CHECK(std::get<assess::NoDataset>(open).why == assess::NoDataset::Why::several);
    CHECK(std::get<assess::NoDataset>(wrong).why == assess::NoDataset::Why::unknown);
    CHECK(std::get<assess::NoDataset>(wrong).names == std::vector<std::string>{"first", "second"});
    CHECK(std::get<DatasetSchema>(assess::choose_dataset(*two->rules, "second")).dataset == "second");
}

TEST_CASE("columns and single outcomes give what people ruled, where it stands") {
    const auto graph = rules_of(
        "ruleset: r\nrecord: zone\ninputs: {x: {}}\ndecisions: {v: {values: [good, bad], adverse: [bad], rules: [{id: "
        "low, when: x < 5, then: bad}], otherwise: good}}\n");
    store::Store store(":memory:", store::Store::Mode::create_or_open);
    import_text(store, *graph, "z.csv", "zone,year,x\nA,2024,\nB,2024,9\nC,2024,\n");
    auto made = assess::assess_and_record(graph, store, 2024, {}).assessment;
    for (const auto* record : {"A", "B"}) {
        store::Ruling ruling;
        ruling.id = 7;
        ruling.year = 2024;
        ruling.record = record;
        ruling.decision = "v";
        ruling.outcome = "\"bad\"";
        ruling.reason = "seen on the spot";
        made.rulings.push_back(ruling);
    }
    const auto& decision = *graph->find("v");
    CHECK(assess::outcome_of(made, decision, 0).value == "bad");
    CHECK(assess::outcome_of(made, decision, 0).rule == "ruling 7");
    CHECK(assess::outcome_of(made, decision, 1).value == "good");  // the rules gave one, and it was not overridden
    CHECK(assess::outcome_of(made, decision, 2).undetermined);
    const auto columns = assess::results_of(made, {{"v"}, false});
    CHECK(columns.front().known == std::vector<std::uint8_t>{1, 1, 0});
}

TEST_CASE("what did not apply a year ago is nothing to wait for, and what was not reported is") {
    const auto graph = rules_of(
        "ruleset: r\nrecord: zone\ninputs: {output: {min: 0}, staff: {min: 0}}\n"
        "measures: {per head: 'if staff = 0 then not applicable(\"nobody works there\") else output / staff'}\n"
        "decisions: {verdict: {values: [none, interview], adverse: [interview], rules: ["
        "{id: low, when: prior(per head) < 3, then: interview}], otherwise: none}}\n");
    for (const bool exact : {false, true}) {
        store::Store store(":memory:", store::Store::Mode::create_or_open);
        import_text(store, *graph, "zones.csv",
                    "zone,year,output,staff\nA,2022,9,0\nB,2022,9,\nC,2022,9,2\nD,2022,9,9\n"
                    "A,2023,9,1\nB,2023,9,1\nC,2023,9,1\nD,2023,9,1\n");
        assess::YearsOptions how;
        how.how.exact = exact;
        const auto done = assess::assess_years(graph, store, {2022, 2023}, how);
        REQUIRE(done.years.size() == 2);
        const auto& verdict = done.years[1].summary.decisions.front();
        REQUIRE(verdict.open.size() == 1);
        CHECK(verdict.open.front().record == "B");
        CHECK(verdict.open.front().waiting_for == std::vector<std::string>{"per head of 2022"});
        REQUIRE(verdict.adverse.size() == 1);
        CHECK(verdict.adverse.front().record == "D");
    }
}

namespace {

/// What a definition comes to for a record of an assessment.
std::string text_of(const assess::Assessment& a, const std::string& name, const std::string& record) {
    return a.evaluation.value(a.graph->find(name)->id, *a.evaluation.find(record)).to_feel();
}

assess::Assessment in(const std::shared_ptr<const graph::Graph>& graph, const store::Store& store, std::int32_t year) {
    return assess::assess(graph, store, year, assess::newest_basis(*graph, store, year));
}

}  // namespace

TEST_CASE("a blank between years, and a record that others are measured by, are found under the name of that year") {
    const std::string rules =
        "ruleset: r\nrecord: zone\ninputs: {output: {min: 0}}\nscores: {filled: {impute: linear, indicators: [{of: "
        "output, from: 0..100}]}, near: {scale: 0..1, reference years: 2021, indicators: [{of: output, normalise: "
        "distance "
        "to reference, reference: N, truncate: false}]}}\n";
    const auto with = [&](const std::string& successions) {
        const auto graph = rules_of(rules + successions);
        store::Store store(":memory:", store::Store::Mode::create_or_open);
        import_text(store, *graph, "zones.csv",
                    "zone,year,output\nA,2021,40\nB,2021,0\nN,2022,\nB,2022,20\nM,2023,60\nB,2023,5\n");
        const auto a = in(graph, store, 2022);
        return text_of(a, "filled", "N") + " " + text_of(a, "near", "B");
    };
    // A became N in 2022 and M in 2023; in 2021 B had 0 and N, then called A, 40.
    CHECK(with("successions:\n  - {from: A, to: N, on: 2022-02-01}\n  - {from: N, to: M, on: 2023-02-01}\n") ==
          "50 0.5");
    CHECK(with("") == "null null");
    // A merger is no renaming: its figures are not N's own.
    CHECK(with("successions:\n  - {from: [A, X], to: N, on: 2022-02-01}\n") == "null null");
}

TEST_CASE("an earlier run is stale when figures of the years it compares with came later") {
    const auto graph = rules_of(
        "ruleset: r\nrecord: zone\ninputs: {output: {min: 0}}\nscores: {s: {reference years: 2018..2019, indicators: "
        "[{of: output, normalise: min-max}]}}\nmeasures: {rise: s - prior(s)}\n");
    store::Store store(":memory:", store::Store::Mode::create_or_open);
    import_text(store, *graph, "zones.csv",
                "zone,year,output\nA,2015,1\nA,2018,0\nB,2018,9\nA,2022,3\nB,2022,4\nA,2023,3\nB,2023,4\n");
    assess::assess_years(graph, store, {2022}, {});
    const auto stale = [&] {
        return assess::stale_history(*graph, store, assess::newest_basis(*graph, store, 2023), 2023);
    };
    CHECK_FALSE(stale());
    import_text(store, *graph, "other.csv", "zone,year,output\nA,2015,2\n");
    CHECK_FALSE(stale());  // a year it does not compare with
    import_text(store, *graph, "late.csv", "zone,year,output\nB,2019,20\n");
    REQUIRE(stale());
    CHECK(stale()->reasons.front().find("has figures of 2019") != std::string::npos);
}
