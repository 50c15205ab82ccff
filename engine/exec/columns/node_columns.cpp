#include "engine/exec/columns/node_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "engine/feel/value/cause.hpp"
#include "engine/table/scaled.hpp"

namespace zoneval::exec {

using feel::Value;

namespace {

void set_null(NodeColumn& column, std::size_t record, std::size_t size, Mask mask) {
    if (column.masks.empty()) column.masks.resize(size);
    column.masks[record] = mask;
    column.kinds = static_cast<Mask>(column.kinds | mask);
}

/// Whole numbers under one scale, if all fit; else doubles.
bool fill_numbers(NodeColumn& column, const std::vector<Value>& values) {
    int scale = 0;
    bool exact = true;
    for (const auto& v : values)
        if (const auto* n = v.number(); n && exact) {
            const auto s = scaled(*n);
            exact = s.has_value();
            if (exact) scale = std::max(scale, s->decimals);
        }
    const auto whole = [&](const Value& v) -> std::optional<double> {
        const auto s = coefficient_with(*scaled(*v.number()), scale);
        if (!s || std::abs(static_cast<double>(*s)) >= exact_limit) return std::nullopt;
        return static_cast<double>(*s);
    };
    column.numbers.assign(values.size(), 0);
    for (std::size_t i = 0; i < values.size() && exact; ++i) {
        if (!values[i].number()) continue;
        const auto k = whole(values[i]);
        exact = k.has_value();
        if (exact) column.numbers[i] = *k;
    }
    column.bound = {0, 0, 0, exact ? 0 : unit_roundoff, exact_limit, exact ? scale : 0};
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto* n = values[i].number();
        if (!n) continue;
        if (!exact) column.numbers[i] = n->to_double();
        const auto k = column.numbers[i];
        column.bound.low = std::min(column.bound.low, k);
        column.bound.high = std::max(column.bound.high, k);
        if (k == 0 && !n->is_zero()) return false;  // too small for a double: it would pass for 0
        if (k != 0) column.bound.tiny = std::min(column.bound.tiny, std::abs(k));
    }
    constexpr double reach = 1e200;
    return column.bound.most() < reach && column.bound.tiny > 1 / reach;
}

}  // namespace

Mask mask_of(const Value& value) {
    if (!value.is_null()) return 0;
    if (!value.cause()) return mask_plain;
    Mask out = 0;
    for (const auto& leaf : feel::leaves(value.cause()))
        out = static_cast<Mask>(out | (1u << static_cast<unsigned>(leaf->missing)));
    return out;
}

std::optional<feel::Missing> one_kind(Mask mask) {
    if (mask == mask_not_applicable) return feel::Missing::not_applicable;
    // What is not applicable counts only where everything is (feel::missing_kind).
    const auto others = static_cast<Mask>(mask & ~mask_not_applicable);
    for (const auto kind : {feel::Missing::not_reported, feel::Missing::suppressed, feel::Missing::late})
        if (others == 1u << static_cast<unsigned>(kind)) return kind;
    return std::nullopt;
}

bool fill_column(NodeColumn& column, feel::Type::Kind kind, const std::vector<Value>& values, StringCodes& strings) {
    using Kind = feel::Type::Kind;
    for (const auto& v : values)
        if (!v.is_null() && v.kind() != kind) return false;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i].is_null()) set_null(column, i, values.size(), mask_of(values[i]));
    switch (kind) {
        case Kind::number: return fill_numbers(column, values);
        case Kind::boolean:
            column.shape = Shape::truth;
            for (const auto& v : values) column.truths.push_back(v.is_true());
            return true;
        case Kind::date:
            column.days = true;
            column.bound = {-1e9, 1e9, 0, 0, 1, 0};
            for (const auto& v : values)
                column.numbers.push_back(v.date() ? static_cast<double>(v.date()->days_since_epoch()) : 0);
            return true;
        case Kind::string:
            column.shape = Shape::code;
            for (const auto& v : values) {
                const auto code = v.string() ? strings.code(*v.string()) : std::optional<std::uint16_t>(0);
                if (!code) return false;
                column.codes.push_back(*code);
            }
            return true;
        default: return false;
    }
}

void put_value(NodeColumn& column, std::size_t record, const Value& value, StringCodes& strings) {
    const auto size = std::max({column.numbers.size(), column.truths.size(), column.codes.size()});
    if (value.is_null()) {
        set_null(column, record, size, mask_of(value));
        if (column.shape == Shape::truth) column.truths[record] = 0;
        return;
    }
    if (!column.masks.empty()) column.masks[record] = 0;
    const auto misfit = [&] {
        return std::logic_error(fmt::format("{} does not fit the column it was computed for", value.to_feel()));
    };
    if (column.shape == Shape::truth && value.boolean()) {
        column.truths[record] = *value.boolean();
    } else if (column.shape == Shape::code && value.string()) {
        const auto code = strings.code(*value.string());
        if (!code) throw misfit();
        column.codes[record] = *code;
    } else if (column.days && value.date()) {
        column.numbers[record] = static_cast<double>(value.date()->days_since_epoch());
    } else if (const auto* number = value.number(); number && column.bound.exact()) {
        const auto k = (*number * feel::Decimal::scaled(1, column.bound.scale)).to_int64();
        if (!k) throw misfit();
        column.numbers[record] = static_cast<double>(*k);
    } else if (number) {
        column.numbers[record] = (*number * feel::Decimal::scaled(1, column.bound.scale)).to_double();
    } else {
        throw misfit();
    }
    if (column.shape != Shape::number) return;
    column.bound.low = std::min(column.bound.low, column.numbers[record]);
    column.bound.high = std::max(column.bound.high, column.numbers[record]);
}

Value value_in(const NodeColumn& column, std::size_t record, const StringCodes& strings) {
    switch (column.shape) {
        case Shape::truth: return column.truths[record] != 0;
        case Shape::code: return strings.text(column.codes[record]);
        default: break;
    }
    const auto k = static_cast<std::int64_t>(column.numbers[record]);
    if (column.days) return feel::Date::from_days(k);
    return feel::Decimal::scaled(k, -column.bound.scale);
}

}  // namespace zoneval::exec
