// Expressions to kernels. Each mirrors what the reference evaluator does (engine/feel/eval.cpp, operators.cpp) under
// NullMeaning::unknown; tests/exec compares the two.
#include <algorithm>
#include <cmath>

#include "engine/exec/compiler.hpp"
#include "engine/feel/eval.hpp"

namespace zoneval::exec {

using feel::BinaryOp;
using feel::Expr;
using feel::Rounding;
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
        if (binary->op < BinaryOp::equal) return arithmetic(binary->op, *a, *b);
        // A choice that cannot be made is not yet null (feel/eval.cpp): asked directly, it is for the reference evaluator.
        if ((a->null && binary->right->as<feel::If>()) || (b->null && binary->left->as<feel::If>())) return std::nullopt;
        return compare(binary->op, *a, *b, false);
    }
    if (const auto* choice = expr.as<feel::If>()) {
        const auto condition = of(choice->condition), then = of(choice->then), otherwise = of(choice->otherwise);
        if (!condition || !then || !otherwise || condition->shape != Shape::truth || condition->null) return std::nullopt;
        return choose(*condition, *then, *otherwise);
    }
    if (const auto* between = expr.as<feel::Between>()) {
        const auto value = of(between->value), low = of(between->low), high = of(between->high);
        if (!value || !low || !high) return std::nullopt;
        const auto above = compare(BinaryOp::greater_equal, *value, *low, true), below = compare(BinaryOp::less_equal, *value, *high, true);
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
    if (const auto* function = expr.as<feel::Call>()) return call(*function);
    return std::nullopt;
}

bool Compiler::is_constant(const Expr& expr) {
    if (const auto* literal = expr.as<feel::Literal>()) return !literal->value.is_null();
    if (const auto* name = expr.as<feel::Name>()) {
        if (name->slot < 0 || !name->items.empty()) return false;
        const auto value = name->slot == inputs_.graph->tested ? tested_ : node(name->slot);
        return value && value->constant;
    }
    if (!expr.as<feel::Negate>() && !expr.as<feel::Binary>() && !expr.as<feel::Call>() && !expr.as<feel::If>()) return false;
    std::vector<const Expr*> children;
    feel::for_each_child(expr, [&](const Expr& child) { children.push_back(&child); });
    // From the last: in a long sum that is the short one.
    return std::all_of(children.rbegin(), children.rend(), [this](const Expr* child) { return is_constant(*child); });
}

/// An operation on constants, done once, by the reference evaluator.
Compiler::Maybe Compiler::folded(const Expr& expr) {
    if (!is_constant(expr)) return std::nullopt;
    std::vector<Value> frame(inputs_.graph->nodes.size());
    for (const auto slot : feel::slots_read(expr))
        frame[static_cast<std::size_t>(slot)] = *(slot == inputs_.graph->tested ? tested_ : node(slot))->constant;
    auto value = feel::evaluate(expr, frame, {feel::NullMeaning::unknown, nullptr});
    return value.is_null() ? std::nullopt : constant(std::move(value));
}

/// The mask of a result that needs both operands, and the bits it may have.
Ref Compiler::joined_mask(const Val& a, const Val& b, Mask& kinds) {
    kinds = static_cast<Mask>(a.kinds | b.kinds);
    const bool plain = (kinds & mask_plain) != 0;
    if (plain) kinds = static_cast<Mask>((kinds & ~mask_plain) | mask_failed);
    if (!plain && (b.mask == no_ref || a.mask == b.mask)) return a.mask;
    if (!plain && a.mask == no_ref) return b.mask;
    Instruction join;
    join.op = Op::mask_join;
    join.a = std::min(a.mask, b.mask);
    join.b = std::max(a.mask, b.mask);
    return emit(join, Shape::truth);
}

Compiler::Val Compiler::masked(Val value, const Val& a, const Val& b) {
    value.mask = joined_mask(a, b, value.kinds);
    value.constant = nullptr;
    return value;
}

