// The invented example: its totals, every rung of the ladder, every class, and what the late revision changes.
#include <catch2/catch.hpp>

#include "tests/packs/command.hpp"

using namespace zoneval::tests;

namespace {

std::string example(const std::string& file) { return source("examples/hightech-zones/" + file); }

}  // namespace

TEST_CASE("example: no zone exists, and every rung has one") {
    const NewStore store("example");
    const auto rules = example("assessment.yaml");
    run_json({"import", "--rules", rules, "--store", store.path(), "--note", "invented data", example("zones-2020.csv"),
              example("zones-2021.csv"), example("zones-2022.csv"), example("zones-2023.csv"),
              example("zones-2024.csv"), example("revision-2021.csv")});
    run_json({"import", "--rules", rules, "--store", store.path(), "--dataset", "acts", "--note", "invented data",
              example("acts.csv")});
    const auto all = run_json({"assess", rules, "--store", store.path(), "--year", "2021..2024"});
    for (const auto* value : {"commend", "none", "rectified", "interview", "notice", "rectifying", "delist", "left"}) {
        int seen = 0;
        for (int year = 2021; year <= 2024; ++year) seen += count(all, year, "verdict", value);
        INFO(value);
        CHECK(seen > 0);
    }
    for (const auto* value : {"high-tech park of world influence", "innovation-type science park",
                              "innovation-type distinctive park", "none"}) {
        INFO(value);
        CHECK(count(all, 2024, "class", value) > 0);
    }
    CHECK(count(all, 2021, "class", "world-leading science park") == 0);  // none has the name the plan gives
    CHECK(count(all, 2021, "verdict", "delist") == 0);                    // nobody leaves without a warning before
    for (const auto* value : {"none", "interview", "notice", "other warning", "revoked"})
        CHECK(count(all, 2024, "standing", value) > 0);
    CHECK(adverse(all, 2023, "verdict", "delist") == std::vector<std::string>{"Invented-C35"});
    CHECK(count(all, 2024, "verdict", "left") == 1);  // by the revocation that was served in 2024
    for (int year = 2021; year <= 2024; ++year)
        for (const auto& record : adverse(all, year, "verdict", "delist")) CHECK(record.starts_with("Invented-"));
}

TEST_CASE("example: the figures of 2020 add up to the plan's totals") {
    const NewStore store("example-2020");
    const auto rules = example("assessment.yaml");
    run_json({"import", "--rules", rules, "--store", store.path(), example("zones-2020.csv")});
    const auto all = run_json({"assess", rules, "--store", store.path(), "--year", "2020"});
    CHECK(run_of(all, 2020).at("records") == 169);
    const auto measured = [&](const std::string& target) {
        for (const auto& t : run_of(all, 2020).at("targets"))
            if (t.at("target") == target)
                for (const auto& p : t.at("points"))
                    if (!p.at("published")) return p.at("value").get<std::string>();
        return std::string("not measured");
    };
    CHECK(measured("GDP share") == "13.3");
    CHECK(measured("labour productivity of all zones") == "36.6");
    CHECK(measured("R&D share of the GDP of all zones") == "6.8");
    CHECK(measured("share of invention patents") == "34.2");
    CHECK(measured("R&D personnel density of all zones") == "1240");
    CHECK(measured("high-tech enterprises of all zones") == "10.1");
    CHECK(measured("listed companies of all zones") == "1684");
    CHECK(measured("new firms of all zones") == "74.8");
    CHECK(measured("technology contracts of all zones") == "8017.4");
    CHECK(measured("number of zones") == "169");
}

TEST_CASE("example: a figure that arrives late settles a verdict, and the earlier run stands") {
    const NewStore store("example-revision");
    const auto rules = example("assessment.yaml");
    const auto assess = [&] { return run_json({"assess", rules, "--store", store.path(), "--year", "2021"}); };
    run_json(
        {"import", "--rules", rules, "--store", store.path(), example("zones-2020.csv"), example("zones-2021.csv")});
    run_json({"import", "--rules", rules, "--store", store.path(), "--dataset", "acts", example("acts.csv")});
    const auto before = assess();
    run_json({"import", "--rules", rules, "--store", store.path(), example("revision-2021.csv")});
    const auto after = assess();
    CHECK(undetermined(after, 2021, "class") < undetermined(before, 2021, "class"));
    CHECK(adverse(before, 2021, "verdict", "interview") != adverse(after, 2021, "verdict", "interview"));
}

