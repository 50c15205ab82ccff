// Values supposed of one record's figures, or of parameters, and what its outcome would be. Not for other folders.
#pragma once

#include <map>
#include <set>

#include "engine/audit/would_change.hpp"
#include "engine/exec/reference/counterfactual.hpp"

namespace zoneval::audit {

/// Each set of values is tried once. An outcome is found twice as far as both are asked for: with all others' ranks and
/// points computed anew, which is the answer, and with the others' as they stand, which is nearly the same for a small
/// part of the time, and tells where to look.
class Tries {
  public:
    using What = std::vector<std::pair<graph::NodeId, feel::Value>>;  ///< of inputs, or of one parameter
    /// All must outlive it.
    Tries(const exec::Evaluation& evaluation, const exec::History& history, const graph::Node& decision,
          std::size_t record);

    /// As things are. Outcomes are as they are written; empty: undetermined.
    const std::string& now() const { return now_; }
    graph::NodeId score() const { return score_; }  ///< behind the decision; -1: there is none
    /// All that was tried, as texts.
    void add_tried(std::set<std::string>& out) const {
        for (const auto& [what, found] : seen_) out.insert(what);
    }
    /// There are too many others to compute theirs anew: the outcomes are those of the first order.
    bool others_stand() const { return others_stand_; }
    bool many_others() const { return e_.size() > few_records; }
    /// Whether trying a parameter takes others' figures anew, of more than there is time for.
    bool too_much(graph::NodeId parameter);
    bool is_parameter(graph::NodeId node) const {
        return std::holds_alternative<graph::ParameterForm>(e_.graph->node(node).form);
    }
    bool can(graph::NodeId input) const { return view_.supposed.can_suppose(input); }
    /// Whether something is missing behind the record's value, as things are.
    bool blank_behind(graph::NodeId node);
    /// Precondition: there is a score.
    feel::Value score_with(graph::NodeId node, const feel::Value& value);

    const std::string& with(const What& what);
    const std::string& with(graph::NodeId node, const feel::Value& value) { return with(What{{node, value}}); }
    /// While the others' ranks and points stand.
    const std::string& first_order(const What& what);
    bool differs(graph::NodeId node, const feel::Value& value) { return with(node, value) != now_; }
    WouldChange::Flip flip(graph::NodeId node, const feel::Value& value);

  private:
    static constexpr std::size_t few_records = 2'000;
    struct Seen {
        std::optional<std::string> outcome, first_order;
    };
    /// What others do meanwhile, and outcomes by what the decision feels of what is supposed.
    struct View {
        View(const exec::Evaluation& e, const exec::History& history, exec::Counterfactual::Others others)
            : supposed(e, history, others) {}
        exec::Counterfactual supposed;
        std::map<std::string, std::string> by_felt;
    };
    Seen& seen(const What& what);
    void suppose(View& view, const What& what);
    std::string outcome_as_felt(View& view);
    std::string outcome(View& view);

    const exec::Evaluation& e_;
    const exec::History& history_;
    const graph::Node& decision_;
    std::size_t record_;
    bool others_stand_;
    View view_;
    std::optional<View> standing_;  ///< while others stand; made when it is asked for
    std::string now_;
    graph::NodeId score_ = -1;
    std::map<std::string, Seen> seen_;
};

}  // namespace zoneval::audit
