// Published income classes from the figures of the day, and what revisions of the figures did to them.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/packs/command.hpp"

using namespace zoneval::tests;

namespace {

int over_years(const nlohmann::json& all, int from, int to, const std::string& decision, const std::string& value) {
    int sum = 0;
    for (int year = from; year <= to; ++year) sum += count(all, year, decision, value);
    return sum;
}

}  // namespace

TEST_CASE("income classes: as known then and as known now") {
    const auto data = shared_data("wb-income");
    if (data.empty()) return;
    const auto rules = source("rules/wb-income/pack.yaml");
    const NewStore store("wb-income");
    const auto import = [&](const std::string& dataset, const std::string& file, const std::string& note) {
        return run_json({"import", "--rules", rules, "--store", store.path(), "--dataset", dataset, "--note", note,
                         (data / file).string()});
    };
    import("published", "classification.csv", "classes as published");
    import("gni", "gni_as_published.csv", "GNI as published");
    const auto then = run_json({"assess", rules, "--store", store.path(), "--year", "2019..2024"});
    CHECK(over_years(then, 2019, 2024, "agreement", "agrees") == 1058);
    CHECK(over_years(then, 2019, 2024, "agreement", "differs") == 0);

    // The revision of a later snapshot. Puerto Rico's figures of 2019, 2020, 2022 and 2023 are not in the revised
    // series and stay as first published, so four more classes can be compared than with the revised series alone.
    import("gni", "gni_per_capita_atlas.csv", "GNI as revised by 2026");
    const auto now = run_json({"assess", rules, "--store", store.path(), "--year", "1987..2024"});
    const int agree = over_years(now, 1987, 2024, "agreement", "agrees");
    const int differ = over_years(now, 1987, 2024, "agreement", "differs");
    CHECK(agree == 6364);
    CHECK(agree + differ == 7032);
    CHECK(over_years(now, 2019, 2024, "agreement", "differs") == 32);  // verdicts that moved because the data did
    CHECK(over_years(now, 1987, 2024, "agreement", "not comparable") == 2);

    // The first run still says what it said, from the figures it saw.
    const auto first_run = then.at("runs")[0].at("run").get<int>();
    const auto told = run({"explain", "CHN", "--store", store.path(), "--run", fmt::format("{}", first_run)});
    CHECK(told.exit_code == 0);
}

TEST_CASE("income classes: the revised series alone") {
    const auto data = shared_data("wb-income");
    if (data.empty()) return;
    const auto rules = source("rules/wb-income/pack.yaml");
    const NewStore store("wb-income-revised");
    for (const auto& [dataset, file] :
         {std::pair("published", "classification.csv"), std::pair("gni", "gni_per_capita_atlas.csv")})
        run_json({"import", "--rules", rules, "--store", store.path(), "--dataset", dataset, (data / file).string()});
    const auto all = run_json({"assess", rules, "--store", store.path(), "--year", "1987..2024"});
    const int agree = over_years(all, 1987, 2024, "agreement", "agrees");
    CHECK(agree == 6360);
    CHECK(agree + over_years(all, 1987, 2024, "agreement", "differs") == 7028);
}
