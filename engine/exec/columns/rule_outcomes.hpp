// What a decision came to by its code in a DecisionColumn. Not for other folders.
#pragma once

#include <map>
#include <vector>

#include "engine/exec/columns/program.hpp"
#include "engine/exec/results/evaluation.hpp"

namespace zoneval::exec {

std::size_t rules_of(const graph::Node& decision);
/// The outcome of a rule when it is the same for every record; else nullptr.
const feel::Value* fixed_outcome(const graph::DecisionForm& form, std::size_t rule);
/// Whether the decision gathers the outcomes of all rules that hold into a list, so that its code is the set of those
/// rules, a bit each: few rules without reasons, each with an outcome of its own that is the same for every record.
bool gathers(const graph::Node& decision);

class RuleOutcomes {
  public:
    explicit RuleOutcomes(const graph::Graph& graph);

    /// The value behind a code when it is the same for every record; else nullptr.
    const feel::Value* value(graph::NodeId decision, std::uint8_t code) const;
    /// The single look back whose value is the one behind a code, as where a ladder stays; -1: it is another formula.
    graph::NodeId looked_back_at(graph::NodeId decision, std::uint8_t code) const;
    /// The outcome behind a code, without a reason.
    Outcome plain(graph::NodeId decision, std::uint8_t code) const;
    /// Whether what is behind a code has a reason, which differs from record to record.
    bool explained(graph::NodeId decision, std::uint8_t code) const;
    /// The code of an outcome; `value` is what it came to.
    std::uint8_t code(graph::NodeId decision, const Outcome& outcome, const feel::Value& value) const;

  private:
    const graph::DecisionForm& form(graph::NodeId decision) const;
    const graph::Graph& graph_;
    std::map<graph::NodeId, std::vector<feel::Value>> lists_;  ///< of decisions that gather, by code
};

}  // namespace zoneval::exec
