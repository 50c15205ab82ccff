#include "engine/exec/patterns/lane_term.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace zoneval::exec {

using feel::BinaryOp;
using Form = CellTerm::Form;

namespace {

/// Beyond it a product is brought to no scale at all.
constexpr int most_scale = 15;

int scale_of_term(LaneTerm& out, int slot) {
    const auto& t = *out.term;
    const auto most = [&](std::size_t first) {
        int scale = 0;
        for (auto i = first; i < out.of.size(); ++i) scale = std::max(scale, out.of[i].scale);
        return scale;
    };
    switch (t.form) {
        case Form::constant:
            return t.constant.is == Cell::Is::value && t.constant.low.exact() ? t.constant.low.scale() : 0;
        case Form::slot: return slot;
        case Form::add:
        case Form::subtract:
        case Form::least:
        case Form::greatest: return most(0);
        case Form::choice: return most(1);
        case Form::multiply: {
            const auto sum = out.of[0].scale + out.of[1].scale;
            return sum <= most_scale ? sum : 0;
        }
        case Form::negate: return out.of[0].scale;
        case Form::round: return t.decimals;
        default: return 0;
    }
}

/// None where their scale would be too large.
void find_parts(LaneTerm& out, const std::function<std::optional<int>(int slot)>& scale_of) {
    const auto& parts = out.term->parts;
    const auto scale_of_part = [&](const CellTerm::Part& part) {
        return part.there.scale() + (part.times ? scale_of(part.slot).value_or(0) : 0);
    };
    auto scale = out.scale;
    for (const auto& part : parts) scale = std::max({scale, part.absent.scale(), scale_of_part(part)});
    if (scale > most_scale) return;
    out.scale = scale;
    for (const auto& part : parts) {
        const auto own = scale_of_part(part);
        LaneTerm::Part made{part.slot, part.times, End::of(part.absent, out.scale), End::of(part.there, out.scale), 0};
        if (part.times) made.there = End::of(part.there, part.there.scale()), made.more = out.scale - own;
        out.parts.push_back(made);
    }
}

}  // namespace

std::optional<LaneTerm> lane_term_of(const CellTerm& t, const std::function<std::optional<int>(int slot)>& scale_of,
                                     int& branches) {
    const auto slot = t.slot < 0 ? std::optional(0) : scale_of(t.slot);
    if (!slot) return std::nullopt;
    switch (t.form) {
        case Form::over_mean:
        case Form::over_sum:
        case Form::over_least:
        case Form::over_greatest: return std::nullopt;
        case Form::round:
            if (t.decimals < 0 || t.decimals > most_scale) return std::nullopt;
            break;
        default: break;
    }
    LaneTerm out;
    out.term = &t;
    for (const auto& part : t.of) {
        auto of = lane_term_of(part, scale_of, branches);
        if (!of) return std::nullopt;
        out.of.push_back(std::move(*of));
    }
    if (t.form == Form::multiply && out.of[0].scale + out.of[1].scale > most_decimals) return std::nullopt;
    if (t.form == Form::choice && !asks_for_nulls(t.of[0])) out.branch = branches++;
    out.scale = scale_of_term(out, *slot);
    if (t.form == Form::constant) out.constant = Lane::of(t.constant, out.scale);
    if (!t.parts.empty()) find_parts(out, scale_of);
    return out;
}

/// One evaluation of a term.
class LaneTermEvaluator::Pass {
  public:
    Pass(LaneTermEvaluator& owner, const LaneReading& reading, std::span<const std::uint8_t> which)
        : owner_(owner), reading_(reading), which_(which) {}

    void eval(const LaneTerm& t, Lane* out) {
        switch (t.term->form) {
            case Form::constant: std::fill_n(out, which_.size(), t.constant); return;
            case Form::slot:
                for (std::size_t j = 0; j < which_.size(); ++j) out[j] = slot(t.term->slot, j);
                return;
            case Form::text_is: return each(out, [&](std::size_t j) { return text_is(*t.term, j); });
            case Form::is_null: return each(out, [&](std::size_t j) { return is_null(*t.term, j); });
            case Form::negate:
            case Form::round:
            case Form::no: return of_one(t, out);
            case Form::choice: return choice(t, out);
            case Form::between: return between(t, out);
            case Form::least:
            case Form::greatest: return extreme(t, out);
            default: break;
        }
        if (!t.parts.empty()) return each(out, [&](std::size_t j) { return sum_of_parts(t, j); });
        of_two(t, out);
    }

