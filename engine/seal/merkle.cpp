#include "engine/seal/merkle.hpp"

#include <openssl/evp.h>

#include <cstring>
#include <memory>
#include <mutex>
#include <stdexcept>

#include "engine/diag/no_memory.hpp"

namespace zoneval::seal {

namespace {

/// One context for all small hashes: making one costs more than the hash.
class Hasher {
  public:
    Hasher()
        : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free), sha256_(EVP_MD_fetch(nullptr, "SHA256", nullptr), EVP_MD_free) {
        if (context_ && sha256_) return;
        memory_.check();
        throw std::runtime_error("SHA-256 is not available");
    }
    Digest operator()(unsigned char prefix, std::string_view a, std::string_view b = {}) {
        Digest out{};
        const MemoryWatch memory;
        if (EVP_DigestInit_ex2(context_.get(), sha256_.get(), nullptr) != 1 ||
            EVP_DigestUpdate(context_.get(), &prefix, 1) != 1 ||
            EVP_DigestUpdate(context_.get(), a.data(), a.size()) != 1 ||
            EVP_DigestUpdate(context_.get(), b.data(), b.size()) != 1 ||
            EVP_DigestFinal_ex(context_.get(), out.data(), nullptr) != 1) {
            memory.check();
            throw std::runtime_error("SHA-256 failed");
        }
        return out;
    }

  private:
    MemoryWatch memory_;
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
    std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> sha256_;
};

Digest hash(unsigned char prefix, std::string_view a, std::string_view b = {}) {
    static std::mutex one_at_a_time;
    const std::scoped_lock lock(one_at_a_time);
    static Hasher hasher;
    return hasher(prefix, a, b);
}

std::string_view bytes(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

/// The level above: neighbours joined, the last of an odd number taken as it is. That is RFC 6962's split at the
/// largest power of two below n, seen from the leaves.
std::vector<Digest> level_above(const std::vector<Digest>& level) {
    std::vector<Digest> out;
    out.reserve((level.size() + 1) / 2);
    for (std::size_t i = 0; i + 1 < level.size(); i += 2) out.push_back(node_hash(level[i], level[i + 1]));
    if (level.size() % 2 == 1) out.push_back(level.back());
    return out;
}

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

}  // namespace

std::string to_hex(const Digest& digest) {
    std::string out;
    for (const auto byte : digest) {
        out += "0123456789abcdef"[byte >> 4];
        out += "0123456789abcdef"[byte & 15];
    }
    return out;
}

std::optional<Digest> from_hex(std::string_view text) {
    Digest out{};
    if (text.size() != 2 * out.size()) return std::nullopt;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        out[i] = static_cast<unsigned char>(high * 16 + low);
    }
    return out;
}

Digest leaf_hash(std::string_view entry) { return hash(0, entry); }
Digest node_hash(const Digest& left, const Digest& right) { return hash(1, bytes(left), bytes(right)); }

Digest MerkleTree::root() const {
    if (leaves_.empty()) return *from_hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    auto level = leaves_;
    while (level.size() > 1) level = level_above(level);
    return level.front();
}

std::vector<Digest> MerkleTree::path(std::size_t index) const {
    std::vector<Digest> out;
    for (auto level = leaves_; level.size() > 1; level = level_above(level), index /= 2)
        if (const auto sibling = index ^ 1; sibling < level.size()) out.push_back(level[sibling]);
    return out;
}

std::optional<Digest> root_by_path(const Digest& leaf, std::size_t index, std::size_t size,
                                   const std::vector<Digest>& path) {
    if (index >= size) return std::nullopt;
    auto hash_so_far = leaf;
    auto last = size - 1;
    for (const auto& sibling : path) {
        if (last == 0) return std::nullopt;
        if (index % 2 == 1 || index == last) {
            hash_so_far = node_hash(sibling, hash_so_far);
            while (index % 2 == 0 && index != 0) {
                index /= 2;
                last /= 2;
            }
        } else {
            hash_so_far = node_hash(hash_so_far, sibling);
        }
        index /= 2;
        last /= 2;
    }
    return last == 0 ? std::optional(hash_so_far) : std::nullopt;
}

}  // namespace zoneval::seal
