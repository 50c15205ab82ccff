// How firm scores and verdicts are: readings beside whole evaluations of rule sets written out by hand.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "engine/assess/years.hpp"
#include "engine/report/files.hpp"
#include "engine/score/draws.hpp"
#include "engine/score/evaluating.hpp"
#include "engine/score/robustness.hpp"
#include "engine/score/sensitivity.hpp"
#include "tests/assess/store_support.hpp"

using namespace zoneval;
using namespace zoneval::testing;
using zoneval::score::Choice;

namespace {

/// Five invented zones, one with a gap, ranked and judged by a score of two groups.
std::string rules_with(const std::string& score) {
    return "ruleset: r\nrecord: zone\ninputs: {a: {min: 0}, b: {min: 0}, c: {min: 0}, d: {min: 0}}\nscores:\n" + score +
           "measures: {place: rank(total)}\n"
           "decisions: {verdict: {values: [good, none, warned], adverse: [warned], rules: ["
           "{id: low, when: total < 35, then: warned}, {id: first, when: place <= 2, then: good}], otherwise: none}}\n"
           "publish: [place, total, verdict]\n";
}
const std::string two_groups =
    "  total:\n    decimals: 2\n    missing: {at most: 60 %, then: reweight}\n    groups:\n"
    "      first: {weight: 60 %, indicators: [{of: a, from: 0..10}, {of: b, from: 10..0}]}\n"
    "      second: {weight: 40 %, indicators: [{of: c, weight: 2, normalise: min-max}, {of: d, weight: 1, from: "
    "0..8}]}\n";
const std::string zones =
    "zone,year,a,b,c,d\nA,2023,9,2,5,7\nB,2023,7,5,9,1\nC,2023,4,4,7,6\nD,2023,3,8,1,2\nE,2023,5,,3,3\n";

struct Fixture {
    explicit Fixture(const std::string& rules, const std::string& data = zones)
        : graph(rules_of(rules)), store(":memory:", store::Store::Mode::create_or_open) {
        import_text(store, *graph, "z.csv", data);
        recorded = assess::assess_and_record(graph, store, 2023, {}).assessment;
    }
    score::Robustness robustness(score::Asked asked) const { return score::robustness(store, recorded, asked); }
    std::shared_ptr<const graph::Graph> graph;
    store::Store store;
    assess::Assessment recorded;
};

score::Asked asking(score::Choices choices, std::size_t replicates = 64) {
    score::Asked out;
    out.choices = std::move(choices);
    out.replicates = replicates;
    return out;
}
score::Choices all_choices() {
    score::Choices out;
    out.weights = 0.25;
    out.leave_out = true;
    out.normalise = {model::Indicator::Normalise::min_max, model::Indicator::Normalise::percent_rank,
                     model::Indicator::Normalise::z_score};
    out.aggregate = {model::Aggregation::How::geometric, model::Aggregation::How::harmonic};
    out.impute = {model::Impute::mean, model::Impute::median};
    out.winsorise = {0, 2};
    return out;
}

double share(const score::Firmness& f, const std::string& outcome) {
    for (const auto& [text, share] : f.outcomes)
        if (text == outcome) return share;
    return 0;
}

}  // namespace

TEST_CASE("the loop gives what the engine gives, whatever is chosen") {
    // robustness compares the two wherever both have computed, and refuses to speak when they differ.
    for (const std::string missing :
         {"{at most: 60 %, then: reweight}", "{at most: 20 %, then: reweight}", "unknown"}) {
        auto score = two_groups;
        const std::string usual = "{at most: 60 %, then: reweight}";
        score.replace(score.find(usual), usual.size(), missing);
        const Fixture f(rules_with(score));
        CHECK_NOTHROW(f.robustness(asking(all_choices(), 256)));
    }
    for (const std::string how : {"geometric, floor: 1", "harmonic, floor: 1", "power 2", "median", "minimum"}) {
        const Fixture f(
            rules_with("  total:\n    groups:\n      first: {aggregate: " + how +
                       ", indicators: [{of: a, from: 0..10}, {of: c, from: 0..10}, {of: d, from: 0..8}]}\n"
                       "      second: {indicators: [{of: d, normalise: z-score, mean: 50, deviation: 10}]}\n"));
        auto choices = all_choices();
        choices.aggregate.clear();
        CHECK_NOTHROW(f.robustness(asking(choices)));
    }
}

