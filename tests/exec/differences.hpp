// Two evaluations of the same records, compared in everything that anyone can see.
#pragma once

#include <set>
#include <string>

#include "engine/exec/results/evaluation.hpp"
#include "engine/feel/value/cause.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::testing {

/// A value as printed; a null with what it goes back to (each reason once: trees share parts in other ways).
inline std::string shown(const feel::Value& value) {
    if (!value.is_null()) return value.to_feel();
    if (!value.cause()) return "null";
    std::set<std::string> reasons;
    for (const auto& leaf : feel::leaves(value.cause())) reasons.insert(wording::say(*leaf, wording::Language::en));
    std::string out = "null: " + wording::say(*value.cause(), wording::Language::en);
    for (const auto& reason : reasons) out += "; " + reason;
    return out;
}

inline std::string shown(const exec::Outcome& o) {
    auto out = "ending " + std::to_string(o.ending.index());
    if (const auto rule = o.rule()) out += ", rule " + std::to_string(*rule);
    if (const auto* both = o.conflict())
        out += ", rules " + std::to_string(both->first) + ", " + std::to_string(both->second);
    if (const auto* open = o.open()) {
        if (open->anything) out += " anything";
        for (const auto& v : open->possible) out += " " + v.to_feel();
        for (const auto& w : open->waiting_for) out += ", waits for " + w;
        for (const auto& f : open->failed) out += ", failed: " + f;
    }
    return out + (o.because.empty() ? "" : ", because " + o.because);
}

/// A value with the blanks put back.
inline std::string shown(const std::optional<exec::AbstractValue>& filled) {
    if (!filled) return "-";
    if (!filled->open()) return filled->value.to_feel();
    std::string out = "open";
    if (filled->low) out += " from " + filled->low->to_string();
    if (filled->high) out += " to " + filled->high->to_string();
    for (const auto& option : filled->options) out += " " + option.to_feel();
    return out;
}

/// What later years read beside the values.
inline std::string reopened(const exec::Evaluation& e, std::size_t i) {
    std::string out;
    for (const auto& [id, filled] : e.reopened(exec::read_later(*e.graph), i))
        out += e.graph->node(id).name + ": " + shown(filled.of_scores) + ", " + shown(filled.all) + "; ";
    return out;
}

/// Every definition and outcome of every record: the first difference, or "".
inline std::string difference(const exec::Evaluation& a, const exec::Evaluation& b) {
    if (a.rows != b.rows) return "the cohorts differ";
    for (const auto& node : a.graph->nodes) {
        if (node.id == a.graph->tested) continue;
        for (std::size_t i = 0; i < a.size(); ++i)
            if (const auto x = shown(a.value(node.id, i)), y = shown(b.value(node.id, i)); x != y)
                return node.name + " of " + a.record(i) + ": " + x + " by the reference, " + y + " by columns";
    }
    for (const auto id : a.decisions)
        for (std::size_t i = 0; i < a.size(); ++i)
            if (const auto x = shown(a.outcome(id, i)), y = shown(b.outcome(id, i)); x != y)
                return a.graph->node(id).name + " of " + a.record(i) + ": " + x + " by the reference, " + y +
                       " by columns";
    for (std::size_t i = 0; i < a.size(); ++i)
        if (const auto x = reopened(a, i), y = reopened(b, i); x != y)
            return "with the blanks of " + a.record(i) + " put back: " + x + " by the reference, " + y + " by columns";
    return "";
}

}  // namespace zoneval::testing
