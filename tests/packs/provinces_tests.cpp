// The 31 provinces of a real panel, the country's total kept out.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/packs/command.hpp"

using namespace zoneval::tests;

TEST_CASE("provinces: ranked without the country's total") {
    const auto data = shared_data("provinces");
    if (data.empty()) return;
    const auto rules = source("rules/provinces/pack.yaml");
    const NewStore store("provinces");
    const auto imported = run_json(
        {"import", "--rules", rules, "--store", store.path(), "--dataset", "panel", (data / "panel.csv").string()});
    CHECK(imported[0].at("rows") == 448);
    run_json({"import", "--rules", rules, "--store", store.path(), "--dataset", "certified",
              (data / "hitech-enterprises-certified.csv").string()});
    const auto all = run_json({"assess", rules, "--store", store.path(), "--year", "2010..2023"});
    for (int year = 2010; year <= 2023; ++year) CHECK(run_of(all, year).at("records") == 31);
    CHECK(count(all, 2023, "third", "first third") == 10);
    CHECK(undetermined(all, 2023, "third") == 0);
    CHECK(run({"explain", "全国", "--store", store.path(), "--year", "2023"}).exit_code != 0);
}

TEST_CASE("provinces: a slip in a name is refused, not taken for a new province") {
    const NewStore store("provinces-slips");
    const auto file =
        std::filesystem::temp_directory_path() / ("zoneval-provinces-slip-" + std::to_string(getpid()) + ".csv");
    std::ofstream(file) << "province,year,enterprises_certified_in_year\n西藏,2023,1\n两藏,2022,1\n";
    const auto refused = run({"import", "--rules", source("rules/provinces/pack.yaml"), "--store", store.path(),
                              "--dataset", "certified", file.string()});
    std::filesystem::remove(file);
    CHECK(refused.exit_code == 3);
    CHECK(!std::filesystem::exists(store.path()));
}
