// A store in memory with invented zones of three years, and a rule set that looks back.
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "engine/assess/importing.hpp"
#include "engine/graph/compile.hpp"

namespace zoneval::testing {

inline const std::string looking_back =
    "ruleset: r\nrecord: zone\ninputs: {output: {min: 0}}\n"
    "measures: {growth: output - prior(output)}\n"
    "decisions: {verdict: {values: [none, interview, notice], adverse: [interview, notice], rules: ["
    "{id: again, when: growth < 0 and prior(verdict) = \"interview\", then: notice}, "
    "{id: shrank, when: growth < 0, then: interview}], otherwise: none}}\n";

inline std::shared_ptr<const graph::Graph> rules_of(const std::string& yaml) {
    return graph::sound_graph(graph::compile("r.yaml", [&](const std::string&) { return std::optional(yaml); }));
}

inline void import_text(store::Store& store, const graph::Graph& graph, const std::string& name,
                        const std::string& csv) {
    const auto schema = std::get<DatasetSchema>(assess::choose_dataset(*graph.rules, ""));
    Diagnostics found;
    const auto rows = io::read_rows_of(name, csv, schema, {}, found);
    INFO(render_text(found, false));
    REQUIRE_FALSE(found.has_errors());
    store.import(rows, schema, "invented");
}

/// Two zones, 2021 to 2023; A shrinks twice.
inline store::Store invented(const graph::Graph& graph) {
    store::Store out(":memory:", store::Store::Mode::create_or_open);
    import_text(out, graph, "zones.csv",
                "zone,year,output\nA,2021,9\nA,2022,8\nA,2023,7\nB,2021,5\nB,2022,6\nB,2023,\n");
    return out;
}

}  // namespace zoneval::testing
