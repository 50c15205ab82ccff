// What FEEL takes for a name, and how known names are found in text (DMN 1.5 10.3.1.2 rules 25 to 30).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace zoneval::feel {

/// Length in bytes of the code point at the start of UTF-8 text and its value; invalid bytes count as U+FFFD.
struct CodePoint {
    char32_t value = 0;
    std::size_t length = 0;
};
CodePoint code_point(std::string_view text);
void append_utf8(std::string& out, char32_t value);
bool is_valid_utf8(std::string_view text);

bool is_name_start(char32_t c);
bool is_name_part(char32_t c);
/// White space of rule 61, Unicode's included.
bool is_space(char32_t c);
/// Bytes of white space and comments (`//`, `/* */`) at the start of the text.
std::size_t whitespace_length(std::string_view text);

/// The symbols that names may hold (rule 30): . / - ' * + and, here, &.
bool is_name_symbol(char c);
/// Bytes at the start of `text` that spell the known name `name` and end at a word's end; 0 when it is another. A name
/// is its words and symbols: a space matches any white space, and beside a symbol white space makes no difference.
std::size_t match_name(std::string_view text, std::string_view name);
/// True if no name part follows, so that a word or keyword ends here.
bool ends_word(std::string_view rest);
/// Bytes of one word: a name start and name parts; `&` and `'` may join words, so that `R&D` is one.
std::size_t word_length(std::string_view text);
bool is_keyword(std::string_view word);
/// Keywords that end an operand ("and", "then", …), so that an unknown name of several words stops before them.
bool may_follow_operand(std::string_view word);

/// Whitespace trimmed at both ends and every run inside made one space: how names compare.
std::string normalized_name(std::string_view name);
/// True if the text can be written as a name where it is known (no quotes, brackets …).
bool is_name(std::string_view text);

}  // namespace zoneval::feel
