// A lifecycle is sugar: last year's state and the years spent in it are nodes, and each transition is a rule guarded by
// the states it leaves.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/feel/evaluation/eval.hpp"
#include "engine/graph/builder.hpp"
#include "engine/graph/cases.hpp"
#include "engine/graph/trees.hpp"

namespace zoneval::graph {

using feel::Type;
using feel::Value;

void Builder::declare_lifecycle(const model::Decision& decision) {
    const auto* state = graph_.find(decision.name);
    if (!state || state->definition != &decision) return;
    const auto id = state->id;
    const auto before = add_node(NodeKind::measure, decision.name + " before", nullptr);
    node(before).form = HistoryForm{id, 1, false, Value(decision.lifecycle->start)};
    node(before).type = Type::of(Type::Kind::string);
    const auto years = add_node(NodeKind::measure, "years in " + decision.name, nullptr);
    node(years).unit = "year";
    graph_.history_reviews = std::max(graph_.history_reviews, 2);
}

// Only a record without an earlier year starts at 0; an earlier year that is unknown leaves the count unknown.
void Builder::define_years_in(const model::Decision& decision) {
    const auto* state = graph_.find(decision.name);
    const auto* years = graph_.find("years in " + decision.name);
    if (!state || state->definition != &decision || !years) return;
    const auto state_id = state->id, years_id = years->id;
    const auto back = [&](const std::string& name, NodeId of, int count, Value first) {
        const auto id = hidden(name);
        node(id).type = Type::of(first.kind());
        node(id).form = HistoryForm{of, count, false, std::move(first)};
        return id;
    };
    const auto last = back("last state of " + decision.name, state_id, 1, Value(""));
    const auto earlier = back("state of " + decision.name + " two years back", state_id, 2, Value(""));
    const auto spent = back("years counted in " + decision.name, years_id, 1, Value(0));
    const Trees t(graph_, decision.span);
    const auto equal = [&](feel::ExprPtr a, feel::ExprPtr b) {
        return t.binary(feel::BinaryOp::equal, std::move(a), std::move(b));
    };
    auto longer = t.choose(equal(t.name(earlier), t.name(last)), t.add(t.name(spent), t.value(rules_->cycle)),
                           t.value(rules_->cycle));
    define_visible(node(years_id).name,
                   {t.choose(equal(t.name(last), t.value("")), t.value(0), std::move(longer)), decision.source,
                    fmt::format("years since the state of `{}` last changed", decision.name)});
}

/// What says how long a record must have been in a state before a transition leads out of it: the larger of the numbers
/// written, and each parameter named.
Builder::LeastYears Builder::least_years(const model::Rule& rule, const model::Lifecycle::State& state) {
    LeastYears out;
    if (const int written = std::max(rule.after.number, state.ban.number); written > 0) out.emplace(written, -1);
    const auto add = [&](const model::Years& years, const std::string& what) {
        if (const auto* parameter = years_parameter(years, 0, what)) out.emplace(0, parameter->id);
    };
    add(rule.after, rule.deadline ? fmt::format("the {}", rule.id) : fmt::format("`after` of `{}`", rule.id));
    add(state.ban, fmt::format("`ban` of state `{}`", state.name));
    return out;
}

// when: `(X before in (from …) and years in X >= n or …) and (the author's condition)`. A ban holds back its own state
// only.
void Builder::guard_transition(Formula& when, const model::Rule& rule, const model::Decision& decision) {
    if (!when) return;
    const auto* before = graph_.find(decision.name + " before");
    const auto* spent = graph_.find("years in " + decision.name);
    if (!before || !spent) return;  // the errors are already told
    std::map<LeastYears, std::vector<std::string>> states;
    const Trees t(graph_, rule.span);
    for (const auto& state : decision.lifecycle->states)
        if (std::find(rule.from.begin(), rule.from.end(), state.name) != rule.from.end())
            states[least_years(rule, state)].push_back(state.name);
    if (states.empty()) return;
    feel::ExprPtr guard;
    std::string text;
    for (const auto& [lasted, names] : states) {
        feel::In in{t.name(before->id), {}, 0};  // its `?` is a local that nothing reads
        for (const auto& name : names) in.tests.push_back({t.value(name), false});
        auto one = feel::make_expr(rule.span, std::move(in));
        text += fmt::format("{}{} in (\"{}\")", text.empty() ? "" : " or ", before->name, fmt::join(names, "\", \""));
        for (const auto& [years, parameter] : lasted) {
            one = t.binary(feel::BinaryOp::and_, std::move(one),
                           t.binary(feel::BinaryOp::greater_equal, t.name(spent->id),
                                    parameter < 0 ? t.value(years) : t.name(parameter)));
            text +=
                fmt::format(" and {} >= {}", spent->name, parameter < 0 ? std::to_string(years) : node(parameter).name);
        }
        guard = guard ? t.binary(feel::BinaryOp::or_, std::move(guard), std::move(one)) : std::move(one);
    }
    if (states.size() > 1) text = "(" + text + ")";
    if (decision.lifecycle->stay_if_unknown && !rule.deadline) {
        const auto settled = hidden(fmt::format("condition of `{}` of {}", rule.id, decision.name));
        node(settled).form = ExpressionForm{{std::move(when.expr), when.source, when.text}};
        node(settled).settled_as_is = true;
        places_.emplace(settled, Place{rule.source, rule.span, fmt::format("transition `{}`", rule.id)});
        when.expr = t.name(settled);
    }
    when.text = rule.deadline ? text : fmt::format("{} and {}", text, when.text);
    when.expr = t.binary(feel::BinaryOp::and_, std::move(guard), std::move(when.expr));
}

namespace {

struct Ladder {
    const model::Decision& decision;
    const model::Lifecycle& lifecycle;

