#include <catch2/catch.hpp>

#include "engine/seal/signature.hpp"

using namespace zoneval::seal;

namespace {

// Made with minisign 0.11 and OpenSSH 9.2; the secret keys are gone.
const std::string signed_text = "{\n\"zoneval seal\": 1\n}\n";
const std::string minisign_key =
    "untrusted comment: minisign public key A67CD304AFD886CA\n"
    "RWTKhtivBNN8pl6JFkTtTohMZAd0ZPoswB+XBQn2gOESW88ZPbconK/N\n";
const std::string minisign_signature =
    "untrusted comment: signature from minisign secret key\n"
    "RUTKhtivBNN8pmLDEmYUfAvfwivFJVaqRUWEfQph8Gm+ewjevlgaVTGVKZZkUv5CnVU5i9BB6wMw23ORiEAaxLi2ZRxKZIgrWwM=\n"
    "trusted comment: invented office, 2026-11-29\n"
    "uCUq0HmpFDK1sPbY8Eans3TZf69ot8pw9f0FjuDA8tAeKX4Jh8aoRF3820mpkJXBIYgCfFfpFdhrVQIW7bLgDg==\n";
const std::string minisign_legacy =
    "untrusted comment: signature from minisign secret key\n"
    "RWTKhtivBNN8pvmwUjtJu0THhKlfe/fkER/Ldf/4DoZInwYSoKAlyYzGTymCC9ybZmdgfZEZwQqnWGngIiMxU9hL1uyOzE6nsww=\n"
    "trusted comment: legacy\n"
    "Gpc80XZcZUabc/szJq33UB+w5uuMYOoIDKXzFKEtv4rkhdL1Wm9vRbBo18a62h+VN4w+4wgQrxWlWhR8tDIjCA==\n";
const std::string ssh_key =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIET4x+cmk82DXf8fqNRwtutR7XACExyM1vnPutsCXAO5 invented office\n";
const std::string ssh_signature =
    "-----BEGIN SSH SIGNATURE-----\n"
    "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgRPjH5yaTzYNd/x+o1HC261HtcA\n"
    "ITHIzW+c+62wJcA7kAAAAHem9uZXZhbAAAAAAAAAAGc2hhNTEyAAAAUwAAAAtzc2gtZWQy\n"
    "NTUxOQAAAEC86/uLUE/Xv8Th9u4M6np7muT6N8g2/PvEgijFp7IpbsNw4zCkETvezfH0O6\n"
    "mPy+Usr0cqBFEodpeTaDU8XJkG\n"
    "-----END SSH SIGNATURE-----\n";

/// Every single change of a character in the signature is found, or changes nothing that is signed (line ends, the
/// untrusted comment, bits of the last digit that Base64 does not use).
std::size_t changes_that_pass(const std::string& signature, const std::string& key) {
    std::size_t out = 0;
    for (std::size_t i = 0; i < signature.size(); ++i) {
        auto altered = signature;
        altered[i] = altered[i] == 'A' ? 'B' : 'A';
        if (check_signature(signed_text, altered, key).valid) ++out;
    }
    return out;
}

std::string why(const Signed& refused) {
    return refused.why_not ? say(*refused.why_not, zoneval::wording::Language::en) : "none";
}

}  // namespace

TEST_CASE("signatures of minisign and OpenSSH hold for the file they were made of") {
    const auto prehashed = check_signature(signed_text, minisign_signature, minisign_key);
    CHECK(prehashed.valid);
    CHECK(prehashed.comment == "invented office, 2026-11-29");
    CHECK(check_signature(signed_text, minisign_legacy, minisign_key).valid);
    CHECK(check_signature(signed_text, minisign_signature, "RWTKhtivBNN8pl6JFkTtTohMZAd0ZPoswB+XBQn2gOESW88ZPbconK/N")
              .valid);
    CHECK(check_signature(signed_text, ssh_signature, ssh_key).valid);
}

TEST_CASE("a signature does not hold for another file, and says so") {
    for (const auto& [signature, key] :
         {std::pair{minisign_signature, minisign_key}, {minisign_legacy, minisign_key}, {ssh_signature, ssh_key}}) {
        const auto other = check_signature(signed_text + " ", signature, key);
        CHECK_FALSE(other.valid);
        CHECK(why(other) == "the file is not the one that was signed");
    }
}

TEST_CASE("a signature of another key is told from one of another file") {
    auto other = minisign_key;
    other[other.find("RWTKht") + 5] = 'u';
    CHECK(why(check_signature(signed_text, minisign_signature, other)) == "the signature was made with another key");
    auto ssh = ssh_key;
    ssh[ssh.find("AAAAIET4") + 6] = 'S';
    CHECK(why(check_signature(signed_text, ssh_signature, ssh)) == "the signature was made with another key");
    CHECK(why(check_signature(signed_text, minisign_signature, ssh_key)) == "the key is no public key of minisign");
    CHECK(why(check_signature(signed_text, ssh_signature, minisign_key)) == "the key is no ssh-ed25519 key");
}

TEST_CASE("minisign's trusted comment cannot be changed") {
    auto altered = minisign_signature;
    altered.replace(altered.find("2026"), 4, "2027");
    CHECK(why(check_signature(signed_text, altered, minisign_key)) ==
          "the trusted comment is not the one that was signed");
}

TEST_CASE("what is cut off or garbled is refused, never taken") {
    CHECK_FALSE(check_signature(signed_text, "", minisign_key).valid);
    CHECK_FALSE(check_signature(signed_text, minisign_signature, "").valid);
    for (std::size_t n = 0; n + 2 < ssh_signature.size(); ++n)
        CHECK_FALSE(check_signature(signed_text, ssh_signature.substr(0, n), ssh_key).valid);
    for (std::size_t n = 0; n + 2 < minisign_signature.size(); ++n)
        CHECK_FALSE(check_signature(signed_text, minisign_signature.substr(0, n), minisign_key).valid);
    // The untrusted comment has 53 characters, of which one is an `A`-to-be nowhere; the rest is signed.
    const auto untrusted = minisign_signature.find('\n');
    CHECK(changes_that_pass(minisign_signature.substr(untrusted + 1), minisign_key) == 0);
    CHECK(changes_that_pass(minisign_signature, minisign_key) <= untrusted);
}
