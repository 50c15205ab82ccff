// Which rows need the second look that decisions with adverse outcomes take (decisions/guard.cpp).
#pragma once

#include "engine/exec/compile/emitter.hpp"
#include "engine/exec/compile/load_columns.hpp"

namespace zoneval::exec {

class SecondLook {
  public:
    SecondLook(const Inputs& inputs, Definitions& definitions, Emitter& emitter, ColumnLoads& loads)
        : inputs_(inputs), graph_(*inputs.graph), definitions_(definitions), emitter_(emitter), loads_(loads) {}

    /// The rows that a second look may change, in parts: adverse outcomes and unsteady ones where a blank was made a
    /// fact of, and everything where a score left one out.
    std::vector<Ref> rows(const graph::Node& node, const std::vector<Maybe>& outcomes,
                          const CompiledDecision& decision);
    /// Rows in which a node's value may rest on blanks that were made facts of.
    Ref left_out(const graph::Node& node);

  private:
    Ref unknown(graph::NodeId id);
    Ref blanks_behind(const std::vector<graph::NodeId>& makers);
    Ref unknown_before_hit(const CompiledDecision& decision);
    /// nullopt: every row in which a blank was made a fact of.
    std::optional<Ref> unsteady(const graph::Node& node, const CompiledDecision& own);

    const Inputs& inputs_;
    const graph::Graph& graph_;
    Definitions& definitions_;
    Emitter& emitter_;
    ColumnLoads& loads_;
};

}  // namespace zoneval::exec
