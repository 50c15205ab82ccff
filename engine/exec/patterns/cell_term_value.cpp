#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "engine/exec/columns/bound.hpp"
#include "engine/exec/patterns/cell_term.hpp"

namespace zoneval::exec {

using feel::BinaryOp;
using Form = CellTerm::Form;

namespace {

struct Interval {
    bool has_low = false, has_high = false;
    Approximate low, high;
    bool known = false;  ///< one number, however far off its machine number may be
    bool finite() const { return has_low && has_high; }
};

Interval interval(const Cell& c) { return {c.has_low, c.has_high, c.low, c.high, c.is == Cell::Is::value}; }
Interval negated(const Interval& a) { return {a.has_high, a.has_low, -a.high, -a.low, a.known}; }
Interval sum(const Interval& a, const Interval& b) {
    return {a.has_low && b.has_low, a.has_high && b.has_high, a.low + b.low, a.high + b.high, false};
}

/// Bounds that stand for a number, if a good one.
Cell number(const Interval& bounds, bool there = false) {
    if ((bounds.has_low && !bounds.low.in_reach()) || (bounds.has_high && !bounds.high.in_reach())) return {};
    if (bounds.finite()) {
        const auto order = compare(bounds.low, bounds.high);
        if (!order) return {};
        if (*order == 0) return Cell::of(bounds.low);
    }
    auto out = Cell::open();
    out.there = there;
    out.has_low = bounds.has_low, out.has_high = bounds.has_high;
    out.low = bounds.low, out.high = bounds.high;
    return out;
}

/// A part that is not a number after all, or one that may be 0 where it matters.
constexpr Interval nothing{};

/// Products of numbers that are only near, added up as doubles: each factor, product and sum is rounded once.
struct NearSum {
    double value = 0, magnitude = 0, error = 0;
    int terms = 0;

    void add(double factor, const Approximate& near) {
        const auto product = factor * near.value();
        value += product;
        magnitude += std::abs(product);
        error += std::abs(factor) * near.error();
        ++terms;
    }
    Approximate sum() const {
        constexpr double slack = 1 + 1e-9;  // for what is rounded in the bound itself
        return Approximate::near(value, (error + (terms + 3) * unit_roundoff * magnitude) * slack);
    }
};

class CellTermEvaluator {
  public:
    explicit CellTermEvaluator(const CellReading& reading) : reading_(reading) {}

    Cell eval(const CellTerm& t) {
        auto out = of_form(t);
        if (out.is == Cell::Is::open && (!out.behind || t.form == Form::slot)) out.behind = &t.slots;
        return out;
    }

  private:
    Cell of_form(const CellTerm& t) {
        switch (t.form) {
            case Form::constant: return t.constant;
            case Form::slot: return at(t.slot);
            case Form::over_mean:
            case Form::over_sum:
            case Form::over_least:
            case Form::over_greatest: return over(t);
            case Form::text_is: return text_is(t);
            case Form::choice: return choice(t);
            case Form::is_null: {
                const auto told = is_null(t.slot);
                if (told > Tested::yes) return told == Tested::open ? Cell::open() : Cell{};
                return Cell::of((told == Tested::yes) == (t.op == BinaryOp::equal));
            }
            case Form::all:
            case Form::any: return junction(t);
            case Form::between: return between(t);
            case Form::least:
            case Form::greatest: return extreme(t);
            case Form::compare: return compared(t, t.op, eval(t.of[0]), eval(t.of[1]));
            default: break;
        }
        if (!t.parts.empty())
            if (const auto sum = sum_of_parts(t)) return *sum;
        const auto a = eval(t.of[0]);
        if (a.is == Cell::Is::beyond) return a;
        if (t.of.size() == 1) return of_one(t, a);
        const auto b = eval(t.of[1]);
        return b.is == Cell::Is::beyond ? b : of_two(t, a, b);
    }

