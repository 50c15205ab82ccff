#include "tests/store/support.hpp"

using namespace zoneval;
using namespace zoneval::store::test;
using store::Run;
using store::Store;

namespace {

/// A store with data, rules and the runs of 2023, 2024 and 2025, each built on the one before.
void fill(const std::string& path, bool publishes = true) {
    Store store(path, Store::Mode::create_or_open);
    store.import(rows("zone,year,GDP\nZ1,2024,1\nZ2,2024,\n"), zones(), "");
    store.save(rules());
    for (const std::int32_t year : {2023, 2024, 2025}) {
        auto run = small_run(store, year);
        if (year > 2023) run.built_on = {year - 2023};
        if (!publishes) run.published.clear();
        store.save(run);
    }
}

/// The hash of a run in a store of its own, which `change` makes differ from another such.
template <class Change>
std::string hash_with(const std::string& path, const Change& change) {
    Store store(path, Store::Mode::create_or_open);
    store.save(rules());
    auto run = small_run(store, 2024);
    change(run);
    store.save(run);
    CHECK(store.run(1)->libraries == run.libraries);
    CHECK(store.damage().empty());
    return run.hash;
}

std::optional<std::int64_t> first_broken(const std::string& path) {
    return Store(path, Store::Mode::must_exist).first_broken_run();
}

}  // namespace

TEST_CASE("a run comes back as it was saved") {
    const Folder folder;
    Store store(folder.file("s.sqlite"), Store::Mode::create_or_open);
    store.save(rules());
    auto run = small_run(store, 2024);
    store.save(run);
    CHECK(run.id == 1);
    CHECK(run.hash.size() == 64);
    CHECK(run.previous_hash.empty());
    CHECK_FALSE(run.created_at.empty());
    const auto again = store.run(1);
    REQUIRE(again);
    CHECK(again->records == run.records);
    CHECK(again->hash == run.hash);
    REQUIRE(again->decision("verdict"));
    CHECK(again->decision("verdict")->of(0).because == "overall 91.2");
    CHECK(again->decision("verdict")->of(1).possible == "[\"none\", \"interview\"]");
    REQUIRE(again->measured.size() == 1);
    CHECK(again->measured[0].cells == "[\"91.2\",[\"`GDP` is not reported\"]]");
    store::MeasuredReader measured(again->measured[0].cells);
    CHECK(measured.next()->text == "91.2");
    CHECK_FALSE(measured.next()->is_value);
    CHECK_FALSE(measured.next());
    CHECK_FALSE(store.run(2));
}

TEST_CASE("the newest run of a year is found, earlier ones stay") {
    const Folder folder;
    Store store(folder.file("s.sqlite"), Store::Mode::create_or_open);
    store.save(rules());
    auto first = small_run(store, 2024), second = small_run(store, 2024);
    second.decisions[0].outcomes[0].value = "\"none\"";
    store.save(first);
    store.save(second);
    CHECK(store.latest_run("r", 2024)->decisions[0].of(0).value == "\"none\"");
    CHECK(store.run(first.id)->decisions[0].of(0).value == "\"commend\"");
    CHECK_FALSE(store.latest_run("r", 2023));
    CHECK_FALSE(store.latest_run("other", 2024));
    REQUIRE(store.runs().size() == 2);
    CHECK(store.runs()[1].previous_hash == first.hash);
    CHECK(store.runs()[0].decisions.empty());
}

