#include "engine/io/cells/characters.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/diag/ascii.hpp"
#include "engine/diag/terminal.hpp"
#include "engine/feel/value/names.hpp"

namespace zoneval::io {

namespace {

constexpr std::array<std::string_view, 8> unseen_blanks = {"\u00A0", "\u3000", "\u2009", "\u202F",
                                                           "\u2007", "\u200B", "\uFEFF", "\u2003"};

/// Letters with an accent of Latin-1 and Latin Extended-A, as letter and combining accent (Unicode, canonical
/// decomposition): names as people write them hold few others.
struct Accents {
    char32_t accent;
    std::u32string_view letters, composed;
};
constexpr Accents accents[] = {
    {0x300, U"AEIOUNaeioun", U"\u00C0\u00C8\u00CC\u00D2\u00D9\u01F8\u00E0\u00E8\u00EC\u00F2\u00F9\u01F9"},
    {0x301, U"AEIOUYCNSZaeiouycnsz",
     U"\u00C1\u00C9\u00CD\u00D3\u00DA\u00DD\u0106\u0143\u015A\u0179\u00E1\u00E9\u00ED\u00F3"
     U"\u00FA\u00FD\u0107\u0144\u015B\u017A"},
    {0x302, U"AEIOUaeiou", U"\u00C2\u00CA\u00CE\u00D4\u00DB\u00E2\u00EA\u00EE\u00F4\u00FB"},
    {0x303, U"ANOano", U"\u00C3\u00D1\u00D5\u00E3\u00F1\u00F5"},
    {0x304, U"AEIOUaeiou", U"\u0100\u0112\u012A\u014C\u016A\u0101\u0113\u012B\u014D\u016B"},
    {0x306, U"AGUagu", U"\u0102\u011E\u016C\u0103\u011F\u016D"},
    {0x308, U"AEIOUYaeiouy", U"\u00C4\u00CB\u00CF\u00D6\u00DC\u0178\u00E4\u00EB\u00EF\u00F6\u00FC\u00FF"},
    {0x30A, U"AUau", U"\u00C5\u016E\u00E5\u016F"},
    {0x30C, U"CDENRSTZcenrszAIOUaiou",
     U"\u010C\u010E\u011A\u0147\u0158\u0160\u0164\u017D\u010D\u011B\u0148\u0159\u0161\u017E"
     U"\u01CD\u01CF\u01D1\u01D3\u01CE\u01D0\u01D2\u01D4"},
    {0x327, U"CSTcst", U"\u00C7\u015E\u0162\u00E7\u015F\u0163"},
};

/// The letter and accent a character is made of; itself and 0 for most.
std::pair<char32_t, char32_t> decomposed(char32_t c) {
    for (const auto& [accent, letters, composed] : accents)
        if (const auto at = composed.find(c); at != std::u32string_view::npos) return {letters[at], accent};
    return {c, 0};
}

bool is_bracket(char32_t c) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) return false;
    return std::u32string_view(U"()[]{}<>\u3008\u3009\u300A\u300B\u3010\u3011\u3014\u3015\u2018\u2019\u201C\u201D\"'")
               .find(c) != std::u32string_view::npos;
}

bool is_blank(char32_t c) {
    return c == ' ' || c == '\t' || c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200D) || c == 0x202F ||
           c == 0xFEFF;
}

/// `1001.0` is what programs make of the id 1001 once they took it for a number.
std::string_view without_empty_decimals(std::string_view name) {
    const auto point = name.find('.');
    const bool number = point != std::string_view::npos && point > 0 && point + 1 < name.size() &&
                        std::all_of(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(point), is_digit);
    return number && name.find_first_not_of('0', point + 1) == std::string_view::npos ? name.substr(0, point) : name;
}

