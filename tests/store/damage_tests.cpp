// Every cell changed, every row removed, every index bent, every part of the structure replaced: each is found.
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "tests/store/edited.hpp"
#include "tests/store/support.hpp"

using namespace zoneval;
using namespace zoneval::store::test;
using namespace zoneval::testing;
using store::Database;
using store::Store;

namespace {

/// Something in every table: corrections, a withdrawal, runs that build on each other, rulings, publications.
void fill_all(const std::string& path) {
    Store store(path, Store::Mode::create_or_open);
    store.import(rows("zone,year,GDP,region\nZ1,2023,1,East\nZ2,2023,2,West\nZ1,2024,3,East\n"), zones(), "invented");
    store.import(rows("zone,year,GDP,listed\nZ1,2023,1.5,true\n", zones(), "late.csv"), zones(), "");
    store.import(rows("zone,year,GDP\nZ2,2024,9\n", zones(), "wrong.csv"), zones(), "");
    store.withdraw(3, "data office", "by mistake");
    store.save(store::RuleSetText{"r", "r.yaml", {{"r.yaml", "ruleset: r\n"}}});
    for (const auto year : {2023, 2024}) {
        auto run = small_run(store, year);
        if (year == 2024) run.built_on = {1};
        store.save(run);
    }
    for (int i = 0; i < 2; ++i) {
        auto ruling = small_ruling(store);
        store.save(ruling);
    }
    auto last = small_run(store, 2024);
    last.built_on = {1};
    last.last_ruling = 2;
    store.save(last);
    for (const auto& [run, supersedes] : {std::pair{2, 0}, {3, 2}}) {
        store::Publication publication;
        publication.run = run;
        publication.supersedes = supersedes;
        publication.approver = "head of office";
        publication.reason = supersedes == 0 ? "" : "a ruling";
        publication.root = std::string(64, 'a');
        store.save(publication);
    }
}

bool found(const std::string& path) {
    try {
        return !Store(path, Store::Mode::to_read).damage().empty();
    } catch (const store::StoreError&) {
        return true;
    }
}

std::string bytes_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

const std::string tables = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";

}  // namespace

TEST_CASE("every cell that is changed is found") {
    const Folder folder;
    const auto path = folder.file("s.sqlite"), copy = folder.file("copy.sqlite");
    fill_all(path);
    REQUIRE_FALSE(found(path));
    std::set<std::string> unnoticed;
    int edits = 0;
    for (const auto& table : list(path, tables))
        for (const auto& column : list(path, "SELECT name FROM pragma_table_info('" + table + "')")) {
            const auto count = std::stoi(query(path, "SELECT count(*) FROM " + table));
            for (int row = 0; row < count; ++row) {
                const auto which = fmt::format(
                    "({0}) = (SELECT {0} FROM {1} LIMIT 1 OFFSET {2})",
                    table == "sqlite_sequence"
                        ? "name"
                        : query(path, "SELECT group_concat(name) FROM pragma_table_info('" + table + "') WHERE pk > 0"),
                    table, row);
                const auto other = fmt::format(
                    "CASE typeof({0}) WHEN 'integer' THEN {0} + 100 WHEN 'null' THEN 1 ELSE {0} || 'x' END", column);
                if (!edited(path, copy, fmt::format("UPDATE {} SET {} = {} WHERE {}", table, column, other, which)))
                    continue;
                ++edits;
                if (!found(copy)) unnoticed.insert(table + "." + column);
            }
        }
    CHECK(edits > 200);
    CHECK(unnoticed.empty());
}

TEST_CASE("every row that is removed is found") {
    const Folder folder;
    const auto path = folder.file("s.sqlite"), copy = folder.file("copy.sqlite");
    fill_all(path);
    int edits = 0;
    for (const auto& table : list(path, tables)) {
        const auto key =
            table == "sqlite_sequence"
                ? "name"
                : query(path, "SELECT group_concat(name) FROM pragma_table_info('" + table + "') WHERE pk > 0");
        const auto count = std::stoi(query(path, "SELECT count(*) FROM " + table));
        for (int row = 0; row < count; ++row) {
            INFO(table << " " << row);
            REQUIRE(edited(path, copy,
                           fmt::format("DELETE FROM {0} WHERE ({1}) = (SELECT {1} FROM {0} LIMIT 1 OFFSET {2})", table,
                                       key, row)));
            CHECK(found(copy));
            ++edits;
        }
    }
    CHECK(edits > 30);
}

