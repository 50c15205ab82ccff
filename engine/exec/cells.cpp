#include "engine/exec/cells.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/exec/possible.hpp"
#include "engine/feel/eval.hpp"

namespace zoneval::exec {

using feel::Value;
using graph::Formula;
using graph::Graph;
using graph::Node;
using graph::NodeId;

namespace {

std::size_t at(NodeId id) { return static_cast<std::size_t>(id); }

/// "zones-2023.csv line 18", or "" for a record without a row.
std::string place_of(const Table& table, std::size_t row, std::size_t column) {
    const auto origin = table.origin(row, column);
    if (origin.line == 0 || origin.batch >= table.batches.size()) return "";
    const auto& batch = table.batches[origin.batch];
    return batch.sheet.empty() ? fmt::format("{} line {}", batch.file, origin.line)
                               : fmt::format("{} [{}] row {}", batch.file, batch.sheet, origin.line);
}

Value missing_datum(const std::string& input, feel::Missing kind, const Table& table, std::size_t row,
                    std::optional<std::size_t> column) {
    const auto place = column ? place_of(table, row, *column) : "";
    auto cause = std::make_shared<feel::Cause>();
    cause->subject = input;
    cause->missing = kind;
    cause->message = fmt::format("`{}` is {} for {} in {}{}", input, to_string(kind), table.records[row], table.year,
                                 place.empty() ? "" : " (" + place + ")");
    return Value::null(std::move(cause));
}

}  // namespace

CellEvaluator::CellEvaluator(const Graph& graph, const Table& table, const History& history)
    : graph_(graph), table_(table), history_(history), columns_(graph.nodes.size()), constants_(graph.nodes.size()),
      frame_(graph.nodes.size()) {
    date_ = assessment_date();
    constants_[at(graph.year)] = Value(static_cast<std::int64_t>(table.year));
    constants_[at(graph.date)] = Value(date_);
    for (const auto id : graph.order) {
        const auto& node = graph.node(id);
        if (std::holds_alternative<graph::ParameterForm>(node.form)) constants_[at(id)] = parameter_value(node);
        if (!std::holds_alternative<graph::InputForm>(node.form)) continue;
        for (std::size_t c = 0; c < table.columns.size() && !columns_[at(id)]; ++c)
            if (table.columns[c].name() == node.name) columns_[at(id)] = c;
    }
    for (std::size_t i = 0; i < frame_.size(); ++i)
        if (constants_[i]) frame_[i] = *constants_[i];
}

feel::Date CellEvaluator::assessment_date() const {
    const feel::Date last_day{table_.year, 12, 31};
    if (!graph_.assessment_date) return last_day;
    const std::vector<Value> only_year{Value(static_cast<std::int64_t>(table_.year))};
    const auto value = feel::evaluate(*graph_.assessment_date.expr, only_year, {});
    if (const auto* date = value.date()) return *date;
    Diagnostics found;
    found.add(Kind::type_error, *graph_.assessment_date.source, graph_.assessment_date.expr->span,
              fmt::format("the assessment date for {} is {}", table_.year, value.to_feel()), "a date");
    throw InputError(std::move(found));
}

Value CellEvaluator::parameter_value(const Node& node) const {
    const auto& form = std::get<graph::ParameterForm>(node.form);
    if (const auto* dated = in_force(*form.parameter, date_)) return dated->value;
    Diagnostics found;
    found.add(Kind::no_value_in_force, *form.parameter->source, form.parameter->span,
              fmt::format("parameter `{}` has no value on {}, the date of the assessment of {}", node.name, date_.to_string(), table_.year),
              "a value whose date is not later", "add an entry under `values`");
    throw InputError(std::move(found));
}

Value CellEvaluator::cell(const Node& node, std::size_t row, Outcome& outcome) {
    if (const auto& value = constants_[at(node.id)]) return *value;
    if (const auto* e = std::get_if<graph::ExpressionForm>(&node.form)) return value_of(e->formula);
    if (std::holds_alternative<graph::InputForm>(node.form)) return input_cell(node, row);
    if (const auto* h = std::get_if<graph::HistoryForm>(&node.form)) return history_cell(*h, row);
    if (const auto* c = std::get_if<graph::ContextForm>(&node.form))
        return c->what == graph::ContextForm::What::record ? Value(table_.records[row]) : Value();
    return decision_cell(node, row, outcome);
}

Value CellEvaluator::input_cell(const Node& node, std::size_t row) const {
    const auto& input = *std::get<graph::InputForm>(node.form).input;
    const auto& column = columns_[at(node.id)];
    if (!column) return missing_datum(node.name, input.blank, table_, row, std::nullopt);
    const auto kind = table_.columns[*column].missing(row);
    if (kind == feel::Missing::none) return table_.columns[*column].at(row);
    return missing_datum(node.name, kind, table_, row, column);
}

Value CellEvaluator::history_cell(const graph::HistoryForm& form, std::size_t row) {
    const auto& of = graph_.node(form.of);
    const auto& record = table_.records[row];
    if (!form.list) {
        const auto year = table_.year - form.years;
        if (const auto value = history_.value(of, record, year)) return *value;
        if (form.first) return *form.first;
        return Value::missing(feel::Missing::not_applicable, fmt::format("{} took no part in {}", record, year));
    }
    feel::List list;
    for (int back = form.years - 1; back > 0; --back)
        if (auto value = history_.value(of, record, table_.year - back)) list.push_back(std::move(*value));
    list.push_back(frame_[at(form.of)]);
    return Value(std::move(list));
}

Value CellEvaluator::value_of(const Formula& formula) const {
    return feel::evaluate(*formula.expr, frame_, {feel::NullMeaning::unknown, formula.source});
}

Value CellEvaluator::condition_of(const graph::RuleListForm::Rule& rule) const {
    auto value = value_of(rule.when);
    const auto settled = counts_as(*rule.rule, value);
    return settled ? Value(*settled) : value;
}

std::string CellEvaluator::text_of(const graph::Template& reason) const {
    std::string out;
    for (const auto& part : reason.parts) out += part.formula ? value_of(part.formula).to_string() : part.text;
    return out;
}

// What an outcome may still become. Branches of an undecidable `if` are followed; anything else open may be any
// declared value.
std::vector<Value> CellEvaluator::possible_outcomes(const feel::Expr& expr, const SourcePtr& source, const model::Decision& decision) const {
    const auto value = feel::evaluate(expr, frame_, {feel::NullMeaning::unknown, source});
    if (!feel::is_unknown(value)) return {value};
    const auto* choice = expr.as<feel::If>();
    if (!choice) return decision.values;
    auto out = possible_outcomes(*choice->then, source, decision);
    for (auto& other : possible_outcomes(*choice->otherwise, source, decision)) out.push_back(std::move(other));
    return out;
}

Candidate CellEvaluator::candidate(std::string id, std::function<Value()> condition, const graph::OutcomeForm& then,
                    const model::Decision& decision) const {
    return {std::move(id), std::move(condition),
            [this, &then] { return then.value ? *then.value : value_of(then.formula); },
            [this, &then, &decision] {
                if (then.value) return std::vector<Value>{*then.value};
                return possible_outcomes(*then.formula.expr, then.formula.source, decision);
            }};
}

Value CellEvaluator::row_condition(const graph::TableForm& table, const graph::TableForm::Row& row) {
    Value unknown;
    for (std::size_t i = 0; i < row.tests.size(); ++i) {
        frame_[at(graph_.tested)] = value_of(table.inputs[i]);
        const auto result = value_of(row.tests[i]);
        if (feel::is_unknown(result))
            unknown = result;
        else if (!result.is_true())
            return Value(false);
    }
    return unknown.cause() ? unknown : Value(true);
}

std::vector<Candidate> CellEvaluator::candidates_of(const graph::TableForm& table) {
    std::vector<Candidate> out;
    for (const auto& row : table.rows)
        out.push_back({row.row->id, [this, &table, &row] { return row_condition(table, row); },
                       [this, &row] { return value_of(row.outcome); },
                       [this, &table, &row] { return possible_outcomes(*row.outcome.expr, row.outcome.source, *table.decision); }});
    return out;
}

Value CellEvaluator::decision_cell(const Node& node, std::size_t row, Outcome& outcome) {
    std::vector<Candidate> candidates;
    std::optional<Candidate> otherwise;
    const auto always = [] { return Value(true); };
    const auto* list = std::get_if<graph::RuleListForm>(&node.form);
    const auto* table = std::get_if<graph::TableForm>(&node.form);
    const auto& decision = list ? *list->decision : *table->decision;
    if (list) {
        for (const auto& rule : list->rules)
            candidates.push_back(candidate(rule.rule->id, [this, &rule] { return condition_of(rule); }, rule.then, decision));
        if (list->otherwise) otherwise = candidate("otherwise", always, list->otherwise, decision);
    } else {
        candidates = candidates_of(*table);
        if (table->otherwise)
            otherwise = Candidate{"otherwise", always, [this, table] { return value_of(table->otherwise); },
                                  [this, table] {
                                      return possible_outcomes(*table->otherwise.expr, table->otherwise.source, *table->decision);
                                  }};
    }
    auto decided = decide(list ? decision.hit_policy : decision.table->hit_policy, candidates, otherwise, decision);
    if (decided.outcome.undetermined && decided.outcome.because.empty()) look_closer(node, decision, decided);
    refuse_undeclared(decided.value, decision, row);
    if (decided.outcome.rule >= 0) {
        const auto index = static_cast<std::size_t>(decided.outcome.rule);
        decided.outcome.because = text_of(list ? list->rules[index].because : table->rows[index].because);
    }
    outcome = std::move(decided.outcome);
    return std::move(decided.value);
}

// Three-valued logic says "unknown" of `x > 5 or x <= 5`; trying the cases says it holds. An adverse outcome is given
// only when one and the same rule leads to it in every case.
void CellEvaluator::look_closer(const Node& node, const model::Decision& decision, Decided& decided) const {
    const std::function<const Value&(NodeId)> value = [this](NodeId id) -> const Value& { return frame_[at(id)]; };
    auto openness = explore(graph_, node, value);
    if (!openness.complete || openness.endings.empty()) return;
    std::vector<Value> outcomes;
    for (const auto& e : openness.endings)
        if (std::none_of(outcomes.begin(), outcomes.end(), [&](const Value& v) { return feel::identical(v, e.value); }))
            outcomes.push_back(e.value);
    const auto& only = openness.endings.front();
    const bool adverse = std::any_of(decision.adverse.begin(), decision.adverse.end(),
                                     [&](const Value& v) { return feel::identical(v, only.value); });
    if (outcomes.size() == 1 && (openness.endings.size() == 1 || !adverse)) {
        decided.value = only.value;
        decided.outcome = {};
        decided.outcome.rule = only.rule;
        return;
    }
    auto undetermined = leave_open(outcomes, decided.value.cause() ? decided.value.cause()->because : std::vector<feel::CausePtr>{}, decision);
    if (!openness.waiting_for.empty()) undetermined.outcome.waiting_for = std::move(openness.waiting_for);
    decided = std::move(undetermined);
}

void CellEvaluator::refuse_undeclared(const Value& value, const model::Decision& decision, std::size_t row) const {
    if (value.is_null() || decision.values.empty()) return;
    const auto declared = [&](const Value& v) {
        return std::any_of(decision.values.begin(), decision.values.end(),
                           [&](const Value& d) { return feel::identical(d, v); });
    };
    const bool fine = value.list() ? std::all_of(value.list()->begin(), value.list()->end(), declared) : declared(value);
    const bool aggregated = decision.table && decision.table->hit_policy.starts_with("collect ");
    if (fine || aggregated) return;
    std::vector<std::string> names;
    for (const auto& v : decision.values) names.push_back(v.to_string());
    Diagnostics found;
    found.add(Kind::undeclared_value, *decision.source, decision.span,
              fmt::format("decision `{}` gave {} for {} in {}", decision.name, value.to_feel(), table_.records[row], table_.year),
              fmt::format("one of {}", fmt::join(names, ", ")), "declare it under `values`, or mend the rule");
    throw InputError(std::move(found));
}

}  // namespace zoneval::exec
