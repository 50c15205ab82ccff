// The loops over a batch of rows. Compiled once for each instruction set (kernels_*.cpp); all give the same bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

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

/// How far apart two numbers or a number and a boundary must be to be told apart: absolute + relative * |k|.
struct Margin {
    double absolute = 0, left = 0, right = 0;
};

/// What `if missing` makes of an unknown condition.
struct IfMissing {
    Mask counts_false = 0, counts_true = 0;
};

/// What turns dividend / divisor into the number to round: dividend * above / (divisor * below), whole numbers.
struct Quotient {
    std::int64_t above = 1, below = 1;
};

/// What numbers lie between; none: low > high.
struct Span {
    double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
};

/// (x + offset) * factor, within low..high.
struct Clamp {
    double offset = 0, factor = 1, low = 0, high = 0;
};

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

/// Comparisons differ in what they make of nulls (feel/operators.cpp): a value that is not applicable is different from
/// everything, and a written null equals only another; tests (`in`, `between`, table cells) take both as absent.
enum class Relation : std::uint8_t { ordered, equal, different, test, test_different };

struct Kernels {
    const char* name;

    // Columns to registers. `rows` picks rows; nullptr: from `first` on.
    void (*load_small)(double* out, const std::int32_t* column, const std::uint32_t* rows, std::size_t first,
                       std::size_t n);
    void (*load_integers)(double* out, const std::int64_t* column, const std::uint32_t* rows, std::size_t first,
                          std::size_t n);
    void (*load_numbers)(double* out, const double* column, const std::uint32_t* rows, std::size_t first,
                         std::size_t n);
    void (*load_bytes)(std::uint8_t* out, const std::uint8_t* column, const std::uint32_t* rows, std::size_t first,
                       std::size_t n);
    void (*load_codes)(std::uint16_t* out, const std::uint16_t* column, const std::uint32_t* rows, std::size_t first,
                       std::size_t n);
    void (*load_places)(double* out, const std::uint32_t* column, std::size_t first, std::size_t n);
    /// A number of each record's group; `group` UINT32_MAX stands for the last, `nobody`.
    void (*load_by_group)(double* out, const double* numbers, std::size_t nobody, const std::uint32_t* group,
                          std::size_t first, std::size_t n);
    /// A column's own codes, below 65,536.
    void (*load_strings)(std::uint16_t* out, const std::uint32_t* column, const std::uint32_t* rows, std::size_t first,
                         std::size_t n);
    /// Masks of a table column's states, in which the kinds of missing data in `kinds` occur.
    void (*load_states)(Mask* out, const std::uint8_t* column, Mask kinds, const std::uint32_t* rows, std::size_t first,
                        std::size_t n);

    // Numbers.
    void (*add)(double* out, In<double> a, In<double> b, std::size_t n);
    void (*subtract)(double* out, In<double> a, In<double> b, std::size_t n);
    void (*multiply)(double* out, In<double> a, In<double> b, std::size_t n);
    /// 0 where b is 0.
    void (*divide)(double* out, In<double> a, In<double> b, std::size_t n);
    /// Of whole numbers, with the divisor's sign; 0 where b is 0.
    void (*modulo)(double* out, In<double> a, In<double> b, std::size_t n);
    /// 0 of negative numbers.
    void (*square_root)(double* out, In<double> a, std::size_t n);
    void (*minimum)(double* out, In<double> a, In<double> b, std::size_t n);
    void (*maximum)(double* out, In<double> a, In<double> b, std::size_t n);
    void (*absolute)(double* out, In<double> a, std::size_t n);
    void (*copy)(double* out, In<double> a, std::size_t n);
    /// Widens a span to hold all that are there.
    void (*span)(In<double> a, In<Mask> mask, Span& span, std::size_t n);
    void (*clamp)(double* out, In<double> a, const Clamp& to, std::size_t n);
    /// From the first to the last.
    void (*sum)(double* out, const Addend* addends, std::size_t count, std::size_t n);
    /// Whole numbers divided by 10^m and rounded; exact.
    void (*round_exact)(double* out, In<double> a, double power, feel::Rounding mode, std::size_t n);
    /// a * power rounded to whole numbers; `doubt` where the margin reaches a boundary and there is a value.
    void (*round_near)(double* out, std::uint8_t* doubt, In<double> a, double power, Margin margin, feel::Rounding mode,
                       In<Mask> mask, std::size_t n);

    /// The quotient of whole numbers, rounded so: where the margin does not tell, the quotient itself does, in 128
    /// bits.
    void (*round_quotient)(double* out, In<double> dividend, In<double> divisor, double power, double margin,
                           feel::Rounding mode, Quotient quotient, In<Mask> mask, std::size_t n);

