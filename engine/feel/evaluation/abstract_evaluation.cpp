#include "engine/feel/evaluation/abstract_evaluation.hpp"

#include <algorithm>

#include "engine/feel/builtins/builtins.hpp"
#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/syntax/never_true.hpp"
#include "engine/feel/value/reason.hpp"

namespace zoneval::feel {

bool AbstractValue::open() const { return is_unknown(value); }

bool AbstractValue::never_null() const {
    if (!open()) return !value.is_null();
    const bool listed = !options.empty() && std::none_of(options.begin(), options.end(),
                                                         [](const Value& option) { return option.is_null(); });
    return there || low || high || listed;
}

bool mentions_null(const Expr& expression) {
    bool found = is_null_literal(expression);
    for_each_child(expression, [&](const Expr& child) { found = found || mentions_null(child); });
    return found;
}

void ExpressionParts::add(const Expr& expression) {
    auto& part = parts_[&expression];
    part.slots = slots_read(expression);
    part.asks_null = mentions_null(expression);
    for_each_child(expression, [this](const Expr& child) { add(child); });
}

namespace {

constexpr std::size_t most_options = 64;

bool is_comparison(BinaryOp op) { return op >= BinaryOp::equal && op <= BinaryOp::greater_equal; }

/// Bounds of a number; both absent when nothing is known.
struct Interval {
    std::optional<Decimal> low, high;
    bool finite() const { return low && high; }
};

/// nullopt: not a number, whatever the filling.
std::optional<Interval> interval_of(const AbstractValue& s) {
    if (const auto* number = s.value.number()) return Interval{*number, *number};
    if (s.open()) return Interval{s.low, s.high};
    return std::nullopt;
}

Interval negated(const Interval& a) {
    Interval out;
    if (a.high) out.low = -*a.high;
    if (a.low) out.high = -*a.low;
    return out;
}

Interval sum(const Interval& a, const Interval& b) {
    Interval out;
    if (a.low && b.low) out.low = *a.low + *b.low;
    if (a.high && b.high) out.high = *a.high + *b.high;
    return out;
}

template <typename Operation>
Interval of_corners(const Interval& a, const Interval& b, Operation operation) {
    const Decimal corners[] = {operation(*a.low, *b.low), operation(*a.low, *b.high), operation(*a.high, *b.low),
                               operation(*a.high, *b.high)};
    for (const auto& corner : corners)
        if (!corner.is_finite()) return {};
    return {*std::min_element(std::begin(corners), std::end(corners)),
            *std::max_element(std::begin(corners), std::end(corners))};
}

Interval scaled(const Interval& a, Decimal factor, bool divide) {
    if (factor.is_zero()) return divide ? Interval{} : Interval{Decimal(0), Decimal(0)};
    const auto apply = [&](Decimal x) { return divide ? x / factor : x * factor; };
    Interval out;
    if (a.low) out.low = apply(*a.low);
    if (a.high) out.high = apply(*a.high);
    if (factor.is_negative()) std::swap(out.low, out.high);
    return out;
}

Interval product(const Interval& a, const Interval& b) {
    if (b.finite() && *b.low == *b.high) return scaled(a, *b.low, false);
    if (a.finite() && *a.low == *a.high) return scaled(b, *a.low, false);
    if (!a.finite() || !b.finite()) return {};
    return of_corners(a, b, [](Decimal x, Decimal y) { return x * y; });
}

Interval quotient(const Interval& a, const Interval& b) {
    if (b.finite() && *b.low == *b.high) return scaled(a, *b.low, true);
    if (!a.finite() || !b.finite() || (*b.low <= Decimal(0) && *b.high >= Decimal(0))) return {};
    return of_corners(a, b, [](Decimal x, Decimal y) { return x / y; });
}

/// -1, 0, 1: certainly below, the same, above; nullopt: it depends.
std::optional<int> compared(const Interval& a, const Interval& b) {
    if (a.high && b.low && *a.high < *b.low) return -1;
    if (a.low && b.high && *a.low > *b.high) return 1;
    if (a.finite() && b.finite() && *a.low == *a.high && *b.low == *b.high && *a.low == *b.low) return 0;
    return std::nullopt;
}

std::optional<bool> decided(BinaryOp op, const Interval& a, const Interval& b) {
    const auto order = compared(a, b);
    switch (op) {
        case BinaryOp::equal: return order ? std::optional(*order == 0) : std::nullopt;
        case BinaryOp::not_equal: return order ? std::optional(*order != 0) : std::nullopt;
        case BinaryOp::less:
            if (a.low && b.high && *a.low >= *b.high) return false;
            return order ? std::optional(*order < 0) : std::nullopt;
        case BinaryOp::greater_equal:
            if (a.low && b.high && *a.low >= *b.high) return true;
            return order ? std::optional(*order >= 0) : std::nullopt;
        case BinaryOp::greater:
            if (a.high && b.low && *a.high <= *b.low) return false;
            return order ? std::optional(*order > 0) : std::nullopt;
        default:
            if (a.high && b.low && *a.high <= *b.low) return true;
            return order ? std::optional(*order <= 0) : std::nullopt;
    }
}

/// A spread on the way: what is open for want of something is told why only where it is the end result.
struct Part : AbstractValue {
    Part(AbstractValue spread) : AbstractValue(std::move(spread)) {}  // NOLINT
    const Expr* at = nullptr;                                         ///< open here, for want of what this reads
    /// What evaluation gives with the blanks unknown, where that is at hand: `value`, or this.
    bool as_evaluated = false;
    std::optional<Value> evaluated;
};

Part known(Value value) { return AbstractValue{std::move(value), {}, {}, {}, false}; }

Part as_evaluated(AbstractValue spread) {
    Part out(std::move(spread));
    out.as_evaluated = true;
    return out;
}

class AbstractEvaluator {
  public:
    AbstractEvaluator(const AbstractNames& names, NullTests null_tests, const SourcePtr& source)
        : names_(names), null_tests_(null_tests), options_{NullMeaning::unknown, source}, frame_(names.frame()) {}

