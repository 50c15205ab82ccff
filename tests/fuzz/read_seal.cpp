// Any bytes as a seal, a proof, a signature or a key: no crash, what is read comes out again, nothing forged holds.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/seal/proof.hpp"
#include "engine/seal/signature.hpp"

using namespace zoneval;
using namespace zoneval::seal;

namespace {

// Made with minisign 0.11 and OpenSSH 9.2 of another text than any that is given here; the secret keys are gone.
const std::string minisign_key = "RWTKhtivBNN8pl6JFkTtTohMZAd0ZPoswB+XBQn2gOESW88ZPbconK/N";
const std::string ssh_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIET4x+cmk82DXf8fqNRwtutR7XACExyM1vnPutsCXAO5 office";

template <class Read>
void read_again(const std::string& text, const Read& read) {
    try {
        const auto first = to_text(read("fuzz", text));
        if (to_text(read("fuzz", first)) != first) std::abort();
    } catch (const InputError& error) {
        render_text(error.diagnostics, false);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
    switch (data[0] % 4) {
        case 0: read_again(text, read_seal); break;
        case 1:
            read_again(text, read_proof);
            try {
                fault(read_proof("fuzz", text));
            } catch (const InputError&) {
            }
            break;
        case 2:
            for (const auto& key : {minisign_key, ssh_key})
                if (check_signature("another text", text, key).valid) std::abort();
            break;
        default: {
            const auto half = text.find('|');
            const auto said =
                check_signature("a text", text.substr(0, half), half == std::string::npos ? "" : text.substr(half + 1));
            if (!said.valid && !said.why_not) std::abort();
        }
    }
    return 0;
}
