// The store's version, how it is opened, and how it moves forward. schemas/store.sql holds the tables.
#pragma once

#include <span>
#include <string>

#include "engine/store/database.hpp"

namespace zoneval::store {

/// "zev1": marks the file as ours (PRAGMA application_id).
inline constexpr std::int64_t application_id = 0x7A657631;

/// Step i takes a store of version i to version i + 1. Steps that have been released never change; a new form of the
/// store is a new step.
std::span<const std::string> migrations();

/// `on_trial`: through a copy that is nobody else's and may be written to.
enum class Access { read, on_trial, write };

/// Sets the connection up, refuses what is not a store (ZV503) or of a newer version (ZV502) without touching it, and
/// brings an older store, or an empty file, up to date: one transaction a step. Whoever only reads goes on with a
/// copy of a small or older one; whoever writes is refused one whose pages are damaged.
void open_store(Database& database, Access access = Access::write, std::span<const std::string> steps = migrations());

}  // namespace zoneval::store
