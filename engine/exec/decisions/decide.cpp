#include "engine/exec/decisions/decide.hpp"

#include <algorithm>
#include <set>

#include "engine/feel/evaluation/eval.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::exec {

using feel::CausePtr;
using feel::Decimal;
using feel::Value;
namespace reasons = feel::reasons;

namespace {

Holds holds(const Value& condition) {
    if (condition.is_true()) return Holds::yes;
    return feel::is_unknown(condition) ? Holds::unknown : Holds::no;
}

bool contains(const std::vector<Value>& values, const Value& value) {
    return std::any_of(values.begin(), values.end(), [&](const Value& v) { return feel::identical(v, value); });
}

/// Everything seen while the candidates were tried.
struct Tried {
    std::vector<std::size_t> yes;
    std::vector<Value> possible;  ///< of unknown candidates, then of what is certain
    std::vector<CausePtr> causes;
    bool any_unknown = false;

    void add_possible(const std::vector<Value>& more) {
        for (const auto& v : more)
            if (!contains(possible, v)) possible.push_back(v);
    }
    void add_cause(const Value& unknown) {
        any_unknown = true;
        if (unknown.cause()) causes.push_back(unknown.cause());
    }
};

std::vector<std::string> missing_data(const std::vector<CausePtr>& causes) {
    std::vector<std::string> out;
    for (const auto& cause : causes)
        for (const auto& leaf : feel::leaves(cause)) {
            if (leaf->missing == feel::Missing::not_applicable) continue;
            auto name = wording::awaited(*leaf, wording::Language::en);
            if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(std::move(name));
        }
    return out;
}

/// Declared order, so that the list does not depend on which rule was tried first.
std::vector<Value> in_declared_order(const std::vector<Value>& found, const model::Decision& decision) {
    std::vector<Value> out;
    for (const auto& v : decision.values)
        if (contains(found, v)) out.push_back(v);
    for (const auto& v : found)
        if (!contains(out, v)) out.push_back(v);
    return out;
}

Decided open(Tried tried, const Candidates& candidates, const model::Decision& decision) {
    if (!candidates.told_why()) {
        Decided out;
        out.outcome.undetermined = true;
        return out;
    }
    return leave_open(tried.possible, std::move(tried.causes), decision);
}

Decided conflict(const feel::Fact& what, feel::Fact undetermined) {
    Decided out;
    out.outcome.undetermined = true;
    out.outcome.because = wording::say(what, wording::Language::en);
    out.value = feel::null_because(std::move(undetermined));
    return out;
}

Decided settled(Value value, int rule) {
    Decided out;
    out.value = std::move(value);
    out.outcome.rule = rule;
    return out;
}

/// The first that holds decides, unless one before it is unknown. A certain outcome may be given past an unknown rule
/// only if that rule would give the same, and the outcome is not adverse.
Decided first_hit(const Candidates& candidates, const model::Decision& decision) {
    Tried tried;
    std::optional<std::size_t> hit;
    int index = Outcome::none;
    for (std::size_t i = 0; i < candidates.size() && !hit; ++i) {
        const auto condition = candidates.condition(i);
        switch (holds(condition)) {
            case Holds::no: break;
            case Holds::unknown:
                tried.add_cause(condition);
                tried.add_possible(candidates.possible(i));
                break;
            case Holds::yes:
                hit = i;
                index = static_cast<int>(i);
                break;
        }
    }
    if (!hit && candidates.has_otherwise()) {
        hit = candidates.size();
        index = Outcome::otherwise;
    }
    if (!hit) {
        if (!tried.any_unknown) return settled({}, Outcome::none);
        tried.add_possible({Value()});
        return open(std::move(tried), candidates, decision);
    }
    auto value = candidates.outcome(*hit);
    if (feel::is_unknown(value)) {
        tried.add_cause(value);
        tried.add_possible(candidates.possible(*hit));
        return open(std::move(tried), candidates, decision);
    }
    if (!tried.any_unknown) return settled(std::move(value), index);
    tried.add_possible({value});
    const bool same = tried.possible.size() == 1;
    if (same && !decision.is_adverse(value)) return settled(std::move(value), index);
    return open(std::move(tried), candidates, decision);
}

Value aggregate(const std::string& policy, const std::vector<Value>& hits) {
    if (policy == "collect count") return Decimal(static_cast<std::int64_t>(hits.size()));
    if (hits.empty()) return {};
    std::optional<Decimal> out;
    for (const auto& hit : hits) {
        const auto* number = hit.number();
        if (!number) return feel::null_because(reasons::aggregate_needs_numbers(policy));
        if (!out)
            out = *number;
        else if (policy == "collect sum")
            out = *out + *number;
        else if (policy == "collect min" ? *number < *out : *number > *out)
            out = *number;
    }
    return *out;
}

std::vector<Value> by_priority(std::vector<Value> hits, const model::Decision& decision) {
    const auto priority = [&](const Value& v) {
        const auto at = std::find_if(decision.values.begin(), decision.values.end(),
                                     [&](const Value& d) { return feel::identical(d, v); });
        return at - decision.values.begin();
    };
    std::stable_sort(hits.begin(), hits.end(),
                     [&](const Value& a, const Value& b) { return priority(a) < priority(b); });
    return hits;
}

/// Policies that look at every rule: nothing is certain while any of them is unknown.
Decided all_hits(const std::string& policy, const Candidates& candidates, const model::Decision& decision) {
    const auto otherwise = [&] { return candidates.outcome(candidates.size()); };
    Tried tried;
    std::vector<Value> hits;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const auto condition = candidates.condition(i);
        const auto state = holds(condition);
        if (state == Holds::unknown) {
            tried.add_cause(condition);
            tried.add_possible(candidates.possible(i));
        }
        if (state != Holds::yes) continue;
        auto value = candidates.outcome(i);
        if (feel::is_unknown(value)) {
            tried.add_cause(value);
            tried.add_possible(candidates.possible(i));
            continue;
        }
        tried.yes.push_back(i);
        hits.push_back(std::move(value));
    }
    if (tried.any_unknown) {
        tried.add_possible(hits);
        if (hits.empty()) tried.add_possible({candidates.has_otherwise() ? otherwise() : Value()});
        return open(std::move(tried), candidates, decision);
    }
    if (hits.empty() && candidates.has_otherwise()) return settled(otherwise(), Outcome::otherwise);
    const int rule = tried.yes.empty() ? Outcome::none : static_cast<int>(tried.yes.front());
    if (policy == "unique" && hits.size() > 1) {
        const std::string first(candidates.id(tried.yes[0])), second(candidates.id(tried.yes[1]));
        return conflict(reasons::both_hold(first, second), reasons::undetermined_both(decision.name, first, second));
    }
    if (policy == "any")
        for (std::size_t i = 1; i < hits.size(); ++i)
            if (!feel::identical(hits[0], hits[i])) {
                const std::string first(candidates.id(tried.yes[0])), second(candidates.id(tried.yes[i]));
                return conflict(reasons::both_disagree(first, second),
                                reasons::undetermined_disagree(decision.name, first, second));
            }
    if (policy == "unique" || policy == "any") return settled(hits.empty() ? Value() : hits.front(), rule);
    if (policy == "priority") {
        const auto sorted = by_priority(hits, decision);
        for (std::size_t i = 0; i < hits.size(); ++i)
            if (feel::identical(hits[i], sorted.front())) return settled(hits[i], static_cast<int>(tried.yes[i]));
        return settled({}, Outcome::none);
    }
    if (policy == "output order") return settled(Value(by_priority(hits, decision)), rule);
    if (policy == "collect" || policy == "rule order") return settled(Value(feel::List(hits)), rule);
    return settled(aggregate(policy, hits), rule);
}

}  // namespace

