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

/// Only text for a range may leave an end open, behind an open bracket: "[1..)", "(..3]" (rules 66.b, 66.c). Anything
/// else is left as it is.
std::string one_sided(std::string_view text) {
    constexpr std::string_view white = " \t\r\n";
    const auto from = text.find_first_not_of(white), to = text.find_last_not_of(white);
    const auto dots = text.find("..");
    if (from == to || dots == std::string_view::npos) return std::string(text);
    const auto blank = [&](std::size_t begin, std::size_t end) {
        return text.substr(begin, end - begin).find_first_not_of(white) == std::string_view::npos;
    };
    const char first = text[from], last = text[to];
    const auto endpoint = [&](std::size_t begin, std::size_t end, const char* sign) {
        return "(" + std::string(sign) + " " + std::string(text.substr(begin, end - begin)) + ")";
    };
    if ((first == '(' || first == ']') && blank(from + 1, dots))
        return endpoint(dots + 2, to, last == ']' ? "<=" : "<");
    const auto last_dots = text.rfind("..");
    if ((last == ')' || last == '[') && blank(last_dots + 2, to))
        return endpoint(from + 1, last_dots, first == '[' ? ">=" : ">");
    return std::string(text);
}

bool is_constant(const RangeExpr& range) {
    return (!range.start || is_constant(*range.start)) && (!range.end || is_constant(*range.end));
}

}  // namespace

Value Evaluator::range_of_text(std::string_view text, Span span) {
    Diagnostics ignored;
    const auto written = one_sided(text);
    const auto tree = parse_expression(ExpressionText::of(written, "range"), {}, ignored);
    const auto* range = tree ? tree->as<RangeExpr>() : nullptr;
    const bool unary = range != nullptr && range->form != RangeForm::interval;
    if (range == nullptr || (unary && written == text) || !is_constant(*range))
        return fail(span, reasons::no_range_text(std::string(text)));
    auto out = eval(*tree);
    if (unary) {
        const auto& end = range->start ? out.range()->start : out.range()->end;
        return order(end, end) ? out : fail(span, reasons::range_needs_end());
    }
    if (out.range() == nullptr) return out;
    const auto &start = out.range()->start, &end = out.range()->end;
    if (start.is_null() && end.is_null()) return fail(span, reasons::range_needs_end());
    const auto o = order(start, end);
    if (!start.is_null() && !end.is_null() && (!o || *o > 0)) return fail(span, reasons::range_backwards());
    return out;
}

}  // namespace zoneval::feel
