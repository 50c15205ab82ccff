// The logbook: who brought what and when, and with which libraries a run was made, in the order it came.
#include <array>
#include <nlohmann/json.hpp>

#include "engine/store/impl.hpp"

namespace zoneval::store {

using wording::Fault;
using wording::Flaw;

namespace {

/// What an entry of each kind covers: the thing's own hash, and what that leaves out.
struct Covered {
    std::string_view what, table, sql;
    int columns;
    Flaw noun;
};
constexpr std::array covered = {
    Covered{"import", "batch", "SELECT hash, file, note, imported_at, imported_by FROM batch WHERE revision = ?", 5,
            Flaw::import_n},
    Covered{"run", "run", "SELECT hash, created_at, created_by FROM run WHERE id = ?", 3, Flaw::run_n},
    Covered{"ruling", "ruling", "SELECT hash, created_by FROM ruling WHERE id = ?", 2, Flaw::ruling_n},
    Covered{"publication", "publication", "SELECT hash, created_by FROM publication WHERE id = ?", 2,
            Flaw::publication_n},
};

struct Entry {
    std::int64_t id = 0;
    std::string what;
    std::int64_t number = 0;
    std::string libraries, previous_hash, hash;
};

std::string hash_of(const Database& database, const Entry& entry) {
    Sha256 hash;
    hash.field("zoneval logbook, form 1");
    hash.field(entry.previous_hash);
    hash.field(entry.what);
    hash.field(std::to_string(entry.number));
    hash.field(entry.libraries);
    for (const auto& of : covered) {
        if (of.what != entry.what) continue;
        Statement row(database, of.sql);
        if (!row.bind(1, entry.number).step()) return "";
        for (int i = 0; i < of.columns; ++i) hash.field(row.text(i));
    }
    return hash.hex();
}

/// The last of each kind that was there before the logbook.
std::array<std::int64_t, covered.size()> begins(const Database& database) {
    std::array<std::int64_t, covered.size()> out{};
    Statement row(database, "SELECT import, run, ruling, publication FROM logbook_begins WHERE id = 1");
    const bool there = row.step();
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = there ? row.integer(static_cast<int>(i)) : -1;
    return out;
}

std::string hash_of_begin(const Database& database) {
    Sha256 hash;
    hash.field("zoneval logbook begins");
    for (const auto last : begins(database)) hash.field(std::to_string(last));
    return hash.hex();
}

std::vector<Entry> all(const Database& database) {
    std::vector<Entry> out;
    Statement rows(database, "SELECT id, what, number, libraries, previous_hash, hash FROM logbook ORDER BY id");
    while (rows.step())
        out.push_back({rows.integer(0), std::string(rows.text(1)), rows.integer(2), std::string(rows.text(3)),
                       std::string(rows.text(4)), std::string(rows.text(5))});
    return out;
}

/// nullopt: of a kind that there is none of.
std::optional<Fault> of_entry(Flaw flaw, std::string_view what, std::int64_t number) {
    for (const auto& of : covered)
        if (of.what == what) return Fault{flaw, {{"what", of.noun}, {"n", number}}};
    return std::nullopt;
}

}  // namespace

void enter(Database& database, std::string_view what, std::int64_t number, const Libraries& libraries) {
    Statement last(database, "SELECT hash FROM logbook ORDER BY id DESC LIMIT 1");
    Entry entry;
    entry.what = what;
    entry.number = number;
    entry.libraries = nlohmann::json(libraries).dump();
    entry.previous_hash = last.step() ? std::string(last.text(0)) : hash_of_begin(database);
    entry.hash = hash_of(database, entry);
    Statement(database, "INSERT INTO logbook (what, number, libraries, previous_hash, hash) VALUES (?, ?, ?, ?, ?)")
        .bind(1, entry.what)
        .bind(2, entry.number)
        .bind(3, entry.libraries)
        .bind(4, entry.previous_hash)
        .bind(5, entry.hash)
        .run();
}

Libraries libraries_of_run(const Database& database, std::int64_t id) {
    Statement row(database, "SELECT libraries FROM logbook WHERE what = 'run' AND number = ?");
    if (!row.bind(1, id).step()) return {};
    const auto said = nlohmann::json::parse(row.text(0), nullptr, false);
    return said.is_object() ? said.get<Libraries>() : Libraries{};
}

std::optional<wording::Fault> wrong_in_logbook(const Database& database) {
    auto last = begins(database);
    auto previous = hash_of_begin(database);
    std::int64_t expected = 1;
    for (const auto& entry : all(database)) {
        if (entry.id != expected++) return Fault{Flaw::entry_gone, {{"n", expected - 1}}};
        if (entry.previous_hash != previous || entry.hash != hash_of(database, entry))
            return of_entry(Flaw::not_as_entered, entry.what, entry.number)
                .value_or(Fault{Flaw::entry_changed, {{"n", entry.id}}});
        for (std::size_t i = 0; i < covered.size(); ++i)
            if (covered[i].what == entry.what && ++last[i] != entry.number)
                return of_entry(Flaw::not_entered, entry.what, last[i]);
        previous = entry.hash;
    }
    if (expected - 1 != last_id_given(database, "logbook")) return Fault{Flaw::entry_gone, {{"n", expected}}};
    for (std::size_t i = 0; i < covered.size(); ++i)
        if (last[i] != last_id_given(database, covered[i].table))
            return of_entry(Flaw::not_entered, covered[i].what, last[i] + 1);
    return std::nullopt;
}

}  // namespace zoneval::store
