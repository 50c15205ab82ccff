#include "engine/exec/kinds/together.hpp"

#include <algorithm>

#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/value/null_meaning.hpp"
#include "engine/feel/value/reason.hpp"

namespace zoneval::exec {

using feel::Decimal;
using feel::Value;
using graph::KindFunction;

namespace {

AbstractValue known(Value value) { return {std::move(value), {}, {}, {}}; }
AbstractValue open() { return known(Value::missing(feel::Missing::not_reported, feel::reasons::open())); }
AbstractValue none(const std::string& kind) {
    return known(Value::missing(feel::Missing::not_applicable, feel::reasons::no_records_of_kind(kind)));
}
AbstractValue one_of(std::vector<Value> values) {
    auto out = open();
    out.options = std::move(values);
    return out;
}
AbstractValue between(std::optional<Decimal> low, std::optional<Decimal> high) {
    if (low && high && *low == *high) return known(Value(*low));
    auto out = open();
    out.low = low;
    out.high = high;
    return out;
}

/// Known to be absent: it counts as nothing.
bool absent(const KindTerm& term) { return term.value.value.is_null() && !term.value.open(); }

/// What a number in the brackets can be; nullopt: it may fail, and then nothing is known.
struct Interval {
    std::optional<Decimal> low, high;
};
std::optional<Interval> interval_of(const AbstractValue& value) {
    if (const auto* number = value.value.number()) return Interval{*number, *number};
    if (!value.open() || !value.never_null()) return std::nullopt;
    Interval out{value.low, value.high};
    if (value.options.empty() || out.low || out.high) return out;
    for (const auto& option : value.options) {
        const auto* number = option.number();
        if (!number) return std::nullopt;
        out.low = out.low ? std::min(*out.low, *number) : *number;
        out.high = out.high ? std::max(*out.high, *number) : *number;
    }
    return out;
}

void add(std::optional<Decimal>& sum, const std::optional<Decimal>& part) {
    if (sum && part)
        sum = *sum + *part;
    else
        sum.reset();
}

AbstractValue sum_of(const std::vector<KindTerm>& terms) {
    std::optional<Decimal> low(0), high(0);
    for (const auto& term : terms) {
        if (term.in == KindTerm::In::no || absent(term)) continue;
        auto part = interval_of(term.value).value_or(Interval{});
        if (!interval_of(term.value)) return open();
        if (term.in == KindTerm::In::maybe) {  // or nothing
            if (part.low) part.low = std::min(*part.low, Decimal(0));
            if (part.high) part.high = std::max(*part.high, Decimal(0));
        }
        add(low, part.low);
        add(high, part.high);
    }
    return between(low, high);
}

/// Of conditions: how many hold, and how many may.
struct Counted {
    std::int64_t yes = 0, maybe = 0;
};
Counted count(const std::vector<KindTerm>& terms, bool wanted) {
    Counted out;
    for (const auto& term : terms) {
        if (term.in == KindTerm::In::no) continue;
        const auto& value = term.value.value;
        if (term.value.open())
            ++out.maybe;
        else if (value.is_true() == wanted)  // a condition that is not applicable does not hold
            ++(term.in == KindTerm::In::yes ? out.yes : out.maybe);
    }
    return out;
}

AbstractValue truth(const Counted& counted, bool if_any) {
    if (counted.yes > 0) return known(Value(if_any));
    return counted.maybe == 0 ? known(Value(!if_any)) : one_of({Value(true), Value(false)});
}

/// The terms that may have a part.
std::vector<const KindTerm*> taking_part(const std::vector<KindTerm>& terms) {
    std::vector<const KindTerm*> out;
    for (const auto& term : terms)
        if (term.in != KindTerm::In::no && !absent(term)) out.push_back(&term);
    return out;
}

bool certain(const KindTerm& term) { return term.in == KindTerm::In::yes && term.value.never_null(); }

AbstractValue mean_of(const std::vector<const KindTerm*>& terms) {
    const bool all = std::all_of(terms.begin(), terms.end(), [](const KindTerm* t) { return certain(*t); });
    const bool any = std::any_of(terms.begin(), terms.end(), [](const KindTerm* t) { return certain(*t); });
    std::optional<Decimal> low, high, least, most;
    low = high = Decimal(0);
    bool bounded_below = true, bounded_above = true;
    for (const auto* term : terms) {
        const auto part = interval_of(term->value);
        if (!part) return open();
        add(low, part->low);
        add(high, part->high);
        bounded_below = bounded_below && part->low;
        bounded_above = bounded_above && part->high;
        if (bounded_below) least = least ? std::min(*least, *part->low) : *part->low;
        if (bounded_above) most = most ? std::max(*most, *part->high) : *part->high;
    }
    if (all) {
        const Decimal n(static_cast<std::int64_t>(terms.size()));
        if (low) low = *low / n;
        if (high) high = *high / n;
        return between(low, high);
    }
    if (!any) return open();  // there may be nobody
    return between(bounded_below ? least : std::nullopt, bounded_above ? most : std::nullopt);
}

/// The middle of ends in ascending order, an open one beyond all numbers; nullopt: it is open.
std::optional<Decimal> middle(const std::vector<std::optional<Decimal>>& ends) {
    const auto &a = ends[(ends.size() - 1) / 2], &b = ends[ends.size() / 2];
    if (!a || !b) return std::nullopt;
    return ends.size() % 2 == 1 ? a : (*a + *b) / Decimal(2);
}

/// How far down (or up) the median can be: with those of the terms that may take part which pull it there.
std::optional<Decimal> farthest_median(const std::vector<const KindTerm*>& terms, bool down) {
    std::vector<std::optional<Decimal>> sure, perhaps;
    for (const auto* term : terms) {
        const auto part = interval_of(term->value);
        (certain(*term) ? sure : perhaps).push_back(down ? part->low : part->high);
    }
    const auto farther = [&](const std::optional<Decimal>& a, const std::optional<Decimal>& b) {
        if (!a || !b) return !a && b;
        return down ? *a < *b : *b < *a;
    };
    std::sort(perhaps.begin(), perhaps.end(), farther);
    std::optional<Decimal> out;
    for (std::size_t taken = 0;; ++taken) {
        std::sort(sure.begin(), sure.end(), farther);
        const auto found = middle(sure);
        if (!found) return std::nullopt;
        if (!out || farther(found, out)) out = found;
        if (taken == perhaps.size()) return out;
        sure.push_back(perhaps[taken]);
    }
}

AbstractValue median_of(const std::vector<const KindTerm*>& terms) {
    for (const auto* term : terms)
        if (!interval_of(term->value)) return open();
    if (std::none_of(terms.begin(), terms.end(), [](const KindTerm* t) { return certain(*t); })) return open();
    return between(farthest_median(terms, true), farthest_median(terms, false));
}

/// Of numbers. `sign` -1: the greatest, as the least of what is turned round.
AbstractValue extreme(const std::vector<const KindTerm*>& terms, bool least) {
    std::optional<Decimal> of_all, of_certain;  // the extreme is beyond neither
    bool bounded = true;
    const auto better = [&](const Decimal& a, const Decimal& b) { return least ? a < b : b < a; };
    for (const auto* term : terms) {
        const auto part = interval_of(term->value);
        if (!part) return open();
        const auto& near = least ? part->low : part->high;
        const auto& far = least ? part->high : part->low;
        bounded = bounded && near;
        if (near && (!of_all || better(*near, *of_all))) of_all = near;
        if (certain(*term) && far && (!of_certain || better(*far, *of_certain))) of_certain = far;
    }
    if (!std::any_of(terms.begin(), terms.end(), [](const KindTerm* t) { return certain(*t); })) return open();
    if (!bounded) of_all.reset();
    return least ? between(of_all, of_certain) : between(of_certain, of_all);
}

AbstractValue first_or_last_day(const std::vector<const KindTerm*>& terms, bool first) {
    std::optional<feel::Date> of_all, of_certain;
    for (const auto* term : terms) {
        const auto* day = term->value.value.date();
        if (!day) return open();
        const auto better = [&](const std::optional<feel::Date>& than) {
            return !than || (first ? *day < *than : *than < *day);
        };
        if (better(of_all)) of_all = *day;
        if (term->in == KindTerm::In::yes && better(of_certain)) of_certain = *day;
    }
    if (!of_certain) return open();
    if (*of_all == *of_certain) return known(Value(*of_certain));
    return one_of({Value(*of_certain), Value(*of_all)});
}

/// What the latest (or the earliest) says, if it is sure which that is, or all that may be say the same.
AbstractValue by_date(const std::vector<const KindTerm*>& terms, bool last, const std::string& kind) {
    const auto before = [&](feel::Date a, feel::Date b) { return last ? a < b : b < a; };
    std::optional<feel::Date> day;  // of the last that has a part for sure
    for (const auto* term : terms)
        if (term->in == KindTerm::In::yes && (!day || before(*day, *term->day))) day = term->day;
    std::vector<Value> values;
    const auto may_be = [&](const Value& value) {
        if (std::none_of(values.begin(), values.end(), [&](const Value& v) { return feel::identical(v, value); }))
            values.push_back(value);
    };
    for (const auto* term : terms) {
        if (day && before(*term->day, *day)) continue;
        if (!term->value.open()) {
            may_be(term->value.value);
            continue;
        }
        if (term->value.options.empty()) return terms.size() == 1 && day ? term->value : open();
        for (const auto& option : term->value.options) may_be(option);
    }
    if (!day) may_be(none(kind).value);
    if (values.size() == 1) return known(values.front());
    auto out = one_of(values);
    if (std::all_of(values.begin(), values.end(), [](const Value& v) { return v.number() != nullptr; }))
        for (const auto& value : values) {
            out.low = out.low ? std::min(*out.low, *value.number()) : *value.number();
            out.high = out.high ? std::max(*out.high, *value.number()) : *value.number();
        }
    return out;
}

}  // namespace

AbstractValue together(KindFunction function, const std::vector<KindTerm>& terms, const std::string& kind) {
    if (function == KindFunction::sum) return sum_of(terms);
    if (function == KindFunction::count) {
        const auto counted = count(terms, true);
        return between(Decimal(counted.yes), Decimal(counted.yes + counted.maybe));
    }
    if (function == KindFunction::any) return truth(count(terms, true), true);
    if (function == KindFunction::every) return truth(count(terms, false), false);
    const auto parts = taking_part(terms);
    if (parts.empty()) return none(kind);
    const bool of_days = parts.front()->value.value.date() != nullptr;
    if (graph::is_by_date(function)) return by_date(parts, function == KindFunction::latest, kind);
    if (function == KindFunction::median) return median_of(parts);
    if (function == KindFunction::mean) return mean_of(parts);
    const bool least = function == KindFunction::min;
    return of_days ? first_or_last_day(parts, least) : extreme(parts, least);
}

}  // namespace zoneval::exec
