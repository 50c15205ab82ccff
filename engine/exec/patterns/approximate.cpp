#include "engine/exec/patterns/approximate.hpp"

#include <algorithm>

#include "engine/exec/columns/bound.hpp"
#include "engine/table/scaled.hpp"

namespace zoneval::exec {

using feel::Rounding;

namespace {

__extension__ using Wide = __int128;

constexpr std::int64_t most = std::int64_t{1} << 53;
constexpr double reach = 1e200;
constexpr double slack = 1 + 1e-9;  ///< for the roundings of the error itself

std::int64_t power(int n) { return powers_of_ten[static_cast<std::size_t>(n)]; }

/// The coefficient under a larger scale.
Wide under(const Approximate& a, int scale) { return Wide{a.coefficient()} * power(scale - a.scale()); }

bool fits(Wide coefficient) { return coefficient < most && coefficient > -most; }

/// To a whole number of `unit`s; exact.
Wide divided(Wide coefficient, std::int64_t unit, Rounding mode) {
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
    if (2 * rest != unit) return 2 * rest < unit ? down : down + 1;
    if (mode == Rounding::half_even) return down % 2 == 0 ? down : down + 1;
    const bool away = mode == Rounding::half_up;
    return away != negative ? down + 1 : down;
}

}  // namespace

Approximate Approximate::whole(std::int64_t coefficient, int scale) {
    if (!fits(coefficient) || scale < 0 || scale > most_decimals)
        return scale < -most_decimals || scale > most_decimals
                   ? beyond()
                   : rounded_off(scale < 0 ? static_cast<double>(coefficient) * static_cast<double>(power(-scale))
                                           : static_cast<double>(coefficient) / static_cast<double>(power(scale)),
                                 0);
    Approximate out;
    out.coefficient_ = coefficient;
    out.scale_ = scale;
    return out;
}

Approximate Approximate::near(double value, double error) {
    if (!(std::abs(value) < reach) || (value != 0 && std::abs(value) < 1 / reach)) return beyond();
    Approximate out;
    out.value_ = value;
    out.error_ = error;
    out.scale_ = not_exact;
    return out;
}

/// A double that was rounded on the last step.
Approximate Approximate::rounded_off(double value, double error) {
    return near(value, (error + 4 * unit_roundoff * std::abs(value)) * slack);
}

Approximate Approximate::of(const feel::Decimal& number) {
    if (const auto s = zoneval::scaled(number)) return whole(s->coefficient, s->decimals);
    return rounded_off(number.to_double(), 0);
}

double Approximate::value() const {
    if (!exact()) return value_;
    return static_cast<double>(coefficient_) / static_cast<double>(power(scale_));
}

double Approximate::error() const {
    if (!exact()) return error_;
    return scale_ == 0 ? 0 : unit_roundoff * std::abs(value());
}

Approximate operator+(const Approximate& a, const Approximate& b) {
    if (!a.in_reach() || !b.in_reach()) return Approximate::beyond();
    if (a.exact() && b.exact()) {
        const auto scale = std::max(a.scale(), b.scale());
        const auto sum = under(a, scale) + under(b, scale);
        if (fits(sum)) return Approximate::whole(static_cast<std::int64_t>(sum), scale);
    }
    if (a.is_zero()) return b;
    if (b.is_zero()) return a;
    const auto x = a.value(), y = b.value();
    // Terms that cancel leave the error of the larger.
    return Approximate::near(x + y, (a.error() + b.error() + 2 * unit_roundoff * (std::abs(x) + std::abs(y))) * slack);
}

Approximate operator*(const Approximate& a, const Approximate& b) {
    if (!a.in_reach() || !b.in_reach()) return Approximate::beyond();
    if (a.is_zero() || b.is_zero()) return Approximate::whole(0);
    if (a.exact() && b.exact() && a.scale() + b.scale() <= most_decimals) {
        const auto product = Wide{a.coefficient()} * b.coefficient();
        if (fits(product)) return Approximate::whole(static_cast<std::int64_t>(product), a.scale() + b.scale());
    }
    const auto x = a.value(), y = b.value();
    return Approximate::rounded_off(x * y, std::abs(x) * b.error() + std::abs(y) * a.error() + a.error() * b.error());
}

Approximate operator/(const Approximate& a, const Approximate& b) {
    if (!a.in_reach() || !b.in_reach()) return Approximate::beyond();
    const auto x = a.value(), y = b.value();
    const auto least = std::abs(y) - b.error();
    if (!(least > 0)) return Approximate::beyond();
    if (a.is_zero()) return a;
    if (a.exact() && b.exact()) {  // a quotient of few digits
        constexpr int more = 4;
        const auto wide = Wide{a.coefficient()} * power(more);
        const auto scale = a.scale() - b.scale() + more;
        if (fits(wide) && static_cast<std::int64_t>(wide) % b.coefficient() == 0 && scale >= 0 &&
            scale <= most_decimals)
            return Approximate::whole(static_cast<std::int64_t>(wide) / b.coefficient(), scale);
    }
    const auto q = x / y;
    return Approximate::rounded_off(q, (a.error() + std::abs(q) * b.error()) / least);
}

Approximate Approximate::operator-() const {
    auto out = *this;
    out.value_ = -out.value_;
    out.coefficient_ = -out.coefficient_;
    return out;
}

Approximate Approximate::rounded(int decimals, Rounding mode) const {
    if (!in_reach() || decimals < 0 || decimals > most_decimals) return beyond();
    if (exact()) {
        if (scale_ <= decimals) return *this;
        return whole(static_cast<std::int64_t>(divided(coefficient_, power(scale_ - decimals), mode)), decimals);
    }
    const auto factor = static_cast<double>(power(decimals));
    const auto k = value_ * factor;
    const auto margin = (error_ * factor + 4 * unit_roundoff * std::abs(k)) * slack;
    if (!(std::abs(k) < static_cast<double>(most) / 2) || !(margin < 0.45)) return beyond();
    const auto floor = std::floor(k);
    const auto rest = k - floor;
    const bool halves = mode == Rounding::half_even || mode == Rounding::half_up || mode == Rounding::half_down;
    if (halves ? std::abs(rest - 0.5) <= margin : (rest <= margin || rest >= 1 - margin)) return beyond();
    const bool up =
        halves ? rest > 0.5
               : mode == Rounding::ceiling || (mode == Rounding::up && k > 0) || (mode == Rounding::down && k < 0);
    return whole(static_cast<std::int64_t>(floor) + up, decimals);
}

std::optional<std::strong_ordering> compare(const Approximate& a, const Approximate& b) {
    if (!a.in_reach() || !b.in_reach()) return std::nullopt;
    if (a.exact() && b.exact()) {
        if (a.scale() == b.scale()) return a.coefficient() <=> b.coefficient();
        const auto scale = std::max(a.scale(), b.scale());
        const auto x = under(a, scale), y = under(b, scale);
        return x < y ? std::strong_ordering::less : x > y ? std::strong_ordering::greater : std::strong_ordering::equal;
    }
    const auto x = a.value(), y = b.value();
    const auto margin = (a.error() + b.error() + 2 * unit_roundoff * (std::abs(x) + std::abs(y))) * slack;
    if (std::abs(x - y) <= margin) return std::nullopt;
    return x < y ? std::strong_ordering::less : std::strong_ordering::greater;
}

}  // namespace zoneval::exec