  private:
    /// Room for one lane a record, until the scope ends.
    class Room {
      public:
        explicit Room(Pass& pass) : pass_(pass), at_(pass.depth_++) {
            auto& spare = pass.owner_.spare_;
            if (spare.size() <= at_) spare.emplace_back(lanes_at_once);
        }
        ~Room() { --pass_.depth_; }
        Room(const Room&) = delete;
        Room& operator=(const Room&) = delete;
        Lane* lanes() { return pass_.owner_.spare_[at_].data(); }

      private:
        Pass& pass_;
        std::size_t at_;
    };

    /// Where a term's lanes are found, without a copy of what is there already; in `room`, which nothing else may write
    /// meanwhile, where they are not.
    struct Operand {
        const Lane* lanes;
        const std::uint8_t* place = nullptr;  ///< of each record; nullptr: one after the other
        const Lane& operator[](std::size_t j) const { return lanes[place ? place[j] : j]; }
    };
    Operand operand(const LaneTerm& t, int scale, Lane* room) {
        static constexpr std::array<std::uint8_t, lanes_at_once> first{};
        if (t.term->form == Form::constant) {
            *room = t.constant.under(scale - t.scale);
            return {room, first.data()};
        }
        if (t.term->form == Form::slot && t.scale == scale) {
            const auto step = static_cast<std::size_t>((*reading_.steps)[static_cast<std::size_t>(t.term->slot)]);
            return {reading_.lanes[step], which_.data()};
        }
        eval(t, scale, room);
        return {room};
    }

    template <class F>
    void each(Lane* out, F f) {
        for (std::size_t j = 0; j < which_.size(); ++j) out[j] = f(j);
    }
    /// Under a scale.
    void eval(const LaneTerm& t, int scale, Lane* out) {
        eval(t, out);
        if (t.scale != scale)
            for (std::size_t j = 0; j < which_.size(); ++j) out[j] = out[j].under(scale - t.scale);
    }

    const Lane& lane(const Lane* const* lanes, int slot, std::size_t j) const {
        const auto step = static_cast<std::size_t>((*reading_.steps)[static_cast<std::size_t>(slot)]);
        return lanes[step][which_[j]];
    }
    const Lane& slot(int slot, std::size_t j) const { return lane(reading_.lanes, slot, j); }

    /// Nothing that it reads is open: it is evaluated as ever.
    bool concrete(const CellTerm& t, std::size_t j) const {
        return reading_.as_it_is() || std::none_of(t.slots.begin(), t.slots.end(), [&](int s) {
                   return (*reading_.steps)[static_cast<std::size_t>(s)] >= 0 && slot(s, j).is(Lane::open);
               });
    }
    Lane null_of(const CellTerm& t, std::size_t j, std::initializer_list<const Lane*> parts) const {
        bool open = false;
        for (const auto* part : parts) {
            if (part->is(Lane::absent) && part->is(Lane::plain)) return {};
            open = open || part->is(Lane::open);
        }
        return open ? Lane::any() : concrete(t, j) ? Lane::null() : Lane{};
    }

    Lane text_is(const CellTerm& t, std::size_t j) const {
        const auto& text = slot(t.slot, j);
        const bool equal = t.op == BinaryOp::equal;
        if (text.is(Lane::absent) && !text.is(Lane::plain)) return Lane::of(!equal);
        if (text.is(Lane::value)) return Lane::of((text.low.k == static_cast<double>(t.code)) == equal);
        return text.is(Lane::open) && reading_.as_it_is() ? Lane::any() : Lane{};
    }

    enum class Tested : std::uint8_t { no, yes, open, untold };
    Tested is_null(int slot, std::size_t j) const {
        const auto told = [](bool null) { return null ? Tested::yes : Tested::no; };
        const auto& of = this->slot(slot, j);
        if (!of.told()) return Tested::untold;
        if (reading_.as_it_is() || !of.is(Lane::open) ||
            (of.is(Lane::certainly_null) && reading_.null_tests != NullTests::of_score))
            return told(of.null_now());
        if (reading_.null_tests == NullTests::as_things_are) {
            const auto& now = lane(reading_.now, slot, j);
            return !now.told() ? Tested::untold : told(now.null_now());
        }
        const bool filled = of.never_null() || (*reading_.there_when_filled)[static_cast<std::size_t>(slot)];
        return filled ? Tested::no : Tested::open;
    }
    Lane is_null(const CellTerm& t, std::size_t j) const {
        const auto told = is_null(t.slot, j);
        if (told > Tested::yes) return told == Tested::open ? Lane::any() : Lane{};
        return Lane::of((told == Tested::yes) == (t.op == BinaryOp::equal));
    }

