// Why a datum is absent.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace zoneval::feel {

/// `none` means "not a missing datum": a null that was computed or written.
enum class Missing : std::uint8_t { none, not_reported, not_applicable, suppressed, too_small, late };
std::string_view to_string(Missing kind);  ///< as data files and the store spell it: "not reported", …
std::optional<Missing> missing_from_string(std::string_view text);

}  // namespace zoneval::feel
