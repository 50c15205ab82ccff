// Which overload fits, and how arguments become parameters (DMN 1.5 10.3.2.13, 10.3.2.9.4).
#include "engine/feel/builtins/invoke.hpp"

#include <algorithm>

namespace zoneval::feel {

namespace {

using Overload = BuiltinSet::Overload;

const Parameter& parameter(const Overload& overload, std::size_t index) {
    const auto& all = overload.row->parameters;
    return all[std::min(index, all.size() - 1)];
}

const Type& type(const Overload& overload, std::size_t index) {
    return *overload.types[std::min(index, overload.types.size() - 1)];
}

bool takes_count(const Overload& overload, std::size_t count) {
    return count >= overload.required && (overload.variadic || count <= overload.types.size());
}

/// Kinds only: what is inside lists is for the function to judge.
bool fits_kind(const Value& value, const Type& wanted) {
    return value.is_null() || wanted.kind == Type::Kind::any || value.kind() == wanted.kind;
}

bool fits(const Overload& overload, std::span<const Value> arguments) {
    for (std::size_t i = 0; i < arguments.size(); ++i)
        if (!fits_kind(arguments[i], type(overload, i))) return false;
    return true;
}

/// Named arguments in the order of the parameters; false if a name is not the overload's.
bool order_arguments(const Overload& overload, std::span<const Value> arguments, const std::vector<std::string>& names,
                     std::vector<Value>& out) {
    const auto& parameters = overload.row->parameters;
    std::vector<bool> set(parameters.size());
    std::size_t used = 0;
    out.assign(parameters.size(), Value());
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto it =
            std::find_if(parameters.begin(), parameters.end(), [&](const auto& p) { return p.name == names[i]; });
        if (it == parameters.end()) return false;
        const auto index = static_cast<std::size_t>(it - parameters.begin());
        if (set[index]) return false;
        set[index] = true;
        out[index] = arguments[i];
        used = std::max(used, index + 1);
    }
    for (std::size_t i = 0; i < parameters.size(); ++i)
        if (!set[i] && !parameters[i].optional) return false;
    out.resize(used);
    return true;
}

/// True if the names come in the order of the parameters; also without names.
bool is_written_order(const Overload& overload, const std::vector<std::string>& names) {
    auto next = overload.row->parameters.begin();
    for (const auto& name : names) {
        next = std::find_if(next, overload.row->parameters.end(), [&](const auto& p) { return p.name == name; });
        if (next == overload.row->parameters.end()) return false;
        ++next;
    }
    return true;
}

bool convert(const Overload& overload, std::span<const Value> arguments, std::vector<Value>& out) {
    out.assign(arguments.begin(), arguments.end());
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto& wanted = type(overload, i);
        if (fits_kind(out[i], wanted)) continue;
        if (wanted.kind == Type::Kind::list) {
            out[i] = Value(List{out[i]});
            continue;
        }
        auto converted = coerce(out[i], *Type::of(wanted.kind));
        if (!converted) return false;
        out[i] = std::move(*converted);
    }
    return true;
}

Value run(const Overload& overload, std::span<const Value> arguments, const CallContext& context) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto& p = parameter(overload, i);
        if (!arguments[i].is_null() || p.nullable) continue;
        // Left out is one thing, unknown another.
        if (p.optional && !(context.nulls() == NullMeaning::unknown && is_unknown(arguments[i]))) continue;
        std::vector<CausePtr> because;
        if (arguments[i].cause()) because.push_back(arguments[i].cause());
        return context.fail(reasons::argument_null(std::string(p.name), std::string(overload.row->name)),
                            std::move(because));
    }
    if (overload.row->scalar == nullptr) return context.fail(reasons::needs_cohort(std::string(overload.row->name)));
    return overload.row->scalar(arguments, context);
}

std::vector<Type::Kind> kinds_of(std::span<const Value> arguments) {
    std::vector<Type::Kind> out;
    for (const auto& argument : arguments) out.push_back(argument.kind());
    return out;
}

}  // namespace

Value invoke(const BuiltinSet& set, std::span<const Value> arguments, const std::vector<std::string>& names,
             const CallContext& context) {
    std::vector<Value> ordered;
    const auto arranged = [&](const Overload& overload) -> std::optional<std::span<const Value>> {
        if (names.empty()) {
            if (!takes_count(overload, arguments.size())) return std::nullopt;
            return arguments;
        }
        if (!order_arguments(overload, arguments, names, ordered)) return std::nullopt;
        return std::span<const Value>(ordered);
    };
    // Where the names fit two signatures, as after(point, range) and after(range, point), the order of writing tells.
    for (const auto& overload : set.overloads)
        if (is_written_order(overload, names))
            if (const auto values = arranged(overload); values && fits(overload, *values))
                return run(overload, *values, context);
    for (const auto& overload : set.overloads)
        if (const auto values = arranged(overload); values && fits(overload, *values))
            return run(overload, *values, context);
    std::vector<Value> converted;
    for (const auto& overload : set.overloads)
        if (const auto values = arranged(overload); values && convert(overload, *values, converted))
            return run(overload, converted, context);
    return context.fail(reasons::wrong_arguments(set.name, kinds_of(arguments)));
}

}  // namespace zoneval::feel