Compiler::Maybe Compiler::arithmetic(BinaryOp op, const Val& a, const Val& b) {
    if (a.null || b.null || a.shape != Shape::number || b.shape != Shape::number || a.days || b.days) return std::nullopt;
    switch (op) {
        case BinaryOp::add: return add_numbers(a, b, false);
        case BinaryOp::subtract: return add_numbers(a, b, true);
        case BinaryOp::multiply: {
            if (b.constant) return scaled_by(a, program_.numbers[static_cast<std::size_t>(-2 - b.data)], b.bound);
            if (a.constant) return scaled_by(b, program_.numbers[static_cast<std::size_t>(-2 - a.data)], a.bound);
            const auto bound = multiply_bound(a.bound, b.bound);
            if (!bound) return std::nullopt;
            Instruction i;
            i.op = Op::multiply;
            i.a = a.data, i.b = b.data;
            Val out;
            out.bound = *bound;
            out.data = emit(i, Shape::number);
            return masked(out, a, b);
        }
        case BinaryOp::divide: return divide(a, b);
        default: return std::nullopt;
    }
}

/// Products with constants are collected: x * 2.5, then brought to three more decimals, is one multiplication.
Compiler::Maybe Compiler::scaled_by(const Val& a, double factor, const Bound& factor_bound) {
    const auto bound = multiply_bound(a.bound, factor_bound);
    if (!bound) return std::nullopt;
    Ref base = a.data;
    if (bound->exact()) {
        if (const auto product = products_.find(a.data); product != products_.end() && std::abs(factor * product->second.second) < exact_limit) {
            base = product->second.first;
            factor *= product->second.second;
        }
    }
    Instruction i;
    i.op = Op::multiply;
    i.a = base;
    i.b = number_constant(factor);
    Val out;
    out.bound = *bound;
    out.data = emit(i, Shape::number);
    if (bound->exact()) products_.try_emplace(out.data, base, factor);
    return masked(out, a, {});
}

Compiler::Maybe Compiler::rescaled(const Val& a, int scale) {
    const int n = scale - a.bound.scale;
    if (n == 0) return a;
    const auto power = power_of_ten(n);
    if (!power) return std::nullopt;
    if (a.constant && a.bound.exact() && a.bound.most() * *power < exact_limit) {
        auto out = a;
        const auto k = program_.numbers[static_cast<std::size_t>(-2 - a.data)] * *power;
        out.data = number_constant(k);
        out.bound = {k, k, 0, 0, 1, scale};
        return out;
    }
    auto out = scaled_by(a, *power, {*power, *power, 0, 0, *power, n});
    if (out && a.constant) out->constant = a.constant;
    return out;
}

bool Compiler::align(Val& a, Val& b) {
    const auto scale = std::max(a.bound.scale, b.bound.scale);
    const auto x = rescaled(a, scale), y = rescaled(b, scale);
    if (!x || !y) return false;
    a = *x;
    b = *y;
    return true;
}

Compiler::Maybe Compiler::add_numbers(Val a, Val b, bool subtract) {
    if (!align(a, b)) return std::nullopt;
    const auto bound = add_bound(a.bound, subtract ? negate_bound(b.bound) : b.bound);
    if (!bound) return std::nullopt;
    Instruction i;
    i.op = subtract ? Op::subtract : Op::add;
    i.a = a.data, i.b = b.data;
    Val out;
    out.bound = *bound;
    out.data = emit(i, Shape::number);
    return masked(out, a, b);
}

/// By a divisor of a power of ten: x / 8 is x * 125 with three more decimals.
Compiler::Maybe Compiler::divide_exactly(const Val& a, const Val& b) {
    const auto k = program_.numbers[static_cast<std::size_t>(-2 - b.data)];
    if (!b.bound.exact() || k == 0) return std::nullopt;
    for (int m = 0; m <= 15; ++m) {
        const auto power = *power_of_ten(m);
        if (std::fmod(power, k) != 0) continue;
        const auto factor = power / k;
        auto out = scaled_by(a, factor, {factor, factor, 0, 0, std::abs(factor), 0});
        if (!out) return out;
        out->bound.scale = a.bound.scale - b.bound.scale + m;
        return out;
    }
    return std::nullopt;
}

