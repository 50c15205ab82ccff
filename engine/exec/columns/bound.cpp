#include "engine/exec/columns/bound.hpp"

#include <algorithm>
#include <cmath>

#include "engine/table/scaled.hpp"

namespace zoneval::exec {

namespace {

constexpr double slack = 1 + 0x1p-30;  // for products of small terms, and for computing bounds in doubles
constexpr double huge_limit = 1e250, tiny_limit = 1e-250;

std::optional<Bound> checked(Bound b) {
    const bool finite =
        std::isfinite(b.low) && std::isfinite(b.high) && std::isfinite(b.absolute) && std::isfinite(b.relative);
    if (!finite || b.most() > huge_limit || b.tiny < tiny_limit || b.relative > 0.01) return std::nullopt;
    b.absolute *= slack;
    b.relative *= slack;
    return b;
}

void span_of(Bound& out, double p, double q, double r, double s) {
    out.low = std::min({p, q, r, s});
    out.high = std::max({p, q, r, s});
    // The extremes are rounded themselves.
    out.low -= std::abs(out.low) * unit_roundoff;
    out.high += std::abs(out.high) * unit_roundoff;
}

bool whole(const Bound& b) { return b.most() <= exact_limit; }

}  // namespace

double Bound::least() const {
    if (low > 0) return low;
    if (high < 0) return -high;
    return tiny;
}

std::optional<double> power_of_ten(int n) {
    static constexpr double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (n < 0 || n > 22) return std::nullopt;
    return powers[n];
}

std::optional<Constant> constant_of(feel::Decimal number) {
    if (const auto s = scaled(number)) {
        auto [coefficient, decimals] = *s;
        while (decimals > 0 && coefficient % 10 == 0) coefficient /= 10, --decimals;
        const auto k = static_cast<double>(coefficient);
        if (std::abs(k) < exact_limit) return Constant{k, {k, k, 0, 0, 1, decimals}};
    }
    const auto k = number.to_double();
    Bound bound{k, k, 0, unit_roundoff, std::max(std::abs(k), 0x1p-1000), 0};
    if (k == 0) return std::nullopt;
    const auto fine = checked(bound);
    if (!fine) return std::nullopt;
    return Constant{k, *fine};
}

std::optional<Bound> add_bound(const Bound& a, const Bound& b) {
    Bound out;
    out.scale = a.scale;
    out.low = a.low + b.low;
    out.high = a.high + b.high;
    if (a.exact() && b.exact() && whole(out)) return out;
    const bool same_sign = (a.low >= 0 && b.low >= 0) || (a.high <= 0 && b.high <= 0);
    out.absolute = a.absolute + b.absolute;
    if (same_sign) {
        out.relative = std::max(a.relative, b.relative) + unit_roundoff;
        out.tiny = std::min(a.tiny, b.tiny);
    } else {  // what the operands lose relatively is absolute once they cancel
        out.absolute += a.relative * a.most() + b.relative * b.most();
        out.relative = unit_roundoff;
        out.tiny = std::min(a.tiny, b.tiny) * 0x1p-53;
    }
    span_of(out, out.low, out.high, out.low, out.high);
    return checked(out);
}

std::optional<Bound> multiply_bound(const Bound& a, const Bound& b) {
    Bound out;
    out.scale = a.scale + b.scale;
    const double p = a.low * b.low, q = a.low * b.high, r = a.high * b.low, s = a.high * b.high;
    out.low = std::min({p, q, r, s});
    out.high = std::max({p, q, r, s});
    out.tiny = a.tiny * b.tiny;
    out.nonzero = a.never_zero() && b.never_zero();
    if (a.exact() && b.exact() && whole(out)) return out;
    span_of(out, p, q, r, s);
    out.relative = a.relative + b.relative + a.relative * b.relative + unit_roundoff;
    out.absolute =
        a.most() * b.absolute * (1 + a.relative) + b.most() * a.absolute * (1 + b.relative) + a.absolute * b.absolute;
    return checked(out);
}

std::optional<Bound> divide_bound(const Bound& a, const Bound& b) {
    const auto least = b.least();
    // Is it zero? Only where the answer is certain for every row: no absolute error, or zero out of reach.
    if (b.absolute > 0 && (b.may_be_zero() || least <= 2 * b.absolute)) return std::nullopt;
    if (least == 0) return std::nullopt;
    const auto rho = b.absolute / least + b.relative;
    Bound out;
    out.scale = a.scale - b.scale;
    out.absolute = a.absolute / (least * (1 - rho));
    out.relative = (a.relative + rho) / (1 - rho) + unit_roundoff;
    if (b.may_be_zero()) {
        const auto most = a.most() / least;
        span_of(out, -most, most, -most, most);
        if (a.low >= 0 && b.low >= 0) out.low = 0;
    } else {
        span_of(out, a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high);
    }
    out.tiny = a.tiny / std::max(b.most(), least);  // where all are 0, nothing is divided
    return checked(out);
}

std::optional<Bound> root_bound(const Bound& a) {
    if (a.absolute > 0 || a.scale % 2 != 0) return std::nullopt;
    Bound out;
    out.scale = a.scale / 2;
    const auto low = std::sqrt(std::max(a.low, 0.0)), high = std::sqrt(std::max(a.high, 0.0));
    span_of(out, low, high, low, high);
    out.tiny = std::sqrt(a.tiny);
    out.relative = a.relative / 2 * (1 + a.relative) + unit_roundoff;
    return checked(out);
}

namespace {

/// What the C library's functions are within, relatively: twice what it states.
constexpr double library_error = 4 * unit_roundoff;

/// Of the positive numbers of a column: the least, and how far they are from their decimals, relatively. nullopt: there
/// are none, or which are positive is not certain for every row.
struct Positive {
    double least, error;
};
std::optional<Positive> positive(const Bound& a) {
    if (a.scale != 0 || !(a.high > 0)) return std::nullopt;
    const double least = a.low > 0 ? a.low : a.tiny;
    if (a.absolute > 0 && (a.low <= 0 || least <= 2 * a.absolute)) return std::nullopt;
    const double error = a.absolute / least + a.relative;
    return error < 0.01 ? std::optional(Positive{least, error}) : std::nullopt;
}

/// e^(x + error) beside e^x, relatively, and the library's own error.
double error_of_power(double error) { return error * (1 + error) + library_error; }

}  // namespace

std::optional<Bound> log_bound(const Bound& a) {
    const auto x = positive(a);
    if (!x) return std::nullopt;
    Bound out;
    const auto low = std::log(x->least), high = std::log(std::max(a.high, x->least));
    span_of(out, low * (1 - library_error), low * (1 + library_error), high * (1 - library_error),
            high * (1 + library_error));
    out.absolute = x->error / (1 - x->error);
    out.relative = library_error;
    out.tiny = 0x1p-54;  // the doubles beside 1 are 2^-53 from it and more
    return checked(out);
}

std::optional<Bound> exp_bound(const Bound& a) {
    constexpr double most = 500;
    if (a.scale != 0 || !(a.most() <= most)) return std::nullopt;
    const auto error = a.absolute + a.relative * a.most();
    if (!(error < 0.01)) return std::nullopt;
    Bound out;
    out.relative = error_of_power(error);
    out.low = std::exp(a.low) * (1 - out.relative), out.high = std::exp(a.high) * (1 + out.relative);
    out.tiny = out.low;
    return checked(out);
}

std::optional<Bound> power_bound(const Bound& base, const Bound& exponent) {
    constexpr double most = 1e6;  // decimals multiply whole powers out, with a rounding each time
    const auto x = positive(base);
    if (!x || exponent.scale != 0 || !(exponent.most() <= most)) return std::nullopt;
    const auto longest = std::max(std::abs(std::log(x->least)), std::abs(std::log(base.high)));
    const auto in_exponent = exponent.absolute + exponent.relative * exponent.most();
    const auto error = in_exponent * longest + (exponent.most() + in_exponent) * x->error / (1 - x->error);
    if (!(error < 0.01)) return std::nullopt;
    Bound out;
    out.relative = error_of_power(error);
    const auto highest = std::max(base.high, x->least);
    span_of(out, std::pow(x->least, exponent.low), std::pow(x->least, exponent.high), std::pow(highest, exponent.low),
            std::pow(highest, exponent.high));
    out.low *= 1 - out.relative, out.high *= 1 + out.relative;
    out.tiny = out.low;
    if (!base.never_zero()) out.low = 0;
    return checked(out);
}

Bound extreme_bound(const Bound& a, const Bound& b, bool least) {
    Bound out = either_bound(a, b);
    out.low = least ? std::min(a.low, b.low) : std::max(a.low, b.low);
    out.high = least ? std::min(a.high, b.high) : std::max(a.high, b.high);
    return out;
}

Bound either_bound(const Bound& a, const Bound& b) {
    return {std::min(a.low, b.low),           std::max(a.high, b.high), std::max(a.absolute, b.absolute),
            std::max(a.relative, b.relative), std::min(a.tiny, b.tiny), a.scale,
            a.never_zero() && b.never_zero()};
}

Bound negate_bound(const Bound& a) {
    auto out = a;
    out.low = -a.high;
    out.high = -a.low;
    return out;
}

Bound absolute_bound(const Bound& a) {
    auto out = a;
    out.low = a.may_be_zero() ? 0 : std::min(std::abs(a.low), std::abs(a.high));
    out.high = a.most();
    return out;
}

std::optional<double> scaling_by(int n) {
    const auto power = power_of_ten(n < 0 ? -n : n);
    if (!power) return std::nullopt;
    return n < 0 ? 1 / *power : *power;
}

std::optional<Bound> rescale_bound(const Bound& a, int n) {
    const auto factor = scaling_by(n);
    if (!factor) return std::nullopt;
    auto out = multiply_bound(a, {*factor, *factor, 0, n < 0 ? unit_roundoff : 0.0, *factor, 0});
    if (out) out->scale = a.scale + n;
    return out;
}

}  // namespace zoneval::exec