/// Gives each character that a reader keeps in mind to `keep`, in order.
template <class Keep>
void look(std::string_view name, Keep keep) {
    name = without_empty_decimals(name);
    bool zero_waits = false, in_number = false;  // zeros before a number are left out, not those that are all of it
    const auto take = [&](char32_t c) {
        const bool digit = c >= '0' && c <= '9';
        if (c == '0' && !in_number) {
            zero_waits = true;
            return;
        }
        if (!digit && zero_waits) keep(U'0');
        zero_waits = false;
        in_number = digit;
        keep(c);
    };
    char before = ' ';
    while (!name.empty()) {
        const auto ascii = static_cast<unsigned char>(name.front()) < 0x80;
        auto [c, length] = ascii ? feel::CodePoint{static_cast<char32_t>(name.front()), 1} : feel::code_point(name);
        name.remove_prefix(length);
        if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFF01 - '!';
        if (is_blank(c) || is_bracket(c)) continue;
        if (c >= 'A' && c <= 'Z') c = c - 'A' + 'a';
        // A letter O beside a digit is a slip for a zero.
        if (c == 'o' && (is_digit(before) || (!name.empty() && is_digit(name.front())))) c = '0';
        before = c < 0x80 ? static_cast<char>(c) : ' ';
        if (c < 0x80) {
            take(c);
            continue;
        }
        const auto [letter, accent] = decomposed(c);
        take(letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter);
        if (accent != 0) take(accent);
    }
    if (zero_waits) keep(U'0');
}

}  // namespace

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        if (text.substr(i).starts_with(from)) {
            out += to;
            i += from.size();
        } else {
            out += text[i++];
        }
    }
    return out;
}

std::string without_unseen_blanks(std::string_view text) {
    std::string out(text);
    for (const auto blank : unseen_blanks) out = replaced(out, blank, "");
    return out;
}

std::string half_width(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(k < text.size() ? text[k] : '\0'); };
        if (byte(i) == 0xEF && (byte(i + 1) == 0xBC || byte(i + 1) == 0xBD)) {
            const unsigned code = ((byte(i) & 0x0Fu) << 12) | ((byte(i + 1) & 0x3Fu) << 6) | (byte(i + 2) & 0x3Fu);
            if (code >= 0xFF01 && code <= 0xFF5E) {
                out += static_cast<char>(code - 0xFF01 + '!');
                i += 3;
                continue;
            }
        }
        out += text[i++];
    }
    return out;
}

bool has_stray_blank(std::string_view text) {
    if (text.empty()) return false;
    // Every blank looked for begins with one of these bytes and ends above ASCII.
    if (static_cast<unsigned char>(text.front()) < 0xC2 && static_cast<unsigned char>(text.back()) < 0x80) return false;
    return std::any_of(unseen_blanks.begin(), unseen_blanks.end(),
                       [&](std::string_view blank) { return text.starts_with(blank) || text.ends_with(blank); });
}

bool has_control_character(std::string_view text) {
    bool underscore = false, beyond_latin = false;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return true;
        underscore = underscore || c == '_';
        beyond_latin = beyond_latin || static_cast<unsigned char>(c) >= 0x80;
    }
    for (std::size_t at = 0; beyond_latin && at < text.size();) {
        const auto [code, length] = character_at(text, at);
        if (length == 0 || is_obeyed(code)) return true;
        at += length;
    }
    if (!underscore) return false;
    for (auto at = text.find("_x"); at != std::string_view::npos; at = text.find("_x", at + 1)) {
        const auto code = text.substr(at + 2, 5);
        const bool hex = code.size() == 5 && code[4] == '_' && std::all_of(code.begin(), code.begin() + 4, [](char c) {
                             return is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
                         });
        if (hex) return true;
    }
    return false;
}

std::string look_of(std::string_view name) {
    std::string out;
    out.reserve(name.size());
    look(name, [&](char32_t c) { feel::append_utf8(out, c); });
    return out;
}

std::uint32_t look_hash(std::string_view name) {
    std::uint64_t hash = 0xCBF29CE484222325u;  // FNV-1a
    look(name, [&](char32_t c) { hash = (hash ^ c) * 0x100000001B3u; });
    return static_cast<std::uint32_t>(hash ^ hash >> 32);
}

}  // namespace zoneval::io
