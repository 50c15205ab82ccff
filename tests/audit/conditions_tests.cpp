// Conditions as they came out: figures, limits, margins; and what was missing for another outcome.
#include "engine/assess/years.hpp"
#include "engine/audit/replay.hpp"
#include "engine/audit/why_not.hpp"
#include "tests/assess/store_support.hpp"

using namespace zoneval;
using namespace zoneval::testing;
using audit::Condition;
using exec::Holds;
using feel::Decimal;

namespace {

const std::string ranked =
    "ruleset: r\nrecord: zone\ninputs: {output: {min: 0, unit: CNY}, finding: {type: string}}\n"
    "parameters: {line: {value: 10, unit: CNY, assumption: ours}}\n"
    "measures:\n  place: percent rank(output)\n"
    "  poor: {is: place * 100 < 30 and not(output >= line)}\n"
    "decisions:\n  verdict:\n    values: [none, warn, praise]\n    adverse: [warn]\n    rules:\n"
    "      - {id: low, when: poor, then: warn}\n"
    "      - {id: high, when: 'place >= 0.75 and (output > 100 or finding in (\"good\", \"best\"))', then: praise}\n"
    "    otherwise: none\n";

/// Five zones of one year: outputs 5, 20, 30, 40 and 50.
struct Five {
    std::shared_ptr<const graph::Graph> graph;
    store::Store store;
    assess::Assessment made;

    explicit Five(const std::string& rules = ranked)
        : graph(rules_of(rules)), store(":memory:", store::Store::Mode::create_or_open) {
        import_text(
            store, *graph, "five.csv",
            "zone,year,output,finding\nA,2024,5,\nB,2024,20,bad\nC,2024,30,bad\nD,2024,40,good\nE,2024,50,bad\n");
        assess::assess_years(graph, store, {2024}, {});
        made = audit::replay(store, *store.run(1)).assessment;
    }
    const graph::Node& decision() const { return *made.graph->find("verdict"); }
    audit::Explanation explain(const char* record, const char* language = "en") const {
        return audit::explain(made, decision(), *made.evaluation.find(record), language);
    }
    audit::WhyNot why_not(const char* record, const char* outcome, const char* language = "en") const {
        return audit::why_not(made, decision(), *made.evaluation.find(record), outcome, language);
    }
};

}  // namespace

TEST_CASE("a measure that is a condition is unfolded, and each comparison has its figure, limit and margin") {
    const Five f;
    const auto told = f.explain("A");
    CHECK(told.value == "warn");
    REQUIRE(told.decided.size() == 2);
    const auto &share = told.decided[0], &output = told.decided[1];
    CHECK(share.holds == Holds::yes);
    CHECK(share.found.to_string() == "0");
    CHECK(share.margin == Decimal(30));
    REQUIRE(share.below);
    CHECK(share.below->now == 0);
    CHECK(share.below->others == 4);
    CHECK(share.below->otherwise == 2);              // with one of four below it is 25, with two 50
    CHECK(output.compared == feel::BinaryOp::less);  // not(output >= line)
    CHECK(output.limit.to_string() == "10");
    CHECK(output.margin == Decimal(5));
    CHECK(output.unit == "CNY");
}

TEST_CASE("where no rule held, what each fell short of stands nearest first") {
    const Five f;
    const auto told = f.explain("C");
    CHECK(told.ending == exec::Outcome::Kind::by_default);
    REQUIRE_FALSE(told.decided.empty());
    for (const auto& condition : told.decided) CHECK(condition.holds == Holds::no);
    for (std::size_t i = 1; i < told.decided.size(); ++i)
        CHECK(audit::relative_margin(told.decided[i - 1]) <= audit::relative_margin(told.decided[i]));
}

TEST_CASE("the facts that are cited alone reproduce every rule") {
    const Five f;
    for (const auto* record : {"A", "B", "C", "D", "E"}) {
        INFO(record);
        for (const auto& rule : f.explain(record).rules) {
            INFO(rule.id);
            // From the single conditions upwards, by nothing else.
            const std::function<Holds(const Condition&)> again = [&](const Condition& c) {
                if (c.kind == Condition::Kind::one) {
                    if (c.asks == Condition::Asks::limit && c.found.number())
                        return (*c.found.number() - *c.limit.number()).abs() == *c.margin ? c.holds : Holds::unknown;
                    return c.holds;
                }
                bool open = false;
                for (const auto& part : c.parts) {
                    const auto holds = again(part);
                    if (holds == (c.kind == Condition::Kind::all ? Holds::no : Holds::yes)) return holds;
                    open = open || holds == Holds::unknown;
                }
                return open ? Holds::unknown : c.kind == Condition::Kind::all ? Holds::yes : Holds::no;
            };
            CHECK(again(rule.condition) == rule.condition.holds);
        }
    }
}

