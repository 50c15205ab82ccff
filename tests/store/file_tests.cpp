#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iostream>
#include <iterator>

#include "engine/store/schema.hpp"
#include "engine/store/watch.hpp"
#include "tests/store/support.hpp"

using namespace zoneval;
using namespace zoneval::store::test;
using store::Database;
using store::Store;
using store::StoreError;

namespace {

std::string bytes_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Runs `work` in a process of its own and gives its exit status.
template <class Work>
int in_child(const Work& work) {
    const auto child = fork();
    if (child == 0) {
        int result = 100;
        try {
            result = work();
        } catch (const StoreError& error) {
            std::cerr << render_text(error.diagnostics, false);
        }
        _exit(result);  // the child must not go on with the tests
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

store::Run large_run(const Store& store, std::uint32_t size) {
    auto run = small_run(store, 2024);
    for (std::uint32_t i = 0; i < size; ++i) {
        run.records.push_back("zone " + std::to_string(i));
        run.decisions[0].append(
            {store::Outcome::Ending::by_default, "\"none\"", "", std::string(200, 'x') + std::to_string(i), "", ""});
        run.measured[0].append("1");
    }
    return run;
}

}  // namespace

TEST_CASE("a store that is not there is not made by reading") {
    const Folder folder;
    CHECK(says(thrown([&] { Store(folder.file("none.sqlite"), Store::Mode::must_exist); }),
               "ZV501: there is no such store"));
    CHECK_FALSE(std::filesystem::exists(folder.file("none.sqlite")));
    CHECK(says(thrown([&] { Store(folder.file("no/such/folder.sqlite"), Store::Mode::create_or_open); }),
               "ZV501: the store cannot be opened"));
}

TEST_CASE("a file that is no store is refused and left as it is") {
    const Folder folder;
    const auto text = folder.file("notes.txt"), other = folder.file("other.sqlite"),
               empty = folder.file("empty.sqlite");
    std::ofstream(text) << std::string(5000, 'n');
    std::ofstream(empty).flush();
    {
        Database database(other, Database::Create::yes);
        database.execute("CREATE TABLE t (x)");
    }
    const auto before = bytes_of(other);
    for (const auto mode : {Store::Mode::must_exist, Store::Mode::create_or_open}) {
        CHECK(says(thrown([&] { Store(text, mode); }), "ZV503"));
        CHECK(says(thrown([&] { Store(other, mode); }), "ZV503: the file is a database, but not a zoneval store"));
    }
    CHECK(says(thrown([&] { Store(empty, Store::Mode::must_exist); }), "ZV503: the file is empty"));
    CHECK(bytes_of(other) == before);
    CHECK(bytes_of(text) == std::string(5000, 'n'));
}

TEST_CASE("a store of a newer version is refused untouched") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    Store(path, Store::Mode::create_or_open);
    tamper(path, "PRAGMA user_version = 999");
    const auto before = bytes_of(path);
    CHECK(says(thrown([&] { Store(path, Store::Mode::create_or_open); }),
               "ZV502: the store has version 999; this program knows versions up to"));
    CHECK(bytes_of(path) == before);
}

TEST_CASE("a store of the version that was never released is refused untouched") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    {
        Database database(path, Database::Create::yes);
        database.execute("CREATE TABLE run_record (run); PRAGMA application_id = " +
                         std::to_string(store::application_id) + "; PRAGMA user_version = 1");
    }
    const auto before = bytes_of(path);
    const auto text = thrown([&] { Store(path, Store::Mode::must_exist); });
    CHECK(says(text, "ZV501: the store was made by a development version of zoneval (version 1 of the store)"));
    CHECK(says(text, "make it again from its files"));
    CHECK(bytes_of(path) == before);
}

TEST_CASE("a file imported and loaded by several threads leaves the same bytes as by one") {
    const Folder folder;
    std::string csv = "zone,year,GDP,region,listed,founded\n";
    for (int i = 0; i < 3000; ++i)
        csv += "Z" + std::to_string(i) + ",2024," + std::to_string(i - 1500) + "." + std::to_string(i % 97) + "," +
               (i % 3 ? "East" : "") + "," + (i % 2 ? "true" : "-") + ",2001-02-0" + std::to_string(1 + i % 9) + "\n";
    std::string hashes[2], cells[2];
    for (const unsigned threads : {1u, 4u}) {
        const auto path = folder.file(std::to_string(threads) + ".sqlite");
        Store store(path, Store::Mode::create_or_open);
        store.import(rows(csv), zones(), "", {threads, {}});
        const auto table = store.load("zone", 2024, store.latest(), zones().columns, {threads, {}});
        auto& text = cells[threads > 1];
        for (const auto& column : table.columns)
            for (std::size_t i = 0; i < column.size(); ++i) text += column.at(i).to_feel() + "\n";
        hashes[threads > 1] = store.latest().hash;
        CHECK(query(path, "SELECT count(*) FROM batch_column") == "4");
    }
    CHECK(hashes[0] == hashes[1]);
    CHECK(cells[0] == cells[1]);
}

