#include "engine/exec/by_columns/exact_values.hpp"

namespace zoneval::exec {

using feel::BinaryOp;
using feel::Decimal;
using feel::Missing;
using graph::NodeId;
using Form = CellTerm::Form;
using Kind = CellProgram::Kind;

ExactValues::ExactValues(const CellSources& sources, NodeId wanted)
    : program_(sources, {wanted}),
      wanted_(wanted),
      known_(sources.graph.nodes.size()),
      done_(sources.graph.nodes.size()) {}

std::optional<Decimal> ExactValues::number(std::size_t record) {
    if (!program_.step(wanted_)) return std::nullopt;
    ++turn_;
    record_ = record;
    row_ = program_.sources().rows[record];
    const auto& out = at(wanted_);
    return out.is == Exact::Is::number ? std::optional(out.number) : std::nullopt;
}

ExactValues::Exact ExactValues::Exact::of(const feel::Value& value) {
    if (const auto* number = value.number()) return of(*number);
    if (const auto* truth = value.boolean()) return of_truth(*truth);
    return value.is_null() ? Exact{Is::null, false, {}} : Exact{};
}

const ExactValues::Exact& ExactValues::at(NodeId id) {
    const auto place = static_cast<std::size_t>(id);
    if (done_[place] != turn_) {
        const auto* step = program_.step(id);
        const auto value = step ? found(*step) : Exact{};
        known_[place] = value;
        done_[place] = turn_;
    }
    return known_[place];
}

ExactValues::Exact ExactValues::found(const CellProgram::Step& step) {
    switch (step.kind) {
        case Kind::constant: return Exact::of(*program_.sources().constant(step.id));
        case Kind::number:
        case Kind::coded: return step.data ? of_data(*step.data, row_) : Exact{Exact::Is::null, false, {}};
        case Kind::earlier: return of_earlier(step.earlier->front());
        case Kind::cohort: return of_cohort(*step.cohort_column);
        case Kind::computed: return of_column(*step.column);
        case Kind::formula: {
            const auto kept = step.column ? of_column(*step.column) : Exact{};
            return kept.is == Exact::Is::beyond ? eval(step.term) : kept;
        }
        default: return {};
    }
}

ExactValues::Exact ExactValues::of_data(const Column& data, std::size_t place) const {
    if (data.missing(place) != Missing::none) return {Exact::Is::null, false, {}};
    if (const auto* numbers = data.numbers()) return Exact::of(numbers->at(place));
    if (const auto* truths = data.booleans()) return Exact::of_truth((*truths)[place] != 0);
    return {};
}

ExactValues::Exact ExactValues::of_earlier(const EarlierColumn& earlier) const {
    const auto place = earlier.places[row_];
    if (place >= EarlierColumn::unknown) return {Exact::Is::null, false, {}};
    return earlier.data ? of_data(*earlier.data, place) : Exact::of((*earlier.values)[place]);
}

ExactValues::Exact ExactValues::of_cohort(const CohortColumn& cohort) const {
    const bool null = (cohort.masks && (*cohort.masks)[record_] != 0) || cohort.grouping->of(record_) == Grouping::none;
    return null ? Exact{Exact::Is::null, false, {}} : Exact::of(cohort.at(record_));
}

ExactValues::Exact ExactValues::of_column(const NodeColumn& column) const {
    if (!column.masks.empty() && column.masks[record_] != 0) return {Exact::Is::null, false, {}};
    if (column.shape == Shape::truth) return Exact::of_truth(column.truths[record_] != 0);
    if (column.shape != Shape::number || column.days || !column.bound.exact()) return {};
    return Exact::of(Decimal::scaled(static_cast<std::int64_t>(column.numbers[record_]), -column.bound.scale));
}

namespace {

bool compared(BinaryOp op, const Decimal& a, const Decimal& b) {
    switch (op) {
        case BinaryOp::equal: return a == b;
        case BinaryOp::not_equal: return !(a == b);
        case BinaryOp::less: return a < b;
        case BinaryOp::less_equal: return a <= b;
        case BinaryOp::greater: return a > b;
        default: return a >= b;
    }
}

}  // namespace

/// As feel::evaluate() does it; where a null would decide more than that the result is null, it is for the reference
/// evaluator.
ExactValues::Exact ExactValues::eval(const CellTerm& t) {
    switch (t.form) {
        case Form::constant:
            if (t.constant.is != Cell::Is::value || !t.constant.low.exact()) return {};
            return t.truth ? Exact::of_truth(t.constant.is_true()) : Exact::of(t.constant.low.decimal());
        case Form::slot: return at(t.slot);
        case Form::over_mean:
        case Form::over_sum:
        case Form::over_least:
        case Form::over_greatest: return over(t);
        case Form::choice: return choice(t);
        case Form::is_null: {
            const auto& tested = at(t.slot);
            if (tested.is == Exact::Is::beyond) return {};
            return Exact::of_truth((tested.is == Exact::Is::null) == (t.op == BinaryOp::equal));
        }
        case Form::all:
        case Form::any: return junction(t);
        case Form::least:
        case Form::greatest: return extreme(t);
        default: break;
    }
    if (!t.parts.empty()) return sum_of_parts(t);
    if (t.of.empty() || t.of.size() > 2 || t.form == Form::between) return {};
    const auto a = eval(t.of[0]);
    const auto b = t.of.size() == 2 ? eval(t.of[1]) : Exact::of(Decimal());
    if (t.form == Form::no) return a.is == Exact::Is::truth ? Exact::of_truth(!a.truth) : Exact{};
    if (a.is == Exact::Is::null || b.is == Exact::Is::null) {
        const bool known_null = a.is != Exact::Is::beyond && b.is != Exact::Is::beyond && t.form != Form::compare;
        return known_null ? Exact{Exact::Is::null, false, {}} : Exact{};
    }
    if (a.is != Exact::Is::number || b.is != Exact::Is::number) return {};
    switch (t.form) {
        case Form::add: return Exact::of(a.number + b.number);
        case Form::subtract: return Exact::of(a.number - b.number);
        case Form::multiply: return Exact::of(a.number * b.number);
        case Form::divide:
            return b.number.is_zero() ? Exact{Exact::Is::null, false, {}} : Exact::of(a.number / b.number);
        case Form::negate: return Exact::of(-a.number);
        case Form::round: return Exact::of(a.number.rounded(t.decimals, t.rounding));
        case Form::compare: return Exact::of_truth(compared(t.op, a.number, b.number));
        default: return {};
    }
}

/// Of the years in which the record took part, and this one.
ExactValues::Exact ExactValues::over(const CellTerm& t) {
    const auto* step = program_.step(t.slot);
    if (!step || step->kind != Kind::earlier_list) return {};
    Exact out;
    std::int64_t count = 0;
    bool null = false;
    const auto add = [&](const Exact& element) {
        null = null || element.is == Exact::Is::null;
        const auto &a = out.number, &b = element.number;
        if (count++ == 0)
            out = element;
        else if (element.is != Exact::Is::number || out.is != Exact::Is::number)
            out = {};
        else if (t.form == Form::over_least || t.form == Form::over_greatest)
            out = Exact::of((t.form == Form::over_greatest ? b > a : b < a) ? b : a);
        else
            out = Exact::of(a + b);
    };
    for (auto earlier = step->earlier->rbegin(); earlier != step->earlier->rend(); ++earlier)
        if (earlier->places[row_] != EarlierColumn::absent) add(of_earlier(*earlier));
    add(at(step->list_of));
    if (null) return {Exact::Is::null, false, {}};
    return out.is == Exact::Is::number && t.form == Form::over_mean ? Exact::of(out.number / Decimal(count)) : out;
}

ExactValues::Exact ExactValues::sum_of_parts(const CellTerm& t) {
    std::optional<Decimal> sum;
    for (const auto& part : t.parts) {
        const auto& value = at(part.slot);
        const bool times = part.times && value.is == Exact::Is::number;
        if (value.is == Exact::Is::beyond || (part.times && value.is == Exact::Is::truth)) return {};
        auto term = value.is == Exact::Is::null ? part.exactly_absent : part.exactly_there;
        if (times) term = term * value.number;
        sum = sum ? *sum + term : term;
    }
    return Exact::of(*sum);
}

ExactValues::Exact ExactValues::extreme(const CellTerm& t) {
    Exact out;
    bool null = false;
    for (const auto& part : t.of) {
        const auto value = eval(part);
        null = null || value.is == Exact::Is::null;
        if (value.is == Exact::Is::null) continue;
        if (value.is != Exact::Is::number) return {};
        const bool better = out.is == Exact::Is::beyond ||
                            (t.form == Form::greatest ? value.number > out.number : value.number < out.number);
        if (better) out = value;
    }
    return null ? Exact{Exact::Is::null, false, {}} : out;
}

ExactValues::Exact ExactValues::choice(const CellTerm& t) {
    const auto condition = eval(t.of[0]);
    return condition.is == Exact::Is::truth ? eval(t.of[condition.truth ? 1 : 2]) : Exact{};
}

ExactValues::Exact ExactValues::junction(const CellTerm& t) {
    const bool deciding = t.form == Form::any;
    const auto left = eval(t.of[0]), right = eval(t.of[1]);
    const auto decides = [&](const Exact& side) { return deciding ? side.is_true() : side.is_false(); };
    if (decides(left) || decides(right)) return Exact::of_truth(deciding);
    return left.is == Exact::Is::truth && right.is == Exact::Is::truth ? Exact::of_truth(!deciding) : Exact{};
}

}  // namespace zoneval::exec
