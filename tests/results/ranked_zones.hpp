// Invented zones of two years under a small rule set with a score, a rank and a verdict.
#pragma once

#include "engine/assess/years.hpp"
#include "tests/assess/store_support.hpp"

namespace zoneval::testing {

inline const std::string ranking_rules =
    "ruleset: ranked\nrecord: {name: zone, label: called}\n"
    "inputs: {output: {unit: CNY, min: 0}, region: {type: string}, called: {type: string}}\n"
    "parameters: {line: {value: 40}}\n"
    "measures:\n  share: {is: output / cohort sum(output) * 100, unit: '%', decimals: 1, title: {en: Share of all, zh: "
    "占比}}\n"
    "  place: {is: 'rank(points, region)', title: Place in its region}\n"
    "scores:\n  points: {decimals: 1, indicators: [{of: output, weight: 100 %, normalise: percent rank}]}\n"
    "decisions:\n  verdict:\n    values: [none, interview]\n    adverse: [interview]\n"
    "    rules: [{id: low, when: points < line, then: interview, because: \"{points} points.\", cite: art. 3}]\n"
    "    otherwise: none\n";

/// A and B lead, C and D are equal, E does not report.
inline const std::string zones_2022 =
    "zone,year,output,region,called\nA,2022,90,East,Alder (invented)\nB,2022,80,East,=Birch (invented)\n"
    "C,2022,30,West,Cedar (invented)\nD,2022,30,West,Dogwood (invented)\nE,2022,,West,Elm (invented)\n";
/// C grows; D falls behind without having changed; F is new.
inline const std::string zones_2023 =
    "zone,year,output,region,called\nA,2023,90,East,Alder (invented)\nB,2023,80,East,=Birch (invented)\n"
    "C,2023,95,West,Cedar (invented)\nD,2023,30,West,Dogwood (invented)\nE,2023,10,West,Elm (invented)\n"
    "F,2023,50,West,Fir (invented)\n";

struct RankedZones {
    std::shared_ptr<const graph::Graph> graph;
    store::Store store{":memory:", store::Store::Mode::create_or_open};

    explicit RankedZones(const std::string& rules = ranking_rules) : graph(rules_of(rules)) {
        import_text(store, *graph, "2022.csv", zones_2022);
        import_text(store, *graph, "2023.csv", zones_2023);
    }
    assess::Assessment assessed(std::int32_t year) {
        return std::move(assess::assess_and_record(graph, store, year, {}).assessment);
    }
};

}  // namespace zoneval::testing