    /// As the sum of its parts, one after the other.
    Lane sum_of_parts(const LaneTerm& t, std::size_t j) const {
        End known;
        auto open = Lane::any(Lane::there | Lane::has_low | Lane::has_high);
        bool any_open = false;
        for (const auto& part : t.parts) {
            const auto absent = is_null(part.slot, j);
            if (absent > Tested::yes) return {};
            if (absent == Tested::yes || !part.times) {
                known = known + (absent == Tested::yes ? part.absent : part.there);
                continue;
            }
            const auto& of = slot(part.slot, j);
            if (of.is(Lane::value)) {
                known = known + (part.there * of.low).under(part.more);
                continue;
            }
            if (reading_.as_it_is() || !of.never_null()) return {};
            const auto product = scaled(of, part.there, part.more, false);
            if (!product.told()) return {};
            open = sum(open, product, true);
            any_open = true;
        }
        if (!any_open) return Lane::of(known);
        return number(sum(open, Lane::of(known), true));
    }

    void of_one(const LaneTerm& t, Lane* out) {
        const auto& of = t.of[0];
        Room room(*this);
        const auto a = operand(of, of.scale, room.lanes());
        each(out, [&](std::size_t j) { return of_one(t, of.scale, a[j], j); });
    }
    Lane of_one(const LaneTerm& t, int from, const Lane& a, std::size_t j) const {
        if (!a.told()) return a;
        if (a.is(Lane::absent)) return null_of(*t.term, j, {&a});
        if (t.term->form == Form::no) return a.is(Lane::value) ? Lane::of(a.is_false()) : Lane::any();
        if (a.is(Lane::open) && reading_.as_it_is()) return Lane::any();
        auto out = t.term->form == Form::negate ? negated(a) : a;
        if (t.term->form == Form::round && ((a.is(Lane::has_low) && !round(*t.term, from, out.low)) ||
                                            (a.is(Lane::has_high) && !round(*t.term, from, out.high))))
            return {};
        if (a.is(Lane::value)) return Lane::of(out.low);
        out.set(Lane::there, a.never_null());
        out.set(Lane::certainly_null, false);
        return number(out);
    }
    /// False: it cannot be told.
    static bool round(const CellTerm& t, int from, End& end) {
        if (end.exact() && from <= t.decimals) {
            end = end.under(t.decimals - from);
            return end.exact();
        }
        if (end.exact()) {
            const auto out = Approximate::whole(static_cast<std::int64_t>(end.k), from).rounded(t.decimals, t.rounding);
            if (!out.exact()) return false;
            end = End::of(out, t.decimals);
            return end.exact();
        }
        const auto near = end.under(t.decimals - from);
        const auto out = Approximate::near(near.k, near.error).rounded(0, t.rounding);
        if (!out.exact()) return false;
        end = {static_cast<double>(out.coefficient())};
        return true;
    }

    /// Bounds that stand for a number, if a good one.
    static Lane number(Lane bounds) {
        if (!bounds.finite()) return bounds;
        const auto which = order(bounds.low, bounds.high);
        if (which == untold_order) return {};
        return which == 0 ? Lane::of(bounds.low) : bounds;
    }
    static Lane bounds(bool there) { return Lane::any(there ? Lane::there : 0); }