Compiler::Maybe Compiler::divide(const Val& a, const Val& b) {
    if (b.constant)
        if (auto shifted = divide_exactly(a, b)) return shifted;
    const auto bound = divide_bound(a.bound, b.bound);
    if (!bound) return std::nullopt;
    Val out;
    out.bound = *bound;
    const bool may_fail = b.bound.may_be_zero();
    Instruction i;
    i.op = Op::divide;
    i.a = a.data, i.b = b.data;
    const Key key{i.op, 0, 0, 0, i.a, i.b, no_ref, no_ref, no_ref, 0, 1.0};
    if (const auto known = known_.find(key); known != known_.end()) {
        out.data = known->second;
        i.out2 = may_fail ? known_second_.at(key) : no_ref;
    } else {
        out.data = i.out = new_register(Shape::number);
        if (may_fail) i.out2 = new_register(Shape::truth);
        known_[key] = i.out;
        known_second_[key] = i.out2;
        add(i);
    }
    if (a.bound.exact() && b.bound.exact()) quotients_.try_emplace(out.data, Parts{a.data, b.data, a.bound.most(), b.bound.most()});
    out = masked(out, a, b);
    if (!may_fail) return out;
    Instruction quotient;
    quotient.op = Op::mask_quotient;
    quotient.a = out.mask, quotient.b = i.out2;
    out.mask = emit(quotient, Shape::truth);
    out.kinds = static_cast<Mask>(out.kinds | mask_failed);
    return out;
}

Compiler::Maybe Compiler::extreme(const std::vector<Val>& all, bool least) {
    Maybe out;
    for (auto next : all) {
        if (next.null || next.shape != Shape::number || next.days) return std::nullopt;
        if (!out) {
            out = next;
            continue;
        }
        if (!align(*out, next)) return std::nullopt;
        Instruction i;
        i.op = least ? Op::minimum : Op::maximum;
        i.a = out->data, i.b = next.data;
        Val both;
        both.bound = extreme_bound(out->bound, next.bound, least);
        both.data = emit(i, Shape::number);
        out = masked(both, *out, next);
    }
    return out;
}

Compiler::Maybe Compiler::rounded(const Val& a, int decimals, Rounding mode) {
    if (a.null || a.shape != Shape::number || a.days) return std::nullopt;
    if (a.bound.exact() && a.bound.scale <= decimals) return masked(a, a, {});
    Instruction i;
    i.mode = mode;
    i.a = a.data;
    Val out;
    if (a.bound.exact()) {
        const auto power = power_of_ten(a.bound.scale - decimals);
        if (!power) return std::nullopt;
        i.op = Op::round_exact;
        i.power = *power;
        out.data = emit(i, Shape::number);
        out.bound = {std::floor(a.bound.low / *power) - 1, std::ceil(a.bound.high / *power) + 1, 0, 0, 1, decimals};
        return masked(out, a, {});
    }
    const auto power = scaling_by(decimals - a.bound.scale);
    const auto bound = power ? rescale_bound(a.bound, decimals - a.bound.scale) : std::nullopt;
    if (!bound || bound->most() > 0x1p50 || bound->absolute + bound->relative * bound->most() > 0.1) return std::nullopt;
    out.bound = {std::floor(bound->low) - 1, std::ceil(bound->high) + 1, 0, 0, 1, decimals};
    out = masked(out, a, {});
    i.op = Op::round_near;
    i.power = *power;
    i.margin = {bound->absolute, bound->relative, 0};
    i.b = out.mask;
    if (as_quotient(a, decimals, i)) {
        i.op = Op::round_quotient;
        out.data = emit(i, Shape::number);
        return out;
    }
    const Key key{i.op, static_cast<int>(mode), 0, 0, i.a, i.b, no_ref, no_ref, no_ref, 0, i.power};
    if (const auto known = known_.find(key); known != known_.end()) {
        out.data = known->second;
        return out;
    }
    i.out2 = doubt();
    out.data = i.out = new_register(Shape::number);
    known_[key] = i.out;
    add(i);
    return out;
}