    /// As the sum of its parts, one after the other; nullopt: whether one is there is open, or cannot be told.
    std::optional<Cell> sum_of_parts(const CellTerm& t) const {
        Approximate known;
        NearSum near;
        Interval open{true, true, {}, {}, false};
        bool any_open = false;
        for (const auto& part : t.parts) {
            const auto& cell = at(part.slot);
            const auto absent = is_null(part.slot);
            if (absent > Tested::yes) return std::nullopt;
            if (absent == Tested::yes || !part.times) {
                known = known + (absent == Tested::yes ? part.absent : part.there);
            } else if (cell.is == Cell::Is::value) {
                if (cell.low.exact())
                    known = known + part.there * cell.low;
                else
                    near.add(part.there.value(), cell.low);
            } else {
                if (reading_.as_it_is() || !cell.never_null()) return std::nullopt;
                const auto product = scaled(interval(cell), part.there, false);
                if (product.is == Cell::Is::beyond) return std::nullopt;
                open = sum(open, interval(product));
                any_open = true;
            }
        }
        if (near.terms > 0) known = known + near.sum();
        if (!any_open) return Cell::of(known);
        return number(sum(open, {true, true, known, known, false}), true);
    }

    /// A list is open or known; what is missing in a known one makes the result unknown.
    Cell over(const CellTerm& t) const {
        const auto& list = at(t.slot);
        if (list.is != Cell::Is::value) return list.is == Cell::Is::open ? Cell::open() : Cell{};
        std::vector<Cell> elements;
        reading_.elements(t.slot, elements);
        bool open = false;
        for (const auto& element : elements) {
            if (element.is == Cell::Is::absent || element.is == Cell::Is::beyond) return {};
            open = open || element.is == Cell::Is::open;
        }
        if (open) return Cell::open();
        if (t.form == Form::over_least || t.form == Form::over_greatest)
            return best_of(elements, t.form == Form::over_greatest);
        auto sum = Approximate::whole(0);
        for (const auto& element : elements) sum = sum + element.low;
        const auto count = Approximate::whole(static_cast<std::int64_t>(elements.size()));
        return Cell::of(t.form == Form::over_sum ? sum : sum / count);
    }

    const Cell& at(int slot) const { return (*reading_.cells)[static_cast<std::size_t>(slot)]; }

    /// Nothing that it reads is open: it is evaluated as ever.
    bool concrete(const CellTerm& t) const {
        return reading_.as_it_is() ||
               std::none_of(t.slots.begin(), t.slots.end(), [&](int s) { return at(s).is == Cell::Is::open; });
    }

    /// Null with one that is null; unknown where another part is. What else reads something open is for others to tell.
    Cell null_of(const CellTerm& t, std::initializer_list<const Cell*> parts) const {
        bool open = false;
        for (const auto* part : parts) {
            if (part->is == Cell::Is::absent && part->plain) return {};
            open = open || part->is == Cell::Is::open;
        }
        return open ? Cell::open() : concrete(t) ? Cell::absent() : Cell{};
    }

    Cell text_is(const CellTerm& t) const {
        const auto& text = at(t.slot);
        const bool equal = t.op == BinaryOp::equal;
        if (text.is == Cell::Is::absent && !text.plain) return Cell::of(!equal);
        if (text.is == Cell::Is::value) return Cell::of((text.low.coefficient() == t.code) == equal);
        return text.is == Cell::Is::open && reading_.as_it_is() ? Cell::open() : Cell{};
    }

    Cell of_one(const CellTerm& t, const Cell& a) const {
        if (t.form == Form::no) {
            if (a.is == Cell::Is::value) return Cell::of(a.is_false());
            return a.is == Cell::Is::absent ? null_of(t, {&a}) : Cell::open();
        }
        const auto apply = [&](const Approximate& n) {
            return t.form == Form::negate ? -n : n.rounded(t.decimals, t.rounding);
        };
        if (a.is == Cell::Is::absent) return null_of(t, {&a});
        if (a.is == Cell::Is::value) return Cell::of(apply(a.low));
        if (reading_.as_it_is()) return Cell::open();
        if (t.form == Form::negate) return number(negated(interval(a)), a.never_null());
        return number({a.has_low, a.has_high, a.has_low ? apply(a.low) : Approximate(),
                       a.has_high ? apply(a.high) : Approximate(), false},
                      a.never_null());
    }

