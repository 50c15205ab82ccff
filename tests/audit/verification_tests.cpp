// Is a store genuine, and where it is not: what was altered, and what that does to the verdicts.
#include "engine/assess/years.hpp"
#include "engine/audit/verification.hpp"
#include "tests/assess/store_support.hpp"
#include "tests/store/edited.hpp"
#include "tests/store/support.hpp"

using namespace zoneval;
using namespace zoneval::testing;
using audit::Verification;
using store::Damage;
using store::test::Folder;

namespace {

/// Two zones over three years, in a file: A shrinks twice, so that it is interviewed, then noticed.
struct Office {
    Folder folder;
    std::string path = folder.file("s.sqlite"), altered = folder.file("altered.sqlite");
    Office() {
        const auto graph = rules_of(looking_back);
        store::Store store(path, store::Store::Mode::create_or_open);
        import_text(store, *graph, "zones.csv",
                    "zone,year,output\nA,2021,9\nA,2022,8\nA,2023,7\nB,2021,5\nB,2022,6\nB,2023,6\n");
        assess::assess_years(graph, store, {2021, 2022, 2023}, {});
    }
    Verification verified() const { return audit::verify(path, {}); }
    Verification after(const std::string& sql) const {
        REQUIRE(edited(path, altered, sql));
        return audit::verify(altered, {});
    }
};

bool has(const std::string& text, const std::string& part) {
    if (text.find(part) != std::string::npos) return true;
    UNSCOPED_INFO("`" << part << "` is not in:\n" << text);
    return false;
}

}  // namespace

TEST_CASE("a store that nobody touched is genuine, in every language") {
    const auto found = Office().verified();
    CHECK(found.genuine());
    CHECK(found.runs.size() == 3);
    CHECK(found.outcomes == 6);
    CHECK(found.records == std::vector<std::size_t>{2, 2, 2});
    CHECK_FALSE(found.as_it_stands);
    CHECK(render_text(found, wording::Language::en).starts_with("Genuine: all 3 runs come out again exactly as rec"));
    CHECK(render_text(found, wording::Language::zh).starts_with("真实：全部3次评价重做后与记录完全一致。"));
    CHECK(render_text(found, wording::Language::ja).starts_with("真正：3件の実行すべてをやり直し"));
}

TEST_CASE("a figure altered behind the seals is named with its column, and with every verdict that it moves") {
    const Office office;
    // A has 9 in 2022 now: it did not shrink then, and not again in 2023.
    const auto found =
        office.after("UPDATE batch_column SET cells = replace(cells, '[9,8,', '[9,9,') WHERE name = 'output'");
    REQUIRE(found.damage.size() == 1);
    const auto& damage = found.damage.front();
    CHECK(damage.part == Damage::Part::data);
    CHECK(damage.number == 1);
    CHECK(damage.column == "output");
    CHECK(damage.recorded.size() == 64);
    CHECK(damage.recorded != damage.found);
    CHECK(damage.told() == "revision 1 (zones.csv): its cells of `output` are not those imported");
    REQUIRE(found.as_it_stands);
    CHECK(found.as_it_stands->of == 6);
    const auto& moved = found.as_it_stands->moved;
    REQUIRE(moved.size() == 2);
    CHECK(moved[0].record == "A");
    CHECK(moved[0].year == 2022);
    CHECK(moved[0].recorded == "interview");
    CHECK(moved[0].now == "none");
    CHECK(moved[1].year == 2023);
    CHECK(moved[1].recorded == "notice");
    CHECK(moved[1].now == "interview");  // on what 2022 comes to now, not on what is on record
    const auto text = render_text(found, wording::Language::en);
    CHECK(text.starts_with("Not genuine: the data of import 1 were changed after they were recorded.\n"));
    CHECK(has(text, "✗  data      import 1, zones.csv, column output\n"));
    CHECK(has(text, "✗  chain     runs 1–3 are sealed over import 1\n"));
    CHECK(has(text, "✗  verdicts  2 of 6 outcomes and kept values come out otherwise on what stands there now\n"));
    CHECK(has(render_json(found), R"("recorded": "interview")"));
}