TEST_CASE("the loop gives what the engine gives of bonus, penalties, minima and vetoes, too") {
    const std::string inner =
        "      second: {below minimum: 30, penalties: {points: [{of: 2, when: b > 4}]}, indicators: [{of: c, weight: "
        "2, "
        "normalise: min-max, minimum: 20}, {of: d, weight: 1, from: 0..8}]}\n";
    const std::string adjusted =
        "    bonus: {at most: 6, points: [{of: a, at most: 4}, {of: 3, when: d > 2}]}\n"
        "    penalties: {beyond scale: true, points: [{of: 9 * b, when: c < 4}]}\n    below minimum: 55\n"
        "    vetoes: [{when: b > 7, at most: 10}, {when: d < 2, at most: 40}]\n    groups:\n"
        "      first: {minimum: 25, bonus: {beyond scale: true, points: [{of: 30, when: a > 6}]}, indicators: [{of: a, "
        "from: 0..10}, {of: b, from: 10..0}]}\n";
    for (const std::string missing : {"{at most: 60 %, then: reweight}", "unknown", "zero"}) {
        const Fixture f(rules_with("  total:\n    decimals: 2\n    missing: " + missing + "\n" + adjusted + inner));
        auto choices = all_choices();
        if (missing == "zero") choices.aggregate.clear();  // zero is for arithmetic means
        CHECK_NOTHROW(f.robustness(asking(choices, 256)));
    }
    // It is the loop that answers where ranks alone are asked for: it knows of no outcomes.
    const Fixture f(rules_with("  total:\n    missing: unknown\n" + adjusted + inner));
    const auto tree = score::tree_of(f.recorded, score::find_score(*f.graph, ""));
    const auto choices = all_choices();
    const score::Base base{f.store, f.recorded, choices, tree, "verdict"};
    const score::RankedAmong among{std::vector<std::int32_t>(5, 0), 1};
    score::Evaluating evaluating(base, among, 1, {}, {});
    const score::Readings readings(choices, tree);
    evaluating.each({readings.as_written()}, false,
                    [](std::size_t, const score::Evaluated& e) { CHECK(e.outcomes.empty()); });
    auto asked = asking(all_choices(), 256);
    const auto by_engine = f.robustness(asked);
    asked.verdicts = false;
    const auto by_loop = f.robustness(asked);
    for (std::size_t i = 0; i < by_engine.records.size(); ++i) {
        CHECK(by_engine.records[i].mean_rank == Approx(by_loop.records[i].mean_rank));
        CHECK(by_engine.records[i].ranked == by_loop.records[i].ranked);
    }
}

TEST_CASE("who is screened for want of figures hangs on which indicator is left out, also in the loop") {
    const std::string data =
        "zone,year,a,b,c,d\nA,2023,9,2,5,7\nB,2023,7,,9,1\nC,2023,4,4,,6\nD,2023,3,8,1,2\nE,2023,5,,3,\n";
    for (const std::string missing : {"{at most: 60 %, then: reweight}", "unknown", "zero"}) {
        const Fixture f(rules_with("  total:\n    screen: {available: 70 %}\n    missing: " + missing +
                                   "\n    groups:\n      first: {indicators: [{of: a, from: 0..10}, {of: b, from: "
                                   "10..0}]}\n      second: {indicators: [{of: c, normalise: min-max}, {of: d, from: "
                                   "0..8}]}\n"),
                        data);
        auto choices = all_choices();
        choices.impute.clear();
        if (missing == "zero") choices.aggregate.clear();
        CHECK_NOTHROW(f.robustness(asking(choices, 256)));
    }
}

