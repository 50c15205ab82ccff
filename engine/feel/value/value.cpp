#include "engine/feel/value/value.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/feel/value/cause.hpp"
#include "engine/feel/value/function.hpp"
#include "engine/feel/value/limits.hpp"
#include "engine/feel/value/names.hpp"
#include "engine/feel/value/truth.hpp"

namespace zoneval::feel {

namespace {

using Kind = Type::Kind;

bool is_local(const Value& moment) {
    const auto& zone = moment.time() != nullptr ? moment.time()->zone : moment.date_time()->time.zone;
    return zone.kind == Zone::Kind::local;
}

/// The kinds that have an order.
template <class T>
std::optional<std::strong_ordering> order_of(const T* a, const T* b) {
    if (a == nullptr || b == nullptr) return std::nullopt;
    return *a <=> *b;
}

}  // namespace

template <class T>
void Value::put(Tag tag, T content) {
    payload_.box = new BoxOf<T>(std::move(content));
    tag_ = tag;
}

template <class T>
void Value::nest(Tag tag, T content, int inside) {
    if (inside < limits::value_nesting) {
        put(tag, std::move(content));
        payload_.box->depth = inside + 1;
        return;
    }
    Cause cause;
    cause.fact = reasons::values_too_deep(limits::value_nesting);
    put(Tag::caused_null, make_cause(std::move(cause)));
}

void Value::destroy() {
    auto* box = payload_.box;
    switch (tag_) {
        case Tag::caused_null: delete static_cast<BoxOf<CausePtr>*>(box); break;
        case Tag::string: delete static_cast<BoxOf<std::string>*>(box); break;
        case Tag::time: delete static_cast<BoxOf<Time>*>(box); break;
        case Tag::date_time: delete static_cast<BoxOf<DateTime>*>(box); break;
        case Tag::list: delete static_cast<BoxOf<List>*>(box); break;
        case Tag::context: delete static_cast<BoxOf<Context>*>(box); break;
        case Tag::range: delete static_cast<BoxOf<Range>*>(box); break;
        case Tag::function: delete static_cast<BoxOf<FunctionPtr>*>(box); break;
        default: break;
    }
}

Value::Value(std::string value) { put(Tag::string, std::move(value)); }
Value::Value(std::string_view value) : Value(std::string(value)) {}
Value::Value(const char* value) : Value(std::string(value)) {}
Value::Value(Time value) { put(Tag::time, std::move(value)); }
Value::Value(DateTime value) { put(Tag::date_time, std::move(value)); }

Value::Value(List value) {
    int inside = 0;
    for (const auto& element : value) inside = std::max(inside, element.nesting());
    nest(Tag::list, std::move(value), inside);
}

Value::Value(Context value) {
    int inside = 0;
    for (const auto& [name, entry] : value) inside = std::max(inside, entry.nesting());
    nest(Tag::context, std::move(value), inside);
}

Value::Value(Range value) {
    const auto inside = std::max(value.start.nesting(), value.end.nesting());
    nest(Tag::range, std::move(value), inside);
}

Value::Value(FunctionPtr value) {
    const auto inside = value->nesting();
    nest(Tag::function, std::move(value), inside);
}

const Function* Value::function() const {
    const auto* function = content<FunctionPtr>(Tag::function);
    return function == nullptr ? nullptr : function->get();
}

Value Value::null(CausePtr cause) {
    Value out;
    if (cause) out.put(Tag::caused_null, std::move(cause));
    return out;
}

Value Value::missing(Missing kind, Fact fact) {
    Cause cause;
    cause.fact = std::move(fact);
    cause.missing = kind;
    return null(make_cause(std::move(cause)));
}

const CausePtr& Value::cause() const {
    static const CausePtr none;
    const auto* cause = content<CausePtr>(Tag::caused_null);
    return cause == nullptr ? none : *cause;
}

namespace {

std::string key_text(const std::string& key) { return is_name(key) ? key : quoted(key); }

std::string range_text(const Range& range) {
    switch (range.form) {
        case RangeForm::less: return "(< " + range.end.to_feel() + ")";
        case RangeForm::less_equal: return "(<= " + range.end.to_feel() + ")";
        case RangeForm::greater: return "(> " + range.start.to_feel() + ")";
        case RangeForm::greater_equal: return "(>= " + range.start.to_feel() + ")";
        case RangeForm::equal: return "(= " + range.start.to_feel() + ")";
        case RangeForm::not_equal: return "(!= " + range.start.to_feel() + ")";
        case RangeForm::interval: break;
    }
    return (range.start_included ? "[" : "(") + range.start.to_feel() + ".." + range.end.to_feel() +
           (range.end_included ? "]" : ")");
}

/// Bounded, because text of nested values may grow without being asked to.
class Writer {
  public:
    std::string text;

