// How close an outcome was, against trying every value there is.
#include "engine/audit/close_calls.hpp"
#include "engine/audit/explain.hpp"
#include "engine/audit/replay.hpp"
#include "engine/exec/reference/evaluate.hpp"
#include "tests/audit/example.hpp"

using namespace zoneval;
using namespace zoneval::testing;
using feel::Decimal;
using feel::Value;

namespace {

/// Its points are its figure: whatever the figure could be instead, the points could.
const std::string points_are_figures =
    "ruleset: r\nrecord: zone\ninputs: {a: {min: 0, max: 100, decimals: 0}}\n"
    "scores: {overall: {scale: 0..100, decimals: 0, indicators: [{of: a, weight: 100 %, normalise: goalposts, from: "
    "0..100}]}}\n"
    "decisions: {verdict: {values: [none, warn, praise], adverse: [warn], rules: ["
    "{id: last, when: rank(overall) > 4, then: warn}, {id: low, when: overall < 20, then: warn}, "
    "{id: first, when: overall >= 60 and rank(overall) <= 2, then: praise}], otherwise: none}}\n";

const std::string with_blanks =
    "ruleset: r\nrecord: zone\ninputs: {a: {min: 0, max: 9}, b: {min: 0, max: 9}, c: {type: string, "
    "values: [x, y, z]}}\ndecisions:\n  verdict:\n    values: [none, warn, praise]\n    adverse: [warn]\n    rules:\n"
    "      - {id: low, when: 'rank(a + b) > 3 and c = \"x\"', then: warn}\n"
    "      - {id: odd, when: 'modulo(b, 4) = 3 or c = \"z\"', then: praise}\n    otherwise: none\n";

assess::Assessment made(const std::shared_ptr<const graph::Graph>& graph, store::Store& store, const std::string& csv) {
    import_text(store, *graph, "some.csv", csv);
    assess::assess_years(graph, store, {2024}, {});
    return audit::replay(store, *store.run(1)).assessment;
}

/// Empty: undetermined.
std::string outcome_with(const assess::Assessment& a, const graph::Node& decision, std::size_t record,
                         const std::string& input, const Value& value) {
    auto table = *a.table;
    for (auto& column : table.columns)
        if (column.name() == input) column.set(record, value);
    const auto e = exec::evaluate(*a.graph, table, *a.history);
    return e.outcome(decision.id, record).settled() ? e.value(decision.id, record).to_string() : "";
}

}  // namespace

TEST_CASE("by how many points another outcome follows is true and the smallest, against trying every point") {
    const auto graph = rules_of(points_are_figures);
    store::Store store(":memory:", store::Store::Mode::create_or_open);
    const auto a = made(graph, store, "zone,year,a\nA,2024,75\nB,2024,61\nC,2024,40\nD,2024,22\nE,2024,20\nF,2024,7\n");
    const auto& decision = *graph->find("verdict");
    std::size_t found = 0;
    for (std::size_t record = 0; record < a.evaluation.size(); ++record) {
        INFO(a.evaluation.record(record));
        const auto now = a.evaluation.value(decision.id, record).to_string();
        const auto points = a.evaluation.value(graph->find("a")->id, record).number()->to_int64().value();
        const auto told = audit::close_calls(a, decision, record, {}, "en");
        for (const bool more : {true, false}) {
            std::optional<std::int64_t> nearest;
            for (std::int64_t n = 1; !nearest && n <= 100; ++n)
                if (const auto p = points + (more ? n : -n); p >= 0 && p <= 100)
                    if (outcome_with(a, decision, record, "a", Decimal(p)) != now) nearest = n;
            const auto one = std::find_if(told.by_points.begin(), told.by_points.end(),
                                          [&](const auto& by) { return by.more == more; });
            REQUIRE((one != told.by_points.end()) == nearest.has_value());
            if (!nearest) continue;
            ++found;
            CHECK(one->points == Decimal(*nearest));
            CHECK(one->outcome ==
                  outcome_with(a, decision, record, "a", Decimal(points + (more ? *nearest : -*nearest))));
        }
    }
    CHECK(found >= 8);
}

TEST_CASE("what a missing figure would lead to is what each value of it leads to") {
    const auto graph = rules_of(with_blanks);
    store::Store store(":memory:", store::Store::Mode::create_or_open);
    const auto a =
        made(graph, store,
             "zone,year,a,b,c\nA,2024,5,,x\nB,2024,2,7,y\nC,2024,3,3,x\nD,2024,8,8,\nE,2024,0,,x\nF,2024,1,5,x\n");
    const auto& decision = *graph->find("verdict");
    std::size_t values = 0;
    for (std::size_t record = 0; record < a.evaluation.size(); ++record) {
        const auto outcome = a.evaluation.outcome(decision.id, record);
        const auto* open = outcome.open();
        if (!open) continue;
        INFO(a.evaluation.record(record));
        const auto told = audit::close_calls(a, decision, record, open->waiting_for, "en");
        CHECK(told.by_points.empty());
        REQUIRE(told.figures.size() == 1);
        const auto& figure = told.figures.front();
        for (const auto& stretch : figure.stretches) {
            const auto* from = stretch.from.number();
            if (!from) {
                CHECK(stretch.outcome == outcome_with(a, decision, record, "c", stretch.from));
                ++values;
                continue;
            }
            for (auto v = *from; v <= *stretch.to.number(); v = v + Decimal(1), ++values)
                CHECK(stretch.outcome == outcome_with(a, decision, record, "b", v));
        }
    }
    CHECK(values >= 13);  // ten figures, three words
}

TEST_CASE("an explanation of the example tells what a missing figure would lead to, and how close the ranking was") {
    const auto store = assessed_example();
    const auto explained = [&](const std::string& id, std::int32_t year, wording::Language language) {
        const auto a = audit::replay(store, *store.latest_run("hightech-zones-example", year)).assessment;
        const auto& decision = *audit::decision_to_explain(*a.graph, "");
        const auto record = *a.evaluation.find(id);
        auto out = audit::explain(a, decision, record, code(language));
        out.close_calls = audit::close_calls(a, decision, record, out.waiting_for, code(language));
        return audit::render_text(out);
    };
    const auto has = [](const std::string& text, const std::string& part) {
        INFO(text);
        return text.find(part) != std::string::npos;
    };
    const auto open = explained("Invented-N02", 2022, wording::Language::en);
    CHECK(has(open, "What it would lead to: Value added of the firms in the statistics\n"));
    CHECK(has(open, "165.06 or more          21.45 to 36.68  none\n"));
    CHECK(has(open,
              "Tried at many figures from 0.00 to 9737.38; between them an outcome may turn and turn back unseen.\n"));
    // A narrow stretch between two that lead to the same.
    CHECK(has(explained("Invented-E66", 2023, wording::Language::en), "76.35 to 76.65  commend\n"));
    CHECK(has(explained("Invented-W22", 2024, wording::Language::zh), "会导致什么"));
    CHECK(has(explained("Invented-E18", 2023, wording::Language::en), "15.89 points more and it would be commend.\n"));
    CHECK(has(explained("Invented-E18", 2023, wording::Language::ja), "あと15.89点多ければ"));
}
