#include "engine/exec/reference/cells.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/value/reason.hpp"

namespace zoneval::exec {

using feel::Value;
using graph::Graph;
using graph::Node;
using graph::NodeId;

namespace {

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
    feel::Cause cause;
    cause.missing = kind;
    cause.fact = place.empty() ? feel::reasons::missing_datum(input, table.records[row], table.year)
                               : feel::reasons::missing_datum_at(input, table.records[row], table.year, place);
    return Value::null(feel::make_cause(std::move(cause)));
}

}  // namespace

CellEvaluator::CellEvaluator(const Graph& graph, const Table& table, const History& history, Computed& computed,
                             Fixed fixed, const CohortMembers* members, FrameSource* source, KeptValues* kept)
    : graph_(graph),
      table_(table),
      history_(history),
      columns_(graph.nodes.size()),
      constants_(graph.nodes.size()),
      frame_(graph.nodes.size()),
      reading_(graph, frame_, source),
      guard_(graph, computed, std::move(fixed), members, kept) {
    date_ = assessment_date();
    constants_[at(graph.year)] = Value(static_cast<std::int64_t>(table.year));
    constants_[at(graph.date)] = Value(date_);
    for (const auto id : graph.order) {
        const auto& node = graph.node(id);
        if (!std::holds_alternative<graph::InputForm>(node.form)) continue;
        for (std::size_t c = 0; c < table.columns.size() && !columns_[at(id)]; ++c)
            if (table.columns[c].name() == node.name) columns_[at(id)] = c;
    }
    read_parameters();
}

void CellEvaluator::read_parameters() {
    for (const auto id : graph_.order)
        if (std::holds_alternative<graph::ParameterForm>(graph_.node(id).form))
            constants_[at(id)] = parameter_value(graph_.node(id));
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
    if (const auto* dated = in_force(*form.parameter, date_))
        return dated->value.is_null()
                   ? Value::missing(feel::Missing::not_reported, feel::reasons::parameter_without_figure(node.name))
                   : dated->value;
    Diagnostics found;
    found.add(Kind::no_value_in_force, *form.parameter->source, form.parameter->span,
              fmt::format("parameter `{}` has no value on {}, the date of the assessment of {}", node.name,
                          date_.to_string(), table_.year),
              "a value whose date is not later", "add an entry under `values`");
    throw InputError(std::move(found));
}

Value CellEvaluator::cell(const Node& node, std::size_t row, std::size_t record, Beside& beside) {
    if (const auto& value = constants_[at(node.id)]) return *value;
    if (const auto* e = std::get_if<graph::ExpressionForm>(&node.form)) return expression_cell(node, *e);
    if (std::holds_alternative<graph::InputForm>(node.form)) return input_cell(node, row);
    if (const auto* h = std::get_if<graph::HistoryForm>(&node.form)) return history_cell(*h, row, beside);
    if (graph::is_from_outside(node)) return {};  // read through a look back of no years
    if (const auto* c = std::get_if<graph::ContextForm>(&node.form))
        return c->what == graph::ContextForm::What::record ? Value(table_.records[row]) : Value();
    return decision_cell(node, row, record, beside.outcome);
}

Value CellEvaluator::by_itself(const Node& node) const {
    if (const auto* e = std::get_if<graph::ExpressionForm>(&node.form)) return expression_cell(node, *e);
    return decide_node(graph_, node, reading_).value;
}

Value CellEvaluator::expression_cell(const Node& node, const graph::ExpressionForm& form) const {
    auto value = reading_.value(*form.formula.expr, form.formula.source);
    if (node.settled_as_is && feel::is_unknown(value)) return false;
    return value.is_null() && !value.cause() ? given_null(node) : value;
}

Value CellEvaluator::input_cell(const Node& node, std::size_t row) const {
    const auto& column = columns_[at(node.id)];
    if (!column) return missing_datum(node.name, feel::Missing::not_reported, table_, row, std::nullopt);
    const auto kind = table_.columns[*column].missing(row);
    if (kind == feel::Missing::none) return table_.columns[*column].at(row);
    return missing_datum(node.name, kind, table_, row, column);
}

namespace {

/// Of a list with an element that is open nothing is known but that.
void open_list(std::optional<AbstractValue>& list, const std::optional<AbstractValue>& element, const std::string& name,
               std::int32_t year) {
    if (element)
        list =
            AbstractValue{Value::missing(feel::Missing::not_reported, feel::reasons::left_out(name, year)), {}, {}, {}};
}

}  // namespace

Value CellEvaluator::history_cell(const graph::HistoryForm& form, std::size_t row, Beside& beside) {
    const auto& of = graph_.node(form.of);
    const RecordAt record{table_.records[row], row};
    const auto back_to_front = form.years_back();
    const std::vector<int> years_back(back_to_front.rbegin(), back_to_front.rend());
    for (const int back : years_back)
        if (auto reopened = history_.reopened(of, record, table_.year - back)) {
            if (!form.list) {
                beside.reopened = std::move(reopened);
                break;
            }
            auto& list = beside.reopened ? *beside.reopened : beside.reopened.emplace();
            open_list(list.of_scores, reopened->of_scores, of.name, table_.year - back);
            open_list(list.all, reopened->all, of.name, table_.year - back);
        }
    if (!form.list) {
        const auto year = table_.year - years_back.front();
        if (const auto value = history_.value(of, record, year)) return *value;
        if (form.first) return *form.first;
        return Value::missing(feel::Missing::not_applicable, feel::reasons::took_no_part(record, year));
    }
    feel::List list;
    for (const int back : years_back)
        if (auto value = history_.value(of, record, table_.year - back)) list.push_back(std::move(*value));
    list.push_back(frame_[at(form.of)]);
    return Value(std::move(list));
}

Value CellEvaluator::decision_cell(const Node& node, std::size_t row, std::size_t record, Outcome& outcome) {
    const auto& decision = *graph::decision_of(node);
    auto decided = decide_node(graph_, node, reading_);
    refuse_undeclared(decided.value, decision, row);
    if (guard_.look_again(node, record, decided)) refuse_undeclared(decided.value, decision, row);
    guard_.split(node, record, decided);
    if (has_reason(node, decided.outcome)) decided.outcome.because = reason(node, *decided.outcome.rule(), record);
    outcome = std::move(decided.outcome);
    return std::move(decided.value);
}

void CellEvaluator::refuse_undeclared(const Value& value, const model::Decision& decision, std::size_t row) const {
    if (value.is_null() || decision.values.empty()) return;
    const bool fine = value.list() ? std::all_of(value.list()->begin(), value.list()->end(),
                                                 [&](const Value& v) { return decision.declares(v); })
                                   : decision.declares(value);
    const bool aggregated = decision.aggregator != feel::Aggregator::none;
    if (fine || aggregated) return;
    Diagnostics found;
    found.add(Kind::undeclared_value, *decision.source, decision.span,
              fmt::format("decision `{}` gave {} for {} in {}", decision.name, value.to_feel(), table_.records[row],
                          table_.year),
              fmt::format("one of {}", fmt::join(decision.value_names(), ", ")),
              "declare it under `values`, or mend the rule");
    throw InputError(std::move(found));
}

}  // namespace zoneval::exec