TEST_CASE("a bonus that hangs on the score's own groups has no loop, and still its ranks") {
    const Fixture f(
        rules_with("  total:\n    bonus: {points: [{of: 5, when: first of total > 50}]}\n    groups:\n"
                   "      first: {indicators: [{of: a, from: 0..10}, {of: c, from: 0..10}]}\n"
                   "      second: {indicators: [{of: d, from: 0..8}]}\n"));
    score::Choices choices;
    choices.weights = 0.5;
    auto asked = asking(choices);
    asked.verdicts = false;
    CHECK_NOTHROW(f.robustness(asked));
}

TEST_CASE("a reading comes to what its own rule file comes to") {
    const Fixture f(rules_with(two_groups));
    const auto tree = score::tree_of(f.recorded, score::find_score(*f.graph, ""));
    const auto choices = all_choices();
    const score::Base base{f.store, f.recorded, choices, tree, "verdict"};
    score::RankedAmong among{std::vector<std::int32_t>(5, 0), 1};
    score::Evaluating evaluating(base, among, 1, {}, {});
    score::Reading reading;
    for (const auto& node : tree.nodes) reading.weights.push_back(node.weight);
    reading.weights[1] = 0.7;  // whole, a, b, first …: the order of the file
    REQUIRE(tree.nodes.size() == 7);
    for (std::size_t i = 1; i < tree.nodes.size(); ++i)  // by their place in the rule file
        reading.weights[i] = tree.nodes[i].group ? (tree.nodes[i].group->name == "first" ? 0.5 : 0.5)
                             : tree.nodes[i].indicator->of.text == "c" ? 1.5
                                                                       : 1;
    reading.variant = {0, 0, 0, -1, -1};  // a left out, min-max, geometric
    std::vector<double> scores;
    std::vector<std::string> outcomes;
    evaluating.each({reading}, true, [&](std::size_t, const score::Evaluated& e) {
        scores.assign(e.scores.begin(), e.scores.end());
        for (const auto code : e.outcomes) outcomes.push_back(evaluating.outcomes()[code]);
    });
    const Fixture by_hand(
        rules_with("  total:\n    decimals: 2\n    missing: {at most: 60 %, then: reweight}\n    normalise: min-max\n"
                   "    aggregate: geometric\n    floor: 1\n    groups:\n"
                   "      first: {weight: 50 %, indicators: [{of: b, lower is better: true}]}\n"
                   "      second: {weight: 50 %, indicators: [{of: c, weight: 1.5}, {of: d, weight: 1}]}\n"));
    const auto& e = by_hand.recorded.evaluation;
    const auto total = by_hand.graph->find("total")->id, verdict = by_hand.graph->find("verdict")->id;
    for (std::size_t i = 0; i < e.size(); ++i) {
        INFO(e.record(i));
        const auto score = e.value(total, i);
        if (score.number())
            CHECK(scores[i] == Approx(score.number()->to_double()).epsilon(1e-12));
        else
            CHECK(std::isnan(scores[i]));
        CHECK(outcomes[i] == (e.outcome(verdict, i).settled() ? e.value(verdict, i).to_string() : ""));
    }
}

