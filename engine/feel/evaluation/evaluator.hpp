// The evaluator's inside: used by eval.cpp, its operators and the calling of functions. Not for other folders.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/feel/builtins/call_context.hpp"
#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/evaluation/locals.hpp"
#include "engine/feel/value/limits.hpp"
#include "engine/feel/value/truth.hpp"
#include "engine/feel/value/value.hpp"

namespace zoneval::feel {

struct Closure;

class Evaluator final : public Caller {
  public:
    /// Both must outlive the evaluator.
    Evaluator(std::span<const Value> frame, const EvalOptions& options)
        : frame_(frame), options_(options), source_(&options.source) {}

    Value eval(const Expr& expression);
    Value call(const Function& function, std::span<const Value> arguments, const std::vector<std::string>& names,
               Span span) override;

    const EvalOptions& options() const { return options_; }
    NullMeaning nulls() const override { return options_.nulls; }
    bool unknowns() const { return options_.nulls == NullMeaning::unknown; }
    /// Null with a cause at the span.
    Value fail(Span span, Fact fact, std::vector<CausePtr> because = {}) const override;
    /// Null because these operands are null; the fact names them.
    Value fail_for(Span span, std::initializer_list<std::pair<const Expr*, const Value*>> operands) const;
    /// Counts work against limits::steps.
    bool spend(std::size_t steps) override { return (steps_ += steps) <= limits::steps; }

    // Operators (operators.cpp).
    Value arithmetic(const Expr& at, const Binary& node, const Value& left, const Value& right);
    Value comparison(const Expr& at, const Binary& node, const Value& left, const Value& right);
    /// Equality under the meaning of nulls in force; nullopt: unknown or not comparable.
    Truth equal(const Value& a, const Value& b) override;
    Truth in_range(const Value& value, const Range& range);
    /// The same without making the range; nullopt: make it and see.
    Truth within(const Value& input, const RangeExpr& node);
    /// A tested value against what a test evaluated to: a range, a list or a single value.
    Truth matches(const Value& input, const Value& test);
    Value range_of_text(std::string_view text, Span span) override;
    Value table(const Expr& at, const TableExpr& node);
    Value path(Span span, const Expr* object_at, const Value& object, const std::string& name);
    /// Elements that a `for` or quantifier runs over; nullopt (and `failure` set) when it cannot.
    std::optional<List> elements(const Value& in, Span span, Value& failure);
    std::optional<List> counted(const Value& from, const Value& to, Span span, Value& failure);

  private:
    friend class Operand;
    Value dispatch(const Expr& expression);
    /// Literals and names without a copy; nullptr for what must be evaluated.
    const Value* in_place(const Expr& expression);
    Value& local(int index) { return locals_.at(base_ + static_cast<std::size_t>(index)); }

    Value name(const Expr& at, const Name& node);
    Value negate(const Expr& at, const Negate& node);
    Value binary(const Expr& at, const Binary& node);
    Value junction(const Expr& at, const Binary& node);
    Value conditional(const Expr& at, const If& node);
    Value between(const Expr& at, const Between& node);
    Value in(const Expr& at, const In& node);
    Value unary_tests(const Expr& at, const UnaryTests& node);
    Value any_test(Span span, const std::vector<Test>& tests, const Value& input, bool negated, bool cell);
    Value one_test(const Test& test, const Value& input, bool cell);
    Value loop(const Expr& at, const For& node);
    Value quantified(const Expr& at, const Quantified& node);
    /// Binds each combination of the iterators and calls `body`; false when it stopped with `failure` set.
    template <class F>
    bool iterate(const std::vector<Iterator>& iterators, std::size_t index, Value& failure, const F& body);
    const Value* lookup(const Name& node);
    Value filter(const Expr& at, const Filter& node);
    Value index_into(Span span, const List& list, const Decimal& index) const;
    Value list(const Expr& at, const ListExpr& node);
    Value context(const Expr& at, const ContextExpr& node);
    Value range(const Expr& at, const RangeExpr& node);
    Value closure(const FunctionExpr& node);
    Value invocation(const Expr& at, const Call& node);
    Value call_closure(const Closure& function, std::span<const Value> arguments, Span span);

    std::span<const Value> frame_;
    std::shared_ptr<const std::vector<Value>> shared_frame_;  ///< the copy closures keep; made when first needed
    const EvalOptions& options_;
    const SourcePtr* source_;  ///< of the function being evaluated
    Locals locals_;
    std::size_t base_ = 0;
    int depth_ = 0;
    std::uint64_t steps_ = 0;
};

/// The value of an expression for as long as the operand lives: where it stands, if it stands somewhere, else its own.
class Operand {
  public:
    Operand(Evaluator& evaluator, const Expr& expression) : value_(evaluator.in_place(expression)) {
        if (value_ == nullptr) value_ = new (&own_) Value(evaluator.eval(expression));
    }
    Operand(const Operand&) = delete;
    Operand& operator=(const Operand&) = delete;
    ~Operand() {
        if (value_ == &own_) own_.~Value();
    }
    const Value& operator*() const { return *value_; }

  private:
    const Value* value_;
    union {
        Value own_;
    };
};

}  // namespace zoneval::feel