    Cell of_two(const CellTerm& t, const Cell& a, const Cell& b) const {
        if (a.is == Cell::Is::absent || b.is == Cell::Is::absent) return null_of(t, {&a, &b});
        if (a.is == Cell::Is::value && b.is == Cell::Is::value) {
            switch (t.form) {
                case Form::add: return Cell::of(a.low + b.low);
                case Form::subtract: return Cell::of(a.low - b.low);
                case Form::multiply: return Cell::of(a.low * b.low);
                default: return Cell::of(a.low / b.low);
            }
        }
        if (reading_.as_it_is()) return Cell::open();
        const auto x = interval(a), y = interval(b);
        const bool there = a.never_null() && b.never_null();
        switch (t.form) {
            case Form::add: return number(sum(x, y), there);
            case Form::subtract: return number(sum(x, negated(y)), there);
            case Form::multiply: return there ? product(x, y) : Cell::open();
            default: return quotient(x, y);
        }
    }

    static bool one_number(const Interval& a) {
        return a.known || (a.finite() && compare(a.low, a.high) == std::strong_ordering::equal);
    }

    static Cell scaled(const Interval& a, const Approximate& factor, bool divide) {
        const auto sign = compare(factor, Approximate());
        if (!sign) return {};
        if (*sign == 0) return divide ? number(nothing) : Cell::of(Approximate());
        const auto apply = [&](const Approximate& n) { return divide ? n / factor : n * factor; };
        Interval out{a.has_low, a.has_high, a.has_low ? apply(a.low) : a.low, a.has_high ? apply(a.high) : a.high,
                     false};
        if (*sign < 0) std::swap(out.has_low, out.has_high), std::swap(out.low, out.high);
        return number(out, !divide);
    }

    /// Of one number only one.
    static std::array<const Approximate*, 2> ends(const Interval& a) {
        return {&a.low, one_number(a) ? nullptr : &a.high};
    }
    template <class Operation>
    static Cell of_corners(const Interval& a, const Interval& b, Operation operation, bool there) {
        Interval out{true, true, {}, {}, false};
        bool first = true;
        for (const auto* x : ends(a))
            for (const auto* y : ends(b)) {
                if (!x || !y) continue;
                const auto corner = operation(*x, *y);
                out.low = first ? corner : Approximate::extreme(corner, out.low, false);
                out.high = first ? corner : Approximate::extreme(corner, out.high, true);
                first = false;
            }
        return number(out, there);
    }

    static Cell product(const Interval& a, const Interval& b) {
        if (one_number(b)) return scaled(a, b.low, false);
        if (one_number(a)) return scaled(b, a.low, false);
        if (!a.finite() || !b.finite()) return number(nothing, true);
        return of_corners(
            a, b, [](const Approximate& x, const Approximate& y) { return x * y; }, true);
    }

    static Cell quotient(const Interval& a, const Interval& b) {
        if (one_number(b)) return scaled(a, b.low, true);
        if (!a.finite() || !b.finite()) return number(nothing);
        const auto low = compare(b.low, Approximate()), high = compare(b.high, Approximate());
        if (!low || !high) return {};
        if (*low <= 0 && *high >= 0) return number(nothing);
        return of_corners(
            a, b, [](const Approximate& x, const Approximate& y) { return x / y; }, false);
    }