TEST_CASE("an older store moves forward step by step, a step that fails leaves it where it was") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    const std::vector<std::string> first = {"CREATE TABLE a (x)"};
    const std::vector<std::string> three = {first[0], "CREATE TABLE b (x)", "CREATE TABLE c (x); CREATE TABLE a (x)"};
    const std::vector<std::string> mended = {first[0], three[1], "CREATE TABLE c (x)"};
    {
        Database database(path, Database::Create::yes);
        store::open_store(database, store::Access::write, first);
        CHECK(database.pragma("user_version") == 1);
    }
    {
        Database database(path, Database::Create::no);
        CHECK(says(thrown([&] { store::open_store(database, store::Access::write, three); }), "ZV501"));
        CHECK(database.pragma("user_version") == 2);
    }
    CHECK(query(path, "SELECT group_concat(name) FROM sqlite_schema") == "a,b");
    Database database(path, Database::Create::no);
    store::open_store(database, store::Access::write, mended);
    CHECK(database.pragma("user_version") == 3);
    CHECK(query(path, "SELECT group_concat(name) FROM sqlite_schema") == "a,b,c");
}

TEST_CASE("whoever keeps a store open learns that somebody wrote to it, or that it is gone or another file") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    CHECK(says(thrown([&] { store::Watch(path, std::chrono::milliseconds(100)); }), "there is no such store"));
    Store store(path, Store::Mode::create_or_open);
    store::Watch watch(path, std::chrono::milliseconds(100));
    const auto first = watch.state();
    CHECK(watch.state() == first);
    store.import(rows("zone,year,GDP\nZ1,2024,1\n"), zones(), "");
    const auto second = watch.state();
    CHECK(second != first);
    std::filesystem::copy_file(path, folder.file("copy.sqlite"));
    std::filesystem::rename(folder.file("copy.sqlite"), path);
    CHECK(watch.state() != second);
    std::filesystem::remove(path);
    CHECK(says(thrown([&] { watch.state(); }), "there is no such store"));
}

TEST_CASE("a store that says it has a version that none has is refused, and nobody's store is the user's") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    Store(path, Store::Mode::create_or_open);
    tamper(path, "PRAGMA user_version = 0");
    CHECK(says(thrown([&] { Store(path, Store::Mode::must_exist); }),
               "the store says that its version is 0, which none has"));
    CHECK(says(thrown([&] { Store(folder.file("new.sqlite"), Store::Mode::create_or_open).withdraw(1, "", ""); }),
               "the store has no revision 1"));
    CHECK(store::to_string(store::Standing::State::draft) == "draft");
    CHECK(store::to_string(store::Standing::State::published) == "published");
    CHECK(store::to_string(store::Standing::State::superseded) == "superseded");
}

TEST_CASE("a transaction that could not be ended takes nothing with it that is written afterwards") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    Database database(path, Database::Create::yes);
    database.execute("CREATE TABLE t (x)");
    const auto left_open = [&](const std::string& begin, int value) {
        database.execute(begin);
        database.has_begun();
        database.execute("INSERT INTO t VALUES (" + std::to_string(value) + ")");
        database.end("no such statement");  // as its end does where there is no memory for it
    };
    left_open("BEGIN", 0);
    REQUIRE(database.is_undone());
    {
        store::Transaction transaction(database);
        database.execute("INSERT INTO t VALUES (1)");
        transaction.commit();
    }
    CHECK(query(path, "SELECT count(*) FROM t") == "1");
    {
        store::Transaction outer(database);
        left_open("SAVEPOINT part", 2);
        CHECK_THROWS_AS(store::Transaction(database), std::bad_alloc);  // it would be committed without the outer one
        CHECK_THROWS_AS(outer.commit(), std::bad_alloc);
    }
    {
        store::Transaction outer(database);
        database.execute("INSERT INTO t VALUES (3)");
        database.execute("ROLLBACK");  // as SQLite does by itself where a statement has no memory
        CHECK_THROWS_AS(store::Transaction(database), std::bad_alloc);
        CHECK_THROWS_AS(store::ReadTransaction(database), std::bad_alloc);
        CHECK_THROWS_AS(outer.commit(), std::bad_alloc);
    }
    store::Transaction after(database);
    database.execute("INSERT INTO t VALUES (4)");
    after.commit();
    CHECK(query(path, "SELECT group_concat(x) FROM t") == "1,4");
}