TEST_CASE("why not names what is missing, alternatives beside each other") {
    const Five f;
    const auto e = f.why_not("E", "praise");
    REQUIRE(e.rules.size() == 1);
    CHECK(e.rules.front().rule == "high");
    REQUIRE(e.rules.front().missed.size() == 2);  // the output, or the finding
    CHECK(e.rules.front().missed.front().margin == Decimal(50));
    CHECK(e.rules.front().missed.back().asks == Condition::Asks::one_of);
    CHECK(e.rules.front().met.size() == 1);
    const auto text = audit::render_text(e);
    CHECK(text.find("One condition is missing.") != std::string::npos);
    CHECK(audit::render_text(f.why_not("E", "praise", "zh")).find("差一个条件。") != std::string::npos);
    CHECK(audit::render_text(f.why_not("E", "praise", "ja")).find("満たされない条件は1つである。") !=
          std::string::npos);

    CHECK(f.why_not("D", "praise").is_the_outcome);
    const auto a = f.why_not("A", "none");  // that is what holds where no rule does
    CHECK(a.is_otherwise);
    CHECK(a.rules.empty());
    CHECK(audit::render_text(a).find("CNY  below 10 CNY") != std::string::npos);
    CHECK(f.why_not("A", "praise").rules.front().before == "low");
    CHECK_THROWS_AS(f.why_not("A", "prase"), InputError);
}

TEST_CASE("an open verdict says which conditions wait, and between what their figures lie") {
    auto rules = ranked;
    rules.replace(rules.find("place * 100 < 30 and not(output >= line)"), 40,
                  "output / 2 < line and finding = \"bad\"  ");
    const Five f(rules);
    const auto told = f.explain("A");  // its finding is blank
    CHECK(told.ending == exec::Outcome::Kind::open);
    REQUIRE(told.decided.size() == 2);
    CHECK(told.decided.back().holds == Holds::unknown);
    const auto not_warned = f.why_not("A", "warn");
    REQUIRE(not_warned.rules.front().missed.size() == 1);
    CHECK(not_warned.rules.front().missed.front().holds == Holds::unknown);
    CHECK(audit::render_text(not_warned).find("none is known not to be met") != std::string::npos);
}

TEST_CASE("where every way to fill a blank leads to one outcome, it is said to hold in every case") {
    const Five f(
        "ruleset: r\nrecord: zone\ninputs: {output: {min: 0}, finding: {type: string, values: [good, bad]}}\n"
        "decisions:\n  verdict:\n    values: [none, warn]\n    adverse: []\n    rules:\n"
        "      - {id: first, when: finding = \"good\", then: warn}\n      - {id: second, when: output < 10, then: "
        "warn}\n"
        "    otherwise: none\n");
    const auto told = f.explain("A");  // with a good finding by the first rule, else by the second
    REQUIRE(told.value == "warn");
    CHECK(told.in_every_case);
    CHECK(audit::render_text(told).find("In every possible case") != std::string::npos);
}

TEST_CASE("points lost are shown so that they add up") {
    const Five f(
        "ruleset: r\nrecord: zone\ninputs: {output: {min: 0}, finding: {type: string}}\n"
        "measures: {third: output / 3, seventh: output / 7}\n"
        "scores: {s: {decimals: 1, indicators: [{of: output, weight: 33 %, normalise: percent rank}, {of: third, "
        "weight: 33 "
        "%, from: 0..70}, {of: seventh, weight: 34 %, from: 0..70}]}}\n"
        "decisions:\n  verdict:\n    values: [none, warn]\n    adverse: [warn]\n    rules:\n"
        "      - {id: low, when: s < 90, then: warn}\n    otherwise: none\n");
    for (const auto* record : {"A", "B", "C", "D", "E"}) {
        const auto told = f.explain(record);
        REQUIRE(told.scores.size() == 1);
        const auto& score = told.scores.front();
        Decimal sum;
        for (const auto& part : score.parts) sum = sum + part.lost;
        CHECK(sum == score.lost);
        for (std::size_t i = 1; i < score.parts.size(); ++i) CHECK(score.parts[i].lost <= score.parts[i - 1].lost);
    }
}

TEST_CASE("an explanation fits a screen or two, and goes deeper when asked") {
    const Five f;
    const auto told = f.explain("A");
    const auto lines = [](const std::string& text) { return std::count(text.begin(), text.end(), '\n'); };
    CHECK(lines(audit::render_text(told)) < 60);
    CHECK(lines(audit::render_text(told, {false, 1})) < lines(audit::render_text(told, {false, 3})));
}
