#include "engine/exec/patterns/approximate.hpp"

namespace zoneval::exec {

using feel::Rounding;

namespace {

__extension__ using Wide = __int128;

constexpr double slack = 1 + 1e-9;  ///< for the roundings of the error itself

/// To a whole number of `unit`s; exact.
std::int64_t divided(std::int64_t coefficient, std::int64_t unit, Rounding mode) {
    auto down = coefficient / unit;
    auto rest = coefficient % unit;
    if (rest < 0) --down, rest += unit;  // floor
    const bool negative = coefficient < 0;
    if (rest == 0) return down;
    switch (mode) {
        case Rounding::floor: return down;
        case Rounding::ceiling: return down + 1;
        case Rounding::up: return negative ? down : down + 1;
        case Rounding::down: return negative ? down + 1 : down;
        default: break;
    }
    const auto half = unit - rest;  // rest against half a unit, which may be too large to double
    if (rest != half) return rest < half ? down : down + 1;
    if (mode == Rounding::half_even) return down % 2 == 0 ? down : down + 1;
    const bool away = mode == Rounding::half_up;
    return away != negative ? down + 1 : down;
}

}  // namespace

Approximate Approximate::large(std::int64_t coefficient, int scale) {
    if (scale < -most_decimals || scale > most_decimals) return beyond();
    const auto k = static_cast<double>(coefficient);
    return rounded_off(scale < 0 ? k * power(-scale) : k / power(scale), 0);
}

/// A double that was rounded on the last step.
Approximate Approximate::rounded_off(double value, double error) {
    return near(value, (error + 4 * unit_roundoff * std::abs(value)) * slack);
}

Approximate Approximate::of(const feel::Decimal& number) {
    if (const auto s = zoneval::scaled(number)) return whole(s->coefficient, s->decimals);
    return rounded_off(number.to_double(), 0);
}

Approximate Approximate::near_sum(const Approximate& a, const Approximate& b) {
    if (!a.in_reach() || !b.in_reach()) return beyond();
    if (a.is_zero()) return b;
    if (b.is_zero()) return a;
    const auto x = a.value(), y = b.value();
    // Terms that cancel leave the error of the larger.
    return near(x + y, (a.error() + b.error() + 2 * unit_roundoff * (std::abs(x) + std::abs(y))) * slack);
}

Approximate Approximate::near_product(const Approximate& a, const Approximate& b) {
    if (!a.in_reach() || !b.in_reach()) return beyond();
    if (a.is_zero() || b.is_zero()) return exactly(0, 0);
    const auto x = a.value(), y = b.value();
    return rounded_off(x * y, std::abs(x) * b.error() + std::abs(y) * a.error() + a.error() * b.error());
}

Approximate operator/(const Approximate& a, const Approximate& b) {
    if (!a.in_reach() || !b.in_reach()) return Approximate::beyond();
    const auto x = a.value(), y = b.value();
    const auto least = std::abs(y) - b.error();
    if (!(least > 0)) return Approximate::beyond();
    if (a.is_zero()) return a;
    if (a.exact() && b.exact()) {  // a quotient of few digits
        constexpr int more = 4;
        const auto wide = a.number_ * Approximate::power(more);
        const auto scale = a.scale() - b.scale() + more;
        const auto quotient = wide / b.number_;
        if (Approximate::fits(wide) && scale >= 0 && scale <= most_decimals && quotient == std::trunc(quotient) &&
            quotient * b.number_ == wide)
            return Approximate::exactly(quotient, scale);
    }
    const auto q = x / y;
    return Approximate::rounded_off(q, (a.error() + std::abs(q) * b.error()) / least);
}

Approximate Approximate::rounded(int decimals, Rounding mode) const {
    if (!in_reach() || decimals < 0 || decimals > most_decimals) return beyond();
    if (exact()) {
        if (scale_ <= decimals) return *this;
        const auto unit = powers_of_ten[static_cast<std::size_t>(scale_ - decimals)];
        return whole(divided(coefficient(), unit, mode), decimals);
    }
    const auto factor = power(decimals);
    const auto k = number_ * factor;
    const auto margin = (error_ * factor + 4 * unit_roundoff * std::abs(k)) * slack;
    if (!(std::abs(k) < exact_limit / 2) || !(margin < 0.45)) return beyond();
    const auto floor = std::floor(k);
    const auto rest = k - floor;
    const bool halves = mode == Rounding::half_even || mode == Rounding::half_up || mode == Rounding::half_down;
    if (halves ? std::abs(rest - 0.5) <= margin : (rest <= margin || rest >= 1 - margin)) return beyond();
    const bool up =
        halves ? rest > 0.5
               : mode == Rounding::ceiling || (mode == Rounding::up && k > 0) || (mode == Rounding::down && k < 0);
    return exactly(floor + (up ? 1 : 0), decimals);
}

Approximate Approximate::extreme(const Approximate& a, const Approximate& b, bool greatest) {
    if (const auto order = compare(a, b)) return (greatest ? *order < 0 : *order > 0) ? b : a;
    if (!a.in_reach() || !b.in_reach()) return beyond();
    const auto x = a.value(), y = b.value();
    return rounded_off((x + y) / 2, std::abs(x - y) / 2 + std::max(a.error(), b.error()));
}

std::optional<std::strong_ordering> Approximate::compare_unlike(const Approximate& a, const Approximate& b) {
    if (!a.in_reach() || !b.in_reach()) return std::nullopt;
    const auto x = a.value(), y = b.value();
    const auto margin = (a.error() + b.error() + 2 * unit_roundoff * (std::abs(x) + std::abs(y))) * slack;
    if (std::abs(x - y) > margin) return in_order(x, y);
    if (!a.exact() || !b.exact()) return std::nullopt;
    const auto scale = std::max(a.scale_, b.scale_);
    const auto under = [scale](const Approximate& n) {
        return Wide{n.coefficient()} * powers_of_ten[static_cast<std::size_t>(scale - n.scale_)];
    };
    const auto p = under(a), q = under(b);
    return p < q ? std::strong_ordering::less : p > q ? std::strong_ordering::greater : std::strong_ordering::equal;
}

}  // namespace zoneval::exec