    AbstractValue run(const Expr& e) {
        auto part = eval(e);
        if (part.at) part.value = unknown_value(*part.at);
        AbstractValue out = std::move(part);
        return out;
    }

  private:
    Part eval(const Expr& e) {
        if (const auto* literal = e.as<Literal>()) return as_evaluated(known(literal->value));
        if (const auto* name = e.as<Name>(); name && name->slot >= 0) return as_evaluated(names_.abstract(name->slot));
        const auto* b = e.as<Binary>();
        if (b && (b->op == BinaryOp::and_ || b->op == BinaryOp::or_) && !is_null_literal(*b->left) &&
            !is_null_literal(*b->right))
            return junction(e, *b);
        const auto text = read(e);
        const auto open = open_slots(text);
        if (open.count == 0) return as_evaluated(known(concrete(e, text.slots)));
        if (b && is_comparison(b->op) && (is_null_literal(*b->left) || is_null_literal(*b->right)))
            return b->op == BinaryOp::equal || b->op == BinaryOp::not_equal ? null_test(e, *b) : known(Value());
        if (auto out = by_options(e, text, open)) return std::move(*out);
        if (b) return binary(e, *b);
        if (const auto* negate = e.as<Negate>()) {
            const auto operand = eval(*negate->operand);
            const auto inner = interval_of(operand);
            return number(e, inner ? negated(*inner) : Interval{}, inner && operand.never_null());
        }
        if (const auto* choice = e.as<If>()) return conditional(e, *choice);
        if (const auto* between = e.as<Between>()) {
            const auto value = eval(*between->value), low = eval(*between->low), high = eval(*between->high);
            return both(e, comparison(e, BinaryOp::greater_equal, value, low),
                        comparison(e, BinaryOp::less_equal, value, high));
        }
        if (const auto* in = e.as<In>()) return tests(e, *in->value, in->tests, false, false);
        if (const auto* cell = e.as<UnaryTests>(); cell && !cell->any)
            return tests(e, *cell->input, cell->tests, cell->negated, true);
        if (const auto* call = e.as<Call>()) return this->call(e, *call);
        return otherwise(e);
    }

