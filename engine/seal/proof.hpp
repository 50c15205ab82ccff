// A verdict that can be checked without the store: the line of one record with its path to the root of its run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/seal/seal.hpp"

namespace zoneval::seal {

struct Proof {
    RunSeal run;
    std::string line;       ///< verdict_lines.hpp
    std::size_t index = 0;  ///< of the record, from 0
    std::vector<Digest> path;
};

/// nullopt: the run has no such record.
std::optional<Proof> proof_of(const store::Store& store, const store::Run& run, const std::string& record);

std::string to_text(const Proof& proof);
/// Throws InputError (ZV512) where a text is no proof.
Proof read_proof(const std::string& file, const std::string& text);

/// Why a proof shows nothing; nullopt: its line is one of the verdicts that its root stands for.
std::optional<wording::Fault> fault(const Proof& proof);
/// Why a proof does not belong to a seal; nullopt: the seal has its run, with the same hash and root.
std::optional<wording::Fault> fault(const Proof& proof, const Seal& seal);

}  // namespace zoneval::seal
