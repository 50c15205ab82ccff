// Text to trees in which every name is a node: cohort and history calls become nodes of their own.
#include <fmt/format.h>

#include <algorithm>

#include "engine/feel/builtins/builtins.hpp"
#include "engine/feel/syntax/print.hpp"
#include "engine/feel/value/names.hpp"
#include "engine/graph/builder.hpp"

namespace zoneval::graph {

using feel::ExpressionText;

namespace {

std::string_view category_of(const feel::Call& call) {
    if (call.builtin.empty()) return "";
    const auto rows = feel::find_builtin(call.builtin);
    return rows.empty() ? "" : rows.front()->category;
}

/// The part of a text that a node covers, still knowing its place in the file.
ExpressionText part_of(const ExpressionText& text, Span span) {
    const auto offset = [&](std::size_t i) {
        return text.offsets.empty() ? static_cast<std::uint32_t>(i) : text.offsets[i];
    };
    std::size_t begin = 0;
    while (begin < text.text.size() && offset(begin) < span.begin) ++begin;
    std::size_t end = begin;
    while (end < text.text.size() && offset(end) < span.end) ++end;
    ExpressionText out{text.source, text.text.substr(begin, end - begin), {}};
    for (auto i = begin; i <= end; ++i) out.offsets.push_back(offset(i));
    return out;
}

}  // namespace

const feel::Expr* argument(const feel::Call& call, std::size_t position) {
    if (call.argument_names.empty()) return position < call.arguments.size() ? call.arguments[position].get() : nullptr;
    const auto& parameters = feel::find_builtin(call.builtin).front()->parameters;
    for (std::size_t i = 0; i < call.arguments.size(); ++i)
        if (position < parameters.size() && call.argument_names[i] == parameters[position].name)
            return call.arguments[i].get();
    return nullptr;
}

/// After very many errors the expressions that remain are not read: looking for names like theirs takes time.
bool Builder::gives_up(const ExpressionText& text) {
    constexpr std::size_t enough = 300;
    if (diagnostics_.all().size() < enough || !diagnostics_.has_errors()) return false;
    if (!gave_up_)
        diagnostics_.add({Kind::too_many_errors,
                          "further expressions were not read: there are very many errors already",
                          {text.source->name(), "", 0, 0, 1, "", 1},
                          "",
                          ""});
    return gave_up_ = true;
}

Formula Builder::parse(const ExpressionText& text) {
    if (!text.source || gives_up(text)) return {};
    Formula out{feel::parse_expression(text, visible_, diagnostics_), text.source, text.text};
    if (text.boxed && out.expr) out.text = feel::to_feel(*out.expr);  // people read it as one line
    if (out.expr) lower_calls(out.expr, text);
    return out;
}

Formula Builder::parse_tests(const ExpressionText& text) {
    if (gives_up(text)) return {};
    Formula out{feel::parse_unary_tests(text, testing_, diagnostics_), text.source, text.text};
    if (out.expr) lower_calls(out.expr, text);
    return out;
}

// Braces that are not closed are text.
Template Builder::parse_template(const ExpressionText& text) {
    Template out;
    std::string literal;
    for (std::size_t i = 0; i < text.text.size();) {
        const auto close = text.text[i] == '{' ? text.text.find('}', i) : std::string::npos;
        if (close == std::string::npos) {
            literal += text.text[i++];
            continue;
        }
        if (!literal.empty()) out.parts.push_back({std::exchange(literal, {}), {}});
        const auto begin = static_cast<std::ptrdiff_t>(i + 1), end = static_cast<std::ptrdiff_t>(close);
        ExpressionText inner{text.source, text.text.substr(i + 1, close - i - 1), {}};
        if (!text.offsets.empty()) inner.offsets.assign(text.offsets.begin() + begin, text.offsets.begin() + end + 1);
        out.parts.push_back({"", parse(inner)});
        i = close + 1;
    }
    if (!literal.empty()) out.parts.push_back({std::move(literal), {}});
    for (const std::string_view wide : {"｛", "｝"})
        if (const auto at = text.text.find(wide); at != std::string::npos && !text.offsets.empty())
            diagnostics_.add(Kind::syntax_error, *text.source, {text.offsets[at], text.offsets[at + wide.size()]},
                             fmt::format("`{}` is a full-width brace, and would be printed as it is", wide),
                             "`{` and `}` around what is to be filled in");
    return out;
}

OutcomeForm Builder::parse_outcome(const ExpressionText& text, bool is_value, const model::Decision& decision) {
    if (is_value)
        for (const auto& value : decision.values)
            if (value.to_string() == text.text) return {value, {}};
    const bool plain_word = feel::is_name(text.text) && visible_.find(feel::normalized_name(text.text)) < 0;
    if (plain_word && !decision.values.empty() && text.text != "true" && text.text != "false") {
        std::vector<std::string> names;
        for (const auto& v : decision.values) names.push_back(v.to_string());
        diagnostics_.add(Kind::undeclared_value, *text.source, {text.offsets.front(), text.offsets.back()},
                         fmt::format("`{}` is not a value of decision `{}`", text.text, decision.name),
                         fmt::format("one of {}", fmt::join(names, ", ")), did_you_mean(text.text, names));
        return {};
    }
    return {std::nullopt, parse(text)};
}

void Builder::lower_calls(feel::ExprPtr& expr, const ExpressionText& text) {
    if (lower_call(expr, text)) return;
    feel::for_each_child(*expr, [&](feel::ExprPtr& child) { lower_calls(child, text); });
}

bool Builder::lower_call(feel::ExprPtr& expr, const ExpressionText& text) {
    auto* call = expr->as<feel::Call>();
    if (!call) return false;
    if (const auto* callee = call->callee ? call->callee->as<feel::Name>() : nullptr;
        callee && visible_.over_kind(callee->name)) {
        const auto id = lower_over_kind(*call, expr->span, text);
        expr = id ? feel::make_name(expr->span, graph_.node(*id).name, *id) : feel::make_literal(expr->span, {});
        return true;
    }
    if (call->builtin == "now" || call->builtin == "today")
        diagnostics_.add(Kind::wrong_arguments, *text.source, expr->span,
                         fmt::format("`{}` would give an assessment another outcome on another day", call->builtin),
                         "something that can be computed again years later", "use `assessment date` or `year`");
    const auto category = category_of(*call);
    std::optional<NodeId> id;
    if (category == "cohort" && argument(*call, 0))
        id = lower_cohort(*call, expr->span, text);
    else if (category == "history" && argument(*call, 0))
        id = lower_history(*call, expr->span, text);
    if (id) expr = feel::make_name(expr->span, graph_.node(*id).name, *id);
    return id.has_value();
}

NodeId Builder::hidden(const std::string& name) {
    const auto [place, is_new] = hidden_.try_emplace(name, -1);
    if (is_new) place->second = add_node(NodeKind::hidden, name, nullptr);
    return place->second;
}

NodeId Builder::operand_node(const feel::Expr& operand, const ExpressionText& text) {
    if (const auto* name = operand.as<feel::Name>(); name && name->slot >= 0) return name->slot;
    const auto label = feel::to_feel(operand);
    if (hidden_.contains(label)) return hidden(label);
    // Parsed anew: a local of the surroundings is not a value of the record, and is then an unknown name.
    const auto part = part_of(text, operand.span);
    Formula formula{feel::parse_expression(part, visible_, diagnostics_), part.source, part.text};
    if (!formula.expr) return hidden(label);
    lower_calls(formula.expr, part);
    return operand_node(std::move(formula));
}

NodeId Builder::operand_node(Formula operand) {
    if (const auto* name = operand.expr->as<feel::Name>(); name && name->slot >= 0) return name->slot;
    const auto label = feel::to_feel(*operand.expr);
    const bool known = hidden_.contains(label);
    const auto id = hidden(label);
    if (!known) node(id).form = ExpressionForm{std::move(operand)};
    return id;
}

/// Several values as one: a list of them, or the first that is null.
NodeId Builder::tuple_node(const feel::Expr& tuple, const ExpressionText& text) {
    const auto id = hidden(feel::to_feel(tuple));
    if (!std::holds_alternative<ContextForm>(node(id).form)) return id;  // made for an earlier call
    feel::ListExpr list;
    std::vector<std::pair<std::string, NodeId>> parts;
    for (const auto& item : tuple.as<feel::ListExpr>()->items) {
        const auto part = operand_node(*item, text);
        parts.emplace_back(graph_.node(part).name, part);
    }
    const auto span = tuple.span;
    const auto name = [&](const auto& part) { return feel::make_name(span, part.first, part.second); };
    for (const auto& part : parts) list.items.push_back(name(part));
    auto tree = feel::make_expr(span, std::move(list));
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
        auto absent = feel::make_expr(
            span, feel::Binary{feel::BinaryOp::equal, name(*part), feel::make_literal(span, feel::Value())});
        tree = feel::make_expr(span, feel::If{std::move(absent), name(*part), std::move(tree)});
    }
    node(id).form = ExpressionForm{{std::move(tree), text.source, part_of(text, span).text}};
    return id;
}

