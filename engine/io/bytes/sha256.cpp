#include "engine/io/bytes/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <stdexcept>

#include "engine/diag/no_memory.hpp"

namespace zoneval {

namespace {
// Small pieces are gathered: a call of EVP_DigestUpdate costs more than hashing a few bytes.
constexpr std::size_t gathered = 32 * 1024;
}  // namespace

struct Sha256::Impl {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    std::string waiting;

    ~Impl() { EVP_MD_CTX_free(context); }
    void update(std::string_view bytes) {
        if (EVP_DigestUpdate(context, bytes.data(), bytes.size()) != 1) throw std::runtime_error("SHA-256 failed");
    }
    void flush() {
        update(waiting);
        waiting.clear();
    }
};

Sha256::Sha256() {
    const MemoryWatch memory;
    impl_ = std::make_unique<Impl>();
    if (!impl_->context || EVP_DigestInit_ex(impl_->context, EVP_sha256(), nullptr) != 1) {
        memory.check();
        throw std::runtime_error("SHA-256 is not available");
    }
    impl_->waiting.reserve(gathered + 64);
}

Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes) {
    if (impl_->waiting.size() + bytes.size() > gathered) impl_->flush();
    if (bytes.size() > gathered)
        impl_->update(bytes);
    else
        impl_->waiting += bytes;
}

void Sha256::field(std::string_view bytes) {
    std::array<char, 24> length{};
    const auto [end, error] = std::to_chars(length.data(), length.data() + length.size(), bytes.size());
    *end = ':';
    update({length.data(), static_cast<std::size_t>(end + 1 - length.data())});
    update(bytes);
    update(",");
}

std::string Sha256::hex() {
    impl_->flush();
    std::array<unsigned char, 32> digest{};
    if (EVP_DigestFinal_ex(impl_->context, digest.data(), nullptr) != 1) throw std::runtime_error("SHA-256 failed");
    std::string out;
    out.reserve(2 * digest.size());
    for (const auto byte : digest) {
        out += "0123456789abcdef"[byte >> 4];
        out += "0123456789abcdef"[byte & 15];
    }
    return out;
}

std::string sha256(std::string_view bytes) {
    Sha256 hash;
    hash.update(bytes);
    return hash.hex();
}

}  // namespace zoneval
