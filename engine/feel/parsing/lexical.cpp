// The grammar's terminals: what a name, number, string or symbol looks like.
#include "engine/feel/parsing/lexical.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/diag/ascii.hpp"
#include "engine/feel/builtins/builtins.hpp"
#include "engine/feel/value/limits.hpp"
#include "engine/feel/value/names.hpp"

namespace zoneval::feel::grammar {

namespace {

void push_operand(ParseContext& c, Span span, Expr::Node node) {
    c.operands.push_back(make_expr(span, std::move(node)));
}

std::size_t digits_length(std::string_view text) {
    std::size_t n = 0;
    while (n < text.size() && is_digit(text[n])) ++n;
    return n;
}

std::size_t number_length(std::string_view text) {
    auto n = digits_length(text);
    if (n + 1 < text.size() && text[n] == '.' && is_digit(text[n + 1])) n += 1 + digits_length(text.substr(n + 1));
    if (n == 0) return 0;
    if (n < text.size() && (text[n] == 'e' || text[n] == 'E')) {
        const std::size_t sign = n + 1 < text.size() && (text[n + 1] == '+' || text[n + 1] == '-') ? 1 : 0;
        if (const auto digits = digits_length(text.substr(std::min(n + 1 + sign, text.size()))); digits > 0)
            n += 1 + sign + digits;
    }
    return n;
}

/// `count` hexadecimal digits at `at`, or nothing.
bool read_hex(std::string_view text, std::size_t at, std::size_t count, char32_t& out) {
    if (at + count > text.size()) return false;
    out = 0;
    for (const char d : text.substr(at, count)) {
        const int value = is_digit(d)            ? d - '0'
                          : d >= 'a' && d <= 'f' ? d - 'a' + 10
                          : d >= 'A' && d <= 'F' ? d - 'A' + 10
                                                 : -1;
        if (value < 0) return false;
        out = out * 16 + static_cast<char32_t>(value);
    }
    return true;
}

/// Decodes the escape at text[at] (after the backslash); returns how many bytes it used, 0 if it is none.
std::size_t read_escape(std::string_view text, std::size_t at, std::string& out) {
    const char kind = text[at];
    char32_t value = 0, low = 0;
    switch (kind) {
        case 'n': out += '\n'; return 1;
        case 'r': out += '\r'; return 1;
        case 't': out += '\t'; return 1;
        case '"':
        case '\'':
        case '\\': out += kind; return 1;
        case 'U':
            if (!read_hex(text, at + 1, 6, value) || value > 0x10FFFF) return 0;
            append_utf8(out, value);
            return 7;
        case 'u':
            if (!read_hex(text, at + 1, 4, value)) return 0;
            if (value >= 0xD800 && value < 0xDC00 && text.substr(at + 5).starts_with("\\u") &&
                read_hex(text, at + 7, 4, low) && low >= 0xDC00 && low < 0xE000) {
                append_utf8(out, 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00));
                return 11;
            }
            append_utf8(out, value >= 0xD800 && value < 0xE000 ? 0xFFFD : value);
            return 5;
        default: return 0;
    }
}

/// Reads the string that opens at `at`. A backslash that begins no escape stays, as regular expressions need it.
bool read_string(ParseContext& c, const char*& at, std::string& out) {
    const auto text = c.rest(at);
    std::size_t i = 1;
    while (i < text.size() && text[i] != '"') {
        if (text[i] == '\\' && i + 1 < text.size()) {
            const auto used = read_escape(text, i + 1, out);
            if (used == 0) out += '\\';
            i += 1 + used;
        } else {
            out += text[i++];
        }
    }
    if (i >= text.size())
        return c.stop(Kind::syntax_error, c.span(at, at + 1), "the string that begins here does not end",
                      "a closing `\"`");
    at += i + 1;
    return true;
}

std::optional<Value> temporal(std::string_view text) {
    if (auto v = Date::parse(text)) return Value(*v);
    if (auto v = DateTime::parse(text)) return Value(std::move(*v));
    if (auto v = Time::parse(text)) return Value(std::move(*v));
    if (auto v = YearsMonthsDuration::parse(text)) return Value(*v);
    if (auto v = DaysTimeDuration::parse(text)) return Value(*v);
    return std::nullopt;
}

/// The longest known name at the start of a text.
struct Longest {
    std::string_view text;
    std::size_t length = 0;
    std::string_view name;
    void offer(std::string_view candidate) {
        if (candidate.size() < length || candidate.empty() || candidate.front() != text.front()) return;
        const auto n = feel::match_name(text, candidate);
        if (n <= length) return;
        length = n;
        name = candidate;
    }
    void offer(const Names& known) {
        if (const auto match = known.index ? known.index->longest(text) : NameIndex::Match{}; match.length > length)
            length = match.length, name = match.name;
        for (const auto& entry : known.unindexed()) offer(entry.name);
        for (const auto& function : known.over_kinds) offer(function.name);
    }
};

/// What stands between the symbols of a name.
std::vector<std::string> parts_of(std::string_view name) {
    std::vector<std::string> out(1);
    for (const char symbol : name) {
        if (is_name_symbol(symbol))
            out.emplace_back();
        else
            out.back() += symbol;
    }
    for (auto& part : out) part = normalized_name(part);
    return out;
}

/// A name with symbols that is not written as it was declared, and whose parts are names or numbers themselves.
bool has_two_readings(const ParseContext& c, std::string_view written, std::string_view name) {
    if (written == name) return false;
    const auto parts = parts_of(name);
    return parts.size() > 1 && std::all_of(parts.begin(), parts.end(), [&](const std::string& part) {
               return !part.empty() && (is_digit(part.front()) || c.names->find(part) >= 0 ||
                                        std::find(c.scope.begin(), c.scope.end(), part) != c.scope.end());
           });
}

bool refuse_two_readings(ParseContext& c, const char* here, const Longest& longest) {
    const auto written = std::string(longest.text.substr(0, longest.length));
    std::string apart;
    for (const auto& part : parts_of(longest.name)) apart += (apart.empty() ? "`" : ", `") + part + "`";
    const auto first = parts_of(longest.name).front();
    return c.stop(
        Kind::two_readings, c.span(here, here + longest.length),
        fmt::format("`{}` can be the name `{}`, or an operation on {}", written, longest.name, apart),
        fmt::format("`{}`, as it was declared, for the name, or `({}) …` for the operation", longest.name, first));
}

/// Builtin names by their first byte.
const std::vector<std::string_view>& builtins_starting(char first) {
    static const auto table = [] {
        std::array<std::vector<std::string_view>, 256> out;
        for (const auto& name : builtin_names()) out[static_cast<unsigned char>(name.front())].push_back(name);
        return out;
    }();
    return table[static_cast<unsigned char>(first)];
}

/// Words joined by spaces, up to a keyword that may follow an operand; of another kind's records also up to `where`.
std::size_t words_length(std::string_view text, bool of_kind) {
    auto n = word_length(text);
    while (n > 0) {
        const auto space = whitespace_length(text.substr(n));
        const auto next = word_length(text.substr(n + space));
        const auto word = text.substr(n + space, next);
        if (space == 0 || next == 0 || may_follow_operand(word) || (of_kind && word == "where")) break;
        n += space + next;
    }
    return n;
}

/// A name that is being defined: name parts, spaces and the additional symbols of rule 30.
std::size_t defined_name_length(std::string_view text, bool until_in) {
    std::size_t n = 0, end = 0;
    while (n < text.size()) {
        const auto rest = text.substr(n);
        if (until_in && n > 0 && rest.starts_with("in") && is_space(code_point(text.substr(n - 1)).value) &&
            ends_word(rest.substr(2)))
            break;
        const auto c = code_point(rest);
        if (is_space(c.value)) {
            n += c.length;
            continue;
        }
        const bool fits = n == 0 ? is_name_start(c.value) : is_name_part(c.value) || is_name_symbol(rest.front());
        if (!fits) break;
        n += c.length;
        end = n;
    }
    return end;
}

bool define(ParseContext& c, const char*& at, bool until_in) {
    at = c.skip(at);
    const auto text = c.rest(at);
    const auto length = defined_name_length(text, until_in);
    if (length == 0 || is_keyword(text.substr(0, length))) return c.miss(at, Expect::name);
    c.words.push_back(normalized_name(text.substr(0, length)));
    c.scope.push_back(c.words.back());
    at += length;
    return true;
}

/// Characters after which a `[` that follows the end of a range must be its closing bracket.
bool closes_range(ParseContext& c, const char* after) {
    const auto text = c.rest(c.skip(after));
    if (text.empty()) return true;
    if (std::string_view(")],}=!<>+*/.:").find(text.front()) != std::string_view::npos) return true;
    const auto word = text.substr(0, word_length(text));
    return may_follow_operand(word);
}

}  // namespace

