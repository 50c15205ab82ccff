#include "engine/audit/tries.hpp"

namespace zoneval::audit {

using feel::Value;
using graph::NodeId;
using Flip = WouldChange::Flip;

namespace {

constexpr std::size_t most_records = 20'000;  ///< of whom others' figures are computed anew

std::string outcome_of(const exec::Outcome& outcome, const Value& value) {
    return outcome.settled() ? value.to_string() : "";
}

}  // namespace

Tries::Tries(const assess::Assessment& a, const graph::Node& decision, std::size_t record)
    : e_(a.evaluation),
      decision_(decision),
      record_(record),
      others_stand_(a.evaluation.size() > most_records),
      supposed_(a.evaluation, *a.history,
                others_stand_ ? exec::Counterfactual::Others::stand : exec::Counterfactual::Others::move),
      now_(outcome_of(e_.outcome(decision.id, record), e_.value(decision.id, record))) {
    for (const auto id : exec::nodes_behind(*a.graph, decision))
        if (score_ < 0 && a.graph->node(id).kind == graph::NodeKind::score) score_ = id;
}

bool Tries::too_much(NodeId parameter) {
    if (!others_stand_) return false;
    suppose({{parameter, e_.value(parameter, record_)}});
    return supposed_.moves_others(decision_.id);
}

bool Tries::blank_behind(NodeId node) {
    supposed_.forget();
    return supposed_.blank_behind(node, record_);
}

Value Tries::score_with(NodeId node, const Value& value) {
    suppose({{node, value}});
    return supposed_.value(score_, record_);
}

const std::string& Tries::with(const What& what) {
    std::string key;
    for (const auto& [node, value] : what) key += std::to_string(node) + '=' + value.to_feel() + ';';
    const auto [place, is_new] = seen_.try_emplace(std::move(key));
    if (is_new) {
        suppose(what);
        place->second = outcome_as_felt();
    }
    return place->second;
}

Flip Tries::flip(NodeId node, const Value& value) {
    Flip out{value, with(node, value), {}, {}};
    suppose({{node, value}});
    if (score_ >= 0) out.score = supposed_.value(score_, record_);
    if (others_stand_ || !supposed_.reaches_others(decision_.id)) return out;
    for (std::size_t i = 0; i < e_.size(); ++i)
        if (i != record_ && !supposed_.stays(decision_.id, i) &&
            outcome_of(supposed_.outcome(decision_.id, i), supposed_.value(decision_.id, i)) !=
                outcome_of(e_.outcome(decision_.id, i), e_.value(decision_.id, i)))
            out.also.push_back(e_.record(i));
    return out;
}

void Tries::suppose(const What& what) {
    supposed_.forget();
    for (const auto& [node, value] : what) {
        const bool parameter = std::holds_alternative<graph::ParameterForm>(e_.graph->node(node).form);
        parameter ? supposed_.suppose(node, value) : supposed_.suppose(node, record_, value);
    }
}

/// Computed where it is not the same as one that has been.
std::string Tries::outcome_as_felt() {
    const auto felt = supposed_.felt(decision_.id, record_);
    if (!felt) return outcome();
    const auto [place, is_new] = by_felt_.try_emplace(*felt);
    if (is_new) place->second = outcome();
    return place->second;
}

std::string Tries::outcome() {
    try {
        if (supposed_.stays(decision_.id, record_)) return now_;
        return outcome_of(supposed_.outcome(decision_.id, record_), supposed_.value(decision_.id, record_));
    } catch (const InputError&) {
        return "";  // an outcome that the decision does not declare
    }
}

}  // namespace zoneval::audit
