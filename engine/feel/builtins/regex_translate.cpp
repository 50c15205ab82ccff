// The differences (XML Schema part 2, appendix F, and XPath functions 7.6.1): class subtraction, block names,
// \i \c \w \d in Unicode, no look-around, no possessive quantifiers, white space removed before reading under x.
#include "engine/feel/builtins/regex_translate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "engine/feel/builtins/regex.hpp"
#include "engine/feel/value/limits.hpp"
#include "engine/feel/value/names.hpp"

namespace zoneval::feel {

namespace {

struct Block {
    std::string_view name;
    unsigned first, last;
};

constexpr std::array<Block, 62> blocks{{{"BasicLatin", 0x0, 0x7F},
                                        {"Latin-1Supplement", 0x80, 0xFF},
                                        {"LatinExtended-A", 0x100, 0x17F},
                                        {"LatinExtended-B", 0x180, 0x24F},
                                        {"IPAExtensions", 0x250, 0x2AF},
                                        {"SpacingModifierLetters", 0x2B0, 0x2FF},
                                        {"CombiningDiacriticalMarks", 0x300, 0x36F},
                                        {"Greek", 0x370, 0x3FF},
                                        {"GreekandCoptic", 0x370, 0x3FF},
                                        {"Cyrillic", 0x400, 0x4FF},
                                        {"Armenian", 0x530, 0x58F},
                                        {"Hebrew", 0x590, 0x5FF},
                                        {"Arabic", 0x600, 0x6FF},
                                        {"Syriac", 0x700, 0x74F},
                                        {"Thaana", 0x780, 0x7BF},
                                        {"Devanagari", 0x900, 0x97F},
                                        {"Bengali", 0x980, 0x9FF},
                                        {"Gurmukhi", 0xA00, 0xA7F},
                                        {"Gujarati", 0xA80, 0xAFF},
                                        {"Oriya", 0xB00, 0xB7F},
                                        {"Tamil", 0xB80, 0xBFF},
                                        {"Telugu", 0xC00, 0xC7F},
                                        {"Kannada", 0xC80, 0xCFF},
                                        {"Malayalam", 0xD00, 0xD7F},
                                        {"Sinhala", 0xD80, 0xDFF},
                                        {"Thai", 0xE00, 0xE7F},
                                        {"Lao", 0xE80, 0xEFF},
                                        {"Tibetan", 0xF00, 0xFFF},
                                        {"Myanmar", 0x1000, 0x109F},
                                        {"Georgian", 0x10A0, 0x10FF},
                                        {"HangulJamo", 0x1100, 0x11FF},
                                        {"Ethiopic", 0x1200, 0x137F},
                                        {"Cherokee", 0x13A0, 0x13FF},
                                        {"Khmer", 0x1780, 0x17FF},
                                        {"Mongolian", 0x1800, 0x18AF},
                                        {"LatinExtendedAdditional", 0x1E00, 0x1EFF},
                                        {"GreekExtended", 0x1F00, 0x1FFF},
                                        {"GeneralPunctuation", 0x2000, 0x206F},
                                        {"SuperscriptsandSubscripts", 0x2070, 0x209F},
                                        {"CurrencySymbols", 0x20A0, 0x20CF},
                                        {"LetterlikeSymbols", 0x2100, 0x214F},
                                        {"NumberForms", 0x2150, 0x218F},
                                        {"Arrows", 0x2190, 0x21FF},
                                        {"MathematicalOperators", 0x2200, 0x22FF},
                                        {"MiscellaneousTechnical", 0x2300, 0x23FF},
                                        {"EnclosedAlphanumerics", 0x2460, 0x24FF},
                                        {"BoxDrawing", 0x2500, 0x257F},
                                        {"GeometricShapes", 0x25A0, 0x25FF},
                                        {"MiscellaneousSymbols", 0x2600, 0x26FF},
                                        {"Dingbats", 0x2700, 0x27BF},
                                        {"CJKRadicalsSupplement", 0x2E80, 0x2EFF},
                                        {"CJKSymbolsandPunctuation", 0x3000, 0x303F},
                                        {"Hiragana", 0x3040, 0x309F},
                                        {"Katakana", 0x30A0, 0x30FF},
                                        {"Bopomofo", 0x3100, 0x312F},
                                        {"CJKUnifiedIdeographsExtensionA", 0x3400, 0x4DBF},
                                        {"CJKUnifiedIdeographs", 0x4E00, 0x9FFF},
                                        {"HangulSyllables", 0xAC00, 0xD7A3},
                                        {"PrivateUse", 0xE000, 0xF8FF},
                                        {"CJKCompatibilityIdeographs", 0xF900, 0xFAFF},
                                        {"HalfwidthandFullwidthForms", 0xFF00, 0xFFEF},
                                        {"CJKUnifiedIdeographsExtensionB", 0x20000, 0x2A6DF}}};

constexpr std::string_view general_categories =
    "L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po Z Zs Zl Zp S Sm Sc Sk So C Cc Cf Co Cn";

/// Inside brackets: XML's name characters (\i initial, \c any).
constexpr std::string_view initial_class = R"(_:\p{L}\p{Nl})";
constexpr std::string_view name_class = R"(_:\-.\p{L}\p{Nl}\p{Nd}\p{M}\x{B7})";

[[noreturn]] void refuse(Fact fact) { throw RegexError{std::move(fact)}; }

class Translator {
  public:
    Translator(std::string_view pattern, bool dot_all) : in_(pattern), dot_all_(dot_all) {}