    // Comparisons: 1 or 0; 0 where null.
    void (*less)(std::uint8_t* out, In<double> a, In<double> b, In<Mask> mask, std::size_t n);
    void (*less_equal)(std::uint8_t* out, In<double> a, In<double> b, In<Mask> mask, std::size_t n);
    void (*equal)(std::uint8_t* out, In<double> a, In<double> b, In<Mask> mask, std::size_t n);
    /// doubt |= a and b are too close to tell, and there is a value.
    void (*near)(std::uint8_t* doubt, In<double> a, In<double> b, Margin margin, In<Mask> mask, std::size_t n);
    void (*codes_equal)(std::uint8_t* out, In<std::uint16_t> a, In<std::uint16_t> b, In<Mask> mask, std::size_t n);

    // Bytes that are 0 or 1, and masks.
    void (*bytes_equal)(std::uint8_t* out, In<std::uint8_t> a, In<std::uint8_t> b, std::size_t n);
    void (*bytes_and)(std::uint8_t* out, In<std::uint8_t> a, In<std::uint8_t> b, std::size_t n);
    void (*bytes_or)(std::uint8_t* out, In<std::uint8_t> a, In<std::uint8_t> b, std::size_t n);
    void (*bytes_add)(std::uint8_t* out, In<std::uint8_t> a, std::size_t n);                  ///< out |= a
    void (*negate)(std::uint8_t* out, In<std::uint8_t> truth, In<Mask> mask, std::size_t n);  ///< 0 where null
    void (*has_bits)(std::uint8_t* out, In<Mask> mask, Mask bits, std::size_t n);
    void (*keep_known)(std::uint8_t* out, In<std::uint8_t> truth, In<Mask> mask, std::size_t n);  ///< 0 where null
    void (*mask_join)(Mask* out, In<Mask> a, In<Mask> b, std::size_t n);  ///< of a result that needs both
    void (*mask_quotient)(Mask* out, In<Mask> a, In<std::uint8_t> failed, std::size_t n);
    /// Of a three-valued `and` (deciding 0) or `or` (1).
    void (*mask_junction)(Mask* out, In<std::uint8_t> a, In<Mask> ma, In<std::uint8_t> b, In<Mask> mb,
                          std::uint8_t deciding, std::size_t n);
    /// A comparison with its nulls, from `raw`: what the values behind it give.
    void (*compare_nulls)(std::uint8_t* truth, In<std::uint8_t> raw, In<Mask> a, In<Mask> b, Relation relation,
                          std::size_t n);
    void (*compare_mask)(Mask* out, In<Mask> a, In<Mask> b, Relation relation, std::size_t n);
    void (*select_numbers)(double* out, In<std::uint8_t> condition, In<double> a, In<double> b, std::size_t n);
    void (*select_codes)(std::uint16_t* out, In<std::uint8_t> condition, In<std::uint16_t> a, In<std::uint16_t> b,
                         std::size_t n);
    void (*select_bytes)(std::uint8_t* out, In<std::uint8_t> condition, In<std::uint8_t> a, In<std::uint8_t> b,
                         std::size_t n);
    /// Where the condition is unknown: null for its reasons, unless both branches are the same value.
    void (*open_condition)(Mask* out, In<Mask> condition, In<Mask> a, In<Mask> b, In<Mask> chosen,
                           In<std::uint8_t> same, std::size_t n);

    /// Whether a rule holds, by its condition and what it makes of an unknown one.
    void (*rule_holds)(std::uint8_t* out, In<std::uint8_t> truth, In<Mask> mask, IfMissing missing, std::size_t n);
    /// 1 where it can neither be said to hold nor not to; else as before.
    void (*rule_open)(std::uint8_t* out, In<Mask> mask, In<std::uint8_t> before, IfMissing missing, std::size_t n);
    void (*codes_of_bytes)(std::uint16_t* out, const std::uint8_t* in, const std::uint16_t* table, std::size_t n);
    void (*codes_of_codes)(std::uint16_t* out, const std::uint16_t* in, const std::uint16_t* table, std::size_t n);
    void (*bytes_of_codes)(std::uint8_t* out, const std::uint16_t* in, const std::uint8_t* table, std::size_t n);
    void (*numbers_of_codes)(double* out, const std::uint16_t* in, const double* table, std::size_t n);
};

/// Of this machine.
const Kernels& kernels();

extern const Kernels kernels_base, kernels_v3, kernels_v4;

}  // namespace zoneval::exec
