// Arithmetic and rounding to kernels: aligning scales, carrying bounds, and no kernel where there is no bound.
#include <algorithm>
#include <cmath>

#include "engine/exec/compile/compiler.hpp"

namespace zoneval::exec {

using feel::BinaryOp;
using feel::Rounding;

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
    if (a.null || b.null || a.shape != Shape::number || b.shape != Shape::number || a.days || b.days)
        return std::nullopt;
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
        case BinaryOp::power: return power(a, b);
        default: return std::nullopt;
    }
}

/// Products with constants are collected: x * 2.5, then brought to three more decimals, is one multiplication.
Compiler::Maybe Compiler::scaled_by(const Val& a, double factor, const Bound& factor_bound) {
    const auto bound = multiply_bound(a.bound, factor_bound);
    if (!bound) return std::nullopt;
    Val out;
    out.bound = *bound;
    out.data = times(a.data, factor, bound->exact());
    return masked(out, a, {});
}

Ref Compiler::times(Ref a, double factor, bool exact) {
    Instruction i;
    if (exact && a < no_ref) return number_constant(program_.numbers[static_cast<std::size_t>(-2 - a)] * factor);
    if (const auto choice = exact ? choices_.find(a) : choices_.end(); choice != choices_.end()) {
        const auto [condition, then, otherwise] = choice->second;
        i.op = Op::select_numbers;
        i.a = condition, i.b = times(then, factor, exact), i.c = times(otherwise, factor, exact);
        const auto out = emit(i, Shape::number);
        choices_.try_emplace(out, Choice{i.a, i.b, i.c});
        return out;
    }
    if (exact) {
        if (const auto product = products_.find(a);
            product != products_.end() && std::abs(factor * product->second.second) < exact_limit) {
            a = product->second.first;
            factor *= product->second.second;
        }
    }
    i.op = Op::multiply;
    i.a = a;
    i.b = number_constant(factor);
    const auto out = emit(i, Shape::number);
    if (exact) products_.try_emplace(out, a, factor);
    return out;
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
    if (!out) return out;
    out->constant = a.constant;
    out->mask = a.mask, out->kinds = a.kinds;  // in another scale it is the same value, or the same null
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
    const bool may_fail = !b.bound.never_zero();
    Instruction i;
    i.op = Op::divide;
    i.a = a.data, i.b = b.data;
    out.data = emit(i, Shape::number);
    if (a.bound.exact() && b.bound.exact())
        quotients_.try_emplace(out.data, Parts{a.data, b.data, a.bound.most(), b.bound.most()});
    out = masked(out, a, b);
    if (!may_fail) return out;
    i.op = Op::equal;
    i.a = b.data, i.b = number_constant(0);
    return also_null(out, emit(i, Shape::truth), mask_failed);
}

/// Null also where that mask (1: failed) has bits, of `kinds`, and the value's own has none.
Compiler::Val Compiler::also_null(Val value, Ref mask, Mask kinds) {
    Instruction i;
    i.op = Op::mask_quotient;
    i.a = value.mask, i.b = mask;
    value.mask = emit(i, Shape::truth);
    value.kinds = static_cast<Mask>(value.kinds | kinds);
    return value;
}

/// Half the decimals, so an even number of them to begin with.
Compiler::Maybe Compiler::square_root(Val a) {
    if (a.null || a.shape != Shape::number || a.days) return std::nullopt;
    const auto even = rescaled(a, a.bound.scale + (a.bound.scale % 2 != 0));
    const auto bound = even ? root_bound(even->bound) : std::nullopt;
    if (!bound) return std::nullopt;
    Instruction i;
    i.op = Op::square_root;
    i.a = even->data;
    Val out;
    out.bound = *bound;
    out.data = emit(i, Shape::number);
    out = masked(out, a, {});
    if (even->bound.low >= 0) return out;
    i.op = Op::less;
    i.b = number_constant(0);
    return also_null(out, emit(i, Shape::truth), mask_failed);
}

Compiler::Maybe Compiler::power(const Val& a, const Val& exponent) {
    const auto* number = exponent.constant ? exponent.constant->number() : nullptr;
    const auto n = number ? number->to_int64() : std::nullopt;
    constexpr std::int64_t most = 8;
    if (!n || *n < 1 || *n > most) return std::nullopt;
    Maybe out = a;
    for (std::int64_t i = 1; i < *n && out; ++i) out = arithmetic(BinaryOp::multiply, *out, a);
    return out && *n == 1 ? Maybe(masked(a, a, {})) : out;
}

Compiler::Maybe Compiler::modulo(Val a, Val b) {
    const auto number = [](const Val& v) { return !v.null && v.shape == Shape::number && !v.days; };
    if (!number(a) || !number(b) || !align(a, b) || !a.bound.exact() || !b.bound.exact()) return std::nullopt;
    const auto most = b.bound.most();
    if (!(a.bound.most() + most < exact_limit)) return std::nullopt;
    Instruction i;
    i.op = Op::modulo;
    i.a = a.data, i.b = b.data;
    Val out;
    out.bound = {b.bound.low < 0 ? -most : 0, b.bound.high > 0 ? most : 0, 0, 0, 1, a.bound.scale};
    out.data = emit(i, Shape::number);
    out = masked(out, a, {});
    if (b.mask != no_ref) {  // a function is null for its first null argument alone (feel/invoke.cpp)
        const auto second = masked(b, b, {});
        out = also_null(out, second.mask, second.kinds);
    }
    if (b.bound.never_zero()) return out;
    i.op = Op::equal;
    i.a = b.data, i.b = number_constant(0);
    return also_null(out, emit(i, Shape::truth), mask_failed);
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
    if (!bound || bound->most() > 0x1p50 || bound->absolute + bound->relative * bound->most() > 0.1)
        return std::nullopt;
    out.bound = {std::floor(bound->low) - 1, std::ceil(bound->high) + 1, 0, 0, 1, decimals};
    out = masked(out, a, {});
    i.op = Op::round_near;
    i.power = *power;
    i.margin = {bound->absolute, bound->relative, 0};
    i.b = out.mask;
    // One margin for all rows of a quotient: a row within it costs a division of whole numbers, and there are few.
    const double widest = bound->absolute + bound->relative * bound->most();
    constexpr double few = 1e-3;
    if (widest <= few && as_quotient(a, decimals, i)) {
        i.op = Op::round_quotient;
        i.a = no_ref;
        i.margin = {widest * (1 + 0x1p-30), 0, 0};
        out.data = emit(i, Shape::number);
        return out;
    }
    const auto key = key_of(i);
    if (const auto known = known_.find(key); known != known_.end()) {
        out.data = known->second;
        return out;
    }
    i.doubt = doubt();
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

}  // namespace zoneval::exec
