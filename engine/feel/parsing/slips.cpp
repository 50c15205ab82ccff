#include "engine/feel/parsing/slips.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/diag/ascii.hpp"
#include "engine/feel/builtins/builtins.hpp"
#include "engine/feel/value/names.hpp"

namespace zoneval::feel {

namespace {

struct Sign {
    std::string_view wrong, advice;
};

// The longer of two that begin alike comes first.
constexpr std::array<Sign, 22> signs{{{"==", "write `=`"},
                                      {"=>", "write `>=`"},
                                      {"=<", "write `<=`"},
                                      {"<>", "write `!=`"},
                                      {"&&", "write `and`"},
                                      {"||", "write `or`"},
                                      {"!=", ""},
                                      {"!", "write `not(…)`"},
                                      {"^", "write `**` for powers"},
                                      {"&", "write `and` between conditions, `+` between texts"},
                                      {"'", "texts stand in double quotes: write `\"…\"`"},
                                      {"“", "use the straight quotes of the keyboard: write `\"…\"`"},
                                      {"”", "use the straight quotes of the keyboard: write `\"…\"`"},
                                      {"‘", "use the straight double quotes of the keyboard: write `\"…\"`"},
                                      {"’", "use the straight double quotes of the keyboard: write `\"…\"`"},
                                      {"≥", "write `>=`"},
                                      {"≤", "write `<=`"},
                                      {"≠", "write `!=`"},
                                      {"×", "write `*`"},
                                      {"÷", "write `/`"},
                                      {"、", "use the comma of the keyboard: write `,`"},
                                      {";", "leave the semicolon out; arguments are parted by commas"}}};

struct SpreadsheetFunction {
    std::string_view name, advice;
};
constexpr std::array<SpreadsheetFunction, 27> functions{
    {{"and", "`and` stands between conditions: `a and b`"},
     {"or", "`or` stands between conditions: `a or b`"},
     {"if", "write `if … then … else …`"},
     {"iif", "write `if … then … else …`"},
     {"average", "FEEL's name is `mean`"},
     {"avg", "FEEL's name is `mean`"},
     {"len", "FEEL's name is `string length`, of lists `count`"},
     {"isblank", "write `x = null`"},
     {"isnull", "write `x = null`"},
     {"round", "write `decimal(x, places)`, or one of `round half up`, `round up`, `floor`, `ceiling`"},
     {"countif", "write `count(list[item > 5])`"},
     {"countifs", "write `count(list[a > 5 and b < 3])`; over the records: `cohort count(a > 5)`"},
     {"sumif", "over the records, write `cohort sum(if condition then x else 0)`"},
     {"sumifs", "over the records, write `cohort sum(if condition then x else 0)`"},
     {"sumproduct", "write the products out: `a * b + c * d`"},
     {"iferror", "ask for what may fail first: `if y = 0 then 0 else x / y`"},
     {"ifs", "write a chain: `if … then … else if … then … else …`"},
     {"vlookup", "a look-up is a decision table: rows of `inputs` and outcomes under `decisions`"},
     {"lookup", "a look-up is a decision table: rows of `inputs` and outcomes under `decisions`"},
     {"ln", "FEEL's name is `log`: the natural logarithm"},
     {"log10", "write `log(x) / log(10)`"},
     {"power", "write `x ** 2`"},
     {"pow", "write `x ** 2`"},
     {"mod", "FEEL's name is `modulo`"},
     {"stdev", "FEEL's name is `stddev`; over the records `cohort stddev`"},
     {"int", "FEEL's name is `floor`"},
     {"concat", "write `a + b`, or `string join(list)`"}}};

constexpr std::array<Sign, 8> chinese_words{
    {{"且", "write `and`"},
     {"并且", "write `and`"},
     {"或", "write `or`"},
     {"则", "write `if … then … else …`"},
     {"那么", "write `if … then … else …`"},
     {"否则", "write `if … then … else …`"},
     {"万", "write the number out, `600000` for 60万, or give the input its unit: `unit: 万元`"},
     {"亿", "write the number out, or give the input its unit: `unit: 亿元`"}}};

std::string lower(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

/// Where the text inside double quotes is blanked out, so that only what FEEL reads is looked at.
std::string without_texts(std::string_view text) {
    std::string out(text);
    bool inside = false;
    for (auto& c : out) {
        if (c == '"')
            inside = !inside;
        else if (inside)
            c = ' ';
    }
    return out;
}

/// The first full-width sign, which looks like the one of the keyboard and is another.
std::string full_width(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto c = code_point(text.substr(i));
        const bool sign = c.value >= 0xFF01 && c.value <= 0xFF5E;
        if (sign || c.value == 0x3002)
            return fmt::format("`{}` is a full-width sign: write `{}`", text.substr(i, c.length),
                               sign ? static_cast<char>(c.value - 0xFF00 + 0x20) : '.');
        i += c.length;
    }
    return "";
}

}  // namespace

std::string slip_at(std::string_view text, std::size_t at) {
    const auto read = without_texts(text);
    const std::string_view all(read);
    if (auto wide = full_width(all); !wide.empty()) return wide;
    if (at >= all.size()) return "";
    // Reading stops behind the first of two signs, or on it.
    for (const auto begin : {at > 0 ? at - 1 : at, at})
        for (const auto& sign : signs)
            if (all.substr(begin).starts_with(sign.wrong) && begin + sign.wrong.size() > at)
                return std::string(sign.advice);
    const auto rest = all.substr(at);
    if (rest.starts_with("%")) return "leave `%` out and compare in the unit of the value, or divide by 100";
    const bool thousands = at > 0 && rest.size() > 3 && rest[0] == ',' && is_digit(all[at - 1]) && is_digit(rest[1]) &&
                           is_digit(rest[2]) && is_digit(rest[3]);
    if (thousands) return "leave the thousands separators out";
    if (rest.starts_with("=") && at == 0) return "leave the `=` in front out";
    const auto word = lower(rest.substr(0, word_length(rest)));
    if (word == "is" || word == "equals") return "write `=`";
    if (word == "like") return "write `contains(text, \"part\")` or `matches(text, \"pattern\")`";
    if (word == "mod" || word == "div") return "write `modulo(a, b)`, or `floor(a / b)`";
    for (const auto& [sign, advice] : chinese_words)
        if (rest.starts_with(sign)) return std::string(advice);
    if (is_keyword(word) && word != rest.substr(0, word.size()))
        return fmt::format("write `{}` in small letters", word);
    return "";
}

std::string slip_of_function(std::string_view name) {
    const auto wanted = lower(name);
    for (const auto& f : functions)
        if (f.name == wanted) return std::string(f.advice);
    if (wanted != name && builtin_set(wanted) != nullptr)
        return fmt::format("functions are written in small letters: `{}`", wanted);
    return "";
}

std::string slip_of_name(std::string_view name) {
    if (auto wide = full_width(name); !wide.empty()) return wide;
    const auto word = lower(name);
    if (word == "yes" || word == "no" || name == "是" || name == "否")
        return fmt::format("write `{}` for an input of `type: boolean`; if a text is meant, put it in quotes: `\"{}\"`",
                           word == "yes" || name == "是" ? "true" : "false", name);
    return fmt::format("if a text is meant, put it in quotes: `\"{}\"`", name);
}

}  // namespace zoneval::feel
