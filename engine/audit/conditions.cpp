#include "engine/audit/conditions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/syntax/print.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::audit {

using exec::Holds;
using feel::BinaryOp;
using feel::Decimal;
using feel::Expr;
using feel::Value;
using graph::NodeId;
using Asks = Condition::Asks;
using ConditionKind = Condition::Kind;

namespace {

Holds holds_of(const Value& truth, bool negated) {
    if (feel::is_unknown(truth)) return Holds::unknown;
    return truth.is_true() != negated ? Holds::yes : Holds::no;
}

/// `and` and `or` of what is already told.
Holds joined(const std::vector<Condition>& parts, bool all) {
    const auto decides = all ? Holds::no : Holds::yes;
    bool open = false;
    for (const auto& part : parts) {
        if (part.holds == decides) return decides;
        open = open || part.holds == Holds::unknown;
    }
    return open ? Holds::unknown : all ? Holds::yes : Holds::no;
}

bool is_comparison(BinaryOp op) { return op >= BinaryOp::equal && op <= BinaryOp::greater_equal; }

BinaryOp opposite(BinaryOp op) {
    switch (op) {
        case BinaryOp::equal: return BinaryOp::not_equal;
        case BinaryOp::not_equal: return BinaryOp::equal;
        case BinaryOp::less: return BinaryOp::greater_equal;
        case BinaryOp::less_equal: return BinaryOp::greater;
        case BinaryOp::greater: return BinaryOp::less_equal;
        case BinaryOp::greater_equal: return BinaryOp::less;
        default: return op;
    }
}

bool comes_out(std::strong_ordering order, BinaryOp op) {
    switch (op) {
        case BinaryOp::equal: return order == 0;
        case BinaryOp::not_equal: return order != 0;
        case BinaryOp::less: return order < 0;
        case BinaryOp::less_equal: return order <= 0;
        case BinaryOp::greater: return order > 0;
        default: return order >= 0;
    }
}

/// The same with its sides exchanged.
BinaryOp turned(BinaryOp op) {
    switch (op) {
        case BinaryOp::less: return BinaryOp::greater;
        case BinaryOp::less_equal: return BinaryOp::greater_equal;
        case BinaryOp::greater: return BinaryOp::less;
        case BinaryOp::greater_equal: return BinaryOp::less_equal;
        default: return op;
    }
}

BinaryOp comparison_of(feel::RangeForm form) {
    switch (form) {
        case feel::RangeForm::less: return BinaryOp::less;
        case feel::RangeForm::less_equal: return BinaryOp::less_equal;
        case feel::RangeForm::greater: return BinaryOp::greater;
        case feel::RangeForm::greater_equal: return BinaryOp::greater_equal;
        case feel::RangeForm::not_equal: return BinaryOp::not_equal;
        default: return BinaryOp::equal;
    }
}

/// Of a range with one end: that end. nullptr: it has two, or is no range.
const Expr* only_end(const feel::RangeExpr& range) {
    if (range.form == feel::RangeForm::interval) return nullptr;
    return range.start ? range.start.get() : range.end.get();
}

bool is_null_literal(const Expr& e) {
    const auto* literal = e.as<feel::Literal>();
    return literal && literal->value.is_null();
}

/// `x * 100`, `x / 10`: by how many places; nullopt: it is nothing of the kind.
std::optional<int> places_moved(const feel::Binary& node) {
    const auto* literal = node.right->as<feel::Literal>();
    if (!node.left->as<feel::Name>() || !literal || !literal->value.number()) return std::nullopt;
    int places = 0;
    for (auto n = *literal->value.number(); n > Decimal(1); n = n / Decimal(10)) {
        if (!n.is_integer()) return std::nullopt;
        ++places;
    }
    if (Decimal(10).pow(Decimal(places)) != *literal->value.number()) return std::nullopt;
    if (node.op == BinaryOp::multiply) return places;
    return node.op == BinaryOp::divide ? std::optional(-places) : std::nullopt;
}

}  // namespace

namespace {

std::string of_year(const std::string& name, std::int32_t year, wording::Language language) {
    if (year == 0) return name;
    return wording::say(wording::Phrase::datum_of_year, language, {{"name", name}, {"year", std::to_string(year)}});
}

}  // namespace

