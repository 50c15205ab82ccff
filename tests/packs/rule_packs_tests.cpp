// Every pack is clean under `check` and passes its own tests.
#include <catch2/catch.hpp>

#include "tests/packs/command.hpp"

using namespace zoneval::tests;

TEST_CASE("every pack is checked and passes its own tests") {
    const std::string file =
        GENERATE(as<std::string>{}, "rules/hightech-zones-14fyp/pack.yaml", "rules/hightech-zones-14fyp/upgrade.yaml",
                 "rules/hightech-zones-14fyp/coverage.yaml", "rules/one-zone-many-parks/pack.yaml",
                 "rules/work-safety/pack.yaml", "rules/land-use/pack.yaml", "rules/delegations/pack.yaml",
                 "rules/delegations/city.yaml", "rules/delegations/province.yaml", "rules/admission/pack.yaml",
                 "rules/incubators/pack.yaml", "rules/enterprise-path/pack.yaml", "rules/innovation-points/pack.yaml",
                 "rules/plan-cycle/pack.yaml", "rules/plan-cycle/dated-targets.yaml",
                 "rules/demonstration-zones/pack.yaml", "rules/demonstration-zones/policies.yaml",
                 "rules/tasks-and-actions/pack.yaml", "rules/tasks-and-actions/zones.yaml", "rules/highlands/pack.yaml",
                 "rules/highlands/problems.yaml", "rules/highlands/gap.yaml", "rules/highlands/several.yaml",
                 "rules/exemptions/pack.yaml", "rules/scheme-46/pack.yaml", "rules/economic-zones/pack.yaml",
                 "rules/economic-zones/province.yaml", "rules/elsewhere/innovation-scoreboard.yaml",
                 "rules/elsewhere/opportunity-zones.yaml", "rules/elsewhere/korea-free-zones.yaml",
                 "rules/agri-parks/pack.yaml", "rules/wb-income/pack.yaml", "rules/provinces/pack.yaml");
    INFO(file);
    CHECK(run({"check", source(file)}).exit_code == 0);
    const auto tested = run({"test", source(file)});
    INFO(tested.out);
    CHECK(tested.exit_code == 0);
}

TEST_CASE("the example's entry file is checked") {
    CHECK(run({"check", source("examples/hightech-zones/assessment.yaml")}).exit_code == 0);
}