    void write(const Value& value, int depth) {
        if (depth > limits::value_nesting || text.size() > limits::string_bytes) {
            text += "…";
            return;
        }
        switch (value.kind()) {
            case Kind::string: text += quoted(*value.string()); break;
            case Kind::date:
            case Kind::time:
            case Kind::date_time:
            case Kind::years_months_duration:
            case Kind::days_time_duration: text += "@" + quoted(value.to_string()); break;
            case Kind::list: write_list(*value.list(), depth); break;
            case Kind::context: write_context(*value.context(), depth); break;
            default: text += value.to_string(); break;
        }
    }

  private:
    void write_list(const List& list, int depth) {
        text += "[";
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (i > 0) text += ", ";
            write(list[i], depth + 1);
        }
        text += "]";
    }
    void write_context(const Context& context, int depth) {
        text += "{";
        for (std::size_t i = 0; i < context.size(); ++i) {
            if (i > 0) text += ", ";
            text += key_text(context[i].first) + ": ";
            write(context[i].second, depth + 1);
        }
        text += "}";
    }
};

}  // namespace

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                if (static_cast<unsigned char>(c) < 0x20)
                    out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
                else
                    out += c;
        }
    }
    return out + "\"";
}

std::string Value::to_string() const {
    switch (kind()) {
        case Kind::null: return "null";
        case Kind::boolean: return *boolean() ? "true" : "false";
        case Kind::number: return number()->to_string();
        case Kind::string: return *string();
        case Kind::date: return date()->to_string();
        case Kind::time: return time()->to_string();
        case Kind::date_time: return date_time()->to_string();
        case Kind::years_months_duration: return years_months()->to_string();
        case Kind::days_time_duration: return days_time()->to_string();
        case Kind::range: return range_text(*range());
        case Kind::function: return function()->to_feel();
        default: return to_feel();
    }
}

std::string Value::to_feel() const {
    Writer writer;
    writer.write(*this, 0);
    return std::move(writer.text);
}

namespace {

/// Types part by part; past the limit everything is Any.
class TypeFinder {
  public:
    TypePtr find(const Value& value) {
        if (++parts_ > limits::compared_parts / 100) return Type::of(Kind::any);
        switch (value.kind()) {
            case Kind::list: {
                if (value.list()->empty()) return Type::list_of(Type::of(Kind::any));
                auto element = find(value.list()->front());
                for (const auto& item : *value.list()) element = common_type(element, find(item));
                return Type::list_of(std::move(element));
            }
            case Kind::range:
                return Type::range_of(find(value.range()->start.is_null() ? value.range()->end : value.range()->start));
            case Kind::context: {
                Type out;
                out.kind = Kind::context;
                for (const auto& [name, entry] : *value.context()) out.members.emplace_back(name, find(entry));
                return std::make_shared<const Type>(std::move(out));
            }
            case Kind::function: return value.function()->type();
            default: return Type::of(value.kind());
        }
    }

  private:
    std::size_t parts_ = 0;
};

}  // namespace

TypePtr Value::type() const { return TypeFinder().find(*this); }

const Value* find(const Context& context, std::string_view name) {
    for (const auto& [key, value] : context)
        if (key == name) return &value;
    return nullptr;
}

namespace {

/// Compares values part by part. Values share parts, so what is small in memory may be endless to walk: the parts
/// visited are counted, and identical pointers are equal without looking.
class Comparer {
  public:
    /// Two nulls are the same; kinds must agree; times keep their zones.
    bool identical(const Value& a, const Value& b) {
        if (a.kind() != b.kind() || !count()) return false;
        switch (a.kind()) {
            case Kind::null: return true;
            case Kind::time: return *a.time() == *b.time();
            case Kind::date_time: return *a.date_time() == *b.date_time();
            case Kind::list:
                return a.list() == b.list() ||
                       std::equal(a.list()->begin(), a.list()->end(), b.list()->begin(), b.list()->end(),
                                  [&](const Value& x, const Value& y) { return identical(x, y); });
            case Kind::context: return identical_contexts(*a.context(), *b.context());
            case Kind::range: {
                const auto &x = *a.range(), &y = *b.range();
                return same_shape(x, y) && identical(x.start, y.start) && identical(x.end, y.end);
            }
            default: return equals(a, b).value_or(false);
        }
    }