    /// What an expression reads, and whether it asks for null.
    struct Text {
        std::span<const int> slots;
        bool asks_null = false;
        std::vector<int> own;  ///< the slots, where nobody keeps them
    };

    Text read(const Expr& e) const {
        if (const auto* part = names_.parts().find(e)) return {part->slots, part->asks_null, {}};
        Text out{{}, mentions_null(e), slots_read(e)};
        out.slots = out.own;  // moving a vector leaves its elements where they are
        return out;
    }

    struct Open {
        std::size_t count = 0;  ///< 0, 1, or 2 for several
        int first = -1;
    };

    Open open_slots(const Text& text) const {
        Open out;
        for (const auto slot : text.slots) {
            if (!names_.abstract(slot).open()) continue;
            if (++out.count > 1) break;
            out.first = slot;
        }
        return out;
    }

    bool of_any_record() const { return null_tests_ == NullTests::of_any_record; }

    Value concrete(const Expr& e) { return concrete(e, read(e).slots); }
    Value concrete(const Expr& e, std::span<const int> slots) {
        for (const auto slot : slots) names_.abstract(slot);  // making one may use the frame, so all are made first
        for (const auto slot : slots) frame_[static_cast<std::size_t>(slot)] = names_.abstract(slot).value;
        return evaluate(e, frame_, options_);
    }

    /// Open, because of what is missing behind the names it reads.
    static Part unknown(const Expr& e) {
        static const Value open = Value::missing(Missing::not_reported, reasons::open());
        auto out = known(open);
        out.at = &e;
        return out;
    }

    Value unknown_value(const Expr& e) const {
        Cause cause;
        const auto& source = options_.source;
        cause.fact = source ? reasons::text_depends_on_missing(std::string(source->text(e.span)))
                            : reasons::depends_on_missing();
        cause.source = source;
        cause.span = e.span;
        const auto text = read(e);
        for (const auto slot : text.slots)
            if (const auto& s = names_.abstract(slot); s.open()) cause.because.push_back(s.value.cause());
        return Value::null(make_cause(std::move(cause)));
    }

    Part number(const Expr& e, Interval bounds, bool there = false) const {
        const bool failed =
            (bounds.low && !bounds.low->is_finite()) || (bounds.high && !bounds.high->is_finite());  // too large
        if (!failed && bounds.finite() && *bounds.low == *bounds.high) return known(Value(*bounds.low));
        auto out = unknown(e);
        if (failed) return out;
        out.there = there;
        out.low = bounds.low;
        out.high = bounds.high;
        return out;
    }

    Part truth(const Expr& e, std::optional<bool> settled) const {
        if (settled) return known(Value(*settled));
        return unknown(e);
    }

    /// One open name whose values are listed: each is tried.
    std::optional<Part> by_options(const Expr& e, const Text& text, Open open) {
        if (open.count != 1 || text.asks_null) return std::nullopt;
        const auto& options = names_.abstract(open.first).options;
        if (options.empty() || options.size() > most_options) return std::nullopt;
        for (const auto slot : text.slots) frame_[static_cast<std::size_t>(slot)] = names_.abstract(slot).value;
        std::vector<Value> results;
        std::vector<Value> tried = options;
        if (of_any_record())  // a blank, or a datum known to be absent
            for (const auto kind : {Missing::not_reported, Missing::not_applicable})
                tried.push_back(Value::missing(kind, reasons::open()));
        for (const auto& option : tried) {
            frame_[static_cast<std::size_t>(open.first)] = option;
            auto result = evaluate(e, frame_, options_);
            if (of_any_record() && result.is_null()) continue;
            if (is_unknown(result)) return std::nullopt;
            if (std::none_of(results.begin(), results.end(), [&](const Value& v) { return identical(v, result); }))
                results.push_back(std::move(result));
        }
        if (results.empty()) return std::nullopt;
        if (results.size() == 1) return known(std::move(results.front()));
        auto out = unknown(e);
        out.options = std::move(results);
        return out;
    }