TEST_CASE("how often a verdict holds is counted over whole evaluations") {
    const Fixture f(rules_with(two_groups));
    score::Choices choices;
    choices.leave_out = true;
    const auto found = f.robustness(asking(choices, 400));
    // Each of the four indicators is left out in a quarter of the readings: by hand, four rule sets.
    const char* left[] = {
        "{weight: 60 %, indicators: [{of: b, from: 10..0}]}\n      second: {weight: 40 %, indicators: [{of: c, weight: "
        "2, "
        "normalise: min-max}, {of: d, weight: 1, from: 0..8}]}\n",
        "{weight: 60 %, indicators: [{of: a, from: 0..10}]}\n      second: {weight: 40 %, indicators: [{of: c, weight: "
        "2, "
        "normalise: min-max}, {of: d, weight: 1, from: 0..8}]}\n",
        "{weight: 60 %, indicators: [{of: a, from: 0..10}, {of: b, from: 10..0}]}\n      second: {weight: 40 %, "
        "indicators: "
        "[{of: d, from: 0..8}]}\n",
        "{weight: 60 %, indicators: [{of: a, from: 0..10}, {of: b, from: 10..0}]}\n      second: {weight: 40 %, "
        "indicators: "
        "[{of: c, normalise: min-max}]}\n"};
    std::map<std::string, std::map<std::string, double>> expected;
    for (const auto* groups : left) {
        const Fixture without(rules_with(
            std::string(
                "  total:\n    decimals: 2\n    missing: {at most: 60 %, then: reweight}\n    groups:\n      first: ") +
            groups));
        const auto& e = without.recorded.evaluation;
        const auto verdict = without.graph->find("verdict")->id;
        for (std::size_t i = 0; i < e.size(); ++i)
            expected[e.record(i)][e.outcome(verdict, i).settled() ? e.value(verdict, i).to_string() : ""] += 0.25;
    }
    for (const auto& record : found.records)
        for (const auto& [outcome, fraction] : expected[record.record]) {
            INFO(record.record << " " << outcome);
            CHECK(share(record, outcome) == Approx(fraction).margin(0.01));  // 400 points of a Sobol sequence
        }
}

TEST_CASE("a record whose blanks leave a verdict open is undetermined in readings, too") {
    const Fixture f(rules_with(two_groups), zones + "F,2023,1,,1,\n");
    score::Choices choices;
    choices.weights = 0.25;
    const auto found = f.robustness(asking(choices));
    const auto& last = found.records.back();
    CHECK(last.record == "F");
    CHECK(last.outcome.empty());
    CHECK(share(last, "warned") == 0);
    CHECK(last.holds == 1);
}

TEST_CASE("the same seed gives the same answer for any number of threads, another seed another") {
    const Fixture f(rules_with(two_groups));
    auto asked = asking(all_choices(), 300);
    asked.indices = true;
    asked.record = "C";
    const auto one = score::render_json(f.robustness(asked));
    asked.threads = 3;
    CHECK(score::render_json(f.robustness(asked)) == one);
    asked.verdicts = false;
    const auto ranks = score::render_json(f.robustness(asked));
    asked.threads = 1;
    CHECK(score::render_json(f.robustness(asked)) == ranks);
    asked.verdicts = true;
    asked.seed = 2;
    CHECK(score::render_json(f.robustness(asked)) != one);
}

TEST_CASE("verdicts and ranks alone are of the same readings") {
    const Fixture f(rules_with(two_groups));
    auto asked = asking(all_choices(), 200);
    const auto with = f.robustness(asked);
    asked.verdicts = false;
    const auto without = f.robustness(asked);
    for (std::size_t i = 0; i < with.records.size(); ++i) {
        CHECK(with.records[i].mean_rank == without.records[i].mean_rank);
        CHECK(with.records[i].ranks.low == without.records[i].ranks.low);
        CHECK(with.records[i].scores.high == Approx(without.records[i].scores.high));
    }
}

TEST_CASE("weights scaled alike, or records in another order, change nothing") {
    const auto with_weights = [](const std::string& first, const std::string& second) {
        return rules_with("  total:\n    groups:\n      first: {weight: " + first +
                          ", indicators: [{of: a, from: 0..10}]}\n      second: {weight: " + second +
                          ", indicators: [{of: c, from: 0..10}]}\n");
    };
    score::Choices choices;
    choices.weights = 0.5;
    const auto one = Fixture(with_weights("3", "2")).robustness(asking(choices)),
               ten = Fixture(with_weights("30", "20")).robustness(asking(choices));
    for (std::size_t i = 0; i < one.records.size(); ++i) {
        CHECK(one.records[i].mean_rank == ten.records[i].mean_rank);
        CHECK(one.records[i].scores.low == Approx(ten.records[i].scores.low));
    }
    const auto turned = Fixture(with_weights("3", "2"),
                                "zone,year,a,b,c,d\nE,2023,5,,3,3\nD,2023,3,8,1,2\nC,2023,4,4,7,6\nB,2023,7,5,9,1\n"
                                "A,2023,9,2,5,7\n")
                            .robustness(asking(choices));
    for (const auto& a : one.records)
        for (const auto& b : turned.records)
            if (a.record == b.record) CHECK(a.mean_rank == b.mean_rank);
}