TEST_CASE("an outcome altered in a run is held against what the data come to") {
    const auto found = Office().after(
        R"(UPDATE run_decision SET outcomes = replace(outcomes, '\"notice\"', '\"none\"') WHERE run = 3)");
    REQUIRE(found.damage.size() == 1);
    CHECK(found.damage.front().part == Damage::Part::runs);
    CHECK(found.damage.front().number == 3);
    REQUIRE(found.as_it_stands);
    REQUIRE(found.as_it_stands->moved.size() == 1);
    CHECK(found.as_it_stands->moved[0].recorded == "none");
    CHECK(found.as_it_stands->moved[0].now == "notice");
    CHECK(has(render_text(found, wording::Language::en), "run 3 is not what was recorded"));
}

TEST_CASE("rules altered in a store are told, and what they would come to") {
    const auto found = Office().after("UPDATE ruleset_file SET text = replace(text, '< 0', '<= 0')");
    REQUIRE_FALSE(found.damage.empty());
    CHECK(found.damage.front().part == Damage::Part::rules);
    CHECK(has(render_text(found, wording::Language::en), "its files are not those it was recorded with"));
    REQUIRE(found.as_it_stands);
    REQUIRE(found.as_it_stands->moved.size() == 1);  // B stayed where it was in 2023
    CHECK(found.as_it_stands->moved[0].record == "B");
}

TEST_CASE("what can no longer be assessed is said not to be") {
    const auto found = Office().after("UPDATE batch_column SET cells = '[torn'");
    CHECK_FALSE(found.genuine());
    CHECK_FALSE(found.as_it_stands);
    CHECK(has(render_text(found, wording::Language::en), "what stands there now can no longer be assessed"));
}

TEST_CASE("a seal from outside finds a store that was made anew from the start") {
    const Office office, other;
    audit::VerifyOptions options;
    {
        const store::Store store(office.path, store::Store::Mode::to_read);
        options.seal = seal::seal_of(store);
    }
    CHECK(audit::verify(office.path, options).genuine());
    options.seal->runs.back().hash[0] ^= 1;
    const auto found = audit::verify(other.path, options);
    CHECK_FALSE(found.genuine());
    CHECK(found.damage.empty());
    CHECK(
        render_text(found, wording::Language::en).starts_with("Not genuine: the store does not hold what was sealed."));
}

TEST_CASE("what is gone is called gone, and what was not touched is not blamed") {
    const Office office;
    const auto rules = office.after("DELETE FROM ruleset_file; DELETE FROM ruleset");
    REQUIRE(rules.damage.size() >= 1);
    CHECK(has(render_text(rules, wording::Language::en), "✗  rules     rule set"));
    CHECK(has(render_text(rules, wording::Language::en), " is gone"));
    const auto reason =
        office.after("UPDATE run_decision SET outcomes = replace(outcomes, '\"shrank\"', '\"again\"') WHERE run = 2");
    CHECK_FALSE(reason.genuine());
    {
        const auto graph = rules_of(looking_back);
        store::Store store(office.path, store::Store::Mode::must_exist);
        import_text(store, *graph, "second.csv", "zone,year,output\nB,2023,7\n");
        import_text(store, *graph, "third.csv", "zone,year,output\nB,2023,8\n");
    }
    const auto gone = office.after(
        "DELETE FROM batch_column WHERE revision = 2; DELETE FROM batch_year WHERE revision = 2; DELETE FROM batch "
        "WHERE revision = 2");
    const auto text = render_text(gone, wording::Language::en);
    CHECK(has(text, "import 2 is gone"));
    CHECK(text.find("third.csv") == std::string::npos);
}
