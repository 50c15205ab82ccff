// Base 64 (RFC 4648) of a hash, as Content-Security-Policy has it.
#pragma once

#include <string>
#include <string_view>

namespace zoneval::report {

/// Of bytes given in lower-case hexadecimal.
std::string base64_of_hex(std::string_view hex);

}  // namespace zoneval::report