TEST_CASE("what a run decided under all circumstances comes back as it was") {
    const Folder folder;
    Store store(folder.file("s.sqlite"), Store::Mode::create_or_open);
    store.save(rules());
    auto run = small_run(store, 2024);
    using enum store::Outcome::Ending;
    const std::vector<store::Outcome> all = {
        {fired, "\"commend\"", "r", "why", "", ""},
        {by_default, "\"none\"", "", "", "", ""},
        {nothing_fired, "", "", "", "", ""},
        {open, "", "", "", "[\"none\"]", "[\"GDP\"]"},
        {open, "", "", "", "[\"none\"]", "", "[\"a division\"]"},
        {open, "", "", "", "", "[\"GDP\"]", "", "{all: {among: [\"none\"]}}"},
        {conflict, "", "[\"a\", \"b\"]", "", "", ""},
        {fired, "\"none\"", "r", "", "", "", "", "{scores: {from: 1, to: 2}}"},
    };
    run.records = {};
    run.decisions[0] = store::Decisions("verdict");
    run.measured[0] = store::Measured("overall");
    for (std::size_t i = 0; i < all.size(); ++i) {
        run.records.push_back("Z" + std::to_string(i));
        run.decisions[0].append(all[i]);
    }
    for (int i = 0; i < 7; ++i) run.measured[0].append("1");
    run.measured[0].append("91.2", "[88..95]");
    store.save(run);
    const auto again = store.run(run.id);
    REQUIRE(again);
    for (std::size_t i = 0; i < all.size(); ++i) CHECK(again->decisions[0].of(i) == all[i]);
    store::MeasuredReader measured(again->measured[0].cells);
    for (int i = 0; i < 7; ++i) CHECK(measured.next()->with_blanks.empty());
    const auto last = measured.next();
    CHECK(last->text == "91.2");
    CHECK(last->with_blanks == "[88..95]");
    CHECK(store.damage().empty());
}

TEST_CASE("an entry that speaks of something else is found, and so is a run that stands in none") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    fill(path);
    tamper(
        path,
        "DROP TRIGGER logbook_stays; DELETE FROM logbook WHERE id = 4; UPDATE sqlite_sequence SET seq = 3 WHERE name = "
        "'logbook'; CREATE TRIGGER logbook_stays BEFORE DELETE ON logbook BEGIN SELECT RAISE(ABORT, 'the store only "
        "grows: an "
        "entry is never removed'); END");
    const Store store(path, Store::Mode::to_read);
    REQUIRE(store.damage().size() == 1);
    CHECK(store.damage().front().told() == "run 3 is not in the logbook");
}

TEST_CASE("a run keeps which libraries it was made with, outside of its hash") {
    const Folder folder;
    const auto with = [&](const std::string& zones_of) {
        return hash_with(folder.file(zones_of), [&](store::Run& run) {
            run.libraries = {{"time zones", zones_of}, {"PCRE2", "10.42"}};
        });
    };
    CHECK(with("2026a") == with("2026b"));
}

TEST_CASE("a store of the version before is read as it stands, and begins a logbook with what comes next") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    fill(path, false);
    tamper(path,  // what versions 7 to 9 added
           "DROP VIEW published; DROP TABLE run_published_part; DROP TABLE run_published; DROP TABLE logbook; DROP "
           "TABLE logbook_begins; DELETE FROM "
           "sqlite_sequence WHERE name = 'logbook'; PRAGMA "
           "user_version = 6");
    {
        const Store store(path, Store::Mode::to_read);
        CHECK(store.damage().empty());
        CHECK(store.run(1)->libraries.empty());
    }
    CHECK(query(path, "PRAGMA user_version") == "6");
    Store store(path, Store::Mode::must_exist);
    store.import(rows("zone,year,GDP\nZ1,2025,1\n"), zones(), "");
    auto run = small_run(store, 2025);
    store.save(run);
    CHECK(store.damage().empty());
    CHECK(query(path, "SELECT group_concat(what || ' ' || number) FROM logbook") == "import 2,run 4");
    CHECK(query(path, "SELECT import || ' ' || run || ' ' || ruling FROM logbook_begins") == "1 3 0");
}

TEST_CASE("the hash of a run says nothing of who ran it or when") {
    const Folder folder;
    const auto with = [&](const std::string& who) {
        return hash_with(folder.file(who), [&](store::Run& run) { run.created_by = who; });
    };
    CHECK(with("li") == with("wang"));
}

TEST_CASE("a rule set is kept once for each hash, with its imports") {
    const Folder folder;
    Store store(folder.file("s.sqlite"), Store::Mode::create_or_open);
    const store::RuleSetText text{"r", "main.yaml", {{"main.yaml", "ruleset: r\n"}, {"../shared.yaml", "# shared\n"}}};
    store.save(text);
    store.save(text);
    const auto again = store.ruleset(text.hash());
    CHECK(again.entry == "main.yaml");
    CHECK(again.files.size() == 2);
    CHECK(again.files[1].text == "# shared\n");
    CHECK(again.hash() == text.hash());
    CHECK(thrown([&] { store.ruleset("none"); }).find("ZV505") != std::string::npos);
}

