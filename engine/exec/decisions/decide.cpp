#include "engine/exec/decisions/decide.hpp"

#include <algorithm>
#include <numeric>

#include "engine/feel/evaluation/eval.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::exec {

using feel::Aggregator;
using feel::CausePtr;
using feel::Decimal;
using feel::HitPolicy;
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
struct Seen {
    std::vector<std::size_t> hits;
    std::vector<Value> values;  ///< of the hits
    Possible possible;          ///< of unknown candidates, then of what is certain
    std::vector<CausePtr> causes;
    bool any_unknown = false;

    void add_cause(const Value& unknown) {
        any_unknown = true;
        if (unknown.cause()) causes.push_back(unknown.cause());
    }
};

void add_once(std::vector<std::string>& list, const std::string& item) {
    if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
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

Decided open(Seen seen, const Candidates& candidates, const model::Decision& decision) {
    if (candidates.told_why()) return leave_open(seen.possible, std::move(seen.causes), decision);
    Decided out;
    out.outcome.ending = Outcome::Open{};
    return out;
}

Decided settled(Value value, decltype(Outcome::ending) ending) {
    Decided out;
    out.value = std::move(value);
    out.outcome.ending = std::move(ending);
    return out;
}

Decided conflict(std::size_t first, std::size_t second, const model::Decision& decision) {
    const auto &one = decision.rules[first].id, &other = decision.rules[second].id;
    auto why = decision.hit_policy == HitPolicy::unique ? reasons::undetermined_both(decision.name, one, other)
                                                        : reasons::undetermined_disagree(decision.name, one, other);
    return settled(feel::null_because(std::move(why)), Outcome::Conflict{first, second});
}

/// The first that holds decides, unless one before it is unknown. A certain outcome may be given past an unknown rule
/// only if that rule would give the same, and the outcome is not adverse.
Decided first_hit(const Candidates& candidates, const model::Decision& decision) {
    Seen seen;
    std::optional<std::size_t> hit;
    for (std::size_t i = 0; i < candidates.size() && !hit; ++i) {
        const auto condition = candidates.condition(i);
        switch (holds(condition)) {
            case Holds::no: break;
            case Holds::unknown:
                seen.add_cause(condition);
                seen.possible.add(candidates.possible(i));
                break;
            case Holds::yes: hit = i; break;
        }
    }
    decltype(Outcome::ending) ending = Outcome::NothingFired{};
    if (hit)
        ending = Outcome::Fired{*hit};
    else if (candidates.has_otherwise())
        ending = Outcome::Default{}, hit = candidates.size();
    if (!hit) {
        if (!seen.any_unknown) return settled({}, ending);
        seen.possible.add(Value());
        return open(std::move(seen), candidates, decision);
    }
    auto value = candidates.outcome(*hit);
    if (feel::is_unknown(value)) {
        seen.add_cause(value);
        seen.possible.add(candidates.possible(*hit));
        return open(std::move(seen), candidates, decision);
    }
    if (!seen.any_unknown) return settled(std::move(value), ending);
    seen.possible.add(value);
    const bool same = !seen.possible.anything && seen.possible.values.size() == 1;
    if (same && !decision.is_adverse(value)) return settled(std::move(value), ending);
    return open(std::move(seen), candidates, decision);
}

std::string name_of(Aggregator aggregator) {
    switch (aggregator) {
        case Aggregator::sum: return "collect sum";
        case Aggregator::min: return "collect min";
        case Aggregator::max: return "collect max";
        case Aggregator::count: return "collect count";
        case Aggregator::none: break;
    }
    return "collect";
}

Value aggregate(Aggregator aggregator, const std::vector<Value>& hits) {
    if (aggregator == Aggregator::count) return Decimal(static_cast<std::int64_t>(hits.size()));
    if (hits.empty()) return {};
    std::optional<Decimal> out;
    for (const auto& hit : hits) {
        const auto* number = hit.number();
        if (!number) return feel::null_because(reasons::aggregate_needs_numbers(name_of(aggregator)));
        if (out && aggregator == Aggregator::sum)
            out = *out + *number;
        else if (!out || (aggregator == Aggregator::min ? *number < *out : *number > *out))
            out = *number;
    }
    return *out;
}

/// Indices of the hits, the highest priority first.
std::vector<std::size_t> by_priority(const std::vector<Value>& hits, const model::Decision& decision) {
    const auto priority = [&](std::size_t hit) {
        return std::find_if(decision.values.begin(), decision.values.end(),
                            [&](const Value& d) { return feel::identical(d, hits[hit]); });
    };
    std::vector<std::size_t> out(hits.size());
    std::iota(out.begin(), out.end(), std::size_t{0});
    std::stable_sort(out.begin(), out.end(), [&](std::size_t a, std::size_t b) { return priority(a) < priority(b); });
    return out;
}

/// Every hit is known; what they come to together.
Decided combined(Seen seen, const model::Decision& decision) {
    const auto& hits = seen.values;
    decltype(Outcome::ending) ending = Outcome::NothingFired{};
    if (!hits.empty()) ending = Outcome::Fired{seen.hits.front()};
    switch (decision.hit_policy) {
        case HitPolicy::unique:
            if (hits.size() > 1) return conflict(seen.hits[0], seen.hits[1], decision);
            break;
        case HitPolicy::any:
            for (std::size_t i = 1; i < hits.size(); ++i)
                if (!feel::identical(hits[0], hits[i])) return conflict(seen.hits[0], seen.hits[i], decision);
            break;
        case HitPolicy::priority: {
            if (hits.empty()) break;
            const auto best = by_priority(hits, decision).front();
            return settled(hits[best], Outcome::Fired{seen.hits[best]});
        }
        case HitPolicy::output_order: {
            feel::List list;
            for (const auto i : by_priority(hits, decision)) list.push_back(hits[i]);
            return settled(Value(std::move(list)), ending);
        }
        case HitPolicy::rule_order: return settled(Value(feel::List(hits)), ending);
        case HitPolicy::collect:
            return settled(decision.aggregator == Aggregator::none ? Value(feel::List(hits))
                                                                   : aggregate(decision.aggregator, hits),
                           ending);
        case HitPolicy::first: break;  // first_hit
    }
    return settled(hits.empty() ? Value() : hits.front(), ending);
}

/// Policies that look at every rule: nothing is certain while any of them is unknown.
Decided all_hits(const Candidates& candidates, const model::Decision& decision) {
    Seen seen;
    const auto add_unknown = [&](const Value& unknown, std::size_t i) {
        seen.add_cause(unknown);
        seen.possible.add(candidates.possible(i));
    };
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const auto condition = candidates.condition(i);
        const auto state = holds(condition);
        if (state == Holds::unknown) add_unknown(condition, i);
        if (state != Holds::yes) continue;
        auto value = candidates.outcome(i);
        if (feel::is_unknown(value)) {
            add_unknown(value, i);
            continue;
        }
        seen.hits.push_back(i);
        seen.values.push_back(std::move(value));
    }
    if (seen.any_unknown) {
        for (const auto& v : seen.values) seen.possible.add(v);
        if (seen.hits.empty())
            seen.possible.add(candidates.has_otherwise() ? candidates.possible(candidates.size())
                                                         : Possible{{Value()}});
        return open(std::move(seen), candidates, decision);
    }
    if (seen.hits.empty() && candidates.has_otherwise()) {
        auto value = candidates.outcome(candidates.size());
        if (!feel::is_unknown(value)) return settled(std::move(value), Outcome::Default{});
        add_unknown(value, candidates.size());
        return open(std::move(seen), candidates, decision);
    }
    return combined(std::move(seen), decision);
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

void Possible::add(const Value& value) {
    if (!contains(values, value)) values.push_back(value);
}

void Possible::add(const Possible& more) {
    for (const auto& v : more.values) add(v);
    anything = anything || more.anything;
}

bool nobody_can_report(const feel::Cause& leaf) {
    const bool is_datum = leaf.fact.find(feel::ArgumentType::datum) != nullptr;
    return leaf.missing == feel::Missing::none || (leaf.missing == feel::Missing::too_small && !is_datum);
}

Decided leave_open(const Possible& possible, std::vector<CausePtr> causes, const model::Decision& decision) {
    Outcome::Open open;
    open.possible = in_declared_order(possible.values, decision);
    open.anything = possible.anything;
    for (const auto& cause : causes)
        for (const auto& leaf : feel::leaves(cause)) {
            if (leaf->missing == feel::Missing::not_applicable) continue;
            add_once(nobody_can_report(*leaf) ? open.failed : open.waiting_for,
                     wording::awaited(*leaf, wording::Language::en));
        }
    feel::Cause cause;
    cause.fact = reasons::undetermined(decision.name);
    cause.because = std::move(causes);
    if (!open.anything) cause.possible = open.possible;
    if (cause.because.empty()) cause.missing = feel::Missing::not_reported;
    Decided out;
    out.value = Value::null(feel::make_cause(std::move(cause)));
    out.outcome.ending = std::move(open);
    return out;
}

Decided decide(const Candidates& candidates, const model::Decision& decision) {
    return decision.hit_policy == HitPolicy::first ? first_hit(candidates, decision) : all_hits(candidates, decision);
}

}  // namespace zoneval::exec