std::string Subject::shown(wording::Language language) const { return of_year(title, year, language); }
std::string Subject::shown_short(wording::Language language) const { return of_year(name, year, language); }

Subject subject_of(const graph::Graph& graph, const graph::Node& node, std::int32_t year, std::string_view language) {
    const auto* history = std::get_if<graph::HistoryForm>(&node.form);
    const bool looks_back = history && !history->list && history->reviews > 0;
    const auto& of = looks_back ? graph.node(history->of) : node;
    Subject out{of.name, of.name, looks_back ? year - history->years_back().front() : 0, &node};
    if (!of.definition) return out;
    if (auto title = of.definition->title.in(language); !title.empty()) out.title = std::move(title);
    for (const auto& [tongue, title] : of.definition->title.by_language)
        if (language != "en" && tongue == language) out.name = title;
    return out;
}

Decimal relative_margin(const Condition& c) {
    constexpr std::int64_t farther_than_any = 1'000'000'000;
    if (!c.margin) return Decimal(farther_than_any);
    Decimal scale(0);
    for (const auto* value : {&c.limit, &c.found})
        if (value->number()) scale = std::max(scale, value->number()->abs());
    return scale.is_zero() ? Decimal(0) : *c.margin / scale;
}

Condition ConditionReader::of(const graph::DecisionForm::Rule& rule) const {
    Condition out;
    out.kind = ConditionKind::all;
    for (const auto& [formula, tested] : rule.conditions) {
        if (tested && formula.text == "-") continue;
        auto part = tested ? of_cell(formula, *tested) : of_expression(*formula.expr, formula.source, false);
        const bool says_nothing = !tested && formula.expr->as<feel::Literal>();  // `when: true`
        if (part.kind == ConditionKind::all)
            for (auto& inner : part.parts) out.parts.push_back(std::move(inner));
        else if (!says_nothing)
            out.parts.push_back(std::move(part));
    }
    out.holds = holds_of(reading_.condition(rule), false);  // with what the rule says of missing data
    return out;
}

bool ConditionReader::is_condition(const graph::Node& node) const {
    const auto* form = std::get_if<graph::ExpressionForm>(&node.form);
    if (!form || node.of_score || !node.type || node.type->kind != feel::Type::Kind::boolean) return false;
    const auto* binary = form->formula.expr->as<feel::Binary>();
    const auto* call = form->formula.expr->as<feel::Call>();
    return (binary && (binary->op >= BinaryOp::equal)) || (call && call->builtin == "not") ||
           form->formula.expr->as<feel::In>() || form->formula.expr->as<feel::Between>() ||
           form->formula.expr->as<feel::If>() || form->formula.expr->as<feel::Name>();
}

Condition ConditionReader::of_expression(const Expr& at, const SourcePtr& source, bool negated) const {
    if (const auto* binary = at.as<feel::Binary>()) {
        if (binary->op == BinaryOp::and_ || binary->op == BinaryOp::or_)
            return junction(*binary->left, *binary->right, source, negated, (binary->op == BinaryOp::and_) != negated);
        if (is_comparison(binary->op)) return comparison(at, *binary, source, negated);
    }
    if (const auto* call = at.as<feel::Call>(); call && call->builtin == "not" && call->arguments.size() == 1)
        return of_expression(*call->arguments.front(), source, !negated);
    if (const auto* name = at.as<feel::Name>(); name && name->slot >= 0)
        if (const auto& node = graph_.node(name->slot); is_condition(node)) {
            const auto& formula = std::get<graph::ExpressionForm>(node.form).formula;
            return of_expression(*formula.expr, formula.source, negated);
        }
    if (const auto* choice = at.as<feel::If>()) {
        const auto which = reading_.truth(*choice->condition, source);
        if (which.is_true()) return of_expression(*choice->then, source, negated);
        if (!feel::is_unknown(which)) return of_expression(*choice->otherwise, source, negated);
    }
    if (const auto* in = at.as<feel::In>()) return membership(at, *in, source, negated);
    if (const auto* between = at.as<feel::Between>(); between && !negated) {
        Condition out;
        out.kind = ConditionKind::all;
        for (const auto& [op, limit] : {std::pair(BinaryOp::greater_equal, between->low.get()),
                                        std::pair(BinaryOp::less_equal, between->high.get())}) {
            out.parts.push_back(one_limit(*between->value, source, op, *limit, source));
        }
        out.holds = joined(out.parts, true);
        return out;
    }
    return opaque(at, source, negated);
}

