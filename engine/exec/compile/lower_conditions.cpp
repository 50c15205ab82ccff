#include "engine/exec/compile/lower_conditions.hpp"

#include <algorithm>

#include "engine/exec/compile/nulls.hpp"

namespace zoneval::exec {

using feel::BinaryOp;
using feel::Value;

Maybe ConditionLowering::negated(const Compiled& a) {
    if (a.constant) return constants_.compiled(Value(a.constant->is_false()));
    auto out = a;
    out.data = emitter_.emit(Op::negate, {a.data, a.mask});
    return out;
}

Compiled ConditionLowering::is_null(const Compiled& a, bool wanted) {
    Compiled out;
    out.shape = Shape::truth;
    if (a.mask == no_ref) {
        out.data = emitter_.byte(a.null == wanted ? 1 : 0);
        return out;
    }
    out.data = emitter_.has_bits(a.mask, 0xff);
    facts_.is_null_test(out.data, {a.mask, true});
    if (wanted) return out;
    out.data = emitter_.emit(Op::negate, {out.data, no_ref});
    facts_.is_null_test(out.data, {a.mask, false});
    return out;
}

Maybe ConditionLowering::compare(BinaryOp op, const Compiled& a, const Compiled& b, bool test) {
    const bool equality = op == BinaryOp::equal || op == BinaryOp::not_equal;
    if (a.null || b.null)
        return equality && !test ? Maybe(is_null(a.null ? b : a, op == BinaryOp::equal)) : std::nullopt;
    const auto raw = raw_compare(op, a, b);
    if (!raw) return std::nullopt;
    const auto relation = test ? (op == BinaryOp::not_equal ? Relation::test_different : Relation::test)
                          : op == BinaryOp::equal     ? Relation::equal
                          : op == BinaryOp::not_equal ? Relation::different
                                                      : Relation::ordered;
    return with_nulls(raw->data, a, b, relation);
}

Maybe ConditionLowering::raw_compare(BinaryOp op, const Compiled& a, const Compiled& b) {
    if (a.shape != b.shape || a.days != b.days) return std::nullopt;
    if (a.shape == Shape::number) return order_numbers(op, a, b, joined_mask(emitter_, a, b));
    if (op != BinaryOp::equal && op != BinaryOp::not_equal) return std::nullopt;
    Compiled out;
    out.shape = Shape::truth;
    if (a.own >= 0 && b.constant) {
        out.data = texts_.equals(a, emitter_.code_at(b.data));
    } else if (b.own >= 0 && a.constant) {
        out.data = texts_.equals(b, emitter_.code_at(a.data));
    } else {
        const auto x = texts_.shared(a).data, y = texts_.shared(b).data;
        const auto least = std::min(x, y), most = std::max(x, y);
        out.data = a.shape == Shape::code ? emitter_.emit(Op::codes_equal, {least, most, no_ref})
                                          : emitter_.emit(Op::bytes_equal, {least, most});
    }
    return op == BinaryOp::equal ? Maybe(out) : negated(out);
}

Maybe ConditionLowering::order_numbers(BinaryOp op, Compiled a, Compiled b, Ref mask) {
    if (!numbers_.align(a, b)) return std::nullopt;
    if (!a.bound.exact() || !b.bound.exact())
        emitter_.add_onto(emitter_.doubt(), Op::near, {a.data, b.data, mask},
                          Margin{a.bound.absolute + b.bound.absolute, a.bound.relative, b.bound.relative});
    const bool swapped = op == BinaryOp::greater || op == BinaryOp::greater_equal;
    const bool strict = op == BinaryOp::less || op == BinaryOp::greater;
    const bool equality = op == BinaryOp::equal || op == BinaryOp::not_equal;
    Compiled out;
    out.shape = Shape::truth;
    out.data = emitter_.emit(equality ? Op::equal
                             : strict ? Op::less
                                      : Op::less_equal,
                             {swapped ? b.data : a.data, swapped ? a.data : b.data, no_ref});
    return op == BinaryOp::not_equal ? negated(out) : Maybe(out);
}

Compiled ConditionLowering::with_nulls(Ref raw, const Compiled& a, const Compiled& b, Relation relation) {
    Compiled out;
    out.shape = Shape::truth;
    out.data = raw;
    const auto kinds = static_cast<Mask>(a.kinds | b.kinds);
    if (kinds == 0) return out;
    const bool simple = (kinds & (mask_not_applicable | mask_plain)) == 0;
    if (simple) {
        out = masked(emitter_, out, a, b);
        out.data = emitter_.known_truth(raw, out.mask);
        facts_.is_comparison(out.data, raw);
        return out;
    }
    const bool of_one = a.mask == no_ref || b.mask == no_ref;
    out.data = emitter_.emit(Op::compare_nulls, {raw, a.mask, b.mask}, relation);
    out.mask = emitter_.emit(Op::compare_mask, {a.mask, b.mask}, relation);
    if (of_one) facts_.is_comparison(out.data, raw);
    if (of_one) facts_.only_where(out.mask, a.mask == no_ref ? b.mask : a.mask);
    out.kinds = result_kinds(kinds);
    return out;
}

Compiled ConditionLowering::junction(const Compiled& a, const Compiled& right, bool deciding) {
    auto b = right;
    if (!deciding && facts_.excludes(a.data, b.mask)) {
        b.mask = no_ref, b.kinds = 0;
        b.data = facts_.raw(b.data);  // what it is over nulls no longer matters
    }
    Compiled out;
    out.shape = Shape::truth;
    // A truth is 0 where it is null: only what is known to be true counts.
    out.data =
        emitter_.emit(deciding ? Op::bytes_or : Op::bytes_and, {std::min(a.data, b.data), std::max(a.data, b.data)});
    if (!deciding) facts_.is_conjunction(out.data, a.data, b.data);
    if (a.mask == no_ref && b.mask == no_ref) return out;
    out.mask = emitter_.emit(Op::mask_junction, {a.data, a.mask, b.data, b.mask}, Deciding{deciding});
    out.kinds = result_kinds(static_cast<Mask>(a.kinds | b.kinds));
    return out;
}

/// Gives a written null the shape of the other branch, and both one scale; false: they are of two kinds.
bool ConditionLowering::same_form(Compiled& a, Compiled& b) {
    const auto as_null = [](Compiled& null, const Compiled& other) {
        null.shape = other.shape;
        null.days = other.days;
        null.bound = other.bound;
        null.data = other.data;
        null.kinds = mask_plain;
    };
    if (a.null) as_null(a, b);
    if (b.null) as_null(b, a);
    return a.shape == b.shape && a.days == b.days && (a.shape != Shape::number || numbers_.align(a, b));
}

/// no_ref: neither branch is null where it is chosen.
Ref ConditionLowering::chosen_mask(const Compiled& condition, Ref then, Ref otherwise) {
    if (then == no_ref && otherwise == no_ref) return no_ref;
    // `if x = null then 0 else … x …`: where x is there, so is the rest.
    if (const auto* test = condition.mask == no_ref ? facts_.null_test(condition.data) : nullptr) {
        const auto absent = test->null ? then : otherwise, present = test->null ? otherwise : then;
        if (absent == no_ref && present == test->mask) return no_ref;
    }
    const auto or_none = [this](Ref mask) { return mask == no_ref ? emitter_.byte(0) : mask; };
    return emitter_.choose_bytes(condition.data, or_none(then), or_none(otherwise));
}

Maybe ConditionLowering::choose(const Compiled& condition, const Compiled& then, const Compiled& otherwise) {
    Compiled a = texts_.shared(then), b = texts_.shared(otherwise);
    const bool nulls = a.null || b.null;
    if ((a.null && b.null) || !same_form(a, b)) return std::nullopt;
    Compiled out;
    out.shape = a.shape;
    out.days = a.days;
    if (a.shape == Shape::number) out.bound = either_bound(a.bound, b.bound);
    constexpr Op selects[] = {Op::select_numbers, Op::select_bytes, Op::select_codes};  // by shape
    out.data = a.data == b.data
                   ? a.data
                   : emitter_.emit(selects[static_cast<std::size_t>(a.shape)], {condition.data, a.data, b.data});
    if (a.shape == Shape::number && a.data != b.data && (is_constant(a.data) || is_constant(b.data)) &&
        out.bound.exact())
        facts_.is_choice(out.data, {condition.data, a.data, b.data});
    const auto mask_of = [this](const Compiled& v) { return v.null ? emitter_.byte(mask_plain) : v.mask; };
    out.mask = chosen_mask(condition, mask_of(a), mask_of(b));
    if (out.mask != no_ref) out.kinds = static_cast<Mask>(a.kinds | b.kinds);
    if ((condition.kinds & mask_unknown) != 0) {
        const auto same = nulls ? Maybe() : raw_compare(BinaryOp::equal, a, b);
        if (!nulls && !same) return std::nullopt;
        out.mask = emitter_.emit(Op::open_condition, {condition.mask, mask_of(a), mask_of(b), out.mask,
                                                      nulls ? emitter_.byte(0) : same->data});
        out.kinds = static_cast<Mask>(out.kinds | condition.kinds);
    }
    if (out.shape == Shape::truth && out.mask != no_ref) out.data = emitter_.known_truth(out.data, out.mask);
    return out;
}

}  // namespace zoneval::exec
