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
    CHECK(render_text(found, wording::Language::zh).starts_with("属实：全部3次评价重做后与记录完全一致。"));
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

TEST_CASE("what can no longer be assessed is said not to be, and the rest is assessed") {
    const Office office;
    // The rows of a second file, of 2023 alone.
    {
        const auto graph = rules_of(looking_back);
        store::Store store(office.path, store::Store::Mode::must_exist);
        import_text(store, *graph, "late.csv", "zone,year,output\nB,2023,9\n");
        assess::assess_years(graph, store, {2023}, {});
    }
    const auto found = office.after("UPDATE batch SET rows = replace(rows, '\"B\"', 'B\"') WHERE revision = 2");
    CHECK_FALSE(found.genuine());
    REQUIRE(found.as_it_stands);
    CHECK(found.as_it_stands->of == 6);  // the runs that saw only the first file
    CHECK(found.as_it_stands->moved.empty());
    REQUIRE(found.as_it_stands->unmade.size() == 1);
    CHECK(found.as_it_stands->unmade[0].run == 4);
    CHECK(found.as_it_stands->unmade[0].year == 2023);
    CHECK(has(render_text(found, wording::Language::en),
              "run 4 (2023): what stands there now can no longer be assessed: "));
    CHECK(has(render_text(found, wording::Language::zh), "第4次评价（2023年）：现有内容已无法评价："));
    CHECK(has(render_json(found), "\"not_assessed\""));
}

TEST_CASE("a torn cell of an import is named with its line, and everything else is computed") {
    const auto found =
        Office().after("UPDATE batch_column SET cells = replace(cells, '[9,8,', '[9,8x,') WHERE name = 'output'");
    REQUIRE(found.damage.size() == 1);
    const auto& damage = found.damage.front();
    REQUIRE(damage.unreadable.size() == 1);
    CHECK(damage.unreadable_in_all == 1);
    CHECK(damage.unreadable[0].record == "A");
    CHECK(damage.unreadable[0].year == 2022);
    CHECK(damage.unreadable[0].line == 3);
    REQUIRE(found.as_it_stands);
    CHECK(found.as_it_stands->unmade.empty());
    CHECK(found.as_it_stands->of == 6);
    const auto& moved = found.as_it_stands->moved;
    REQUIRE(moved.size() == 2);  // A in 2022, whose figure it is, and in 2023, which looks back at it
    CHECK(moved[0].record == "A");
    CHECK(moved[0].year == 2022);
    CHECK(moved[1].record == "A");
    CHECK(has(render_text(found, wording::Language::en),
              "cannot be read, and counts as not reported: line 3 (A, 2022)\n"));
    CHECK(has(render_text(found, wording::Language::zh), "无法读取，按未报送计：第3行（A，2022年）\n"));
    CHECK(has(render_text(found, wording::Language::ja), "読み取れず、未報告とみなす：3行目（A、2022年）\n"));
}

TEST_CASE("an outcome on record that cannot be read is named, and every other is still held against what comes out") {
    // A is the first record of each run; B's outcome of 2023 is altered as well.
    const auto found = Office().after(
        "UPDATE run_decision SET cells = replace(cells, '[0,', '[?,') WHERE run = 3; "
        "UPDATE run_decision SET outcomes = replace(outcomes, '\\\"none\\\"', '\\\"notice\\\"') WHERE run = 2");
    REQUIRE(found.as_it_stands);
    CHECK(found.as_it_stands->unmade.empty());
    CHECK(found.as_it_stands->of == 6);
    REQUIRE(found.as_it_stands->torn.size() == 1);
    const auto& torn = found.as_it_stands->torn.front();
    CHECK(torn.run == 3);
    CHECK(torn.of == "verdict");
    CHECK(torn.records == std::vector<std::string>{"A"});
    const auto& moved = found.as_it_stands->moved;
    REQUIRE(moved.size() == 2);
    CHECK(moved[0].record == "B");  // of 2022
    CHECK(moved[0].recorded == "notice");
    CHECK(moved[0].now == "none");
    CHECK_FALSE(moved[0].unread);
    CHECK(moved[1].record == "A");  // of 2023
    CHECK(moved[1].unread);
    CHECK(moved[1].now == "notice");
    const auto text = render_text(found, wording::Language::en);
    CHECK(has(text, "run 3 (2023), verdict: what is on record cannot be read for A\n"));
    CHECK(has(text, "A       2023  verdict  cannot be read  notice\n"));
    CHECK(has(render_text(found, wording::Language::zh), "第3次评价（2023年），verdict：A的记录无法读取\n"));
    CHECK(has(render_text(found, wording::Language::ja), "実行3（2023年）、verdict：Aの記録を読み取れない\n"));
    CHECK(has(render_json(found), "\"unread\": true"));
}

TEST_CASE("a torn list of outcomes or of records leaves those that can be read") {
    const auto dictionary = Office().after(
        "UPDATE run_decision SET outcomes = replace(outcomes, '[\"\\\"notice', '[\\\"notice') WHERE run = 3");
    REQUIRE(dictionary.as_it_stands);
    CHECK(dictionary.as_it_stands->of == 6);
    REQUIRE(dictionary.as_it_stands->moved.size() == 1);
    CHECK(dictionary.as_it_stands->moved[0].record == "A");
    CHECK(dictionary.as_it_stands->moved[0].unread);

    const auto cohort =
        Office().after("UPDATE run_cohort SET records = replace(records, '\"B\"', 'B\"') WHERE run = 2");
    REQUIRE(cohort.as_it_stands);
    CHECK(cohort.as_it_stands->of == 6);  // told by its place
    CHECK(cohort.as_it_stands->moved.empty());
    REQUIRE(cohort.as_it_stands->torn.size() == 1);
    CHECK(cohort.as_it_stands->torn[0].run == 2);
    CHECK(has(render_text(cohort, wording::Language::en),
              "run 2 (2022): 1 of the names of who took part cannot be read\n"));
}

TEST_CASE("damage of every part is told in the reader's language") {
    const Office office;
    const auto told = [&](const std::string& sql) { return render_text(office.after(sql), wording::Language::zh); };
    CHECK(has(told("UPDATE logbook SET libraries = '{}' WHERE what = 'run' AND number = 2"),
              "✗  日志    第2次评价与日志所记不符\n"));
    CHECK(has(told("UPDATE batch SET row_count = 7"), "第1批，zones.csv：`row_count` 为 7，而实有6行\n"));
    CHECK(has(told("UPDATE batch SET rows = replace(rows, 'B', 'C')"), "第1批，zones.csv：其行与导入时不符\n"));
    CHECK(has(told("DROP VIEW verdict"), "视图 `verdict` 已不存在\n"));
    CHECK(has(told("UPDATE sqlite_sequence SET seq = 9 WHERE name = 'batch'"), "最新的数据已不存在：曾有9批\n"));
    CHECK(has(render_text(office.after("UPDATE batch SET note = 'x'"), wording::Language::ja),
              "取込1が記録簿と異なる\n"));
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
