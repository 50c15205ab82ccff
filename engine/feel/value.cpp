#include "engine/feel/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/feel/function.hpp"
#include "engine/feel/truth.hpp"

namespace zoneval::feel {

namespace {

using Kind = Type::Kind;

constexpr std::array<std::string_view, 6> missing_names{"",           "not reported", "not applicable",
                                                        "suppressed", "too small",    "late"};

// The order of the alternatives of Value::data_.
constexpr std::array<Kind, 13> kinds{Kind::null,      Kind::boolean,
                                     Kind::number,    Kind::string,
                                     Kind::date,      Kind::time,
                                     Kind::date_time, Kind::years_months_duration,
                                     Kind::days_time_duration, Kind::list,
                                     Kind::context,   Kind::range,
                                     Kind::function};

template <class T>
std::shared_ptr<const T> share(T value) {
    return std::make_shared<const T>(std::move(value));
}

/// The kinds that have an order.
template <class T>
std::optional<std::strong_ordering> order_of(const T* a, const T* b) {
    if (a == nullptr || b == nullptr) return std::nullopt;
    return *a <=> *b;
}

std::optional<bool> equal_lists(const List& a, const List& b) {
    if (a.size() != b.size()) return false;
    All all;
    for (std::size_t i = 0; i < a.size() && !all.decided(); ++i) all.add(equals(a[i], b[i]));
    return all.result();
}

std::optional<bool> equal_contexts(const Context& a, const Context& b) {
    if (a.size() != b.size()) return false;
    All all;
    for (const auto& [name, value] : a) {
        const auto* other = find(b, name);
        if (other == nullptr) return false;
        all.add(equals(value, *other));
    }
    return all.result();
}

std::optional<bool> equal_ranges(const Range& a, const Range& b) {
    if (a.form != b.form || a.start_included != b.start_included || a.end_included != b.end_included) return false;
    All all;
    all.add(equals(a.start, b.start));
    all.add(equals(a.end, b.end));
    return all.result();
}

bool same_function(const Function& a, const Function& b) {
    return &a == &b || (a.definition && a.definition == b.definition && a.captured.empty()) ||
           (a.builtin != nullptr && a.builtin == b.builtin);
}

}  // namespace

std::string_view to_string(Missing kind) { return missing_names[static_cast<std::size_t>(kind)]; }

std::optional<Missing> missing_from_string(std::string_view text) {
    for (std::size_t i = 1; i < missing_names.size(); ++i)
        if (missing_names[i] == text) return static_cast<Missing>(i);
    return std::nullopt;
}

Missing missing_kind(const CausePtr& cause) {
    if (!cause) return Missing::none;
    if (cause->missing != Missing::none) return cause->missing;
    if (cause->because.empty()) return Missing::none;
    // One blank among inapplicable data is still a blank: what could be known must not be taken for absent.
    bool all_inapplicable = true;
    for (const auto& deeper : cause->because) {
        const auto kind = missing_kind(deeper);
        if (kind != Missing::none && kind != Missing::not_applicable) return kind;
        all_inapplicable = all_inapplicable && kind == Missing::not_applicable;
    }
    return all_inapplicable ? Missing::not_applicable : Missing::none;
}

std::vector<CausePtr> leaves(const CausePtr& cause) {
    std::vector<CausePtr> out, todo;
    if (cause) todo.push_back(cause);
    while (!todo.empty()) {
        const auto next = todo.back();
        todo.pop_back();
        if (next->because.empty() && std::find(out.begin(), out.end(), next) == out.end()) out.push_back(next);
        for (auto it = next->because.rbegin(); it != next->because.rend(); ++it) todo.push_back(*it);
    }
    return out;
}

std::string render(const CausePtr& cause) {
    std::string out;
    std::vector<std::pair<CausePtr, std::size_t>> todo;
    if (cause) todo.emplace_back(cause, 0);
    while (!todo.empty()) {
        const auto [next, depth] = todo.back();
        todo.pop_back();
        out += std::string(depth * 2, ' ');
        if (next->source && next->span.end > next->span.begin) out += fmt::format("`{}`: ", next->source->text(next->span));
        out += next->message + "\n";
        for (auto it = next->because.rbegin(); it != next->because.rend(); ++it) todo.emplace_back(*it, depth + 1);
    }
    return out;
}

Value::Value(std::string value) : data_(share(std::move(value))) {}
Value::Value(std::string_view value) : Value(std::string(value)) {}
Value::Value(const char* value) : Value(std::string(value)) {}
Value::Value(Time value) : data_(share(std::move(value))) {}
Value::Value(DateTime value) : data_(share(std::move(value))) {}
Value::Value(List value) : data_(share(std::move(value))) {}
Value::Value(Context value) : data_(share(std::move(value))) {}
Value::Value(Range value) : data_(share(std::move(value))) {}
Value::Value(Function value) : data_(share(std::move(value))) {}

Value Value::null(CausePtr cause) {
    Value out;
    out.data_ = Null{std::move(cause)};
    return out;
}

Value Value::missing(Missing kind, std::string message) {
    Cause cause;
    cause.message = std::move(message);
    cause.missing = kind;
    return null(std::make_shared<const Cause>(std::move(cause)));
}

Type::Kind Value::kind() const { return kinds[data_.index()]; }

const CausePtr& Value::cause() const {
    static const CausePtr none;
    const auto* null = std::get_if<Null>(&data_);
    return null == nullptr ? none : null->cause;
}

const Value* find(const Context& context, std::string_view name) {
    for (const auto& [key, value] : context)
        if (key == name) return &value;
    return nullptr;
}

bool identical(const Value& a, const Value& b) {
    if (a.kind() != b.kind()) return false;
    switch (a.kind()) {
        case Kind::null: return true;
        case Kind::time: return *a.time() == *b.time();
        case Kind::date_time: return *a.date_time() == *b.date_time();
        case Kind::list:
            return std::equal(a.list()->begin(), a.list()->end(), b.list()->begin(), b.list()->end(), identical);
        case Kind::context: {
            if (a.context()->size() != b.context()->size()) return false;
            for (const auto& [name, value] : *a.context()) {
                const auto* other = find(*b.context(), name);
                if (other == nullptr || !identical(value, *other)) return false;
            }
            return true;
        }
        case Kind::range: {
            const auto &x = *a.range(), &y = *b.range();
            return x.form == y.form && x.start_included == y.start_included && x.end_included == y.end_included &&
                   identical(x.start, y.start) && identical(x.end, y.end);
        }
        default: return equals(a, b).value_or(false);
    }
}

std::optional<bool> equals(const Value& a, const Value& b) {
    if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
    if (a.kind() != b.kind()) return std::nullopt;
    switch (a.kind()) {
        case Kind::number: return *a.number() == *b.number();
        case Kind::string: return *a.string() == *b.string();
        case Kind::boolean: return *a.boolean() == *b.boolean();
        case Kind::list: return equal_lists(*a.list(), *b.list());
        case Kind::context: return equal_contexts(*a.context(), *b.context());
        case Kind::range: return equal_ranges(*a.range(), *b.range());
        case Kind::function: return same_function(*a.function(), *b.function());
        case Kind::time:
        case Kind::date_time:
            // A local time is never the same moment as one with an offset (10.3.2.3.5).
            if (const auto o = order(a, b)) return *o == std::strong_ordering::equal;
            return false;
        default:
            if (const auto o = order(a, b)) return *o == std::strong_ordering::equal;
            return std::nullopt;
    }
}

std::optional<std::strong_ordering> order(const Value& a, const Value& b) {
    if (a.kind() != b.kind()) return std::nullopt;
    switch (a.kind()) {
        case Kind::number: return order_of(a.number(), b.number());
        case Kind::string: return order_of(a.string(), b.string());    // code point order, which UTF-8 keeps
        case Kind::date: return order_of(a.date(), b.date());
        case Kind::time: return compare(*a.time(), *b.time());
        case Kind::date_time: return compare(*a.date_time(), *b.date_time());
        case Kind::years_months_duration: return order_of(a.years_months(), b.years_months());
        case Kind::days_time_duration: return order_of(a.days_time(), b.days_time());
        default: return std::nullopt;
    }
}

namespace {

bool member_instance_of(const Value& value, const Type& type) { return value.is_null() || instance_of(value, type); }

}  // namespace

bool instance_of(const Value& value, const Type& type) {
    if (value.is_null()) return type.kind == Kind::null;
    if (type.kind == Kind::any) return true;
    if (value.kind() != type.kind) return false;
    switch (type.kind) {
        case Kind::list:
            return !type.element || std::all_of(value.list()->begin(), value.list()->end(), [&](const Value& v) {
                return member_instance_of(v, *type.element);
            });
        case Kind::range:
            return !type.element || (member_instance_of(value.range()->start, *type.element) &&
                                     member_instance_of(value.range()->end, *type.element));
        case Kind::context:
            return std::all_of(type.members.begin(), type.members.end(), [&](const auto& member) {
                const auto* v = find(*value.context(), member.first);
                return v != nullptr && member_instance_of(*v, *member.second);
            });
        case Kind::function: return conforms(*value.type(), type);
        default: return true;
    }
}

std::optional<Value> coerce(const Value& value, const Type& type) {
    if (value.is_null() || instance_of(value, type)) return value;
    const auto* list = value.list();
    if (list != nullptr && type.kind != Kind::list && list->size() == 1 && member_instance_of(list->front(), type))
        return list->front();
    if (type.kind == Kind::list && list == nullptr) {
        if (!type.element) return Value(List{value});
        if (auto element = coerce(value, *type.element)) return Value(List{std::move(*element)});
        return std::nullopt;
    }
    if (type.kind == Kind::date_time && value.date() != nullptr)
        return Value(DateTime{*value.date(), {0, 0, Zone{Zone::Kind::offset, 0, nullptr}}});
    return std::nullopt;
}

}  // namespace zoneval::feel