bool match_symbol(ParseContext& c, const char*& at, std::string_view symbol, Expect what) {
    const auto* here = c.skip(at);
    const auto text = c.rest(here);
    const bool unclosed_comment = symbol == "/" && text.starts_with("/*");
    if (!text.starts_with(symbol) || unclosed_comment) return c.miss(here, what);
    at = here + symbol.size();
    return true;
}

namespace {

/// The function whose name is the last operand, if it is one over another kind.
const Names::OverKind* over_kind(const ParseContext& c) {
    const auto* name = c.operands.empty() ? nullptr : c.operands.back()->as<Name>();
    return name ? c.names->over_kind(name->name) : nullptr;
}

}  // namespace

bool match_plain_callee(ParseContext& c, const char*&) { return !over_kind(c); }

bool match_kind_open(ParseContext& c, const char*& at) {
    const auto* function = over_kind(c);
    if (!function || !match_symbol(c, at, "(", Expect::operator_)) return false;
    c.outside.push_back(c.names);
    c.names = function->inside.get();
    return true;
}

bool match_kind_close(ParseContext& c, const char*& at) {
    if (!match_symbol(c, at, ")", Expect::close_round)) return false;
    c.names = c.outside.back();
    c.outside.pop_back();
    return true;
}

bool match_keyword(ParseContext& c, const char*& at, std::string_view keyword, Expect what) {
    const auto* here = c.skip(at);
    const auto text = c.rest(here);
    if (!text.starts_with(keyword) || !ends_word(text.substr(keyword.size()))) return c.miss(here, what);
    at = here + keyword.size();
    return true;
}

