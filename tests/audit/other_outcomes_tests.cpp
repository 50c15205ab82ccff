// One rule set reads what another's run in the same store said.
#include <catch2/catch.hpp>

#include "engine/assess/years.hpp"
#include "engine/audit/explain.hpp"
#include "engine/audit/replay.hpp"
#include "engine/audit/ruling.hpp"
#include "tests/assess/store_support.hpp"

using namespace zoneval;
using namespace zoneval::testing;

namespace {

const std::string annual = R"(ruleset: annual
record: zone
inputs: {output: {min: 0}, staff: {min: 0}, region: {type: string}}
scores:
  overall:
    missing: {at most: 60 %, then: reweight}
    indicators:
      - {of: output, weight: 50 %, from: 0..10}
      - {of: staff, weight: 50 %, from: 0..10}
decisions:
  verdict:
    values: [none, interview]
    adverse: [interview]
    rules: [{id: low, when: output < 5, then: interview, because: "Only {output}."}]
    otherwise: none
  size:
    values: [small, large]
    rules: [{id: large, when: overall >= 50, then: large}]
    otherwise: small
)";

const std::string exemptions = R"(ruleset: exemptions
record: zone
inputs: {exempt: {type: boolean}}
uses:
  proposed: {of: annual, outcome: verdict, values: [none, interview]}
  size there: {of: annual, outcome: size, values: [small, large]}
  points before: {of: annual, outcome: overall, years back: 1, no row: not applicable}
measures:
  doubled: points before * 2
decisions:
  warning:
    values: [none, held back, stands]
    adverse: [stands]
    rules:
      - {id: nothing, when: proposed = "none", then: none}
      - {id: held, when: exempt, then: held back}
    otherwise: stands
  small warning:
    values: [stands, none]
    adverse: [stands]
    rules: [{id: s, when: size there = "small", then: stands}]
    otherwise: none
)";

/// Zones of 2022 and 2023 assessed by the annual rules, and what the others need.
store::Store assessed(const graph::Graph& others, const std::vector<int>& years = {2022, 2023}) {
    store::Store out(":memory:", store::Store::Mode::create_or_open);
    const auto first = rules_of(annual);
    import_text(out, *first, "zones.csv",
                "zone,year,output,staff,region\nA,2022,4,4,E\nA,2023,4,4,E\nB,2022,9,9,E\nB,2023,9,,E\n"
                "C,2023,,1,E\nD,2022,1,1,E\nD,2023,3,,E\n");
    import_text(out, others, "exempt.csv",
                "zone,year,exempt\nA,2023,true\nB,2023,\nC,2023,\nD,2023,false\nE,2023,false\n");
    for (const int year : years) assess::assess_and_record(first, out, year, {});
    return out;
}

std::string told(const assess::Assessment& a, const std::string& name, const std::string& record) {
    const auto& e = a.evaluation;
    const auto* node = e.graph->find(name);
    const auto i = *e.find(record);
    if (!graph::decision_of(*node)) return e.value(node->id, i).to_feel();
    const auto o = e.outcome(node->id, i);
    std::string out = o.settled() ? e.value(node->id, i).to_string() : "open";
    if (const auto* open = o.open())
        for (const auto& v : open->possible) out += " " + v.to_string();
    return out;
}

}  // namespace

TEST_CASE("what another rule set's run said is read, with what it left open and what rests on blanks there") {
    const auto graph = rules_of(exemptions);
    auto store = assessed(*graph);
    for (const bool exact : {false, true}) {
        const auto a = assess::assess(graph, store, 2023, assess::newest_basis(*graph, store, 2023), {exact, {}, {}});
        CHECK(told(a, "warning", "A") == "held back");
        CHECK(told(a, "warning", "B") == "none");
        CHECK(told(a, "warning", "C") == "open none held back stands");  // open there, and exempt is blank
        CHECK(told(a, "warning", "D") == "stands");
        CHECK(told(a, "warning", "E") == "open none stands");  // it took no part there
        CHECK(told(a, "doubled", "A") == "80");
        CHECK(told(a, "doubled", "C") == "null");
        // 3 of 10 for output alone is small there; with the blank of staff put back it may be large, and nothing
        // adverse rests on that here either.
        CHECK(told(a, "size there", "D") == "\"small\"");
        CHECK(told(a, "small warning", "D") == "open stands none");
        CHECK(told(a, "small warning", "A") == "stands");
    }
}

