#include "engine/audit/tries.hpp"

namespace zoneval::audit {

using exec::Counterfactual;
using feel::Value;
using graph::NodeId;
using Flip = WouldChange::Flip;

namespace {

constexpr std::size_t most_records = 20'000;  ///< of whom others' figures are computed anew

std::string outcome_of(const exec::Outcome& outcome, const Value& value) {
    return outcome.settled() ? value.to_string() : "";
}

}  // namespace

Tries::Tries(const exec::Evaluation& evaluation, const exec::History& history, const graph::Node& decision,
             std::size_t record)
    : e_(evaluation),
      history_(history),
      decision_(decision),
      record_(record),
      others_stand_(evaluation.size() > most_records),
      view_(evaluation, history, others_stand_ ? Counterfactual::Others::stand : Counterfactual::Others::move),
      now_(outcome_of(e_.outcome(decision.id, record), e_.value(decision.id, record))) {
    for (const auto id : exec::nodes_behind(*e_.graph, decision))
        if (score_ < 0 && e_.graph->node(id).kind == graph::NodeKind::score) score_ = id;
}

bool Tries::too_much(NodeId parameter) {
    if (!others_stand_) return false;
    suppose(view_, {{parameter, e_.value(parameter, record_)}});
    return view_.supposed.moves_others(decision_.id);
}

bool Tries::blank_behind(NodeId node) {
    view_.supposed.forget();
    return view_.supposed.blank_behind(node, record_);
}

Value Tries::score_with(NodeId node, const Value& value) {
    suppose(view_, {{node, value}});
    return view_.supposed.value(score_, record_);
}

Tries::Seen& Tries::seen(const What& what) {
    std::string key;
    for (const auto& [node, value] : what) key += std::to_string(node) + '=' + value.to_feel() + ';';
    return seen_[std::move(key)];
}

const std::string& Tries::with(const What& what) {
    auto& known = seen(what).outcome;
    if (known) return *known;
    suppose(view_, what);
    return known.emplace(outcome_as_felt(view_));
}

const std::string& Tries::first_order(const What& what) {
    if (others_stand_) return with(what);
    auto& known = seen(what).first_order;
    if (known) return *known;
    if (!standing_) standing_.emplace(e_, history_, Counterfactual::Others::stand);
    suppose(*standing_, what);
    return known.emplace(outcome_as_felt(*standing_));
}

Flip Tries::flip(NodeId node, const Value& value) {
    auto& supposed = view_.supposed;
    Flip out{value, with(node, value), {}, {}};
    suppose(view_, {{node, value}});
    if (score_ >= 0) out.score = supposed.value(score_, record_);
    if (others_stand_ || !supposed.reaches_others(decision_.id)) return out;
    for (std::size_t i = 0; i < e_.size(); ++i)
        if (i != record_ && !supposed.stays(decision_.id, i) &&
            outcome_of(supposed.outcome(decision_.id, i), supposed.value(decision_.id, i)) !=
                outcome_of(e_.outcome(decision_.id, i), e_.value(decision_.id, i)))
            out.also.push_back(e_.record(i));
    return out;
}

void Tries::suppose(View& view, const What& what) {
    view.supposed.forget();
    for (const auto& [node, value] : what)
        is_parameter(node) ? view.supposed.suppose(node, value) : view.supposed.suppose(node, record_, value);
}

/// Computed where it is not the same as one that has been.
std::string Tries::outcome_as_felt(View& view) {
    const auto felt = view.supposed.felt(decision_.id, record_);
    if (!felt) return outcome(view);
    const auto [place, is_new] = view.by_felt.try_emplace(*felt);
    if (is_new) place->second = outcome(view);
    return place->second;
}

std::string Tries::outcome(View& view) {
    try {
        if (view.supposed.stays(decision_.id, record_)) return now_;
        return outcome_of(view.supposed.outcome(decision_.id, record_), view.supposed.value(decision_.id, record_));
    } catch (const InputError&) {
        return "";  // an outcome that the decision does not declare
    }
}

}  // namespace zoneval::audit