    void of_two(const LaneTerm& t, Lane* out) {
        const auto &left = t.of[0], &right = t.of[1];
        const auto form = t.term->form;
        const bool alike = form == Form::add || form == Form::subtract || form == Form::compare;
        const auto scale = std::max(left.scale, right.scale);
        Room room(*this), other(*this);
        const auto a = operand(left, alike ? scale : left.scale, room.lanes());
        const auto b = operand(right, alike ? scale : right.scale, other.lanes());
        if (form == Form::all || form == Form::any)
            return each(out, [&](std::size_t j) { return junction(*t.term, a[j], b[j], j); });
        if (form == Form::compare)
            return each(out, [&](std::size_t j) { return compared(*t.term, t.term->op, a[j], b[j], j); });
        const auto more = form == Form::multiply ? t.scale - left.scale - right.scale
                          : form == Form::divide ? right.scale - left.scale
                                                 : 0;
        each(out, [&](std::size_t j) { return of_two(*t.term, more, a[j], b[j], j); });
    }
    /// `more`: by how much the result's scale is to grow.
    Lane of_two(const CellTerm& t, int more, const Lane& a, const Lane& b, std::size_t j) const {
        if (!a.told() || !b.told()) return {};
        if (a.is(Lane::absent) || b.is(Lane::absent)) return null_of(t, j, {&a, &b});
        if (a.is(Lane::value) && b.is(Lane::value)) {
            switch (t.form) {
                case Form::add: return Lane::of(a.low + b.low);
                case Form::subtract: return Lane::of(a.low + -b.low);
                case Form::multiply: return Lane::of((a.low * b.low).under(more));
                default: return b.low.may_be_zero() ? Lane{} : Lane::of((a.low / b.low).under(more));
            }
        }
        if (reading_.as_it_is()) return Lane::any();
        const bool there = a.never_null() && b.never_null();
        switch (t.form) {
            case Form::add: return number(sum(a, b, there));
            case Form::subtract: return number(sum(a, negated(b), there));
            case Form::multiply:
                if (!there) return Lane::any();
                if (b.is(Lane::value)) return scaled(a, b.low, more, false);
                if (a.is(Lane::value)) return scaled(b, a.low, more, false);
                if (!a.finite() || !b.finite()) return bounds(true);
                return of_corners(a, b, true, [more](const End& x, const End& y) { return (x * y).under(more); });
            default: return quotient(a, b, more);
        }
    }
    static Lane quotient(const Lane& a, const Lane& b, int more) {
        if (b.is(Lane::value)) return scaled(a, b.low, more, true);
        if (!a.finite() || !b.finite()) return bounds(false);
        const auto low = order(b.low, End{}), high = order(b.high, End{});
        if (low == untold_order || high == untold_order) return {};
        if (low <= 0 && high >= 0) return bounds(false);
        return of_corners(a, b, false, [more](const End& x, const End& y) { return (x / y).under(more); });
    }
    template <class Operation>
    static Lane of_corners(const Lane& a, const Lane& b, bool there, Operation operation) {
        auto out = bounds(there);
        out.set(Lane::has_low | Lane::has_high, true);
        const std::array x{a.low, a.high}, y{b.low, b.high};
        bool first = true;
        for (std::size_t i = 0; i < (a.is(Lane::value) ? 1 : x.size()); ++i)
            for (const auto& end : y) {
                const auto corner = operation(x[i], end);
                if (!corner.in_reach()) return {};
                out.low = first ? corner : exec::extreme(corner, out.low, false);
                out.high = first ? corner : exec::extreme(corner, out.high, true);
                first = false;
            }
        return number(out);
    }
    static void swap_ends(Lane& lane) {
        const bool low = lane.is(Lane::has_low), high = lane.is(Lane::has_high);
        lane.set(Lane::has_low, high), lane.set(Lane::has_high, low);
    }
    static Lane negated(const Lane& a) {
        auto out = a;
        out.low = -a.high, out.high = -a.low;
        swap_ends(out);
        return out;
    }
    static Lane sum(const Lane& a, const Lane& b, bool there) {
        auto out = bounds(there);
        out.kind |= a.kind & b.kind & (Lane::has_low | Lane::has_high);
        if (out.is(Lane::has_low)) out.low = a.low + b.low;
        if (out.is(Lane::has_high)) out.high = a.high + b.high;
        return out;
    }
    static Lane scaled(const Lane& a, const End& factor, int more, bool divide) {
        if (factor.is_zero()) return divide ? bounds(false) : Lane::of(End{});
        if (factor.may_be_zero()) return {};
        const auto apply = [&](const End& n) { return (divide ? n / factor : n * factor).under(more); };
        auto out = bounds(!divide);
        out.kind |= a.kind & (Lane::has_low | Lane::has_high);
        if (a.is(Lane::has_low)) out.low = apply(a.low);
        if (a.is(Lane::has_high)) out.high = apply(a.high);
        if (factor.k < 0) swap_ends(out), std::swap(out.low, out.high);
        return number(out);
    }

