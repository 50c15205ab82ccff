#include "engine/feel/evaluation/evaluator.hpp"

#include "engine/feel/builtins/builtins.hpp"
#include "engine/feel/syntax/never_true.hpp"
#include "engine/feel/value/limits.hpp"

namespace zoneval::feel {

namespace {

/// A choice that could not be made, as opposed to a datum that is missing: what was chosen may be there.
bool chosen_by_unknown(const Expr& expression, const Value& value) {
    if (!value.is_null() || !value.cause() || (!expression.as<Filter>() && !expression.as<If>())) return false;
    const auto kind = missing_kind(value.cause());
    return kind != Missing::none && kind != Missing::not_applicable && value.cause()->span == expression.span;
}

/// The place of a kind of node in Expr::Node.
template <class N, std::size_t i = 0>
constexpr std::size_t place_of() {
    if constexpr (std::is_same_v<std::variant_alternative_t<i, Expr::Node>, N>)
        return i;
    else
        return place_of<N, i + 1>();
}
template <class N>
constexpr std::size_t index_of = place_of<N>();

Decimal computed(BinaryOp op, const Decimal& a, const Decimal& b) {
    switch (op) {
        case BinaryOp::add: return a + b;
        case BinaryOp::subtract: return a - b;
        case BinaryOp::multiply: return a * b;
        default: return a / b;
    }
}

bool compares(BinaryOp op, const Decimal& a, const Decimal& b) {
    switch (op) {
        case BinaryOp::equal: return a == b;
        case BinaryOp::not_equal: return a != b;
        case BinaryOp::less: return a < b;
        case BinaryOp::less_equal: return a <= b;
        case BinaryOp::greater: return a > b;
        default: return a >= b;
    }
}

/// Counts nesting for as long as it lives.
struct Deeper {
    int& depth;
    explicit Deeper(int& d) : depth(d) { ++depth; }
    ~Deeper() { --depth; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
};

}  // namespace

Value Evaluator::fail(Span span, Fact fact, std::vector<CausePtr> because) const {
    Cause cause;
    cause.fact = std::move(fact);
    cause.source = *source_;
    cause.span = span;
    cause.because = std::move(because);
    return Value::null(make_cause(std::move(cause)));
}

Value Evaluator::fail_for(Span span, std::initializer_list<std::pair<const Expr*, const Value*>> operands) const {
    std::vector<NullOperand> nulls;
    std::vector<CausePtr> because;
    for (const auto& [expression, value] : operands) {
        if (!value->is_null()) continue;
        const bool named = *source_ && expression != nullptr && expression->span.end > expression->span.begin;
        nulls.push_back({named ? std::string((*source_)->text(expression->span)) : "",
                         missing_kind(value->cause()) != Missing::none});
        if (value->cause()) because.push_back(value->cause());
    }
    return fail(span, reasons::null_operands(std::move(nulls)), std::move(because));
}

Value Evaluator::eval(const Expr& expression) {
    const Deeper deeper(depth_);
    const auto* here = static_cast<const char*>(__builtin_frame_address(0));
    const auto used = reinterpret_cast<const char*>(this) - here;
    if (depth_ > limits::evaluation_depth || used > limits::evaluation_stack)
        return fail(expression.span, reasons::calls_too_deep(limits::evaluation_depth));
    return dispatch(expression);
}

/// Picks the member function for a node. A switch, which the compiler turns into one jump; std::visit calls through a
/// table.
Value Evaluator::dispatch(const Expr& at) {
    const auto& node = at.node;
    switch (node.index()) {
        case index_of<Literal>: return std::get_if<Literal>(&node)->value;
        case index_of<Name>: return name(at, *std::get_if<Name>(&node));
        case index_of<Negate>: return negate(at, *std::get_if<Negate>(&node));
        case index_of<Binary>: return binary(at, *std::get_if<Binary>(&node));
        case index_of<If>: return conditional(at, *std::get_if<If>(&node));
        case index_of<Between>: return between(at, *std::get_if<Between>(&node));
        case index_of<In>: return in(at, *std::get_if<In>(&node));
        case index_of<For>: return loop(at, *std::get_if<For>(&node));
        case index_of<Quantified>: return quantified(at, *std::get_if<Quantified>(&node));
        case index_of<Filter>: return filter(at, *std::get_if<Filter>(&node));
        case index_of<Path>: {
            const auto& path_node = *std::get_if<Path>(&node);
            return path(at.span, path_node.object.get(), *Operand(*this, *path_node.object), path_node.name);
        }
        case index_of<InstanceOf>: {
            const auto& test = *std::get_if<InstanceOf>(&node);
            const Operand tested(*this, *test.value);
            if (unknowns() && is_unknown(*tested)) return fail_for(at.span, {{test.value.get(), &*tested}});
            return instance_of(*tested, *test.type);
        }
        case index_of<ListExpr>: return list(at, *std::get_if<ListExpr>(&node));
        case index_of<ContextExpr>: return context(at, *std::get_if<ContextExpr>(&node));
        case index_of<RangeExpr>: return range(at, *std::get_if<RangeExpr>(&node));
        case index_of<FunctionExpr>: return closure(*std::get_if<FunctionExpr>(&node));
        case index_of<Call>: return invocation(at, *std::get_if<Call>(&node));
        case index_of<TableExpr>: return table(at, *std::get_if<TableExpr>(&node));
        case index_of<UnaryTests>: return unary_tests(at, *std::get_if<UnaryTests>(&node));
        default: return {};
    }
}

const Value* Evaluator::in_place(const Expr& expression) {
    if (const auto* name = expression.as<Name>()) return lookup(*name);
    const auto* literal = expression.as<Literal>();
    return literal == nullptr ? nullptr : &literal->value;
}

const Value* Evaluator::lookup(const Name& node) {
    for (const auto item : node.items)
        if (const auto* context = local(item).context())
            if (const auto* entry = find(*context, node.name)) return entry;
    if (node.local >= 0) return &local(node.local);
    if (node.slot >= 0 && static_cast<std::size_t>(node.slot) < frame_.size())
        return &frame_[static_cast<std::size_t>(node.slot)];
    return nullptr;
}

Value Evaluator::name(const Expr& at, const Name& node) {
    if (const auto* value = lookup(node)) return *value;
    if (node.slot < 0)
        if (const auto* set = builtin_set(node.name)) return builtin_as_value(*set);  // inside a filter
    return fail(at.span, reasons::no_name(node.name));
}

Value Evaluator::negate(const Expr& at, const Negate& node) {
    const Operand value_operand(*this, *node.operand);
    const Value& value = *value_operand;
    if (const auto* n = value.number()) return -*n;
    if (const auto* d = value.years_months()) return YearsMonthsDuration{-d->months};
    if (const auto* d = value.days_time()) return -*d;
    if (value.is_null()) return fail_for(at.span, {{node.operand.get(), &value}});
    return fail(at.span, reasons::no_negative(value.kind()));
}

Value Evaluator::binary(const Expr& at, const Binary& node) {
    if (node.op == BinaryOp::and_ || node.op == BinaryOp::or_) return junction(at, node);
    const Operand left_operand(*this, *node.left);
    const Value& left = *left_operand;
    const Operand right_operand(*this, *node.right);
    const Value& right = *right_operand;
    // The short way for the most common operands; the long way says why there is no result.
    if (const auto* a = left.number(), *b = right.number();
        a != nullptr && b != nullptr && node.op != BinaryOp::power) {
        if (node.op >= BinaryOp::equal) return compares(node.op, *a, *b);
        if (const auto number = computed(node.op, *a, *b); number.is_finite()) return number;
    }
    if (node.op < BinaryOp::equal) return arithmetic(at, node, left, right);
    if (unknowns() && (node.op == BinaryOp::equal || node.op == BinaryOp::not_equal)) {
        // Written `null` asks whether there is a datum, which is always known.
        const bool left_asks = is_null_literal(*node.left), right_asks = is_null_literal(*node.right);
        if ((left_asks && chosen_by_unknown(*node.right, right)) || (right_asks && chosen_by_unknown(*node.left, left)))
            return fail_for(at.span, {{node.left.get(), &left}, {node.right.get(), &right}});
        if (left_asks || right_asks) return (left.is_null() && right.is_null()) == (node.op == BinaryOp::equal);
    }
    return comparison(at, node, left, right);
}

/// Three-valued and/or (Table 38); the right side is not evaluated when the left decides.
Value Evaluator::junction(const Expr& at, const Binary& node) {
    const bool deciding = node.op == BinaryOp::or_;
    const Operand left_operand(*this, *node.left);
    const Value& left = *left_operand;
    if (left.boolean() != nullptr && *left.boolean() == deciding) return deciding;
    const Operand right_operand(*this, *node.right);
    const Value& right = *right_operand;
    if (right.boolean() != nullptr && *right.boolean() == deciding) return deciding;
    if (left.boolean() != nullptr && right.boolean() != nullptr) return !deciding;
    if (unknowns() && (is_never_true(*node.left) || is_never_true(*node.right))) {
        const bool on_left = is_never_true(*node.left);
        const auto& other = on_left ? right : left;
        if (!deciding || !is_unknown(other)) return {};
        return fail_for(at.span, {{(on_left ? node.right : node.left).get(), &other}});
    }
    if (left.is_null() || right.is_null())
        return fail_for(at.span, {{node.left.get(), &left}, {node.right.get(), &right}});
    return fail(at.span, reasons::cannot_decide(std::string(spelling(node.op)), left.kind(), right.kind()));
}

Value Evaluator::conditional(const Expr& at, const If& node) {
    const Operand condition_operand(*this, *node.condition);
    const Value& condition = *condition_operand;
    if (condition.is_true()) return eval(*node.then);
    if (condition.boolean() == nullptr && !condition.is_null())
        return fail(at.span, reasons::condition_type(condition.kind()));
    if (!unknowns() || !is_unknown(condition)) return eval(*node.otherwise);
    auto then = eval(*node.then);
    const auto otherwise = eval(*node.otherwise);
    if (!then.is_null() && identical(then, otherwise)) return then;
    return fail_for(at.span, {{node.condition.get(), &condition}});
}

Value Evaluator::between(const Expr& at, const Between& node) {
    const Operand value_operand(*this, *node.value), low_operand(*this, *node.low), high_operand(*this, *node.high);
    const Value &value = *value_operand, &low = *low_operand, &high = *high_operand;
    // 10.3.2.8: value >= low and value <= high, so a side that is false decides.
    const auto side = [&](const Value& x, const Value& y) -> Truth {
        if (unknowns() && (x.is_null() || y.is_null())) {
            const bool absent = (x.is_null() && !is_unknown(x)) || (y.is_null() && !is_unknown(y));
            return absent ? Truth(false) : std::nullopt;
        }
        const auto o = order(x, y);
        if (!o) return std::nullopt;
        return *o <= 0;
    };
    const auto lower = side(low, value), upper = side(value, high);
    if (lower == false || upper == false) return false;
    if (lower && upper) return true;
    if (value.is_null() || low.is_null() || high.is_null())
        return fail_for(at.span, {{node.value.get(), &value}, {node.low.get(), &low}, {node.high.get(), &high}});
    return fail(at.span, reasons::not_between(value.kind(), low.kind(), high.kind()));
}

Value Evaluator::list(const Expr&, const ListExpr& node) {
    List out;
    out.reserve(node.items.size());
    for (const auto& item : node.items) out.push_back(eval(*item));
    return out;
}

Value Evaluator::context(const Expr&, const ContextExpr& node) {
    Context out;
    out.reserve(node.entries.size());
    for (const auto& entry : node.entries) {
        out.emplace_back(entry.name, eval(*entry.value));
        local(entry.local) = out.back().second;
    }
    return out;
}

Value Evaluator::range(const Expr& at, const RangeExpr& node) {
    Range out;
    out.form = node.form;
    out.start_included = node.start_included;
    out.end_included = node.end_included;
    if (node.start) out.start = eval(*node.start);
    if (node.end) out.end = eval(*node.end);
    if (node.form != RangeForm::interval) {
        const auto& endpoint = node.start ? out.start : out.end;
        if (unknowns() && is_unknown(endpoint)) return endpoint;
        if (node.form == RangeForm::equal || node.form == RangeForm::not_equal) out.end = out.start;
        return out;
    }
    if (unknowns() && (is_unknown(out.start) || is_unknown(out.end)))
        return fail_for(at.span, {{node.start.get(), &out.start}, {node.end.get(), &out.end}});
    if (!out.start.is_null() && !out.end.is_null() && !order(out.start, out.end))
        return fail(at.span, reasons::range_types(out.start.kind(), out.end.kind()));
    return out;
}

}  // namespace zoneval::feel
