#include <numeric>

#include "engine/results/changes.hpp"
#include "tests/results/ranked_zones.hpp"

using namespace zoneval;
using namespace zoneval::results;
using namespace zoneval::testing;

namespace {

const Changes::Move* move_of(const Changes& changes, const std::string& record) {
    for (const auto& move : changes.moved)
        if (move.record == record) return &move;
    return nullptr;
}

const Changes::Score* score_of(const Changes& changes, const std::string& record) {
    for (const auto& score : changes.scores)
        if (score.record == record) return &score;
    return nullptr;
}

}  // namespace

TEST_CASE("changes count who came, who went and who moved, with margins that add up") {
    RankedZones zones;
    const auto a = zones.assessed(2022), b = zones.assessed(2023);
    const auto changes = changes_between(a, b, zones.store);
    CHECK(changes.entered == std::vector<std::string>{"F"});
    CHECK(changes.left.empty());
    CHECK(changes.both == 5);
    CHECK(changes.outcomes == std::vector<std::string>{"none", "interview", "undetermined"});
    CHECK(changes.at(1, 0) == 1);  // C rose
    CHECK(changes.at(2, 1) == 1);  // E reported
    CHECK(std::accumulate(changes.matrix.begin(), changes.matrix.end(), std::size_t{0}) == changes.both);
    CHECK(std::accumulate(changes.causes.begin(), changes.causes.end(), std::size_t{0}) == changes.moved.size());
    const auto back = changes_between(b, a, zones.store);
    CHECK(back.left == std::vector<std::string>{"F"});
}

TEST_CASE("who moved by its own figures, and who by a figure that came, is told apart") {
    RankedZones zones;
    const auto a = zones.assessed(2022), b = zones.assessed(2023);
    const auto changes = changes_between(a, b, zones.store);
    REQUIRE(move_of(changes, "C"));
    CHECK(move_of(changes, "C")->cause == Cause::own);
    REQUIRE(move_of(changes, "E"));
    CHECK(move_of(changes, "E")->cause == Cause::undetermined);
    CHECK_FALSE(move_of(changes, "D"));
}

TEST_CASE("who stands where people ruled moves from there, and the ruling is the cause") {
    RankedZones zones;
    auto a = zones.assessed(2022);
    const auto b = zones.assessed(2023);
    zoneval::store::Ruling ruling;
    ruling.id = 7;
    ruling.year = 2022;
    ruling.record = "E";
    ruling.decision = "verdict";
    ruling.outcome = "\"none\"";
    a.rulings = {ruling};
    const auto changes = changes_between(a, b, zones.store);
    CHECK(changes.outcomes == std::vector<std::string>{"none", "interview"});  // nobody is open any more
    CHECK(changes.at(0, 1) == 1);
    REQUIRE(move_of(changes, "E"));
    CHECK(move_of(changes, "E")->from == "none");
    CHECK(move_of(changes, "E")->cause == Cause::ruled);
}

TEST_CASE("who moved because the others did is told so") {
    RankedZones zones;
    import_text(zones.store, *zones.graph, "2024.csv",
                "zone,year,output,region,called\nA,2024,90,East,Alder\nB,2024,20,East,Birch\nC,2024,10,West,Cedar\n"
                "D,2024,30,West,Dogwood\nE,2024,10,West,Elm\nF,2024,5,West,Fir\n");
    const auto a = zones.assessed(2023), b = zones.assessed(2024);
    const auto changes = changes_between(a, b, zones.store);
    REQUIRE(move_of(changes, "D"));
    CHECK(move_of(changes, "D")->to == "none");
    CHECK(move_of(changes, "D")->cause == Cause::peers);
}

TEST_CASE("a score's change is parted into own figures and the others to the last digit") {
    RankedZones zones;
    const auto a = zones.assessed(2022), b = zones.assessed(2023);
    const auto changes = changes_between(a, b, zones.store);
    CHECK(changes.parted);
    CHECK(changes.scores.front().record == "C");
    std::size_t parted = 0;
    for (const auto& score : changes.scores) {
        if (!score.parts) continue;
        ++parted;
        CHECK(score.parts->sum() == score.change());
    }
    CHECK(parted == changes.scores.size());
    const auto* own = score_of(changes, "D");  // its figure is the same in both years
    REQUIRE(own);
    CHECK(own->parts->own.is_zero());
    CHECK(own->parts->peers == own->change());
}

TEST_CASE("the indicators of a score and its rounding add up to the whole change, cause by cause") {
    RankedZones zones;
    const auto a = zones.assessed(2022), b = zones.assessed(2023);
    const auto changes = changes_between(a, b, zones.store);
    const auto* c = score_of(changes, "C");
    REQUIRE(c);
    REQUIRE_FALSE(c->indicators.empty());
    feel::Decimal own, all;
    for (const auto& indicator : c->indicators) {
        own = own + indicator.parts.own;
        all = all + indicator.parts.sum();
    }
    CHECK(own + c->rounding().own == c->parts->own);
    CHECK(all + c->rounding().sum() == c->change());
    CHECK(c->indicators.front().before != c->indicators.front().after);
}