    std::string run() {
        count_groups();
        while (!done()) item();
        if (!open_groups_.empty()) refuse(reasons::regex_open_group());
        return std::move(out_);
    }

  private:
    bool done() const { return at_ >= in_.size(); }
    char peek(std::size_t ahead = 0) const { return at_ + ahead < in_.size() ? in_[at_ + ahead] : '\0'; }
    bool take(char c) {
        if (done() || in_[at_] != c) return false;
        ++at_;
        return true;
    }
    std::string_view character() {
        const auto length = code_point(in_.substr(at_)).length;
        at_ += length;
        return in_.substr(at_ - length, length);
    }

    void count_groups() {
        bool in_class = false;
        for (std::size_t i = 0; i < in_.size(); ++i) {
            if (in_[i] == '\\')
                ++i;
            else if (in_[i] == '[')
                in_class = true;
            else if (in_[i] == ']')
                in_class = false;
            else if (in_[i] == '(' && !in_class && in_.substr(i, 2) != "(?")
                ++groups_;
        }
    }

    void item() {
        const char c = peek();
        switch (c) {
            case '(': open_group(); return;
            case ')': close_group(); return;
            case '|': ++at_, out_ += '|'; return;
            case '^':
            case '$': ++at_, out_ += c; break;
            case '.': ++at_, out_ += dot_all_ ? "(?s:.)" : R"([^\n\r])"; break;
            case '[': out_ += char_class(0); break;
            case '\\': escape(); break;
            case '*':
            case '+':
            case '?':
            case '{': refuse(reasons::regex_nothing_to_repeat(std::string(1, c)));
            case '}':
            case ']': refuse(reasons::regex_needs_backslash(std::string(1, c)));
            default: literal(character()); break;
        }
        quantifier();
    }

    void literal(std::string_view one) {
        if (one.size() == 1 && std::string_view("#- /&~\"'%,;:<=>@!`").find(one[0]) != std::string_view::npos) {
            out_ += '\\';
        }
        out_ += one;
    }

    void open_group() {
        ++at_;
        if (peek() == '?') {
            if (peek(1) != ':') refuse(reasons::regex_group_form());
            at_ += 2;
            out_ += "(?:";
            open_groups_.push_back(0);
            return;
        }
        out_ += '(';
        open_groups_.push_back(++opened_);
        if (open_groups_.size() > static_cast<std::size_t>(limits::nesting)) refuse(reasons::regex_groups_too_deep());
    }

    void close_group() {
        if (open_groups_.empty()) refuse(reasons::regex_unopened_group());
        ++at_;
        out_ += ')';
        open_groups_.pop_back();
        quantifier();
    }

    void quantifier() {
        const char c = peek();
        if (c == '*' || c == '+' || c == '?') {
            ++at_;
            out_ += c;
        } else if (c == '{') {
            const auto end = in_.find('}', at_);
            if (end == std::string_view::npos) refuse(reasons::regex_open_brace());
            const auto body = in_.substr(at_ + 1, end - at_ - 1);
            const bool digits = !body.empty() && body.front() != ',' &&
                                body.find_first_not_of("0123456789,") == std::string_view::npos &&
                                std::count(body.begin(), body.end(), ',') <= 1;
            if (!digits) refuse(reasons::regex_no_count("{" + std::string(body) + "}"));
            out_ += in_.substr(at_, end - at_ + 1);
            at_ = end + 1;
        } else {
            return;
        }
        if (take('?')) out_ += '?';
        if (peek() == '*' || peek() == '+' || peek() == '?' || peek() == '{') refuse(reasons::regex_repeated_twice());
    }

    void escape() {
        const char c = peek(1);
        if (c >= '1' && c <= '9') return back_reference();
        at_ += 1;
        const auto inside = class_escape();
        const bool complete = inside.size() <= 2 || inside.front() == '[';
        out_ += complete ? inside : "[" + inside + "]";
    }

    void back_reference() {
        ++at_;
        int number = 0;
        // As many digits as there are groups for.
        while (peek() >= '0' && peek() <= '9' && number * 10 + (peek() - '0') <= groups_)
            number = number * 10 + (in_[at_++] - '0');
        const bool closed = number > 0 && number <= opened_ &&
                            std::find(open_groups_.begin(), open_groups_.end(), number) == open_groups_.end();
        if (!closed) refuse(reasons::regex_no_earlier_group());
        out_ += fmt::format("(?:\\g{{{}}})", number);
    }

