// The notices of 2017 to 2023 end with every park in the state they imply.
#include <catch2/catch.hpp>

#include "tests/packs/command.hpp"

using namespace zoneval::tests;
using Names = std::vector<std::string>;

TEST_CASE("agricultural parks: the notices of 2017 to 2023, replayed") {
    const auto data = shared_data("agri-parks");
    if (data.empty()) return;
    const auto rules = source("rules/agri-parks/pack.yaml");
    const NewStore store("agri-parks");
    const auto acceptance = run_json({"import", "--rules", rules, "--store", store.path(), "--dataset", "acceptance",
                                      (data / "acceptance.csv").string()});
    CHECK(acceptance[0].at("rows") == 232);
    const auto evaluation = run_json({"import", "--rules", rules, "--store", store.path(), "--dataset", "evaluation",
                                      (data / "evaluation.csv").string()});
    CHECK(evaluation[0].at("rows") == 254);
    const auto all = run_json({"assess", rules, "--store", store.path(), "--year", "2017..2023"});

    SECTION("every park ends in its state") {
        CHECK(run_of(all, 2023).at("records") == 301);
        CHECK(count(all, 2023, "state", "excellent") == 45);
        CHECK(count(all, 2023, "state", "up to standard") == 171);
        CHECK(count(all, 2023, "state", "retained") == 12);
        CHECK(count(all, 2023, "state", "rectifying") == 8);
        CHECK(count(all, 2023, "state", "cancelled") == 3);
        CHECK(count(all, 2023, "state", "accepted") == 57);
        CHECK(count(all, 2023, "state", "refused") == 5);
        CHECK(undetermined(all, 2023, "state") == 0);
        CHECK(45 + 171 + 12 + 8 + 3 == 239);  // parks ever evaluated
        CHECK(adverse(all, 2023, "state", "cancelled") ==
              Names{"宁夏银川国家农业科技园区", "广西桂林国家农业科技园区", "河南郑州国家农业科技园区"});
    }
    SECTION("failures come and go year by year") {
        CHECK(count(all, 2018, "state", "rectifying") == 0);
        CHECK(count(all, 2019, "state", "rectifying") == 10);
        CHECK(count(all, 2020, "state", "rectifying") == 15);  // 5 more failed, none was re-evaluated after one year
        CHECK(count(all, 2021, "state", "rectifying") == 13);  // 10 of 2019 decided, 8 failed anew
        CHECK(count(all, 2022, "state", "rectifying") == 8);   // 5 of 2020 decided
        CHECK(count(all, 2021, "state", "cancelled") == 2);
        CHECK(count(all, 2022, "state", "cancelled") == 3);
    }
    SECTION("the 8 failures of 2021 are overdue") {
        CHECK(count(all, 2023, "next step", "re-evaluation") == 8);
        CHECK(count(all, 2023, "next step", "nothing") == 8);  // 5 refused, 3 cancelled
        CHECK(count(all, 2023, "timing", "overdue") >= 8);
    }
    SECTION("where practice departed from the text") {
        const std::string early = "evaluated earlier than three years after acceptance";
        const std::string late = "re-evaluated later than one year after the failure";
        CHECK(count(all, 2019, "departures", early) == 47);  // 45 after two years, 2 after one
        CHECK(count(all, 2020, "departures", early) == 46);
        CHECK(count(all, 2021, "departures", early) == 77);
        CHECK(count(all, 2021, "departures", late) == 10);
        CHECK(count(all, 2022, "departures", late) == 5);
        // None of the others: nothing was retained or cancelled without a failure, and no refused park was evaluated.
        for (int year = 2017; year <= 2023; ++year) {
            const int listed = count(all, year, "departures", early) + count(all, year, "departures", late);
            CHECK(count(all, year, "departures", "(nothing)") + listed == run_of(all, year).at("records"));
        }
    }
    SECTION("a cancelled park can be explained") {
        const auto told = run({"explain", "宁夏银川国家农业科技园区", "--store", store.path(), "--year", "2021"});
        CHECK(told.exit_code == 0);
        CHECK(told.out.find("Below standard in 2019") != std::string::npos);
    }
}
