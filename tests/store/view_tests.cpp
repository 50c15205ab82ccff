// The store as people with plain sqlite3 see it. The queries of docs/store.md are run as they stand there.
#include <fstream>
#include <iterator>

#include "engine/store/json_reader.hpp"
#include "tests/store/support.hpp"

using namespace zoneval;
using namespace zoneval::store::test;
using store::Store;

namespace {

void fill(const std::string& path) {
    Store store(path, Store::Mode::create_or_open);
    store.import(rows("zone,year,GDP,region\nZ1,2024,12.50,East\nZ2,2024,-,\n"), zones(), "invented data");
    store.import(rows("zone,year,GDP\nZ2,2024,7\n", zones(), "later.csv"), zones(), "");
    store.save(rules());
    for (int i = 0; i < 2; ++i) {
        auto run = small_run(store, 2024);
        store.save(run);
    }
}

/// The ```sql blocks of a Markdown file.
std::vector<std::string> sql_blocks(const std::string& path) {
    std::ifstream in(path);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    std::vector<std::string> out;
    for (auto at = text.find("```sql\n"); at != std::string::npos; at = text.find("```sql\n", at)) {
        at += 7;
        out.push_back(text.substr(at, text.find("```", at) - at));
    }
    return out;
}

}  // namespace

TEST_CASE("every imported cell is a row of the view observation") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    fill(path);
    CHECK(query(path, "SELECT count(*) FROM observation") == "5");
    CHECK(query(path,
                "SELECT value || ' ' || file || ' ' || line || ' ' || note FROM observation WHERE record = 'Z1' AND "
                "input = 'GDP'") == "12.5 zones.csv 2 invented data");
    CHECK(query(path, "SELECT missing FROM observation WHERE record = 'Z2' AND input = 'GDP' AND revision = 1") ==
          "suppressed");
    CHECK(query(path, "SELECT missing FROM observation WHERE record = 'Z2' AND input = 'region'") == "not reported");
    CHECK(query(path, "SELECT count(*) FROM observation WHERE value IS NULL AND missing IS NULL") == "0");
}

TEST_CASE("verdicts are rows with year, record, value, rule and reason") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    fill(path);
    CHECK(query(path, "SELECT count(*) FROM verdict") == "4");
    CHECK(query(path, "SELECT count(*) FROM latest_verdict") == "2");
    CHECK(query(path,
                "SELECT year || ' ' || record || ' ' || value || ' ' || rule || ' ' || because FROM latest_verdict "
                "WHERE record = 'Z1'") == "2024 Z1 \"commend\" commend overall 91.2");
    CHECK(query(path, "SELECT cause FROM measured WHERE record = 'Z2' AND run = 2") == "`GDP` is not reported");
}

TEST_CASE("every query of docs/store.md runs and finds something") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    fill(path);
    {
        Store store(path, Store::Mode::must_exist);
        auto run = small_run(store, 2023);  // what is open in 2024 stays so
        store.save(run);
        auto ruling = small_ruling(store);
        store.save(ruling);
        store.withdraw(2, "data office", "of another year");
    }
    const auto blocks = sql_blocks(std::string(ZONEVAL_SOURCE) + "/docs/store.md");
    CHECK(blocks.size() >= 6);
    for (const auto& sql : blocks) {
        INFO(sql);
        store::Database database(path, store::Database::Create::no);
        store::Statement statement(database, sql);
        CHECK(statement.step());
    }
}

TEST_CASE("the query for corrections lists corrections, and no blanks") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    {
        Store store(path, Store::Mode::create_or_open);
        store.import(rows("zone,year,GDP,region\nZ1,2024,1,East\nZ2,2024,2,East\nZ3,2024,3,West\n"), zones(), "");
        store.import(rows("zone,year,GDP,region\nZ1,2024,1.5,\nZ2,2024,,\nZ3,2024,3,\n", zones(), "later.csv"), zones(),
                     "");
    }
    for (const auto& sql : sql_blocks(std::string(ZONEVAL_SOURCE) + "/docs/store.md"))
        if (sql.find("corrected") != std::string::npos) {
            store::Database database(path, store::Database::Create::no);
            store::Statement statement(database, sql);
            REQUIRE(statement.step());
            CHECK(statement.text(0) == "Z1");
            CHECK(statement.text(3) == "1 → 1.5");
            CHECK_FALSE(statement.step());
        }
}

TEST_CASE("the view observation stays linear in the cells it shows") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    fill(path);
    store::Database database(path, store::Database::Create::no);
    store::Statement plan(database, "EXPLAIN QUERY PLAN SELECT * FROM observation");
    std::string text;
    while (plan.step()) text += std::string(plan.text(3)) + "\n";
    INFO(text);
    // Rows are looked up, not searched through for each cell.
    CHECK(text.find("SEARCH p USING AUTOMATIC COVERING INDEX (revision=? AND position=?)") != std::string::npos);
}

TEST_CASE("the views of runs stay linear in the records they show") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    fill(path);
    store::Database database(path, store::Database::Create::no);
    for (const auto* view : {"verdict", "latest_verdict", "measured"}) {
        store::Statement plan(database, std::string("EXPLAIN QUERY PLAN SELECT * FROM ") + view);
        std::string text;
        while (plan.step()) text += std::string(plan.text(3)) + "\n";
        INFO(text);
        CHECK(text.find("SEARCH n USING AUTOMATIC COVERING INDEX (run=? AND position=?)") != std::string::npos);
        if (std::string(view) != "measured")
            CHECK(text.find("SEARCH t USING AUTOMATIC COVERING INDEX (run=? AND position=? AND code=?)") !=
                  std::string::npos);
    }
    CHECK(query(path, "SELECT group_concat(position || record) FROM run_record WHERE run = 1") == "0Z1,1Z2");
    CHECK(query(path, "SELECT cause FROM result WHERE run = 1 AND record = 1") == "`GDP` is not reported");
    CHECK(query(path, "SELECT value FROM result WHERE run = 1 AND record = 1") == "null");
}

TEST_CASE("cells altered by hand are reported as damage, not believed") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    fill(path);
    tamper(path,
           "DROP TRIGGER batch_column_is_final; UPDATE batch_column SET cells = '[\"1\"' WHERE name = 'GDP' AND "
           "revision = 1");
    const Store store(path, Store::Mode::must_exist);
    CHECK(thrown([&] {
              store.load("zone", 2024, store.latest(), zones().columns);
          }).find("ZV501: revision 1 of the store has been altered or is damaged") != std::string::npos);
}

TEST_CASE("malformed arrays of cells are refused at any cut") {
    const std::string whole = R"(["12.5",null,["suppressed"],"a\"b\\c\u000ad"])";
    std::size_t cells = 0;
    store::ArrayReader reader(whole);
    std::string last;
    while (const auto cell = reader.next_cell()) {
        ++cells;
        last = cell->text;
    }
    CHECK(cells == 4);
    CHECK(last == "a\"b\\c\nd");
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
        const auto read_all = [&] {
            store::ArrayReader part(std::string_view(whole).substr(0, cut));
            while (part.next_cell()) {
            }
        };
        CHECK_THROWS_AS(read_all(), std::runtime_error);
    }
}
