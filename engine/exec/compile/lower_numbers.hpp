// Arithmetic and rounding to kernels: aligning scales, carrying bounds, and no kernel where there is no bound.
#pragma once

#include "engine/exec/compile/compiled.hpp"
#include "engine/exec/compile/emitter.hpp"
#include "engine/exec/compile/register_facts.hpp"
#include "engine/feel/syntax/ast.hpp"

namespace zoneval::exec {

/// Operands of any kind; nullopt where they are not numbers, or the result has no bound.
class NumberLowering {
  public:
    NumberLowering(Emitter& emitter, RegisterFacts& facts) : emitter_(emitter), facts_(facts) {}

    Maybe arithmetic(feel::BinaryOp op, const Compiled& a, const Compiled& b);
    Maybe divide(const Compiled& a, const Compiled& b);
    Maybe negated(const Compiled& a);
    Maybe absolute(const Compiled& a);
    Maybe modulo(Compiled a, Compiled b);
    Maybe square_root(const Compiled& a);
    Maybe logarithm(const Compiled& a);
    Maybe exponential(const Compiled& a);
    Maybe extreme(const std::vector<Compiled>& all, bool least);
    Maybe median(std::vector<Compiled> all);
    Maybe rounded(const Compiled& a, int decimals, feel::Rounding mode);
    /// Brings both to one scale.
    bool align(Compiled& a, Compiled& b);

  private:
    Maybe add(Compiled a, Compiled b, bool subtract);
    Maybe multiply(const Compiled& a, const Compiled& b);
    Maybe power(const Compiled& a, const Compiled& exponent);
    Maybe whole_power(const Compiled& a, std::int64_t exponent);
    Maybe constant_power(const Compiled& a, const Compiled& exponent);
    Maybe any_power(const Compiled& a, const Compiled& exponent);
    Maybe without_scale(const Compiled& a);
    Maybe divide_exactly(const Compiled& a, const Compiled& b);
    Maybe scaled_by(const Compiled& a, double factor, const Bound& factor_bound);
    Ref times(Ref a, double factor, bool exact);
    Maybe rescaled(const Compiled& a, int scale);
    Maybe rounded_exactly(const Compiled& a, int decimals, feel::Rounding mode);
    Compiled failed_where_zero(Compiled value, const Compiled& divisor);
    std::optional<Ref> rounded_quotient(const Compiled& a, int decimals, Ref mask, RoundTo to);

    Emitter& emitter_;
    RegisterFacts& facts_;
};

}  // namespace zoneval::exec