TEST_CASE("a run says which others it read, and comes out again when those have newer ones") {
    const auto graph = rules_of(exemptions);
    auto store = assessed(*graph);
    assess::assess_and_record(graph, store, 2023, {});
    const auto first = *store.latest_run("exemptions", 2023);
    CHECK(first.built_on == std::vector<std::int64_t>{1, 2});
    import_text(store, *rules_of(annual), "late.csv", "zone,year,output,staff,region\nA,2023,9,9,E\n");
    assess::assess_and_record(rules_of(annual), store, 2023, {});
    CHECK(audit::replay(store, first).differences.empty());
    assess::assess_and_record(graph, store, 2023, {});
    const auto second = *store.latest_run("exemptions", 2023);
    CHECK(second.built_on == std::vector<std::int64_t>{1, 4});
    CHECK(second.decision("warning")->of(0).value == "\"none\"");
    CHECK(audit::replay(store, first).differences.empty());
    CHECK(audit::replay(store, second).differences.empty());
    CHECK_FALSE(store.first_broken_run());
}

TEST_CASE("an explanation names the run, its rule and its reason") {
    const auto graph = rules_of(exemptions);
    auto store = assessed(*graph);
    assess::assess_and_record(graph, store, 2023, {});
    const auto a = audit::made_again(store, *store.latest_run("exemptions", 2023));
    const auto e = audit::explain(a, *graph->find("warning"), *a.evaluation.find("D"), "en");
    REQUIRE_FALSE(e.from.empty());
    CHECK(e.from.front().note == "verdict of 2023 by annual, run 2, rule low: Only 3.");
    CHECK(std::find(e.notes.begin(), e.notes.end(), "`proposed` is `verdict` of 2023 by `annual`, run 2") !=
          e.notes.end());
}

TEST_CASE("without a run there everything is open, and the note says what to do") {
    const auto graph = rules_of(exemptions);
    auto store = assessed(*graph, {});
    const auto a = assess::assess(graph, store, 2023, assess::newest_basis(*graph, store, 2023));
    CHECK(told(a, "warning", "A") == "open none held back");
    CHECK(told(a, "warning", "D") == "open none stands");
    CHECK(std::any_of(a.notes.begin(), a.notes.end(), [](const assess::Note& note) {
        return note.in(wording::Language::en).find("the store has no assessment of 2023 by `annual`") == 0;
    }));
}

TEST_CASE("what the other run does not say, or says otherwise than expected, is refused with its place") {
    const auto refused = [](const std::string& from, const std::string& to) {
        auto yaml = exemptions;
        yaml.replace(yaml.find(from), from.size(), to);
        const auto graph = rules_of(yaml);
        auto store = assessed(*graph);
        try {
            assess::assess(graph, store, 2023, assess::newest_basis(*graph, store, 2023));
        } catch (const InputError& error) {
            const auto& d = error.diagnostics.all().front();
            return std::string(code(d.kind)) + " " + d.message + " | " + d.expected + " | " + d.hint;
        }
        return std::string();
    };
    CHECK(
        refused("outcome: verdict", "outcome: verdikt") ==
        "ZV103 run 2 of `annual` has recorded no `verdikt` | one of its decisions, scores and kept measures: verdict, "
        "size, overall | did you mean `verdict`?");
    CHECK(refused("values: [none, interview]", "values: [none, notice]")
              .find("says \"interview\" for `verdict`, which is not among its values here") != std::string::npos);
    CHECK(refused("uses:\n", "uses:\n  extra: {of: annual, outcome: size, type: boolean}\n").find("what `type` of") !=
          std::string::npos);
    CHECK(refused("outcome: overall, years back: 1", "outcome: overall, max: 50").find("outside its range here") !=
          std::string::npos);
}