TEST_CASE("errors of data reach every formula, and of figures without them nothing is changed") {
    const Fixture f(rules_with(two_groups));
    score::Choices choices;
    choices.data_error = 0.1;
    const auto found = f.robustness(asking(choices, 40));
    CHECK(found.amounts == std::vector<std::string>{"a", "b", "c", "d"});
    const auto& first = found.records.front();
    CHECK(first.scores.low < *first.score);
    CHECK(first.scores.high > *first.score);
    CHECK(first.scores.high - first.scores.low < 20);
    const Fixture again(rules_with(two_groups));
    CHECK(score::render_json(again.robustness(asking(choices, 40))) == score::render_json(found));
}

TEST_CASE("nothing varied is refused, and so is more than can be kept") {
    const Fixture f(rules_with(two_groups));
    CHECK_THROWS_AS(f.robustness(asking({})), InputError);
    score::Choices choices;
    choices.weights = 0.1;
    CHECK_THROWS_AS(f.robustness(asking(choices, 100'000'000)), InputError);
    auto asked = asking(choices);
    asked.score = "totl";
    CHECK_THROWS_AS(f.robustness(asked), InputError);
    asked.score = "";
    asked.record = "Z";
    CHECK_THROWS_AS(f.robustness(asked), InputError);
}

TEST_CASE("an indicator alone in its group is left out with its group") {
    const Fixture f(
        rules_with("  total:\n    groups:\n      first: {weight: 1, indicators: [{of: a, from: 0..10}]}\n"
                   "      second: {weight: 1, indicators: [{of: c, from: 0..10}]}\n"));
    score::Choices choices;
    choices.leave_out = true;
    const auto found = f.robustness(asking(choices, 100));
    CHECK(found.records[0].scores.low == Approx(50));   // A: c alone
    CHECK(found.records[0].scores.high == Approx(90));  // A: a alone
}

TEST_CASE("indices of an additive result are the shares of its parts, and add up") {
    score::Design design;
    design.size = 4096;
    const score::Draws draws(design.size, 4, 7);
    // y = 2 u + v: variances 4/12 and 1/12.
    std::vector<double> y;
    const auto result = [](double u, double v) { return 2 * u + v; };
    for (std::size_t k = 0; k < design.size; ++k) y.push_back(result(draws.point(k)[0], draws.point(k)[1]));
    for (std::size_t k = 0; k < design.size; ++k) y.push_back(result(draws.point(k)[2], draws.point(k)[3]));
    for (std::size_t k = 0; k < design.size; ++k) y.push_back(result(draws.point(k)[2], draws.point(k)[1]));
    for (std::size_t k = 0; k < design.size; ++k) y.push_back(result(draws.point(k)[0], draws.point(k)[3]));
    const auto found = score::indices_of(design, {Choice::weights, Choice::leave_out}, y, 1);
    CHECK(found[0].first == Approx(0.8).margin(0.01));
    CHECK(found[0].total == Approx(0.8).margin(0.01));
    CHECK(found[1].first == Approx(0.2).margin(0.01));
    CHECK(found[1].total == Approx(0.2).margin(0.01));
    CHECK(found[0].total_within.low < 0.8);
    CHECK(found[0].total_within.high > 0.8);
}