TEST_CASE("example: a dry run tells which cells of a correction change, and stores nothing") {
    const NewStore store("dry-run");
    const auto rules = example("assessment.yaml");
    run_json({"import", "--rules", rules, "--store", store.path(), example("zones-2021.csv")});
    const std::vector<std::string> correction = {
        "import", "--dry-run", "--rules", rules, "--store", store.path(), example("revision-2021.csv")};
    const auto first = run_json(correction).at("files")[0], again = run_json(correction).at("files")[0];
    CHECK(first.at("arriving") == 7);
    CHECK(first.at("corrected") == 2);
    CHECK(first.at("withdrawn") == 0);
    CHECK(first.at("blank") == 252);
    CHECK(first.at("known") == 9);
    CHECK(again == first);
}

TEST_CASE("example: a dry run tells which verdicts would move, as they do once it is done") {
    const NewStore store("dry-run-verdicts");
    const auto rules = example("assessment.yaml");
    run_json({"import", "--rules", rules, "--store", store.path(), example("zones-2020.csv"), example("zones-2021.csv"),
              example("zones-2022.csv")});
    run_json({"import", "--rules", rules, "--store", store.path(), "--dataset", "acts", example("acts.csv")});
    const std::vector<std::string> assess = {"assess", rules, "--store", store.path(), "--year", "2021..2022"};
    const std::vector<std::string> dry = {
        "import", "--dry-run", "--rules", rules, "--store", store.path(), example("revision-2021.csv")};
    CHECK(run_json(dry).at("verdicts").is_null());  // nothing was assessed yet
    const auto before = run_json(assess);
    const auto tried = run_json(dry).at("verdicts");
    CHECK(tried.at("decision") == "verdict");
    CHECK(tried.at("years") == std::vector<int>{2021, 2022});
    REQUIRE_FALSE(tried.at("moved").empty());
    const auto in_chinese = run_shell("zoneval import --dry-run --lang zh --rules '" + rules + "' --store '" +
                                      store.path() + "' '" + example("revision-2021.csv") + "'");
    CHECK(in_chinese.out.find("将改变的结论（在副本上重新评价 2021–2022年）") != std::string::npos);
    CHECK(run_json(dry).at("verdicts") == tried);  // the dry run has left the store as it was
    run_json({"import", "--rules", rules, "--store", store.path(), example("revision-2021.csv")});
    const auto after = run_json(assess);
    for (const auto* outcome : {"interview", "notice", "delist"})
        for (const auto year : {2021, 2022}) {
            auto would_be = adverse(before, year, "verdict", outcome);
            for (const auto& move : tried.at("moved")) {
                if (move.at("year") != year) continue;
                if (move.at("before") == outcome) std::erase(would_be, move.at("record").get<std::string>());
                if (move.at("after") == outcome) would_be.push_back(move.at("record"));
            }
            std::sort(would_be.begin(), would_be.end());
            INFO(year << " " << outcome);
            CHECK(would_be == adverse(after, year, "verdict", outcome));
        }
}

TEST_CASE("example: a table of a database gives what the same figures in a file give") {
    const NewStore from_file("from-file"), from_table("from-table"), table("table");
    const auto rules = example("assessment.yaml");
    const auto made = run_shell("sqlite3 '" + table.path() + "' '.import --csv " + example("zones-2021.csv") +
                                " zones' 'create table notes (text)'");
    INFO(made.out);
    REQUIRE(made.exit_code == 0);
    run_json({"import", "--rules", rules, "--store", from_file.path(), example("zones-2021.csv")});
    run_json({"import", "--rules", rules, "--store", from_table.path(), table.path(), "--table", "zones"});
    const auto cells = [](const NewStore& store) {
        return run_shell("sqlite3 '" + store.path() +
                         "' 'select record, year, input, value, missing from observation order by 1, 2, 3'")
            .out;
    };
    CHECK_FALSE(cells(from_file).empty());
    CHECK(cells(from_file) == cells(from_table));
}
