// The values of a node that stand for all others: each constant it is compared with, and one on each side of it.
#include <algorithm>
#include <set>

#include "engine/feel/value/reason.hpp"
#include "engine/graph/cases.hpp"

namespace zoneval::graph {

using feel::Decimal;
using feel::Type;
using feel::Value;

namespace {

Value absent_value() { return Value::missing(feel::Missing::not_applicable, feel::reasons::absent()); }

/// What a definition says about the values of a node.
struct Domain {
    Type::Kind type = Type::Kind::any;
    std::optional<Decimal> min, max;
    std::vector<Value> values;
    bool may_be_absent = false;
};

Domain domain_of(const Graph& graph, NodeId id) {
    const auto& node = graph.node(id);
    if (const auto* history = std::get_if<HistoryForm>(&node.form); history && !history->list) {
        auto out = domain_of(graph, history->of);
        if (is_from_outside(graph.node(history->of))) return out;
        out.may_be_absent = !history->first;
        if (history->first && !out.values.empty() &&
            std::none_of(out.values.begin(), out.values.end(),
                         [&](const Value& v) { return feel::identical(v, *history->first); }))
            out.values.push_back(*history->first);
        return out;
    }
    Domain out;
    out.type = node.type ? node.type->kind : Type::Kind::any;
    if (const auto* input = std::get_if<InputForm>(&node.form)) {
        out.min = input->input->min;
        out.max = input->input->max;
        for (const auto& v : input->input->values) out.values.emplace_back(v);
        out.may_be_absent = input->input->blank == feel::Missing::not_applicable;
    }
    if (const auto* other = std::get_if<OtherForm>(&node.form)) {
        out.min = other->other->min;
        out.max = other->other->max;
        for (const auto& v : other->other->values) out.values.emplace_back(v);
        out.may_be_absent = true;  // no rule may have held there
    }
    if (const auto* of_kind = std::get_if<KindForm>(&node.form)) {
        out.min = node.low;
        out.max = node.high;
        out.values = of_kind->values;
        out.may_be_absent = !of_none(of_kind->function);
    }
    if (const auto* decision = decision_of(node)) out.values = decision->values;
    return out;
}

bool allowed(const Domain& domain, Decimal number) {
    return (!domain.min || *domain.min <= number) && (!domain.max || number <= *domain.max);
}

/// A number next to another, on the side of `step`: numbers of 34 digits and more have none at a distance of 1.
Decimal beside(Decimal number, Decimal step) {
    const auto near = number + step;
    if (near != number) return near;
    const auto size = number.is_negative() ? -number : number;
    return number + size * Decimal::scaled(1, -30) * step;
}

/// Each constant, one number between neighbours, one below and one above, as far as the domain allows.
std::vector<Value> number_cases(std::vector<Decimal> constants, const Domain& domain) {
    if (domain.min) constants.push_back(*domain.min);
    if (domain.max) constants.push_back(*domain.max);
    std::sort(constants.begin(), constants.end());
    constants.erase(std::unique(constants.begin(), constants.end()), constants.end());
    if (constants.empty()) return {Value(Decimal(0))};
    std::vector<Value> out;
    const auto add = [&](Decimal number) {
        if (allowed(domain, number)) out.emplace_back(number);
    };
    add(beside(constants.front(), Decimal(-1)));
    for (std::size_t i = 0; i < constants.size(); ++i) {
        add(constants[i]);
        if (i + 1 < constants.size()) add((constants[i] + constants[i + 1]) / Decimal(2));
    }
    add(beside(constants.back(), Decimal(1)));
    return out;
}

/// Each constant and one text that is none of them; where texts are ordered, also one below, between and above them.
std::vector<Value> text_cases(const std::vector<Value>& constants, bool ordered) {
    std::set<std::string> texts;
    for (const auto& c : constants)
        if (const auto* text = c.string()) texts.insert(*text);
    std::vector<Value> out;
    if (ordered && !texts.contains("")) out.emplace_back("");
    std::string other = "something else";
    for (const auto& text : texts) {
        out.emplace_back(text);
        const auto after = text + '\x01';  // the least text above it, but for those that differ in it alone
        if (ordered && !texts.contains(after)) out.emplace_back(after);
        if (other == text) other += " still";
    }
    while (texts.contains(other)) other += " still";
    if (!ordered) out.emplace_back(other);
    return out;
}

std::vector<Value> date_cases(const std::vector<Value>& constants) {
    std::vector<std::int64_t> days;
    for (const auto& c : constants)
        if (const auto* date = c.date())
            for (const auto near : {-1, 0, 1}) days.push_back(date->days_since_epoch() + near);
    std::sort(days.begin(), days.end());
    days.erase(std::unique(days.begin(), days.end()), days.end());
    std::vector<Value> out;
    for (const auto day : days) out.emplace_back(feel::Date::from_days(day));
    if (out.empty()) out.emplace_back(feel::Date{2000, 1, 1});  // nothing is asked of it but whether it is there
    return out;
}

/// Of the day of assessment those on which one can be, and the first and the last of them.
std::vector<Value> assessment_cases(const Graph& graph, const std::vector<Value>& days) {
    const auto day_of = [&](const std::optional<feel::Date>& effective) {
        return effective ? assessment_day(graph, effective->year) : std::nullopt;
    };
    const auto first = day_of(graph.rules->effective_from), last = day_of(graph.rules->effective_until);
    std::vector<Value> out;
    if (first) out.emplace_back(*first);
    for (const auto& day : days)
        if ((!first || *first < *day.date()) && (!last || *day.date() < *last)) out.push_back(day);
    if (last && (!first || *first < *last)) out.emplace_back(*last);
    return out;
}

}  // namespace

std::vector<Value> CaseAnalysis::cases_of(const CaseVariable& variable) const {
    if (variable.kind != CaseVariable::Kind::node) return variable.cases;
    auto domain = domain_of(graph_, variable.node);
    if (narrowed_)
        if (auto values = narrowed_(variable.node); !values.empty()) domain.values = std::move(values);
    if (bounds_) {
        const auto [low, high] = bounds_(variable.node);
        if (low && (!domain.min || *domain.min < *low)) domain.min = low;
        if (high && (!domain.max || *high < *domain.max)) domain.max = high;
    }
    const auto found = constants_.find(variable.node);
    const auto constants = found == constants_.end() ? std::vector<Value>{} : found->second;
    std::vector<Value> out;
    if (!domain.values.empty()) {
        out = domain.values;
    } else if (domain.type == Type::Kind::boolean) {
        out = {Value(true), Value(false)};
    } else if (domain.type == Type::Kind::date) {
        out = date_cases(constants);
        if (variable.node == graph_.date) out = assessment_cases(graph_, out);
    } else if (domain.type == Type::Kind::string) {
        out = text_cases(constants, ordered_.contains(variable.node));
    } else {
        std::vector<Decimal> numbers;
        for (const auto& c : constants)
            if (const auto* number = c.number()) numbers.push_back(*number);
        out = number_cases(std::move(numbers), domain);
    }
    if (null_tests_ == NullTests::open && (domain.may_be_absent || variable.null_slot >= 0))
        out.push_back(absent_value());
    return out;
}

}  // namespace zoneval::graph
