// The worked example of invented zones, assessed 2021 to 2024 in memory.
#pragma once

#include <fstream>
#include <sstream>

#include "engine/assess/years.hpp"
#include "tests/assess/store_support.hpp"

namespace zoneval::testing {

inline std::optional<std::string> text_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return std::nullopt;
    return (std::ostringstream() << in.rdbuf()).str();
}

inline std::shared_ptr<const graph::Graph> example_rules() {
    return graph::sound_graph(graph::compile(ZONEVAL_SOURCE_DIR "/examples/hightech-zones/assessment.yaml", text_of));
}

inline void import_example(store::Store& store, const graph::Graph& graph) {
    const std::string folder = ZONEVAL_SOURCE_DIR "/examples/hightech-zones/";
    const auto add = [&](const std::string& dataset, const std::vector<std::string>& files) {
        const auto schema = std::get<DatasetSchema>(assess::choose_dataset(*graph.rules, dataset));
        Diagnostics found;
        std::vector<std::string> paths;
        for (const auto& file : files) paths.push_back(folder + file);
        for (const auto& rows : assess::read_files(paths, schema, {}, found)) store.import(rows, schema, "invented");
        REQUIRE_FALSE(found.has_errors());
    };
    add("zones", {"zones-2020.csv", "zones-2021.csv", "zones-2022.csv", "zones-2023.csv", "zones-2024.csv",
                  "revision-2021.csv"});
    add("acts", {"acts.csv"});
}

inline store::Store assessed_example() {
    const auto graph = example_rules();
    store::Store out(":memory:", store::Store::Mode::create_or_open);
    import_example(out, *graph);
    const auto done = assess::assess_years(graph, out, {2021, 2022, 2023, 2024}, {});
    REQUIRE_FALSE(done.refused);
    return out;
}

/// How much is asked for: ZONEVAL_CHECKS, or what every run of the tests has time for.
inline std::size_t checks_wanted(std::size_t otherwise) {
    const auto* text = std::getenv("ZONEVAL_CHECKS");
    return text ? static_cast<std::size_t>(std::atoll(text)) : otherwise;
}

}  // namespace zoneval::testing
