#include "engine/exec/compile/lower_formulas.hpp"

#include <algorithm>

#include "engine/exec/columns/rule_outcomes.hpp"
#include "engine/exec/compile/nulls.hpp"
#include "engine/feel/builtins/builtins.hpp"
#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/syntax/never_true.hpp"

namespace zoneval::exec {

using feel::BinaryOp;
using feel::Expr;
using feel::Kernel;
using feel::Value;

Maybe FormulaLowering::formula(const Expr& expr) {
    Maybe out;
    if (const auto* literal = expr.as<feel::Literal>()) {
        out = constants_.compiled(literal->value);
    } else if (const auto* name = expr.as<feel::Name>()) {
        if (name->slot >= 0 && name->items.empty())
            out = name->slot == graph_.tested ? context_.tested : definitions_.node(name->slot);
        if (!out) refuse(Refusal::Why::values, &expr);
    } else {
        out = folded(expr);
        if (!out) out = form(expr);
        if (out && out->null) out.reset();
    }
    if (!out) refuse(Refusal::Why::form, &expr);
    return out;
}

Maybe FormulaLowering::all_of(const std::vector<graph::Condition>& all) {
    Maybe out;
    for (const auto& [condition, tested] : all) {
        const auto* cell = condition.expr->as<feel::UnaryTests>();
        if (cell && cell->any) continue;
        if (tested) {
            context_.tested = formula(*tested->expr);
            if (!context_.tested || context_.tested->null) return std::nullopt;
        }
        const auto result = formula(*condition.expr);
        context_.tested.reset();
        if (!result || !result->is_condition()) return std::nullopt;
        out = out ? conditions_.junction(*out, *result, false) : result;
    }
    return out ? out : constants_.compiled(Value(true));
}

Maybe FormulaLowering::form(const Expr& expr) {
    if (const auto* negate = expr.as<feel::Negate>()) {
        const auto a = formula(*negate->operand);
        return a && a->is_number() ? with_bound(expr, numbers_.negated(*a)) : std::nullopt;
    }
    if (const auto* b = expr.as<feel::Binary>()) return binary(expr, *b);
    if (const auto* c = expr.as<feel::If>()) return choice(*c);
    if (const auto* b = expr.as<feel::Between>()) return between(*b);
    if (const auto* in = expr.as<feel::In>()) {
        const auto value = formula(*in->value);
        return value ? tests(in->tests, *value, false) : std::nullopt;
    }
    if (const auto* cell = expr.as<feel::UnaryTests>()) {
        if (cell->any) return constants_.compiled(Value(true));
        const auto value = formula(*cell->input);
        return value ? tests(cell->tests, *value, cell->negated) : std::nullopt;
    }
    if (const auto* function = expr.as<feel::Call>()) return call(expr, *function);
    return std::nullopt;
}

Maybe FormulaLowering::with_bound(const Expr& expr, Maybe number) {
    if (!number) refuse(Refusal::Why::bound, &expr);
    return number;
}

Maybe FormulaLowering::binary(const Expr& expr, const feel::Binary& form) {
    const auto a = formula(*form.left);
    const auto b = formula(*form.right);
    if (!a || !b) return std::nullopt;
    if (form.op == BinaryOp::and_ || form.op == BinaryOp::or_) {
        if (!a->is_condition() || !b->is_condition()) return std::nullopt;
        return conditions_.junction(*a, *b, form.op == BinaryOp::or_);
    }
    if (form.op == BinaryOp::add && (a->shape == Shape::code || b->shape == Shape::code)) {
        if (a->constant) return of_text(expr, 1, *b);
        return b->constant ? of_text(expr, 0, *a) : std::nullopt;
    }
    if (form.op < BinaryOp::equal) {
        if (!a->is_number() || !b->is_number()) return std::nullopt;
        return with_bound(expr, numbers_.arithmetic(form.op, *a, *b));
    }
    // A choice that cannot be made is not yet null (feel/evaluation): asked directly, it is for the reference
    // evaluator.
    if ((a->null && form.right->as<feel::If>()) || (b->null && form.left->as<feel::If>())) return std::nullopt;
    return conditions_.compare(form.op, *a, *b, false);
}

/// The branch taken of every record, where the condition is of constants alone; nullptr: it is not.
const Expr* FormulaLowering::branch_taken(const feel::If& form) {
    if (!is_constant(*form.condition)) return nullptr;
    const auto value =
        feel::evaluate(*form.condition, constant_frame(*form.condition), {feel::NullMeaning::unknown, nullptr});
    if (value.is_null()) return nullptr;
    return value.is_true() ? form.then.get() : form.otherwise.get();
}

Maybe FormulaLowering::choice(const feel::If& form) {
    if (const auto* taken = branch_taken(form)) return formula(*taken);
    const auto condition = formula(*form.condition), then = formula(*form.then), otherwise = formula(*form.otherwise);
    if (!condition || !then || !otherwise || !condition->is_condition()) return std::nullopt;
    return conditions_.choose(*condition, *then, *otherwise);
}

Maybe FormulaLowering::between(const feel::Between& form) {
    const auto value = formula(*form.value), low = formula(*form.low), high = formula(*form.high);
    if (!value || !low || !high) return std::nullopt;
    // Something absent is between no known bounds; of unknown ones the reference evaluator says no more than that.
    if ((value->kinds & ~mask_unknown) != 0 && ((low->kinds | high->kinds) & mask_unknown) != 0) return std::nullopt;
    const auto above = conditions_.compare(BinaryOp::greater_equal, *value, *low, true),
               below = conditions_.compare(BinaryOp::less_equal, *value, *high, true);
    return above && below ? Maybe(conditions_.junction(*above, *below, false)) : std::nullopt;
}

/// Looked at once for each part: a sum of a hundred terms has as many sums in it. What mentions `?` changes with it.
bool FormulaLowering::is_constant(const Expr& expr) {
    if (context_.tested || of_copies_) return is_constant_form(expr);
    const auto found = constant_.find(&expr);
    if (found != constant_.end()) return found->second;
    const bool out = is_constant_form(expr);
    constant_.emplace(&expr, out);
    return out;
}

bool FormulaLowering::is_constant_form(const Expr& expr) {
    if (const auto* literal = expr.as<feel::Literal>()) return !literal->value.is_null();
    if (const auto* name = expr.as<feel::Name>()) {
        if (name->slot < 0 || !name->items.empty()) return false;
        const auto value = name->slot == graph_.tested ? context_.tested : definitions_.node(name->slot);
        return value && value->constant;
    }
    if (!expr.as<feel::Negate>() && !expr.as<feel::Binary>() && !expr.as<feel::Call>() && !expr.as<feel::If>())
        return false;
    std::vector<const Expr*> children;
    feel::for_each_child(expr, [&](const Expr& child) { children.push_back(&child); });
    // From the last: in a long sum that is the short one.
    return std::all_of(children.rbegin(), children.rend(), [this](const Expr* child) { return is_constant(*child); });
}

/// An operation on constants, done once, by the reference evaluator.
Maybe FormulaLowering::folded(const Expr& expr) {
    if (!is_constant(expr)) return std::nullopt;
    auto value = feel::evaluate(expr, constant_frame(expr), {feel::NullMeaning::unknown, nullptr});
    return value.is_null() ? std::nullopt : constants_.compiled(std::move(value));
}

std::vector<Value> FormulaLowering::constant_frame(const Expr& expr) {
    std::vector<Value> frame(graph_.nodes.size());
    for (const auto slot : feel::slots_read(expr))
        frame[static_cast<std::size_t>(slot)] =
            *(slot == graph_.tested ? context_.tested : definitions_.node(slot))->constant;
    return frame;
}

Maybe FormulaLowering::call(const Expr& expr, const feel::Call& call) {
    const auto kernel = feel::traits_of(call.overloads).kernel;
    if (kernel == Kernel::of_text) return text_call(expr, call);
    if (kernel == Kernel::contains) return contains(call);
    if (kernel == Kernel::none || !call.argument_names.empty() || call.builtin.empty()) return std::nullopt;
    if (call.arguments.size() == 1)
        if (auto looked_back = over(expr, kernel, *call.arguments[0])) return looked_back;
    if (kernel == Kernel::count) {  // of what is written out: blanks count too
        const auto* list = call.arguments.size() == 1 ? call.arguments[0]->as<feel::ListExpr>() : nullptr;
        return list ? constants_.compiled(Value(static_cast<std::int64_t>(list->items.size()))) : std::nullopt;
    }
    const auto operands = operands_of(call, kernel >= Kernel::least && kernel <= Kernel::any);
    return operands ? of_operands(expr, call, *operands) : std::nullopt;
}

/// `list contains(statuses, "SME")` of a decision that gathers: the rule that gives it holds. The list is unknown where
/// any rule is.
Maybe FormulaLowering::contains(const feel::Call& call) {
    const auto* name =
        call.arguments.size() == 2 && call.argument_names.empty() ? call.arguments[0]->as<feel::Name>() : nullptr;
    if (!name || name->slot < 0 || !name->items.empty() || !gathers(graph_.node(name->slot))) return std::nullopt;
    const auto element = formula(*call.arguments[1]);
    const auto& decision = definitions_.decision(name->slot);
    if (!element || !element->constant || !decision) return std::nullopt;
    const auto& form = std::get<graph::DecisionForm>(graph_.node(name->slot).form);
    Compiled out;
    out.shape = Shape::truth;
    out.data = emitter_.byte(0);
    Ref why = emitter_.byte(0);
    for (std::size_t r = 0; r < decision->rules.size(); ++r) {
        const auto& condition = decision->rules[r].condition;
        if (feel::identical(*element->constant, *fixed_outcome(form, r))) out.data = condition.data;
        const auto kinds = static_cast<Mask>(condition.kinds & mask_unknown);
        if (kinds == 0) continue;
        why = emitter_.emit(Op::mask_join, {why, condition.mask});
        out.kinds = static_cast<Mask>(out.kinds | condition.kinds);
    }
    if (out.kinds != 0) {
        out.mask = emitter_.choose_bytes(decision->open, why, emitter_.byte(0));
        out.data = emitter_.known_truth(out.data, out.mask);
    }
    return out;
}

/// `over(x, n)` of a parameter n is a choice between lists: the one that its figure picks.
const Expr& FormulaLowering::list_picked(const Expr& list) {
    if (const auto* name = list.as<feel::Name>(); name && name->slot >= 0 && name->items.empty()) {
        const auto& node = graph_.node(name->slot);
        const auto* chosen =
            node.kind == graph::NodeKind::hidden ? std::get_if<graph::ExpressionForm>(&node.form) : nullptr;
        return chosen && chosen->formula.expr->as<feel::If>() ? list_picked(*chosen->formula.expr) : list;
    }
    const auto* form = list.as<feel::If>();
    const auto* taken = form ? branch_taken(*form) : nullptr;
    return taken ? list_picked(*taken) : list;
}

/// An aggregate of a list that looks back at data; a blank in it makes it unknown, as in a list that is written out.
Maybe FormulaLowering::over(const Expr& expr, Kernel kernel, const Expr& list) {
    const auto* name = list_picked(list).as<feel::Name>();
    if (!name || name->slot < 0 || !name->items.empty()) return std::nullopt;
    const auto* history = std::get_if<graph::HistoryForm>(&graph_.node(name->slot).form);
    if (!history || !history->list) return std::nullopt;
    switch (kernel) {
        case Kernel::count:
        case Kernel::sum:
        case Kernel::least:
        case Kernel::greatest: return with_bound(expr, definitions_.over(name->slot, kernel));
        case Kernel::mean: {
            const auto sum = definitions_.over(name->slot, Kernel::sum);
            const auto count = sum ? definitions_.over(name->slot, Kernel::count) : std::nullopt;
            return count ? with_bound(expr, numbers_.divide(*sum, *count)) : std::nullopt;
        }
        default: return std::nullopt;
    }
}

/// nullopt: one has no kernel, is a written null, or the list to be aggregated is no literal.
std::optional<std::vector<Compiled>> FormulaLowering::operands_of(const feel::Call& call, bool aggregate) {
    const auto* list = call.arguments.size() == 1 ? call.arguments[0]->as<feel::ListExpr>() : nullptr;
    if (aggregate && !list && call.arguments.size() < 2) return std::nullopt;
    std::vector<Compiled> out;
    for (const auto& item : list ? list->items : call.arguments) {
        auto value = formula(*item);
        if (!value || value->null) return std::nullopt;
        out.push_back(std::move(*value));
    }
    return out.empty() ? std::nullopt : std::optional(std::move(out));
}

Maybe FormulaLowering::of_operands(const Expr& expr, const feel::Call& call, const std::vector<Compiled>& operands) {
    const auto traits = feel::traits_of(call.overloads);
    const auto& first = operands.front();
    const auto numbers = [&](std::size_t count) {
        return operands.size() == count && std::ranges::all_of(operands, &Compiled::is_number);
    };
    const bool all_numbers = numbers(operands.size());
    switch (traits.kernel) {
        case Kernel::round:
            return first.is_number() ? with_bound(expr, rounded(operands, traits.rounding)) : std::nullopt;
        case Kernel::least:
        case Kernel::greatest:
            return all_numbers ? with_bound(expr, numbers_.extreme(operands, traits.kernel == Kernel::least))
                               : std::nullopt;
        case Kernel::product:
            return all_numbers ? with_bound(expr, folded_by(BinaryOp::multiply, operands)) : std::nullopt;
        case Kernel::median: return all_numbers ? with_bound(expr, numbers_.median(operands)) : std::nullopt;
        case Kernel::sum:
        case Kernel::mean:
            return all_numbers ? with_bound(expr, total(operands, traits.kernel == Kernel::mean)) : std::nullopt;
        case Kernel::all:
        case Kernel::any: return joined(operands, traits.kernel == Kernel::any);
        case Kernel::negation:
            return operands.size() == 1 && first.is_condition() ? conditions_.negated(first) : std::nullopt;
        case Kernel::magnitude: return numbers(1) ? with_bound(expr, numbers_.absolute(first)) : std::nullopt;
        case Kernel::square_root: return numbers(1) ? with_bound(expr, numbers_.square_root(first)) : std::nullopt;
        case Kernel::logarithm: return numbers(1) ? with_bound(expr, numbers_.logarithm(first)) : std::nullopt;
        case Kernel::exponential: return numbers(1) ? with_bound(expr, numbers_.exponential(first)) : std::nullopt;
        case Kernel::remainder:
            return numbers(2) ? with_bound(expr, numbers_.modulo(first, operands[1])) : std::nullopt;
        default: return std::nullopt;
    }
}

Maybe FormulaLowering::rounded(const std::vector<Compiled>& operands, feel::Rounding mode) {
    constexpr std::int64_t most = 20;
    const auto* scale = operands.size() == 2 && operands[1].constant ? operands[1].constant->number() : nullptr;
    const auto decimals = scale ? scale->to_int64() : std::optional<std::int64_t>(0);
    if (operands.size() > 2 || (operands.size() == 2 && !scale) || !decimals || *decimals < -most || *decimals > most)
        return std::nullopt;
    return numbers_.rounded(operands.front(), static_cast<int>(*decimals), mode);
}

Maybe FormulaLowering::folded_by(BinaryOp op, const std::vector<Compiled>& operands) {
    Maybe out;
    for (const auto& v : operands) {
        out = out ? numbers_.arithmetic(op, *out, v) : v;
        if (!out) return std::nullopt;
    }
    return out;
}

Maybe FormulaLowering::total(const std::vector<Compiled>& operands, bool mean) {
    const auto sum = folded_by(BinaryOp::add, operands);
    if (!mean || !sum) return sum;
    const auto count = constants_.compiled(Value(static_cast<std::int64_t>(operands.size())));
    return numbers_.divide(*sum, *count);
}

Maybe FormulaLowering::joined(const std::vector<Compiled>& operands, bool any) {
    Maybe out;
    for (const auto& v : operands) {
        if (v.shape != Shape::truth || (v.kinds & mask_plain)) return std::nullopt;
        out = out ? conditions_.junction(*out, v, any) : v;
    }
    return out;
}

/// Three-valued "or" of the tests (Evaluator::any_test).
Maybe FormulaLowering::tests(const std::vector<feel::Test>& all, const Compiled& input, bool negate) {
    if (input.null) return std::nullopt;
    Maybe out;
    for (const auto& test : all) {
        const auto result = one_test(test, input);
        if (!result) return std::nullopt;
        out = out ? conditions_.junction(*out, *result, true) : result;
    }
    return out && negate ? conditions_.negated(*out) : out;
}

/// What a test compares with; it must be constant.
Maybe FormulaLowering::constant_operand(const Expr& expr) {
    auto value = formula(expr);
    return value && value->constant && !value->null ? value : std::nullopt;
}

Maybe FormulaLowering::one_test(const feel::Test& test, const Compiled& input) {
    if (test.mentions_input) return std::nullopt;
    const auto& expr = *test.expression;
    if (feel::is_null_literal(expr)) return conditions_.is_null(input, true);
    if (const auto* range = expr.as<feel::RangeExpr>()) return in_range(*range, input);
    if (const auto* list = expr.as<feel::ListExpr>()) {
        Maybe out;
        for (const auto& item : list->items) {
            const auto value = constant_operand(*item);
            const auto equal = value ? conditions_.compare(BinaryOp::equal, input, *value, true) : std::nullopt;
            if (!equal) return std::nullopt;
            out = out ? conditions_.junction(*out, *equal, true) : equal;
        }
        return out;
    }
    // A value to compare with; a boolean may be a condition of its own instead (10.3.2.10).
    const auto value = constant_operand(expr);
    if (!value || value->shape == Shape::truth) return std::nullopt;
    return conditions_.compare(BinaryOp::equal, input, *value, true);
}

Maybe FormulaLowering::in_range(const feel::RangeExpr& range, const Compiled& input) {
    if (range.form == feel::RangeForm::equal || range.form == feel::RangeForm::not_equal) {
        const auto value = constant_operand(*range.start);
        const auto op = range.form == feel::RangeForm::equal ? BinaryOp::equal : BinaryOp::not_equal;
        return value ? conditions_.compare(op, input, *value, true) : std::nullopt;
    }
    Maybe out;
    for (const bool lower : {true, false}) {
        const auto& end = lower ? range.start : range.end;
        if (!end) continue;
        const bool included = lower ? range.start_included : range.end_included;
        const auto op = lower ? (included ? BinaryOp::greater_equal : BinaryOp::greater)
                              : (included ? BinaryOp::less_equal : BinaryOp::less);
        const auto value = constant_operand(*end);
        const auto side = value ? conditions_.compare(op, input, *value, true) : std::nullopt;
        if (!side) return std::nullopt;
        out = out ? conditions_.junction(*out, *side, false) : side;
    }
    return out;
}

}  // namespace zoneval::exec