TEST_CASE("a figure of last year that was corrected since is told apart from what changed this year") {
    RankedZones zones;
    const auto a = zones.assessed(2022);  // before the correction
    import_text(zones.store, *zones.graph, "late.csv", "zone,year,output,region,called\nD,2022,70,West,Dogwood\n");
    const auto b = zones.assessed(2023);
    const auto changes = changes_between(a, b, zones.store);
    const auto* d = score_of(changes, "D");
    REQUIRE(d);
    REQUIRE(d->parts);
    CHECK_FALSE(d->parts->correction.is_zero());
    CHECK(d->parts->sum() == d->change());
}

TEST_CASE("another threshold on the same data is a change of the rules") {
    RankedZones zones;
    const auto a = zones.assessed(2023);
    auto text = ranking_rules;
    text.replace(text.find("value: 40"), 9, "value: 70");
    zones.graph = rules_of(text);
    const auto b = zones.assessed(2023);
    const auto changes = changes_between(a, b, zones.store);
    REQUIRE(changes.moved.size() == 2);  // B with 60 points, F with 40
    for (const auto& move : changes.moved) CHECK(move.cause == Cause::rules);
    for (const auto& score : changes.scores) CHECK(score.change().is_zero());
}

TEST_CASE("of very many records causes are not looked for, and that is said") {
    RankedZones zones;
    const auto a = zones.assessed(2022), b = zones.assessed(2023);
    const auto changes = changes_between(a, b, zones.store, {wording::Language::en, 0});
    CHECK_FALSE(changes.parted);
    CHECK(changes.causes[static_cast<std::size_t>(Cause::unknown)] == changes.moved.size());
}

namespace {

/// Two groups of invented figures, with what is said of the score as a whole and of its parts.
std::string two_parts(const std::string& whole, const std::string& output, const std::string& share,
                      const std::string& more = "") {
    return "ruleset: parts\nrecord: zone\ninputs: {output: {min: 0}, region: {type: string}, called: {type: string}}\n"
           "parameters: {most: 100}\nmeasures: {share: output / cohort sum(output)" +
           more + "}\nscores: {points: {decimals: 3" + whole + ", indicators: [{of: output, " + output +
           "}, {of: share, " + share + "}]}}\n";
}

}  // namespace

TEST_CASE("other weights, another method and other definitions are told apart, and add up") {
    const auto between = [](const std::string& before, const std::string& after) {
        RankedZones zones(before);
        const auto a = zones.assessed(2022);
        zones.graph = rules_of(after);
        return changes_between(a, zones.assessed(2023), zones.store);
    };
    const auto old = two_parts("", "from: 0..100, weight: 3", "from: 0..1, weight: 1");
    const auto check = [&](const std::string& after, bool weights, bool method, bool rules) {
        const auto changes = between(old, after);
        REQUIRE(changes.scores.size() >= 3);
        bool any[3] = {};
        for (const auto& score : changes.scores) {
            REQUIRE(score.parts);
            CHECK(score.parts->sum() == score.change());
            any[0] = any[0] || !score.parts->weights.is_zero();
            any[1] = any[1] || !score.parts->method.is_zero();
            any[2] = any[2] || !score.parts->rules.is_zero();
            Changes::Score::Parts sum;
            for (const auto& i : score.indicators) {
                sum.weights = sum.weights + i.parts.weights;
                sum.method = sum.method + i.parts.method;
                sum.rules = sum.rules + i.parts.rules;
            }
            if (score.indicators.empty()) continue;
            CHECK(sum.weights + score.rounding().weights == score.parts->weights);
            CHECK(sum.method + score.rounding().method == score.parts->method);
            CHECK(sum.rules + score.rounding().rules == score.parts->rules);
        }
        CHECK(any[0] == weights);
        CHECK(any[1] == method);
        CHECK(any[2] == rules);
    };
    check(two_parts("", "from: 0..100, weight: 1", "from: 0..1, weight: 1"), true, false, false);
    check(two_parts("", "from: 0..200, weight: 3", "normalise: min-max, weight: 1"), false, true, false);
    check(two_parts("", "from: 0..100, weight: 3", "from: 0..1, weight: 1", " + 0.1"), false, false, true);
    check(two_parts("", "from: 0..most, weight: 3", "from: 0..1, weight: 2"), true, false, false);
    check(two_parts(", aggregate: geometric, floor: 1", "from: 0..50, weight: 1", "from: 0..1, weight: 1", " * 0.5"),
          true, true, true);
}

TEST_CASE("an indicator that only one of two rule sets has is a change of the rules") {
    RankedZones zones(two_parts("", "from: 0..100, weight: 3", "from: 0..1, weight: 1"));
    const auto a = zones.assessed(2023);
    auto text = two_parts("", "from: 0..100, weight: 1", "from: 0..1, weight: 1");
    text.replace(text.find("{of: share"), 10, "{of: 2 * share");
    zones.graph = rules_of(text);
    for (const auto& score : changes_between(a, zones.assessed(2023), zones.store).scores) {
        REQUIRE(score.parts);
        CHECK(score.parts->rules == score.change());
    }
}
