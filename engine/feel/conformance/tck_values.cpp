#include "engine/feel/conformance/tck_values.hpp"

#include <stdexcept>

#include "engine/feel/value/limits.hpp"

namespace zoneval::feel::tck {

namespace {

template <class T>
Value read_lexical(const std::string& text) {
    auto out = T::parse(text);
    if (!out) throw std::invalid_argument("`" + text + "` is not a value of its type");
    return Value(std::move(*out));
}

Value read_duration(const std::string& text) {
    if (const auto out = YearsMonthsDuration::parse(text)) return *out;
    return read_lexical<DaysTimeDuration>(text);
}

Value read_list(const Json& items, int depth) {
    List out;
    for (const auto& item : items) out.push_back(read_value(item, depth));
    return out;
}

Value read_context(const Json& entries, int depth) {
    Context out;
    for (const auto& [name, value] : entries.items()) out.emplace_back(name, read_value(value, depth));
    return out;
}

/// How many values one record may write.
constexpr std::size_t most_written = 1'000'000;
thread_local std::size_t written = 0;

Json write_list(const List& list, int depth) {
    auto out = Json::array();
    for (const auto& item : list) out.push_back(write_value(item, depth));
    return {{"list", std::move(out)}};
}

Json write_context(const Context& context, int depth) {
    auto out = Json::object();
    for (const auto& [name, value] : context) out[name] = write_value(value, depth);
    return {{"context", std::move(out)}};
}

}  // namespace

Value read_value(const Json& json, int depth) {
    if (depth > limits::value_nesting) throw std::invalid_argument("values are nested too deep");
    if (!json.is_object() || json.size() != 1) throw std::invalid_argument("a typed value has exactly one member");
    const auto& type = json.begin().key();
    const auto& content = json.begin().value();
    if (type == "null") return {};
    if (type == "boolean") return content.get<bool>();
    if (type == "list") return read_list(content, depth + 1);
    if (type == "context") return read_context(content, depth + 1);
    const auto text = content.get<std::string>();
    if (type == "string") return text;
    if (type == "number") return read_lexical<Decimal>(text);
    if (type == "date") return read_lexical<Date>(text);
    if (type == "time") return read_lexical<Time>(text);
    if (type == "dateTime") return read_lexical<DateTime>(text);
    if (type == "duration") return read_duration(text);
    throw std::invalid_argument("`" + type + "` is no type of value");
}

Json write_value(const Value& value, int depth) {
    if (depth == 0) written = 0;
    if (depth > limits::value_nesting || ++written > most_written) return {{"null", true}};
    switch (value.kind()) {
        case Type::Kind::boolean: return {{"boolean", *value.boolean()}};
        case Type::Kind::number: return {{"number", value.to_string()}};
        case Type::Kind::string: return {{"string", value.to_string()}};
        case Type::Kind::date: return {{"date", value.to_string()}};
        case Type::Kind::time: return {{"time", value.to_string()}};
        case Type::Kind::date_time: return {{"dateTime", value.to_string()}};
        case Type::Kind::years_months_duration:
        case Type::Kind::days_time_duration: return {{"duration", value.to_string()}};
        case Type::Kind::list: return write_list(*value.list(), depth + 1);
        case Type::Kind::context: return write_context(*value.context(), depth + 1);
        case Type::Kind::range: return {{"range", value.to_feel()}};
        case Type::Kind::function: return {{"function", value.to_feel()}};
        default: return {{"null", true}};
    }
}

}  // namespace zoneval::feel::tck
