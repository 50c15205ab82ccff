// A Cell for work on many records at once: its scale is known before any is read, and it does not know what it is open
// for want of. Where doubles do not tell, it is `untold`: RecordCells can.
#pragma once

#include <cmath>

#include "engine/exec/patterns/cell.hpp"

namespace zoneval::exec {

/// k / 10^scale, off by no more than error / 10^scale. error 0: a whole number below 2^53, exactly.
struct End {
    double k = 0, error = 0;

    static constexpr double slack = 1 + 1e-9;  ///< for the roundings of the error itself
    static bool fits(double k) { return std::abs(k) < exact_limit; }
    bool exact() const { return error == 0; }
    bool in_reach() const {
        constexpr double reach = 1e200;
        return std::abs(k) < reach && error < reach;
    }
    static End of(const Approximate& number, int scale) {
        if (number.exact()) return End{static_cast<double>(number.coefficient())}.under(scale - number.scale());
        return End{number.value(), number.error()}.under(scale);
    }
    /// Under a scale that is larger by n.
    End under(int n) const {
        if (n == 0 || k == 0) return *this;
        const auto power = static_cast<double>(powers_of_ten[static_cast<std::size_t>(std::abs(n))]);
        const auto scaled = n > 0 ? k * power : k / power;
        if (n > 0 && exact() && fits(scaled)) return {scaled};
        return {scaled, ((n > 0 ? error * power : error / power) + 4 * unit_roundoff * std::abs(scaled)) * slack};
    }
    friend End operator+(const End& a, const End& b) {
        const auto k = a.k + b.k, error = a.error + b.error;
        if (error == 0 && fits(k)) return {k};
        return {k, (error + 2 * unit_roundoff * (std::abs(a.k) + std::abs(b.k))) * slack};
    }
    friend End operator-(const End& a) { return {0 - a.k, a.error}; }
    friend End operator*(const End& a, const End& b) {
        const auto k = a.k * b.k, error = std::abs(a.k) * b.error + std::abs(b.k) * a.error + a.error * b.error;
        if (error == 0 && fits(k)) return {k};
        return {k, (error + 4 * unit_roundoff * std::abs(k)) * slack};
    }
    /// The divisor must not reach 0.
    friend End operator/(const End& a, const End& b) {
        if (a.k == 0 && a.exact()) return a;
        const auto q = a.k / b.k;
        return {q, ((a.error + std::abs(q) * b.error) / (std::abs(b.k) - b.error) + 4 * unit_roundoff * std::abs(q)) *
                       slack};
    }
    bool may_be_zero() const { return !(std::abs(k) > error); }
    bool is_zero() const { return k == 0 && exact(); }
};

/// -1, 0, 1; untold_order: too close to tell.
inline constexpr int untold_order = 2;
inline int order(const End& a, const End& b) {
    if (a.exact() && b.exact()) return a.k < b.k ? -1 : a.k > b.k;
    const auto margin = (a.error + b.error + 2 * unit_roundoff * (std::abs(a.k) + std::abs(b.k))) * End::slack;
    if (!(std::abs(a.k - b.k) > margin)) return untold_order;
    return a.k < b.k ? -1 : 1;
}

/// The least or the greatest of two; where they are too close to tell, what covers both.
inline End extreme(const End& a, const End& b, bool greatest) {
    const auto which = order(a, b);
    if (which != untold_order) return (greatest ? which < 0 : which > 0) ? b : a;
    const auto k = (a.k + b.k) / 2;
    return {k, (std::abs(a.k - b.k) / 2 + std::max(a.error, b.error) + 4 * unit_roundoff * std::abs(k)) * End::slack};
}

struct Lane {
    /// What kind of thing it is. As of a Cell; neither value, nor absent, nor open: untold.
    enum Kind : std::uint8_t {
        value = 1,
        absent = 2,
        open = 4,
        plain = 8,            ///< absent: a written null
        there = 16,           ///< open: null in no completion
        certainly_null = 32,  ///< open, but null in every completion
        has_low = 64,
        has_high = 128
    };
    std::uint8_t kind = 0;
    End low, high;

    static Lane of(const End& number) { return {value | has_low | has_high, number, number}; }
    static Lane of(bool truth) { return of(End{truth ? 1.0 : 0.0}); }
    static Lane null() { return {absent, {}, {}}; }
    static Lane any(std::uint8_t more = 0) { return {static_cast<std::uint8_t>(open | more), {}, {}}; }
    static Lane of(const Cell& cell, int scale) {
        if (cell.is == Cell::Is::beyond || (cell.behind && cell.behind->empty())) return {};  // nobody can fill it
        const auto bit = [](bool set, Kind one) { return set ? one : 0; };
        const auto is = cell.is == Cell::Is::value ? value : cell.is == Cell::Is::absent ? absent : open;
        return {static_cast<std::uint8_t>(is | bit(cell.plain, plain) | bit(cell.there, there) |
                                          bit(cell.certainly_null, certainly_null) | bit(cell.has_low, has_low) |
                                          bit(cell.has_high, has_high)),
                cell.has_low ? End::of(cell.low, scale) : End{}, cell.has_high ? End::of(cell.high, scale) : End{}};
    }

    bool is(std::uint8_t any_of) const { return (kind & any_of) != 0; }
    bool told() const { return is(value | absent | open); }
    bool known() const { return is(value | absent); }
    bool null_now() const { return is(absent | open); }
    bool is_true() const { return is(value) && low.k != 0; }
    bool is_false() const { return is(value) && low.k == 0; }
    bool never_null() const { return is(value) || (is(open) && is(there | has_low | has_high)); }
    bool finite() const { return is(has_low) && is(has_high); }
    void set(std::uint8_t bits, bool to) { kind = static_cast<std::uint8_t>(to ? kind | bits : kind & ~bits); }
    /// The same as a cell; untold: beyond.
    Cell cell(int scale) const {
        if (!told()) return {};
        const auto number = [scale](const End& end) {
            if (end.exact()) return Approximate::whole(static_cast<std::int64_t>(end.k), scale);
            const auto value = end.under(-scale);
            return Approximate::near(value.k, value.error);
        };
        Cell out;
        out.is = is(value) ? Cell::Is::value : is(absent) ? Cell::Is::absent : Cell::Is::open;
        out.plain = is(plain), out.there = is(there), out.certainly_null = is(certainly_null);
        out.has_low = is(has_low), out.has_high = is(has_high);
        if (out.has_low) out.low = number(low);
        if (out.has_high) out.high = number(high);
        return out;
    }
    Lane under(int n) const { return n == 0 ? *this : Lane{kind, low.under(n), high.under(n)}; }
};

/// Known to be the same, and exactly.
inline bool same(const Lane& a, const Lane& b) {
    if (a.kind != b.kind || !a.is(Lane::value)) return a.is(Lane::absent) && a.kind == b.kind;
    return a.low.exact() && b.low.exact() && a.low.k == b.low.k;
}

}  // namespace zoneval::exec