TEST_CASE("points of the sequence are spread evenly in every coordinate") {
    const score::Draws draws(1024, 70, 3);
    for (std::size_t d = 0; d < 70; ++d) {
        std::vector<int> count(16);
        for (std::size_t k = 0; k < draws.size(); ++k) ++count[static_cast<std::size_t>(draws.point(k)[d] * 16)];
        for (const auto n : count) CHECK(std::abs(n - 64) <= 1);
    }
}

TEST_CASE("what is said is said in three languages, and the weakest record first") {
    const Fixture f(rules_with(two_groups));
    score::Choices choices;
    choices.leave_out = true;
    auto asked = asking(choices, 200);
    const auto found = f.robustness(asked);
    const auto text = score::render_text(found, wording::Language::en, {false, false, 200, ""});
    CHECK_THAT(text, Catch::Contains("5 zones, 2023: 2 verdicts hold in 95 of 100 readings or more") &&
                         Catch::Contains("any one of the 4 indicators left out. 200 were drawn, seed 1.") &&
                         Catch::Contains("Weakest first") && Catch::Contains("It changes no verdict."));
    CHECK_THAT(score::render_text(found, wording::Language::zh, {}),
               Catch::Contains("由弱到强") && Catch::Contains("它不改变任何结论。"));
    CHECK_THAT(score::render_text(found, wording::Language::ja, {}), Catch::Contains("弱い順"));
    asked.record = "B";
    const auto one = score::render_record(f.robustness(asked), "B", wording::Language::en, {false, false, 200, ""});
    CHECK_THAT(one, Catch::Contains("B, 2023: good holds in") && Catch::Contains("Which choice it hangs on") &&
                        Catch::Contains("Not varied: how values become points"));
    asked.verdicts = false;
    CHECK_THAT(score::render_record(f.robustness(asked), "B", wording::Language::en, {false, false, 200, ""}),
               Catch::Contains("B, 2023: rank 2 of 5, in 9 of 10 readings"));
}

TEST_CASE("a table for spreadsheets has a row for each record, with readings and seed") {
    const Fixture f(rules_with(two_groups));
    score::Choices choices;
    choices.weights = 0.25;
    const auto path =
        (std::filesystem::temp_directory_path() / ("zoneval-firmness-" + std::to_string(getpid()) + ".csv")).string();
    report::write_csv(f.robustness(asking(choices, 100)), path);
    std::ifstream in(path);
    std::string text((std::istreambuf_iterator<char>(in)), {});
    CHECK_THAT(text, Catch::StartsWith("\xEF\xBB\xBFzone,outcome,holds,otherwise,class,rank,of,") &&
                         Catch::Contains("\r\nE,undetermined,1,,,4,5,") && Catch::Contains(",100,1\r\n"));
    std::filesystem::remove(path);
}

TEST_CASE("weights of parameters, of the data and of pairs are varied like others, and weights by record are refused") {
    for (const std::string score :
         {"{indicators: [{of: a, from: 0..10, weight: emphasis}, {of: c, from: 0..10, weight: 1}]}",
          "{weights: entropy, indicators: [{of: a, from: 0..10}, {of: c, from: 0..10}]}",
          "{weights: {ahp: [[1, 3], [1/3, 1]]}, indicators: [{of: a, from: 0..10}, {of: c, from: 0..10}]}",
          "{aggregate: copeland, missing: unknown, indicators: [{of: a, from: 0..10}, {of: c, from: 0..10}]}"}) {
        INFO(score);
        const Fixture f("parameters: {emphasis: 2}\n" + rules_with("  total: " + score + "\n"));
        score::Choices choices;
        choices.weights = 0.25;
        choices.leave_out = true;
        CHECK_NOTHROW(f.robustness(asking(choices)));
    }
    const Fixture f(
        rules_with("  total: {indicators: [{of: a, from: 0..10, weight: b}, {of: c, from: 0..10, weight: 1}]}\n"));
    score::Choices choices;
    choices.weights = 0.25;
    CHECK_THROWS_AS(f.robustness(asking(choices)), InputError);
}
