#include "engine/store/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "engine/store/impl.hpp"
#include "engine/store/store_sql.hpp"

namespace zoneval::store {

using wording::Flaw;

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

/// A quick look at every page, before anything is added to them.
void refuse_damaged(const Database& database) {
    Statement check(database, "PRAGMA quick_check(1)");
    if (!check.step() || check.text(0) == "ok") return;
    refuse_if_no_memory(check.text(0));
    refuse_store(Kind::store_error, database.path(), fmt::format("the store is damaged ({})", check.text(0)),
                 "restore the file from a copy; nothing was written to this one");
}

}  // namespace

std::span<const std::string> migrations() {
    // Version 3 has the tables of version 2; the texts of data came to be shorter, and the views read both. So with
    // version 4 and the outcomes of runs. Version 5 added what people decide, version 6 what they
    // publish, version 7 the logbook, version 8 what results show of every record, version 9 packs its numbers.
    static const std::array<std::string, 9> steps = {"-- version 1 held nothing that was released",
                                                     std::string(store_sql),
                                                     std::string(observations_sql),
                                                     std::string(outcomes_sql),
                                                     std::string(rulings_sql),
                                                     std::string(publications_sql),
                                                     std::string(logbook_sql),
                                                     std::string(published_sql),
                                                     std::string(packed_sql)};
    return steps;
}

void open_store(Database& database, Access access, std::span<const std::string> steps) {
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

    // Whoever reads a small store keeps nobody from writing to it; one of an earlier version is brought forward beside
    // it.
    constexpr std::int64_t small = 64 << 20;
    const bool is_small = database.pragma("page_count") * database.pragma("page_size") <= small;
    const bool is_older = version < static_cast<std::int64_t>(steps.size());
    if (access == Access::on_trial || (access == Access::read && (is_small || is_older))) database.go_on_with_a_copy();
    // Rollback journal, not WAL: SQLite before 3.51.3 can lose committed WAL transactions when a reset races. EXTRA:
    // the folder is synced when the journal has gone, so that what was told to be stored is so after a loss of power,
    // too. Pages of 32 KB suit columns of megabytes; the size counts only before the first table.
    if (is_new) database.execute("PRAGMA page_size = 32768");
    if (access == Access::write) database.execute("PRAGMA journal_mode = DELETE");
    database.execute(
        "PRAGMA synchronous = EXTRA; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384; PRAGMA trusted_schema = "
        "OFF; "
        "PRAGMA recursive_triggers = ON");
    if (access == Access::write && !is_new) refuse_damaged(database);
    migrate(database, version, steps);
    if (access == Access::read) database.execute("PRAGMA query_only = ON");
}

namespace {

/// Objects by type and name, with their text: comments and blanks do not count.
using Objects = std::map<std::pair<std::string, std::string>, std::string>;

std::string without_layout(std::string_view sql) {
    std::string out;
    for (std::size_t i = 0; i < sql.size(); ++i) {
        if (sql.substr(i).starts_with("--")) i = std::min(sql.find('\n', i), sql.size() - 1);
        if (sql[i] != ' ' && sql[i] != '\n') out += sql[i];
    }
    return out;
}

Objects objects_of(const Database& database) {
    Objects out;
    Statement rows(database, "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'");
    while (rows.step())
        out[{std::string(rows.text(0)), std::string(rows.text(1))}] =
            fmt::format("{}: {}", rows.text(2), without_layout(rows.text(3)));
    return out;
}

const Objects& objects_of_this_version() {
    static const auto out = [] {
        Database made(":memory:", Database::Create::yes);
        open_store(made);
        return objects_of(made);
    }();
    return out;
}

wording::Fault object(Flaw what, const std::pair<std::string, std::string>& of) {
    const auto kind = of.first == "table"   ? Flaw::a_table
                      : of.first == "view"  ? Flaw::a_view
                      : of.first == "index" ? Flaw::an_index
                                            : Flaw::a_trigger;
    return {what, {{"kind", kind}, {"name", of.second}}};
}

}  // namespace

std::optional<wording::Fault> foreign_structure(const Database& database) {
    const auto found = objects_of(database);
    const auto& own = objects_of_this_version();
    for (const auto& [of, text] : own) {
        const auto there = found.find(of);
        if (there == found.end()) return object(Flaw::object_gone, of);
        if (there->second != text) return object(Flaw::object_replaced, of);
    }
    // Tables and views of others disturb nobody; triggers and indexes change what is written and found.
    for (const auto& [of, text] : found)
        if (!own.contains(of) && (of.first == "trigger" || of.first == "index") &&
            std::any_of(own.begin(), own.end(), [&, &text = text](const auto& o) {
                return o.first.first == "table" && text.starts_with(o.first.second + ": ");
            }))
            return object(Flaw::object_added, of);
    return std::nullopt;
}

}  // namespace zoneval::store
