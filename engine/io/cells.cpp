#include "engine/io/cells.hpp"

namespace zoneval::io {

using feel::Decimal;
using feel::Missing;
using TypeKind = feel::Type::Kind;

CellReader::CellReader(const ColumnSchema& column, const DatasetSchema& dataset)
    : schema_(column),
      column_(column.name, column.type),
      min_(bound(column.min)),
      max_(bound(column.max)),
      translate_(column.translate.begin(), column.translate.end()),
      missing_codes_(dataset.missing_codes.begin(), dataset.missing_codes.end()),
      allowed_(column.values.begin(), column.values.end()) {
    plain_number_ = column.type == TypeKind::number && !min_ && !max_ && translate_.empty() && missing_codes_.empty();
}

std::optional<CellReader::Bound> CellReader::bound(const std::optional<Decimal>& number) {
    if (!number) return std::nullopt;
    return Bound{*number, scaled(*number)};
}

std::string_view CellReader::translated(std::string_view text) const {
    if (translate_.empty()) return text;
    const auto found = translate_.find(text);
    return found == translate_.end() ? text : found->second;
}

bool CellReader::read_other(std::string_view text) {
    text = translated(text);
    if (text.empty()) {
        column_.append_blank(schema_.blank);
        return true;
    }
    if (!missing_codes_.empty()) {
        if (const auto code = missing_codes_.find(text); code != missing_codes_.end()) {
            column_.append_missing(code->second);
            return true;
        }
    }
    if (append(text)) return true;
    column_.append_missing(Missing::not_reported);
    return false;
}

bool CellReader::append(std::string_view text) {
    switch (schema_.type) {
        case TypeKind::number: return append_number(text);
        case TypeKind::string: return append_string(text);
        case TypeKind::boolean: {
            const bool yes = text == "true" || text == "TRUE";
            if (!yes && text != "false" && text != "FALSE") return false;
            column_.append_boolean(yes);
            return true;
        }
        default: {
            const auto date = feel::Date::parse(text);
            if (!date) return false;
            column_.append_date(*date);
            return true;
        }
    }
}

bool CellReader::append_number(std::string_view text) {
    if (const auto small = parse_scaled(text)) {
        if (!in_range(*small)) return false;
        column_.append_number(*small);
        return true;
    }
    const auto number = Decimal::parse(text);
    if (!number) return false;
    if ((min_ && *number < min_->number) || (max_ && *number > max_->number)) return false;
    column_.append_number(*number);
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

Refusal CellReader::explain(std::string_view what, std::string_view text) const {
    text = translated(text);
    if (is_spreadsheet_error(text)) return refuse_error_value(what, text);
    switch (schema_.type) {
        case TypeKind::number:
            return Decimal::parse(text) ? refuse_range(what, text, schema_) : refuse_number(what, text, schema_);
        case TypeKind::string:
            return allowed_.empty() ? refuse_stray_blank(what, text) : refuse_choice(what, text, schema_);
        case TypeKind::boolean: return refuse_boolean(what, text);
        default: return refuse_date(what, text);
    }
}

}  // namespace zoneval::io
