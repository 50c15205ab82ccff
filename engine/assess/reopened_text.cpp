#include "engine/assess/reopened_text.hpp"

#include "engine/feel/evaluation/from_feel.hpp"
#include "engine/feel/value/reason.hpp"
#include "engine/table/scaled.hpp"

namespace zoneval::assess {

using exec::AbstractValue;
using feel::Value;

namespace {

/// As FEEL writes a context of these.
void append(std::string& out, std::string_view name, const AbstractValue& filled) {
    if (out.size() > 1) out += ", ";
    out.append(name).append(": {");
    const auto begin = out.size();
    const auto part = [&](std::string_view what, const std::string& text) {
        if (out.size() > begin) out += ", ";
        out.append(what).append(": ").append(text);
    };
    if (!filled.open()) part("is", filled.value.to_feel());
    if (filled.low) part("from", filled.low->to_string());
    if (filled.high) part("to", filled.high->to_string());
    if (!filled.options.empty()) part("among", Value(feel::List(filled.options)).to_feel());
    out += '}';
}

/// What is not of the form it is written in says nothing: the value may be anything.
AbstractValue read(const Value& told, const Value& open) {
    AbstractValue out{open, {}, {}, {}};
    const auto* parts = told.context();
    if (!parts) return out;
    if (const auto* value = feel::find(*parts, "is")) out.value = *value;
    if (const auto* low = feel::find(*parts, "from"); low && low->number()) out.low = *low->number();
    if (const auto* high = feel::find(*parts, "to"); high && high->number()) out.high = *high->number();
    if (const auto* options = feel::find(*parts, "among"); options && options->list()) out.options = *options->list();
    return out;
}

/// `{from: 18.2, to: 48.2}`, as nearly all of them are: without the grammar.
class NumbersOnly {
  public:
    NumbersOnly(std::string_view text, const Value& open) : rest_(text), open_(open) {}

    std::optional<exec::Reopened> run() {
        exec::Reopened out;
        if (!eat("{")) return std::nullopt;
        if (eat("scores: ") && !(out.of_scores = range())) return std::nullopt;
        if (out.of_scores) eat(", ");
        if (eat("all: ") && !(out.all = range())) return std::nullopt;
        return eat("}") && rest_.empty() ? std::optional(std::move(out)) : std::nullopt;
    }

  private:
    bool eat(std::string_view text) {
        if (!rest_.starts_with(text)) return false;
        rest_.remove_prefix(text.size());
        return true;
    }
    std::optional<feel::Decimal> number() {
        const auto text = rest_.substr(0, rest_.find_first_of(",}"));
        const auto out = parse_scaled(text);
        rest_.remove_prefix(text.size());
        return out ? std::optional(decimal(*out)) : std::nullopt;
    }
    std::optional<AbstractValue> range() {
        AbstractValue out{open_, {}, {}, {}};
        if (!eat("{")) return std::nullopt;
        if (eat("from: ") && !(out.low = number())) return std::nullopt;
        if (out.low) eat(", ");
        if (eat("to: ") && !(out.high = number())) return std::nullopt;
        return eat("}") ? std::optional(std::move(out)) : std::nullopt;
    }

    std::string_view rest_;
    const Value& open_;
};

}  // namespace

std::string text_of(const exec::Reopened& reopened) {
    std::string out = "{";
    if (reopened.of_scores) append(out, "scores", *reopened.of_scores);
    if (reopened.all) append(out, "all", *reopened.all);
    return out + '}';
}

exec::Reopened reopened_of(std::string_view text, const std::string& name, std::int32_t year) {
    const auto open = Value::missing(feel::Missing::not_reported, feel::reasons::left_out(name, year));
    if (auto numbers = NumbersOnly(text, open).run()) return std::move(*numbers);
    const auto value = feel::from_feel(text);
    if (const auto* both = value.context()) {
        exec::Reopened out;
        if (const auto* scores = feel::find(*both, "scores")) out.of_scores = read(*scores, open);
        if (const auto* all = feel::find(*both, "all")) out.all = read(*all, open);
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
