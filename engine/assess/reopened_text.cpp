#include "engine/assess/reopened_text.hpp"

#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/parsing/parse.hpp"
#include "engine/feel/value/reason.hpp"

namespace zoneval::assess {

using exec::AbstractValue;
using feel::Value;

namespace {

Value told(const AbstractValue& filled) {
    feel::Context out;
    if (!filled.open()) out.emplace_back("is", filled.value);
    if (filled.low) out.emplace_back("from", *filled.low);
    if (filled.high) out.emplace_back("to", *filled.high);
    if (!filled.options.empty()) out.emplace_back("among", Value(feel::List(filled.options)));
    return Value(std::move(out));
}

AbstractValue read(const feel::Context& told, const Value& open) {
    AbstractValue out{open, {}, {}, {}};
    if (const auto* value = feel::find(told, "is")) out.value = *value;
    if (const auto* low = feel::find(told, "from")) out.low = *low->number();
    if (const auto* high = feel::find(told, "to")) out.high = *high->number();
    if (const auto* options = feel::find(told, "among")) out.options = *options->list();
    return out;
}

}  // namespace

std::string text_of(const exec::Reopened& reopened) {
    feel::Context out;
    if (reopened.of_scores) out.emplace_back("scores", told(*reopened.of_scores));
    if (reopened.all) out.emplace_back("all", told(*reopened.all));
    return Value(std::move(out)).to_feel();
}

exec::Reopened reopened_of(std::string_view text, const std::string& name, std::int32_t year) {
    Diagnostics ignored;
    const auto expr = feel::parse_expression(feel::ExpressionText::of(std::string(text)), {}, ignored);
    const auto value = expr ? feel::evaluate(*expr, {}, {}) : Value();
    const auto open = Value::missing(feel::Missing::not_reported, feel::reasons::left_out(name, year));
    if (const auto* both = value.context()) {
        exec::Reopened out;
        if (const auto* scores = feel::find(*both, "scores")) out.of_scores = read(*scores->context(), open);
        if (const auto* all = feel::find(*both, "all")) out.all = read(*all->context(), open);
        return out;
    }
    AbstractValue out{open, {}, {}, {}};
    if (const auto* range = value.range(); range && range->start.number() && range->end.number()) {
        out.low = *range->start.number();
        out.high = *range->end.number();
    }
    return {out, out};
}

}  // namespace zoneval::assess
