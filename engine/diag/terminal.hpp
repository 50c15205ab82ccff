// Texts on terminals: how wide they are, and none of them obeyed.
#pragma once

#include <string>
#include <string_view>

namespace zoneval {

/// A character of UTF-8; of a byte that begins none its value, and length 0.
struct Character {
    char32_t code;
    std::size_t length;
};
Character character_at(std::string_view text, std::size_t at);
/// What a terminal or a reader obeys rather than shows, or shows nothing of: control characters (ESC and C1 with them),
/// marks that turn the direction of writing, line and paragraph separators, characters without width.
bool is_obeyed(char32_t code);

/// What is obeyed, and bytes that are no UTF-8, as `\u{1B}`.
std::string for_terminal(std::string_view text);

/// Places on a terminal: a Chinese character takes two.
std::size_t shown_width(std::string_view text);
/// With blanks behind, or in front, up to that width.
std::string padded(std::string_view text, std::size_t width);
std::string padded_left(std::string_view text, std::size_t width);
/// At most so wide, the end replaced by `…`.
std::string shortened(std::string_view text, std::size_t width);
/// The same from its middle: texts often differ at their ends.
std::string shortened_inside(std::string_view text, std::size_t width);

}  // namespace zoneval