bool match_number(ParseContext& c, const char*& at) {
    const auto* here = c.skip(at);
    const auto length = number_length(c.rest(here));
    if (length == 0) return c.miss(here, Expect::operand);
    const auto value = Decimal::parse(c.rest(here).substr(0, length));
    if (!value)
        return c.stop(Kind::invalid_literal, c.span(here, here + length),
                      "the number is too large for 34 digits and an exponent of 6144");
    push_operand(c, c.span(here, here + length), Literal{*value});
    at = here + length;
    return true;
}

bool match_string(ParseContext& c, const char*& at) {
    const auto* here = c.skip(at);
    if (!c.rest(here).starts_with('"')) return c.miss(here, Expect::operand);
    std::string value;
    const auto* end = here;
    if (!read_string(c, end, value)) return false;
    push_operand(c, c.span(here, end), Literal{Value(std::move(value))});
    at = end;
    return true;
}

bool match_at_literal(ParseContext& c, const char*& at) {
    const auto* here = c.skip(at);
    if (!c.rest(here).starts_with('@')) return c.miss(here, Expect::operand);
    const auto* end = c.skip(here + 1);
    if (!c.rest(end).starts_with('"')) return c.miss(end, Expect::operand);
    std::string text;
    if (!read_string(c, end, text)) return false;
    auto value = temporal(text);
    if (!value)
        return c.stop(Kind::invalid_literal, c.span(here, end), "`" + text + "` is no date, time or duration",
                      "such as @\"2024-12-31\", @\"10:30:00\", @\"2024-12-31T10:30:00\", @\"P1Y6M\" or @\"P2DT3H\"");
    push_operand(c, c.span(here, end), Literal{std::move(*value)});
    at = end;
    return true;
}

bool match_constant(ParseContext& c, const char*& at) {
    const auto* here = c.skip(at);
    const auto text = c.rest(here);
    const auto word = text.substr(0, word_length(text));
    if (word == "true")
        push_operand(c, c.span(here, here + 4), Literal{true});
    else if (word == "false")
        push_operand(c, c.span(here, here + 5), Literal{false});
    else if (word == "null")
        push_operand(c, c.span(here, here + 4), Literal{});
    else
        return c.miss(here, Expect::operand);
    at = here + word.size();
    return true;
}

bool match_name(ParseContext& c, const char*& at) {
    const auto* here = c.skip(at);
    const auto text = c.rest(here);
    if (text.empty()) return c.miss(here, Expect::operand);
    Longest longest{text, 0, {}};
    for (const auto& name : c.scope) longest.offer(name);
    longest.offer(*c.names);
    for (const auto name : builtins_starting(text.front())) longest.offer(name);
    if (c.filters > 0)
        for (const auto& name : c.members) longest.offer(name);
    if (longest.length > 0 && !is_keyword(longest.name)) {
        if (c.names->refuse_two_readings && has_two_readings(c, text.substr(0, longest.length), longest.name))
            return refuse_two_readings(c, here, longest);
        push_operand(c, c.span(here, here + longest.length), Name{std::string(longest.name), -1, -1, {}});
        at = here + longest.length;
        return true;
    }
    if (text.front() == '?') {
        push_operand(c, c.span(here, here + 1), Name{"?", -1, -1, {}});
        at = here + 1;
        return true;
    }
    const auto length = words_length(text, !c.outside.empty());
    if (length == 0 || is_keyword(text.substr(0, word_length(text)))) return c.miss(here, Expect::operand);
    push_operand(c, c.span(here, here + length), Name{normalized_name(text.substr(0, length)), -1, -1, {}});
    at = here + length;
    return true;
}

