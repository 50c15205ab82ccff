// Definitions to a program of kernels. What has no kernel is left to the reference evaluator (docs/exactness.md).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <tuple>

#include "engine/exec/columns/cohort_columns.hpp"
#include "engine/exec/columns/program.hpp"
#include "engine/exec/compile/fuse.hpp"
#include "engine/table/table.hpp"

namespace zoneval::exec {

/// Where a compiler finds the values of inputs, and of nodes that were computed before.
struct Inputs {
    const graph::Graph* graph = nullptr;
    const Table* table = nullptr;
    std::function<const feel::Value*(graph::NodeId)> constant;  ///< parameters, year, date; else nullptr
    std::function<const NodeColumn*(graph::NodeId)> computed;   ///< a finished column; else nullptr
    std::function<const CohortColumn*(graph::NodeId)> cohort;   ///< a finished cohort function; else nullptr
    /// Computes a node without a kernel record by record; nullptr when columns cannot hold its values.
    std::function<const NodeColumn*(graph::NodeId)> by_record;
    /// Records for which a look back left blanks out; nullptr: none.
    std::function<const NodeColumn*(graph::NodeId)> reopened;
};

class Compiler {
  public:
    Compiler(Inputs inputs, StringCodes& strings);

    /// Compiles a node and has its values written to a column; false when there is no kernel for it.
    bool write(graph::NodeId node, NodeColumn& column);
    /// The same for a decision's rules.
    bool write(graph::NodeId node, DecisionColumn& column);
    /// Writes which records' values may rest on blanks that scores left out; false: it cannot tell.
    bool write_left_out(graph::NodeId node, NodeColumn& column);

    /// The program, once everything is written. It points to what lives as long as the compiler.
    const Program& finished() {
        fuse(program_);
        return program_;
    }

  private:
    /// A compiled expression.
    struct Val {
        Shape shape = Shape::number;
        bool days = false;
        bool null = false;  ///< a written null
        Ref data = no_ref, mask = no_ref;
        Mask kinds = 0;  ///< bits that may occur in the mask
        Bound bound;
        const feel::Value* constant = nullptr;
        int own = -1;  ///< index of OwnCodes: then `data` is not there yet
    };
    /// Strings under codes of their column or decision; most are only ever compared with constants.
    struct OwnCodes {
        Ref data = no_ref;
        bool bytes = false;                ///< the register of which rule hit
        std::vector<std::uint16_t> codes;  ///< of the whole run, by own code
        int table = -1;
    };
    using Maybe = std::optional<Val>;
    struct Line {
        Val condition;
        IfMissing missing;
    };
    struct Verdict {
        Ref hit = no_ref;
        std::optional<Val> value;
        std::vector<Line> lines;
        std::vector<Ref> doubts;  ///< rows that were put in doubt for it
    };

    // compiler.cpp: nodes, constants and instructions
    Maybe node(graph::NodeId id);
    Maybe compile_node(graph::NodeId id);
    Maybe given_nulls(Maybe value);
    Maybe input(const graph::Node& node);
    Maybe column(const NodeColumn& column);
    Maybe cohort(const CohortColumn& from);
    Maybe constant(feel::Value value);
    Ref emit(Instruction instruction, Shape shape);
    void add(Instruction instruction) {
        instruction.node = at_;
        program_.code.push_back(instruction);
    }
    int add_own(OwnCodes own);
    Val shared_codes(const Val& value);
    Ref own_equals(const Val& value, std::uint16_t code);
    Ref new_register(Shape shape);
    template <class T>
    static Ref constant_ref(std::map<T, Ref>& known, std::vector<T>& constants, T value);
    Ref number_constant(double k);
    Ref byte_constant(std::uint8_t byte);
    Ref code_constant(std::uint16_t code);
    Ref doubt();
    std::uint32_t source(Source source);
    // Bytes of a row: truths, masks and which rule hit.
    Ref either(Ref a, Ref b);
    Ref has_bits(Ref mask, Mask bits);
    Ref choose_bytes(Ref condition, Ref then, Ref otherwise);
    Ref known_truth(Ref truth, Ref mask);  ///< 0 where null
    Ref is_hit(Ref hit, std::uint8_t rule);

    // compile_expressions.cpp
    Maybe expression(const feel::Expr& expr);
    bool is_constant(const feel::Expr& expr);
    Maybe folded(const feel::Expr& expr);
    Maybe operation(const feel::Expr& expr);
    Maybe arithmetic(feel::BinaryOp op, const Val& a, const Val& b);
    Maybe add_numbers(Val a, Val b, bool subtract);
    Maybe divide(const Val& a, const Val& b);
    Maybe divide_exactly(const Val& a, const Val& b);
    Maybe scaled_by(const Val& a, double factor, const Bound& factor_bound);
    Ref times(Ref a, double factor, bool exact);
    bool align(Val& a, Val& b);
    Maybe rescaled(const Val& a, int scale);
    Maybe extreme(const std::vector<Val>& all, bool least);
    Maybe rounded(const Val& a, int decimals, feel::Rounding mode);
    bool as_quotient(const Val& a, int decimals, Instruction& round) const;
    Maybe call(const feel::Call& call);
    Val also_null(Val value, Ref mask, Mask kinds);
    Maybe square_root(Val a);
    Maybe power(const Val& a, const Val& exponent);
    Maybe modulo(Val a, Val b);
    std::vector<feel::Value> constant_frame(const feel::Expr& expr);
    Maybe negated(const Val& a);
    Maybe compare(feel::BinaryOp op, const Val& a, const Val& b, bool test);
    Maybe raw_compare(feel::BinaryOp op, const Val& a, const Val& b);
    Maybe order_numbers(feel::BinaryOp op, Val a, Val b, Ref mask);
    Val with_nulls(Ref raw, const Val& a, const Val& b, Relation relation);
    Val is_null(const Val& a, bool wanted);
    Val junction(const Val& a, const Val& b, bool deciding);
    Maybe choose(const Val& condition, const Val& then, const Val& otherwise);
    Maybe tests(const std::vector<feel::Test>& tests, const Val& input, bool negated);
    Maybe one_test(const feel::Test& test, const Val& input);
    Ref joined_mask(const Val& a, const Val& b, Mask& kinds);
    Val masked(Val value, const Val& a, const Val& b);

