// Merkle trees over SHA-256 as in RFC 6962, section 2.1: a root stands for a list of entries, and a path of log2(n)
// hashes shows that one entry is in it.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zoneval::seal {

using Digest = std::array<unsigned char, 32>;

std::string to_hex(const Digest& digest);
std::optional<Digest> from_hex(std::string_view text);  ///< nullopt: not 64 digits in lower case

Digest leaf_hash(std::string_view entry);                   ///< SHA-256(0x00 || entry)
Digest node_hash(const Digest& left, const Digest& right);  ///< SHA-256(0x01 || left || right)

class MerkleTree {
  public:
    void append(std::string_view entry) { leaves_.push_back(leaf_hash(entry)); }
    std::size_t size() const { return leaves_.size(); }
    Digest root() const;                                ///< of no entries: SHA-256 of nothing
    std::vector<Digest> path(std::size_t index) const;  ///< the audit path of an entry, from the leaf upwards

  private:
    std::vector<Digest> leaves_;
};

/// The root that an entry's path leads to (RFC 9162, section 2.1.3.2); nullopt where no tree of that size has such a
/// path.
std::optional<Digest> root_by_path(const Digest& leaf, std::size_t index, std::size_t size,
                                   const std::vector<Digest>& path);

}  // namespace zoneval::seal