TEST_CASE("people's rulings on the other outcome count") {
    const auto graph = rules_of(exemptions);
    auto store = assessed(*graph);
    assess::assess_and_record(graph, store, 2023, {});
    store::Ruling ruling;
    ruling.run = 2;
    ruling.ruleset = "annual";
    ruling.ruleset_hash = store.latest_run("annual", 2023)->ruleset_hash;
    ruling.year = 2023;
    ruling.record = "C";
    ruling.decision = "verdict";
    ruling.outcome = "\"none\"";
    ruling.by = "the ministry";
    ruling.reason = "seen";
    store.save(ruling);
    const auto others = audit::read_by_others(store, ruling);
    REQUIRE(others.size() == 1);
    CHECK(others.front().ruleset == "exemptions");
    const auto a = assess::assess(graph, store, 2023, assess::newest_basis(*graph, store, 2023));
    CHECK(told(a, "warning", "C") == "none");
    const auto text =
        audit::render_text(audit::explain(a, *graph->find("warning"), *a.evaluation.find("C"), "en"), {false, 9});
    CHECK(text.find("ruling 1 on the verdict of 2023, by the ministry: seen") != std::string::npos);
    CHECK(text.find("rule low") == std::string::npos);  // what the rules had given stands no longer
}

namespace {

const std::string duties = R"(ruleset: duties
record: zone
inputs: {city: {type: string}, team: {type: boolean}, clause: {type: string}, output: {min: 0}}
kinds:
  parks:
    key: zone
    inputs: {zone: {type: string}, area: {min: 0}}
    measures: {share: area / need of zone}
datasets: {zones: {columns: {city: city, team: team, clause: clause, output: output}}, parks: {of: parks, id: park}}
measures:
  need: output * 2
  shares: sum of parks(share)
decisions:
  duty:
    subject: {is: city, title: {en: City, ja: 市}}
    values: [met, not met]
    adverse: [not met]
    rules: [{id: no-team, when: not(team), then: not met, cite: "{clause}"}]
    otherwise: met
  size:
    values: [large, small]
    rules: [{id: large, when: shares > 1, then: large}]
    otherwise: small
)";

assess::Assessment assessed_duties() {
    const auto graph = rules_of(duties);
    static store::Store store(":memory:", store::Store::Mode::create_or_open);
    const auto add = [&](const std::string& dataset, const std::string& csv) {
        const auto schema = std::get<DatasetSchema>(assess::choose_dataset(*graph->rules, dataset));
        Diagnostics found;
        store.import(io::read_rows_of(dataset + ".csv", csv, schema, {}, found), schema, "invented");
        REQUIRE_FALSE(found.has_errors());
    };
    add("zones",
        "zone,year,city,team,clause,output\nA,2023,Hefei,false,四(一),5\nB,2023,,false,四(一),5\nC,2023,Wuhan,true,x,"
        "\n");
    add("parks", "park,year,zone,area\nP1,2023,A,30\nP2,2023,C,1\n");
    return assess::assess(graph, store, 2023, assess::newest_basis(*graph, store, 2023));
}

}  // namespace

TEST_CASE("an outcome about somebody else says so, and cites the clause of its row") {
    const auto a = assessed_duties();
    const auto* duty = a.graph->find("duty");
    const auto e = audit::explain(a, *duty, *a.evaluation.find("A"), "en");
    CHECK(e.about == "Hefei");
    CHECK(e.cite == "四(一)");
    CHECK(audit::render_text(e).find("This is about City Hefei, not about A.") != std::string::npos);
    const auto in_japanese = audit::explain(a, *duty, *a.evaluation.find("A"), "ja");
    CHECK(audit::render_text(in_japanese).find("市 Hefei") != std::string::npos);
    const auto unknown = audit::explain(a, *duty, *a.evaluation.find("B"), "en");
    CHECK(unknown.value == "not met");  // whoever it is
    CHECK(unknown.about == "(unknown)");
}

TEST_CASE("an explanation goes from a park to what is computed for its zone") {
    const auto a = assessed_duties();
    const auto e = audit::explain(a, *a.graph->find("size"), *a.evaluation.find("A"), "en");
    const auto text = audit::render_text(e, {false, 9, 100});
    INFO(text);
    CHECK(text.find("need of zone = 10") != std::string::npos);
    CHECK(text.find("output * 2") != std::string::npos);
    const auto open = audit::explain(a, *a.graph->find("size"), *a.evaluation.find("C"), "en");
    CHECK(open.waiting_for == std::vector<std::string>{"output"});
}