/// Whether what is rounded is a quotient of exact columns that 128 bits can hold.
bool Compiler::as_quotient(const Val& a, int decimals, Instruction& round) const {
    const auto found = quotients_.find(a.data);
    const auto power = power_of_ten(std::abs(decimals - a.bound.scale));
    constexpr double most_power = 1e18, room = 0x1p125;
    if (found == quotients_.end() || !power || *power > most_power) return false;
    const bool up = decimals >= a.bound.scale;
    const auto& parts = found->second;
    if (parts.most_dividend * (up ? *power : 1) > room || parts.most_divisor * (up ? 1 : *power) > room) return false;
    round.c = parts.dividend;
    round.d = parts.divisor;
    (up ? round.quotient.above : round.quotient.below) = static_cast<std::int64_t>(*power);
    return true;
}

namespace {

std::optional<Rounding> rounding_of(std::string_view builtin) {
    if (builtin == "decimal") return Rounding::half_even;
    if (builtin == "round half up") return Rounding::half_up;
    if (builtin == "round half down") return Rounding::half_down;
    if (builtin == "round up") return Rounding::up;
    if (builtin == "round down") return Rounding::down;
    if (builtin == "floor") return Rounding::floor;
    if (builtin == "ceiling") return Rounding::ceiling;
    return std::nullopt;
}

}  // namespace