    Part null_test(const Expr& e, const Binary& b) {
        const auto& operand = is_null_literal(*b.left) ? *b.right : *b.left;
        const bool wanted = b.op == BinaryOp::equal;
        const auto s = eval(operand);
        if (!s.open() || (s.certainly_null && null_tests_ != NullTests::of_score))
            return known(Value(s.value.is_null() == wanted));
        if (null_tests_ == NullTests::as_things_are) {
            if (const auto* name = operand.as<Name>(); name && name->slot >= 0)
                return known(Value(names_.now(name->slot).is_null() == wanted));
            const auto text = read(operand);
            for (const auto slot : text.slots) frame_[static_cast<std::size_t>(slot)] = names_.now(slot);
            return known(Value(evaluate(operand, frame_, options_).is_null() == wanted));
        }
        if (null_tests_ == NullTests::of_any_record) return unknown(e);
        const auto* name = operand.as<Name>();
        if (s.never_null() || (name && names_.there_when_filled(name->slot))) return known(Value(!wanted));
        return unknown(e);
    }

    /// What one side decides is not asked of the other. Authors write what narrows last, and it is often plain data.
    Part junction(const Expr& e, const Binary& b) {
        const bool deciding = b.op == BinaryOp::or_;
        const auto decides = [&](const Part& side) {
            return side.value.boolean() && *side.value.boolean() == deciding;
        };
        const auto right = eval(*b.right);
        if (decides(right)) return known(Value(deciding));
        const auto left = eval(*b.left);
        if (decides(left)) return known(Value(deciding));
        if (left.value.boolean() && right.value.boolean()) return known(Value(!deciding));
        const auto is_null = [](const Part& side, const Expr& written) {
            return (side.value.is_null() && !side.open()) || is_never_true(written);
        };
        if (const bool on_left = is_null(left, *b.left); on_left || is_null(right, *b.right)) {
            if (!(on_left ? right : left).open()) return known(Value());
            auto out = unknown(e);
            out.options = {Value(deciding), Value()};
            return out;
        }
        const auto text = read(e);
        const auto open = open_slots(text);
        if (open.count == 0) return known(concrete(e, text.slots));
        if (auto out = by_options(e, text, open)) return std::move(*out);
        return unknown(e);
    }

    Part binary(const Expr& e, const Binary& b) {
        const auto left = eval(*b.left), right = eval(*b.right);
        if (is_comparison(b.op)) return comparison(e, b.op, left, right);
        const auto x = interval_of(left), y = interval_of(right);
        if (!x || !y) return of_evaluated(e, b, left, right);
        const bool there = of_any_record() || (left.never_null() && right.never_null());
        switch (b.op) {
            case BinaryOp::add: return number(e, sum(*x, *y), there);
            case BinaryOp::subtract: return number(e, sum(*x, negated(*y)), there);
            case BinaryOp::multiply: return there ? number(e, product(*x, *y), true) : unknown(e);
            case BinaryOp::divide: return number(e, quotient(*x, *y));
            default: return unknown(e);
        }
    }

    /// As otherwise(), from what the operands were evaluated to: a long sum is not evaluated again for each of its
    /// parts.
    Part of_evaluated(const Expr& e, const Binary& b, const Part& left, const Part& right) {
        if (read(e).asks_null || of_any_record()) return unknown(e);
        return settled(e, evaluate_arithmetic(e, evaluated(left, *b.left), evaluated(right, *b.right), options_));
    }

    Value evaluated(const Part& part, const Expr& e) {
        if (part.as_evaluated) return part.value;
        return part.evaluated ? *part.evaluated : concrete(e);
    }

    Part both(const Expr& e, const Part& left, const Part& right) const {
        if (left.value.is_false() || right.value.is_false()) return known(Value(false));
        if (left.value.is_true() && right.value.is_true()) return known(Value(true));
        return unknown(e);
    }

    /// Nothing is above or below null.
    static Value compared_with_null(BinaryOp op) {
        const bool equality = op == BinaryOp::equal || op == BinaryOp::not_equal;
        return equality ? Value(op == BinaryOp::not_equal) : Value();
    }