    void choice(const LaneTerm& t, Lane* out) {
        std::array<std::uint8_t, lanes_at_once> yes, no, both;
        std::size_t yes_count = 0, no_count = 0, both_count = 0;
        {
            Room room(*this);
            const auto condition = operand(t.of[0], 0, room.lanes());
            for (std::size_t j = 0; j < which_.size(); ++j) {
                const auto& asked = condition[j];
                const auto place = static_cast<std::uint8_t>(j);
                unsigned taken = 3;
                if (!asked.told())
                    out[j] = {};
                else if (asked.is(Lane::open))
                    both[both_count++] = place;
                else if (asked.is_true())
                    yes[yes_count++] = place, taken = 2;
                else
                    no[no_count++] = place, taken = 1;
                if (t.branch >= 0)
                    reading_.branches[which_[j]] |= std::uint64_t{taken} << (2 * (reading_.first_branch + t.branch));
            }
        }
        branch(t.of[1], t.scale, {yes.data(), yes_count}, out);
        branch(t.of[2], t.scale, {no.data(), no_count}, out);
        if (both_count == 0) return;
        Room other(*this);
        branch(t.of[1], t.scale, {both.data(), both_count}, out);
        branch(t.of[2], t.scale, {both.data(), both_count}, other.lanes());
        for (std::size_t k = 0; k < both_count; ++k) out[both[k]] = either(out[both[k]], other.lanes()[both[k]]);
    }
    /// What lies between both, as nobody can tell which.
    Lane either(const Lane& then, const Lane& other) const {
        if (!then.told() || !other.told()) return {};
        if (then.is(Lane::value) && other.is(Lane::value)) {
            const auto which = order(then.low, other.low);
            if (which == 0) return then;
            return which != untold_order && reading_.as_it_is() ? Lane::any() : Lane{};  // values that are listed
        }
        const bool absent = then.is(Lane::absent) || other.is(Lane::absent);
        if (reading_.as_it_is()) return absent ? Lane{} : Lane::any();
        if (absent) return Lane::any();
        auto hull = bounds(then.never_null() && other.never_null());
        hull.kind |= then.kind & other.kind & (Lane::has_low | Lane::has_high);
        hull.low = exec::extreme(then.low, other.low, false), hull.high = exec::extreme(then.high, other.high, true);
        return number(hull);
    }
    /// For some of the records.
    void branch(const LaneTerm& t, int scale, std::span<const std::uint8_t> taken, Lane* out) {
        if (taken.empty()) return;
        if (taken.size() == which_.size()) return eval(t, scale, out);
        Room room(*this);
        std::array<std::uint8_t, lanes_at_once> some;
        for (std::size_t j = 0; j < taken.size(); ++j) some[j] = which_[taken[j]];
        const auto all = std::exchange(which_, std::span<const std::uint8_t>(some.data(), taken.size()));
        eval(t, scale, room.lanes());
        which_ = all;
        for (std::size_t j = 0; j < taken.size(); ++j) out[taken[j]] = room.lanes()[j];
    }

    Lane junction(const CellTerm& t, const Lane& left, const Lane& right, std::size_t j) const {
        const bool deciding = t.form == Form::any;
        const auto decides = [&](const Lane& side) { return deciding ? side.is_true() : side.is_false(); };
        if (!right.told() || !left.told()) return {};
        if (decides(right) || decides(left)) return Lane::of(deciding);
        if (left.is(Lane::value) && right.is(Lane::value)) return Lane::of(!deciding);
        if (left.is(Lane::absent) || right.is(Lane::absent))
            return concrete(t, j) ? null_of(t, j, {&left, &right}) : Lane{};
        return Lane::any();
    }

    Lane compared(const CellTerm& t, BinaryOp op, const Lane& a, const Lane& b, std::size_t j) const {
        if (!a.told() || !b.told() || a.is(Lane::plain) || b.is(Lane::plain)) return {};
        if (a.is(Lane::absent) || b.is(Lane::absent)) {
            const bool equality = op == BinaryOp::equal || op == BinaryOp::not_equal;
            return equality || concrete(t, j) ? Lane::of(op == BinaryOp::not_equal) : Lane{};
        }
        if (reading_.as_it_is() && (a.is(Lane::open) || b.is(Lane::open))) return Lane::any();
        return decided(op, a, b);
    }
    static Lane decided(BinaryOp op, const Lane& a, const Lane& b) {
        constexpr int none = 3;
        const auto high_low = a.is(Lane::has_high) && b.is(Lane::has_low) ? order(a.high, b.low) : none,
                   low_high = a.is(Lane::has_low) && b.is(Lane::has_high) ? order(a.low, b.high) : none;
        if (high_low == untold_order || low_high == untold_order) return {};
        const bool below = high_low < 0, above = low_high == 1;
        const bool at_most = high_low <= 0, at_least = low_high == 0 || above;
        const bool equal = high_low == 0 && low_high == 0;
        const auto told = [](bool yes, bool no) { return yes ? Lane::of(true) : no ? Lane::of(false) : Lane::any(); };
        switch (op) {
            case BinaryOp::equal: return told(equal, below || above);
            case BinaryOp::not_equal: return told(below || above, equal);
            case BinaryOp::less: return told(below, at_least);
            case BinaryOp::greater_equal: return told(at_least, below);
            case BinaryOp::greater: return told(above, at_most);
            default: return told(at_most, above);
        }
    }

