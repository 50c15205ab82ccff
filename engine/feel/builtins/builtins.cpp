// The registry: all tables in one, and lookup by name.
#include "engine/feel/builtins/builtins.hpp"

#include <map>

#include "engine/feel/builtins/support.hpp"

namespace zoneval::feel {

namespace {

std::vector<Builtin> all_builtins() {
    std::vector<Builtin> out;
    const auto take = [&](std::vector<Builtin> part) {
        out.insert(out.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
    };
    take(conversion_builtins());
    take(boolean_builtins());
    take(string_builtins());
    take(list_builtins());
    take(aggregate_builtins());
    take(numeric_builtins());
    take(temporal_builtins());
    take(range_builtins());
    take(context_builtins());
    take(cohort_builtins());
    return out;
}

const std::vector<Builtin>& table() {
    static const auto rows = all_builtins();
    return rows;
}

BuiltinSet::Overload overload(const Builtin& row) {
    BuiltinSet::Overload out;
    out.row = &row;
    out.result = Type::parse(row.result);
    for (const auto& parameter : row.parameters) {
        out.types.push_back(Type::parse(parameter.type));
        if (!parameter.optional) ++out.required;  // of a variadic parameter, at least one
        out.variadic = out.variadic || parameter.variadic;
    }
    return out;
}

const std::map<std::string, BuiltinSet, std::less<>>& sets() {
    static const auto all = [] {
        std::map<std::string, BuiltinSet, std::less<>> out;
        for (const auto& row : table()) {
            auto& set = out[std::string(row.name)];
            set.name = row.name;
            set.traits = row.traits;
            set.overloads.push_back(overload(row));
        }
        return out;
    }();
    return all;
}

}  // namespace

std::span<const Builtin> builtins() { return table(); }

std::vector<const Builtin*> find_builtin(std::string_view name) {
    std::vector<const Builtin*> out;
    if (const auto* set = builtin_set(name))
        for (const auto& o : set->overloads) out.push_back(o.row);
    return out;
}

const BuiltinSet* builtin_set(std::string_view name) {
    const auto it = sets().find(name);
    return it == sets().end() ? nullptr : &it->second;
}

const std::vector<std::string>& builtin_names() {
    static const auto names = [] {
        std::vector<std::string> out;
        for (const auto& [name, set] : sets()) out.push_back(name);
        return out;
    }();
    return names;
}

bool BuiltinFunction::same(const Function& other) const {
    const auto* builtin = dynamic_cast<const BuiltinFunction*>(&other);
    return builtin != nullptr && builtin->set == set;
}

TypePtr BuiltinFunction::type() const {
    const auto& overload = set->overloads.front();
    Type out;
    out.kind = Type::Kind::function;
    for (const auto& parameter : overload.types) out.members.emplace_back("", parameter);
    out.result = overload.result;
    return std::make_shared<const Type>(std::move(out));
}

Traits traits_of(const BuiltinSet* set) { return set == nullptr ? Traits{} : set->traits; }

Value builtin_as_value(const BuiltinSet& set) { return FunctionPtr(std::make_shared<const BuiltinFunction>(set)); }

}  // namespace zoneval::feel
