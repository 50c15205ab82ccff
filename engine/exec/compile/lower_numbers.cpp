#include "engine/exec/compile/lower_numbers.hpp"

#include <algorithm>
#include <cmath>

#include "engine/exec/compile/nulls.hpp"

namespace zoneval::exec {

using feel::BinaryOp;
using feel::Rounding;

Maybe NumberLowering::arithmetic(BinaryOp op, const Compiled& a, const Compiled& b) {
    if (!a.is_number() || !b.is_number()) return std::nullopt;
    switch (op) {
        case BinaryOp::add: return add(a, b, false);
        case BinaryOp::subtract: return add(a, b, true);
        case BinaryOp::multiply: return multiply(a, b);
        case BinaryOp::divide: return divide(a, b);
        case BinaryOp::power: return power(a, b);
        default: return std::nullopt;
    }
}

Maybe NumberLowering::negated(const Compiled& a) {
    return a.is_number() ? scaled_by(a, -1, {-1, -1, 0, 0, 1, 0}) : std::nullopt;
}

Maybe NumberLowering::absolute(const Compiled& a) {
    if (!a.is_number()) return std::nullopt;
    Compiled out;
    out.bound = absolute_bound(a.bound);
    out.data = emitter_.emit(Op::absolute, {a.data});
    return masked(emitter_, out, a);
}

Maybe NumberLowering::multiply(const Compiled& a, const Compiled& b) {
    if (b.constant) return scaled_by(a, emitter_.number_at(b.data), b.bound);
    if (a.constant) return scaled_by(b, emitter_.number_at(a.data), a.bound);
    const auto bound = multiply_bound(a.bound, b.bound);
    if (!bound) return std::nullopt;
    Compiled out;
    out.bound = *bound;
    out.data = emitter_.emit(Op::multiply, {a.data, b.data});
    return masked(emitter_, out, a, b);
}

/// Products with constants are collected: x * 2.5, then brought to three more decimals, is one multiplication.
Maybe NumberLowering::scaled_by(const Compiled& a, double factor, const Bound& factor_bound) {
    const auto bound = multiply_bound(a.bound, factor_bound);
    if (!bound) return std::nullopt;
    Compiled out;
    out.bound = *bound;
    out.data = times(a.data, factor, bound->exact());
    return masked(emitter_, out, a);
}

Ref NumberLowering::times(Ref a, double factor, bool exact) {
    if (factor == 1) return a;
    if (!exact) return emitter_.emit(Op::multiply, {a, emitter_.number(factor)});
    if (is_constant(a)) return emitter_.number(emitter_.number_at(a) * factor);
    if (const auto* found = facts_.choice(a)) {
        const auto choice = *found;  // what is emitted next may move it
        const auto then = times(choice.then, factor, exact), otherwise = times(choice.otherwise, factor, exact);
        const auto out = emitter_.emit(Op::select_numbers, {choice.condition, then, otherwise});
        facts_.is_choice(out, {choice.condition, then, otherwise});
        return out;
    }
    if (const auto* product = facts_.product(a); product && std::abs(factor * product->factor) < exact_limit) {
        a = product->of;
        factor *= product->factor;
    }
    const auto out = emitter_.emit(Op::multiply, {a, emitter_.number(factor)});
    facts_.is_product(out, {a, factor});
    return out;
}

Maybe NumberLowering::rescaled(const Compiled& a, int scale) {
    const int n = scale - a.bound.scale;
    if (n == 0) return a;
    const auto power = power_of_ten(n);
    if (!power) return std::nullopt;
    if (a.constant && a.bound.exact() && a.bound.most() * *power < exact_limit) {
        auto out = a;
        const auto k = emitter_.number_at(a.data) * *power;
        out.data = emitter_.number(k);
        out.bound = {k, k, 0, 0, 1, scale};
        return out;
    }
    auto out = scaled_by(a, *power, {*power, *power, 0, 0, *power, n});
    if (!out) return out;
    out->constant = a.constant;
    out->mask = a.mask, out->kinds = a.kinds;  // in another scale it is the same value, or the same null
    return out;
}

bool NumberLowering::align(Compiled& a, Compiled& b) {
    const auto scale = std::max(a.bound.scale, b.bound.scale);
    const auto x = rescaled(a, scale), y = rescaled(b, scale);
    if (!x || !y) return false;
    a = *x;
    b = *y;
    return true;
}

Maybe NumberLowering::add(Compiled a, Compiled b, bool subtract) {
    if (!align(a, b)) return std::nullopt;
    const auto bound = add_bound(a.bound, subtract ? negate_bound(b.bound) : b.bound);
    if (!bound) return std::nullopt;
    Compiled out;
    out.bound = *bound;
    out.data = emitter_.emit(subtract ? Op::subtract : Op::add, {a.data, b.data});
    return masked(emitter_, out, a, b);
}

/// By a divisor of a power of ten: x / 8 is x * 125 with three more decimals.
Maybe NumberLowering::divide_exactly(const Compiled& a, const Compiled& b) {
    const auto k = emitter_.number_at(b.data);
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

Maybe NumberLowering::divide(const Compiled& a, const Compiled& b) {
    if (b.constant)
        if (auto shifted = divide_exactly(a, b)) return shifted;
    const auto bound = divide_bound(a.bound, b.bound);
    if (!bound) return std::nullopt;
    Compiled out;
    out.bound = *bound;
    out.data = emitter_.emit(Op::divide, {a.data, b.data});
    if (a.bound.exact() && b.bound.exact())
        facts_.is_quotient(out.data, {a.data, b.data, a.bound.most(), b.bound.most()});
    return failed_where_zero(masked(emitter_, out, a, b), b);
}

Compiled NumberLowering::failed_where_zero(Compiled value, const Compiled& divisor) {
    if (divisor.bound.never_zero()) return value;
    const auto is_zero = emitter_.emit(Op::equal, {divisor.data, emitter_.number(0), no_ref});
    return also_null(emitter_, value, is_zero, mask_failed);
}

/// Half the decimals, so an even number of them to begin with.
Maybe NumberLowering::square_root(const Compiled& a) {
    if (!a.is_number()) return std::nullopt;
    const auto even = rescaled(a, a.bound.scale + (a.bound.scale % 2 != 0));
    const auto bound = even ? root_bound(even->bound) : std::nullopt;
    if (!bound) return std::nullopt;
    Compiled out;
    out.bound = *bound;
    out.data = emitter_.emit(Op::square_root, {even->data});
    out = masked(emitter_, out, a);
    if (even->bound.low >= 0) return out;
    const auto negative = emitter_.emit(Op::less, {even->data, emitter_.number(0), no_ref});
    return also_null(emitter_, out, negative, mask_failed);
}

/// The numbers themselves, which stand for no decimals under a scale.
Maybe NumberLowering::without_scale(const Compiled& a) {
    if (a.bound.scale == 0) return a;
    auto out = a;
    if (a.constant) {
        const auto k = a.constant->number()->to_double();
        out.data = emitter_.number(k);
        out.bound = {k, k, 0, unit_roundoff, std::abs(k), 0};
        return out;
    }
    const auto power = power_of_ten(std::abs(a.bound.scale));
    if (!power) return std::nullopt;
    const Bound factor{*power, *power, 0, 0, *power, a.bound.scale};
    const bool down = a.bound.scale > 0;
    const auto bound = down ? divide_bound(a.bound, factor) : multiply_bound(a.bound, factor);
    if (!bound) return std::nullopt;
    out.bound = *bound;
    out.bound.scale = 0;
    out.bound.nonzero = a.bound.nonzero;
    out.data = emitter_.emit(down ? Op::divide : Op::multiply, {a.data, emitter_.number(*power)});
    return out;
}

Maybe NumberLowering::logarithm(const Compiled& a) {
    const auto x = a.is_number() ? without_scale(a) : std::nullopt;
    const auto bound = x ? log_bound(x->bound) : std::nullopt;
    if (!bound) return std::nullopt;
    Compiled out;
    out.bound = *bound;
    out.data = emitter_.emit(Op::logarithm, {x->data});
    out = masked(emitter_, out, a);
    if (x->bound.low > 0) return out;
    const auto not_positive = emitter_.emit(Op::less_equal, {x->data, emitter_.number(0), no_ref});
    return also_null(emitter_, out, not_positive, mask_failed);
}

Maybe NumberLowering::exponential(const Compiled& a) {
    const auto x = a.is_number() ? without_scale(a) : std::nullopt;
    const auto bound = x ? exp_bound(x->bound) : std::nullopt;
    if (!bound) return std::nullopt;
    Compiled out;
    out.bound = *bound;
    out.data = emitter_.emit(Op::exponential, {x->data});
    return masked(emitter_, out, a);
}

Maybe NumberLowering::power(const Compiled& a, const Compiled& exponent) {
    const auto* number = exponent.constant ? exponent.constant->number() : nullptr;
    if (!number) return any_power(a, exponent);
    const auto n = number->to_int64();
    constexpr std::int64_t most_multiplied = 8;
    if (n && *n != 0 && std::abs(*n) <= most_multiplied) return whole_power(a, *n);
    return number->is_zero() || (n && a.bound.low < 0) ? std::nullopt : constant_power(a, exponent);
}

Maybe NumberLowering::whole_power(const Compiled& a, std::int64_t exponent) {
    if (exponent == 1) return masked(emitter_, a, a);
    Maybe out = a;
    for (std::int64_t i = 1; i < std::abs(exponent) && out; ++i) out = multiply(*out, a);
    if (!out || exponent > 0) return out;
    Compiled one;
    one.bound = {1, 1, 0, 0, 1, 0};
    one.data = emitter_.number(1);
    return divide(one, *out);
}

/// Of 0 it is 0, or fails; of a negative number it fails, unless the exponent is whole.
Maybe NumberLowering::constant_power(const Compiled& a, const Compiled& exponent) {
    const auto x = without_scale(a), y = without_scale(exponent);
    const auto bound = x && y ? power_bound(x->bound, y->bound) : std::nullopt;
    if (!bound) return std::nullopt;
    Compiled out;
    out.bound = *bound;
    out.data = emitter_.emit(Op::power, {x->data, y->data});
    out = masked(emitter_, out, a);
    const bool falls = y->bound.high < 0;
    if (x->bound.low > 0 || (x->bound.low == 0 && (!falls || x->bound.nonzero))) return out;
    const auto fails = emitter_.emit(falls ? Op::less_equal : Op::less, {x->data, emitter_.number(0), no_ref});
    return also_null(emitter_, out, fails, mask_failed);
}

/// Of positive numbers.
Maybe NumberLowering::any_power(const Compiled& a, const Compiled& exponent) {
    const auto x = without_scale(a), y = without_scale(exponent);
    if (!x || !y || x->bound.low < 0 || !x->bound.never_zero()) return std::nullopt;
    const auto bound = power_bound(x->bound, y->bound);
    if (!bound) return std::nullopt;
    Compiled out;
    out.bound = *bound;
    out.data = emitter_.emit(Op::power, {x->data, y->data});
    return masked(emitter_, out, a, exponent);
}

Maybe NumberLowering::modulo(Compiled a, Compiled b) {
    if (!a.is_number() || !b.is_number() || !align(a, b) || !a.bound.exact() || !b.bound.exact()) return std::nullopt;
    const auto most = b.bound.most();
    if (!(a.bound.most() + most < exact_limit)) return std::nullopt;
    Compiled out;
    out.bound = {b.bound.low < 0 ? -most : 0, b.bound.high > 0 ? most : 0, 0, 0, 1, a.bound.scale};
    out.data = emitter_.emit(Op::modulo, {a.data, b.data});
    out = masked(emitter_, out, a);
    if (b.mask != no_ref) {  // a function is null for its first null argument alone (feel/invoke.cpp)
        const auto second = masked(emitter_, b, b);
        out = also_null(emitter_, out, second.mask, second.kinds);
    }
    return failed_where_zero(out, b);
}

Maybe NumberLowering::extreme(const std::vector<Compiled>& all, bool least) {
    Maybe out;
    for (auto next : all) {
        if (!next.is_number()) return std::nullopt;
        if (!out) {
            out = next;
            continue;
        }
        if (!align(*out, next)) return std::nullopt;
        Compiled both;
        both.bound = extreme_bound(out->bound, next.bound, least);
        both.data = emitter_.emit(least ? Op::minimum : Op::maximum, {out->data, next.data});
        out = masked(emitter_, both, *out, next);
    }
    return out;
}

/// Sorts by exchanging neighbours, as far as the middle needs: of a handful of numbers.
Maybe NumberLowering::median(std::vector<Compiled> all) {
    constexpr std::size_t most = 9;
    if (all.size() > most) return std::nullopt;
    const auto middle = all.size() / 2, least = all.size() % 2 == 1 ? middle : middle - 1;
    for (auto sorted = all.size(); sorted > least; --sorted)
        for (std::size_t i = 1; i < sorted; ++i) {
            const auto low = extreme({all[i - 1], all[i]}, true), high = extreme({all[i - 1], all[i]}, false);
            if (!low || !high) return std::nullopt;
            all[i - 1] = *low, all[i] = *high;
        }
    if (all.size() % 2 == 1) return all[middle];
    const auto sum = add(all[middle - 1], all[middle], false);
    return sum ? scaled_by(*sum, 5, {5, 5, 0, 0, 5, 1}) : std::nullopt;  // the half, with a decimal more
}

Maybe NumberLowering::rounded_exactly(const Compiled& a, int decimals, Rounding mode) {
    const auto power = power_of_ten(a.bound.scale - decimals);
    if (!power) return std::nullopt;
    Compiled out;
    out.data = emitter_.emit(Op::round_exact, {a.data}, RoundTo{mode, *power, {}, {}});
    out.bound = {std::floor(a.bound.low / *power) - 1, std::ceil(a.bound.high / *power) + 1, 0, 0, 1, decimals};
    return masked(emitter_, out, a);
}

Maybe NumberLowering::rounded(const Compiled& a, int decimals, Rounding mode) {
    if (!a.is_number()) return std::nullopt;
    if (a.bound.exact() && a.bound.scale <= decimals) return masked(emitter_, a, a);
    if (a.bound.exact()) return rounded_exactly(a, decimals, mode);
    constexpr int beyond_doubles = 20;
    if (decimals >= beyond_doubles) {  // it moves the value by less than doubles tell apart
        auto out = a;
        out.bound.absolute += std::pow(10.0, a.bound.scale - decimals);
        return masked(emitter_, out, a);
    }
    const auto power = scaling_by(decimals - a.bound.scale);
    const auto bound = power ? rescale_bound(a.bound, decimals - a.bound.scale) : std::nullopt;
    if (!bound || bound->most() > 0x1p50 || bound->absolute + bound->relative * bound->most() > 0.1)
        return std::nullopt;
    Compiled out;
    out.bound = {std::floor(bound->low) - 1, std::ceil(bound->high) + 1, 0, 0, 1, decimals};
    out = masked(emitter_, out, a);
    // One margin for all rows of a quotient: a row within it costs a division of whole numbers, and there are few.
    const double widest = bound->absolute + bound->relative * bound->most();
    constexpr double few = 1e-3;
    if (widest <= few)
        if (const auto quotient =
                rounded_quotient(a, decimals, out.mask, {mode, *power, {widest * (1 + 0x1p-30), 0, 0}, {}})) {
            out.data = *quotient;
            return out;
        }
    out.data = emitter_.emit(Op::round_near, {emitter_.doubt(), a.data, out.mask},
                             RoundTo{mode, *power, {bound->absolute, bound->relative, 0}, {}});
    return out;
}

/// Where what is rounded is a quotient of exact numbers that 128 bits can hold.
std::optional<Ref> NumberLowering::rounded_quotient(const Compiled& a, int decimals, Ref mask, RoundTo to) {
    const auto* parts = facts_.quotient(a.data);
    const auto power = power_of_ten(std::abs(decimals - a.bound.scale));
    constexpr double most_power = 1e18, room = 0x1p125;
    if (!parts || !power || *power > most_power) return std::nullopt;
    const bool up = decimals >= a.bound.scale;
    if (parts->most_dividend * (up ? *power : 1) > room || parts->most_divisor * (up ? 1 : *power) > room)
        return std::nullopt;
    (up ? to.quotient.above : to.quotient.below) = static_cast<std::int64_t>(*power);
    return emitter_.emit(Op::round_quotient, {parts->dividend, parts->divisor, mask}, to);
}

}  // namespace zoneval::exec
