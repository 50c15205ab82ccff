// Detached Ed25519 signatures (RFC 8032) as minisign (https://jedisct1.github.io/minisign/) and OpenSSH
// (PROTOCOL.sshsig) write them. Signing is left to those programs; checking needs neither.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/wording/faults.hpp"

namespace zoneval::seal {

struct Signed {
    bool valid = false;
    std::optional<wording::Fault> why_not;  ///< where it is not
    std::string comment;                    ///< minisign's trusted comment; it is signed, too
};

/// `signature`: the text of the .minisig or .sig file. `key`: minisign's public key (a line "RW…", or the .pub file),
/// or a line of OpenSSH ("ssh-ed25519 AAAA… name"). An OpenSSH signature must be of the namespace "zoneval" or "file".
Signed check_signature(std::string_view bytes, std::string_view signature, std::string_view key);

}  // namespace zoneval::seal
