#include "engine/io/advice.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>

#include "engine/table/scaled.hpp"

namespace zoneval::io {

namespace {

using feel::Decimal;

constexpr std::size_t longest_quoted = 60;

/// Cell text as quoted in a message: one line, not too long.
std::string quoted(std::string_view text) {
    std::string out;
    std::size_t shown = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool starts_character = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
        if (starts_character && ++shown > longest_quoted) return fmt::format("`{}…`", out);
        out += static_cast<unsigned char>(text[i]) < 0x20 ? ' ' : text[i];
    }
    return fmt::format("`{}`", out);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Replacement {
    std::string_view from, to;
};

constexpr std::array<std::string_view, 8> unseen_blanks = {"\u00A0", "\u3000", "\u2009", "\u202F",
                                                           "\u2007", "\u200B", "\uFEFF", "\u2003"};

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

/// Full-width forms (U+FF01..U+FF5E) as ASCII.
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

bool is_number(std::string_view text) { return Decimal::parse(text).has_value(); }

/// Digits in groups of three ("1,234,567.8"): the number without its separators.
std::optional<std::string> ungrouped(std::string_view text, char separator) {
    const auto whole = text.substr(0, text.find('.'));
    const auto digits = whole.substr(whole.starts_with('-') || whole.starts_with('+') ? 1 : 0);
    std::size_t group = 0, groups = 0;
    for (std::size_t i = 0; i <= digits.size(); ++i) {
        if (i < digits.size() && is_digit(digits[i])) {
            ++group;
        } else if (i == digits.size() || digits[i] == separator) {
            if (groups == 0 ? group < 1 || group > 3 : group != 3) return std::nullopt;
            ++groups;
            group = 0;
        } else {
            return std::nullopt;
        }
    }
    if (groups < 2) return std::nullopt;
    const auto out = replaced(text, std::string_view(&separator, 1), "");
    return is_number(out) ? std::optional(out) : std::nullopt;
}

std::optional<std::string> separators_advice(const std::string& text) {
    if (text.find(',') != std::string::npos) {
        const std::string rule = "use a point for decimals and no thousands separators";
        if (const auto plain = ungrouped(text, ',')) return fmt::format("{}: write `{}`", rule, *plain);
        const auto point = replaced(replaced(text, ".", ""), ",", ".");
        return is_number(point) ? fmt::format("{}: write `{}`", rule, point) : rule;
    }
    if (text.find(' ') != std::string::npos || text.find('\'') != std::string::npos) {
        const auto plain = replaced(replaced(text, " ", ""), "'", "");
        if (is_number(plain)) return fmt::format("leave out the thousands separators: write `{}`", plain);
    }
    return std::nullopt;
}

std::string number_advice(std::string_view text, const ColumnSchema& schema) {
    if (const auto seen = without_unseen_blanks(text); seen.size() != text.size())
        return is_number(seen) ? fmt::format("remove the no-break or ideographic space: write `{}`", seen)
                               : "remove the no-break or ideographic space";
    if (const auto ascii = half_width(text); ascii != text)
        return is_number(ascii) ? fmt::format("use half-width digits and signs: write `{}`", ascii)
                                : "use half-width digits and signs, and nothing but the number";
    if (const auto minus = replaced(text, "\u2212", "-"); minus != text && is_number(minus))
        return fmt::format("use the minus sign of the keyboard: write `{}`", minus);
    if (text.ends_with('%')) {
        const auto unit =
            schema.unit.empty() ? "the unit of the input" : fmt::format("the unit of the input (`{}`)", schema.unit);
        return fmt::format("leave out the percent sign, and give the number in {}", unit);
    }
    if (auto advice = separators_advice(std::string(text))) return *advice;
    if (std::none_of(text.begin(), text.end(), is_digit))
        return "if this stands for a missing value, declare it under `missing codes`, or leave the cell empty";
    if (is_digit(text.front()) && text.ends_with('.')) return "write digits after the point, or leave the point out";
    return "write the number alone: its unit belongs to the rule set, a remark to another column";
}

std::string unit_of(const ColumnSchema& schema) {
    return schema.unit.empty() ? "" : fmt::format(", in {}", schema.unit);
}

std::string allowed(const std::vector<std::string>& values) {
    constexpr std::size_t most_listed = 12;
    if (values.size() <= most_listed) return fmt::format("one of `{}`", fmt::join(values, "`, `"));
    return fmt::format("one of `{}` and {} more", fmt::join(values.begin(), values.begin() + most_listed, "`, `"),
                       values.size() - most_listed);
}

std::string or_else(std::string hint, std::string_view otherwise) {
    return hint.empty() ? std::string(otherwise) : hint;
}

/// Year, month and day out of 2024/5/1, 2024.5.1, 2024年5月1日 or 20240501.
std::optional<feel::Date> guessed_date(std::string_view text) {
    std::array<std::int64_t, 3> part{};
    std::size_t parts = 0;
    bool inside = false;
    for (const char c : text) {
        if (is_digit(c)) {
            if (!inside && ++parts > 3) return std::nullopt;
            inside = true;
            auto& p = part[parts - 1];
            if (p > 99'999'999) return std::nullopt;
            p = p * 10 + (c - '0');
        } else {
            inside = false;
        }
    }
    if (parts == 1 && text.size() == 8)
        part = {part[0] / 10'000, part[0] / 100 % 100, part[0] % 100};
    else if (parts != 3)
        return std::nullopt;
    if (part[0] < 1000 || !feel::Date::is_valid(part[0], part[1], part[2])) return std::nullopt;
    return feel::Date{static_cast<std::int32_t>(part[0]), static_cast<std::uint8_t>(part[1]),
                      static_cast<std::uint8_t>(part[2])};
}

}  // namespace

bool is_spreadsheet_error(std::string_view text) {
    constexpr std::array<std::string_view, 9> errors = {"#N/A",  "#DIV/0!", "#REF!",   "#VALUE!", "#NAME?",
                                                        "#NUM!", "#NULL!",  "#SPILL!", "#CALC!"};
    return text.starts_with('#') && std::find(errors.begin(), errors.end(), text) != errors.end();
}

bool has_stray_blank(std::string_view text) {
    if (text.empty()) return false;
    // Every blank looked for begins with one of these bytes and ends above ASCII.
    if (static_cast<unsigned char>(text.front()) < 0xC2 && static_cast<unsigned char>(text.back()) < 0x80) return false;
    return std::any_of(unseen_blanks.begin(), unseen_blanks.end(),
                       [&](std::string_view blank) { return text.starts_with(blank) || text.ends_with(blank); });
}

Refusal refuse_number(std::string_view what, std::string_view text, const ColumnSchema& schema) {
    return {Kind::bad_cell, fmt::format("{}: {} is not a number", what, quoted(text)), "a number" + unit_of(schema),
            number_advice(text, schema)};
}

Refusal refuse_range(std::string_view what, std::string_view text, const ColumnSchema& schema) {
    std::string range;
    if (schema.min && schema.max)
        range = fmt::format("a number from {} to {}", schema.min->to_string(), schema.max->to_string());
    else if (schema.min)
        range = fmt::format("a number of at least {}", schema.min->to_string());
    else
        range = fmt::format("a number of at most {}", schema.max->to_string());
    const auto number = Decimal::parse(text);
    const bool below = schema.min && number && *number < *schema.min;
    return {Kind::out_of_range,
            fmt::format("{}: {} is {}", what, quoted(text),
                        below ? "less than " + schema.min->to_string() : "more than " + schema.max->to_string()),
            range + unit_of(schema), "check the figure and its unit against the source"};
}

Refusal refuse_boolean(std::string_view what, std::string_view text) {
    return {Kind::bad_cell, fmt::format("{}: {} is neither true nor false", what, quoted(text)), "`true` or `false`",
            "other words (yes, 是, 1) need a line under `translate` in the rule set"};
}

Refusal refuse_date(std::string_view what, std::string_view text) {
    const auto guess = guessed_date(half_width(text));
    const bool has_time = text.find('T') != std::string_view::npos || text.find(':') != std::string_view::npos;
    std::string hint = "write year, month and day with hyphens";
    if (has_time)
        hint = "leave out the time of day";
    else if (guess)
        hint = fmt::format("write `{}`", guess->to_string());
    return {Kind::bad_cell, fmt::format("{}: {} is not a date", what, quoted(text)), "a date such as `2024-05-01`",
            std::move(hint)};
}

Refusal refuse_year(std::string_view what, std::string_view text) {
    const auto ascii = half_width(without_unseen_blanks(text));
    std::string digits;
    for (const char c : ascii)
        if (is_digit(c)) digits += c;
    std::string hint;
    if (text.empty())
        hint = "every row must say which year it is about";
    else if (digits.size() == 4 && ascii.find('.') == std::string::npos)
        hint = fmt::format("write `{}`", digits);
    else if (guessed_date(ascii))
        hint = fmt::format("write the year alone: `{}`", guessed_date(ascii)->year);
    return {Kind::bad_cell,
            text.empty() ? fmt::format("{}: the year is missing", what)
                         : fmt::format("{}: {} is not a year", what, quoted(text)),
            "a whole number such as `2024`", std::move(hint)};
}

Refusal refuse_choice(std::string_view what, std::string_view text, const ColumnSchema& schema) {
    auto hint = did_you_mean(half_width(without_unseen_blanks(text)), schema.values);
    if (const auto seen = without_unseen_blanks(text); seen.size() != text.size())
        hint = or_else(std::find(schema.values.begin(), schema.values.end(), seen) == schema.values.end() ? hint : "",
                       "remove the no-break or ideographic space");
    return {Kind::bad_cell, fmt::format("{}: {} is not an allowed value", what, quoted(text)), allowed(schema.values),
            or_else(std::move(hint),
                    "a word the file uses for one of them needs a line under `translate` in the rule set")};
}

Refusal refuse_record(std::string_view what, std::string_view id, const DatasetSchema& schema) {
    if (id.empty())
        return {Kind::unknown_record, fmt::format("{}: the cell is empty", what),
                fmt::format("the name of a {}", schema.record), "every row must name its record"};
    return {Kind::unknown_record, fmt::format("{}: {} is not a {} of the roster", what, quoted(id), schema.record), "",
            or_else(did_you_mean(id, schema.roster),
                    "correct the name, add it to the roster, or give the name it stands for under `aliases`")};
}

Refusal refuse_error_value(std::string_view what, std::string_view text) {
    return {Kind::bad_cell, fmt::format("{}: the cell holds the spreadsheet error {}", what, quoted(text)), "",
            "repair the formula, empty the cell, or declare the error under `missing codes`"};
}

Refusal refuse_stray_blank(std::string_view what, std::string_view text) {
    return {Kind::bad_cell, fmt::format("{}: {} begins or ends with a space that cannot be seen", what, quoted(text)),
            "", fmt::format("remove the no-break or ideographic space: write `{}`", without_unseen_blanks(text))};
}

}  // namespace zoneval::io