NodeId Builder::cohort_operand(const feel::Expr& operand, const ExpressionText& text) {
    const auto* list = operand.as<feel::ListExpr>();
    return list && !list->items.empty() ? tuple_node(operand, text) : operand_node(operand, text);
}

std::optional<NodeId> Builder::lower_cohort(const feel::Call& call, Span span, const ExpressionText& text) {
    const auto refuse = [&](Span where, std::string message, std::string expected, std::string hint = {}) {
        diagnostics_.add(Kind::wrong_arguments, *text.source, where, std::move(message), std::move(expected),
                         std::move(hint));
        return std::nullopt;
    };
    std::vector<feel::Decimal> parameters;
    const bool quantile = call.builtin == "cohort quantile";
    if (quantile) {
        const auto* share = argument(call, 1);
        const auto* literal = share ? share->as<feel::Literal>() : nullptr;
        const auto* number = literal ? literal->value.number() : nullptr;
        if (!number || *number < feel::Decimal(0) || *number > feel::Decimal(1))
            return refuse(share ? share->span : span,
                          "`cohort quantile` does not know which share of the records is meant",
                          "a number from 0 to 1: `cohort quantile(x, 0.95)`");
        parameters.push_back(*number);
    }
    if (call.arguments.size() > (quantile ? 3 : 2))
        return refuse(
            span, fmt::format("`{}` takes a value and a group, not {} arguments", call.builtin, call.arguments.size()),
            fmt::format("`{}(x)` or `{}(x, group)`", call.builtin, call.builtin),
            fmt::format("several groups are written as a list: `{}(x, [a, b])`", call.builtin));
    const auto& operand = *argument(call, 0);
    const auto* by = argument(call, quantile ? 2 : 1);
    if (by && feel::slots_read(*by).empty())
        return refuse(by->span, "this group is the same for every record",
                      "the name of an input or a definition that tells the groups apart",
                      call.builtin.ends_with("rank")
                          ? fmt::format("to count from the lowest, write `{}(-x)`", call.builtin)
                          : fmt::format("without groups, write `{}(x)`", call.builtin));
    const auto function = *cohort_function(call.builtin);
    const bool of_several = is_of_several(function);
    const bool any_number = of_several && function >= CohortFunction::alpha;
    const auto* several = operand.as<feel::ListExpr>();
    if (of_several && (!several || several->items.size() < 2 || (!any_number && several->items.size() != 2)))
        return refuse(operand.span, fmt::format("`{}` is of values beside each other", call.builtin),
                      any_number ? fmt::format("a list: `{}([x, y, z])`", call.builtin)
                                 : fmt::format("a list of two: `{}([x, y])`", call.builtin));
    const bool ranks = call.builtin.ends_with("rank") || of_several;  // by several keys, if need be
    const auto value = ranks ? cohort_operand(operand, text) : operand_node(operand, text);
    const auto note = [&](const feel::Expr& part) {
        cohort_calls_.push_back({call.builtin, operand_node(part, text), text.source, part.span});
    };
    const auto* keys = operand.as<feel::ListExpr>();
    if (keys && ranks)
        for (const auto& key : keys->items) note(*key);
    else
        note(operand);
    std::optional<NodeId> group;
    if (by) group = cohort_operand(*by, text);
    return cohort_node(function, value, group, std::move(parameters));
}