    // compile_texts.cpp
    Maybe text_function(const feel::Expr& expr, std::size_t operand, const Val& text);
    std::optional<std::vector<feel::Value>> of_each_text(const feel::Expr& expr, std::size_t operand,
                                                         const OwnCodes& own);
    std::uint32_t byte_table(const std::vector<std::uint8_t>& bytes);

    // compile_decisions.cpp
    const std::optional<Verdict>& verdict(graph::NodeId id);
    std::optional<Verdict> compile_verdict(const graph::Node& node);
    std::optional<Verdict> with_outcomes(const graph::Node& node, const std::vector<Line>& lines,
                                         const std::vector<Maybe>& values, bool has_default,
                                         std::optional<Verdict> verdict);
    void put_in_doubt(Ref lanes);
    std::optional<Verdict> hit(const model::Decision& decision, const std::vector<Line>& lines,
                               const std::vector<Maybe>& values, bool has_default);
    void doubt_conflicts(const std::vector<Line>& lines, const std::vector<const feel::Value*>& outcomes);
    bool outcomes(const model::Decision& decision, const std::vector<Maybe>& values, bool has_default, Verdict& out);
    Maybe all_of(const std::vector<graph::Condition>& conditions);

    // compile_guard.cpp
    std::optional<Ref> unknown_rows(graph::NodeId id);
    std::optional<Ref> blanks_behind(const std::vector<graph::NodeId>& makers);
    Ref unknown_before_hit(const Verdict& verdict);
    std::optional<Ref> unsteady_rows(const graph::Node& node, const Verdict& own);
    bool guard(const graph::Node& node, const std::vector<Maybe>& values, const Verdict& verdict);

    Inputs inputs_;
    StringCodes& strings_;
    Program program_;
    std::vector<std::optional<Maybe>> nodes_;  ///< by id, once compiled
    std::map<graph::NodeId, std::optional<Verdict>> verdicts_;
    std::vector<Ref> doubts_;    ///< rows put in doubt for the decision being compiled
    graph::NodeId at_ = -1;      ///< the node being compiled
    std::optional<Val> tested_;  ///< `?` while a table's cells are compiled
    std::vector<std::unique_ptr<const feel::Value>> constants_;
    std::vector<OwnCodes> own_codes_;
    std::vector<std::unique_ptr<std::vector<double>>> double_columns_;
    using Key = std::tuple<Op, int, int, int, Ref, Ref, Ref, Ref, Ref, std::uint32_t, double>;
    static Key key_of(const Instruction& i) {
        const int bits = i.number | i.missing.counts_false << 8 | i.missing.counts_true << 16;
        return {i.op,   static_cast<int>(i.mode), static_cast<int>(i.relation), bits, i.a, i.b, i.c, i.d, i.e, i.source,
                i.power};
    }
    std::map<Key, Ref> known_;  ///< equal instructions are one
    std::map<double, Ref> number_constants_;
    std::map<std::uint8_t, Ref> byte_constants_;
    std::map<std::uint16_t, Ref> code_constants_;
    std::map<Ref, std::pair<Ref, double>> products_;  ///< register -> (register, constant) it is the exact product of
    struct Choice {
        Ref condition, then, otherwise;
    };
    std::map<Ref, Choice> choices_;  ///< register -> the choice of exact numbers, one of them constant, that it is
    struct Parts {
        Ref dividend, divisor;
        double most_dividend, most_divisor;
    };
    std::map<Ref, Parts> quotients_;  ///< register -> the exact columns it is the quotient of
    /// Conditions that are false, and known to be, wherever a mask has bits: `x != null and …` and x's mask.
    std::set<std::pair<Ref, Ref>> guards_;
    std::map<Ref, Ref> raw_;         ///< a comparison -> the same, whatever the nulls
    std::map<Ref, Ref> only_where_;  ///< mask of a comparison -> mask of its operand: it has bits only there
    Ref only_where(Ref mask) const {
        const auto found = only_where_.find(mask);
        return found == only_where_.end() ? mask : found->second;
    }
    std::map<Ref, std::pair<Ref, bool>> null_tests_;  ///< register of `x = null` (true) or `x != null` -> x's mask
};

}  // namespace zoneval::exec