TEST_CASE(
    "an import, ruling or run put in by hand in the store's own form, and the newest taken out with its traces, is "
    "found") {
    const auto sql = GENERATE(
        // The newest import once more, with its cells and years.
        "INSERT INTO batch SELECT 5, record_kind, dataset, file, sheet, sha256, schema_hash, row_count, hash, "
        "imported_at, imported_by, "
        "note, rows_hash, rows FROM batch WHERE revision = 2; INSERT INTO batch_column SELECT 5, position, name, type, "
        "blank, hash, cells "
        "FROM batch_column WHERE revision = 2; INSERT INTO batch_year SELECT 5, year, row_count FROM batch_year WHERE "
        "revision = 2",
        // The newest import gone, as if it had never been.
        "DELETE FROM batch_withdrawal WHERE revision = 4; DELETE FROM batch_year WHERE revision = 4; DELETE FROM batch "
        "WHERE revision = "
        "4; UPDATE sqlite_sequence SET seq = 3 WHERE name = 'batch'; UPDATE run SET snapshot_revision = 3",
        "DELETE FROM ruling WHERE id = 2; UPDATE sqlite_sequence SET seq = 1 WHERE name = 'ruling'",
        "DELETE FROM publication WHERE id = 2; UPDATE sqlite_sequence SET seq = 1 WHERE name = 'publication'",
        "DELETE FROM logbook; UPDATE sqlite_sequence SET seq = 0 WHERE name = 'logbook'",
        "UPDATE logbook SET libraries = '{\"PCRE2\":\"1\"}' WHERE what = 'run'",
        "UPDATE batch SET note = '' WHERE revision = 1",
        "UPDATE batch SET imported_by = 'somebody else' WHERE revision = 2");
    INFO(sql);
    const Folder folder;
    const auto path = folder.file("s.sqlite"), copy = folder.file("copy.sqlite");
    fill_all(path);
    REQUIRE(edited(path, copy, sql));
    CHECK(found(copy));
    CHECK(thrown([&] { Store(copy, Store::Mode::to_read).require_sound(); }) != "nothing");
}

TEST_CASE("a newest import taken out with its entry in the logbook is not found, but by a hash kept elsewhere") {
    const Folder folder;
    const auto path = folder.file("s.sqlite"), copy = folder.file("copy.sqlite");
    {
        Store store(path, Store::Mode::create_or_open);
        store.import(rows("zone,year,GDP\nZ1,2023,1\n"), zones(), "");
        store.import(rows("zone,year,GDP\nZ1,2023,2\n", zones(), "late.csv"), zones(), "");
    }
    const auto kept_elsewhere = Store(path, Store::Mode::to_read).latest();
    REQUIRE(edited(
        path, copy,
        "DELETE FROM batch_column WHERE revision = 2; DELETE FROM batch_year WHERE revision = 2; DELETE FROM batch "
        "WHERE revision = 2; DELETE FROM logbook WHERE id = 2; UPDATE sqlite_sequence SET seq = 1"));
    const Store store(copy, Store::Mode::to_read);
    CHECK(store.damage().empty());
    CHECK_FALSE(store.at(kept_elsewhere.revision));
}

