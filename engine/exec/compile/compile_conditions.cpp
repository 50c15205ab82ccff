// Comparisons, three-valued logic, choices and tests to kernels, with what each makes of nulls.
#include <algorithm>
#include <limits>

#include "engine/exec/compile/compiler.hpp"
#include "engine/feel/syntax/never_true.hpp"

namespace zoneval::exec {

using feel::BinaryOp;
using feel::Value;

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
    if (a.mask == no_ref) {
        out.data = byte_constant(a.null == wanted ? 1 : 0);
        return out;
    }
    out.data = has_bits(a.mask, 0xff);
    null_tests_[out.data] = {a.mask, true};
    if (wanted) return out;
    Instruction i;
    i.op = Op::negate;
    i.a = out.data;
    out.data = emit(i, Shape::truth);
    null_tests_[out.data] = {a.mask, false};
    guards_.emplace(out.data, a.mask);
    return out;
}

Compiler::Maybe Compiler::compare(BinaryOp op, const Val& a, const Val& b, bool test) {
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
        if (known_.try_emplace(key_of(near), no_ref).second) {
            near.out = doubt();
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

namespace {

/// Of a result that rests on nulls of `kinds`: a written null goes back to nothing, so the operation failed.
Mask result_kinds(Mask kinds) {
    return static_cast<Mask>((kinds & ~mask_plain) | (kinds & mask_plain ? mask_failed : 0));
}

}  // namespace

Compiler::Val Compiler::with_nulls(Ref raw, const Val& a, const Val& b, Relation relation) {
    Val out;
    out.shape = Shape::truth;
    out.data = raw;
    const auto kinds = static_cast<Mask>(a.kinds | b.kinds);
    if (kinds == 0) return out;
    const bool simple = (kinds & (mask_not_applicable | mask_plain)) == 0;
    if (simple) {
        out.mask = joined_mask(a, b, out.kinds);
        out.data = known_truth(raw, out.mask);
        raw_[out.data] = raw;
        return out;
    }
    Instruction i;
    i.op = Op::compare_nulls;
    i.relation = relation;
    i.a = raw, i.b = a.mask, i.c = b.mask;
    out.data = emit(i, Shape::truth);
    if (a.mask == no_ref || b.mask == no_ref) raw_[out.data] = raw;
    i.op = Op::compare_mask;
    i.a = no_ref;
    out.mask = emit(i, Shape::truth);
    if (a.mask == no_ref || b.mask == no_ref) only_where_[out.mask] = a.mask == no_ref ? b.mask : a.mask;
    out.kinds = result_kinds(kinds);
    return out;
}

Compiler::Val Compiler::junction(const Val& a, const Val& right, bool deciding) {
    auto b = right;
    if (!deciding && guards_.contains({a.data, only_where(b.mask)})) {
        b.mask = no_ref, b.kinds = 0;
        if (const auto raw = raw_.find(b.data); raw != raw_.end())
            b.data = raw->second;  // what it is over nulls no longer matters
    }
    Val out;
    out.shape = Shape::truth;
    Instruction i;
    i.op = deciding ? Op::bytes_or : Op::bytes_and;
    i.a = std::min(a.data, b.data), i.b = std::max(a.data, b.data);
    out.data = emit(i, Shape::truth);  // a truth is 0 where it is null: only what is known to be true counts
    if (!deciding)
        for (const auto part : {a.data, b.data})
            for (auto guard = guards_.lower_bound({part, std::numeric_limits<Ref>::min()});
                 guard != guards_.end() && guard->first == part; ++guard)
                guards_.emplace(out.data, guard->second);
    if (a.mask == no_ref && b.mask == no_ref) return out;
    i = {};
    i.op = Op::mask_junction;
    i.number = deciding;
    i.a = a.data, i.b = a.mask, i.c = b.data, i.d = b.mask;
    out.mask = emit(i, Shape::truth);
    out.kinds = result_kinds(static_cast<Mask>(a.kinds | b.kinds));
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
    out.data = a.data == b.data ? a.data : emit(i, a.shape);
    if (a.shape == Shape::number && a.data != b.data && (a.data < no_ref || b.data < no_ref) && out.bound.exact())
        choices_.try_emplace(out.data, Choice{i.a, i.b, i.c});
    const auto ma = mask_of(a), mb = mask_of(b);
    // `if x = null then 0 else … x …`: where x is there, so is the rest.
    const auto tested = condition.mask == no_ref ? null_tests_.find(condition.data) : null_tests_.end();
    const bool guarded = tested != null_tests_.end() && (tested->second.second ? ma : mb) == no_ref &&
                         (tested->second.second ? mb : ma) == tested->second.first;
    if (!guarded && (ma != no_ref || mb != no_ref)) {
        out.mask =
            choose_bytes(condition.data, ma == no_ref ? byte_constant(0) : ma, mb == no_ref ? byte_constant(0) : mb);
        out.kinds = static_cast<Mask>(a.kinds | b.kinds);
    }
    const auto finish = [&] {
        if (out.shape == Shape::truth && out.mask != no_ref) out.data = known_truth(out.data, out.mask);
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
    if (feel::is_null_literal(expr)) return is_null(input, true);
    if (const auto* range = expr.as<feel::RangeExpr>()) {
        if (range->form == feel::RangeForm::equal || range->form == feel::RangeForm::not_equal) {
            const auto value = expression(*range->start);
            if (!value || !value->constant || value->null) return std::nullopt;
            return compare(range->form == feel::RangeForm::equal ? BinaryOp::equal : BinaryOp::not_equal, input, *value,
                           true);
        }
        Maybe out;
        for (const bool lower : {true, false}) {
            const auto& end = lower ? range->start : range->end;
            if (!end) continue;
            const auto value = expression(*end);
            if (!value || !value->constant || value->null) return std::nullopt;
            const bool included = lower ? range->start_included : range->end_included;
            const auto op = lower ? (included ? BinaryOp::greater_equal : BinaryOp::greater)
                                  : (included ? BinaryOp::less_equal : BinaryOp::less);
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
