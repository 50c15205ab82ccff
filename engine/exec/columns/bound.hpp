// How far a double in a column can be from the decimal it stands for. docs/exactness.md has the proofs.
#pragma once

#include <optional>

#include "engine/feel/value/decimal.hpp"

namespace zoneval::exec {

/// Of all numbers k of one column: they stand for K / 10^scale, where K is what decimal arithmetic gives, and
/// |k - K| <= absolute + relative * |k|. Known before any row is computed.
struct Bound {
    double low = 0, high = 0;  ///< of k
    double absolute = 0, relative = 0;
    double tiny = 1;  ///< no k but 0 is smaller: far from where doubles lose their precision
    int scale = 0;
    bool nonzero = false;  ///< no row with a value has 0, though the interval may hold it

    /// k is a whole number below 2^53 and equals K.
    bool exact() const { return absolute == 0 && relative == 0; }
    double most() const { return low < -high ? -low : high < 0 ? -high : high > -low ? high : -low; }  ///< of |k|
    double least() const;  ///< of |k| where k is not 0
    bool may_be_zero() const { return low <= 0 && high >= 0; }
    bool never_zero() const { return nonzero || !may_be_zero(); }
};

/// 2^-53 and a little: one rounding of a double, and beside it one of a decimal128.
inline constexpr double unit_roundoff = 0x1.00001p-53;
/// Every whole number up to here is a double.
inline constexpr double exact_limit = 0x1p53;

/// The double and the bound of a constant; nullopt when it is out of reach (then there is no kernel).
struct Constant {
    double k;
    Bound bound;
};
std::optional<Constant> constant_of(feel::Decimal number);
/// 10^n, for 0 <= n <= 22 (a double exactly); nullopt otherwise.
std::optional<double> power_of_ten(int n);

// The bound of a result; nullopt when none can be given. Operands of add, minimum and maximum have one scale.
std::optional<Bound> add_bound(const Bound& a, const Bound& b);
std::optional<Bound> multiply_bound(const Bound& a, const Bound& b);
std::optional<Bound> divide_bound(const Bound& a, const Bound& b);
/// Of columns whose numbers have no absolute error and an even number of decimals.
std::optional<Bound> root_bound(const Bound& a);
// Of columns without a scale. What lies at or below 0 has no value (of log), or 0 or none (of power).
std::optional<Bound> log_bound(const Bound& a);
std::optional<Bound> exp_bound(const Bound& a);
std::optional<Bound> power_bound(const Bound& base, const Bound& exponent);
Bound extreme_bound(const Bound& a, const Bound& b, bool least);
Bound negate_bound(const Bound& a);
Bound absolute_bound(const Bound& a);
/// Of values that are one of a's or one of b's.
Bound either_bound(const Bound& a, const Bound& b);
/// 10^n as a double; exact where n is not negative. nullopt beyond 22.
std::optional<double> scaling_by(int n);
/// k times scaling_by(n); the scale grows by n, the value stays.
std::optional<Bound> rescale_bound(const Bound& a, int n);

}  // namespace zoneval::exec
