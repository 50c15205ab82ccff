#include "engine/feel/parsing/parse_context.hpp"

#include <algorithm>

#include "engine/feel/value/limits.hpp"
#include "engine/feel/value/names.hpp"

namespace zoneval::feel::grammar {

namespace {

void add_members(const Type& type, std::vector<std::string>& out, int depth) {
    if (depth > limits::type_nesting) return;
    if (type.element) add_members(*type.element, out, depth + 1);
    if (type.kind != Type::Kind::context) return;
    for (const auto& [name, member] : type.members) {
        out.push_back(name);
        if (member) add_members(*member, out, depth + 1);
    }
}

}  // namespace

const char* ParseContext::skip(const char* at) {
    if (at == skipped_from_) return skipped_to_;
    skipped_from_ = at;
    skipped_to_ = at + whitespace_length(rest(at));
    return skipped_to_;
}

bool ParseContext::miss(const char* at, Expect what) {
    const auto here = position(at);
    if (here > furthest) {
        furthest = here;
        expected = 0;
    }
    if (here == furthest) expected |= 1u << static_cast<std::uint32_t>(what);
    return false;
}

bool ParseContext::stop(Kind kind, Span span, std::string message, std::string expectation) {
    if (stopped) return false;
    stopped = true;
    stop_kind = kind;
    stop_span = span;
    stop_message = std::move(message);
    stop_expected = std::move(expectation);
    return false;
}

void ParseContext::learn_members() {
    if (learnt_) return;
    learnt_ = true;
    for (const auto& entry : names->entries)
        if (entry.type) add_members(*entry.type, members, 0);
}

Mark Mark::here(ParseContext& c, const char* at) {
    const auto begin = c.position(c.skip(at));  // spans begin after white space
    return {c.operands.size(), c.words.size(), c.types.size(),  c.scope.size(), static_cast<std::uint32_t>(begin),
            c.filters,         c.names,        c.outside.size()};
}

void Mark::restore(ParseContext& c) const {
    c.operands.resize(operands);
    c.words.resize(words);
    c.types.resize(types);
    c.scope.resize(scope);
    c.filters = filters;
    c.names = names;
    c.outside.resize(outside);
}

}  // namespace zoneval::feel::grammar
