#include "engine/exec/evaluate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/exec/cohort.hpp"
#include "engine/exec/fillings.hpp"
#include "engine/feel/eval.hpp"

namespace zoneval::exec {

using feel::Value;
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
    feel::Cause cause;
    cause.subject = input;
    cause.missing = kind;
    cause.message = fmt::format("`{}` is {} for {} in {}{}", input, to_string(kind), table.records[row], table.year,
                                place.empty() ? "" : " (" + place + ")");
    return Value::null(feel::make_cause(std::move(cause)));
}

/// Runs the nodes in order, column by column.
class Run {
  public:
    Run(const Graph& graph, const Table& table, const History& history, const Overrides& overrides)
        : graph_(graph), table_(table), history_(history), overrides_(overrides), frame_(graph.nodes.size()),
          reading_(graph, frame_), guard_(graph, out_.columns, out_.earlier, [this](NodeId id, std::size_t record) { return is_given(id, record); }) {
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
        out_.earlier.clear();
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
                              value.cause() ? feel::leaves(value.cause()).front()->message : "null"),
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
        if (graph::decision_of(node)) out_.outcomes[node.id].assign(out_.rows.size(), {});
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
            return reading_.value(*e->formula.expr, e->formula.source);
        }
        if (std::holds_alternative<graph::InputForm>(node.form)) return input_cell(node, row, input_column);
        if (const auto* h = std::get_if<graph::HistoryForm>(&node.form)) return history_cell(node, *h, i, row);
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
        if (!column) return missing_datum(node.name, feel::Missing::not_reported, table_, row, std::nullopt);
        const auto kind = table_.columns[*column].missing(row);
        if (kind == feel::Missing::none) return table_.columns[*column].at(row);
        return missing_datum(node.name, kind, table_, row, column);
    }

    Value history_cell(const Node& node, const graph::HistoryForm& form, std::size_t i, std::size_t row) {
        const auto& of = graph_.node(form.of);
        const auto& record = table_.records[row];
        for (int back = form.list ? form.years - 1 : form.years; back > 0; back = form.list ? back - 1 : 0)
            if (auto reopened = history_.reopened(of, record, table_.year - back)) {
                if (form.list) reopened = Spread{reopened->value, {}, {}, {}};       // of the list nothing more is known
                out_.earlier[node.id].insert_or_assign(i, std::move(*reopened));
            }
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

    bool is_given(NodeId id, std::size_t record) const {
        const auto forced = overrides_.find(id);
        return forced != overrides_.end() && forced->second[out_.rows[record]].has_value();
    }

    Value decision_cell(const Node& node, std::size_t i) {
        const auto& decision = *graph::decision_of(node);
        auto decided = decide_node(graph_, node, reading_);
        refuse_undeclared(decided.value, decision, i);
        if (guard_.look_again(node, i, decided)) refuse_undeclared(decided.value, decision, i);
        if (const auto* reason = reason_of(node, decided.outcome)) decided.outcome.because = fill(*reason, reading_);
        out_.outcomes[node.id][i] = std::move(decided.outcome);
        return std::move(decided.value);
    }

    void refuse_undeclared(const Value& value, const model::Decision& decision, std::size_t i) const {
        if (value.is_null() || decision.values.empty()) return;
        const bool fine = value.list() ? std::all_of(value.list()->begin(), value.list()->end(), [&](const Value& v) { return decision.declares(v); })
                                       : decision.declares(value);
        const bool aggregated = decision.policy().starts_with("collect ");
        if (fine || aggregated) return;
        Diagnostics found;
        found.add(Kind::undeclared_value, *decision.source, decision.span,
                  fmt::format("decision `{}` gave {} for {} in {}", decision.name, value.to_feel(), out_.record(i), out_.year),
                  fmt::format("one of {}", fmt::join(decision.value_names(), ", ")), "declare it under `values`, or mend the rule");
        throw InputError(std::move(found));
    }

    const Graph& graph_;
    const Table& table_;
    const History& history_;
    const Overrides& overrides_;
    std::vector<Value> frame_;
    FrameReading reading_;
    Evaluation out_;
    Guard guard_;
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
