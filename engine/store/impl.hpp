// What the parts of Store share; not for users of the store.
#pragma once

#include <set>
#include <vector>

#include "engine/io/sha256.hpp"
#include "engine/store/database.hpp"
#include "engine/store/run_columns.hpp"
#include "engine/store/store.hpp"

namespace zoneval::store {

struct Store::Impl {
    Impl(const std::string& path, Database::Create create) : database(path, create) {}
    // Reading changes nothing that a caller could see, so Store's const functions may use it.
    mutable Database database;

    // Batches whose every byte has been hashed by this process and found as recorded. Void as soon as another process
    // writes.
    void mark_sound(std::int64_t revision) const {
        is_sound(revision);
        sound.insert(revision);
    }
    bool is_sound(std::int64_t revision) const {
        if (const auto version = database.pragma("data_version"); version != sound_at) {
            sound.clear();
            sound_at = version;
        }
        return sound.contains(revision);
    }
    mutable std::set<std::int64_t> sound;
    mutable std::int64_t sound_at = -1;
};

std::string now_utc();  ///< ISO 8601, to the second
std::string user_name();

/// Hash of a stored batch, from its head and the hashes of its columns as they are now.
std::string stored_batch_hash(const Database& database, std::int64_t revision);
/// Also every row and cell against those hashes.
bool batch_is_sound(const Database& database, std::int64_t revision);
/// Hash of a snapshot from the hashes of its batches, by revision.
std::string snapshot_hash(const std::vector<std::string>& batch_hashes);
/// The run's own hash: over everything observable in it, its previous hash and those of the runs it was built on and of
/// the last ruling it knew.
std::string run_hash(const Run& run, const RunTexts& texts, const std::vector<std::string>& built_on_hashes,
                     const std::string& last_ruling_hash);

std::string ruling_hash(const Ruling& ruling, const std::string& run_hash);
std::string hash_of_run(const Database& database, std::int64_t id);     ///< as recorded; "": no such run
std::string hash_of_ruling(const Database& database, std::int64_t id);  ///< as recorded; "": no such ruling
/// What the rows of a withdrawal say.
std::string withdrawal_text(std::int64_t withdrawn, const std::string& by, const std::string& reason);

/// Throws StoreError for cells that are not as this program writes them.
[[noreturn]] void fail_damaged(const Database& database, std::int64_t revision, const std::string& detail);

}  // namespace zoneval::store
