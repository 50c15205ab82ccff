// Unary tests (DMN 1.5 10.3.1.2 rules 7 to 17, 10.3.2.8): `in`, and the cells of decision tables.
#include <algorithm>

#include "engine/feel/evaluation/evaluator.hpp"

namespace zoneval::feel {

Value Evaluator::in(const Expr& at, const In& node) {
    const Operand value_operand(*this, *node.value);
    const Value& value = *value_operand;
    if (std::any_of(node.tests.begin(), node.tests.end(), [](const Test& t) { return t.mentions_input; }))
        local(node.input) = value;
    return any_test(at.span, node.tests, value, false, false);
}

Value Evaluator::unary_tests(const Expr& at, const UnaryTests& node) {
    if (node.any) return true;
    const Operand input_operand(*this, *node.input);
    const Value& input = *input_operand;
    return any_test(at.span, node.tests, input, node.negated, true);
}

/// Three-valued "or" of the tests, or its negation.
Value Evaluator::any_test(Span span, const std::vector<Test>& tests, const Value& input, bool negated, bool cell) {
    std::vector<CausePtr> causes;
    bool undecided = false;
    for (const auto& test : tests) {
        const auto result = one_test(test, input, cell);
        if (result.is_true()) return !negated;
        if (result.is_false()) continue;
        undecided = true;
        if (result.cause()) causes.push_back(result.cause());
    }
    if (!undecided) return negated;
    if (input.is_null() && input.cause()) causes = {input.cause()};
    return fail(span, input.is_null() ? reasons::tested_missing() : reasons::test_undecided(), std::move(causes));
}

Value Evaluator::one_test(const Test& test, const Value& input, bool cell) {
    const auto& expression = *test.expression;
    if (const auto* literal = expression.as<Literal>()) {
        const auto& value = literal->value;
        if (unknowns() && value.is_null()) return input.is_null();
        if (const auto* x = input.string(), *y = value.string(); x != nullptr && y != nullptr) return *x == *y;
        if (const auto* x = input.number(), *y = value.number(); x != nullptr && y != nullptr) return *x == *y;
    }
    if (const auto* range = expression.as<RangeExpr>(); range != nullptr && !test.mentions_input)
        if (const auto truth = within(input, *range)) return *truth;
    const Operand value_operand(*this, expression);
    const Value& value = *value_operand;
    if (unknowns() && input.is_null() && !test.mentions_input) {
        if (is_unknown(input)) return Value::null(input.cause());
        // Known to be absent: equal to nothing, inside nothing, different from everything.
        return value.range() != nullptr && value.range()->form == RangeForm::not_equal;
    }
    // A condition of its own: it names the tested value, or is not about values of its kind (10.3.2.10).
    const bool condition =
        test.mentions_input || (cell && value.boolean() != nullptr && input.boolean() == nullptr && !input.is_null());
    if (condition && (value.boolean() != nullptr || value.is_null())) return value;
    if (value.is_null() && value.cause() && unknowns()) return value;
    const auto truth = matches(input, value);
    if (truth) return *truth;
    return fail(expression.span, reasons::test_types(input.kind(), value.kind()),
                value.cause() ? std::vector<CausePtr>{value.cause()} : std::vector<CausePtr>{});
}

}  // namespace zoneval::feel
