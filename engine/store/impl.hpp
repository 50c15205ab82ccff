// What the parts of Store share; not for users of the store.
#pragma once

#include <vector>

#include "engine/io/sha256.hpp"
#include "engine/store/database.hpp"
#include "engine/store/store.hpp"

namespace zoneval::store {

struct Store::Impl {
    Impl(const std::string& path, Database::Create create) : database(path, create) {}
    // Reading changes nothing that a caller could see, so Store's const functions may use it.
    mutable Database database;
};

std::string now_utc();                                 ///< ISO 8601, to the second
std::string user_name();

/// Hash of a stored batch, computed from what the store holds now.
std::string stored_batch_hash(const Database& database, std::int64_t revision);
/// Hash of a snapshot from the hashes of its batches, by revision.
std::string snapshot_hash(const std::vector<std::string>& batch_hashes);
/// The run's own hash: over everything observable in it, its previous hash and those of the runs it was built on.
std::string run_hash(const Run& run, const std::vector<std::string>& built_on_hashes);

/// Throws StoreError for cells that are not as this program writes them.
[[noreturn]] void fail_damaged(const Database& database, std::int64_t revision, const std::string& detail);

}  // namespace zoneval::store
