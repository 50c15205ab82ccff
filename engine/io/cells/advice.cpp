#include "engine/io/cells/advice.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>

#include "engine/diag/ascii.hpp"
#include "engine/io/cells/characters.hpp"
#include "engine/io/cells/number_form.hpp"
#include "engine/table/scaled.hpp"
#include "engine/table/units.hpp"

namespace zoneval::io {

namespace {

using feel::Decimal;

constexpr std::size_t longest_quoted = 60;

bool takes_shares(const ColumnSchema& schema) { return NumberForm(schema, std::nullopt).takes_shares(); }

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
        if (const auto plain = ungrouped(text, ','))
            return fmt::format("write `{}`, or declare `cells: grouped` for the column", *plain);
        const auto point = replaced(replaced(text, ".", ""), ",", ".");
        return is_number(point) ? fmt::format("write `{}`, or declare `cells: decimal comma` for the column", point)
                                : "use a point for decimals and no thousands separators";
    }
    if (text.find(' ') != std::string::npos || text.find('\'') != std::string::npos) {
        const auto plain = replaced(replaced(text, " ", ""), "'", "");
        if (is_number(plain)) return fmt::format("leave out the thousands separators: write `{}`", plain);
    }
    return std::nullopt;
}

std::string percent_advice(std::string_view text, const ColumnSchema& schema) {
    if (!takes_shares(schema))
        return fmt::format("a share and an amount in {} are different things: is this the right column?", schema.unit);
    CellForm form;
    form.percent = true;
    auto column = schema;
    column.form = form;
    const auto read = NumberForm(column, std::nullopt).read(text, 0);
    if (!read || schema.form.percent) return "write the number with a percent sign behind it, and nothing else";
    return fmt::format("with `cells: percent` for the column, {} is read as {}{}{}", text, read->number.to_string(),
                       schema.unit.empty() ? ", a share of 1" : " ", schema.unit);
}

