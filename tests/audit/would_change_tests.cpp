// Changes that lead to another outcome, against trying every value there is.
#include <random>

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

TEST_CASE("among thousands of others each change that is told is true, and one step less is not, with all ranks anew") {
    const auto graph = rules_of(
        "ruleset: s\nrecord: zone\neffective: 2024-01-01..2024-12-31\ninputs:\n"
        "  a: {type: number, min: 0, max: 9999, decimals: 0}\n  b: {type: number, min: 0, max: 9999, decimals: 0}\n"
        "measures:\n  points: {is: '60 * percent rank(a) + 40 * percent rank(b)', decimals: 1}\ndecisions:\n"
        "  verdict:\n    values: [praise, none]\n    rules:\n      - {id: best, when: 'rank(points) <= 200', then: "
        "praise}\n"
        "    otherwise: none\n");
    store::Store store(":memory:", store::Store::Mode::create_or_open);
    constexpr std::uint32_t zones = 2100;
    std::string csv = "zone,year,a,b\n";
    std::uint32_t draw = 7;
    const auto figure = [&] { return (draw = draw * 1664525 + 1013904223) >> 16; };
    for (std::uint32_t i = 0; i < zones; ++i)
        csv += "Z" + std::to_string(i) + ",2024," + std::to_string(figure() % 10000) + "," +
               std::to_string(figure() % 10000) + "\n";
    import_text(store, *graph, "many.csv", csv);
    assess::assess_years(graph, store, {2024}, {});
    const auto a = audit::replay(store, *store.run(1)).assessment;
    const auto& decision = *graph->find("verdict");
    std::size_t flips = 0;
    for (std::size_t record = 0; record < zones; record += 50) {
        const auto with = [&](const std::string& input, const Value& value) {
            auto table = *a.table;
            for (auto& column : table.columns)
                if (column.name() == input) column.set(record, value);
            return exec::evaluate_columns(*graph, table, *a.history, {}).value(decision.id, record).to_string();
        };
        const auto told = audit::would_change(a, decision, record, "en");
        CHECK(!told.others_stand);
        for (const auto& input : told.inputs)
            for (const auto* flip : {&input.down, &input.up}) {
                if (!*flip) continue;
                ++flips;
                const auto& needed = *(*flip)->needed.number();
                const auto step = Decimal(flip == &input.up ? 1 : -1);
                INFO(a.evaluation.record(record) << " " << input.of.name << " " << needed.to_string());
                CHECK(with(input.of.name, needed) == (*flip)->outcome);
                CHECK(with(input.of.name, needed - step) == told.outcome);
            }
        for (const auto& pair : told.pairs) {
            auto table = *a.table;
            for (const auto* one : {&pair.first, &pair.second})
                for (auto& column : table.columns)
                    if (column.name() == one->of.name) column.set(record, one->needed);
            CHECK(exec::evaluate_columns(*graph, table, *a.history, {}).value(decision.id, record).to_string() ==
                  pair.outcome);
        }
    }
    CHECK(flips >= 30);
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

namespace {

/// Rule sets of six small figures, ranks and means of some of them, and two lines.
class RandomLines {
  public:
    explicit RandomLines(std::uint64_t seed) : random_(seed) {}

    std::string rules() {
        std::string out = "ruleset: r\nrecord: zone\ninputs: {";
        for (const char* input : {"a", "b", "c", "d", "e", "f"}) out += std::string(input) + ": {min: 0, max: 9}, ";
        return out + "g: {type: string, values: [x, y]}}\nparameters: {line: {values: {2020-01-01: " + digit() +
               "}}, share: {values: {2020-01-01: 0." + digit() +
               "}}}\nmeasures: {points: 'percent rank(a) + percent rank(b)', place: 'rank(points, g)'}\n"
               "decisions:\n  verdict:\n    values: [none, warn, praise]\n    adverse: [warn]\n    rules:\n"
               "      - {id: low, when: '" +
               condition() +
               "', then: warn}\n"
               "      - {id: high, when: '" +
               condition() + "', then: praise}\n    otherwise: none\n";
    }
    std::string data() {
        std::string out = "zone,year,a,b,c,d,e,f,g\n";
        for (const char* zone : {"A", "B", "C", "D", "E", "F"}) {
            out += std::string(zone) + ",2024";
            for (int i = 0; i < 6; ++i) out += "," + digit();
            out += below(2) == 0 ? ",x\n" : ",y\n";
        }
        return out;
    }

  private:
    int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
    std::string digit() { return std::to_string(below(10)); }
    std::string one() {
        switch (below(8)) {
            case 0: return "a < " + digit();
            case 1: return "b + c >= line + " + digit();
            case 2: return "percent rank(c, g) < share";
            case 3: return "d < cohort mean(d)";
            case 4: return "place <= " + std::to_string(1 + below(3));
            case 5: return "points >= 0." + digit();
            case 6: return "e * f > " + std::to_string(below(40));
            default: return "rank(place + e) > " + digit();
        }
    }
    std::string condition() {
        const auto first = one();
        return first + (below(2) == 0 ? " and " : " or ") + one();
    }
    std::mt19937_64 random_;
};

std::size_t checks_wanted() {
    const auto* text = std::getenv("ZONEVAL_CHECKS");
    return text ? static_cast<std::size_t>(std::atoll(text)) : 300;
}

std::string told_of(const exec::Evaluation& e, const graph::Node& decision, std::size_t record) {
    return e.outcome(decision.id, record).settled() ? e.value(decision.id, record).to_string() : "";
}

/// A year with some cells of one record replaced.
exec::Evaluation again(const assess::Assessment& a, std::size_t record,
                       const std::vector<std::pair<std::string, Value>>& cells, Table& table) {
    table = *a.table;
    for (auto& column : table.columns)
        for (const auto& [input, value] : cells)
            if (column.name() == input) column.set(record, value);
    return exec::evaluate(*a.graph, table, *a.history);
}

}  // namespace

TEST_CASE(
    "of six figures and two lines every change that is told is true, the smallest, and says who else would move") {
    std::size_t flips = 0, pairs = 0, outside = 0, moved = 0, stretched = 0;
    for (std::uint64_t seed = 1; flips < checks_wanted(); ++seed) {
        RandomLines random(seed);
        const auto rules = random.rules();
        const auto graph = rules_of(rules);
        store::Store store(":memory:", store::Store::Mode::create_or_open);
        import_text(store, *graph, "six.csv", random.data());
        assess::assess_years(graph, store, {2024}, {});
        const auto a = audit::replay(store, *store.run(1)).assessment;
        const auto& decision = *graph->find("verdict");
        const auto record = seed % 6;
        const auto now = told_of(a.evaluation, decision, record);
        const auto told = audit::would_change(a, decision, record, "en");
        INFO("seed " << seed << ", record " << record << "\n" << rules << audit::render_text(told));
        Table table;
        for (const std::string input : {"a", "b", "c", "d", "e", "f"}) {
            const auto* column = a.table->column(input);
            const auto reported = column->at(record).number()->to_int64().value();
            const auto found = std::find_if(told.inputs.begin(), told.inputs.end(),
                                            [&](const auto& i) { return i.of.node->name == input; });
            for (const int way : {-1, 1}) {
                std::optional<std::int64_t> nearest;
                for (auto v = reported + way; v >= 0 && v <= 9 && !nearest; v += way)
                    if (told_of(again(a, record, {{input, Decimal(v)}}, table), decision, record) != now) nearest = v;
                const auto* flip = found == told.inputs.end() ? nullptr : way < 0 ? &found->down : &found->up;
                REQUIRE((flip && *flip) == nearest.has_value());
                if (!nearest) continue;
                ++flips;
                REQUIRE((*flip)->needed.number()->to_int64() == *nearest);
                const auto then = again(a, record, {{input, Decimal(*nearest)}}, table);
                REQUIRE((*flip)->outcome == told_of(then, decision, record));
                std::vector<std::string> also;
                for (std::size_t i = 0; i < then.size(); ++i)
                    if (i != record && told_of(then, decision, i) != told_of(a.evaluation, decision, i))
                        also.push_back(then.record(i));
                INFO(input << " " << *nearest);
                REQUIRE((*flip)->also == also);
                moved += also.size();
            }
        }
        for (const auto& input : told.inputs)
            for (const auto& stretch : input.stretches)  // every value was tried: what is said of each is so
                for (auto v = *stretch.from.number(); v <= *stretch.to.number(); v = v + Decimal(1)) {
                    REQUIRE(told_of(again(a, record, {{input.of.node->name, v}}, table), decision, record) ==
                            stretch.outcome);
                    ++stretched;
                }
        for (const auto& pair : told.pairs) {
            const std::pair first{pair.first.of.node->name, pair.first.needed},
                second{pair.second.of.node->name, pair.second.needed};
            REQUIRE(told_of(again(a, record, {first, second}, table), decision, record) == pair.outcome);
            REQUIRE(told_of(again(a, record, {first}, table), decision, record) == now);
            REQUIRE(told_of(again(a, record, {second}, table), decision, record) == now);
            ++pairs;
        }
        for (const auto& o : told.outside) {
            const auto with = [&](const Value& value) {
                return told_of(exec::evaluate(*graph, *a.table, *a.history,
                                              {{graph->find(o.parameter)->id,
                                                std::vector<std::optional<Value>>(6, std::optional(value))}}),
                               decision, record);
            };
            const auto& needed = *o.flip.needed.number();
            const auto step = Decimal::scaled(1, -o.decimals);
            REQUIRE(with(Value(needed)) == o.flip.outcome);
            REQUIRE(with(Value(needed > *o.now.number() ? needed - step : needed + step)) == now);
            ++outside;
        }
    }
    CHECK(pairs > 5);
    CHECK(stretched > 20);
    CHECK(outside > 20);
    CHECK(moved > 20);
}

TEST_CASE("of a figure that was not reported it is said what each stretch of values would lead to") {
    const auto graph = rules_of(
        "ruleset: r\nrecord: zone\ninputs: {a: {min: 0, max: 100}}\ndecisions: {verdict: {values: [none, warn], "
        "adverse: [warn], rules: [{id: low, when: a < 40, then: warn}], otherwise: none}}\n");
    store::Store store(":memory:", store::Store::Mode::create_or_open);
    import_text(store, *graph, "z.csv", "zone,year,a\nA,2024,\nB,2024,50\nC,2024,7\n");
    assess::assess_years(graph, store, {2024}, {});
    const auto a = audit::replay(store, *store.run(1)).assessment;
    const auto told = audit::would_change(a, *graph->find("verdict"), *a.evaluation.find("A"), "en");
    REQUIRE(told.inputs.size() == 1);
    const auto& stretches = told.inputs.front().stretches;
    REQUIRE(stretches.size() == 2);
    CHECK(stretches[0].from.to_string() == "0");
    CHECK(stretches[0].to.to_string() == "39");
    CHECK(stretches[0].outcome == "warn");
    CHECK(stretches[1].from.to_string() == "40");
    CHECK(stretches[1].to.to_string() == "100");
    CHECK(audit::render_text(told).find("Figures not reported") != std::string::npos);
}
