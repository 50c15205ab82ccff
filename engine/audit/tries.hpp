// Values supposed of one record's figures, or of parameters, and what its outcome would be. Not for other folders.
#pragma once

#include <map>

#include "engine/audit/would_change.hpp"
#include "engine/exec/reference/counterfactual.hpp"

namespace zoneval::audit {

/// Each set of values is tried once.
class Tries {
  public:
    using What = std::vector<std::pair<graph::NodeId, feel::Value>>;  ///< of inputs, or of one parameter
    Tries(const assess::Assessment& assessment, const graph::Node& decision, std::size_t record);

    /// As things are. Outcomes are as they are written; empty: undetermined.
    const std::string& now() const { return now_; }
    graph::NodeId score() const { return score_; }  ///< behind the decision; -1: there is none
    std::size_t count() const { return seen_.size(); }
    bool others_stand() const { return others_stand_; }
    /// Whether trying a parameter takes others' figures anew, of more than there is time for.
    bool too_much(graph::NodeId parameter);
    bool can(graph::NodeId input) const { return supposed_.can_suppose(input); }
    /// Whether something is missing behind the record's value, as things are.
    bool blank_behind(graph::NodeId node);
    /// Precondition: there is a score.
    feel::Value score_with(graph::NodeId node, const feel::Value& value);

    const std::string& with(const What& what);
    const std::string& with(graph::NodeId node, const feel::Value& value) { return with(What{{node, value}}); }
    bool differs(graph::NodeId node, const feel::Value& value) { return with(node, value) != now_; }
    WouldChange::Flip flip(graph::NodeId node, const feel::Value& value);

  private:
    void suppose(const What& what);
    std::string outcome_as_felt();
    std::string outcome();

    const exec::Evaluation& e_;
    const graph::Node& decision_;
    std::size_t record_;
    bool others_stand_;
    exec::Counterfactual supposed_;
    std::string now_;
    graph::NodeId score_ = -1;
    std::map<std::string, std::string> seen_, by_felt_;
};

}  // namespace zoneval::audit
