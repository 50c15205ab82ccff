// On whose blanks a verdict hangs, against putting figures in their place and evaluating the year anew.
#include <set>

#include "engine/assess/years.hpp"
#include "engine/audit/hangs_on.hpp"
#include "engine/audit/replay.hpp"
#include "tests/assess/store_support.hpp"

using namespace zoneval;
using namespace zoneval::testing;
using feel::Decimal;
using feel::Value;

namespace {

std::string rules_with(const std::string& points, const std::string& praised) {
    return "ruleset: r\nrecord: zone\ninputs: {a: {type: number, min: 0, max: 9, decimals: 0}}\nmeasures:\n  points: "
           "{is: '" +
           points + "'}\ndecisions:\n  verdict:\n    values: [none, praise]\n    rules:\n      - {id: high, when: '" +
           praised + "', then: praise}\n    otherwise: none\n";
}

struct Run {
    Run(const std::string& rules, const std::string& before, const std::string& now)
        : graph(rules_of(rules)), store(":memory:", store::Store::Mode::create_or_open) {
        import_text(store, *graph, "before.csv", "zone,year,a\n" + before);
        import_text(store, *graph, "now.csv", "zone,year,a\n" + now);
        assess::assess_years(graph, store, {2023, 2024}, {});
        a = audit::replay(store, *store.latest_run("r", 2024)).assessment;
    }
    std::vector<audit::HangsOn> of(const std::string& zone) const {
        return audit::hangs_on(a, *graph->find("verdict"), *a.evaluation.find(zone));
    }
    /// Those whose figure of 2024 alone can change it.
    std::set<std::string> by_trying(const std::string& zone) const {
        const auto decision = graph->find("verdict")->id;
        const auto& e = a.evaluation;
        const auto record = *e.find(zone);
        std::set<std::string> out;
        for (std::size_t i = 0; i < e.size(); ++i) {
            if (i == record || !e.value(graph->find("a")->id, i).is_null()) continue;
            for (int figure = 0; figure <= 9; ++figure) {
                auto table = *a.table;
                table.columns.front().set(e.rows[i], Decimal(figure));
                const auto other = exec::evaluate_columns(*graph, table, *a.history, {});
                if (!feel::identical(other.value(decision, record), e.value(decision, record))) out.insert(e.record(i));
            }
        }
        return out;
    }
    std::shared_ptr<const graph::Graph> graph;
    store::Store store;
    assess::Assessment a;
};

const std::string nothing = "A,2023,4\n";

}  // namespace

TEST_CASE("whose blank alone could change a verdict is found, as trying all their figures finds it") {
    const auto now = "A,2024,5\nB,2024,\nC,2024,7\nD,2024,\nE,2024,3\nF,2024,6\n";
    for (const std::string praised :
         {"rank(points) <= 3", "percent rank(points) >= 0.6", "points >= cohort mean(points)", "rank(points) <= 5",
          "points > 0.8 * cohort max(points)"}) {
        const Run run(rules_with("a", praised), nothing, now);
        for (const std::string zone : {"A", "C", "E", "F"}) {
            INFO(praised << " " << zone);
            std::set<std::string> told;
            for (const auto& one : run.of(zone)) {
                if (!one.alone) continue;
                told.insert(one.record);
                CHECK(one.data == std::vector<std::string>{"a"});
            }
            const auto tried = run.by_trying(zone);
            CHECK(std::includes(told.begin(), told.end(), tried.begin(), tried.end()));
            if (praised.find("cohort") == std::string::npos) CHECK(told == tried);  // bounds of ranks are reached
        }
    }
}

TEST_CASE("where only the blanks of several together could change it, that is said, not that each could") {
    const Run run(rules_with("a", "rank(points) <= 3"), nothing, "A,2024,5\nB,2024,\nC,2024,7\nD,2024,\nE,2024,3\n");
    const auto told = run.of("A");  // second; both would have to pass it
    REQUIRE(told.size() == 2);
    for (const auto& one : told) {
        CHECK_FALSE(one.alone);
        CHECK(one.possible == std::vector<std::string>{"praise", "none"});
    }
    CHECK(run.by_trying("A").empty());
    CHECK(run.of("C").size() == 0);
}

TEST_CASE("a blank of an earlier year within a mean is a blank it hangs on, too") {
    const Run run(rules_with("mean(over(a, 2))", "rank(points) = 1"), "A,2023,4\nB,2023,\nC,2023,2\n",
                  "A,2024,4\nB,2024,3\nC,2024,2\n");
    const auto told = run.of("A");
    REQUIRE(told.size() == 1);
    CHECK(told.front().record == "B");
    CHECK(told.front().alone);
    CHECK(told.front().data == std::vector<std::string>{"a of 2023"});
}
