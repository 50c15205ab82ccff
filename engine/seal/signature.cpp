#include "engine/seal/signature.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

namespace zoneval::seal {

using wording::Flaw;

namespace {

using Bytes = std::string;

std::optional<Bytes> from_base64(std::string_view text) {
    Bytes compact;
    for (const char c : text)
        if (c != '\n' && c != '\r' && c != ' ') compact += c;
    if (compact.empty() || compact.size() % 4 != 0) return std::nullopt;
    Bytes out(compact.size() / 4 * 3, '\0');
    const auto size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(compact.data()), static_cast<int>(compact.size()));
    if (size < 0) return std::nullopt;
    const auto padding = std::count(compact.end() - 2, compact.end(), '=');
    out.resize(static_cast<std::size_t>(size) - static_cast<std::size_t>(padding));
    return out;
}

Bytes digest(const EVP_MD* kind, std::string_view bytes) {
    Bytes out(static_cast<std::size_t>(EVP_MD_get_size(kind)), '\0');
    EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()), nullptr, kind, nullptr);
    return out;
}

const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

bool ed25519_holds(std::string_view key, std::string_view message, std::string_view signature) {
    if (key.size() != 32 || signature.size() != 64) return false;
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> pkey(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(key), key.size()), EVP_PKEY_free);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    return pkey && context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, pkey.get()) == 1 &&
           EVP_DigestVerify(context.get(), raw(signature), signature.size(), raw(message), message.size()) == 1;
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (!line.empty()) out.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

Signed refused(Flaw why) { return {false, wording::Fault{why}, ""}; }

/// minisign: an untrusted comment, base64 of algorithm (2), key id (8) and signature (64); a trusted comment, and
/// base64 of the signature over both. Algorithm "ED" signs the BLAKE2b-512 of the file, "Ed" the file itself.
Signed minisign(std::string_view bytes, const std::vector<std::string_view>& signature, std::string_view key_line) {
    constexpr std::string_view trusted = "trusted comment: ";
    if (signature.size() != 4 || !signature[2].starts_with(trusted)) return refused(Flaw::four_lines);
    const auto key = from_base64(key_line), first = from_base64(signature[1]), second = from_base64(signature[3]);
    if (!key || key->size() != 42 || !key->starts_with("Ed")) return refused(Flaw::no_minisign_key);
    if (!first || first->size() != 74 || !second || second->size() != 64) return refused(Flaw::no_minisign_signature);
    if (first->substr(2, 8) != key->substr(2, 8)) return refused(Flaw::another_key);
    const auto algorithm = first->substr(0, 2), own = first->substr(10), public_key = key->substr(10);
    if (algorithm != "ED" && algorithm != "Ed") return refused(Flaw::unknown_algorithm);
    const auto message = algorithm == "ED" ? digest(EVP_blake2b512(), bytes) : Bytes(bytes);
    if (!ed25519_holds(public_key, message, own)) return refused(Flaw::another_file);
    const auto comment = signature[2].substr(trusted.size());
    if (!ed25519_holds(public_key, own + Bytes(comment), *second)) return refused(Flaw::another_comment);
    return {true, std::nullopt, std::string(comment)};
}

/// Reads OpenSSH's strings: a length of four bytes, the highest first, then the bytes (RFC 4251, section 5).
class SshReader {
  public:
    explicit SshReader(std::string_view bytes) : rest_(bytes) {}
    bool ok() const { return ok_; }
    std::string_view take(std::size_t n) {
        if (n > rest_.size()) ok_ = false;
        if (!ok_) return {};
        const auto out = rest_.substr(0, n);
        rest_.remove_prefix(n);
        return out;
    }
    std::size_t number() {
        std::size_t out = 0;
        for (const char byte : take(4)) out = out << 8 | static_cast<unsigned char>(byte);
        return out;
    }
    std::string_view string() { return take(number()); }

  private:
    std::string_view rest_;
    bool ok_ = true;
};

Bytes ssh_string(std::string_view text) {
    Bytes out;
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(text.size() >> shift & 255);
    return out + Bytes(text);
}

/// The 32 bytes of "ssh-ed25519" and a key.
std::string_view ed25519_key(std::string_view blob) {
    SshReader reader(blob);
    if (reader.string() != "ssh-ed25519") return {};
    return reader.string();
}

/// PROTOCOL.sshsig: what is signed is the magic, the namespace, a reserved string, the name of a hash, and that hash.
Signed openssh(std::string_view bytes, std::string_view armoured, std::string_view key_line) {
    constexpr std::string_view begin = "-----BEGIN SSH SIGNATURE-----", end = "-----END SSH SIGNATURE-----";
    const auto from = armoured.find(begin), to = armoured.find(end);
    if (from == std::string_view::npos || to == std::string_view::npos || to < from)
        return refused(Flaw::signature_torn);
    const auto blob = from_base64(armoured.substr(from + begin.size(), to - from - begin.size()));
    const auto blank = key_line.find(' ');
    const auto key_text = key_line.substr(std::min(blank + 1, key_line.size()));
    const auto key_blob = from_base64(key_text.substr(0, std::min(key_text.find(' '), key_text.size())));
    const auto key = key_blob ? Bytes(ed25519_key(*key_blob)) : Bytes();
    if (key.size() != 32) return refused(Flaw::no_ssh_key);
    if (!blob) return refused(Flaw::no_ssh_signature);
    SshReader reader(*blob);
    if (reader.take(6) != "SSHSIG" || reader.number() != 1) return refused(Flaw::no_ssh_signature);
    const auto signer = reader.string(), space = reader.string(), reserved = reader.string(),
               algorithm = reader.string();
    SshReader own(reader.string());
    const auto kind = own.string(), signature = own.string();
    if (!reader.ok() || !own.ok() || kind != "ssh-ed25519") return refused(Flaw::no_ed25519);
    if (ed25519_key(signer) != key) return refused(Flaw::another_key);
    if (space != "zoneval" && space != "file") return refused(Flaw::another_purpose);
    if (algorithm != "sha512" && algorithm != "sha256") return refused(Flaw::unknown_hash);
    const auto hashed = digest(algorithm == "sha512" ? EVP_sha512() : EVP_sha256(), bytes);
    const auto message =
        "SSHSIG" + ssh_string(space) + ssh_string(reserved) + ssh_string(algorithm) + ssh_string(hashed);
    if (!ed25519_holds(key, message, signature)) return refused(Flaw::another_file);
    return {true, std::nullopt, ""};
}

}  // namespace

Signed check_signature(std::string_view bytes, std::string_view signature, std::string_view key) {
    const auto key_lines = lines_of(key);
    if (key_lines.empty()) return refused(Flaw::no_key);
    if (signature.find("-----BEGIN SSH SIGNATURE-----") != std::string_view::npos)
        return openssh(bytes, signature, key_lines.front());
    return minisign(bytes, lines_of(signature), key_lines.back());
}

}  // namespace zoneval::seal
