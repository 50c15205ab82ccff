#include "engine/exec/evaluate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/exec/cohort.hpp"
#include "engine/exec/decide.hpp"
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

/// Runs the nodes in order, column by column.
class Run {
  public:
    Run(const Graph& graph, const Table& table, const History& history, const Overrides& overrides)
        : graph_(graph), table_(table), history_(history), overrides_(overrides), frame_(graph.nodes.size()) {
        out_.graph = &graph;
        out_.table = &table;
        out_.year = table.year;
        out_.date = assessment_date();
        out_.columns.resize(graph.nodes.size());
        frame_[at(graph.year)] = Value(static_cast<std::int64_t>(table.year));
        frame_[at(graph.date)] = Value(out_.date);
    }

    Evaluation run() {
        choose_cohort();
        for (const auto id : graph_.order) compute(graph_.node(id));
        return std::move(out_);
    }

  private:
    feel::Date assessment_date() {
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

    /// Membership is decided on all rows; everything after it sees the cohort only.
    void choose_cohort() {
        out_.rows.resize(table_.records.size());
        for (std::size_t i = 0; i < out_.rows.size(); ++i) out_.rows[i] = i;
        if (!graph_.cohort_when) return;
        std::vector<NodeId> needed;
        collect(*graph_.cohort_when, needed);
        for (const auto id : graph_.order)
            if (std::find(needed.begin(), needed.end(), id) != needed.end()) compute(graph_.node(id));
        const auto& member = out_.columns[at(*graph_.cohort_when)];
        std::vector<std::size_t> kept;
        for (const auto row : out_.rows) {
            if (feel::is_unknown(member[row])) report_unknown_membership(row, member[row]);
            if (member[row].is_true()) kept.push_back(row);
        }
        out_.rows = std::move(kept);
        for (auto& column : out_.columns) column.clear();
    }

    void collect(NodeId id, std::vector<NodeId>& out) const {
        if (std::find(out.begin(), out.end(), id) != out.end()) return;
        out.push_back(id);
        for (const auto used : graph_.node(id).uses) collect(used, out);
    }

    [[noreturn]] void report_unknown_membership(std::size_t row, const Value& value) const {
        const auto& f = std::get<graph::ExpressionForm>(graph_.node(*graph_.cohort_when).form).formula;
        Diagnostics found;
        found.add(Kind::evaluation_null, *f.source, f.expr->span,
                  fmt::format("whether {} belongs to the cohort of {} cannot be told: {}", table_.records[row], table_.year,
                              value.cause() ? value.cause()->message : "null"),
                  "a condition that is true or false for every record", "test for the missing datum: `x != null and …`");
        throw InputError(std::move(found));
    }

    void compute(const Node& node) {
        auto& column = out_.columns[at(node.id)];
        column.assign(out_.rows.size(), Value());
        if (const auto* cohort = std::get_if<graph::CohortForm>(&node.form)) {
            static const std::vector<Value> one_group;
            column = evaluate_cohort(*cohort_function(cohort->function), out_.columns[at(cohort->value)],
                                     cohort->group ? out_.columns[at(*cohort->group)] : one_group);
            return;
        }
        const auto forced = overrides_.find(node.id);
        const bool is_decision = std::holds_alternative<graph::RuleListForm>(node.form) ||
                                 std::holds_alternative<graph::TableForm>(node.form);
        if (is_decision) out_.outcomes[node.id].assign(out_.rows.size(), {});
        const auto input_column = column_index(node);
        const auto* dated = parameter_value(node);
        for (std::size_t i = 0; i < out_.rows.size(); ++i) {
            const auto row = out_.rows[i];
            if (forced != overrides_.end() && forced->second[row])
                column[i] = *forced->second[row];
            else if (dated)
                column[i] = dated->value;
            else
                column[i] = compute_cell(node, i, row, input_column);
        }
    }

    Value compute_cell(const Node& node, std::size_t i, std::size_t row, const std::optional<std::size_t>& input_column) {
        if (const auto* e = std::get_if<graph::ExpressionForm>(&node.form)) {
            fill_frame(node, i);
            return value_of(e->formula);
        }
        if (std::holds_alternative<graph::InputForm>(node.form)) return input_cell(node, row, input_column);
        if (const auto* h = std::get_if<graph::HistoryForm>(&node.form)) return history_cell(*h, i, row);
        if (const auto* c = std::get_if<graph::ContextForm>(&node.form)) {
            if (c->what == graph::ContextForm::What::record) return Value(table_.records[row]);
            return frame_[at(node.id)];
        }
        fill_frame(node, i);
        return decision_cell(node, i);
    }

    std::optional<std::size_t> column_index(const Node& node) const {
        if (!std::holds_alternative<graph::InputForm>(node.form)) return std::nullopt;
        for (std::size_t c = 0; c < table_.columns.size(); ++c)
            if (table_.columns[c].name() == node.name) return c;
        return std::nullopt;
    }

    const model::Parameter::Dated* parameter_value(const Node& node) const {
        const auto* form = std::get_if<graph::ParameterForm>(&node.form);
        if (!form) return nullptr;
        if (const auto* value = in_force(*form->parameter, out_.date)) return value;
        Diagnostics found;
        found.add(Kind::no_value_in_force, *form->parameter->source, form->parameter->span,
                  fmt::format("parameter `{}` has no value on {}, the date of the assessment of {}", node.name,
                              out_.date.to_string(), table_.year),
                  "a value whose date is not later", "add an entry under `values`");
        throw InputError(std::move(found));
    }

    Value input_cell(const Node& node, std::size_t row, const std::optional<std::size_t>& column) const {
        const auto& input = *std::get<graph::InputForm>(node.form).input;
        if (!column) return missing_datum(node.name, input.blank, table_, row, std::nullopt);
        const auto kind = table_.columns[*column].missing(row);
        if (kind == feel::Missing::none) return table_.columns[*column].at(row);
        return missing_datum(node.name, kind, table_, row, column);
    }

    Value history_cell(const graph::HistoryForm& form, std::size_t i, std::size_t row) {
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
        list.push_back(out_.columns[at(form.of)][i]);
        return Value(std::move(list));
    }

    void fill_frame(const Node& node, std::size_t i) {
        for (const auto used : node.uses) frame_[at(used)] = out_.columns[at(used)][i];
    }

    Value value_of(const Formula& formula) const {
        return feel::evaluate(*formula.expr, frame_, {feel::NullMeaning::unknown, formula.source});
    }

    Value condition_of(const graph::RuleListForm::Rule& rule) const {
        auto value = value_of(rule.when);
        const auto settled = counts_as(*rule.rule, value);
        return settled ? Value(*settled) : value;
    }

    std::string text_of(const graph::Template& reason) const {
        std::string out;
        for (const auto& part : reason.parts) out += part.formula ? value_of(part.formula).to_string() : part.text;
        return out;
    }

    // What an outcome may still become. Branches of an undecidable `if` are followed; anything else open may be any
    // declared value.
    std::vector<Value> possible_outcomes(const feel::Expr& expr, const SourcePtr& source, const model::Decision& decision) const {
        const auto value = feel::evaluate(expr, frame_, {feel::NullMeaning::unknown, source});
        if (!feel::is_unknown(value)) return {value};
        const auto* choice = expr.as<feel::If>();
        if (!choice) return decision.values;
        auto out = possible_outcomes(*choice->then, source, decision);
        for (auto& other : possible_outcomes(*choice->otherwise, source, decision)) out.push_back(std::move(other));
        return out;
    }

    Candidate candidate(std::string id, std::function<Value()> condition, const graph::OutcomeForm& then,
                        const model::Decision& decision) const {
        return {std::move(id), std::move(condition),
                [this, &then] { return then.value ? *then.value : value_of(then.formula); },
                [this, &then, &decision] {
                    if (then.value) return std::vector<Value>{*then.value};
                    return possible_outcomes(*then.formula.expr, then.formula.source, decision);
                }};
    }

    Value row_condition(const graph::TableForm& table, const graph::TableForm::Row& row) {
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

    Value decision_cell(const Node& node, std::size_t i) {
        std::vector<Candidate> candidates;
        std::optional<Candidate> otherwise;
        const auto always = [] { return Value(true); };
        const model::Decision* decision = nullptr;
        std::string policy;
        graph::OutcomeForm table_default;
        std::vector<graph::OutcomeForm> row_outcomes;
        const auto* list = std::get_if<graph::RuleListForm>(&node.form);
        const auto* table = std::get_if<graph::TableForm>(&node.form);
        if (list) {
            decision = list->decision;
            policy = decision->hit_policy;
            for (const auto& rule : list->rules)
                candidates.push_back(candidate(rule.rule->id, [this, &rule] { return condition_of(rule); }, rule.then, *decision));
            if (list->otherwise) otherwise = candidate("otherwise", always, list->otherwise, *decision);
        } else {
            decision = table->decision;
            policy = decision->table->hit_policy;
            for (const auto& row : table->rows)
                candidates.push_back({row.row->id, [this, table, &row] { return row_condition(*table, row); },
                                      [this, &row] { return value_of(row.outcome); },
                                      [this, &row, decision] {
                                          return possible_outcomes(*row.outcome.expr, row.outcome.source, *decision);
                                      }});
            if (table->otherwise)
                otherwise = Candidate{"otherwise", always, [this, table] { return value_of(table->otherwise); },
                                      [this, table, decision] {
                                          return possible_outcomes(*table->otherwise.expr, table->otherwise.source, *decision);
                                      }};
        }
        auto decided = decide(policy, candidates, otherwise, *decision);
        if (decided.outcome.undetermined && decided.outcome.because.empty()) look_closer(node, *decision, decided);
        refuse_undeclared(decided.value, *decision, i);
        if (decided.outcome.rule >= 0) {
            const auto index = static_cast<std::size_t>(decided.outcome.rule);
            decided.outcome.because = text_of(list ? list->rules[index].because : table->rows[index].because);
        }
        out_.outcomes[node.id][i] = std::move(decided.outcome);
        return std::move(decided.value);
    }

    // Three-valued logic says "unknown" of `x > 5 or x <= 5`; trying the cases says it holds. An adverse outcome is given
    // only when one and the same rule leads to it in every case.
    void look_closer(const Node& node, const model::Decision& decision, Decided& decided) const {
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

    void refuse_undeclared(const Value& value, const model::Decision& decision, std::size_t i) const {
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
                  fmt::format("decision `{}` gave {} for {} in {}", decision.name, value.to_feel(), out_.record(i), out_.year),
                  fmt::format("one of {}", fmt::join(names, ", ")), "declare it under `values`, or mend the rule");
        throw InputError(std::move(found));
    }

    const Graph& graph_;
    const Table& table_;
    const History& history_;
    const Overrides& overrides_;
    std::vector<Value> frame_;
    Evaluation out_;
};

}  // namespace

std::optional<std::size_t> Evaluation::find(std::string_view wanted) const {
    const auto row = table->row(wanted);
    if (!row) return std::nullopt;
    const auto place = std::lower_bound(rows.begin(), rows.end(), *row);
    if (place == rows.end() || *place != *row) return std::nullopt;
    return static_cast<std::size_t>(place - rows.begin());
}

Evaluation evaluate(const Graph& graph, const Table& table, const History& history, const Overrides& overrides) {
    return Run(graph, table, history, overrides).run();
}

Value evaluate_formula(const Formula& formula, const Evaluation& evaluation, std::size_t record) {
    std::vector<Value> frame(evaluation.columns.size());
    for (const auto slot : feel::slots_read(*formula.expr))
        if (record < evaluation.columns[at(slot)].size()) frame[at(slot)] = evaluation.columns[at(slot)][record];
    return feel::evaluate(*formula.expr, frame, {feel::NullMeaning::unknown, formula.source});
}

Value evaluate_row(const graph::TableForm& table, std::size_t row, const Evaluation& evaluation, std::size_t record) {
    std::vector<Value> frame(evaluation.columns.size());
    Value unknown;
    for (std::size_t i = 0; i < table.rows[row].tests.size(); ++i) {
        const auto& test = table.rows[row].tests[i];
        for (const auto slot : feel::slots_read(*test.expr))
            if (record < evaluation.columns[at(slot)].size()) frame[at(slot)] = evaluation.columns[at(slot)][record];
        frame[at(evaluation.graph->tested)] = evaluate_formula(table.inputs[i], evaluation, record);
        auto value = feel::evaluate(*test.expr, frame, {feel::NullMeaning::unknown, test.source});
        if (feel::is_unknown(value))
            unknown = std::move(value);
        else if (!value.is_true())
            return Value(false);
    }
    return unknown.cause() ? unknown : Value(true);
}

Value evaluate_condition(const graph::RuleListForm::Rule& rule, const Evaluation& evaluation, std::size_t record) {
    auto value = evaluate_formula(rule.when, evaluation, record);
    const auto settled = counts_as(*rule.rule, value);
    return settled ? Value(*settled) : value;
}

std::string fill(const graph::Template& text, const Evaluation& evaluation, std::size_t record) {
    std::string out;
    for (const auto& part : text.parts)
        out += part.formula ? evaluate_formula(part.formula, evaluation, record).to_string() : part.text;
    return out;
}

const model::Parameter::Dated* in_force(const model::Parameter& parameter, feel::Date day) {
    if (parameter.until && *parameter.until < day) return nullptr;
    const model::Parameter::Dated* found = nullptr;
    for (const auto& value : parameter.values)
        if (!value.from || *value.from <= day) found = &value;
    return found;
}

std::string display(const Value& value, const std::optional<int>& decimals) {
    constexpr int shown_places = 6;              // where nobody said how many
    const auto* number = value.number();
    if (!number) return value.to_string();
    if (decimals) return number->to_fixed(*decimals);
    const auto rounded = number->rounded(shown_places, feel::Rounding::half_even);
    return rounded == *number ? number->to_string() : rounded.to_string() + "…";
}

}  // namespace zoneval::exec
