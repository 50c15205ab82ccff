// Formulas to kernels. Each form mirrors what the reference evaluator does (feel/evaluation) under
// NullMeaning::unknown; tests/exec compares the two.
#pragma once

#include <unordered_map>

#include "engine/exec/compile/lower_conditions.hpp"
#include "engine/exec/compile/refusal.hpp"

namespace zoneval::exec {

class FormulaLowering {
  public:
    FormulaLowering(const graph::Graph& graph, Definitions& definitions, StringCodes& strings, Emitter& emitter,
                    NumberLowering& numbers, ConditionLowering& conditions, Constants& constants, TextCodes& texts)
        : graph_(graph),
          definitions_(definitions),
          strings_(strings),
          emitter_(emitter),
          numbers_(numbers),
          conditions_(conditions),
          constants_(constants),
          texts_(texts) {}

    Maybe formula(const feel::Expr& expr);
    /// The conditions of a rule together: a constant true if there are none.
    Maybe all_of(const std::vector<graph::Condition>& conditions);

    /// Another definition is compiled in between.
    struct Context {
        std::optional<Compiled> tested;  ///< `?` while a table's cells are compiled
        std::optional<Refusal> refusal;  ///< the first
    };
    Context enter() { return std::exchange(context_, {}); }
    /// Returns what was refused since.
    std::optional<Refusal> leave(Context to) { return std::exchange(context_, to).refusal; }
    void refuse(Refusal::Why why, const feel::Expr* formula = nullptr) {
        if (!context_.refusal) context_.refusal = Refusal{why, formula};
    }

  private:
    Maybe form(const feel::Expr& expr);
    Maybe binary(const feel::Expr& expr, const feel::Binary& form);
    Maybe between(const feel::Between& form);
    Maybe choice(const feel::If& form);
    const feel::Expr* branch_taken(const feel::If& form);
    const feel::Expr& list_picked(const feel::Expr& list);
    Maybe with_bound(const feel::Expr& expr, Maybe number);

    Maybe call(const feel::Expr& expr, const feel::Call& call);
    Maybe of_operands(const feel::Expr& expr, const feel::Call& call, const std::vector<Compiled>& operands);
    Maybe rounded(const std::vector<Compiled>& operands, feel::Rounding mode);
    Maybe folded_by(feel::BinaryOp op, const std::vector<Compiled>& operands);
    Maybe contains(const feel::Call& call);
    Maybe over(const feel::Expr& expr, feel::Kernel kernel, const feel::Expr& list);
    Maybe total(const std::vector<Compiled>& operands, bool mean);
    Maybe joined(const std::vector<Compiled>& operands, bool any);
    std::optional<std::vector<Compiled>> operands_of(const feel::Call& call, bool aggregate);

    Maybe tests(const std::vector<feel::Test>& tests, const Compiled& input, bool negated);
    Maybe one_test(const feel::Test& test, const Compiled& input);
    Maybe in_range(const feel::RangeExpr& range, const Compiled& input);
    Maybe constant_operand(const feel::Expr& expr);

    bool is_constant(const feel::Expr& expr);
    bool is_constant_form(const feel::Expr& expr);
    Maybe folded(const feel::Expr& expr);
    std::vector<feel::Value> constant_frame(const feel::Expr& expr);

    // lower_texts.cpp
    Maybe text_call(const feel::Expr& expr, const feel::Call& call);
    Maybe of_text(const feel::Expr& expr, std::size_t operand, const Compiled& text);
    std::optional<std::vector<feel::Value>> of_each_text(const feel::Expr& expr, std::size_t operand,
                                                         const OwnCodes& own);

    const graph::Graph& graph_;
    Definitions& definitions_;
    StringCodes& strings_;
    Emitter& emitter_;
    NumberLowering& numbers_;
    ConditionLowering& conditions_;
    Constants& constants_;
    TextCodes& texts_;
    Context context_;
    std::unordered_map<const feel::Expr*, bool> constant_;  ///< of parts of the graph's formulas that were looked at
    bool of_copies_ = false;                                ///< formulas at hand are copies, and will be gone
};

}  // namespace zoneval::exec
