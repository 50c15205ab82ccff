// A rule set from memory and invented zones, by the public headers.
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "zoneval/zoneval.hpp"

namespace zoneval::testing {

inline const std::string looking_back =
    "ruleset: r\nrecord: zone\ntitle: {en: Zones, zh: 园区}\n"
    "inputs: {output: {min: 0, unit: CNY}, region: {type: string, values: [East, West]}, listed: {type: boolean}, "
    "founded: {type: date}}\n"
    "measures:\n  growth: {is: output - prior(output), unit: CNY, title: {en: Growth, zh: 增长}, cite: art. 1}\n"
    "  age: {is: year - founded.year}\n"
    "decisions: {verdict: {values: [none, interview], adverse: [interview], rules: ["
    "{id: shrank, when: growth < 0, then: interview, because: \"Output fell by {0 - growth}.\"}], otherwise: none}}\n";

inline Result<RuleSet> load(const std::string& yaml) {
    return RuleSet::load("r.yaml", [&](const std::string&) { return std::optional(yaml); });
}

/// A value that must be there.
template <class T>
T sure(Result<T> result) {
    INFO(to_text(result.findings()));
    REQUIRE(result);
    return std::move(*result);
}

/// Three zones over two years: A shrinks, B grows, nobody reported C's output of 2023.
inline Data invented(const RuleSet& rules) {
    DataBuilder table(rules, "invented", {"output", "region", "listed", "founded"});
    for (const int year : {2022, 2023}) {
        table.row("A", year).set("output", year == 2022 ? 9.5 : 8.25).set("region", "East").set("listed", true);
        table.set("founded", "1999-03-01");
        table.row("B", year).set("output", year - 2000).set("region", "West").set("listed", false);
        table.row("C", year).set("region", "West");
        if (year == 2022) table.set("output", 3);
    }
    return sure(table.build());
}

inline Store filled(const RuleSet& rules) {
    auto store = sure(Store::in_memory());
    sure(store.add(invented(rules), "invented data"));
    return store;
}

}  // namespace zoneval::testing
