#include "engine/store/schema.hpp"

#include <fmt/format.h>

#include <array>

#include "engine/store/store_sql.hpp"

namespace zoneval::store {

namespace {

bool is_empty(const Database& database) {
    Statement tables(database, "SELECT count(*) FROM sqlite_schema");
    return tables.step() && tables.integer(0) == 0;
}

void migrate(Database& database, std::int64_t from, std::span<const std::string> steps) {
    for (auto version = from; version < static_cast<std::int64_t>(steps.size()); ++version) {
        Transaction transaction(database);
        // Another process may have taken the step while this one waited for the lock.
        if (database.pragma("user_version") > version) continue;
        database.execute(steps[static_cast<std::size_t>(version)]);
        database.execute(
            fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id, version + 1));
        transaction.commit();
    }
}

/// Version 1 was never released: its runs, a row for each record and decision, have no columns to hash.
void refuse_unreleased(const Database& database, std::int64_t version) {
    Statement old(database, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'run_record'");
    if (version == 1 && old.step())
        refuse_store(
            Kind::store_error, database.path(),
            "the store was made by a development version of zoneval (version 1 of the store)",
            "make it again from its files: zoneval import, then zoneval assess; the store has not been touched");
}

}  // namespace

std::span<const std::string> migrations() {
    // Version 3 has the tables of version 2; the texts of data came to be shorter, and the views read both. So with
    // version 4 and the outcomes of runs. Version 5 added what people decide.
    static const std::array<std::string, 5> steps = {"-- version 1 held nothing that was released",
                                                     std::string(store_sql), std::string(observations_sql),
                                                     std::string(outcomes_sql), std::string(rulings_sql)};
    return steps;
}

void open_store(Database& database, std::span<const std::string> steps) {
    // The first read tells whether the file is a database at all.
    const auto id = database.pragma("application_id");
    const auto version = database.pragma("user_version");
    const bool is_new = id == 0 && version == 0 && is_empty(database);
    if (!is_new && id != application_id)
        refuse_store(Kind::not_a_store, database.path(), "the file is a database, but not a zoneval store",
                     "name a store made by `zoneval import`");
    if (!is_new && version < 1)
        refuse_store(Kind::not_a_store, database.path(),
                     fmt::format("the store says that its version is {}, which none has", version),
                     "restore the file from a copy");
    if (version > static_cast<std::int64_t>(steps.size()))
        refuse_store(
            Kind::store_too_new, database.path(),
            fmt::format("the store has version {}; this program knows versions up to {}", version, steps.size()),
            "use a newer zoneval; the store has not been touched");

    refuse_unreleased(database, version);

    // Rollback journal, not WAL: SQLite before 3.51.3 can lose committed WAL transactions when a reset races.
    // Pages of 32 KB suit columns of megabytes; the size counts only before the first table.
    if (is_new) database.execute("PRAGMA page_size = 32768");
    database.execute(
        "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = "
        "-16384; "
        "PRAGMA trusted_schema = OFF; PRAGMA recursive_triggers = ON");
    migrate(database, version, steps);
}

}  // namespace zoneval::store
