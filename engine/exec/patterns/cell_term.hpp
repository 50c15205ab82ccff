// Formulas over cells. Each form does what the reference evaluator does with known values, and what AbstractEvaluator
// (feel/evaluation/abstract_evaluation.cpp) does with open ones; tests/exec compares them.
#pragma once

#include <functional>
#include <vector>

#include "engine/exec/patterns/cell.hpp"
#include "engine/feel/evaluation/abstract_evaluation.hpp"
#include "engine/feel/syntax/ast.hpp"

namespace zoneval::exec {

using feel::NullTests;

struct CellTerm {
    enum class Form : std::uint8_t {
        constant,
        slot,
        text_is,  ///< whether a text is one that `code` stands for
        add,
        subtract,
        multiply,
        divide,
        negate,
        round,
        least,
        greatest,
        choice,  ///< condition, then, otherwise
        compare,
        between,
        is_null,
        all,
        any,
        no,         ///< not(…)
        over_mean,  ///< of the list that a slot looks back at
        over_sum,
        over_least,
        over_greatest
    };
    static constexpr std::size_t most_parts = 8;  ///< of min and max
    Form form = Form::constant;
    feel::BinaryOp op = feel::BinaryOp::equal;  ///< compare; is_null and text_is: equal or not_equal
    feel::Rounding rounding = feel::Rounding::half_even;
    int decimals = 0;
    int slot = -1;
    std::int64_t code = 0;
    Cell constant;
    bool truth = false;  ///< constant: true or false, no number
    std::vector<CellTerm> of;
    std::vector<int> slots;  ///< that it reads
    /// add: its parts, where all are of the shape that a mean of what is there has: `if x = null then a else b` or `b *
    /// x`.
    struct Part {
        int slot = -1;
        Approximate absent, there;  ///< a and b
        feel::Decimal exactly_absent, exactly_there;
        bool times = false;  ///< b * x
    };
    std::vector<Part> parts;
};

/// What a term needs to know of names when it is made.
struct CellNames {
    std::function<const feel::Value*(int slot)> constant;  ///< the same for every record; else nullptr
    std::function<bool(int slot)> number_or_truth;         ///< its cells are numbers or truths, and never listed
    std::function<bool(int slot)> list;                    ///< it looks back at a list of numbers
    std::function<std::optional<std::int64_t>(int slot, const std::string& text)>
        code;  ///< nullopt: not a text's cells
};
/// nullopt: there is no term for the formula.
std::optional<CellTerm> term_of(const feel::Expr& formula, const CellNames& names);

/// It asks what is null, and nothing else.
bool asks_for_nulls(const CellTerm& term);

/// One record under one reading.
struct CellReading {
    std::function<bool(int slot)> there_when_filled;
    /// The list that a slot looks back at, with this year's value last.
    std::function<void(int slot, std::vector<Cell>& out)> elements;
    const std::vector<Cell>* cells = nullptr;  ///< by slot
    const std::vector<Cell>* now = nullptr;    ///< with the blanks blank; the same object: that is the reading
    NullTests null_tests = NullTests::filled;
    bool as_it_is() const { return cells == now; }
};
Cell evaluate(const CellTerm& term, const CellReading& reading);

}  // namespace zoneval::exec