    Cell extreme(const CellTerm& t) {
        const bool most = t.form == Form::greatest;
        std::array<Cell, CellTerm::most_parts> room;
        const std::span parts(room.data(), t.of.size());
        bool all_values = true, absent = false, open = false;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const auto& part = parts[i] = eval(t.of[i]);
            if (part.is == Cell::Is::beyond || part.plain) return {};
            all_values = all_values && part.is == Cell::Is::value;
            absent = absent || part.is == Cell::Is::absent;
            open = open || part.is == Cell::Is::open;
        }
        if (all_values) return best_of(parts, most);
        if (concrete(t)) return open ? Cell::open() : Cell::absent();
        if (absent) return Cell::open();  // null with one that is null
        Interval out = interval(parts.front());
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (!parts[i].never_null()) return Cell::open();
            if (i > 0) extend(out, interval(parts[i]), most);
        }
        return number(out, true);
    }

    static Cell best_of(std::span<const Cell> values, bool most) {
        auto out = values.front().low;
        for (const auto& value : values.subspan(1)) out = Approximate::extreme(value.low, out, most);
        return Cell::of(out);
    }

    /// The greatest is at least any of its arguments that has a lower bound; its upper bound needs all of theirs.
    static void extend(Interval& out, const Interval& next, bool most) {
        auto& has_sure = most ? out.has_low : out.has_high;
        auto& sure = most ? out.low : out.high;
        auto& has_open = most ? out.has_high : out.has_low;
        auto& open = most ? out.high : out.low;
        const auto& next_sure = most ? next.low : next.high;
        if (most ? next.has_low : next.has_high) {
            sure = has_sure ? Approximate::extreme(next_sure, sure, most) : next_sure;
            has_sure = true;
        }
        has_open = has_open && (most ? next.has_high : next.has_low);
        if (has_open) open = Approximate::extreme(most ? next.high : next.low, open, most);
    }

    Cell choice(const CellTerm& t) {
        const auto condition = eval(t.of[0]);
        if (condition.is == Cell::Is::beyond) return {};
        if (condition.is != Cell::Is::open) return eval(t.of[condition.is_true() ? 1 : 2]);
        const auto then = eval(t.of[1]), other = eval(t.of[2]);
        if (then.is == Cell::Is::beyond || other.is == Cell::Is::beyond) return {};
        if (then.is == Cell::Is::value && other.is == Cell::Is::value) {
            const auto order = compare(then.low, other.low);
            if (order && *order == 0) return then;
            return order && reading_.as_it_is() ? Cell::open() : Cell{};  // beyond: values that are listed
        }
        const bool absent = then.is == Cell::Is::absent || other.is == Cell::Is::absent;
        if (reading_.as_it_is()) return absent ? Cell{} : Cell::open();
        if (absent) return Cell::open();
        const auto x = interval(then), y = interval(other);
        Interval hull{x.has_low && y.has_low, x.has_high && y.has_high, x.low, x.high, false};
        if (hull.has_low) hull.low = Approximate::extreme(x.low, y.low, false);
        if (hull.has_high) hull.high = Approximate::extreme(x.high, y.high, true);
        return number(hull, then.never_null() && other.never_null());
    }

    enum class Tested : std::uint8_t { no, yes, open, beyond };
    Tested is_null(int slot) const {
        const auto told = [](bool null) { return null ? Tested::yes : Tested::no; };
        const auto& cell = at(slot);
        if (cell.is == Cell::Is::beyond) return Tested::beyond;
        if (reading_.as_it_is() || cell.is != Cell::Is::open ||
            (cell.certainly_null && reading_.null_tests != NullTests::of_score))
            return told(cell.null_now());
        if (reading_.null_tests == NullTests::as_things_are) {
            const auto& now = (*reading_.now)[static_cast<std::size_t>(slot)];
            return now.is == Cell::Is::beyond ? Tested::beyond : told(now.null_now());
        }
        return cell.never_null() || reading_.there_when_filled(slot) ? Tested::no : Tested::open;
    }

