// The loops over a batch of rows. Compiled once for each instruction set (kernels_*.cpp); all give the same bits.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "engine/feel/value/decimal.hpp"

namespace zoneval::exec {

/// Why a value is null: the kinds of missing data it goes back to, one bit each. 0: there is a value.
using Mask = std::uint8_t;
inline constexpr Mask mask_failed = 1;          ///< an operation without a result (division by zero)
inline constexpr Mask mask_not_applicable = 4;  ///< bit i is feel::Missing i
inline constexpr Mask mask_too_small = 16;
inline constexpr Mask mask_plain = 64;  ///< a written `null`, which goes back to nothing
/// The bits that make a value unknown, rather than absent.
inline constexpr Mask mask_unknown = static_cast<Mask>(~(mask_not_applicable | mask_plain));

// What a kernel is given, beside where its result goes (a pointer) and the number of rows.

/// An operand: one for each row, or one for all.
template <class T>
struct In {
    const T* at = nullptr;
    bool single = false;
};

/// The same for numbers, which also come as whole numbers of a column.
template <>
struct In<double> {
    const double* at = nullptr;
    bool single = false;
    const std::int32_t* whole = nullptr;  ///< then not `at`
};

/// A register that is added to: read as well as written.
template <class T>
struct Onto {
    T* at;
};

/// A column from a row on. `rows` picks rows; nullptr: from `first` on.
template <class T>
struct Slice {
    const T* at;
    const std::uint32_t* rows;
    std::size_t first;
};

/// Numbers of groups, and which group each record is in; UINT32_MAX stands for the last number, `nobody`.
struct ByGroup {
    const double* numbers;
    std::size_t nobody;
    const std::uint32_t* group;  ///< of the batch's first record on
};

/// What each code or byte stands for.
template <class T>
struct Entries {
    const T* at;
};

// What an instruction carries beside its operands. All compare, so that equal instructions can be found.

/// Bits of masks.
struct MissingKinds {
    Mask bits = 0;
    friend auto operator<=>(const MissingKinds&, const MissingKinds&) = default;
};

/// The truth that decides a junction whatever the other side is: false an `and`, true an `or`.
struct Deciding {
    bool truth = false;
    friend auto operator<=>(const Deciding&, const Deciding&) = default;
};

/// How far apart two numbers or a number and a boundary must be to be told apart: absolute + relative * |k|.
struct Margin {
    double absolute = 0, left = 0, right = 0;
    friend auto operator<=>(const Margin&, const Margin&) = default;
};

/// What `if missing` makes of an unknown condition.
struct IfMissing {
    Mask counts_false = 0, counts_true = 0;
    friend auto operator<=>(const IfMissing&, const IfMissing&) = default;
};

/// What turns dividend / divisor into the number to round: dividend * above / (divisor * below), whole numbers.
struct Quotient {
    std::int64_t above = 1, below = 1;
    friend auto operator<=>(const Quotient&, const Quotient&) = default;
};

/// How to round.
struct RoundTo {
    feel::Rounding mode = feel::Rounding::half_even;
    double power = 1;   ///< round_exact: what to divide by; else to multiply by
    Margin margin;      ///< round_quotient: `absolute` alone
    Quotient quotient;  ///< of round_quotient
    friend auto operator<=>(const RoundTo&, const RoundTo&) = default;
};

/// (x + offset) * factor, within low..high.
struct Clamp {
    double offset = 0, factor = 1, low = 0, high = 0;
    friend auto operator<=>(const Clamp&, const Clamp&) = default;
};

/// Comparisons differ in what they make of nulls (feel/operators.cpp): a value that is not applicable is different from
/// everything, and a written null equals only another; tests (`in`, `between`, table cells) take both as absent.
enum class Relation : std::uint8_t { ordered, equal, different, test, test_different };

/// x * factor, where x may be clamped first; or `otherwise` where the condition is not 0 (or is, if reversed).
struct Addend {
    In<double> x;
    bool clamped = false;
    Clamp clamp;
    double factor = 1;
    In<std::uint8_t> condition;  ///< at nullptr: none
    bool reversed = false;
    double otherwise = 0;
};
using Addends = std::span<const Addend>;

/// What numbers lie between; none: low > high.
struct Span {
    double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
};

/// Of one instruction set: a kernel for each operation.
struct Kernels {
    const char* name;
#define ZONEVAL_OPERATION(operation, ...) void (*operation)(__VA_ARGS__, std::size_t n);
#include "engine/exec/columns/operations.def"
#undef ZONEVAL_OPERATION
    void (*copy)(double* out, In<double> a, std::size_t n);
    /// Widens a span to hold all that are there.
    void (*span)(In<double> a, In<Mask> mask, Span& span, std::size_t n);
};

/// Of this machine.
const Kernels& kernels();

extern const Kernels kernels_base, kernels_v3, kernels_v4;

}  // namespace zoneval::exec
