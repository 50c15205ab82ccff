// Decisions to kernels: which rule hits, and what its outcome is. Rows that wait for data, and outcomes that are not
// plain, are put in doubt and so left to the reference evaluator.
#pragma once

#include "engine/exec/compile/lower_formulas.hpp"
#include "engine/exec/compile/second_look.hpp"

namespace zoneval::exec {

class DecisionLowering {
  public:
    DecisionLowering(Emitter& emitter, FormulaLowering& formulas, ConditionLowering& conditions, Constants& constants,
                     TextCodes& texts, SecondLook& second_look)
        : emitter_(emitter),
          formulas_(formulas),
          conditions_(conditions),
          constants_(constants),
          texts_(texts),
          second_look_(second_look) {}

    /// nullopt: there is no kernel.
    std::optional<CompiledDecision> decision(const graph::Node& node);

  private:
    /// What rules come to, in their order; the last is what holds otherwise, if there is that.
    using Outcomes = std::vector<Maybe>;

    bool hit(const model::Decision& decision, const Outcomes& outcomes, bool has_default, CompiledDecision& out);
    std::optional<CompiledDecision> all_hits(CompiledDecision out);
    bool every_rule_counts(const model::Decision& decision, const Outcomes& outcomes, CompiledDecision& out);
    void doubt_conflicts(CompiledDecision& out, const std::vector<const feel::Value*>& outcomes);
    bool set_value(const model::Decision& decision, const Outcomes& outcomes, bool has_default, CompiledDecision& out);
    Maybe chosen(const Outcomes& outcomes, Ref hit);
    bool doubt_undeclared(const model::Decision& decision, Compiled& value, CompiledDecision& out);
    void put_in_doubt(Ref lanes, CompiledDecision& decision);
    void look_again(Ref lanes, CompiledDecision& decision);

    Emitter& emitter_;
    FormulaLowering& formulas_;
    ConditionLowering& conditions_;
    Constants& constants_;
    TextCodes& texts_;
    SecondLook& second_look_;
};

}  // namespace zoneval::exec