NodeId Builder::cohort_node(CohortFunction function, NodeId value, std::optional<NodeId> group,
                            std::vector<feel::Decimal> parameters) {
    auto label = group ? fmt::format("{}({}, {})", to_string(function), node(value).name, node(*group).name)
                       : fmt::format("{}({})", to_string(function), node(value).name);
    const bool compares = function != CohortFunction::sum && function != CohortFunction::count;
    const int smallest = compares ? smallest_group_ : 0;
    if (smallest != rules_->smallest_group && smallest > 0) label += fmt::format(" in groups from {}", smallest);
    if (!parameters.empty()) {
        label += " by";
        for (const auto& parameter : parameters) label += " " + parameter.to_string();
    }
    const auto id = hidden(label);
    node(id).form = CohortForm{function, value, group, smallest, std::move(parameters)};
    if (!size_is_stated_) any_size_.insert(id);
    return id;
}

namespace {

std::string rounding_function(feel::Rounding rounding) {
    switch (rounding) {
        case feel::Rounding::half_up: return "round half up";
        case feel::Rounding::half_down: return "round half down";
        case feel::Rounding::up: return "round up";
        case feel::Rounding::down: return "round down";
        case feel::Rounding::floor: return "floor";
        case feel::Rounding::ceiling: return "ceiling";
        case feel::Rounding::half_even: break;
    }
    return "decimal";
}

}  // namespace

void Builder::round(Formula& formula, const model::Definition& definition) {
    if (!formula.expr || !definition.decimals) return;
    feel::Call call;
    call.builtin = rounding_function(definition.rounding.value_or(rules_->rounding));
    call.overloads = feel::builtin_set(call.builtin);
    const auto span = formula.expr->span;
    call.arguments.push_back(std::move(formula.expr));
    call.arguments.push_back(feel::make_literal(span, feel::Value(*definition.decimals)));
    formula.expr = feel::make_expr(span, std::move(call));
}

}  // namespace zoneval::graph
