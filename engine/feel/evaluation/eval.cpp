#include "engine/feel/evaluation/eval.hpp"

#include "engine/feel/evaluation/evaluator.hpp"

namespace zoneval::feel {

Value evaluate(const Expr& expression, std::span<const Value> frame, const EvalOptions& options) {
    return Evaluator(frame, options).eval(expression);
}

Value evaluate_arithmetic(const Expr& expression, const Value& left, const Value& right, const EvalOptions& options) {
    return Evaluator({}, options).arithmetic(expression, *expression.as<Binary>(), left, right);
}

Value call(const Value& function, std::span<const Value> arguments, const EvalOptions& options) {
    Evaluator evaluator({}, options);
    if (function.function() == nullptr) return evaluator.fail({}, reasons::not_a_function());
    return evaluator.call(*function.function(), arguments, {}, {});
}

}  // namespace zoneval::feel