    void between(const LaneTerm& t, Lane* out) {
        const auto scale = std::max({t.of[0].scale, t.of[1].scale, t.of[2].scale});
        Room low(*this), high(*this);
        eval(t.of[0], scale, out);
        eval(t.of[1], scale, low.lanes());
        eval(t.of[2], scale, high.lanes());
        each(out, [&](std::size_t j) { return between(*t.term, out[j], low.lanes()[j], high.lanes()[j], j); });
    }
    Lane between(const CellTerm& t, const Lane& value, const Lane& low, const Lane& high, std::size_t j) const {
        for (const auto* part : {&value, &low, &high})
            if (!part->told() || part->is(Lane::plain)) return {};
        if (low.is(Lane::absent) || high.is(Lane::absent)) return {};
        const bool known_ends = low.is(Lane::value) && high.is(Lane::value);
        if (value.is(Lane::absent)) return concrete(t, j) && known_ends ? Lane::of(false) : Lane{};
        const auto above = compared(t, BinaryOp::greater_equal, value, low, j),
                   below = compared(t, BinaryOp::less_equal, value, high, j);
        if (!above.told() || !below.told()) return {};
        if (above.is_false() || below.is_false()) return Lane::of(false);
        return above.is_true() && below.is_true() ? Lane::of(true) : Lane::any();
    }

    void extreme(const LaneTerm& t, Lane* out) {
        std::array<bool, lanes_at_once> absent{}, never_null{};
        Room room(*this);
        auto* next = room.lanes();
        const bool most = t.term->form == Form::greatest;
        for (std::size_t p = 0; p < t.of.size(); ++p) {
            auto* part = p == 0 ? out : next;
            eval(t.of[p], t.scale, part);
            for (std::size_t j = 0; j < which_.size(); ++j) {
                absent[j] = absent[j] || part[j].is(Lane::absent);
                never_null[j] = (p == 0 || never_null[j]) && part[j].never_null();
                out[j] = p == 0 ? (part[j].is(Lane::plain) ? Lane{} : part[j]) : better(out[j], part[j], most);
            }
        }
        each(out, [&](std::size_t j) {
            if (!out[j].told() || out[j].is(Lane::value)) return out[j];
            if (concrete(*t.term, j)) return out[j].is(Lane::open) ? Lane::any() : Lane::null();
            if (absent[j] || !never_null[j]) return Lane::any();
            auto found = out[j];
            found.set(Lane::there, true);
            return number(found);
        });
    }
    /// Of the parts so far and the next: a value where both are, else what bounds there are.
    static Lane better(const Lane& a, const Lane& b, bool most) {
        if (!a.told() || !b.told() || b.is(Lane::plain)) return {};
        if (a.is(Lane::value) && b.is(Lane::value)) return Lane::of(exec::extreme(a.low, b.low, most));
        if (a.is(Lane::absent) || b.is(Lane::absent))
            return a.is(Lane::open) || b.is(Lane::open) ? Lane::any() : Lane::null();
        auto out = bounds(true);
        // The greatest is at least any that has a lower bound; its upper bound needs all of theirs.
        const auto pick = [&](Lane::Kind bit, const End& x, const End& y, bool needs_both, End& end) {
            const bool has_a = a.is(bit), has_b = b.is(bit);
            out.set(bit, needs_both ? has_a && has_b : has_a || has_b);
            if (out.is(bit)) end = has_a && has_b ? exec::extreme(x, y, most) : has_a ? x : y;
        };
        pick(Lane::has_low, a.low, b.low, !most, out.low);
        pick(Lane::has_high, a.high, b.high, most, out.high);
        return out;
    }

    LaneTermEvaluator& owner_;
    const LaneReading& reading_;
    std::span<const std::uint8_t> which_;
    std::size_t depth_ = 0;
};

void LaneTermEvaluator::eval(const LaneTerm& term, const LaneReading& reading, std::span<const std::uint8_t> which,
                             Lane* out) {
    Pass(*this, reading, which).eval(term, out);
}

}  // namespace zoneval::exec
