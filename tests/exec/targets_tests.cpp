#include "engine/exec/results/targets.hpp"
#include "tests/exec/small_rules.hpp"

using namespace zoneval;
using namespace zoneval::testing;
using exec::measure_progress;

namespace {

model::Target target(const std::string& kind, const char* base, const char* goal, bool up = true) {
    model::Target out;
    if (kind == "linear") out.kind = model::Target::Kind::linear;
    if (kind == "reduction") out.kind = model::Target::Kind::cumulative_reduction;
    out.up = up;
    out.base = model::Observation{2020, number(base), "", "", "", ""};
    out.goals = {{std::nullopt, 2025, number(goal), "", {}, std::nullopt}};
    return out;
}

std::string ratio(const exec::Progress& p) { return p.ratio.number() ? p.ratio.number()->to_fixed(2) : "null"; }

}  // namespace

TEST_CASE("the GDP share of 2021 is limited progress, that of 2022 on track: the figures of Open SDG's method") {
    const auto t = target("growth", "13.3", "15");
    CHECK(ratio(measure_progress(t, 2021, number("13.4"))) == "0.31");
    CHECK(measure_progress(t, 2021, number("13.4")).status == "limited progress");
    CHECK(ratio(measure_progress(t, 2022, number("14.3"))) == "1.52");
    CHECK(measure_progress(t, 2022, number("14.3")).status == "on track");
    CHECK(ratio(measure_progress(t, 2024, number("14.3"))) == "0.75");
    CHECK(measure_progress(t, 2024, number("14.3")).status == "acceleration needed");
    CHECK(measure_progress(t, 2024, number("15")).status == "achieved");
    CHECK(measure_progress(t, 2022, number("13.0")).status == "deterioration");
}

TEST_CASE("a cumulative reduction below the last period's is no deterioration") {
    const auto t = target("reduction", "29", "15");
    CHECK(measure_progress(t, 2025, number("15")).status == "achieved");
    CHECK(ratio(measure_progress(t, 2021, number("3.2"))) == "1.00");
    CHECK(measure_progress(t, 2021, number("1")).status == "limited progress");
    CHECK(measure_progress(t, 2021, number("-1")).status == "deterioration");
}

TEST_CASE("figures of another definition are shown and not compared") {
    auto t = target("growth", "1684", "2000");
    t.observed = {{2021, number("2283"), "report", "V(2nd)", "wider scope", ""},
                  {2023, number("2534"), "report", "", "", ""}};
    const auto seen = exec::published_progress(t, 2022);
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].status == "not comparable");
    CHECK(seen[0].ratio.is_null());
}

TEST_CASE("zones from 169 to 220: 178 at the end of 2023 is a third of the way it should have come") {
    CHECK(ratio(measure_progress(target("growth", "169", "220"), 2023, number("178"))) == "0.32");
    CHECK(ratio(measure_progress(target("linear", "169", "220"), 2023, number("178"))) == "0.29");
}

TEST_CASE("a year is measured against the goal of its own assessment") {
    const auto goal = "goal: [{year: 2025, value: 15}, {from: 2024-01-01, year: 2025, value: 14, because: the facts}]";
    const auto graph =
        build(std::string("inputs: {x: {}}\ntargets:\n  share: {kind: level, base: {year: 2020, value: 13}, ") + goal +
              ", is: x, observed: [{year: 2023, value: 14.3}, {year: 2024, value: 14.3}]}\n");
    const auto& t = *graph->targets.front().target;
    CHECK(measure_progress(t, 2023, number("14.3")).status == "not reached");
    CHECK(measure_progress(t, 2024, number("14.3")).status == "achieved");
    CHECK(measure_progress(t, 2024, number("14.3")).goal->because.in("en") == "the facts");
    const auto seen = exec::published_progress(t, 2024);
    REQUIRE(seen.size() == 2);
    CHECK(seen[0].status == "not reached");
    CHECK(seen[1].status == "achieved");
    // Assessed on 1 July of the year after, 2023 has the new goal already.
    const auto later = [](std::int32_t year) { return std::optional(feel::Date{year + 1, 7, 1}); };
    CHECK(measure_progress(t, 2023, number("14.3"), later).status == "achieved");
}

TEST_CASE("before its first goal a target is unknown, and goals out of order are refused") {
    const auto graph = build(
        "inputs: {x: {}}\ntargets:\n  share: {kind: level, goal: [{from: 2022-09-21, year: 2025, value: 15}], is: "
        "x}\n");
    const auto early = measure_progress(*graph->targets.front().target, 2021, number("16"));
    CHECK(early.status == "unknown");
    CHECK(shown(early.ratio).find("no goal was in force on 2021-12-31") != std::string::npos);
    CHECK(findings(
              "inputs: {x: {}}\ntargets:\n  s: {kind: level, goal: [{from: 2024-01-01, year: 2025, value: 15}, {from: "
              "2023-01-01, year: 2025, value: 14}], is: x}\n")
              .find("in force from 2023-01-01, not after the one before") != std::string::npos);
}
