#include "engine/feel/value/names.hpp"

#include <algorithm>
#include <array>

#include "engine/diag/terminal.hpp"

namespace zoneval::feel {

namespace {

struct Interval {
    char32_t first, last;
};

constexpr std::array<Interval, 13> name_start_ranges{{{0xC0, 0xD6},
                                                      {0xD8, 0xF6},
                                                      {0xF8, 0x2FF},
                                                      {0x370, 0x37D},
                                                      {0x37F, 0x1FFF},
                                                      {0x200C, 0x200D},
                                                      {0x2070, 0x218F},
                                                      {0x2C00, 0x2FEF},
                                                      {0x3001, 0xD7FF},
                                                      {0xF900, 0xFDCF},
                                                      {0xFDF0, 0xFEFE},
                                                      {0xFF00, 0xFFFC},
                                                      {0x10000, 0xEFFFF}}};

// What may follow an operand, first; then what begins one.
constexpr std::array<std::string_view, 17> keywords{"and",    "or",        "in",       "between", "then", "else",
                                                    "return", "satisfies", "instance", "if",      "for",  "some",
                                                    "every",  "function",  "true",     "false",   "null"};
constexpr std::size_t following_keywords = 9;

}  // namespace

CodePoint code_point(std::string_view text) {
    if (text.empty()) return {};
    const auto [code, length] = character_at(text, 0);
    if (length == 0) return {0xFFFD, 1};
    return {code, length};
}

void append_utf8(std::string& out, char32_t c) {
    const auto put = [&](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (c < 0x80) return put(c);
    if (c < 0x800) {
        put(0xC0 | (c >> 6));
    } else if (c < 0x10000) {
        put(0xE0 | (c >> 12));
        put(0x80 | ((c >> 6) & 0x3F));
    } else {
        put(0xF0 | (c >> 18));
        put(0x80 | ((c >> 12) & 0x3F));
        put(0x80 | ((c >> 6) & 0x3F));
    }
    put(0x80 | (c & 0x3F));
}

bool is_valid_utf8(std::string_view text) {
    while (!text.empty()) {
        const auto c = code_point(text);
        if (c.value == 0xFFFD && c.length == 1) return false;
        text.remove_prefix(c.length);
    }
    return true;
}

bool is_name_start(char32_t c) {
    if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (is_space(c)) return false;
    return std::any_of(name_start_ranges.begin(), name_start_ranges.end(),
                       [&](const Interval& i) { return c >= i.first && c <= i.last; });
}

bool is_name_part(char32_t c) {
    return is_name_start(c) || (c >= '0' && c <= '9') || c == 0xB7 || (c >= 0x300 && c <= 0x36F) ||
           (c >= 0x203F && c <= 0x2040);
}

bool is_space(char32_t c) {
    if (c < 0x80) return c == ' ' || (c >= 0x09 && c <= 0x0D);
    return c == 0x85 || c == 0xA0 || c == 0x1680 || c == 0x180E || (c >= 0x2000 && c <= 0x200B) || c == 0x2028 ||
           c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

std::size_t whitespace_length(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const auto rest = text.substr(at);
        const char first = rest.front();
        if (first == ' ') {
            ++at;
        } else if (first == '/') {
            if (rest.starts_with("//")) {
                at += std::min(rest.find_first_of("\r\n"), rest.size());
            } else if (rest.starts_with("/*")) {
                const auto end = rest.find("*/", 2);
                if (end == std::string_view::npos) return at;  // an unclosed comment is an error further on
                at += end + 2;
            } else {
                return at;
            }
        } else {
            const auto c = code_point(rest);
            if (!is_space(c.value)) return at;
            at += c.length;
        }
    }
    return at;
}

bool ends_word(std::string_view rest) { return rest.empty() || !is_name_part(code_point(rest).value); }

bool is_name_symbol(char c) { return std::string_view("./-'*+&").find(c) != std::string_view::npos; }

std::size_t match_name(std::string_view text, std::string_view name) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool behind_symbol = i > 0 && is_name_symbol(name[i - 1]);
        if (name[i] == ' ') {
            const auto space = whitespace_length(text.substr(at));
            const bool before_symbol = i + 1 < name.size() && is_name_symbol(name[i + 1]);
            if (space == 0 && !behind_symbol && !before_symbol) return 0;
            at += space;
        } else {
            if (i > 0 && (behind_symbol || is_name_symbol(name[i]))) at += whitespace_length(text.substr(at));
            if (at >= text.size() || text[at] != name[i]) return 0;
            ++at;
        }
    }
    if (name.empty()) return 0;
    // The name's last code point decides whether a following letter or digit would belong to it.
    std::size_t last = name.size() - 1;
    while (last > 0 && (static_cast<unsigned char>(name[last]) & 0xC0) == 0x80) --last;
    if (is_name_part(code_point(name.substr(last)).value) && !ends_word(text.substr(at))) return 0;
    return at;
}

std::size_t word_length(std::string_view text) {
    auto c = code_point(text);
    if (text.empty() || !is_name_start(c.value)) return 0;
    std::size_t at = 0;
    while (at < text.size()) {
        c = code_point(text.substr(at));
        if (is_name_part(c.value)) {
            at += c.length;
        } else if ((c.value == '&' || c.value == '\'') && at + 1 < text.size() &&
                   is_name_start(code_point(text.substr(at + 1)).value)) {
            ++at;
        } else {
            break;
        }
    }
    return at;
}

bool may_follow_operand(std::string_view word) {
    const auto end = keywords.begin() + following_keywords;
    return std::find(keywords.begin(), end, word) != end;
}

bool is_keyword(std::string_view word) { return std::find(keywords.begin(), keywords.end(), word) != keywords.end(); }

std::string normalized_name(std::string_view name) {
    std::string out;
    bool gap = false;
    while (!name.empty()) {
        const auto c = code_point(name);
        if (is_space(c.value)) {
            gap = !out.empty();
        } else {
            if (gap) out += ' ';
            gap = false;
            out += name.substr(0, c.length);
        }
        name.remove_prefix(c.length);
    }
    return out;
}

bool is_name(std::string_view text) {
    if (text.empty() || is_keyword(text) || !is_name_start(code_point(text).value)) return false;
    while (!text.empty()) {
        const auto c = code_point(text);
        if (!is_name_part(c.value) && text.front() != ' ' && !is_name_symbol(text.front())) return false;
        if (text == " ") return false;
        text.remove_prefix(c.length);
    }
    return true;
}

}  // namespace zoneval::feel
