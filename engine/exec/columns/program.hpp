// Rules as straight-line code over batches of rows, and the columns it reads and writes.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/exec/columns/bound.hpp"
#include "engine/exec/columns/operations.hpp"
#include "engine/graph/graph.hpp"
#include "engine/table/bulk.hpp"

namespace zoneval::exec {

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

/// A register (>= 0), a constant (<= -2) or nothing.
using Ref = int;
inline constexpr Ref no_ref = -1;
inline bool is_constant(Ref r) { return r < no_ref; }
/// Where a constant stands among the program's numbers, bytes or codes.
inline std::size_t constant_index(Ref r) { return static_cast<std::size_t>(-2 - r); }

/// What an instruction carries beside its operands: the one that its kernel takes (operations.def).
using Payload =
    std::variant<std::monostate, Index, MissingKinds, Deciding, Relation, IfMissing, Clamp, Margin, RoundTo>;

using Operands = std::array<Ref, 5>;
inline constexpr Operands no_operands{no_ref, no_ref, no_ref, no_ref, no_ref};

struct Instruction {
    Op op = Op::fill;
    Ref out = no_ref;
    Operands in = no_operands;  ///< in the order of its kernel
    Payload payload;
    graph::NodeId node = -1;  ///< what it is computed for

    std::uint32_t index() const { return std::get<Index>(payload).at; }
};
static_assert(std::ranges::all_of(operations,
                                  [](const Operation& o) { return o.operands <= std::tuple_size_v<Operands>; }));

/// A column as a load reads it.
struct Source {
    const void* data = nullptr;
    bool by_row = false;                   ///< indexed by the table's row, not by the cohort's order
    const std::uint32_t* group = nullptr;  ///< load_by_group: `data` are `groups` numbers and one for records in none
    std::size_t groups = 0;
    Mask kinds = 0;  ///< load_states: which occur
    friend bool operator==(const Source&, const Source&) = default;
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
    Ref again = no_ref;  ///< rows whose blanks leave a decision open, or might change it; no_ref: there are none

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
    const auto& does = operation(i.op);
    for (std::size_t o = 0; o < does.operands; ++o) f(i.in[o]);
    if (does.accumulates) f(i.out);
    if (!does.reads_terms) return;
    for (const auto& term : program.sums[i.index()]) f(term.x), f(term.condition);
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

/// Records that a program leaves to others, ascending: see Program.
struct LeftOver {
    std::vector<std::uint32_t> doubt, again;
};

/// Runs the program for all rows of the cohort and fills its outputs. `rows`: the table's row of each record, or
/// nullptr when they are the same.
LeftOver run(const Program& program, const std::uint32_t* rows, std::size_t count, const RunOptions& options);

}  // namespace zoneval::exec
