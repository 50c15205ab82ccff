// Characters that look alike: full-width forms, blanks that cannot be seen, names that a reader takes for one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace zoneval::io {

std::string replaced(std::string_view text, std::string_view from, std::string_view to);
/// Full-width forms (U+FF01..U+FF5E) as ASCII.
std::string half_width(std::string_view text);
/// True if the text begins or ends with a blank that cannot be seen: U+00A0, U+3000, U+200B, U+FEFF and their kin.
bool has_stray_blank(std::string_view text);
std::string without_unseen_blanks(std::string_view text);
/// True for what no name can hold: characters that are obeyed rather than shown (is_obeyed), and `_x000D_`, which is
/// how workbooks spell control characters.
bool has_control_character(std::string_view text);

/// What of a name its reader keeps in mind: two names that differ in width, case, blanks, kind of brackets, accents
/// written as one character or two, leading zeros of a number, or a letter O for a zero, come to the same.
std::string look_of(std::string_view name);
/// Equal for names of one look.
std::uint32_t look_hash(std::string_view name);

}  // namespace zoneval::io
