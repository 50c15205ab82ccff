#include "engine/io/cells/number_form.hpp"

#include <algorithm>
#include <array>

#include "engine/diag/ascii.hpp"
#include "engine/io/cells/characters.hpp"
#include "engine/table/units.hpp"

namespace zoneval::io {

using feel::Decimal;

namespace {

/// What a share of 1 is in the unit: 100 in %, 1 without a unit; nullopt where shares make no sense.
std::optional<Decimal> share_in(const std::string& unit) {
    if (unit.empty()) return Decimal(1);
    const auto parsed = parse_unit(unit);
    if (!parsed || !parsed->dimensions.empty() || parsed->scale.is_zero()) return std::nullopt;
    return Decimal(1) / parsed->scale;
}

/// Digits in groups of three, parted by any one of what people part them with, without their separators.
std::optional<std::string> ungrouped(std::string_view digits, bool decimal_comma) {
    const std::string_view separators[] = {decimal_comma ? "." : ",", " ", "'", "\u2019", "\u00A0", "\u202F", "\u2009"};
    for (const auto separator : separators) {
        if (digits.find(separator) == std::string_view::npos) continue;
        std::string out;
        for (std::size_t begin = 0, group = 0;; ++group) {
            const auto end = std::min(digits.find(separator, begin), digits.size());
            const auto size = end - begin;
            if (group == 0 ? size < 1 || size > 3 : size != 3) return std::nullopt;
            out += digits.substr(begin, size);
            if (end == digits.size()) return out;
            begin = end + separator.size();
        }
    }
    return std::string(digits);
}

/// Sign, digits and fraction with a point, of a number that may be grouped and may have a comma for its point.
std::optional<Decimal> parse(std::string_view text, const CellForm& form) {
    if (!form.grouped && !form.decimal_comma) return Decimal::parse(text);
    std::string plain;
    if (text.starts_with('-') || text.starts_with('+')) {
        plain = text.substr(0, 1);
        text.remove_prefix(1);
    }
    const auto point = std::min(text.find(form.decimal_comma ? ',' : '.'), text.size());
    const auto whole = ungrouped(text.substr(0, point), form.decimal_comma);
    if (!whole || (point < text.size() && text.substr(point + 1).find_first_of(",.") != std::string_view::npos))
        return std::nullopt;
    plain += *whole;
    if (point < text.size()) plain += "." + std::string(text.substr(point + 1));
    return Decimal::parse(plain);
}

/// Before a sign stands any kind of blank: `25 %` of German and French files has one that does not break.
std::string_view without_blanks_behind(std::string_view text) {
    for (const std::string_view blank : {" ", "\t", "\u00A0", "\u202F", "\u2009", "\u2007"})
        if (text.ends_with(blank)) return without_blanks_behind(text.substr(0, text.size() - blank.size()));
    return text;
}

/// To the digits a spreadsheet shows.
Decimal rounded(Decimal number) {
    constexpr int digits = 15;
    const auto text = number.to_string();
    std::size_t first = 0, count = 0, point = text.size();
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '.') point = i;
        if (!is_digit(text[i])) continue;
        if (count == 0 && text[i] == '0') continue;
        if (count++ == 0) first = i;
    }
    if (count <= digits) return number;
    // Places behind the point of the last digit kept; negative: before it.
    const auto places =
        first < point ? digits - static_cast<int>(point - first) : digits - 1 + static_cast<int>(first - point);
    return number.rounded(places, feel::Rounding::half_even);
}

}  // namespace

NumberForm::NumberForm(const ColumnSchema& column, const std::optional<Decimal>& factor)
    : form_(column.form), factor_(factor), of_one_(share_in(column.unit)) {
    plain_ = !factor_ && !form_.percent && !form_.grouped && !form_.decimal_comma && !form_.parentheses &&
             !form_.full_width && !form_.rounded && form_.marks.empty() && !form_.less_than;
}

std::string_view NumberForm::unmarked(std::string_view text) const {
    for (;;) {
        std::size_t longest = 0;  // `bp` before `p`
        for (const auto& mark : form_.marks)
            if (text.size() > mark.size() && text.ends_with(mark)) longest = std::max(longest, mark.size());
        if (longest == 0) return text;
        text.remove_suffix(longest);
        text = trimmed(text);
    }
}

std::optional<NumberForm::Read> NumberForm::read(std::string_view text, Facts facts) const {
    std::string narrow;
    if (form_.full_width) text = narrow = half_width(text);
    text = unmarked(text);
    Read out;
    if (form_.less_than && (text.starts_with('<') || text.starts_with("\uFF1C"))) {
        const auto limit = trimmed(text.substr(text.front() == '<' ? 1 : 3));
        if (!parse(limit, form_)) return std::nullopt;
        out.less_than = form_.less_than;
        return out;
    }
    const bool triangle = form_.parentheses && (text.starts_with("\u25B3") || text.starts_with("\u25B2"));
    const bool negative =
        triangle || (form_.parentheses && text.size() > 2 && text.front() == '(' && text.back() == ')');
    if (negative) text = trimmed(triangle ? text.substr(3) : text.substr(1, text.size() - 2));
    const bool sign = form_.percent && (text.ends_with('%') || text.ends_with("\uFF05"));
    if (sign) text = without_blanks_behind(text.substr(0, text.size() - (text.back() == '%' ? 1 : 3)));
    const auto number = parse(text, form_);
    if (!number || (negative && (text.front() == '-' || text.front() == '+'))) return std::nullopt;
    out.number = negative ? -*number : *number;
    out.percent = sign || (facts & fact::percent) != 0;
    if (form_.percent && !out.percent) return std::nullopt;
    if (out.percent) {
        if (!of_one_) return std::nullopt;
        if (sign) out.number = out.number / Decimal(100);
        out.number = out.number * *of_one_;
    } else if (factor_) {
        out.number = out.number * *factor_;
    }
    if (form_.rounded) out.number = rounded(out.number);
    return out;
}

}  // namespace zoneval::io
