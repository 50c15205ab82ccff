// Values as text: string() and FEEL literals, and the type of a value.
#include <fmt/format.h>

#include "engine/feel/function.hpp"
#include "engine/feel/limits.hpp"
#include "engine/feel/names.hpp"
#include "engine/feel/parse.hpp"
#include "engine/feel/print.hpp"
#include "engine/feel/value.hpp"

namespace zoneval::feel {

namespace {

using Kind = Type::Kind;

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

std::string function_text(const Function& function) {
    if (function.builtin != nullptr) return function.builtin->name;
    std::string out = "function(";
    for (std::size_t i = 0; i < function.parameters.size(); ++i) {
        if (i > 0) out += ", ";
        out += function.parameters[i].name;
        if (function.parameters[i].type) out += ": " + function.parameters[i].type->to_string();
    }
    out += ") ";
    const bool has_body = function.definition && function.definition->body;
    return out + (has_body ? to_feel(*function.definition->body) : "external {}");
}

TypePtr function_type(const Function& function) {
    Type out;
    out.kind = Kind::function;
    out.result = function.result;
    if (function.builtin != nullptr) {
        const auto& overload = function.builtin->overloads.front();
        for (const auto& type : overload.types) out.members.emplace_back("", type);
        out.result = overload.result;
    }
    for (const auto& parameter : function.parameters)
        out.members.emplace_back(parameter.name, parameter.type ? parameter.type : Type::of(Kind::any));
    return std::make_shared<const Type>(std::move(out));
}

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
        case Kind::function: return function_text(*function());
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
            case Kind::function: return function_type(*value.function());
            default: return Type::of(value.kind());
        }
    }

  private:
    std::size_t parts_ = 0;
};

}  // namespace

TypePtr Value::type() const { return TypeFinder().find(*this); }

}  // namespace zoneval::feel
