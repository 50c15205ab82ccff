// Where a record stands best and worst.
#include "engine/assess/assessment.hpp"
#include "engine/audit/strengths.hpp"
#include "tests/assess/store_support.hpp"

using namespace zoneval;
using namespace zoneval::testing;

namespace {

/// "exports 1 of 3, land 2 of 5"
std::string places(const std::vector<audit::Place>& all) { return audit::places_text(all, wording::Language::en); }

}  // namespace

TEST_CASE("a record's places are among its group where points compare within groups, else among all") {
    const auto graph = rules_of(
        "ruleset: r\nrecord: zone\ninputs: {kind: {type: string}, sales: {min: 0}, land: {min: 0}, staff: {min: 0}}\n"
        "scores: {s: {missing: {at most: 90 %, then: reweight}, indicators: [{of: sales, normalise: percent rank, "
        "within: kind}, {of: land, from: 0..100}, {of: staff, normalise: min-max, within: kind}]}}\n"
        "decisions: {v: {values: [a], rules: [], otherwise: a}}\n");
    store::Store store(":memory:", store::Store::Mode::create_or_open);
    // A leads its kind in sales, though E sells more; in staff it is last of its kind; C has a blank, D is alone.
    import_text(store, *graph, "zones.csv",
                "zone,year,kind,sales,land,staff\nA,2023,x,9,10,1\nB,2023,x,5,20,2\nC,2023,x,,30,3\nD,2023,y,1,90,7\n"
                "E,2023,z,90,50,5\nF,2023,z,80,40,4\n");
    const auto a = assess::assess(graph, store, 2023, assess::newest_basis(*graph, store, 2023));
    const audit::Standings standings(a, *graph->find("s"));
    const auto of_a = standings.of(*a.evaluation.find("A"), "en");
    REQUIRE(of_a);
    CHECK(places(of_a->best) == "sales (1 of 2)");
    CHECK(places(of_a->worst) == "land (6 of 6), staff (3 of 3)");
    const auto of_c = standings.of(*a.evaluation.find("C"), "en");
    REQUIRE(of_c);
    CHECK(places(of_c->best) == "staff (1 of 3)");  // of what it did not report nothing is told
    CHECK(places(of_c->worst) == "land (4 of 6)");
    const auto of_d = standings.of(*a.evaluation.find("D"), "en");
    REQUIRE(of_d);
    CHECK(places(of_d->best) == "land (1 of 6)");  // and alone in a group it is nowhere in it
    CHECK(of_d->worst.empty());
}

TEST_CASE("who shares a place with most of the others stands nowhere, and equal ones share the better one") {
    const auto graph = rules_of(
        "ruleset: r\nrecord: zone\ninputs: {x: {min: 0}, y: {min: 0}}\nscores: {s: {indicators: [{of: x, from: 0..10}, "
        "{of: y, from: 0..10}]}}\ndecisions: {v: {values: [a], rules: [], otherwise: a}}\n");
    store::Store store(":memory:", store::Store::Mode::create_or_open);
    import_text(store, *graph, "zones.csv", "zone,year,x,y\nA,2023,5,8\nB,2023,5,8\nC,2023,5,1\nD,2023,5,2\n");
    const auto a = assess::assess(graph, store, 2023, assess::newest_basis(*graph, store, 2023));
    const audit::Standings standings(a, *graph->find("s"));
    const auto of_b = standings.of(*a.evaluation.find("B"), "en");
    REQUIRE(of_b);
    CHECK(places(of_b->best) == "y (1 of 4)");
    CHECK(of_b->worst.empty());
    CHECK_FALSE(audit::Standings(a, *graph->find("x")).of(0, "en"));  // no score
}