Condition ConditionReader::junction(const Expr& left, const Expr& right, const SourcePtr& source, bool negated,
                                    bool all) const {
    Condition out;
    out.kind = all ? ConditionKind::all : ConditionKind::any;
    for (const auto* side : {&left, &right}) {
        auto part = of_expression(*side, source, negated);
        if (side->as<feel::Literal>() && part.holds == (all ? Holds::yes : Holds::no)) continue;  // says nothing
        if (part.kind == out.kind)
            for (auto& inner : part.parts) out.parts.push_back(std::move(inner));
        else
            out.parts.push_back(std::move(part));
    }
    out.holds = joined(out.parts, all);
    return out;
}

/// What a comparison is about, with what was found.
Condition ConditionReader::one(const Expr& about, const SourcePtr& source, std::string text) const {
    Condition out;
    out.text = std::move(text);
    int places = 0;
    const auto* name = about.as<feel::Name>();
    if (const auto* binary = about.as<feel::Binary>())
        if (const auto moved = places_moved(*binary)) {
            name = binary->left->as<feel::Name>();
            places = *moved;
        }
    if (name && name->slot >= 0 && name->slot != graph_.tested) {
        const auto& node = graph_.node(name->slot);
        out.subject = subject_of(graph_, node, e_.year, language_);
        out.labels = exec::labels_in(graph_, node, language_);
        const auto* history = std::get_if<graph::HistoryForm>(&node.form);
        const auto& shown = history ? graph_.node(history->of) : node;
        if (places == 0) out.unit = shown.unit;
        if (shown.decimals) out.decimals = std::max(0, *shown.decimals - places);
    } else {
        out.subject.title = out.subject.name = feel::to_feel(about);
    }
    out.found = reading_.value(about, source);
    if (feel::is_unknown(out.found)) {
        const auto open = feel::abstract_value_of(about, bounds_, feel::NullTests::filled, source);
        out.low = open.low;
        out.high = open.high;
    }
    return out;
}

void ConditionReader::set_limit(Condition& out, BinaryOp op, const Expr& limit, const SourcePtr& source) const {
    out.asks = Asks::limit;
    out.compared = op;
    out.limit = reading_.value(limit, source);
    if (feel::is_unknown(out.limit)) {
        const auto open = feel::abstract_value_of(limit, bounds_, feel::NullTests::filled, source);
        out.limit_low = open.low;
        out.limit_high = open.high;
    }
    if (const auto* name = limit.as<feel::Name>(); name && name->slot >= 0 && out.unit.empty())
        out.unit = graph_.node(name->slot).unit;
    if (out.unit.empty())  // `100 - commendation share`
        for (const auto slot : feel::slots_read(limit))
            if (out.unit.empty()) out.unit = graph_.node(slot).unit;
    const auto *found = out.found.number(), *least = out.limit.number();
    if (found && least) out.margin = (*found - *least).abs();
    const auto order = feel::order(out.found, out.limit);
    const bool open = feel::is_unknown(out.found) || feel::is_unknown(out.limit);
    out.holds = order && comes_out(*order, op) ? Holds::yes : open ? Holds::unknown : Holds::no;
}

/// Only parameters, literals and the year: what the rule set says, not what is so of the record.
bool ConditionReader::is_limit(const Expr& expression) const {
    const auto slots = feel::slots_read(expression);
    return std::all_of(slots.begin(), slots.end(), [&](NodeId slot) {
        const auto& form = graph_.node(slot).form;
        return std::holds_alternative<graph::ParameterForm>(form) || slot == graph_.year || slot == graph_.date;
    });
}

