#include "engine/io/cells/cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <span>

#include "engine/io/cells/characters.hpp"
#include "engine/io/cells/dates.hpp"
#include "engine/table/digits.hpp"

namespace zoneval::io {

using feel::Decimal;
using feel::Missing;
using TypeKind = feel::Type::Kind;

namespace {

std::size_t digit_count(std::string_view text) {
    std::size_t out = 0;
    for (const char c : text) out += (c >= '1' && c <= '9') || (c == '0' && out > 0);
    return out;
}

}  // namespace

CellReader::CellReader(const ColumnSchema& column, const DatasetSchema& dataset, const std::optional<Decimal>& factor)
    : schema_(column),
      column_(column.name, column.type),
      form_(column, factor),
      min_(bound(column.min)),
      max_(bound(column.max)),
      translate_(column.translate.begin(), column.translate.end()),
      missing_codes_(column.form.missing_codes.begin(), column.form.missing_codes.end()),
      allowed_(column.values.begin(), column.values.end()) {
    missing_codes_.insert(dataset.missing_codes.begin(), dataset.missing_codes.end());  // those of the column go before
    const auto is_number = [](const auto& entry) { return parse_scaled(entry.first).has_value(); };
    plain_number_ = column.type == TypeKind::number && form_.plain() &&
                    std::none_of(translate_.begin(), translate_.end(), is_number) &&
                    std::none_of(missing_codes_.begin(), missing_codes_.end(), is_number);
}

std::optional<CellReader::Bound> CellReader::bound(const std::optional<Decimal>& number) {
    if (!number) return std::nullopt;
    return Bound{*number, scaled(*number)};
}

bool CellReader::read(const CellGrid& grid, std::size_t column) {
    const CellGrid::Cells cells(grid, column);
    if (plain_number_ && grid.may_read_back) return read_numbers(cells, grid.rows);
    if (schema_.type == TypeKind::string) return read_strings(cells, grid.rows);
    for (std::size_t row = 0; row < grid.rows; ++row)
        if (!read(trimmed(cells[row]))) return false;
    return true;
}

/// Plain numbers are gathered and entered together; what else there is, one by one.
bool CellReader::read_numbers(CellGrid::Cells cells, std::size_t rows) {
    std::array<std::int64_t, 256> gathered;
    static constexpr std::array<std::uint8_t, gathered.size()> no_states{};
    for (std::size_t row = 0; row < rows;) {
        const auto decimals = column_.numbers()->decimals();
        const auto count = gather_numbers(cells, row, std::min(rows, row + gathered.size()), decimals, gathered.data());
        column_.append_numbers(decimals, std::span(gathered).first(count), std::span(no_states).first(count));
        row += count;
        if (row == rows || count == gathered.size()) continue;
        if (!read(trimmed(cells[row++]))) return false;
    }
    return true;
}

/// Their coefficients under so many decimals, up to the first that cannot be had so easily; how many there are.
std::size_t CellReader::gather_numbers(CellGrid::Cells cells, std::size_t row, std::size_t end, int decimals,
                                       std::int64_t* out) const {
    const auto low = coefficient_of(min_, decimals, std::numeric_limits<std::int64_t>::min());
    const auto high = coefficient_of(max_, decimals, std::numeric_limits<std::int64_t>::max());
    if (!low || !high) return 0;
    const auto* const first = out;
    for (; row < end; ++row) {
        const auto text = cells[row];
        Scaled number;
        if (!read_short_decimal(text.data(), text.data() + text.size(), number.coefficient, number.decimals)) {
            const bool longish = text.size() > 8 && text.size() < longest_plain;
            const auto longer = longish ? parse_scaled(text) : std::nullopt;
            if (!longer) break;
            number = *longer;
        }
        if (number.decimals > decimals) break;
        if (number.decimals < decimals) {
            const auto coefficient = coefficient_with(number, decimals);
            if (!coefficient) break;
            number.coefficient = *coefficient;
        }
        if (number.coefficient < *low || number.coefficient > *high) break;
        *out++ = number.coefficient;
    }
    return static_cast<std::size_t>(out - first);
}

/// Of a bound, if it has one under so many decimals; without a bound, `none`.
std::optional<std::int64_t> CellReader::coefficient_of(const std::optional<Bound>& bound, int decimals,
                                                       std::int64_t none) {
    if (!bound) return none;
    if (!bound->small || bound->small->decimals > decimals) return std::nullopt;
    return coefficient_with(*bound->small, decimals);
}

bool CellReader::read_strings(CellGrid::Cells cells, std::size_t rows) {
    std::array<std::uint32_t, 256> codes;
    static constexpr std::array<std::uint8_t, codes.size()> no_states{};
    std::size_t waiting = 0;
    const auto enter = [&] {
        column_.append_string_codes(std::span(codes).first(waiting), std::span(no_states).first(waiting));
        waiting = 0;
    };
    for (std::size_t row = 0; row < rows; ++row) {
        const auto text = trimmed(cells[row]);
        if (const auto* known = text.empty() ? nullptr : &met(text); known && known->text == text) {
            codes[waiting++] = known->code;
            if (waiting == codes.size()) enter();
            continue;
        }
        enter();
        if (!read(text)) return false;
    }
    enter();
    return true;
}

std::string_view CellReader::translated(std::string_view text) const {
    if (translate_.empty()) return text;
    const auto found = translate_.find(text);
    return found == translate_.end() ? text : found->second;
}

bool CellReader::read_other(std::string_view text, Facts facts) {
    const auto as_written = text;
    text = translated(text);
    if (text.data() != as_written.data()) read_as_.codes.emplace(as_written);
    constexpr Facts without_value = fact::no_result | fact::merged_across;
    if (text.empty() && (facts & without_value) == 0) {
        column_.append_blank(schema_.blank);
        return true;
    }
    if (enter_missing_code(text)) return true;
    if (!text.empty() && (facts & fact::no_text) == 0 && append(text, facts)) {
        if ((facts & fact::merged_down) != 0) read_as_.merged.note(text, nullptr);
        return true;
    }
    column_.append_missing(Missing::not_reported);
    return false;
}

bool CellReader::enter_missing_code(std::string_view text) {
    if (missing_codes_.empty()) return false;
    auto code = missing_codes_.find(text);
    if (code == missing_codes_.end() && schema_.type == TypeKind::number)
        code = missing_codes_.find(form_.unmarked(text));
    if (code == missing_codes_.end()) return false;
    read_as_.codes.emplace(code->first);
    column_.append_missing(code->second);
    return true;
}

bool CellReader::append(std::string_view text, Facts facts) {
    switch (schema_.type) {
        case TypeKind::number: return append_number(text, facts);
        case TypeKind::string: return append_string(text);
        case TypeKind::boolean: {
            const bool yes = text == "true" || text == "TRUE";
            if (!yes && text != "false" && text != "FALSE") return false;
            column_.append_boolean(yes);
            return true;
        }
        default: return append_date(text);
    }
}

bool CellReader::append_date(std::string_view text) {
    auto date = feel::Date::parse(text);
    for (const auto& pattern : schema_.form.dates)
        if (!date) date = date_by_pattern(schema_.form.full_width ? half_width(text) : std::string(text), pattern);
    if (!date) return false;
    column_.append_date(*date);
    return true;
}

bool CellReader::append_number(std::string_view text, Facts facts) {
    if ((facts & fact::merged_down) != 0) return false;  // of several rows together, or of each?
    if (!form_.plain() || (facts & fact::percent) != 0) return append_formed(text, facts);
    if ((facts & fact::in_thousands) != 0) read_as_.in_thousands.note(text, nullptr);
    if ((facts & fact::with_sign) != 0) read_as_.with_sign.note(text, nullptr);
    if (const auto small = parse_scaled(text)) {
        if (!in_range(*small)) return false;
        column_.append_number(*small);
        if (text.size() < longest_plain) return true;
    } else {
        const auto number = Decimal::parse(text);
        if (!number) return false;
        if ((min_ && *number < min_->number) || (max_ && *number > max_->number)) return false;
        column_.append_number(*number);
    }
    if (text.find('.') != std::string_view::npos && digit_count(text) > 15) read_as_.long_digits.note(text, nullptr);
    return true;
}

bool CellReader::append_formed(std::string_view text, Facts facts) {
    const auto read = form_.read(text, facts);
    if (!read) return false;
    if (read->less_than) {
        column_.append_missing(*read->less_than);
        return true;
    }
    const auto& number = read->number;
    if ((min_ && number < min_->number) || (max_ && number > max_->number)) return false;
    column_.append_number(number);
    if ((facts & fact::percent) != 0) read_as_.percent.note(text, &number);
    if ((facts & fact::in_thousands) != 0) read_as_.in_thousands.note(text, nullptr);
    return true;
}

bool CellReader::in_range(Scaled number) const {
    const auto against = [&](const Bound& bound) {
        return bound.small ? compare(number, *bound.small) : decimal(number) <=> bound.number;
    };
    return !(min_ && against(*min_) < 0) && !(max_ && against(*max_) > 0);
}

bool CellReader::append_string(std::string_view text) {
    if (!allowed_.empty() && !allowed_.contains(text)) return false;
    if (allowed_.empty() && (is_spreadsheet_error(text) || has_stray_blank(text))) return false;
    column_.append_string(text);
    return true;
}

std::string CellReader::cause(std::string_view text, Facts facts) const {
    text = translated(text);
    if (facts != 0 && refuse_facts("", facts, schema_)) return fmt::format("facts {}", facts);
    if (is_spreadsheet_error(text)) return fmt::format("error {}", text);
    switch (schema_.type) {
        case TypeKind::number: return form_.read(text, facts) ? "range" : number_cause(text);
        case TypeKind::string: return allowed_.empty() ? "text" : fmt::format("word {}", text);
        default: return "value";
    }
}

Refusal CellReader::explain(std::string_view what, std::string_view text, Facts facts) const {
    text = translated(text);
    if (auto refusal = refuse_facts(what, facts, schema_)) return std::move(*refusal);
    if (is_spreadsheet_error(text)) return refuse_error_value(what, text);
    switch (schema_.type) {
        case TypeKind::number:
            return form_.read(text, facts) ? refuse_range(what, text, schema_) : refuse_number(what, text, schema_);
        case TypeKind::string:
            if (!allowed_.empty()) return refuse_choice(what, text, schema_);
            return has_stray_blank(text) ? refuse_stray_blank(what, text) : refuse_control_character(what, text);
        case TypeKind::boolean: return refuse_boolean(what, text);
        default: return refuse_date(what, text);
    }
}

}  // namespace zoneval::io