std::optional<bool> counts_as(const model::Rule& rule, const Value& unknown) {
    if (rule.if_missing.empty() || !feel::is_unknown(unknown)) return std::nullopt;
    std::optional<bool> answer;
    for (const auto& leaf : feel::leaves(unknown.cause())) {
        if (leaf->missing == feel::Missing::not_applicable) continue;
        const auto found = rule.if_missing.find(leaf->missing);
        if (found == rule.if_missing.end() || (answer && *answer != found->second)) return std::nullopt;
        answer = found->second;
    }
    return answer;
}

Decided leave_open(const std::vector<Value>& possible, std::vector<CausePtr> causes, const model::Decision& decision) {
    Decided out;
    out.outcome.undetermined = true;
    out.outcome.possible = in_declared_order(possible, decision);
    out.outcome.waiting_for = missing_data(causes);
    feel::Cause cause;
    cause.fact = reasons::undetermined(decision.name);
    cause.because = std::move(causes);
    cause.possible = out.outcome.possible;
    if (cause.because.empty()) cause.missing = feel::Missing::not_reported;
    out.value = Value::null(feel::make_cause(std::move(cause)));
    return out;
}

Decided decide(const std::string& hit_policy, const Candidates& candidates, const model::Decision& decision) {
    return hit_policy == "first" ? first_hit(candidates, decision) : all_hits(hit_policy, candidates, decision);
}

}  // namespace zoneval::exec