Condition ConditionReader::comparison(const Expr& at, const feel::Binary& node, const SourcePtr& source,
                                      bool negated) const {
    const bool swap = is_limit(*node.left) && !is_limit(*node.right);
    const auto &about = swap ? *node.right : *node.left, &limit = swap ? *node.left : *node.right;
    auto op = swap ? turned(node.op) : node.op;
    if (negated) op = opposite(op);
    auto out = one(about, source, feel::to_feel(at));
    if (negated && (out.found.is_null() || reading_.value(limit, source).is_null()) && !is_null_literal(limit))
        return opaque(at, source, negated);  // `not(x >= y)` is not `x < y` where one of them is absent
    const auto truth = reading_.truth(at, source);
    if (is_null_literal(limit)) {
        out.asks = op == BinaryOp::equal ? Asks::not_there : Asks::there;
    } else {
        const auto value = reading_.value(limit, source);
        const bool ordered = value.number() || value.date() || out.found.number() || out.low || out.high;
        if (ordered || (op != BinaryOp::equal && op != BinaryOp::not_equal)) {
            set_limit(out, op, limit, source);
            count_below(out, about, source);
        } else {
            out.asks = op == BinaryOp::equal ? Asks::one_of : Asks::none_of;
            out.choices = {value};
        }
    }
    out.holds = holds_of(truth, negated);
    return out;
}

/// One end of a range.
Condition ConditionReader::one_limit(const Expr& about, const SourcePtr& about_source, BinaryOp op, const Expr& limit,
                                     const SourcePtr& source) const {
    auto out = one(about, about_source,
                   fmt::format("{} {} {}", feel::to_feel(about), feel::spelling(op), feel::to_feel(limit)));
    set_limit(out, op, limit, source);
    count_below(out, about, about_source);
    return out;
}

/// What `in` or a table's cell asks of a value: words, ends of ranges. nullopt: something else.
std::optional<Condition> ConditionReader::of_tests(const Expr& about, const SourcePtr& about_source,
                                                   const std::vector<feel::Test>& tests, bool negated,
                                                   const SourcePtr& source, const std::string& text) const {
    Condition out, words = one(about, about_source, text);
    words.asks = negated ? Asks::none_of : Asks::one_of;
    out.kind = negated ? ConditionKind::all : ConditionKind::any;
    const auto limit = [&](BinaryOp op, const Expr& end) {
        return one_limit(about, about_source, negated ? opposite(op) : op, end, source);
    };
    for (const auto& test : tests) {
        const auto* range = test.expression->as<feel::RangeExpr>();
        if (const auto* literal = test.expression->as<feel::Literal>()) {
            words.choices.push_back(literal->value);
        } else if (const auto* list = test.expression->as<feel::ListExpr>(); list && is_limit(*test.expression)) {
            for (const auto& item : list->items) words.choices.push_back(reading_.value(*item, source));
        } else if (range && negated && words.found.is_null()) {
            return std::nullopt;  // what is absent is in no range, and not beyond it either
        } else if (range && only_end(*range)) {
            out.parts.push_back(limit(comparison_of(range->form), *only_end(*range)));
        } else if (range && range->start && range->end) {
            Condition both;
            both.kind = negated ? ConditionKind::any : ConditionKind::all;
            both.parts.push_back(
                limit(range->start_included ? BinaryOp::greater_equal : BinaryOp::greater, *range->start));
            both.parts.push_back(limit(range->end_included ? BinaryOp::less_equal : BinaryOp::less, *range->end));
            both.holds = joined(both.parts, both.kind == ConditionKind::all);
            out.parts.push_back(std::move(both));
        } else {
            return std::nullopt;
        }
    }
    if (!words.choices.empty()) {
        const bool among = std::any_of(words.choices.begin(), words.choices.end(),
                                       [&](const Value& choice) { return feel::identical(choice, words.found); });
        words.holds = feel::is_unknown(words.found) ? Holds::unknown : among != negated ? Holds::yes : Holds::no;
        out.parts.insert(out.parts.begin(), std::move(words));
    }
    if (out.parts.size() == 1) return std::move(out.parts.front());
    return out;
}

Condition ConditionReader::membership(const Expr& at, const feel::In& node, const SourcePtr& source,
                                      bool negated) const {
    auto out = of_tests(*node.value, source, node.tests, negated, source, feel::to_feel(at));
    if (!out) return opaque(at, source, negated);
    out->holds = holds_of(reading_.truth(at, source), negated);
    return std::move(*out);
}

