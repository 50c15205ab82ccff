// Definitions to a program of kernels. What has no kernel is left to the reference evaluator (docs/exactness.md).
#pragma once

#include "engine/exec/compile/lower_decisions.hpp"

namespace zoneval::exec {

class Compiler : private Definitions {
  public:
    Compiler(Inputs inputs, StringCodes& strings);

    /// Compiles a node and has its values written to a column; false when there is no kernel for it.
    bool write(graph::NodeId node, NodeColumn& column);
    /// The same for a decision's rules.
    bool write(graph::NodeId node, DecisionColumn& column);
    /// Writes which records' values may rest on blanks that scores left out.
    void write_left_out(graph::NodeId node, NodeColumn& column);

    /// The program, once everything is written. It points to what lives as long as the compiler.
    const Program& finished();

    /// What there was no kernel for, by definition, of all that were compiled so far.
    const std::map<graph::NodeId, Refusal>& refusals() const { return refusals_; }

  private:
    Maybe node(graph::NodeId id) override;
    Maybe over(graph::NodeId list, feel::Kernel aggregate) override;
    const std::optional<CompiledDecision>& decision(graph::NodeId id) override;
    Maybe compile_node(graph::NodeId id);
    Maybe given_nulls(Maybe value);
    template <class F>
    auto compile_for(graph::NodeId id, F compile);

    Inputs inputs_;
    Emitter emitter_;
    RegisterFacts facts_;
    Constants constants_;
    TextCodes texts_;
    NumberLowering numbers_;
    ConditionLowering conditions_;
    ColumnLoads loads_;
    FormulaLowering formulas_;
    SecondLook second_look_;
    DecisionLowering decisions_;
    std::vector<std::optional<Maybe>> nodes_;  ///< by id, once compiled
    std::map<graph::NodeId, std::optional<CompiledDecision>> compiled_decisions_;
    std::map<graph::NodeId, Refusal> refusals_;
};

}  // namespace zoneval::exec