TEST_CASE("a rule set's hash does not depend on where it lies, only on paths among its files and on texts") {
    const store::RuleSetText here{"r", "packs/main.yaml", {{"packs/main.yaml", "a"}, {"packs/parts/b.yaml", "b"}}};
    const store::RuleSetText there{
        "r", "/home/x/main.yaml", {{"/home/x/parts/b.yaml", "b"}, {"/home/x/main.yaml", "a"}}};
    CHECK(here.hash() == there.hash());
    auto changed = here;
    changed.files[1].text = "c";
    CHECK(changed.hash() != here.hash());
    changed = here;
    changed.files[1].path = "packs/parts/c.yaml";
    CHECK(changed.hash() != here.hash());
}

TEST_CASE("the store only grows: plain SQL can neither change nor remove") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    fill(path);
    for (const auto* table : {"batch", "batch_column", "batch_year", "ruleset", "ruleset_file", "run", "run_built_on",
                              "run_cohort", "run_decision", "run_measure", "run_published", "run_published_part"}) {
        const std::string name = table;
        INFO(name);
        CHECK(thrown([&] { tamper(path, "DELETE FROM " + name); }).find("the store only grows") != std::string::npos);
        const auto first_column = query(path, "SELECT name FROM pragma_table_info('" + name + "') LIMIT 1");
        CHECK(thrown([&] {
                  tamper(path, "UPDATE " + name + " SET " + first_column + " = " + first_column);
              }).find("the store only grows") != std::string::npos);
    }
    CHECK_FALSE(first_broken(path));
}

TEST_CASE("whoever gets past the triggers is found out: the first run that no longer agrees is named") {
    struct Tampering {
        std::string trigger, sql;
        std::int64_t broken;
    };
    const auto t = GENERATE(
        Tampering{"run_decision_is_final",
                  "UPDATE run_decision SET outcomes = replace(outcomes, 'commend', 'none') WHERE run = 2", 2},
        Tampering{"run_decision_is_final",
                  "UPDATE run_decision SET outcomes = replace(outcomes, '91.2', '91.3') WHERE run = 3", 3},
        Tampering{"run_decision_is_final", "UPDATE run_decision SET cells = '[1,0]' WHERE run = 3", 3},
        Tampering{"run_measure_is_final",
                  "UPDATE run_measure SET cells = replace(cells, '91.2', '91.20') WHERE run = 1", 1},
        Tampering{"run_published_is_final",
                  "UPDATE run_published SET cells = replace(cells, '912', '913') WHERE run = 2", 2},
        Tampering{"run_published_stays", "PRAGMA foreign_keys = OFF; DELETE FROM run_published WHERE run = 1", 1},
        Tampering{"run_published_part_is_final", "UPDATE run_published_part SET cells = x'01ff' WHERE run = 2", 2},
        Tampering{"run_published_part_stays", "DELETE FROM run_published_part WHERE run = 3", 3},
        Tampering{"run_cohort_is_final", "UPDATE run_cohort SET records = replace(records, 'Z2', 'Z9') WHERE run = 2",
                  2},
        Tampering{"run_is_final", "UPDATE run SET year = 2020 WHERE id = 1", 1},
        Tampering{"run_is_final", "UPDATE run SET hash = previous_hash WHERE id = 2", 2},
        Tampering{"run_built_on_is_final", "UPDATE run_built_on SET earlier = 1 WHERE run = 3", 3},
        Tampering{"ruleset_file_is_final", "UPDATE ruleset_file SET text = text || '#'", 1},
        Tampering{"batch_column_is_final", "UPDATE batch_column SET cells = replace(cells, '1', '2')", 1},
        Tampering{"batch_is_final", "UPDATE batch SET rows = replace(rows, 'Z1', 'Z7')", 1},
        Tampering{"run_measure_stays", "DELETE FROM run_measure WHERE run = 2", 2},
        Tampering{"batch_column_is_final", "UPDATE batch_column SET hash = lower(hash || '0') WHERE name = 'GDP'", 1},
        Tampering{"batch_column_stays", "DELETE FROM batch_column WHERE name = 'GDP'", 1},
        Tampering{"run_stays", "PRAGMA foreign_keys = OFF; DELETE FROM run WHERE id = 2", 2},
        Tampering{"run_stays", "PRAGMA foreign_keys = OFF; DELETE FROM run WHERE id = 3", 3});
    INFO(t.sql);
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    fill(path);
    REQUIRE_FALSE(first_broken(path));
    tamper(path, "DROP TRIGGER " + t.trigger + "; " + t.sql);
    CHECK(first_broken(path) == t.broken);
}