Condition ConditionReader::of_cell(const graph::Formula& tests, const graph::Formula& tested) const {
    const auto text = fmt::format("{}: {}", tested.text, tests.text);
    const auto* unary = tests.expr->as<feel::UnaryTests>();
    auto out =
        unary ? of_tests(*tested.expr, tested.source, unary->tests, unary->negated, tests.source, text) : std::nullopt;
    if (!out) {
        out = one(*tested.expr, tested.source, text);
        out->subject.title = out->subject.name = text;
    }
    out->holds = holds_of(reading_.cell(tests, tested), false);
    return std::move(*out);
}

Condition ConditionReader::opaque(const Expr& at, const SourcePtr& source, bool negated) const {
    auto out = one(at, source, feel::to_feel(at));
    out.asks = Asks::truth;
    out.wanted = !negated;
    out.holds = holds_of(reading_.truth(at, source), negated);
    return out;
}

/// Where the comparison is of a share of others: how many others lie below, and how many must for it to come out
/// otherwise. Tried one by one from where it stands.
void ConditionReader::count_below(Condition& out, const Expr& about, const SourcePtr& source) const {
    if (!out.found.number() || !out.limit.number()) return;
    const auto slots = feel::slots_read(about);
    if (slots.size() != 1) return;
    std::vector<const graph::Node*> way{&graph_.node(slots.front())};  // down to the function of the cohort
    while (std::holds_alternative<graph::ExpressionForm>(way.back()->form) && way.back()->uses.size() == 1)
        way.push_back(&graph_.node(way.back()->uses.front()));
    const auto* form = std::get_if<graph::CohortForm>(&way.back()->form);
    if (!form || form->function != graph::CohortFunction::percent_rank) return;
    const auto* share = reading_.node(way.back()->id).number();
    const auto members = static_cast<std::int64_t>(
        members_.of(*way.back(), form->group ? e_.value(*form->group, record_) : Value()).size());
    if (!share || members < 2) return;
    Condition::Below below{0, members - 1, std::nullopt};
    below.now = (*share * Decimal(below.others)).rounded(0, feel::Rounding::half_even).to_int64().value_or(0);
    auto frame = exec::frame_of(e_, record_);
    const auto holds_with = [&](std::int64_t count) {
        frame[static_cast<std::size_t>(way.back()->id)] = Decimal(count) / Decimal(below.others);
        for (auto node = way.rbegin() + 1; node != way.rend(); ++node) {
            const auto& f = std::get<graph::ExpressionForm>((*node)->form).formula;
            frame[static_cast<std::size_t>((*node)->id)] =
                feel::evaluate(*f.expr, frame, {feel::NullMeaning::unknown, f.source});
        }
        const auto order = feel::order(feel::evaluate(about, frame, {feel::NullMeaning::unknown, source}), out.limit);
        return order ? std::optional(comes_out(*order, out.compared)) : std::nullopt;
    };
    const auto now = holds_with(below.now);
    for (std::int64_t away = 1; away <= below.others && !below.otherwise; ++away)
        for (const auto count : {below.now + away, below.now - away})
            if (!below.otherwise && count >= 0 && count <= below.others && holds_with(count) != now)
                below.otherwise = count;
    out.below = below;
}

void ConditionReader::collect(const Expr& at, const SourcePtr& source, std::vector<NodeId>& out) const {
    if (const auto* choice = at.as<feel::If>()) {
        const auto which = reading_.truth(*choice->condition, source);
        collect(*choice->condition, source, out);
        if (!which.is_true()) collect(*choice->otherwise, source, out);
        if (which.is_true() || feel::is_unknown(which)) collect(*choice->then, source, out);
        return;
    }
    if (const auto* name = at.as<feel::Name>(); name && name->slot >= 0 && name->slot != graph_.tested)
        if (std::find(out.begin(), out.end(), name->slot) == out.end()) out.push_back(name->slot);
    feel::for_each_child(at, [&](const Expr& child) { collect(child, source, out); });
}

std::vector<NodeId> ConditionReader::read_by(const graph::Formula& formula) const {
    std::vector<NodeId> out;
    collect(*formula.expr, formula.source, out);
    return out;
}

}  // namespace zoneval::audit
