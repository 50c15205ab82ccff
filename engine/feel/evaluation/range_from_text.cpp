// range("[18..21)"): a range read from text when it is needed (DMN 1.5 10.3.4.1).
#include "engine/feel/evaluation/evaluator.hpp"
#include "engine/feel/parsing/parse.hpp"

namespace zoneval::feel {

namespace {

/// Only literals, and the conversion of one text literal, may be endpoints: nothing else can be computed here.
bool is_constant(const Expr& endpoint) {
    if (endpoint.as<Literal>() != nullptr) return true;
    const auto* call = endpoint.as<Call>();
    if (call == nullptr || call->arguments.size() != 1 || call->arguments[0]->as<Literal>() == nullptr) return false;
    return call->builtin == "date" || call->builtin == "time" || call->builtin == "date and time" ||
           call->builtin == "duration";
}

}  // namespace

Value Evaluator::range_of_text(std::string_view text, Span span) {
    Diagnostics ignored;
    const auto tree = parse_expression(ExpressionText::of(std::string(text), "range"), {}, ignored);
    const auto* range = tree ? tree->as<RangeExpr>() : nullptr;
    if (range == nullptr || range->form != RangeForm::interval || !is_constant(*range->start) ||
        !is_constant(*range->end))
        return fail(span, reasons::no_range_text(std::string(text)));
    auto out = eval(*tree);
    if (out.range() == nullptr) return out;
    const auto &start = out.range()->start, &end = out.range()->end;
    if (start.is_null() && end.is_null()) return fail(span, reasons::range_needs_end());
    const auto o = order(start, end);
    if (!start.is_null() && !end.is_null() && (!o || *o > 0)) return fail(span, reasons::range_backwards());
    return out;
}

}  // namespace zoneval::feel