TEST_CASE("a store someone else is writing to is reported as such, and still read") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    Store store(path, Store::Mode::create_or_open, std::chrono::milliseconds(200));
    store.import(rows("zone,year,GDP\nZ1,2024,1\n"), zones(), "");
    Database other(path, Database::Create::no);
    other.execute("BEGIN IMMEDIATE");
    const auto text = thrown([&] { store.import(rows("zone,year,GDP\nZ1,2024,2\n"), zones(), ""); });
    CHECK(says(text, "ZV501: another program is using the store, and has not finished within 0.2 seconds"));
    CHECK(store.latest().revision == 1);
    other.execute("ROLLBACK");
    CHECK(store.import(rows("zone,year,GDP\nZ1,2024,2\n"), zones(), "") == 2);
}

TEST_CASE("a store that may only be read is read, writing to it gives advice") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    {
        Store store(path, Store::Mode::create_or_open);
        store.import(rows("zone,year,GDP\nZ1,2024,1\n"), zones(), "");
    }
    std::filesystem::permissions(path, std::filesystem::perms(0444));
    std::filesystem::permissions(std::filesystem::path(path).parent_path(), std::filesystem::perms(0555));
    const auto again = rows("zone,year,GDP\nZ1,2024,2\n");
    const auto status = in_child([&] {
        constexpr uid_t nobody = 65534;
        if (geteuid() == 0 && seteuid(nobody) != 0) return 9;  // the superuser may write anything
        Store store(path, Store::Mode::must_exist);
        if (store.latest().revision != 1) return 1;
        return says(thrown([&] { store.import(again, zones(), ""); }), "ZV501: the store may not be written") ? 0 : 2;
    });
    std::filesystem::permissions(std::filesystem::path(path).parent_path(), std::filesystem::perms(0755));
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("when there is no room left, the run is refused and the store is as it was") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    {
        Store store(path, Store::Mode::create_or_open);
        store.save(rules());
    }
    const auto status = in_child([&] {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{600'000, 600'000};
        setrlimit(RLIMIT_FSIZE, &limit);
        Store store(path, Store::Mode::must_exist);
        auto run = large_run(store, 20'000);
        const auto text = thrown([&] { store.save(run); });
        return says(text, "ZV501") && says(text, "the store is as it was before") && run.id == 0 ? 0 : 1;
    });
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    Store store(path, Store::Mode::must_exist);
    CHECK(store.runs().empty());
    CHECK(query(path, "PRAGMA integrity_check") == "ok");
}

TEST_CASE("a run whose process is killed while writing is there whole or not at all") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    constexpr std::uint32_t size = 60'000;
    {
        Store store(path, Store::Mode::create_or_open);
        store.save(rules());
        auto run = small_run(store, 2023);
        store.save(run);
    }
    int killed_midway = 0;
    for (int attempt = 0; attempt < 12; ++attempt) {
        std::size_t before = Store(path, Store::Mode::must_exist).runs().size();
        const auto child = fork();
        if (child == 0) {
            Store store(path, Store::Mode::must_exist);
            auto run = large_run(store, size);
            store.save(run);
            _exit(0);
        }
        // The journal's appearance says that the transaction has begun to reach the file.
        const auto journal = path + "-journal";
        for (int i = 0; i < 300'000 && !std::filesystem::exists(journal); ++i) usleep(100);
        usleep(static_cast<useconds_t>(attempt) * 15'000);
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        if (WIFSIGNALED(status) && std::filesystem::exists(journal)) ++killed_midway;

        Store store(path, Store::Mode::must_exist);
        const auto runs = store.runs();
        REQUIRE((runs.size() == before || runs.size() == before + 1));
        if (runs.size() == before + 1) CHECK(store.run(runs.back().id)->decisions[0].codes.size() == size + 2);
        CHECK_FALSE(store.first_broken_run());
    }
    CHECK(killed_midway > 0);
    CHECK(query(path, "PRAGMA integrity_check") == "ok");
    CHECK(query(path, "SELECT count(*) FROM run_decision WHERE run NOT IN (SELECT id FROM run)") == "0");
}
