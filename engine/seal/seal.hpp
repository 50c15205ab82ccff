// What is published of a store so that others can hold it against later: hash and root of every run, in one text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/seal/merkle.hpp"
#include "engine/store/store.hpp"
#include "engine/wording/faults.hpp"

namespace zoneval::seal {

/// One run, and the root of the tree of its verdicts (verdict_lines.hpp).
struct RunSeal {
    std::int64_t run = 0;
    std::string ruleset;
    std::int32_t year = 0;
    std::size_t records = 0;
    std::string state;  ///< draft, published or superseded, when it was sealed
    std::string hash;   ///< of the run: it covers the run before, so the last one stands for all
    Digest root{};

    friend bool operator==(const RunSeal&, const RunSeal&) = default;
};

struct Seal {
    std::vector<RunSeal> runs;     ///< all of the store, the oldest first
    std::int64_t last_ruling = 0;  ///< that the roots know; 0: none
    std::string last_ruling_hash;
    std::int64_t revision = 0;  ///< the newest import
    std::string snapshot_hash;  ///< over all imports
    std::string made_at;        ///< UTC, ISO 8601; compared with nothing
};

/// Reads every run: a second or so for a million records of one year.
Seal seal_of(const store::Store& store);
/// Of a run whose tree has that root.
RunSeal seal_of(const store::Run& run, const Digest& root);
/// The seal of one run, with the rulings up to one.
RunSeal seal_of(const store::Store& store, const store::Run& run, std::int64_t last_ruling);

std::string to_text(const Seal& seal);
/// Throws InputError (ZV512) where a text is no seal, saying what is wrong with it.
Seal read_seal(const std::string& file, const std::string& text);

/// What a store no longer says as a seal of it did. Empty: it holds all of it, and perhaps more.
std::vector<wording::Fault> against(const store::Store& store, const Seal& seal);

}  // namespace zoneval::seal