    Truth equals(const Value& a, const Value& b) {
        if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
        if (a.kind() != b.kind() || !count()) return std::nullopt;
        switch (a.kind()) {
            case Kind::number: return *a.number() == *b.number();
            case Kind::string: return *a.string() == *b.string();
            case Kind::boolean: return *a.boolean() == *b.boolean();
            case Kind::list: return equal_lists(*a.list(), *b.list());
            case Kind::context: return equal_contexts(*a.context(), *b.context());
            case Kind::range: return equal_ranges(*a.range(), *b.range());
            case Kind::function: return a.function()->same(*b.function());
            case Kind::time:
            case Kind::date_time:
                // A local time is never the same moment as one with an offset (10.3.2.3.5).
                return is_local(a) == is_local(b) && order(a, b) == std::strong_ordering::equal;
            default:
                if (const auto o = order(a, b)) return *o == std::strong_ordering::equal;
                return std::nullopt;
        }
    }

  private:
    bool count() { return ++parts_ <= limits::compared_parts; }

    static bool same_shape(const Range& a, const Range& b) {
        return a.form == b.form && a.start_included == b.start_included && a.end_included == b.end_included;
    }

    bool identical_contexts(const Context& a, const Context& b) {
        if (&a == &b) return true;
        return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const auto& entry) {
                   const auto* other = find(b, entry.first);
                   return other != nullptr && identical(entry.second, *other);
               });
    }

    Truth equal_lists(const List& a, const List& b) {
        if (&a == &b) return true;
        if (a.size() != b.size()) return false;
        All all;
        for (std::size_t i = 0; i < a.size() && !all.decided(); ++i) all.add(equals(a[i], b[i]));
        return all.result();
    }

    Truth equal_contexts(const Context& a, const Context& b) {
        if (&a == &b) return true;
        if (a.size() != b.size()) return false;
        All all;
        for (const auto& [name, value] : a) {
            const auto* other = find(b, name);
            if (other == nullptr) return false;
            all.add(equals(value, *other));
        }
        return all.result();
    }

    Truth equal_ranges(const Range& a, const Range& b) {
        if (!same_shape(a, b)) return false;
        All all;
        all.add(equals(a.start, b.start));
        all.add(equals(a.end, b.end));
        return all.result();
    }

    std::size_t parts_ = 0;
};

}  // namespace

bool identical(const Value& a, const Value& b) { return Comparer().identical(a, b); }
std::optional<bool> equals(const Value& a, const Value& b) { return Comparer().equals(a, b); }

std::optional<std::strong_ordering> order(const Value& a, const Value& b) {
    if (a.kind() != b.kind()) return std::nullopt;
    switch (a.kind()) {
        case Kind::number: return order_of(a.number(), b.number());
        case Kind::string: return order_of(a.string(), b.string());  // code point order, which UTF-8 keeps
        case Kind::date: return order_of(a.date(), b.date());
        case Kind::time: return compare(*a.time(), *b.time());
        case Kind::date_time: return compare(*a.date_time(), *b.date_time());
        case Kind::years_months_duration: return order_of(a.years_months(), b.years_months());
        case Kind::days_time_duration: return order_of(a.days_time(), b.days_time());
        default: return std::nullopt;
    }
}

namespace {

/// `instance of` part by part; null inside lists and contexts belongs to every type. Counts parts as Comparer does.
class InstanceTest {
  public:
    bool test(const Value& value, const Type& type) {
        if (type.kind == Kind::any) return true;
        if (value.kind() != type.kind || ++parts_ > limits::compared_parts) return false;
        switch (type.kind) {
            case Kind::list:
                return !type.element || type.element->kind == Kind::any ||
                       std::all_of(value.list()->begin(), value.list()->end(),
                                   [&](const Value& v) { return member(v, *type.element); });
            case Kind::range:
                return !type.element ||
                       (member(value.range()->start, *type.element) && member(value.range()->end, *type.element));
            case Kind::context:
                return std::all_of(type.members.begin(), type.members.end(), [&](const auto& wanted) {
                    const auto* v = find(*value.context(), wanted.first);
                    return v != nullptr && member(*v, *wanted.second);
                });
            case Kind::function: return conforms(*value.type(), type);
            default: return true;
        }
    }
    bool member(const Value& value, const Type& type) { return value.is_null() || test(value, type); }

  private:
    std::size_t parts_ = 0;
};

bool member_instance_of(const Value& value, const Type& type) { return InstanceTest().member(value, type); }

}  // namespace

bool instance_of(const Value& value, const Type& type) {
    if (value.is_null()) return type.kind == Kind::null;
    return InstanceTest().test(value, type);
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
