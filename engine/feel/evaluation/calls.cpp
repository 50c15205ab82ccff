// Calling functions: builtins, closures and those the host gives (DMN 1.5 10.3.2.13).
#include <algorithm>
#include <boost/container/small_vector.hpp>

#include "engine/feel/builtins/invoke.hpp"
#include "engine/feel/evaluation/closure.hpp"
#include "engine/feel/evaluation/evaluator.hpp"

namespace zoneval::feel {

namespace {

/// What a call costs, beside one step of an iteration.
constexpr std::size_t call_steps = 20;

}  // namespace

Value Evaluator::closure(const FunctionExpr& node) {
    const auto& definition = *node.definition;
    auto made = std::make_shared<Closure>();
    auto& out = *made;
    out.parameters = definition.parameters;
    out.definition = node.definition;
    out.source = *source_;
    if (!shared_frame_) shared_frame_ = std::make_shared<const std::vector<Value>>(frame_.begin(), frame_.end());
    out.frame = shared_frame_;
    for (const auto& capture : definition.captures) out.captured.push_back(local(capture.outer));
    return FunctionPtr(std::move(made));
}

Value Evaluator::invocation(const Expr& at, const Call& node) {
    boost::container::small_vector<Value, 4> few;
    for (const auto& argument : node.arguments) few.push_back(eval(*argument));
    const std::span<const Value> arguments(few.data(), few.size());
    if (node.overloads != nullptr)
        return invoke(*node.overloads, arguments, node.argument_names, CallContext{*this, at.span});
    const auto callee = eval(*node.callee);
    if (const auto* function = callee.function()) return call(*function, arguments, node.argument_names, at.span);
    if (callee.is_null()) return fail_for(at.span, {{node.callee.get(), &callee}});
    return fail(at.span, reasons::not_callable(callee.kind()));
}

Value Evaluator::call(const Function& function, std::span<const Value> arguments, const std::vector<std::string>& names,
                      Span span) {
    if (const auto* builtin = dynamic_cast<const BuiltinFunction*>(&function))
        return invoke(*builtin->set, arguments, names, CallContext{*this, span});
    const auto& closure = dynamic_cast<const Closure&>(function);
    const auto& parameters = closure.parameters;
    if (arguments.size() != parameters.size())
        return fail(span, reasons::argument_count(static_cast<std::int64_t>(parameters.size()),
                                                  static_cast<std::int64_t>(arguments.size())));
    boost::container::small_vector<Value, 4> ordered(arguments.begin(), arguments.end());
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto it =
            std::find_if(parameters.begin(), parameters.end(), [&](const auto& p) { return p.name == names[i]; });
        if (it == parameters.end()) return fail(span, reasons::no_parameter(names[i]));
        ordered[static_cast<std::size_t>(it - parameters.begin())] = arguments[i];
    }
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        if (!parameters[i].type) continue;
        auto converted = coerce(ordered[i], *parameters[i].type);
        if (!converted)
            return fail(span,
                        reasons::argument_type(parameters[i].name, parameters[i].type->to_string(), ordered[i].kind()));
        ordered[i] = std::move(*converted);
    }
    if (closure.native) return closure.native({ordered.data(), ordered.size()});
    return call_closure(closure, {ordered.data(), ordered.size()}, span);
}

Value Evaluator::call_closure(const Closure& function, std::span<const Value> arguments, Span span) {
    const auto& definition = *function.definition;
    if (!definition.body) return fail(span, reasons::external_function());
    if (!spend(call_steps)) return fail(span, reasons::too_many_steps(limits::steps));
    const auto outer_base = base_;
    const auto outer_frame = frame_;
    auto outer_shared = std::exchange(shared_frame_, function.frame);
    const auto* outer_source = std::exchange(source_, &function.source);
    base_ = locals_.size();
    frame_ = *function.frame;
    locals_.resize(base_ + static_cast<std::size_t>(definition.locals));
    for (std::size_t i = 0; i < arguments.size(); ++i) locals_[base_ + i] = arguments[i];
    for (std::size_t i = 0; i < function.captured.size(); ++i)
        local(definition.captures[i].inner) = function.captured[i];
    if (definition.self >= 0) local(definition.self) = FunctionPtr(function.shared_from_this());
    auto out = eval(*definition.body);
    locals_.resize(base_);
    base_ = outer_base;
    frame_ = outer_frame;
    shared_frame_ = std::move(outer_shared);
    source_ = outer_source;
    return out;
}

}  // namespace zoneval::feel