TEST_CASE("a structure that is not the store's own is found, other people's views are left to them") {
    const auto sql = GENERATE("DROP VIEW latest_verdict", "DROP VIEW observation", "DROP VIEW latest_ruling",
                              "DROP VIEW latest_verdict; CREATE VIEW latest_verdict AS SELECT * FROM verdict WHERE 0",
                              "DROP VIEW measured; CREATE VIEW measured AS SELECT 1",
                              "CREATE TRIGGER t AFTER INSERT ON run BEGIN DELETE FROM ruling; END",
                              "CREATE INDEX i ON batch (record_kind)", "CREATE UNIQUE INDEX i ON run (id, year)",
                              "DROP TABLE batch_year", "DROP TABLE batch_withdrawal", "DROP TABLE run_built_on",
                              "DROP TABLE ruling", "ALTER TABLE batch ADD COLUMN more TEXT",
                              "ALTER TABLE run RENAME COLUMN year TO years", "ALTER TABLE batch_column RENAME TO other",
                              "PRAGMA application_id = 1", "PRAGMA user_version = 6", "PRAGMA user_version = 10");
    INFO(sql);
    const Folder folder;
    const auto path = folder.file("s.sqlite"), copy = folder.file("copy.sqlite");
    fill_all(path);
    std::filesystem::copy_file(path, copy);
    {
        Database database(copy, Database::Create::no);
        database.execute("PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON");
        for (const auto& name : list(path,
                                     "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND "
                                     "tbl_name IN ('batch_year', 'batch_withdrawal', 'run_built_on', 'ruling')"))
            if (std::string(sql).starts_with("DROP TABLE")) database.execute("DROP TRIGGER " + name);
        database.execute(sql);
    }
    CHECK(found(copy));
    Database(path, Database::Create::no)
        .execute("CREATE VIEW mine AS SELECT * FROM verdict; CREATE TABLE notes (text)");
    CHECK_FALSE(found(path));
}

TEST_CASE("a trigger that was dropped is found") {
    const Folder folder;
    const auto path = folder.file("s.sqlite"), copy = folder.file("copy.sqlite");
    fill_all(path);
    for (const auto& name : list(path, "SELECT name FROM sqlite_schema WHERE type = 'trigger'")) {
        std::filesystem::copy_file(path, copy, std::filesystem::copy_options::overwrite_existing);
        Database(copy, Database::Create::no).execute("DROP TRIGGER " + name);
        CHECK(found(copy));
    }
}

TEST_CASE("a bit that flips in an index is found, and changes nothing that is read") {
    const Folder folder;
    const auto path = folder.file("s.sqlite"), copy = folder.file("copy.sqlite");
    fill_all(path);
    const auto whole = bytes_of(path);
    const auto page_size = std::stoul(query(path, "PRAGMA page_size"));
    const auto read = [](const std::string& of) {
        const Store store(of, Store::Mode::to_read);
        std::string out;
        for (const auto year : {2023, 2024}) {
            const auto table = store.load("zone", year, store.latest(), zones().columns);
            for (const auto& record : table.records) out += std::string(record) + " ";
            for (const auto& column : table.columns)
                for (std::size_t i = 0; i < column.size(); ++i) out += column.at(i).to_feel() + " ";
        }
        return out;
    };
    const auto before = read(path);
    int flips = 0, silent = 0, misread = 0;
    for (const auto& root : list(path,
                                 "SELECT rootpage FROM sqlite_schema WHERE type = 'index' OR (type = 'table' AND sql "
                                 "LIKE '%WITHOUT ROWID%')")) {
        const auto page = (std::stoul(root) - 1) * page_size;
        const auto u16 = [&](std::size_t at) {
            return static_cast<std::size_t>(static_cast<unsigned char>(whole[page + at]) << 8 |
                                            static_cast<unsigned char>(whole[page + at + 1]));
        };
        REQUIRE(whole[page] == 10);  // a leaf: all of the index is on this page
        const auto from = u16(5) == 0 ? 65536 : u16(5);
        for (auto at = from; at < page_size; ++at) {
            auto bent = whole;
            bent[page + at] = static_cast<char>(bent[page + at] ^ (1 << at % 7));
            std::ofstream(copy, std::ios::binary) << bent;
            ++flips;
            if (!found(copy)) ++silent;
            try {
                if (read(copy) != before) ++misread;
            } catch (const store::StoreError&) {
            }
        }
    }
    CHECK(flips > 300);
    CHECK(silent == 0);
    CHECK(misread == 0);
}
