// Rules as straight-line code over batches of rows, and the columns it reads and writes.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/exec/columns/bound.hpp"
#include "engine/exec/columns/kernels.hpp"
#include "engine/graph/graph.hpp"
#include "engine/table/bulk.hpp"

namespace zoneval::exec {

/// What a register holds for each row: a double, 0 or 1, or the code of a string.
enum class Shape : std::uint8_t { number, truth, code };

/// The strings of a whole run, so that codes of different columns compare. At most 65,535.
class StringCodes {
  public:
    /// The code; nullopt when there are too many.
    std::optional<std::uint16_t> code(std::string_view text);
    const std::string& text(std::uint16_t code) const { return texts_[code]; }

  private:
    std::vector<std::string> texts_;
    std::unordered_map<std::string, std::uint16_t> codes_;
};

/// A node's values for the cohort, in its order.
struct NodeColumn {
    Shape shape = Shape::number;
    bool days = false;  ///< numbers that are dates: days since 1970-01-01
    Bulk<double> numbers;
    std::vector<std::uint8_t> truths;
    std::vector<std::uint16_t> codes;
    std::vector<Mask> masks;  ///< empty: no nulls
    Mask kinds = 0;           ///< bits that occur in masks
    Bound bound;
};

/// What a decision came to: which rule, and whether the record is left to the reference evaluator.
struct DecisionColumn {
    static constexpr std::uint8_t none = 255, open = 254;
    std::vector<std::uint8_t> rules;  ///< index of the rule, or the number of rules for `otherwise`, none or open
};

enum class Op : std::uint8_t {
    load_small,
    load_integers,
    load_numbers,
    load_bytes,
    load_codes,
    load_places,
    load_by_group,
    load_strings,
    load_states,
    fill,
    add,
    subtract,
    multiply,
    divide,
    modulo,
    square_root,
    minimum,
    maximum,
    absolute,
    clamp,
    sum,
    round_exact,
    round_near,
    round_quotient,
    less,
    less_equal,
    equal,
    near,
    codes_equal,
    bytes_equal,
    bytes_and,
    bytes_or,
    bytes_add,
    negate,
    has_bits,
    keep_known,
    mask_join,
    mask_quotient,
    mask_junction,
    compare_nulls,
    compare_mask,
    select_numbers,
    select_codes,
    select_bytes,
    open_condition,
    rule_holds,
    rule_open,
    codes_of_bytes,
    codes_of_codes,
    bytes_of_codes,
    numbers_of_codes,
};

/// A register (>= 0), a constant (<= -2) or nothing.
using Ref = int;
inline constexpr Ref no_ref = -1;

struct Instruction {
    Op op = Op::fill;
    feel::Rounding mode = feel::Rounding::half_even;
    Relation relation = Relation::ordered;
    std::uint8_t number = 0;  ///< mask_junction: what decides; has_bits, load_states: which
    IfMissing missing;
    Ref out = no_ref;    ///< also read by `near` and `bytes_add`, which add to it
    Ref doubt = no_ref;  ///< round_near: rows that it cannot tell are added to
    Ref a = no_ref, b = no_ref, c = no_ref, d = no_ref, e = no_ref;
    std::uint32_t source = 0;  ///< of loads; sum, …_of_…: which sum or table
    double power = 1;
    Margin margin;
    Quotient quotient;
    graph::NodeId node = -1;  ///< what it is computed for
};

/// A column as a load reads it.
struct Source {
    const void* data = nullptr;
    bool by_row = false;                   ///< indexed by the table's row, not by the cohort's order
    const std::uint32_t* group = nullptr;  ///< load_by_group: `data` are `groups` numbers and one for records in none
    std::size_t groups = 0;
};

/// A term of a sum (Addend): x * factor, or `otherwise` where the condition is not 0 (or is, if reversed).
struct Term {
    Ref x = no_ref;
    bool clamped = false;
    Clamp clamp;
    double factor = 1;
    Ref condition = no_ref;
    bool reversed = false;
    double otherwise = 0;
};

struct Program {
    std::vector<Shape> registers;  ///< masks are truths in this respect: bytes
    std::vector<Instruction> code;
    std::vector<double> numbers;  ///< constants: of reference -2 - i
    std::vector<std::uint8_t> bytes;
    std::vector<std::uint16_t> codes;
    std::vector<Source> sources;
    std::vector<std::vector<std::uint16_t>> code_tables;  ///< of codes_of_bytes and codes_of_codes
    std::vector<std::vector<std::uint8_t>> byte_tables;   ///< of bytes_of_codes
    std::vector<std::vector<double>> number_tables;       ///< of numbers_of_codes
    std::vector<std::vector<Term>> sums;
    Ref doubt = no_ref;  ///< rows that decimal arithmetic must settle; no_ref: there are none

    struct Output {
        NodeColumn* column;
        Ref data, mask;
    };
    std::vector<Output> outputs;
    struct Verdict {
        DecisionColumn* column;
        Ref hit;
    };
    std::vector<Verdict> verdicts;
};

/// Calls f(register or constant) for everything an instruction reads.
template <class F>
void for_each_read(const Program& program, const Instruction& i, F f) {
    for (const auto r : {i.a, i.b, i.c, i.d, i.e}) f(r);
    if (i.op == Op::near || i.op == Op::bytes_add) f(i.out);
    if (i.op == Op::round_near) f(i.doubt);
    if (i.op != Op::sum) return;
    for (const auto& term : program.sums[i.source]) f(term.x), f(term.condition);
}

/// Time spent on each node; indices are node ids.
struct Profile {
    std::vector<std::uint64_t> nanoseconds;
};

/// The result does not depend on any of this.
struct RunOptions {
    unsigned threads = 1;
    std::size_t batch = 1024;          ///< rows; a register of doubles is then 8 KiB: some dozens fit a core's cache
    const Kernels* kernels = nullptr;  ///< nullptr: the machine's best
    Profile* profile = nullptr;        ///< then one thread works
    std::function<void(std::size_t done, std::size_t total)> progress;
};

/// Runs the program for all rows of the cohort and fills its outputs. `rows`: the table's row of each record, or
/// nullptr when they are the same. Returns the positions in doubt, ascending.
std::vector<std::uint32_t> run(const Program& program, const std::uint32_t* rows, std::size_t count,
                               const RunOptions& options);

}  // namespace zoneval::exec
