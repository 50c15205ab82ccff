// The facts that an explanation cites reproduce the verdict by themselves, for random rule sets.
#include "engine/audit/explain.hpp"
#include "engine/feel/value/null_meaning.hpp"
#include "tests/exec/random_rules.hpp"

using namespace zoneval;
using namespace zoneval::testing;
using audit::Condition;
using audit::RuleState;
using exec::Holds;
using feel::BinaryOp;
using feel::Value;

namespace {

Holds truth(bool holds) { return holds ? Holds::yes : Holds::no; }

template <class T>
bool compared(BinaryOp op, const T& found, const T& limit) {
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
bool absent(const Value& v) {
    return v.is_null() && (!v.cause() || feel::missing_kind(v.cause()) == feel::Missing::not_applicable);
}

/// From the figure and the limit, or from between what an open figure lies.
Holds of_limit(const Condition& c) {
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

Holds from_facts(const Condition& c) {
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

assess::Assessment assessed(const std::shared_ptr<const graph::Graph>& graph, const std::vector<Row>& rows,
                            GivenHistory history) {
    assess::Assessment out;
    out.graph = graph;
    out.table = std::make_unique<Table>(table(*graph, rows));
    out.history = std::make_unique<GivenHistory>(std::move(history));
    out.evaluation = exec::evaluate(*graph, *out.table, *out.history);
    return out;
}

}  // namespace

TEST_CASE("the facts that are cited alone reproduce the verdict, for random rule sets") {
    const auto* wanted = std::getenv("ZONEVAL_CHECKS");
    const std::size_t verdicts = wanted ? static_cast<std::size_t>(std::atoll(wanted)) : 600;
    std::size_t checked = 0, fired = 0, by_branches = 0;
    for (std::uint64_t seed = 1; checked < verdicts; ++seed) {
        RandomRules random(seed);
        const auto year = RandomYear::of(random, 8);
        if (!year) continue;
        const auto& [yaml, graph, rows, history] = *year;
        const auto a = assessed(graph, rows, history);
        for (const auto id : a.evaluation.decisions) {
            const auto& node = graph->node(id);
            const auto& decision = *graph::decision_of(node);
            if (decision.hit_policy != feel::HitPolicy::first) continue;
            for (std::size_t i = 0; i < a.evaluation.size(); ++i) {
                const auto e = audit::explain(a, node, i, "en");
                INFO("seed " << seed << ", " << node.name << " of " << a.evaluation.record(i) << "\n"
                             << audit::render_text(e) << yaml);
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
                        ++by_branches;
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
                    ++fired;
                }
                if (!open && !e.in_every_case && e.ending == exec::Outcome::Kind::by_default)
                    REQUIRE(decided_by.empty());
                ++checked;
            }
        }
    }
    CHECK(fired > verdicts / 20);
    CHECK(by_branches * 100 < checked);
}