TEST_CASE("an untouched chain of runs is sound, also when it is empty") {
    const Folder folder;
    CHECK_FALSE(Store(folder.file("empty.sqlite"), Store::Mode::create_or_open).first_broken_run());
}

TEST_CASE("a run of many outcomes, odd texts included, comes back whole") {
    const Folder folder;
    Store store(folder.file("s.sqlite"), Store::Mode::create_or_open);
    store.save(rules());
    auto run = small_run(store, 2024);
    for (int i = 0; i < 1000; ++i) {
        run.records.push_back("Z\"" + std::to_string(i) + "\\\n");
        run.decisions[0].append({store::Outcome::Ending::fired, "\"a\"", "r",
                                 i % 3 == 0 ? "same" : "with \"" + std::to_string(i) + "\"\t", "", ""});
        if (i % 2)
            run.measured[0].append("\"text\"");
        else
            run.measured[0].append_null("");
    }
    store.save(run);
    const auto again = store.run(run.id);
    REQUIRE(again);
    CHECK(again->records == run.records);
    CHECK(again->decisions[0].outcomes == run.decisions[0].outcomes);
    CHECK(again->decisions[0].codes == run.decisions[0].codes);
    CHECK(again->measured[0].cells == run.measured[0].cells);
    CHECK_FALSE(store.first_broken_run());
}

TEST_CASE("a run is sealed over the rulings it knew, and a ruling over the one before and its run") {
    const Folder folder;
    const auto path = folder.file("s.sqlite");
    {
        Store store(path, Store::Mode::create_or_open);
        store.save(rules());
        auto first = small_run(store, 2024);
        store.save(first);
        auto ruling = small_ruling(store);
        store.save(ruling);
        CHECK(ruling.id == 1);
        CHECK(ruling.previous_hash.empty());
        auto again = small_ruling(store);
        again.reason = "another";
        store.save(again);
        CHECK(again.previous_hash == ruling.hash);
        auto unaware = small_run(store, 2024), aware = small_run(store, 2024);
        aware.last_ruling = 2;
        store.save(unaware);
        store.save(aware);
        CHECK(store.run(aware.id)->last_ruling == 2);
        CHECK(store.rulings("r").size() == 2);
        CHECK(store.rulings("r", 1).size() == 1);
        CHECK(store.rulings("other").empty());
        CHECK(store.last_ruling() == 2);
        CHECK_FALSE(store.first_broken_ruling());
        CHECK_FALSE(store.first_broken_run());
        CHECK(store.content_hash(first.id) == store.content_hash(aware.id));
    }
    CHECK(query(path, "SELECT ending || ' ' || ruling || ' ' || value FROM latest_verdict WHERE record = 'Z2'") ==
          "ruled 2 \"none\"");
    CHECK(query(path, "SELECT ending FROM verdict WHERE record = 'Z2' AND run = 3") == "open");
    const auto broken = [&](const std::string& sql) {
        const auto copy = folder.file("copy.sqlite");
        std::filesystem::copy_file(path, copy, std::filesystem::copy_options::overwrite_existing);
        tamper(copy, "DROP TRIGGER ruling_is_final; DROP TRIGGER ruling_stays; PRAGMA foreign_keys = OFF; " + sql);
        const Store store(copy, Store::Mode::must_exist);
        return std::pair(store.first_broken_ruling().value_or(0), store.first_broken_run().value_or(0));
    };
    CHECK(broken("UPDATE ruling SET reason = 'a better one' WHERE id = 1") ==
          std::pair<std::int64_t, std::int64_t>(1, 0));
    CHECK(broken("DELETE FROM ruling WHERE id = 1") == std::pair<std::int64_t, std::int64_t>(1, 0));
    // At the end of its chain too: by the number that was given, and by the run that knew it.
    CHECK(broken("DELETE FROM ruling WHERE id = 2") == std::pair<std::int64_t, std::int64_t>(2, 3));
    CHECK(broken("UPDATE ruling SET created_by = 'someone else'") == std::pair<std::int64_t, std::int64_t>(0, 0));
}