std::string number_advice(std::string_view text, const ColumnSchema& schema) {
    if (const auto seen = without_unseen_blanks(text); seen.size() != text.size())
        return is_number(seen) ? fmt::format("remove the no-break or ideographic space: write `{}`", seen)
                               : "remove the no-break or ideographic space";
    if (const auto ascii = half_width(text); ascii != text)
        return is_number(ascii)
                   ? fmt::format("use half-width digits and signs: write `{}`, or declare `cells: full-width`", ascii)
                   : "use half-width digits and signs, and nothing but the number";
    if (const auto minus = replaced(text, "\u2212", "-"); minus != text && is_number(minus))
        return fmt::format("use the minus sign of the keyboard: write `{}`", minus);
    if (text.ends_with('%')) return percent_advice(text, schema);
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

bool looks_rounded(std::string_view text) {
    if (text.size() < 6 || text[1] != '.') return false;
    const auto e = text.find_first_of("eE");
    if (e == std::string_view::npos || text.size() < e + 3 || text[e + 1] != '+') return false;
    return Decimal::parse(text).has_value();
}

bool is_spreadsheet_error(std::string_view text) {
    constexpr std::array<std::string_view, 9> errors = {"#N/A",  "#DIV/0!", "#REF!",   "#VALUE!", "#NAME?",
                                                        "#NUM!", "#NULL!",  "#SPILL!", "#CALC!"};
    return text.starts_with('#') && std::find(errors.begin(), errors.end(), text) != errors.end();
}

std::string number_cause(std::string_view text) {
    if (text.ends_with('%')) return "percent";
    if (std::none_of(text.begin(), text.end(), is_digit)) return fmt::format("word {}", text);
    if (text.find(',') != std::string_view::npos) return "comma";
    return half_width(text) != text ? "width" : "number";
}

Refusal refuse_number(std::string_view what, std::string_view text, const ColumnSchema& schema) {
    const bool no_sign = schema.form.percent && Decimal::parse(text);
    return {Kind::bad_cell, fmt::format("{}: {} is not a {}", what, quoted(text), no_sign ? "per cent" : "number"),
            no_sign ? "a number with a percent sign, or a workbook's per cent" : "a number" + unit_of(schema),
            no_sign ? "`cells: percent` is declared for the column: is this a share or per cent?"
                    : number_advice(text, schema)};
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
        hint =
            fmt::format("write `{}`, or declare how the column writes dates, as in `dates: y/m/d`", guess->to_string());
    else if (!text.empty() && text.size() == 5 && std::all_of(text.begin(), text.end(), is_digit))
        hint = "if these are the days that spreadsheets count, declare `dates: serial`";
    return {Kind::bad_cell, fmt::format("{}: {} is not a date", what, quoted(text)), "a date such as `2024-05-01`",
            std::move(hint)};
}

Refusal refuse_year(std::string_view what, std::string_view text, const Shape& shape) {
    if (const auto number = Decimal::parse(text);
        number && number->to_int64() && *number >= Decimal(1) && *number <= Decimal(9999))
        return {Kind::bad_cell,
                fmt::format("{}: {} lies outside the years {} to {}", what, quoted(text), shape.first_year,
                            shape.last_year),
                fmt::format("a year from {} to {}", shape.first_year, shape.last_year),
                fmt::format("if that is meant, declare `years: {}..{}` for the dataset", number->to_string(),
                            shape.last_year)};
    const auto ascii = half_width(without_unseen_blanks(text));
    std::string digits;
    for (const char c : ascii)
        if (is_digit(c)) digits += c;
    std::string hint;
    if (text.empty())
        hint = "every row must say which year it is about; totals and notes are left out by `drop` and `until`";
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
    if (has_control_character(id)) return refuse_control_character(what, id);
    if (looks_rounded(id))
        return {Kind::bad_cell, fmt::format("{}: {} is how a spreadsheet shortens a long number", what, quoted(id)),
                "the id in full", "take the ids from the source again, into cells formatted as text"};
    if (id.empty())
        return {Kind::unknown_record, fmt::format("{}: the cell is empty", what),
                fmt::format("the name of a {}", schema.record),
                "every row must name its record; totals and notes are left out by `drop` and `until`"};
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

Refusal refuse_control_character(std::string_view what, std::string_view text) {
    return {Kind::bad_cell, fmt::format("{}: {} holds a control character", what, quoted(text)), "",
            "remove the line break or the sign that cannot be seen (in workbooks also written `_x000D_`)"};
}

std::optional<Refusal> refuse_facts(std::string_view what, Facts facts, const ColumnSchema& schema) {
    if ((facts & fact::no_result) != 0)
        return Refusal{Kind::bad_cell, fmt::format("{}: the cell holds a formula whose result was never stored", what),
                       "a value, or a formula with its result",
                       "open the file in a spreadsheet program, let it calculate, and save it"};
    if ((facts & fact::merged_across) != 0)
        return Refusal{Kind::bad_cell, fmt::format("{}: the cell is merged with the one to its left", what), "",
                       "unmerge the cells, and give each its own value"};
    if ((facts & fact::no_text) != 0)
        return Refusal{Kind::bad_cell, fmt::format("{}: the cell holds a list, a structure or binary data", what),
                       "one plain value", "is this the right column? If so, write one column for each of its values"};
    if (schema.type != feel::Type::Kind::number) return std::nullopt;
    if ((facts & fact::merged_down) != 0)
        return Refusal{
            Kind::bad_cell, fmt::format("{}: the cell is merged with the one above", what), "",
            fmt::format("if the number holds for each of the rows, declare `fill down: [{}]`; if it is their "
                        "sum, unmerge the cells and give each its own",
                        yaml_scalar(schema.header))};
    if ((facts & fact::percent) != 0 && !takes_shares(schema))
        return Refusal{
            Kind::bad_cell, fmt::format("{}: the cell is per cent, the input is in {}", what, schema.unit),
            "a number" + unit_of(schema),
            "a share and an amount are different things: is this the right column? If it is, give the amounts"};
    return std::nullopt;
}

std::optional<Refusal> refuse_id_facts(std::string_view what, std::string_view text, Facts facts) {
    if ((facts & (fact::no_result | fact::merged_across | fact::no_text)) != 0) return refuse_facts(what, facts, {});
    if ((facts & fact::inexact) != 0)
        return Refusal{
            Kind::bad_cell,
            fmt::format("{}: {} is a number of more than 15 digits, and the last ones are lost", what, quoted(text)),
            "an id stored as text", "take the ids from the source again, into cells formatted as text"};
    if ((facts & fact::with_words) != 0)
        return Refusal{Kind::bad_cell,
                       fmt::format("{}: {} is shown with letters that the cell does not hold", what, quoted(text)),
                       "an id stored as text", "write the id into the cell as text, as it is shown"};
    if ((facts & fact::percent) != 0)
        return Refusal{Kind::bad_cell, fmt::format("{}: the cell is a per cent", what), "an id",
                       "is this the right column?"};
    return std::nullopt;
}

}  // namespace zoneval::io