bool match_member(ParseContext& c, const char*& at) {
    const auto* here = c.skip(at);
    const auto text = c.rest(here);
    if (text.empty()) return c.miss(here, Expect::name);
    c.learn_members();
    Longest longest{text, 0, {}};
    for (const auto& name : c.members) longest.offer(name);
    const auto words = words_length(text, false);
    const auto length = std::max(longest.length, words);
    if (length == 0) return c.miss(here, Expect::name);
    c.words.push_back(longest.length == length ? std::string(longest.name) : normalized_name(text.substr(0, length)));
    at = here + length;
    return true;
}

bool match_path_dot(ParseContext& c, const char*& at) {
    const auto* here = c.skip(at);
    const auto text = c.rest(here);
    if (!text.starts_with('.') || text.starts_with("..")) return c.miss(here, Expect::operator_);
    at = here + 1;
    return true;
}

bool match_filter_open(ParseContext& c, const char*& at) {
    const auto* here = c.skip(at);
    if (!c.rest(here).starts_with('[')) return c.miss(here, Expect::operator_);
    if (c.endpoint && closes_range(c, here + 1)) return false;
    c.learn_members();
    ++c.filters;
    at = here + 1;
    return true;
}

bool match_range_close(ParseContext& c, const char*& at) {
    const auto* here = c.skip(at);
    const auto text = c.rest(here);
    if (text.empty() || std::string_view("])[").find(text.front()) == std::string_view::npos)
        return c.miss(here, Expect::close_range);
    c.words.emplace_back(1, text.front());
    at = here + 1;
    return true;
}

bool match_iterator_name(ParseContext& c, const char*& at) {
    if (!define(c, at, true)) return false;
    return match_keyword(c, at, "in", Expect::in);
}

bool match_parameter_name(ParseContext& c, const char*& at) { return define(c, at, false); }

bool match_key(ParseContext& c, const char*& at) {
    const auto* here = c.skip(at);
    if (c.rest(here).starts_with('"')) {
        std::string key;
        if (!read_string(c, here, key)) return false;
        c.words.push_back(std::move(key));
    } else {
        const auto length = defined_name_length(c.rest(here), false);
        if (length == 0) return c.miss(here, Expect::name);
        c.words.push_back(normalized_name(c.rest(here).substr(0, length)));
        here += length;
    }
    c.scope.push_back(c.words.back());
    c.members.push_back(c.words.back());
    at = here;
    return match_symbol(c, at, ":", Expect::colon);
}

bool match_argument_name(ParseContext& c, const char*& at) {
    const auto* here = c.skip(at);
    const auto length = defined_name_length(c.rest(here), false);
    const auto* colon = c.skip(here + length);
    if (length == 0 || !c.rest(colon).starts_with(':')) return false;
    c.words.push_back(normalized_name(c.rest(here).substr(0, length)));
    at = colon + 1;
    return true;
}

bool match_type(ParseContext& c, const char*& at) {
    const auto* here = c.skip(at);
    std::size_t length = 0;
    auto type = Type::parse_prefix(c.rest(here), c.names->types, length);
    if (!type) return c.miss(here, Expect::type);
    c.types.push_back(std::move(type));
    at = here + length;
    return true;
}

bool match_comparison(ParseContext& c, const char*& at) {
    constexpr std::array<std::string_view, 6> symbols{"<=", "<", ">=", ">", "!=", "="};
    const auto* here = c.skip(at);
    const auto text = c.rest(here);
    const auto found = std::find_if(symbols.begin(), symbols.end(), [&](auto s) { return text.starts_with(s); });
    if (found == symbols.end()) return false;
    c.words.emplace_back(*found);
    at = here + found->size();
    return true;
}

bool match_end(ParseContext& c, const char*& at) {
    const auto* here = c.skip(at);
    if (!c.rest(here).empty()) return c.miss(here, Expect::end);
    at = here;
    return true;
}

}  // namespace zoneval::feel::grammar