    Part comparison(const Expr& e, BinaryOp op, const Part& left, const Part& right) const {
        for (const auto* side : {&left, &right})  // known to be absent
            if (side->value.is_null() && !side->open()) return known(compared_with_null(op));
        const auto x = interval_of(left), y = interval_of(right);
        if (x && y) return truth(e, decided(op, *x, *y));
        if (left.open() || right.open()) return unknown(e);
        const bool equality = op == BinaryOp::equal || op == BinaryOp::not_equal;
        const auto same = equals(left.value, right.value);
        if (equality) return truth(e, same ? std::optional(*same == (op == BinaryOp::equal)) : std::nullopt);
        const auto order = feel::order(left.value, right.value);
        if (!order) return unknown(e);
        const bool less = *order < 0, equal = *order == 0;
        return truth(e, op == BinaryOp::less         ? less
                        : op == BinaryOp::less_equal ? less || equal
                        : op == BinaryOp::greater    ? !less && !equal
                                                     : !less);
    }

    /// All the values of two branches; none where one of them has others, or can be null.
    static std::vector<Value> either_of(const Part& one, const Part& other) {
        std::vector<Value> out;
        for (const auto* part : {&one, &other}) {
            if (!part->never_null() || (part->open() && part->options.empty())) return {};
            const auto values = part->open() ? part->options : std::vector<Value>{part->value};
            for (const auto& value : values)
                if (std::none_of(out.begin(), out.end(), [&](const Value& v) { return identical(v, value); }))
                    out.push_back(value);
        }
        return out.size() > most_options ? std::vector<Value>{} : out;
    }

    Part conditional(const Expr& e, const If& choice) {
        const auto condition = eval(*choice.condition);
        if (!condition.open() && !of_any_record())
            return eval(condition.value.is_true() ? *choice.then : *choice.otherwise);
        auto then = eval(*choice.then);
        const auto other = eval(*choice.otherwise);
        if (of_any_record() && (is_null_literal(*choice.then) || is_null_literal(*choice.otherwise)))
            return is_null_literal(*choice.then) ? other : then;
        if (!then.open() && !other.open() && !then.value.is_null() && identical(then.value, other.value)) return then;
        const auto x = interval_of(then), y = interval_of(other);
        Interval hull;
        if (x && y && x->low && y->low) hull.low = std::min(*x->low, *y->low);
        if (x && y && x->high && y->high) hull.high = std::max(*x->high, *y->high);
        auto out = number(e, hull, then.never_null() && other.never_null());
        if (of_any_record())
            out.options = either_of(then, other);
        else if (!then.open() && !other.open() && !then.value.is_null() && !other.value.is_null())
            out.options = {then.value, other.value};
        return out;
    }

    /// Three-valued "or" of tests against a value.
    Part tests(const Expr& e, const Expr& tested, const std::vector<Test>& all, bool negated, bool cell) {
        const auto value = eval(tested);
        bool undecided = false;
        for (const auto& test : all) {
            // In a cell `?` is a name like any other, and the test a condition of its own.
            const auto one = cell && test.mentions_input ? eval(*test.expression) : test_of(e, value, tested, test);
            if (one.value.is_true()) return known(Value(!negated));
            undecided = undecided || !one.value.is_false();
        }
        return undecided ? unknown(e) : known(Value(negated));
    }

    Part test_of(const Expr& e, const Part& value, const Expr& tested, const Test& test) {
        if (test.mentions_input || value.value.is_null() == !value.open()) return unknown(e);
        if (is_null_literal(*test.expression)) {
            const Binary asks{BinaryOp::equal, clone(tested), clone(*test.expression)};
            return null_test(e, asks);
        }
        const auto* range = test.expression->as<RangeExpr>();
        if (!range) {
            const auto other = eval(*test.expression);
            const bool plain =
                other.value.number() || other.value.string() || other.value.boolean() || other.value.date();
            return plain ? comparison(e, BinaryOp::equal, value, other) : unknown(e);
        }
        if (range->form == RangeForm::equal || range->form == RangeForm::not_equal)
            return comparison(e, range->form == RangeForm::equal ? BinaryOp::equal : BinaryOp::not_equal, value,
                              eval(*range->start));
        auto out = known(Value(true));
        if (range->start)
            out = comparison(e, range->start_included ? BinaryOp::greater_equal : BinaryOp::greater, value,
                             eval(*range->start));
        if (range->end)
            out = both(
                e, out,
                comparison(e, range->end_included ? BinaryOp::less_equal : BinaryOp::less, value, eval(*range->end)));
        return out;
    }

