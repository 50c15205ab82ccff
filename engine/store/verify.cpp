// Hashes of what the store holds, and the search for what no longer agrees with them.
#include <fmt/format.h>

#include <map>

#include "engine/store/impl.hpp"

namespace zoneval::store {

std::string stored_batch_hash(const Database& database, std::int64_t revision) {
    Sha256 hash;
    Statement head(database,
                   "SELECT record_kind, dataset, sheet, sha256, schema_hash, rows_hash FROM batch WHERE revision = ?");
    if (head.bind(1, revision).step())
        for (int i = 0; i < 6; ++i) hash.field(head.text(i));
    Statement columns(database,
                      "SELECT name, type, blank, hash FROM batch_column WHERE revision = ? ORDER BY position");
    columns.bind(1, revision);
    while (columns.step())
        for (int i = 0; i < 4; ++i) hash.field(columns.text(i));
    return hash.hex();
}

namespace {

/// What is withdrawn stands in a batch of its own, which hashes cover.
bool withdrawal_is_sound(const Database& database, std::int64_t revision, std::string_view rows) {
    Statement listed(database, "SELECT withdrawn FROM batch_withdrawal WHERE revision = ?");
    const auto withdrawn = listed.bind(1, revision).step() ? std::optional(listed.integer(0)) : std::nullopt;
    constexpr std::string_view opening = "{\"withdraws\": ";
    if (!rows.starts_with(opening)) return !withdrawn;
    return withdrawn && rows.substr(opening.size()).starts_with(fmt::format("{},", *withdrawn));
}

}  // namespace

bool batch_is_sound(const Database& database, std::int64_t revision) {
    Statement head(database, "SELECT hash, rows_hash, rows FROM batch WHERE revision = ?");
    if (!head.bind(1, revision).step() || head.text(0) != stored_batch_hash(database, revision)) return false;
    if (sha256(head.text(2)) != head.text(1)) return false;
    if (!withdrawal_is_sound(database, revision, head.text(2))) return false;
    Statement columns(database, "SELECT hash, cells FROM batch_column WHERE revision = ?");
    columns.bind(1, revision);
    while (columns.step())
        if (sha256(columns.text(1)) != columns.text(0)) return false;
    return true;
}

std::string snapshot_hash(const std::vector<std::string>& batch_hashes) {
    Sha256 hash;
    for (const auto& batch : batch_hashes) hash.field(batch);
    return hash.hex();
}

namespace {

/// What a run's hash covers, in this order: the head, then `body` adds the columns.
template <class Body>
std::string hash_of(const Run& head, std::size_t records, const std::vector<std::string>& built_on_hashes,
                    const std::string& last_ruling_hash, const Body& body) {
    Sha256 hash;
    const auto number = [&](auto value) { hash.field(std::to_string(value)); };
    hash.field(head.last_ruling == 0 ? "zoneval run, form 2" : "zoneval run, form 3");
    hash.field(head.previous_hash);
    hash.field(head.ruleset);
    hash.field(head.ruleset_hash);
    number(head.year);
    number(head.snapshot.revision);
    hash.field(head.snapshot.hash);
    hash.field(head.engine_version);
    number(built_on_hashes.size());
    for (const auto& earlier : built_on_hashes) hash.field(earlier);
    if (head.last_ruling != 0) {
        number(head.last_ruling);
        hash.field(last_ruling_hash);
    }
    number(records);
    body(hash);
    return hash.hex();
}

std::string stored_run_hash(const Database& database, const Run& head,
                            const std::vector<std::string>& built_on_hashes) {
    Statement counted(
        database,
        "SELECT record_count, (SELECT count(*) FROM run_decision WHERE run = id), (SELECT count(*) FROM run_measure "
        "WHERE run = id) FROM run WHERE id = ?");
    if (!counted.bind(1, head.id).step()) return "";
    const auto last_ruling_hash = hash_of_ruling(database, head.last_ruling);
    return hash_of(head, static_cast<std::size_t>(counted.integer(0)), built_on_hashes, last_ruling_hash,
                   [&](Sha256& hash) {
                       const auto fields = [&](std::string_view sql, int columns) {
                           Statement rows(database, sql);
                           rows.bind(1, head.id);
                           while (rows.step())
                               for (int i = 0; i < columns; ++i) hash.field(rows.text(i));
                       };
                       for (const int i : {1, 2}) hash.field(std::to_string(counted.integer(i)));
                       fields("SELECT records FROM run_cohort WHERE run = ?", 1);
                       fields("SELECT name, outcomes, cells FROM run_decision WHERE run = ? ORDER BY position", 3);
                       fields("SELECT name, cells FROM run_measure WHERE run = ? ORDER BY position", 2);
                   });
}

/// Hashes of the batches as they were recorded, by revision.
std::map<std::int64_t, std::string> batch_hashes(const Database& database) {
    std::map<std::int64_t, std::string> out;
    Statement batches(database, "SELECT revision, hash FROM batch ORDER BY revision");
    while (batches.step()) out.emplace(batches.integer(0), batches.text(1));
    return out;
}

std::string snapshot_hash_now(const std::map<std::int64_t, std::string>& batches, std::int64_t revision) {
    std::vector<std::string> seen;
    for (const auto& [number, hash] : batches)
        if (number <= revision) seen.push_back(hash);
    return snapshot_hash(seen);
}

/// The id the next run would have had if none had been removed from the end.
std::int64_t last_id_given(const Database& database, std::string_view table) {
    Statement sequence(database, "SELECT seq FROM sqlite_sequence WHERE name = ?");
    return sequence.bind(1, table).step() ? sequence.integer(0) : 0;
}

}  // namespace

std::string run_hash(const Run& run, const RunTexts& texts, const std::vector<std::string>& built_on_hashes,
                     const std::string& last_ruling_hash) {
    return hash_of(run, run.records.size(), built_on_hashes, last_ruling_hash, [&](Sha256& hash) {
        hash.field(std::to_string(texts.decisions.size()));
        hash.field(std::to_string(texts.measures.size()));
        hash.field(texts.records);
        for (const auto& d : texts.decisions)
            for (const auto* text : {&d.name, &d.outcomes, &d.cells}) hash.field(*text);
        for (const auto& m : texts.measures)
            for (const auto* text : {&m.name, &m.cells}) hash.field(*text);
    });
}

std::string Store::content_hash(std::int64_t run) const {
    Sha256 hash;
    const auto fields = [&](std::string_view sql, int columns) {
        Statement rows(impl_->database, sql);
        rows.bind(1, run);
        while (rows.step())
            for (int i = 0; i < columns; ++i) hash.field(rows.text(i));
    };
    fields("SELECT records FROM run_cohort WHERE run = ?", 1);
    fields("SELECT name, outcomes, cells FROM run_decision WHERE run = ? ORDER BY position", 3);
    fields("SELECT name, cells FROM run_measure WHERE run = ? ORDER BY position", 2);
    return hash.hex();
}

std::optional<std::int64_t> Store::first_broken_run() const {
    const auto& database = impl_->database;
    const auto batches = batch_hashes(database);
    std::int64_t sound_up_to = 0;  // batches are looked at once, and only those that a run saw
    const auto sound_batches = [&](std::int64_t revision) {
        for (auto next = batches.upper_bound(sound_up_to); next != batches.end() && next->first <= revision; ++next) {
            if (!batch_is_sound(database, next->first)) return false;
            impl_->mark_sound(next->first);
            sound_up_to = next->first;
        }
        return true;
    };
    std::map<std::int64_t, std::string> hashes;  // of the runs so far
    std::string previous;
    std::int64_t expected = 1;
    for (const auto& head : runs()) {
        if (head.id != expected) return expected;  // removed
        std::vector<std::string> built_on;
        for (const auto earlier : head.built_on) built_on.push_back(hashes[earlier]);
        const bool sound = head.previous_hash == previous && head.hash == stored_run_hash(database, head, built_on) &&
                           head.snapshot.hash == snapshot_hash_now(batches, head.snapshot.revision) &&
                           sound_batches(head.snapshot.revision) &&
                           ruleset(head.ruleset_hash).hash() == head.ruleset_hash;
        if (!sound) return head.id;
        previous = head.hash;
        hashes.emplace(head.id, head.hash);
        ++expected;
    }
    if (expected <= last_id_given(database, "run")) return expected;
    return std::nullopt;
}

void Store::require_sound() const {
    if (const auto broken = first_broken_ruling())
        refuse_store(Kind::store_error, impl_->database.path(),
                     fmt::format("the store was altered: ruling {} is not what was recorded", *broken),
                     "restore the store from a copy; nothing in it can be relied on");
    if (const auto broken = first_broken_run())
        refuse_store(Kind::store_error, impl_->database.path(),
                     fmt::format("the store was altered: run {} is not what was recorded", *broken),
                     "restore the store from a copy; nothing in it can be relied on");
}

}  // namespace zoneval::store