Compiler::Maybe Compiler::call(const feel::Call& call) {
    if (!call.argument_names.empty() || call.builtin.empty() || call.arguments.empty()) return std::nullopt;
    const auto& name = call.builtin;
    const auto mode = rounding_of(name);
    const bool aggregate = name == "min" || name == "max" || name == "sum" || name == "mean" || name == "all" || name == "any";
    if (!mode && !aggregate && name != "not" && name != "abs") return std::nullopt;
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
    if (aggregate && !list && call.arguments.size() < 2) return std::nullopt;      // of one value that is a list
    if (!add_all(list ? list->items : call.arguments) || values.empty()) return std::nullopt;
    if (mode) {
        const auto* scale = values.size() == 2 && values[1].constant ? values[1].constant->number() : nullptr;
        const auto decimals = scale ? scale->to_int64() : std::optional<std::int64_t>(0);
        if (values.size() > 2 || (values.size() == 2 && !scale) || !decimals || *decimals < -20 || *decimals > 20) return std::nullopt;
        return rounded(values[0], static_cast<int>(*decimals), *mode);
    }
    if (name == "min" || name == "max") return extreme(values, name == "min");
    if (name == "not") return values.size() == 1 && values[0].shape == Shape::truth ? Maybe(negated(values[0])) : std::nullopt;
    if (name == "abs") {
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
    if (name == "all" || name == "any") {
        Maybe out;
        for (const auto& v : values) {
            if (v.shape != Shape::truth || (v.kinds & mask_plain)) return std::nullopt;
            out = out ? junction(*out, v, name == "any") : v;
        }
        return out;
    }
    Maybe out;
    for (const auto& v : values) {
        out = out ? arithmetic(BinaryOp::add, *out, v) : v;
        if (!out || out->shape != Shape::number || out->days) return std::nullopt;
    }
    if (name == "sum") return out;
    const auto count = constant(Value(static_cast<std::int64_t>(values.size())));
    return divide(*out, *count);
}

Compiler::Maybe Compiler::negated(const Val& a) {
    if (a.constant) return constant(Value(a.constant->is_false()));
    Instruction i;
    i.op = Op::negate;
    i.a = a.data, i.b = a.mask;
    auto out = a;
    out.data = emit(i, Shape::truth);
    return out;
}

Compiler::Val Compiler::is_null(const Val& a, bool wanted) {
    Val out;
    out.shape = Shape::truth;
    Instruction i;
    if (a.mask == no_ref) {
        out.data = byte_constant(a.null == wanted ? 1 : 0);
        return out;
    }
    i.op = Op::has_bits;
    i.number = 0xff;
    i.a = a.mask;
    out.data = emit(i, Shape::truth);
    null_tests_[out.data] = {a.mask, true};
    if (wanted) return out;
    i = {};
    i.op = Op::negate;
    i.a = out.data;
    out.data = emit(i, Shape::truth);
    null_tests_[out.data] = {a.mask, false};
    return out;
}

Compiler::Maybe Compiler::compare(BinaryOp op, const Val& a, const Val& b, bool test) {
    const bool equality = op == BinaryOp::equal || op == BinaryOp::not_equal;
    if (a.null || b.null) return equality && !test ? Maybe(is_null(a.null ? b : a, op == BinaryOp::equal)) : std::nullopt;
    const auto raw = raw_compare(op, a, b);
    if (!raw) return std::nullopt;
    const auto relation = test ? (op == BinaryOp::not_equal ? Relation::test_different : Relation::test)
                          : op == BinaryOp::equal     ? Relation::equal
                          : op == BinaryOp::not_equal ? Relation::different
                                                      : Relation::ordered;
    return with_nulls(raw->data, a, b, relation);
}

/// Of the values behind nulls too.
Compiler::Maybe Compiler::raw_compare(BinaryOp op, const Val& a, const Val& b) {
    if (a.shape != b.shape || a.days != b.days) return std::nullopt;
    if (a.shape == Shape::number) {
        Mask kinds = 0;
        return order_numbers(op, a, b, joined_mask(a, b, kinds));
    }
    if (op != BinaryOp::equal && op != BinaryOp::not_equal) return std::nullopt;
    Val out;
    out.shape = Shape::truth;
    const auto code_of = [this](const Val& v) { return program_.codes[static_cast<std::size_t>(-2 - v.data)]; };
    if (a.own >= 0 && b.constant) {
        out.data = own_equals(a, code_of(b));
    } else if (b.own >= 0 && a.constant) {
        out.data = own_equals(b, code_of(a));
    } else {
        const auto x = shared_codes(a).data, y = shared_codes(b).data;
        Instruction i;
        i.op = a.shape == Shape::code ? Op::codes_equal : Op::bytes_equal;
        i.a = std::min(x, y), i.b = std::max(x, y);
        out.data = emit(i, Shape::truth);
    }
    return op == BinaryOp::equal ? Maybe(out) : negated(out);
}

Compiler::Maybe Compiler::order_numbers(BinaryOp op, Val a, Val b, Ref mask) {
    if (!align(a, b)) return std::nullopt;
    if (!a.bound.exact() || !b.bound.exact()) {
        Instruction near;
        near.op = Op::near;
        near.a = a.data, near.b = b.data, near.c = mask;
        near.margin = {a.bound.absolute + b.bound.absolute, a.bound.relative, b.bound.relative};
        const Key key{near.op, 0, 0, 0, near.a, near.b, near.c, no_ref, no_ref, 0, 1.0};
        if (known_.try_emplace(key, no_ref).second) {
            near.out2 = doubt();
            add(near);
        }
    }
    Instruction i;
    const bool swapped = op == BinaryOp::greater || op == BinaryOp::greater_equal;
    i.a = swapped ? b.data : a.data;
    i.b = swapped ? a.data : b.data;
    const bool strict = op == BinaryOp::less || op == BinaryOp::greater;
    const bool equality = op == BinaryOp::equal || op == BinaryOp::not_equal;
    i.op = equality ? Op::equal : strict ? Op::less : Op::less_equal;
    Val out;
    out.shape = Shape::truth;
    out.data = emit(i, Shape::truth);
    return op == BinaryOp::not_equal ? negated(out) : Maybe(out);
}

Compiler::Val Compiler::with_nulls(Ref raw, const Val& a, const Val& b, Relation relation) {
    Val out;
    out.shape = Shape::truth;
    out.data = raw;
    const auto kinds = static_cast<Mask>(a.kinds | b.kinds);
    if (kinds == 0) return out;
    const bool simple = (kinds & (mask_not_applicable | mask_plain)) == 0;
    Instruction i;
    if (simple) {
        out.mask = joined_mask(a, b, out.kinds);
        i.op = Op::keep_known;
        i.a = raw, i.b = out.mask;
        out.data = emit(i, Shape::truth);
        return out;
    }
    i.op = Op::compare_nulls;
    i.relation = relation;
    i.a = raw, i.b = a.mask, i.c = b.mask;
    const Key key{i.op, 0, static_cast<int>(relation), 0, i.a, i.b, i.c, no_ref, no_ref, 0, 1.0};
    const auto [place, is_new] = known_.try_emplace(key, no_ref);
    if (is_new) {
        place->second = i.out = new_register(Shape::truth);
        known_second_[key] = i.out2 = new_register(Shape::truth);
        add(i);
    }
    out.data = place->second;
    out.mask = known_second_.at(key);
    out.kinds = static_cast<Mask>((kinds & ~mask_plain) | (kinds & mask_plain ? mask_failed : 0));
    return out;
}

Compiler::Val Compiler::junction(const Val& a, const Val& b, bool deciding) {
    Val out;
    out.shape = Shape::truth;
    Instruction i;
    if (a.mask == no_ref && b.mask == no_ref) {
        i.op = deciding ? Op::bytes_or : Op::bytes_and;
        i.a = std::min(a.data, b.data), i.b = std::max(a.data, b.data);
        out.data = emit(i, Shape::truth);
        return out;
    }
    i.op = Op::junction;
    i.number = deciding;
    i.a = a.data, i.b = a.mask, i.c = b.data, i.d = b.mask;
    const Key key{i.op, 0, 0, i.number, i.a, i.b, i.c, i.d, no_ref, 0, 1.0};
    const auto [place, is_new] = known_.try_emplace(key, no_ref);
    if (is_new) {
        place->second = i.out = new_register(Shape::truth);
        known_second_[key] = i.out2 = new_register(Shape::truth);
        add(i);
    }
    out.data = place->second;
    out.mask = known_second_.at(key);
    const auto kinds = static_cast<Mask>(a.kinds | b.kinds);
    out.kinds = static_cast<Mask>((kinds & ~mask_plain) | (kinds & mask_plain ? mask_failed : 0));
    return out;
}

Compiler::Maybe Compiler::choose(const Val& condition, const Val& then_value, const Val& otherwise_value) {
    Val a = shared_codes(then_value), b = shared_codes(otherwise_value);
    if (a.null && b.null) return std::nullopt;
    // A written null takes the shape of the other branch.
    const auto as_null = [](Val& null, const Val& other) {
        null.shape = other.shape;
        null.days = other.days;
        null.bound = other.bound;
        null.data = other.data;
        null.kinds = mask_plain;
    };
    if (a.null) as_null(a, b);
    if (b.null) as_null(b, a);
    if (a.shape != b.shape || a.days != b.days) return std::nullopt;
    if (a.shape == Shape::number && !align(a, b)) return std::nullopt;
    const auto mask_of = [this](const Val& v) { return v.null ? byte_constant(mask_plain) : v.mask; };
    Val out;
    out.shape = a.shape;
    out.days = a.days;
    if (a.shape == Shape::number) out.bound = either_bound(a.bound, b.bound);
    Instruction i;
    i.op = a.shape == Shape::number ? Op::select_numbers : a.shape == Shape::code ? Op::select_codes : Op::select_bytes;
    i.a = condition.data, i.b = a.data, i.c = b.data;
    out.data = emit(i, a.shape);
    const auto ma = mask_of(a), mb = mask_of(b);
    // `if x = null then 0 else … x …`: where x is there, so is the rest.
    const auto tested = condition.mask == no_ref ? null_tests_.find(condition.data) : null_tests_.end();
    const bool guarded = tested != null_tests_.end() && (tested->second.second ? ma : mb) == no_ref &&
                         (tested->second.second ? mb : ma) == tested->second.first;
    if (!guarded && (ma != no_ref || mb != no_ref)) {
        i = {};
        i.op = Op::select_bytes;
        i.a = condition.data, i.b = ma == no_ref ? byte_constant(0) : ma, i.c = mb == no_ref ? byte_constant(0) : mb;
        out.mask = emit(i, Shape::truth);
        out.kinds = static_cast<Mask>(a.kinds | b.kinds);
    }
    const auto finish = [&] {
        if (out.shape != Shape::truth || out.mask == no_ref) return out;
        Instruction known;
        known.op = Op::keep_known;
        known.a = out.data, known.b = out.mask;
        out.data = emit(known, Shape::truth);
        return out;
    };
    if ((condition.kinds & mask_unknown) == 0) return finish();
    const bool nulls = a.null || b.null;
    const auto same = nulls ? Maybe() : raw_compare(BinaryOp::equal, a, b);
    if (!nulls && !same) return std::nullopt;
    i = {};
    i.op = Op::open_condition;
    i.a = condition.mask, i.b = ma, i.c = mb, i.d = out.mask, i.e = nulls ? byte_constant(0) : same->data;
    out.mask = emit(i, Shape::truth);
    out.kinds = static_cast<Mask>(out.kinds | condition.kinds);
    return finish();
}

/// Three-valued "or" of the tests (Evaluator::any_test).
Compiler::Maybe Compiler::tests(const std::vector<feel::Test>& all, const Val& input, bool negate) {
    if (input.null) return std::nullopt;
    Maybe out;
    for (const auto& test : all) {
        const auto result = one_test(test, input);
        if (!result) return std::nullopt;
        out = out ? junction(*out, *result, true) : result;
    }
    if (!out) return std::nullopt;
    return negate ? negated(*out) : out;
}

Compiler::Maybe Compiler::one_test(const feel::Test& test, const Val& input) {
    if (test.mentions_input) return std::nullopt;
    const auto& expr = *test.expression;
    if (const auto* literal = expr.as<feel::Literal>(); literal && literal->value.is_null()) return is_null(input, true);
    if (const auto* range = expr.as<feel::RangeExpr>()) {
        if (range->form == feel::RangeForm::equal || range->form == feel::RangeForm::not_equal) {
            const auto value = expression(*range->start);
            if (!value || !value->constant || value->null) return std::nullopt;
            return compare(range->form == feel::RangeForm::equal ? BinaryOp::equal : BinaryOp::not_equal, input, *value, true);
        }
        Maybe out;
        for (const bool lower : {true, false}) {
            const auto& end = lower ? range->start : range->end;
            if (!end) continue;
            const auto value = expression(*end);
            if (!value || !value->constant || value->null) return std::nullopt;
            const bool included = lower ? range->start_included : range->end_included;
            const auto op = lower ? (included ? BinaryOp::greater_equal : BinaryOp::greater) : (included ? BinaryOp::less_equal : BinaryOp::less);
            const auto side = compare(op, input, *value, true);
            if (!side) return std::nullopt;
            out = out ? junction(*out, *side, false) : side;
        }
        return out;
    }
    if (const auto* list = expr.as<feel::ListExpr>()) {
        Maybe out;
        for (const auto& item : list->items) {
            const auto value = expression(*item);
            if (!value || !value->constant || value->null) return std::nullopt;
            const auto equal = compare(BinaryOp::equal, input, *value, true);
            if (!equal) return std::nullopt;
            out = out ? junction(*out, *equal, true) : equal;
        }
        return out;
    }
    // A value to compare with; a boolean may be a condition of its own instead (10.3.2.10).
    const auto value = expression(expr);
    if (!value || !value->constant || value->null || value->shape == Shape::truth) return std::nullopt;
    return compare(BinaryOp::equal, input, *value, true);
}

}  // namespace zoneval::exec