    std::size_t rung(const std::string& name) const {
        const auto at = std::find_if(lifecycle.states.begin(), lifecycle.states.end(),
                                     [&](const auto& s) { return s.name == name; });
        return static_cast<std::size_t>(at - lifecycle.states.begin());
    }
    /// States that chains of transitions reach from one.
    std::set<std::string> reachable(const std::string& from) const {
        std::set<std::string> out{from};
        for (bool grown = true; grown;) {
            grown = false;
            for (const auto& rule : decision.rules)
                for (const auto& source : rule.from)
                    if (out.contains(source) && out.insert(rule.then.text).second) grown = true;
        }
        return out;
    }
};

void check_states(const Ladder& ladder, Diagnostics& diagnostics) {
    const auto reached = ladder.reachable(ladder.lifecycle.start);
    for (const auto& state : ladder.lifecycle.states) {
        if (!reached.contains(state.name))
            diagnostics.add(
                Kind::unreachable_state, *state.source, state.span,
                fmt::format("nothing leads to state `{}` of lifecycle `{}`", state.name, ladder.decision.name),
                "a transition to it", "add one, or remove the state");
        if (state.adverse && !state.final && !ladder.reachable(state.name).contains(ladder.lifecycle.start))
            diagnostics.add(Kind::no_way_back, *state.source, state.span,
                            fmt::format("from state `{}` of lifecycle `{}` nothing leads back to `{}`", state.name,
                                        ladder.decision.name, ladder.lifecycle.start),
                            "a way back from every adverse state", "add a transition, or mark the state `final: true`");
    }
}

void check_rungs(const Ladder& ladder, Diagnostics& diagnostics) {
    for (const auto& rule : ladder.decision.rules) {
        const auto to = ladder.rung(rule.then.text);
        if (to >= ladder.lifecycle.states.size() || !ladder.lifecycle.states[to].adverse || !rule.skips.empty())
            continue;
        for (const auto& name : rule.from)
            for (auto between = ladder.rung(name) + 1; between < to; ++between) {
                if (!ladder.lifecycle.states[between].adverse) continue;
                diagnostics.add(Kind::skipped_rung, *rule.source, rule.span,
                                fmt::format("transition `{}` goes from `{}` to `{}` past `{}`", rule.id, name,
                                            rule.then.text, ladder.lifecycle.states[between].name),
                                "one rung at a time towards adverse states",
                                "go through the rung between, or say under `skips` why not");
                break;
            }
    }
}

/// Two transitions whose guards share a state, and which can hold for one record.
void check_choice(const Graph& graph, const Node& node, const DecisionForm& list, Diagnostics& diagnostics) {
    for (std::size_t a = 0; a < list.rules.size(); ++a)
        for (std::size_t b = a + 1; b < list.rules.size(); ++b) {
            const auto &first = *list.rules[a].rule, &second = *list.rules[b].rule;
            const bool shared = std::any_of(first.from.begin(), first.from.end(), [&](const auto& s) {
                return std::find(second.from.begin(), second.from.end(), s) != second.from.end();
            });
            const auto &when = list.rules[a].conditions.front().formula,
                       &other = list.rules[b].conditions.front().formula;
            if (!shared || second.deadline || !when || !other) continue;
            CaseAnalysis cases(
                graph, [](NodeId) { return std::nullopt; }, CaseAnalysis::NullTests::open);
            cases.add(when);
            cases.add(other);
            cases.close();
            std::string example;
            std::size_t budget = 50'000;
            cases.search(
                cases.open_choice(),
                [&](const CaseAnalysis::Choice& choice) {
                    bool both = true;
                    for (const std::size_t condition : {0, 1}) {
                        const auto& holds = cases.evaluate(condition, choice);  // until the next
                        if (holds.is_false()) return CaseAnalysis::Judgement::no;
                        both = both && holds.is_true();
                    }
                    return both ? CaseAnalysis::Judgement::yes : CaseAnalysis::Judgement::unknown;
                },
                [&](const CaseAnalysis::Choice& choice) {
                    example = cases.describe(choice);
                    return false;
                },
                budget);
            if (example.empty()) continue;
            diagnostics.add(Kind::ambiguous_transition, *second.source, second.span,
                            fmt::format("transitions `{}` and `{}` of lifecycle `{}` both hold for {}", first.id,
                                        second.id, node.name, example),
                            "one transition at a time", "narrow the second, or leave it: the first is taken");
        }
}

}  // namespace

void Builder::check_lifecycles() {
    for (const auto& n : graph_.nodes) {
        const auto* list = std::get_if<DecisionForm>(&n.form);
        if (!list || !list->decision->lifecycle) continue;
        const Ladder ladder{*list->decision, *list->decision->lifecycle};
        check_states(ladder, diagnostics_);
        check_rungs(ladder, diagnostics_);
        if (!diagnostics_.has_errors()) check_choice(graph_, n, *list, diagnostics_);
    }
}

}  // namespace zoneval::graph
