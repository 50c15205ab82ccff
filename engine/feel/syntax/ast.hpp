// FEEL syntax tree. Every node carries the bytes of the file it came from.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "engine/diag/source.hpp"
#include "engine/feel/value/type.hpp"
#include "engine/feel/value/value.hpp"

namespace zoneval::feel {

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;
struct BuiltinSet;
struct DecisionTable;

struct Literal {
    Value value;
};

/// A reference to a value. Exactly one of slot and local is set once resolved, or neither for a name that only
/// the items of a filter can give. To replace an expression by a frame slot, use make_name(name, slot).
struct Name {
    std::string name;
    int slot = -1;           ///< index of the frame (Names::entries)
    int local = -1;          ///< index among the locals of the enclosing function or expression
    std::vector<int> items;  ///< locals of enclosing filters whose entries may shadow it, innermost first
};

enum class BinaryOp : std::uint8_t {
    add,
    subtract,
    multiply,
    divide,
    power,
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    and_,
    or_
};
std::string_view spelling(BinaryOp op);

struct Negate {
    ExprPtr operand;
};
struct Binary {
    BinaryOp op = BinaryOp::add;
    ExprPtr left, right;
};
struct If {
    ExprPtr condition, then, otherwise;
};
struct Between {
    ExprPtr value, low, high;
};
/// One test of `in` or of unary tests. Ranges and comparisons are RangeExpr; other expressions are compared with
/// the tested value, or are conditions when they mention `?`.
struct Test {
    ExprPtr expression;
    bool mentions_input = false;
};
struct In {
    ExprPtr value;
    std::vector<Test> tests;
    int input = -1;  ///< local that `?` means inside the tests
};
struct Iterator {
    std::string name;
    ExprPtr in, to;  ///< `to` is set for `for i in 1..3`
    int local = -1;
};
struct For {
    std::vector<Iterator> iterators;
    ExprPtr body;
    int partial = -1;  ///< local of `partial`
    bool uses_partial = false;
};
struct Quantified {
    bool every = false;
    std::vector<Iterator> iterators;
    ExprPtr body;
};
struct Filter {
    ExprPtr list, condition;
    int item = -1;
};
struct Path {
    ExprPtr object;
    std::string name;
};
struct InstanceOf {
    ExprPtr value;
    TypePtr type;
};
struct ListExpr {
    std::vector<ExprPtr> items;
};
struct ContextExpr {
    struct Entry {
        std::string name;
        ExprPtr value;
        int local = -1;
    };
    std::vector<Entry> entries;
};
/// Endpoints may be absent: `(< 10)` has only an end. For equal and not_equal the operand is `start`.
struct RangeExpr {
    RangeForm form = RangeForm::interval;
    ExprPtr start, end;
    bool start_included = true, end_included = true;
};
struct FunctionDefinition {
    struct Parameter {
        std::string name;
        TypePtr type;
    };  ///< type null: Any
    struct Capture {
        int outer = -1;
        int inner = -1;
    };  ///< a local of the surroundings the body reads
    std::vector<Parameter> parameters;
    ExprPtr body;  ///< null for external functions, which are not supported
    std::vector<Capture> captures;
    int locals = 0;  ///< how many locals a call needs: parameters first, then the rest
    int self = -1;   ///< local through which the body calls itself (context entries)
};
/// Shared with the closures it makes, which may outlive the tree.
struct FunctionExpr {
    std::shared_ptr<FunctionDefinition> definition;
};
struct Call {
    /// Exactly one of builtin (a registry name; the overload is picked by the arguments) and callee is set.
    std::string builtin;
    const BuiltinSet* overloads = nullptr;  ///< of `builtin`
    ExprPtr callee;
    std::vector<ExprPtr> arguments;
    std::vector<std::string> argument_names;  ///< empty for positional calls
};
/// A decision-table cell: `-` (any), `not(…)` or a list of tests against `input` (the name `?`).
struct UnaryTests {
    ExprPtr input;
    bool any = false, negated = false;
    std::vector<Test> tests;
};

/// A boxed decision table as an expression. FEEL has no text for it.
struct TableExpr {
    std::shared_ptr<DecisionTable> table;  ///< never null, and this node's own
    int input = -1;                        ///< local that `?` means inside the tests
};

struct Expr {
    using Node = std::variant<Literal, Name, Negate, Binary, If, Between, In, For, Quantified, Filter, Path, InstanceOf,
                              ListExpr, ContextExpr, RangeExpr, FunctionExpr, Call, UnaryTests, TableExpr>;
    Span span;  ///< bytes of the Source
    Node node;
    template <class T>
    T* as() {
        return std::get_if<T>(&node);
    }
    template <class T>
    const T* as() const {
        return std::get_if<T>(&node);
    }
};

ExprPtr make_expr(Span span, Expr::Node node);
ExprPtr make_name(Span span, std::string name, int slot);
ExprPtr make_literal(Span span, Value value);
ExprPtr clone(const Expr& expression);
/// Same tree, spans and resolution aside; literals compare by value.
bool same(const Expr& a, const Expr& b);

/// Calls f(ExprPtr&) for each direct child, in source order. Present children only.
void for_each_child(Expr& expression, const std::function<void(ExprPtr&)>& f);
/// Calls f(const Expr&) for each direct child, in source order.
void for_each_child(const Expr& expression, const std::function<void(const Expr&)>& f);
/// Frame slots the expression reads, ascending, each once.
std::vector<int> slots_read(const Expr& expression);

}  // namespace zoneval::feel
