// The bytes of a text file to checked UTF-8.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/diag/diagnostic.hpp"

namespace zoneval::io {

/// Offset of the first byte that is not part of well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
std::optional<std::size_t> first_invalid_utf8(std::string_view bytes);

/// The text of `bytes` without its byte-order mark, a mark winning over `encoding`: a view into `bytes` when they are
/// UTF-8 already, else into `converted`. On a byte that does not belong to the encoding adds ZV402 with its line and
/// column and gives nullopt.
std::optional<std::string_view> utf8_of(std::string_view bytes, const std::string& file, const std::string& encoding,
                                        std::string& converted, Diagnostics& diagnostics);

}  // namespace zoneval::io