    Cell junction(const CellTerm& t) {
        const bool deciding = t.form == Form::any;
        const auto decides = [&](const Cell& side) { return deciding ? side.is_true() : side.is_false(); };
        const auto right = eval(t.of[1]);
        if (right.is == Cell::Is::beyond) return {};
        if (decides(right)) return Cell::of(deciding);
        const auto left = eval(t.of[0]);
        if (left.is == Cell::Is::beyond) return {};
        if (decides(left)) return Cell::of(deciding);
        if (left.is == Cell::Is::value && right.is == Cell::Is::value) return Cell::of(!deciding);
        if (left.is == Cell::Is::absent || right.is == Cell::Is::absent)
            return concrete(t) ? null_of(t, {&left, &right}) : Cell{};
        return Cell::open();
    }

    Cell compared(const CellTerm& t, BinaryOp op, const Cell& a, const Cell& b) const {
        if (a.is == Cell::Is::beyond || b.is == Cell::Is::beyond || a.plain || b.plain) return {};
        const bool equality = op == BinaryOp::equal || op == BinaryOp::not_equal;
        if (a.is == Cell::Is::absent || b.is == Cell::Is::absent) {
            if (!concrete(t)) return equality ? Cell::of(op == BinaryOp::not_equal) : Cell{};
            return Cell::of(op ==
                            BinaryOp::not_equal);  // what is not applicable is nothing, and above or below nothing
        }
        if (reading_.as_it_is() && (a.is == Cell::Is::open || b.is == Cell::Is::open)) return Cell::open();
        return decided(op, interval(a), interval(b));
    }

    /// As decided() of AbstractEvaluator.
    static Cell decided(BinaryOp op, const Interval& a, const Interval& b) {
        using Order = std::optional<std::strong_ordering>;
        bool told = true;
        const auto order = [&](bool there, const Approximate& x, const Approximate& y) -> Order {
            if (!there) return std::nullopt;
            const auto out = compare(x, y);
            told = told && out.has_value();
            return out;
        };
        const auto high_low = order(a.has_high && b.has_low, a.high, b.low),
                   low_high = order(a.has_low && b.has_high, a.low, b.high);
        if (!told) return {};
        const bool below = high_low && *high_low < 0, above = low_high && *low_high > 0;
        const bool at_most = high_low && *high_low <= 0, at_least = low_high && *low_high >= 0;
        const bool equal = at_most && at_least && *high_low == 0 && *low_high == 0;
        switch (op) {
            case BinaryOp::equal: return equal ? Cell::of(true) : below || above ? Cell::of(false) : Cell::open();
            case BinaryOp::not_equal: return equal ? Cell::of(false) : below || above ? Cell::of(true) : Cell::open();
            case BinaryOp::less: return at_least ? Cell::of(false) : below ? Cell::of(true) : Cell::open();
            case BinaryOp::greater_equal: return at_least ? Cell::of(true) : below ? Cell::of(false) : Cell::open();
            case BinaryOp::greater: return at_most ? Cell::of(false) : above ? Cell::of(true) : Cell::open();
            default: return at_most ? Cell::of(true) : above ? Cell::of(false) : Cell::open();
        }
    }

    Cell between(const CellTerm& t) {
        const auto value = eval(t.of[0]), low = eval(t.of[1]), high = eval(t.of[2]);
        for (const auto* part : {&value, &low, &high})
            if (part->is == Cell::Is::beyond || part->plain) return {};
        if (low.is == Cell::Is::absent || high.is == Cell::Is::absent) return {};
        const bool known_ends = low.is == Cell::Is::value && high.is == Cell::Is::value;
        if (value.is == Cell::Is::absent) return concrete(t) && known_ends ? Cell::of(false) : Cell{};
        const auto above = compared(t, BinaryOp::greater_equal, value, low),
                   below = compared(t, BinaryOp::less_equal, value, high);
        if (above.is == Cell::Is::beyond || below.is == Cell::Is::beyond) return {};
        if (above.is_false() || below.is_false()) return Cell::of(false);
        return above.is_true() && below.is_true() ? Cell::of(true) : Cell::open();
    }

    const CellReading& reading_;
};

}  // namespace

Cell evaluate(const CellTerm& term, const CellReading& reading) { return CellTermEvaluator(reading).eval(term); }

}  // namespace zoneval::exec