    Part call(const Expr& e, const Call& call) {
        const auto traits = traits_of(call.overloads);
        if (traits.kernel == Kernel::negation && call.arguments.size() == 1) {
            const auto inner = eval(*call.arguments.front());
            if (const auto* b = inner.value.boolean()) return known(Value(!*b));
            auto out = unknown(e);
            for (const auto& option : inner.options)
                out.options.push_back(option.boolean() ? Value(!*option.boolean()) : Value());
            return out;
        }
        const bool least = traits.kernel == Kernel::least, most = traits.kernel == Kernel::greatest;
        if ((least || most) && call.arguments.size() > 1) return extreme(e, call, most);
        if (traits.rises && !call.arguments.empty() && call.argument_names.empty()) return rising(e, call);
        return otherwise(e);
    }

    /// A function that never falls: the bounds of its argument give its own.
    Part rising(const Expr& e, const Call& call) {
        for (std::size_t i = 1; i < call.arguments.size(); ++i)
            if (open_slots(read(*call.arguments[i])).count > 0) return unknown(e);
        const auto part = eval(*call.arguments.front());
        const auto argument = interval_of(part);
        if (!argument) return otherwise(e);
        const auto at = [&](const std::optional<Decimal>& bound) -> std::optional<Decimal> {
            if (!bound) return std::nullopt;
            const auto value = concrete(*with_first(e, call, *bound));
            return value.number() ? std::optional(*value.number()) : std::nullopt;
        };
        return number(e, {at(argument->low), at(argument->high)}, part.never_null());
    }

    /// The call with a number for its first argument.
    static ExprPtr with_first(const Expr& e, const Call& call, const Decimal& number) {
        Call out;
        out.builtin = call.builtin;
        out.overloads = call.overloads;
        out.arguments.push_back(make_literal(e.span, Value(number)));
        for (std::size_t i = 1; i < call.arguments.size(); ++i) out.arguments.push_back(clone(*call.arguments[i]));
        return make_expr(e.span, std::move(out));
    }

    Part extreme(const Expr& e, const Call& call, bool most) {
        Interval out;
        for (std::size_t i = 0; i < call.arguments.size(); ++i) {
            const auto part = eval(*call.arguments[i]);
            const auto next = interval_of(part);
            if (!next || !(of_any_record() || part.never_null())) return unknown(e);  // null with one that is null
            if (i == 0) {
                out = *next;
                continue;
            }
            // The greatest is at least any of its arguments that has a lower bound; its upper bound needs all of
            // theirs.
            auto& sure = most ? out.low : out.high;
            auto& open = most ? out.high : out.low;
            const auto& next_sure = most ? next->low : next->high;
            const auto& next_open = most ? next->high : next->low;
            if (next_sure && (!sure || (most ? *next_sure > *sure : *next_sure < *sure))) sure = next_sure;
            open = open && next_open ? std::optional(most ? std::max(*open, *next_open) : std::min(*open, *next_open))
                                     : std::nullopt;
        }
        return number(e, out, true);
    }

    /// Anything else: three-valued evaluation settles it or leaves it open. It cannot be trusted with questions for
    /// null.
    Part otherwise(const Expr& e) {
        const auto text = read(e);
        if (text.asks_null || of_any_record()) return unknown(e);
        return settled(e, concrete(e, text.slots));
    }

    static Part settled(const Expr& e, Value value) {
        if (!is_unknown(value)) return as_evaluated(known(std::move(value)));
        auto out = unknown(e);
        out.evaluated = std::move(value);
        return out;
    }

    const AbstractNames& names_;
    NullTests null_tests_;
    EvalOptions options_;
    std::vector<Value>& frame_;  ///< whoever evaluates sets what the expression reads
};

}  // namespace

AbstractValue abstract_value_of(const Expr& expression, const AbstractNames& names, NullTests null_tests,
                                const SourcePtr& source) {
    return AbstractEvaluator(names, null_tests, source).run(expression);
}

}  // namespace zoneval::feel
