// Hashes of what the store holds, and the search for what no longer agrees with them.
#include <fmt/format.h>

#include <map>

#include "engine/store/impl.hpp"

namespace zoneval::store {

std::string stored_batch_hash(const Database& database, std::int64_t revision) {
    Sha256 hash;
    Statement head(database, "SELECT record_kind, dataset, sheet, sha256, schema_hash, rows FROM batch WHERE revision = ?");
    if (head.bind(1, revision).step())
        for (int i = 0; i < 6; ++i) hash.field(head.text(i));
    Statement columns(database, "SELECT name, type, blank, cells FROM batch_column WHERE revision = ? ORDER BY position");
    columns.bind(1, revision);
    while (columns.step())
        for (int i = 0; i < 4; ++i) hash.field(columns.text(i));
    return hash.hex();
}

std::string snapshot_hash(const std::vector<std::string>& batch_hashes) {
    Sha256 hash;
    for (const auto& batch : batch_hashes) hash.field(batch);
    return hash.hex();
}

std::string run_hash(const Run& run, const std::vector<std::string>& built_on_hashes) {
    Sha256 hash;
    const auto number = [&](auto value) { hash.field(std::to_string(value)); };
    hash.field("zoneval run, form 1");
    hash.field(run.previous_hash);
    hash.field(run.ruleset);
    hash.field(run.ruleset_hash);
    number(run.year);
    number(run.snapshot.revision);
    hash.field(run.snapshot.hash);
    hash.field(run.engine_version);
    number(built_on_hashes.size());
    for (const auto& earlier : built_on_hashes) hash.field(earlier);
    number(run.records.size());
    for (const auto& record : run.records) hash.field(record);
    number(run.outcomes.size());
    for (const auto& o : run.outcomes) {
        number(o.record);
        for (const auto* text : {&o.decision, &o.value, &o.rule, &o.because, &o.possible, &o.waiting_for}) hash.field(*text);
    }
    number(run.results.size());
    for (const auto& r : run.results) {
        number(r.record);
        for (const auto* text : {&r.name, &r.value, &r.cause}) hash.field(*text);
    }
    return hash.hex();
}

namespace {

/// Hashes of the batches as they are now, by revision.
std::map<std::int64_t, std::string> batch_hashes_now(const Database& database) {
    std::map<std::int64_t, std::string> out;
    Statement revisions(database, "SELECT revision FROM batch ORDER BY revision");
    while (revisions.step()) out.emplace(revisions.integer(0), stored_batch_hash(database, revisions.integer(0)));
    return out;
}

std::string snapshot_hash_now(const std::map<std::int64_t, std::string>& batches, std::int64_t revision) {
    std::vector<std::string> seen;
    for (const auto& [number, hash] : batches)
        if (number <= revision) seen.push_back(hash);
    return snapshot_hash(seen);
}

/// The id the next run would have had if none had been removed from the end.
std::int64_t last_id_given(const Database& database) {
    Statement sequence(database, "SELECT seq FROM sqlite_sequence WHERE name = 'run'");
    return sequence.step() ? sequence.integer(0) : 0;
}

}  // namespace

std::optional<std::int64_t> Store::first_broken_run() const {
    const auto& database = impl_->database;
    const auto batches = batch_hashes_now(database);
    std::map<std::int64_t, std::string> hashes;        // of the runs so far
    std::string previous;
    std::int64_t expected = 1;
    for (const auto& head : runs()) {
        if (head.id != expected) return expected;      // removed
        const auto full = *run(head.id);
        std::vector<std::string> built_on;
        for (const auto earlier : full.built_on) built_on.push_back(hashes[earlier]);
        const bool sound = full.previous_hash == previous && full.hash == run_hash(full, built_on) &&
                           full.snapshot.hash == snapshot_hash_now(batches, full.snapshot.revision) &&
                           ruleset(full.ruleset_hash).hash() == full.ruleset_hash;
        if (!sound) return full.id;
        previous = full.hash;
        hashes.emplace(full.id, full.hash);
        ++expected;
    }
    if (expected <= last_id_given(database)) return expected;
    return std::nullopt;
}

void Store::require_sound() const {
    if (const auto broken = first_broken_run())
        refuse_store(Kind::store_error, impl_->database.path(), fmt::format("the store was altered: run {} is not what was recorded", *broken),
                     "restore the store from a copy; nothing in it can be relied on");
}

}  // namespace zoneval::store