    /// An escape after its backslash, as it is written inside brackets.
    std::string class_escape() {
        const char c = peek();
        ++at_;
        switch (c) {
            case 'n':
            case 'r':
            case 't': return std::string("\\") + c;
            case 'd': return R"(\p{Nd})";
            case 'D': return R"(\P{Nd})";
            case 's': return R"( \t\n\r)";
            case 'S': return R"([^ \t\n\r])";
            case 'w': return R"([^\p{P}\p{Z}\p{C}])";
            case 'W': return R"(\p{P}\p{Z}\p{C})";
            case 'i': return std::string(initial_class);
            case 'I': return "[^" + std::string(initial_class) + "]";
            case 'c': return std::string(name_class);
            case 'C': return "[^" + std::string(name_class) + "]";
            case 'p':
            case 'P': return category(c == 'P');
            default: break;
        }
        if (std::string_view("\\|.?*+(){}-[]^$").find(c) == std::string_view::npos || c == '\0')
            refuse(c == '\0' ? reasons::regex_ends_in_backslash()
                             : reasons::regex_escape_means_nothing(std::string(1, c)));
        return std::string("\\") + c;
    }

    std::string category(bool negated) {
        const auto end = in_.find('}', at_);
        if (!take('{') || end == std::string_view::npos) refuse(reasons::regex_category_braces());
        const auto name = in_.substr(at_, end - at_);
        at_ = end + 1;
        if (name.starts_with("Is")) {
            const auto it =
                std::find_if(blocks.begin(), blocks.end(), [&](const Block& b) { return b.name == name.substr(2); });
            if (it == blocks.end()) refuse(reasons::regex_no_block(std::string(name)));
            return negated ? fmt::format("[^\\x{{{:X}}}-\\x{{{:X}}}]", it->first, it->last)
                           : fmt::format("\\x{{{:X}}}-\\x{{{:X}}}", it->first, it->last);
        }
        const auto known = (" " + std::string(general_categories) + " ").find(" " + std::string(name) + " ");
        if (name.empty() || known == std::string::npos) refuse(reasons::regex_no_category(std::string(name)));
        return fmt::format("\\{}{{{}}}", negated ? 'P' : 'p', name);
    }

    /// One bracket expression. Parts that are classes of their own (\w, \S …) become alternatives, and a
    /// subtraction becomes a look-ahead that refuses it.
    std::string char_class(int depth) {
        if (depth > limits::type_nesting) refuse(reasons::regex_classes_too_deep());
        ++at_;
        const bool negated = take('^');
        std::string plain, subtracted;
        std::vector<std::string> wholes;
        bool first = true;
        while (true) {
            if (done()) refuse(reasons::regex_open_class());
            if (peek() == ']' && !first) break;
            if (peek() == ']') refuse(reasons::regex_empty_class());
            if (peek() == '-' && peek(1) == '[') {
                ++at_;
                subtracted = char_class(depth + 1);
                if (peek() != ']') refuse(reasons::regex_subtraction_last());
                break;
            }
            first = false;
            if (peek() == '[') refuse(reasons::regex_bracket_in_class());
            if (take('\\')) {
                if (peek() >= '0' && peek() <= '9') refuse(reasons::regex_group_in_class());
                auto part = class_escape();
                if (part.front() == '[')
                    wholes.push_back(std::move(part));
                else
                    plain += part;
            } else {
                const auto one = character();
                // A hyphen that is no range, and what PCRE2 would read as its own syntax.
                const bool edge = one == "-" && (plain.empty() || peek() == ']');
                if (edge || one == "^" || one == "&" || one == "~" || one == ":") plain += '\\';
                plain += one;
            }
        }
        ++at_;
        std::string base = plain.empty() ? "" : "[" + plain + "]";
        for (const auto& whole : wholes) base += (base.empty() ? "" : "|") + whole;
        if (!wholes.empty() && (wholes.size() > 1 || !plain.empty())) base = "(?:" + base + ")";
        if (negated) base = wholes.empty() ? "[^" + plain + "]" : "(?:(?!" + base + ")(?s:.))";
        return subtracted.empty() ? base : "(?:(?!" + subtracted + ")" + base + ")";
    }

    std::string_view in_;
    bool dot_all_;
    std::size_t at_ = 0;
    std::string out_;
    int groups_ = 0, opened_ = 0;
    std::vector<int> open_groups_;  ///< numbers; 0 for groups that do not capture
};

/// The flag x: white space goes, except inside brackets.
std::string without_space(std::string_view pattern) {
    std::string out;
    int depth = 0;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        if (depth == 0 && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) continue;
        out += c;
        if (c == '\\' && depth > 0 && i + 1 < pattern.size())
            out += pattern[++i];
        else if (c == '[')
            ++depth;
        else if (c == ']' && depth > 0)
            --depth;
    }
    return out;
}

}  // namespace

std::string translate_regex(std::string_view pattern, bool dot_all, bool spaced) {
    const auto plain = spaced ? without_space(pattern) : std::string(pattern);
    return Translator(plain, dot_all).run();
}

}  // namespace zoneval::feel
