// Every system of the plan in one store (script/plan), on the invented data of examples/plan.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/packs/command.hpp"

using namespace zoneval::tests;
namespace fs = std::filesystem;

namespace {

/// What script/plan prints, with a store of its own.
class Plan {
  public:
    Plan() : folder_(fs::temp_directory_path() / ("zoneval-plan-page-" + std::to_string(getpid()))) {
        fs::remove_all(folder_);
        fs::create_directories(folder_);
        page_ = run_shell("ZONEVAL=zoneval '" + source("script/plan") + "' --store '" + store() + "'");
    }
    ~Plan() {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    Plan(const Plan&) = delete;
    Plan& operator=(const Plan&) = delete;

    std::string store() const { return (folder_ / "plan.sqlite").string(); }
    const Printed& page() const { return page_; }
    /// The outcome of a decision about a record; empty where it is undetermined.
    std::string outcome(const std::string& ruleset, const std::string& record, const std::string& decision) const {
        return run_shell("sqlite3 '" + store() + "' \"SELECT value FROM latest_verdict WHERE ruleset = '" + ruleset +
                         "' AND record = '" + record + "' AND decision = '" + decision +
                         "' ORDER BY year DESC LIMIT 1\"")
            .out;
    }

  private:
    fs::path folder_;
    Printed page_;
};

}  // namespace

TEST_CASE("plan: one page says how every system of it stands") {
    const Plan plan;
    INFO(plan.page().out);
    REQUIRE(plan.page().exit_code == 0);
    for (const auto* clause : {"(二(四) 四(二) 表1)",
                               "(二(三))",
                               "(四(四))",
                               "(三(七)1 四(四))",
                               "(二(三) 三(七)1)",
                               "(三(七)1 三(九)2)",
                               "(三 コラム1-9)",
                               "(四(三))",
                               "(二(四) 表1)",
                               "(二(四))",
                               "(一(二))",
                               "(一(二) 第三)",
                               "(三(五)1 コラム4)",
                               "(二(四) 三(四))",
                               "(三(五)3 コラム5)",
                               "(四(二))",
                               "(三(三)2 三(六)3)",
                               "(三(九)1)",
                               "(三(九)2)",
                               "(三(九)3)",
                               "(四(一))",
                               "(国科发火〔2021〕106号)"}) {
        INFO(clause);
        CHECK(plan.page().out.find(clause) != std::string::npos);
    }
    // An exemption holds a warning back; another ground lets it stand; an open finding waits.
    CHECK(plan.outcome("exemptions-example", "Invented-C22", "warning") == "\"held back\"\n");
    CHECK(plan.outcome("exemptions-example", "Invented-N07", "warning") == "\"interview\"\n");
    CHECK(plan.outcome("exemptions-example", "Invented-W32", "warning") == "\n");
    CHECK(plan.outcome("hightech-zones-example", "Invented-C22", "verdict") == "\"interview\"\n");  // not erased
    // What the run of the annual assessment says is read from it, and a city's duty is told of its zone.
    CHECK(plan.outcome("exemptions-example", "Invented-N06", "warning") == "\"not a warning\"\n");
    CHECK(plan.outcome("city-duties", "Invented-E17", "duty of the city") == "\"not met\"\n");
    // A branch that reported nothing leaves the roll-up open, and what is outside the planned area is not counted.
    CHECK(plan.outcome("one-zone-many-parks", "Invented-W05", "roll-up") == "\n");
    CHECK(plan.outcome("plan-cycle", "Invented-C02", "scope finding") == "\"outside\"\n");
    CHECK(plan.outcome("work-safety", "Invented-E12", "safety") == "\n");
    CHECK(plan.outcome("tasks-and-actions", "Invented-C03 四(三)", "finding") == "\"breach\"\n");
}

TEST_CASE("plan: the grades of 1,277 invented carriers are distributed as published, and two D running cancel") {
    const NewStore store("carriers");
    const auto rules = source("rules/incubators/pack.yaml");
    run_json({"import", "--rules", rules, "--store", store.path(), "--note", "invented data",
              source("examples/plan/incubators/carriers-2021.csv"),
              source("examples/plan/incubators/carriers-2022.csv")});
    const auto assessed = run_json({"assess", rules, "--store", store.path(), "--year", "2021..2022"});
    CHECK(run_of(assessed, 2021).at("records") == 1277);
    CHECK(count(assessed, 2021, "grade", "A") == 386);
    CHECK(count(assessed, 2021, "grade", "B") == 617);
    CHECK(count(assessed, 2021, "grade", "C") == 262);
    CHECK(count(assessed, 2021, "grade", "D") == 12);
    CHECK(count(assessed, 2022, "standing", "cancelled") == 10);  // one was better, one has no score yet
    CHECK(undetermined(assessed, 2022, "standing") == 1);
}

TEST_CASE("plan: the invented data are what their program writes") {
    const auto folder = fs::temp_directory_path() / ("zoneval-plan-data-" + std::to_string(getpid()));
    fs::remove_all(folder);
    const auto said = run_shell("python3 '" + source("examples/plan/generate.py") + "' '" + folder.string() +
                                "' && cd '" + folder.string() + "' && for file in */*.csv; do cmp \"$file\" '" +
                                source("examples/plan") + "'/\"$file\" || exit 1; done");
    INFO(said.out);
    CHECK(said.exit_code == 0);
    fs::remove_all(folder);
}

TEST_CASE("plan: a firm that stands in two parks is one record, and a second row of it is refused") {
    const NewStore store("firm-twice");
    const auto file = fs::temp_directory_path() / ("zoneval-firm-twice-" + std::to_string(getpid()) + ".csv");
    std::ofstream(file)
        << "firm,zone,year,leads\nInvented firm,Invented zone,2024,true\nInvented firm,Invented zone,2024,true\n";
    const auto said = run_shell("zoneval import --rules '" + source("rules/one-zone-many-parks/pack.yaml") +
                                "' --store '" + store.path() + "' --dataset firms '" + file.string() + "'");
    CHECK(said.exit_code == 3);
    CHECK(said.out.find("ZV406") != std::string::npos);
    fs::remove(file);
}

TEST_CASE("plan: seven years of economic-technological zones, through the change of the method") {
    const NewStore store("economic-zones");
    const auto rules = source("rules/economic-zones/pack.yaml");
    const auto give = [&](const std::string& dataset, const std::string& file) {
        run_json({"import", "--rules", rules, "--store", store.path(), "--dataset", dataset, "--note", "invented data",
                  source("examples/plan/economic-zones/" + file)});
    };
    give("economic zones", "zones.csv");
    give("economic zone acts", "acts.csv");
    const auto all = run_json({"assess", rules, "--store", store.path(), "--year", "2018..2024"});
    CHECK(count(all, 2018, "proposal", "exit") == 0);  // nobody was last twice yet
    CHECK(count(all, 2019, "proposal", "exit") > 0);
    CHECK(count(all, 2021, "proposal", "candidate list") == 0);  // years before the method do not count towards its two
    CHECK(count(all, 2021, "proposal", "exit") == 0);
    for (int year = 2022; year <= 2024; ++year) CHECK(count(all, year, "proposal", "exit") <= 3);  // one of each region
    CHECK(count(all, 2022, "proposal", "left") == 1);
}
