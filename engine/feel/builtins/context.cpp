// Context functions (DMN 1.5 10.3.4.10).
#include "engine/feel/builtins/support.hpp"

namespace zoneval::feel {

namespace {

Value get_value(Arguments a, const CallContext& c) {
    if (const auto* found = find(*a[0].context(), *a[1].string())) return *found;
    return c.fail(reasons::no_entry(*a[1].string()));
}

Value get_value_at(Arguments a, const CallContext& c) {
    Value at = a[0];
    if (a[1].list()->empty()) return c.fail(reasons::keys_empty());
    for (const auto& key : *a[1].list()) {
        const auto* found =
            key.string() != nullptr && at.context() != nullptr ? find(*at.context(), *key.string()) : nullptr;
        if (found == nullptr) return c.fail(reasons::no_entry_of(key));
        at = Value(*found);
    }
    return at;
}

Value get_entries(Arguments a, const CallContext&) {
    List out;
    for (const auto& [key, value] : *a[0].context()) out.emplace_back(Context{{"key", Value(key)}, {"value", value}});
    return out;
}

Value make_context(Arguments a, const CallContext& c) {
    Context out;
    for (const auto& entry : *a[0].list()) {
        const auto* both = entry.context();
        const auto* key = both == nullptr ? nullptr : find(*both, "key");
        const auto* value = both == nullptr ? nullptr : find(*both, "value");
        if (key == nullptr || value == nullptr || key->string() == nullptr) return c.fail(reasons::entry_form());
        if (find(out, *key->string()) != nullptr) return c.fail(reasons::key_twice(*key->string()));
        if (!c.spend(out.size() + 1)) return c.fail(reasons::too_many_entries());
        out.emplace_back(*key->string(), *value);
    }
    return out;
}

void put(Context& context, const std::string& key, Value value) {
    const auto it = std::find_if(context.begin(), context.end(), [&](const auto& entry) { return entry.first == key; });
    if (it == context.end())
        context.emplace_back(key, std::move(value));
    else
        it->second = std::move(value);
}

Value context_put(Arguments a, const CallContext&) {
    auto out = *a[0].context();
    put(out, *a[1].string(), a[2]);
    return out;
}

/// nullopt when a key is no text or leads through something that is no context.
std::optional<Value> put_at(const Value& at, const List& keys, std::size_t index, const Value& value) {
    if (index == keys.size()) return value;
    if (at.context() == nullptr || keys[index].string() == nullptr) return std::nullopt;
    const auto& key = *keys[index].string();
    const auto* inner = find(*at.context(), key);
    if (inner == nullptr && index + 1 < keys.size()) return std::nullopt;
    auto replaced = put_at(inner == nullptr ? Value() : *inner, keys, index + 1, value);
    if (!replaced) return std::nullopt;
    auto out = *at.context();
    put(out, key, std::move(*replaced));
    return Value(std::move(out));
}

Value context_put_at(Arguments a, const CallContext& c) {
    const auto& keys = *a[1].list();
    if (keys.empty()) return c.fail(reasons::keys_empty());
    if (keys.size() > static_cast<std::size_t>(limits::value_nesting)) return c.fail(reasons::keys_too_many());
    if (auto out = put_at(a[0], keys, 0, a[2])) return std::move(*out);
    return c.fail(reasons::keys_lead_nowhere());
}

Value context_merge(Arguments a, const CallContext& c) {
    Context out;
    for (const auto& part : *a[0].list()) {
        if (part.context() == nullptr) return c.fail(reasons::not_mergeable(part.kind()));
        for (const auto& [key, value] : *part.context()) {
            if (!c.spend(out.size() + 1)) return c.fail(reasons::too_many_entries());
            put(out, key, value);
        }
    }
    return out;
}

}  // namespace

std::vector<Builtin> context_builtins() {
    const char* const category = "context";
    const char* const clause = "10.3.4.10";
    return {
        {"get value",
         {{"m", "context"}, {"key", "string"}},
         "Any",
         category,
         clause,
         "the entry of a context",
         R"(get value({a: 1}, "a"))",
         "1",
         get_value},
        {"get value",
         {{"m", "context"}, {"keys", "list<string>"}},
         "Any",
         category,
         clause,
         "the entry of nested contexts",
         R"(get value({a: {b: 2}}, ["a", "b"]))",
         "2",
         get_value_at},
        {"get entries",
         {{"m", "context"}},
         "list<context<key: string, value: Any>>",
         category,
         clause,
         "the entries as a list of keys and values",
         "get entries({a: 1})",
         R"([{key: "a", value: 1}])",
         get_entries},
        {"context",
         {{"entries", "list<context>"}},
         "context",
         category,
         clause,
         "a context from keys and values",
         R"(context([{key: "a", value: 1}]))",
         "{a: 1}",
         make_context},
        {"context put",
         {{"context", "context"}, {"key", "string"}, {"value", "Any", false, false, true}},
         "context",
         category,
         clause,
         "the context with an entry added or replaced",
         R"(context put({a: 1}, "b", 2))",
         "{a: 1, b: 2}",
         context_put},
        {"context put",
         {{"context", "context"}, {"keys", "list<string>"}, {"value", "Any", false, false, true}},
         "context",
         category,
         clause,
         "the same inside nested contexts",
         R"(context put({a: {b: 1}}, ["a", "b"], 2))",
         "{a: {b: 2}}",
         context_put_at},
        {"context merge",
         {{"contexts", "list<context>"}},
         "context",
         category,
         clause,
         "one context from several, later entries winning",
         "context merge([{a: 1}, {a: 2, b: 3}])",
         "{a: 2, b: 3}",
         context_merge},
    };
}

}  // namespace zoneval::feel
