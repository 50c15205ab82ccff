#include "engine/feel/evaluation/closure.hpp"

#include <algorithm>

#include "engine/feel/syntax/print.hpp"

namespace zoneval::feel {

bool Closure::same(const Function& other) const {
    if (this == &other) return true;
    const auto* closure = dynamic_cast<const Closure*>(&other);
    return closure != nullptr && definition && definition == closure->definition && captured.empty();
}

int Closure::nesting() const {
    int inside = 0;
    for (const auto& value : captured) inside = std::max(inside, value.nesting());
    return inside;
}

TypePtr Closure::type() const {
    Type out;
    out.kind = Type::Kind::function;
    for (const auto& parameter : parameters)
        out.members.emplace_back(parameter.name, parameter.type ? parameter.type : Type::of(Type::Kind::any));
    return std::make_shared<const Type>(std::move(out));
}

std::string Closure::to_feel() const {
    std::string out = "function(";
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        if (i > 0) out += ", ";
        out += parameters[i].name;
        if (parameters[i].type) out += ": " + parameters[i].type->to_string();
    }
    out += ") ";
    const bool has_body = definition && definition->body;
    return out + (has_body ? feel::to_feel(*definition->body) : "external {}");
}

}  // namespace zoneval::feel
