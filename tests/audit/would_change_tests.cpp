// Changes that lead to another outcome, against trying every value there is.
#include "engine/assess/years.hpp"
#include "engine/audit/replay.hpp"
#include "engine/audit/would_change.hpp"
#include "engine/exec/reference/evaluate.hpp"
#include "tests/assess/store_support.hpp"

using namespace zoneval;
using namespace zoneval::testing;
using feel::Decimal;
using feel::Value;

namespace {

const std::string common =
    "ruleset: r\nrecord: zone\ninputs: {a: {min: 0, max: 9}, b: {min: 0, max: 9}, c: {type: string, "
    "values: [x, y, z]}}\ndecisions:\n  verdict:\n    values: [none, warn, praise]\n    adverse: "
    "[warn]\n    rules:\n";
const std::vector<std::string> rule_sets = {
    common +
        "      - {id: low, when: rank(a + b) > 3, then: warn}\n"
        "      - {id: high, when: 'percent rank(a, c) >= 0.5 and b > 4', then: praise}\n    otherwise: none\n",
    common +
        "      - {id: mean, when: a < cohort mean(a), then: warn}\n      - {id: band, when: b >= 3 and b <= 5, then: "
        "praise}\n    otherwise: none\n",
    common +
        "      - {id: odd, when: 'modulo(a, 3) = 0 and c != \"y\"', then: warn}\n      - {id: nested, when: "
        "rank(percent rank(a) + percent rank(b)) = 1, then: praise}\n    otherwise: none\n"};

assess::Assessment made(const std::shared_ptr<const graph::Graph>& graph, store::Store& store) {
    import_text(store, *graph, "five.csv",
                "zone,year,a,b,c\nA,2024,5,1,x\nB,2024,2,7,y\nC,2024,3,3,x\nD,2024,8,8,y\nE,2024,0,5,z\n");
    assess::assess_years(graph, store, {2024}, {});
    return audit::replay(store, *store.run(1)).assessment;
}

}  // namespace

TEST_CASE("every change that is told is true and the smallest, against trying every value") {
    std::size_t flips = 0;
    for (const auto& rules : rule_sets) {
        const auto graph = rules_of(rules);
        store::Store store(":memory:", store::Store::Mode::create_or_open);
        const auto a = made(graph, store);
        const auto& decision = *graph->find("verdict");
        for (std::size_t record = 0; record < 5; ++record) {
            const auto told_of = [&](const exec::Evaluation& e) {  // empty: undetermined
                return e.outcome(decision.id, record).settled() ? e.value(decision.id, record).to_string() : "";
            };
            const auto now = told_of(a.evaluation);
            const auto with = [&](const std::string& input, const Value& value) {
                auto table = *a.table;
                for (auto& column : table.columns)
                    if (column.name() == input) column.set(record, value);
                return told_of(exec::evaluate(*graph, table, *a.history));
            };
            const auto told = audit::would_change(a, decision, record, "en");
            CHECK(told.held.empty());
            for (const std::string input : {"a", "b"}) {
                INFO(rules << a.evaluation.record(record) << " " << input);
                const auto reported = a.evaluation.value(graph->find(input)->id, record).number()->to_int64().value();
                const auto found = std::find_if(told.inputs.begin(), told.inputs.end(),
                                                [&](const auto& i) { return i.of.node->name == input; });
                for (const int way : {-1, 1}) {
                    std::optional<std::int64_t> nearest;
                    for (auto v = reported + way; v >= 0 && v <= 9 && !nearest; v += way)
                        if (with(input, Decimal(v)) != now) nearest = v;
                    const auto* flip = found == told.inputs.end() ? nullptr : way < 0 ? &found->down : &found->up;
                    REQUIRE((flip && *flip) == nearest.has_value());
                    if (!nearest) continue;
                    ++flips;
                    CHECK((*flip)->needed.number()->to_int64() == *nearest);
                    CHECK((*flip)->outcome == with(input, Decimal(*nearest)));
                }
            }
            const auto words = std::find_if(told.inputs.begin(), told.inputs.end(),
                                            [](const auto& i) { return i.of.node->name == "c"; });
            for (const char* word : {"x", "y", "z"}) {
                const auto then = with("c", word);
                const bool said = words != told.inputs.end() &&
                                  std::any_of(words->others.begin(), words->others.end(), [&](const auto& flip) {
                                      return flip.needed.to_string() == word && flip.outcome == then;
                                  });
                CHECK(said == (then != now));
            }
        }
    }
    CHECK(flips > 20);
}

TEST_CASE("what would change it is said in three languages, with who else would move") {
    const auto graph = rules_of(rule_sets.front());
    store::Store store(":memory:", store::Store::Mode::create_or_open);
    const auto a = made(graph, store);
    const auto& decision = *graph->find("verdict");
    const auto record = *a.evaluation.find("C");
    const auto text = audit::render_text(audit::would_change(a, decision, record, "en"));
    INFO(text);
    CHECK(text.find("C, 2024: none, what would change it") == 0);
    CHECK(text.find("What follows for others") != std::string::npos);
    CHECK(audit::render_text(audit::would_change(a, decision, record, "zh")).find("哪些变化会改变结果") !=
          std::string::npos);
    CHECK(audit::render_text(audit::would_change(a, decision, record, "ja")).find("何が違えば変わるか") !=
          std::string::npos);
    CHECK(audit::render_json(audit::would_change(a, decision, record, "en")).find("also_moves") != std::string::npos);
}
