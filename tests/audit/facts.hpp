// Facts that an explanation cites, and what they come to by themselves.
#pragma once

#include <catch2/catch.hpp>

#include "engine/audit/explain.hpp"
#include "engine/feel/value/cause.hpp"
#include "engine/feel/value/null_meaning.hpp"

namespace zoneval::testing {

using audit::Condition;
using audit::RuleState;
using exec::Holds;
using feel::BinaryOp;
using feel::Value;

inline Holds truth(bool holds) { return holds ? Holds::yes : Holds::no; }

template <class T>
inline bool compared(BinaryOp op, const T& found, const T& limit) {
    switch (op) {
        case BinaryOp::less: return found < limit;
        case BinaryOp::less_equal: return !(limit < found);
        case BinaryOp::greater: return limit < found;
        case BinaryOp::greater_equal: return !(found < limit);
        case BinaryOp::not_equal: return !(found == limit);
        default: return found == limit;
    }
}

/// Known to be absent, or a null that is written in the rule.
inline bool absent(const Value& v) {
    return v.is_null() && (!v.cause() || feel::missing_kind(v.cause()) == feel::Missing::not_applicable);
}

/// From the figure and the limit, or from between what an open figure lies.
inline Holds of_limit(const Condition& c) {
    if (absent(c.found) || absent(c.limit)) return truth(c.compared == BinaryOp::not_equal);
    if (c.found.number() && c.limit.number()) return truth(compared(c.compared, *c.found.number(), *c.limit.number()));
    if (c.found.date() && c.limit.date()) return truth(compared(c.compared, *c.found.date(), *c.limit.date()));
    if (c.found.number() && (c.limit_low || c.limit_high)) {
        auto turned = c;  // limit … found
        turned.found = c.limit, turned.limit = c.found;
        turned.low = c.limit_low, turned.high = c.limit_high;
        turned.limit_low.reset(), turned.limit_high.reset();
        turned.compared = c.compared == BinaryOp::less            ? BinaryOp::greater
                          : c.compared == BinaryOp::less_equal    ? BinaryOp::greater_equal
                          : c.compared == BinaryOp::greater       ? BinaryOp::less
                          : c.compared == BinaryOp::greater_equal ? BinaryOp::less_equal
                                                                  : c.compared;
        return of_limit(turned);
    }
    if (c.limit.number() && (c.low || c.high)) {
        const auto& limit = *c.limit.number();
        const bool rises = c.compared == BinaryOp::greater || c.compared == BinaryOp::greater_equal;
        const bool falls = c.compared == BinaryOp::less || c.compared == BinaryOp::less_equal;
        const auto &certain = rises ? c.low : c.high, &averted = rises ? c.high : c.low;
        if (rises || falls) {
            if (certain && compared(c.compared, *certain, limit)) return Holds::yes;
            if (averted && !compared(c.compared, *averted, limit)) return Holds::no;
        }
    }
    return Holds::unknown;
}

inline Holds from_facts(const Condition& c) {
    using Asks = Condition::Asks;
    const auto among = [&] {
        return std::any_of(c.choices.begin(), c.choices.end(),
                           [&](const Value& choice) { return feel::identical(choice, c.found); });
    };
    if (c.kind != Condition::Kind::one) {
        bool open = false;
        for (const auto& part : c.parts) {
            const auto holds = from_facts(part);
            if (holds == (c.kind == Condition::Kind::all ? Holds::no : Holds::yes)) return holds;
            open = open || holds == Holds::unknown;
        }
        return open ? Holds::unknown : truth(c.kind == Condition::Kind::all);
    }
    if (c.asks == Asks::limit) return of_limit(c);
    if ((c.asks == Asks::there || c.asks == Asks::not_there) && feel::is_unknown(c.found))
        return c.holds;  // when filled
    if (c.asks == Asks::there || c.asks == Asks::not_there)
        return truth(c.found.is_null() == (c.asks == Asks::not_there));
    if (!c.choices.empty() && std::all_of(c.choices.begin(), c.choices.end(), absent))
        return truth(c.asks == Asks::none_of);
    if (absent(c.found)) return truth(c.asks == Asks::none_of || (c.asks == Asks::truth && !c.wanted));
    if (c.found.is_null()) return Holds::unknown;
    if (c.asks == Asks::truth) return truth(c.found.is_true() == c.wanted);
    const bool open =
        std::any_of(c.choices.begin(), c.choices.end(), [](const Value& v) { return feel::is_unknown(v); });
    if (open && !among()) return Holds::unknown;
    return truth(among() == (c.asks == Asks::one_of));
}

struct FactsRead {
    std::size_t verdicts = 0, fired = 0, by_branches = 0;
};

/// Requires that the facts lead to the verdict: of a list of rules whose first that holds decides.
inline void require_facts(const audit::Explanation& e, const model::Decision& decision, FactsRead& read) {
    std::string decided_by;
    bool open = false;
    for (std::size_t r = 0; r < e.rules.size(); ++r) {
        const auto& rule = e.rules[r];
        const bool answers_blanks = !decision.rules[r].if_missing.empty();
        auto holds = from_facts(rule.condition);
        // Between limits that the rule set declares, an open figure may tell what its reading leaves open;
        // and both branches of an `if` may come out alike though nobody knows which is taken.
        const bool told = rule.condition.holds != Holds::unknown;
        if (!answers_blanks && told && holds == Holds::unknown) {
            ++read.by_branches;
            holds = rule.condition.holds;
        }
        if (!answers_blanks && told) REQUIRE(holds == rule.condition.holds);
        if (answers_blanks && rule.state != RuleState::State::not_reached)
            holds = rule.state == RuleState::State::holds  ? Holds::yes
                    : rule.state == RuleState::State::open ? Holds::unknown
                                                           : Holds::no;
        open = open || holds == Holds::unknown;
        if (holds != Holds::yes) continue;
        decided_by = rule.id;
        break;
    }
    if (!open && !e.in_every_case && e.ending == exec::Outcome::Kind::fired) {
        REQUIRE(decided_by == e.rule);
        ++read.fired;
    }
    if (!open && !e.in_every_case && e.ending == exec::Outcome::Kind::by_default) REQUIRE(decided_by.empty());
    ++read.verdicts;
}

}  // namespace zoneval::testing
