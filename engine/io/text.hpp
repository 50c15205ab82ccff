// The bytes of a text file to checked UTF-8.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/diag/diagnostic.hpp"

namespace zoneval::io {

/// Offset of the first byte that is not part of well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
std::optional<std::size_t> first_invalid_utf8(std::string_view bytes);

/// Converts in place, without the byte-order mark. A mark wins over `encoding`. On a byte that does not belong to
/// the encoding adds ZV402 with its line and column and returns false.
bool to_utf8(std::string& bytes, const std::string& file, const std::string& encoding, Diagnostics& diagnostics);

}  // namespace zoneval::io
