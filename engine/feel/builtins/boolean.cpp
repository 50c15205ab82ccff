// Boolean functions (DMN 1.5 10.3.4.2) and `is` (10.3.4.6).
#include "engine/feel/builtins/support.hpp"

namespace zoneval::feel {

namespace {

Value negation(Arguments a, const CallContext& c) {
    if (a[0].boolean() != nullptr) return !*a[0].boolean();
    if (!a[0].is_null()) return c.fail(reasons::not_turns_truth(a[0].kind()));
    if (a[0].cause()) return c.fail(reasons::argument_null("negand", "not"), {a[0].cause()});
    return Value();
}

/// all and any: three-valued folds over true, false and null.
Value fold(Arguments a, const CallContext& c, bool deciding, std::string_view name) {
    std::vector<CausePtr> causes;
    bool undecided = false, decided = false;
    for (const auto& item : items(a)) {
        if (item.boolean() == nullptr && !item.is_null())
            return c.fail(reasons::needs_truth(std::string(name), item.kind()));
        if (item.is_null()) {
            undecided = true;
            if (item.cause()) causes.push_back(item.cause());
        } else if (*item.boolean() == deciding) {
            decided = true;
        }
    }
    if (decided) return deciding;
    if (!undecided) return !deciding;
    return causes.empty() ? Value() : c.fail(reasons::some_values_null(), std::move(causes));
}

Value all(Arguments a, const CallContext& c) { return fold(a, c, false, "all"); }
Value any(Arguments a, const CallContext& c) { return fold(a, c, true, "any"); }

/// Either value may be left out, and is null then; not both.
Value is(Arguments a, const CallContext& c) {
    if (a.empty()) return c.fail(reasons::wrong_arguments("is", {}));
    const Value none;
    const auto& first = a.empty() ? none : a[0];
    const auto& second = a.size() < 2 ? none : a[1];
    // Beside a bare null it asks whether there is a datum, which is always known.
    const bool asks = (first.is_null() && !first.cause()) || (second.is_null() && !second.cause());
    if (c.nulls() == NullMeaning::unknown && !asks)
        for (const auto* side : {&first, &second})
            if (is_unknown(*side)) return c.fail(reasons::is_of_unknown(), {side->cause()});
    return identical(first, second);
}

/// A formula's way to say that there is nothing to ask for here.
Value not_applicable(Arguments a, const CallContext&) {
    const auto* why = a.empty() ? nullptr : a[0].string();
    return Value::missing(Missing::not_applicable,
                          why ? reasons::said_not_applicable_for(std::string(*why)) : reasons::said_not_applicable());
}

}  // namespace

std::vector<Builtin> boolean_builtins() {
    return {
        {"not applicable",
         {{"why", "string", true}},
         "Any",
         "boolean",
         "zoneval",
         "null that is known to be none: there is nothing to report; why says it to readers",
         "not applicable(\"no staff\") = null",
         "true",
         not_applicable},
        {"not",
         {{"negand", "Any", false, false, true}},
         "boolean",
         "boolean",
         "10.3.4.2",
         "true for false, false for true, null for null",
         "not(1 > 2)",
         "true",
         negation,
         {.kernel = Kernel::negation}},
        {"all",
         {{"list", "list<Any>"}},
         "boolean",
         "boolean",
         "10.3.4.4",
         "false if an element is false, else true unless one is null",
         "all([true, null, false])",
         "false",
         all,
         {.kernel = Kernel::all}},
        {"all",
         {{"list", "boolean", false, true, true}},
         "boolean",
         "boolean",
         "10.3.4.4",
         "false if an argument is false, else true unless one is null",
         "all(true, true)",
         "true",
         all,
         {.kernel = Kernel::all}},
        {"any",
         {{"list", "list<Any>"}},
         "boolean",
         "boolean",
         "10.3.4.4",
         "true if an element is true, else false unless one is null",
         "any([false, null, true])",
         "true",
         any,
         {.kernel = Kernel::any}},
        {"any",
         {{"list", "boolean", false, true, true}},
         "boolean",
         "boolean",
         "10.3.4.4",
         "true if an argument is true, else false unless one is null",
         "any(false, false)",
         "false",
         any,
         {.kernel = Kernel::any}},
        {"is",
         {{"value1", "Any", true, false, true}, {"value2", "Any", true, false, true}},
         "boolean",
         "boolean",
         "10.3.4.6",
         "true if both are the same value, zones and all",
         R"(is(@"10:00:00Z", @"11:00:00+01:00"))",
         "false",
         is},
    };
}

}  // namespace zoneval::feel
