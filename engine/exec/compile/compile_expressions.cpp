// Expressions to kernels. Each mirrors what the reference evaluator does (engine/feel/eval.cpp, operators.cpp) under
// NullMeaning::unknown; tests/exec compares the two.
#include <algorithm>
#include <cmath>

#include "engine/exec/compile/compiler.hpp"
#include "engine/feel/builtins/builtins.hpp"
#include "engine/feel/evaluation/eval.hpp"

namespace zoneval::exec {

using feel::BinaryOp;
using feel::Expr;
using feel::Kernel;
using feel::Value;

Compiler::Maybe Compiler::expression(const Expr& expr) {
    if (const auto* literal = expr.as<feel::Literal>()) return constant(literal->value);
    if (const auto* name = expr.as<feel::Name>()) {
        if (name->slot < 0 || !name->items.empty()) return std::nullopt;
        if (name->slot == inputs_.graph->tested) return tested_;
        return node(name->slot);
    }
    auto out = operation(expr);
    return out && out->null ? std::nullopt : out;
}

Compiler::Maybe Compiler::operation(const Expr& expr) {
    if (auto value = folded(expr)) return value;
    const auto of = [this](const feel::ExprPtr& e) { return expression(*e); };
    if (const auto* negate = expr.as<feel::Negate>()) {
        const auto a = of(negate->operand);
        if (!a || a->shape != Shape::number || a->days) return std::nullopt;
        return scaled_by(*a, -1, {-1, -1, 0, 0, 1, 0});
    }
    if (const auto* binary = expr.as<feel::Binary>()) {
        const auto a = of(binary->left);
        const auto b = of(binary->right);
        if (!a || !b) return std::nullopt;
        const bool joins = binary->op == BinaryOp::and_ || binary->op == BinaryOp::or_;
        if (joins) {
            if (a->shape != Shape::truth || b->shape != Shape::truth || a->null || b->null) return std::nullopt;
            return junction(*a, *b, binary->op == BinaryOp::or_);
        }
        if (binary->op == BinaryOp::add && (a->shape == Shape::code || b->shape == Shape::code)) {
            if (a->constant) return text_function(expr, 1, *b);
            return b->constant ? text_function(expr, 0, *a) : std::nullopt;
        }
        if (binary->op < BinaryOp::equal) return arithmetic(binary->op, *a, *b);
        // A choice that cannot be made is not yet null (feel/eval.cpp): asked directly, it is for the reference
        // evaluator.
        if ((a->null && binary->right->as<feel::If>()) || (b->null && binary->left->as<feel::If>()))
            return std::nullopt;
        return compare(binary->op, *a, *b, false);
    }
    if (const auto* choice = expr.as<feel::If>()) {
        const auto condition = of(choice->condition), then = of(choice->then), otherwise = of(choice->otherwise);
        if (!condition || !then || !otherwise || condition->shape != Shape::truth || condition->null)
            return std::nullopt;
        return choose(*condition, *then, *otherwise);
    }
    if (const auto* between = expr.as<feel::Between>()) {
        const auto value = of(between->value), low = of(between->low), high = of(between->high);
        if (!value || !low || !high) return std::nullopt;
        const auto above = compare(BinaryOp::greater_equal, *value, *low, true),
                   below = compare(BinaryOp::less_equal, *value, *high, true);
        if (!above || !below) return std::nullopt;
        return junction(*above, *below, false);
    }
    if (const auto* in = expr.as<feel::In>()) {
        const auto value = of(in->value);
        return value ? tests(in->tests, *value, false) : std::nullopt;
    }
    if (const auto* cell = expr.as<feel::UnaryTests>()) {
        if (cell->any) return constant(Value(true));
        const auto value = of(cell->input);
        return value ? tests(cell->tests, *value, cell->negated) : std::nullopt;
    }
    if (const auto* function = expr.as<feel::Call>()) {
        if (feel::traits_of(function->overloads).kernel != Kernel::of_text) return call(*function);
        for (std::size_t i = 0; i < function->arguments.size(); ++i) {
            if (is_constant(*function->arguments[i])) continue;
            const auto text = of(function->arguments[i]);  // of another, of_each_text will refuse
            return text && text->shape == Shape::code ? text_function(expr, i, *text) : std::nullopt;
        }
    }
    return std::nullopt;
}

bool Compiler::is_constant(const Expr& expr) {
    if (const auto* literal = expr.as<feel::Literal>()) return !literal->value.is_null();
    if (const auto* name = expr.as<feel::Name>()) {
        if (name->slot < 0 || !name->items.empty()) return false;
        const auto value = name->slot == inputs_.graph->tested ? tested_ : node(name->slot);
        return value && value->constant;
    }
    if (!expr.as<feel::Negate>() && !expr.as<feel::Binary>() && !expr.as<feel::Call>() && !expr.as<feel::If>())
        return false;
    std::vector<const Expr*> children;
    feel::for_each_child(expr, [&](const Expr& child) { children.push_back(&child); });
    // From the last: in a long sum that is the short one.
    return std::all_of(children.rbegin(), children.rend(), [this](const Expr* child) { return is_constant(*child); });
}

/// An operation on constants, done once, by the reference evaluator.
Compiler::Maybe Compiler::folded(const Expr& expr) {
    if (!is_constant(expr)) return std::nullopt;
    auto value = feel::evaluate(expr, constant_frame(expr), {feel::NullMeaning::unknown, nullptr});
    return value.is_null() ? std::nullopt : constant(std::move(value));
}

std::vector<Value> Compiler::constant_frame(const Expr& expr) {
    std::vector<Value> frame(inputs_.graph->nodes.size());
    for (const auto slot : feel::slots_read(expr))
        frame[static_cast<std::size_t>(slot)] = *(slot == inputs_.graph->tested ? tested_ : node(slot))->constant;
    return frame;
}

Compiler::Maybe Compiler::call(const feel::Call& call) {
    if (!call.argument_names.empty() || call.builtin.empty() || call.arguments.empty()) return std::nullopt;
    const auto traits = feel::traits_of(call.overloads);
    const auto kernel = traits.kernel;
    const bool aggregate = kernel >= Kernel::least && kernel <= Kernel::any;
    if (kernel == Kernel::none || kernel == Kernel::of_text) return std::nullopt;
    std::vector<Val> values;
    const auto add_all = [&](const std::vector<feel::ExprPtr>& items) {
        for (const auto& item : items) {
            auto value = expression(*item);
            if (!value || value->null) return false;
            values.push_back(std::move(*value));
        }
        return true;
    };
    const auto* list = call.arguments.size() == 1 ? call.arguments[0]->as<feel::ListExpr>() : nullptr;
    if (aggregate && !list && call.arguments.size() < 2) return std::nullopt;  // of one value that is a list
    if (!add_all(list ? list->items : call.arguments) || values.empty()) return std::nullopt;
    if (kernel == Kernel::round) {
        const auto* scale = values.size() == 2 && values[1].constant ? values[1].constant->number() : nullptr;
        const auto decimals = scale ? scale->to_int64() : std::optional<std::int64_t>(0);
        if (values.size() > 2 || (values.size() == 2 && !scale) || !decimals || *decimals < -20 || *decimals > 20)
            return std::nullopt;
        return rounded(values[0], static_cast<int>(*decimals), traits.rounding);
    }
    if (kernel == Kernel::least || kernel == Kernel::greatest) return extreme(values, kernel == Kernel::least);
    if (kernel == Kernel::square_root) return values.size() == 1 ? square_root(values[0]) : std::nullopt;
    if (kernel == Kernel::remainder) return values.size() == 2 ? modulo(values[0], values[1]) : std::nullopt;
    if (kernel == Kernel::negation)
        return values.size() == 1 && values[0].shape == Shape::truth ? Maybe(negated(values[0])) : std::nullopt;
    if (kernel == Kernel::magnitude) {
        auto& a = values[0];
        if (values.size() != 1 || a.shape != Shape::number || a.days) return std::nullopt;
        Instruction i;
        i.op = Op::absolute;
        i.a = a.data;
        Val out;
        out.bound = absolute_bound(a.bound);
        out.data = emit(i, Shape::number);
        return masked(out, a, {});
    }
    if (kernel == Kernel::all || kernel == Kernel::any) {
        Maybe out;
        for (const auto& v : values) {
            if (v.shape != Shape::truth || (v.kinds & mask_plain)) return std::nullopt;
            out = out ? junction(*out, v, kernel == Kernel::any) : v;
        }
        return out;
    }
    Maybe out;
    for (const auto& v : values) {
        out = out ? arithmetic(BinaryOp::add, *out, v) : v;
        if (!out || out->shape != Shape::number || out->days) return std::nullopt;
    }
    if (kernel == Kernel::sum) return out;
    const auto count = constant(Value(static_cast<std::int64_t>(values.size())));
    return divide(*out, *count);
}

}  // namespace zoneval::exec
