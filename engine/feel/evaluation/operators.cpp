// Arithmetic, comparison, membership and paths: the type tables of DMN 1.5 10.3.2.
#include <limits>

#include "engine/feel/evaluation/evaluator.hpp"
#include "engine/feel/syntax/never_true.hpp"
#include "engine/feel/value/limits.hpp"

namespace zoneval::feel {

namespace {

using Kind = Type::Kind;

const Decimal nano(Decimal::scaled(1, -9));

Decimal seconds_of(DaysTimeDuration d) { return Decimal(d.seconds) + Decimal(d.nanosecond) * nano; }

std::optional<Value> finite(Decimal d) {
    if (!d.is_finite()) return std::nullopt;
    return Value(d);
}

/// Rounded to nanoseconds as numbers are, half even, so that -(a / b) is (-a) / b.
std::optional<Value> duration_of(Decimal seconds) {
    if (!seconds.is_finite()) return std::nullopt;
    const auto rounded = seconds.rounded(9, Rounding::half_even);
    const auto whole = rounded.floor();
    const auto n = whole.to_int64();
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 8;
    if (!n || *n > most || *n < -most) return std::nullopt;
    const auto rest = ((rounded - whole) * Decimal(1'000'000'000)).to_int64();
    return Value(DaysTimeDuration{*n, static_cast<std::int32_t>(*rest)});
}

std::optional<Value> months_of(Decimal months) {
    const auto whole = months.rounded(0, Rounding::down).to_int64();
    constexpr std::int64_t most = 20'000'000'000'000;
    if (!whole || *whole > most || *whole < -most) return std::nullopt;
    return Value(YearsMonthsDuration{*whole});
}

template <class T>
std::optional<Value> wrap(std::optional<T> value) {
    if (!value) return std::nullopt;
    return Value(std::move(*value));
}

DateTime midnight_utc(const Date& date) { return {date, {0, 0, Zone{Zone::Kind::offset, 0, nullptr}}}; }

/// A duration added to a date, time or date and time (Table 45).
std::optional<Value> add_duration(const Value& a, const Value& duration, bool negative) {
    if (const auto* d = duration.days_time()) {
        const auto amount = negative ? -*d : *d;
        if (const auto* date = a.date()) return wrap(add(*date, amount));
        if (const auto* time = a.time()) return Value(add(*time, amount));
        if (const auto* both = a.date_time()) return wrap(add(*both, amount));
        if (const auto* other = a.days_time()) return wrap(add(*other, amount));
    }
    if (const auto* d = duration.years_months()) {
        const YearsMonthsDuration amount{negative ? -d->months : d->months};
        if (const auto* date = a.date()) return wrap(date->plus_months(amount.months));
        if (const auto* both = a.date_time()) return wrap(add(*both, amount));
        if (const auto* other = a.years_months()) return months_of(Decimal(other->months) + Decimal(amount.months));
    }
    return std::nullopt;
}

bool is_duration(const Value& v) { return v.days_time() != nullptr || v.years_months() != nullptr; }

std::optional<Value> plus(const Value& a, const Value& b) {
    if (a.string() != nullptr && b.string() != nullptr) {
        if (a.string()->size() + b.string()->size() > limits::string_bytes) return std::nullopt;
        return Value(*a.string() + *b.string());
    }
    if (is_duration(b)) return add_duration(a, b, false);
    if (is_duration(a)) return add_duration(b, a, false);
    return std::nullopt;
}

std::optional<Value> minus(const Value& a, const Value& b) {
    if (is_duration(b)) return add_duration(a, b, true);
    if (a.time() != nullptr && b.time() != nullptr) return wrap(subtract(*a.time(), *b.time()));
    const bool a_moment = a.date() != nullptr || a.date_time() != nullptr;
    const bool b_moment = b.date() != nullptr || b.date_time() != nullptr;
    if (!a_moment || !b_moment) return std::nullopt;
    // A date stands for its midnight in UTC (Table 45).
    if (a.date() != nullptr && b.date() != nullptr)
        return Value(DaysTimeDuration{(a.date()->days_since_epoch() - b.date()->days_since_epoch()) * 86'400, 0});
    const auto x = a.date() != nullptr ? midnight_utc(*a.date()) : *a.date_time();
    const auto y = b.date() != nullptr ? midnight_utc(*b.date()) : *b.date_time();
    return wrap(subtract(x, y));
}

std::optional<Value> times(const Value& a, const Value& b) {
    if (a.number() != nullptr && is_duration(b)) return times(b, a);
    if (b.number() == nullptr) return std::nullopt;
    if (const auto* d = a.days_time()) return duration_of(seconds_of(*d) * *b.number());
    if (const auto* d = a.years_months()) return months_of(Decimal(d->months) * *b.number());
    return std::nullopt;
}

std::optional<Value> divided(const Value& a, const Value& b) {
    if (const auto* divisor = b.number()) {
        if (divisor->is_zero()) return std::nullopt;
        if (const auto* d = a.days_time()) return duration_of(seconds_of(*d) / *divisor);
        if (const auto* d = a.years_months()) return months_of(Decimal(d->months) / *divisor);
        return std::nullopt;
    }
    if (a.days_time() != nullptr && b.days_time() != nullptr)
        return finite(seconds_of(*a.days_time()) / seconds_of(*b.days_time()));
    if (a.years_months() != nullptr && b.years_months() != nullptr)
        return finite(Decimal(a.years_months()->months) / Decimal(b.years_months()->months));
    return std::nullopt;
}

Decimal calculated(BinaryOp op, const Decimal& a, const Decimal& b) {
    switch (op) {
        case BinaryOp::add: return a + b;
        case BinaryOp::subtract: return a - b;
        case BinaryOp::multiply: return a * b;
        case BinaryOp::divide: return a / b;
        default: return a.pow(b);
    }
}

Fact failed(BinaryOp op, const Value& a, const Value& b) {
    if (op == BinaryOp::divide && b.number() != nullptr && b.number()->is_zero()) return reasons::division_by_zero();
    if (a.number() != nullptr && b.number() != nullptr) return reasons::not_finite();
    return reasons::cannot_join(std::string(spelling(op)), a.kind(), b.kind());
}

bool not_applicable(const Value& v) { return v.is_null() && missing_kind(v.cause()) == Missing::not_applicable; }

Truth compared(BinaryOp op, std::strong_ordering o) {
    switch (op) {
        case BinaryOp::less: return o < 0;
        case BinaryOp::less_equal: return o <= 0;
        case BinaryOp::greater: return o > 0;
        default: return o >= 0;
    }
}

Value offset_of(const Time& time, const Date* date) {
    const auto offset = utc_offset(time, date);
    return offset ? Value(DaysTimeDuration{*offset, 0}) : Value();
}

Value zone_of(const Time& time) { return time.zone.kind == Zone::Kind::named ? Value(*time.zone.name) : Value(); }

std::optional<Value> date_property(const Date& d, std::string_view name) {
    if (name == "year") return Value(d.year);
    if (name == "month") return Value(int{d.month});
    if (name == "day") return Value(int{d.day});
    if (name == "weekday") return Value(d.weekday());
    return std::nullopt;
}

std::optional<Value> time_property(const Time& t, const Date* date, std::string_view name) {
    if (name == "hour") return Value(t.hours());
    if (name == "minute") return Value(t.minutes());
    if (name == "second") return Value(t.seconds());
    if (name == "time offset") return offset_of(t, date);
    if (name == "timezone") return zone_of(t);
    return std::nullopt;
}

std::optional<Value> days_time_property(const DaysTimeDuration& d, std::string_view name) {
    // Parts carry the sign of the whole (Table 65).
    const bool negative = d.seconds < 0;
    const auto whole = negative ? -d : d;
    const auto part = [&](std::int64_t n) { return Value(negative ? -n : n); };
    if (name == "days") return part(whole.seconds / 86'400);
    if (name == "hours") return part(whole.seconds / 3600 % 24);
    if (name == "minutes") return part(whole.seconds / 60 % 60);
    if (name == "seconds") {
        const auto s = Decimal(whole.seconds % 60) + Decimal(whole.nanosecond) * nano;
        return Value(negative ? -s : s);
    }
    return std::nullopt;
}

std::optional<Value> range_property(const Range& r, std::string_view name) {
    if (name == "start") return r.start;
    if (name == "end") return r.end;
    const bool two_sided = r.form == RangeForm::interval || r.form == RangeForm::equal;
    if (name == "start included") return Value(r.start_included && (two_sided || r.form == RangeForm::greater_equal));
    if (name == "end included") return Value(r.end_included && (two_sided || r.form == RangeForm::less_equal));
    return std::nullopt;
}

/// The special properties of 10.3.2.12.
std::optional<Value> property(const Value& object, std::string_view name) {
    switch (object.kind()) {
        case Kind::date: return date_property(*object.date(), name);
        case Kind::time: return time_property(*object.time(), nullptr, name);
        case Kind::date_time: {
            const auto& both = *object.date_time();
            if (auto out = date_property(both.date, name)) return out;
            return time_property(both.time, &both.date, name);
        }
        case Kind::years_months_duration: {
            const auto months = object.years_months()->months;
            if (name == "years") return Value(months / 12);
            if (name == "months") return Value(months % 12);
            return std::nullopt;
        }
        case Kind::days_time_duration: return days_time_property(*object.days_time(), name);
        case Kind::range: return range_property(*object.range(), name);
        default: return std::nullopt;
    }
}

}  // namespace

Value Evaluator::arithmetic(const Expr& at, const Binary& node, const Value& left, const Value& right) {
    if (const auto* a = left.number(), *b = right.number(); a != nullptr && b != nullptr) {
        const auto number = calculated(node.op, *a, *b);
        return number.is_finite() ? Value(number) : fail(at.span, failed(node.op, left, right));
    }
    if (left.is_null() || right.is_null())
        return fail_for(at.span, {{node.left.get(), &left}, {node.right.get(), &right}});
    std::optional<Value> out;
    switch (node.op) {
        case BinaryOp::add: out = plus(left, right); break;
        case BinaryOp::subtract: out = minus(left, right); break;
        case BinaryOp::multiply: out = times(left, right); break;
        case BinaryOp::divide: out = divided(left, right); break;
        default: break;
    }
    return out ? std::move(*out) : fail(at.span, failed(node.op, left, right));
}

Truth Evaluator::equal(const Value& a, const Value& b) {
    if (a.number() != nullptr && b.number() != nullptr) return *a.number() == *b.number();
    if (a.string() != nullptr && b.string() != nullptr) return *a.string() == *b.string();
    if (!unknowns()) return equals(a, b);
    if (!spend(1)) return std::nullopt;
    if (not_applicable(a) || not_applicable(b)) return false;
    if (is_unknown(a) || is_unknown(b)) return std::nullopt;
    All all;
    if (a.list() != nullptr && b.list() != nullptr) {
        if (a.list()->size() != b.list()->size()) return false;
        for (std::size_t i = 0; i < a.list()->size(); ++i) all.add(equal((*a.list())[i], (*b.list())[i]));
        return all.result();
    }
    if (a.context() != nullptr && b.context() != nullptr) {
        if (a.context()->size() != b.context()->size()) return false;
        for (const auto& [name, value] : *a.context()) {
            const auto* other = find(*b.context(), name);
            all.add(other == nullptr ? Truth(false) : equal(value, *other));
        }
        return all.result();
    }
    return equals(a, b);
}

Value Evaluator::comparison(const Expr& at, const Binary& node, const Value& left, const Value& right) {
    const bool equality = node.op == BinaryOp::equal || node.op == BinaryOp::not_equal;
    // `x > null` is null whatever x is: nothing that is missing could settle it.
    if (unknowns() && !equality && is_never_true(at)) return {};
    if (unknowns() && (not_applicable(left) || not_applicable(right))) return node.op == BinaryOp::not_equal;
    Truth truth;
    if (equality) {
        truth = equal(left, right);
        if (truth && node.op == BinaryOp::not_equal) truth = !*truth;
    } else if (const auto o = order(left, right)) {
        truth = compared(node.op, *o);
    }
    if (truth) return *truth;
    if (left.is_null() || right.is_null())
        return fail_for(at.span, {{node.left.get(), &left}, {node.right.get(), &right}});
    return fail(at.span, reasons::cannot_compare(std::string(spelling(node.op)), left.kind(), right.kind()));
}

Truth Evaluator::in_range(const Value& value, const Range& range) {
    // `= null` and `!= 5` ask of null what `=` and `!=` ask of it (rules 7.a, 49.c); nothing else has an order with it.
    if (value.is_null() && range.form != RangeForm::equal && range.form != RangeForm::not_equal) return std::nullopt;
    switch (range.form) {
        case RangeForm::equal: return equal(value, range.start);
        case RangeForm::not_equal: {
            const auto truth = equal(value, range.start);
            return truth ? Truth(!*truth) : std::nullopt;
        }
        case RangeForm::less:
        case RangeForm::less_equal: {
            const auto o = order(value, range.end);
            if (!o) return std::nullopt;
            return range.end_included ? *o <= 0 : *o < 0;
        }
        case RangeForm::greater:
        case RangeForm::greater_equal: {
            const auto o = order(value, range.start);
            if (!o) return std::nullopt;
            return range.start_included ? *o >= 0 : *o > 0;
        }
        case RangeForm::interval: break;
    }
    const auto low = order(value, range.start), high = order(value, range.end);
    if (!low || !high) return std::nullopt;
    return (range.start_included ? *low >= 0 : *low > 0) && (range.end_included ? *high <= 0 : *high < 0);
}

Truth Evaluator::within(const Value& input, const RangeExpr& node) {
    if (node.form == RangeForm::equal || node.form == RangeForm::not_equal || input.is_null()) return std::nullopt;
    bool low_fits = true, high_fits = true;
    if (node.start) {
        const auto low = order(input, *Operand(*this, *node.start));
        if (!low) return std::nullopt;
        low_fits = node.start_included ? *low >= 0 : *low > 0;
    }
    if (node.end) {
        const auto high = order(input, *Operand(*this, *node.end));
        if (!high) return std::nullopt;
        high_fits = node.end_included ? *high <= 0 : *high < 0;
    }
    return low_fits && high_fits;
}

Truth Evaluator::matches(const Value& input, const Value& test) {
    if (const auto* range = test.range(); range != nullptr && input.range() == nullptr) return in_range(input, *range);
    const auto* list = test.list();
    if (list == nullptr) return equal(input, test);
    if (input.list() != nullptr && equal(input, test) == true) return true;
    Truth out = false;
    for (const auto& element : *list) {
        const bool ranged = element.range() != nullptr && input.range() == nullptr;
        const auto truth = ranged ? in_range(input, *element.range()) : equal(input, element);
        if (truth == true) return true;
        const bool comparable = input.is_null() || element.is_null() || ranged;
        if (!truth && comparable) out = std::nullopt;  // a value of another kind is just not that element
    }
    return out;
}

Value Evaluator::path(Span span, const Expr* object_at, const Value& object, const std::string& name) {
    if (const auto* context = object.context()) {
        if (const auto* entry = find(*context, name)) return *entry;
        return fail(span, reasons::no_entry(name));
    }
    if (const auto* list = object.list()) {
        List out;
        out.reserve(list->size());
        for (const auto& element : *list) out.push_back(path(span, nullptr, element, name));
        return out;
    }
    if (auto out = property(object, name)) return std::move(*out);
    if (object.is_null()) return fail_for(span, {{object_at, &object}});
    return fail(span, reasons::no_property(object.kind(), name));
}

std::optional<List> Evaluator::elements(const Value& in, Span span, Value& failure) {
    if (const auto* list = in.list()) return *list;
    if (const auto* range = in.range()) {
        if (range->form != RangeForm::interval) {
            failure = fail(span, reasons::range_without_end());
            return std::nullopt;
        }
        if (const auto o = order(range->start, range->end); o && *o > 0) {
            failure = fail(span, reasons::range_backwards());
            return std::nullopt;
        }
        auto out = counted(range->start, range->end, span, failure);
        if (!out) return out;
        if (!range->start_included && !out->empty()) out->erase(out->begin());
        if (!range->end_included && !out->empty() && equals(out->back(), range->end) == true) out->pop_back();
        return out;
    }
    if (in.is_null()) {
        failure = fail_for(span, {{nullptr, &in}});
        return std::nullopt;
    }
    return List{in};
}

std::optional<List> Evaluator::counted(const Value& from, const Value& to, Span span, Value& failure) {
    std::optional<std::int64_t> first, last;
    const bool dates = from.date() != nullptr && to.date() != nullptr;
    if (dates) {
        first = from.date()->days_since_epoch();
        last = to.date()->days_since_epoch();
    } else if (from.number() != nullptr && to.number() != nullptr) {
        first = from.number()->to_int64();
        last = to.number()->to_int64();
    }
    if (!first || !last) {
        failure = from.is_null() || to.is_null() ? fail_for(span, {{nullptr, &from}, {nullptr, &to}})
                                                 : fail(span, reasons::not_countable());
        return std::nullopt;
    }
    const auto low = std::min(*first, *last), high = std::max(*first, *last);
    const auto distance = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
    if (distance >= limits::list_length) {
        failure = fail(span, reasons::too_many_to_count(limits::list_length));
        return std::nullopt;
    }
    List out;
    out.reserve(distance + 1);
    const std::int64_t step = *first <= *last ? 1 : -1;
    for (std::int64_t i = *first;; i += step) {
        out.push_back(dates ? Value(Date::from_days(i)) : Value(i));
        if (i == *last) break;
    }
    return out;
}

}  // namespace zoneval::feel
