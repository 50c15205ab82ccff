// What the parts of Store share; not for users of the store.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "engine/io/bytes/sha256.hpp"
#include "engine/store/database.hpp"
#include "engine/store/heads.hpp"
#include "engine/store/run_columns.hpp"
#include "engine/store/store.hpp"

namespace zoneval::store {

struct Store::Impl {
    Impl(const std::string& path, Database::Create create, std::chrono::milliseconds wait)
        : database(path, create, wait) {}
    // Reading changes nothing that a caller could see, so Store's const functions may use it.
    mutable Database database;
    bool as_it_stands = false;  ///< nothing is held against its hashes

    /// The batches as they are now, in order of revision; read once while nobody else writes.
    const std::vector<BatchHead>& heads() const;
    /// The same; throws StoreError when one of them is not as it was imported, or the newest is gone.
    const std::vector<BatchHead>& sound_heads() const;

    /// Batches whose every byte has been hashed by this process and found as recorded.
    bool is_sound(const BatchHead& head) const;

    void forget() const;  ///< what is known of the file: something was rolled back
    /// Nobody else has written since the whole was found sound.
    bool found_sound() const { return sound_at_ && *sound_at_ == database.pragma("data_version"); }
    void mark_sound() const { sound_at_ = database.pragma("data_version"); }

  private:
    void forget_if_written_by_others() const;

    mutable std::vector<BatchHead> heads_;
    mutable std::set<std::int64_t> sound_;
    mutable std::int64_t known_at_ = -1;
    mutable std::optional<std::int64_t> sound_at_;
};

std::string user_name();

/// Hash of a snapshot from the hashes of its batches, by revision.
std::string snapshot_hash(const std::vector<std::string>& batch_hashes);
/// The run's own hash: over everything observable in it, its previous hash and those of the runs it was built on and of
/// the last ruling it knew.
std::string run_hash(const Run& run, const RunTexts& texts, const std::vector<std::string>& built_on_hashes,
                     const std::string& last_ruling_hash);

/// The same of a run as it is stored.
std::string stored_run_hash(const Database& database, const Run& head, const std::vector<std::string>& built_on_hashes);
std::string decimals_text(const Published& published);  ///< as stored and hashed: "2", or empty

std::string ruling_hash(const Ruling& ruling, const std::string& run_hash);
std::string publication_hash(const Publication& publication, const std::string& run_hash,
                             const std::string& last_ruling_hash);
std::string hash_of_run(const Database& database, std::int64_t id);     ///< as recorded; "": no such run
std::string hash_of_ruling(const Database& database, std::int64_t id);  ///< as recorded; "": no such ruling
/// Of entries that are numbered 1, 2, 3 … and hold the hash of the one before: the first that is gone or not `sound`.
template <class Entry, class Sound>
std::optional<std::int64_t> first_broken_link(const Database& database, std::string_view table,
                                              const std::vector<Entry>& entries, const Sound& sound) {
    std::string previous;
    std::int64_t expected = 1;
    for (const auto& entry : entries) {
        if (entry.id != expected) return expected;  // removed
        if (entry.previous_hash != previous || !sound(entry)) return entry.id;
        previous = entry.hash;
        ++expected;
    }
    // The id the next one would have had if none had been removed from the end.
    if (expected - 1 != last_id_given(database, table)) return expected;
    return std::nullopt;
}
/// Adds what has just been written to the logbook; part of the same transaction.
void enter(Database& database, std::string_view what, std::int64_t number, const Libraries& libraries = {});
Libraries libraries_of_run(const Database& database, std::int64_t id);
std::optional<wording::Fault> wrong_in_logbook(const Database& database);  ///< the first that does not agree with it
std::optional<RuleSetText> ruleset_if_there(const Database& database, const std::string& hash);
/// What differs from the tables, indexes and triggers that a store of this version has, if anything.
std::optional<wording::Fault> foreign_structure(const Database& database);

/// Throws StoreError for cells that are not as this program writes them.
[[noreturn]] void fail_damaged(const Database& database, std::int64_t revision, const std::string& detail);

}  // namespace zoneval::store
