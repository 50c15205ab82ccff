// Records of other kinds in a store: parks of a year, acts with their days, and who goes on under another name.
#include "engine/assess/stale.hpp"
#include "engine/assess/years.hpp"
#include "engine/exec/kinds/kinds.hpp"
#include "tests/assess/store_support.hpp"

using namespace zoneval;
using namespace zoneval::testing;

namespace {

const std::string rules = R"(ruleset: r
record: zone
inputs: {output: {min: 0}}
kinds:
  parks: {key: zone, inputs: {zone: {type: string}, area: {min: 0}}}
  acts:
    key: zone
    dated: issued
    inputs: {zone: {type: string}, issued: {type: date}, what: {type: string, values: [interview, notice]}}
datasets:
  zones: {columns: {output: output}}
  parks: {of: parks, id: park}
  acts: {of: acts, id: act}
measures:
  area of the parks: {is: sum of parks(area), decimals: 0}
  warned by: latest of acts(what)
  total: area of the parks + output
  since: prior(total)
decisions:
  verdict:
    values: [notice, interview, none]
    adverse: [notice, interview]
    rules:
      - {id: n, when: warned by = "notice", then: notice}
      - {id: i, when: warned by = "interview", then: interview}
    otherwise: none
)";

void add(store::Store& store, const graph::Graph& graph, const std::string& dataset, const std::string& csv) {
    const auto schema = std::get<DatasetSchema>(assess::choose_dataset(*graph.rules, dataset));
    Diagnostics found;
    const auto rows = io::read_rows_of(dataset + ".csv", csv, schema, {}, found);
    INFO(render_text(found, false));
    REQUIRE_FALSE(found.has_errors());
    store.import(rows, schema, "invented");
}

store::Store filled(const graph::Graph& graph) {
    store::Store out(":memory:", store::Store::Mode::create_or_open);
    add(out, graph, "", "zone,year,output\nA,2022,1\nA,2023,1\nB,2022,2\nB,2023,2\n");
    add(out, graph, "parks", "park,year,zone,area\nP1,2022,A,10\nP2,2022,A,5\nP1,2023,B,10\nP2,2023,A,\nP3,2023,X,1\n");
    add(out, graph, "acts",
        "act,zone,issued,what\n1,A,2021-05-01,interview\n2,A,2023-05-01,notice\n3,B,2024-01-01,notice\n");
    return out;
}

std::string verdict(const assess::Assessment& a, const std::string& record) {
    return a.evaluation.value(a.graph->find("verdict")->id, *a.evaluation.find(record)).to_string();
}

}  // namespace

TEST_CASE("parks belong to the zone of their row in the year, and acts count from their day on") {
    const auto graph = rules_of(rules);
    const auto store = filled(*graph);
    const auto in = [&](std::int32_t year) {
        return assess::assess(graph, store, year, assess::newest_basis(*graph, store, year));
    };
    const auto area = [&](const assess::Assessment& a, const std::string& record) {
        return a.evaluation.value(a.graph->find("area of the parks")->id, *a.evaluation.find(record)).to_feel();
    };
    const auto before = in(2022), now = in(2023);
    CHECK(area(before, "A") == "15");
    CHECK(area(before, "B") == "0");
    CHECK(area(now, "A") == "null");  // P2 has not said
    CHECK(area(now, "B") == "10");    // P1 moved
    CHECK(verdict(before, "A") == "interview");
    CHECK(verdict(now, "A") == "notice");
    CHECK(verdict(now, "B") == "none");
    bool told = false;
    for (const auto& note : now.notes)
        told = told ||
               note.in(wording::Language::en) == "records of kind `parks` belong to what is not assessed in 2023: X";
    CHECK(told);
}

TEST_CASE("an assessment is stale when an act of its time arrives later, and not for one of a later year") {
    const auto graph = rules_of(rules);
    auto store = filled(*graph);
    assess::assess_years(graph, store, {2022}, {});
    const auto stale = [&] {
        return assess::stale_history(*graph, store, assess::newest_basis(*graph, store, 2023), 2023).has_value();
    };
    CHECK_FALSE(stale());
    add(store, *graph, "acts", "act,zone,issued,what\n4,B,2023-07-01,notice\n");
    CHECK_FALSE(stale());
    add(store, *graph, "acts", "act,zone,issued,what\n5,B,2022-07-01,notice\n");
    CHECK(stale());
}

TEST_CASE("nobody sheds a warning by a new name, a merger or a split") {
    const auto with = [](const std::string& successions) {
        const auto graph = rules_of(rules + "successions:\n" + successions);
        auto store = filled(*graph);
        add(store, *graph, "", "zone,year,output\nN,2023,1\nM,2023,1\n");
        const auto a = assess::assess(graph, store, 2023, assess::newest_basis(*graph, store, 2023));
        return verdict(a, "N") + " " + verdict(a, "M");
    };
    CHECK(with("  - {from: A, to: N, on: 2023-02-01}\n") == "notice none");
    CHECK(with("  - {from: [A, B], to: N, on: 2023-02-01}\n") == "notice none");
    CHECK(with("  - {from: A, to: [N, M], on: 2023-02-01}\n") == "notice notice");
    CHECK(with("  - {from: A, to: N, on: 2024-02-01}\n") == "none none");
}

TEST_CASE("a dataset of another kind is named, and that of the records themselves need not be") {
    const auto graph = rules_of(rules);
    CHECK(std::get<DatasetSchema>(assess::choose_dataset(*graph->rules, "")).dataset == "zones");
    CHECK(std::get<DatasetSchema>(assess::choose_dataset(*graph->rules, "acts")).record == "acts");
    CHECK(std::get<DatasetSchema>(assess::choose_dataset(*graph->rules, "parks")).record == "parks");
    CHECK(std::holds_alternative<assess::NoDataset>(assess::choose_dataset(*graph->rules, "firms")));
}
