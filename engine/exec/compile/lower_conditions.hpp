// Comparisons, three-valued logic and choices to kernels, with what each makes of nulls.
#pragma once

#include "engine/exec/compile/lower_numbers.hpp"
#include "engine/exec/compile/text_codes.hpp"

namespace zoneval::exec {

class ConditionLowering {
  public:
    ConditionLowering(Emitter& emitter, RegisterFacts& facts, NumberLowering& numbers, Constants& constants,
                      TextCodes& texts)
        : emitter_(emitter), facts_(facts), numbers_(numbers), constants_(constants), texts_(texts) {}

    Maybe negated(const Compiled& a);
    Compiled is_null(const Compiled& a, bool wanted);
    /// `test`: as `in`, `between` and table cells compare, which take nulls as absent.
    Maybe compare(feel::BinaryOp op, const Compiled& a, const Compiled& b, bool test);
    /// Of the values behind nulls too.
    Maybe raw_compare(feel::BinaryOp op, const Compiled& a, const Compiled& b);
    /// Three-valued `and` (deciding false) or `or` (true).
    Compiled junction(const Compiled& a, const Compiled& b, bool deciding);
    Maybe choose(const Compiled& condition, const Compiled& then, const Compiled& otherwise);

  private:
    Maybe order_numbers(feel::BinaryOp op, Compiled a, Compiled b, Ref mask);
    Compiled with_nulls(Ref raw, const Compiled& a, const Compiled& b, Relation relation);
    bool same_form(Compiled& a, Compiled& b);
    Ref chosen_mask(const Compiled& condition, Ref then, Ref otherwise);

    Emitter& emitter_;
    RegisterFacts& facts_;
    NumberLowering& numbers_;
    Constants& constants_;
    TextCodes& texts_;
};

}  // namespace zoneval::exec
