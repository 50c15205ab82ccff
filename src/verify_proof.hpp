// What is compared with something that was published: a seal from outside, and a proof of one verdict.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/seal/seal.hpp"
#include "src/command.hpp"

namespace zoneval::command {

struct OutsideSealOptions {
    std::string file, signature, key;  ///< empty: none was given
};

struct OutsideSeal {
    std::optional<seal::Seal> seal;
    std::string told;                   ///< which it is, and what its signature says
    std::vector<wording::Fault> wrong;  ///< with its signature
};

/// Throws InputError (ZV512) where a file cannot be read or is none.
OutsideSeal outside_seal(const OutsideSealOptions& options, wording::Language language);

/// A proof against itself, and against the seal where one is given; prints what comes out. The exit code.
int verify_proof(const std::string& file, const OutsideSealOptions& options, const Global& global);

}  // namespace zoneval::command
