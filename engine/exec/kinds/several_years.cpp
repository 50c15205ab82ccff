#include "engine/exec/kinds/several_years.hpp"

#include <algorithm>
#include <set>

#include "engine/exec/decisions/completions.hpp"
#include "engine/exec/kinds/kinds.hpp"
#include "engine/exec/results/no_history.hpp"
#include "engine/exec/results/ranks_and_aggregates.hpp"
#include "engine/feel/value/cause.hpp"

namespace zoneval::exec {

using feel::Decimal;
using feel::Value;
using graph::NodeId;
using graph::YearsForm;
namespace reasons = feel::reasons;

namespace {

const YearsForm* years_form(const graph::Node& node) { return std::get_if<YearsForm>(&node.form); }

/// The nodes behind what is asked of other years, under the same ids; all else is left empty.
std::unique_ptr<const graph::Graph> part_of(const graph::Graph& graph) {
    std::set<NodeId> needed;
    const auto need = [&](NodeId id) {
        const auto behind = nodes_behind(graph, graph.node(id));
        needed.insert(behind.begin(), behind.end());
    };
    for (const auto& node : graph.nodes)
        if (const auto* form = years_form(node)) {
            need(form->value);
            if (form->group) need(*form->group);
        }
    if (graph.cohort_when) need(*graph.cohort_when);
    auto out = std::make_unique<graph::Graph>();
    out->rules = graph.rules;
    for (const auto& node : graph.nodes) {
        graph::Node copy;
        copy.id = node.id;
        copy.kind = node.kind;
        copy.name = node.name;
        copy.type = node.type;
        copy.unit = node.unit;
        copy.decimals = node.decimals;
        copy.definition = node.definition;
        copy.of_score = node.of_score;
        copy.imputes = node.imputes;
        copy.low = node.low;
        copy.high = node.high;
        copy.uses = node.uses;
        if (const auto* e = std::get_if<graph::ExpressionForm>(&node.form)) {
            if (needed.contains(node.id) && e->formula)
                copy.form = graph::ExpressionForm{{feel::clone(*e->formula.expr), e->formula.source, e->formula.text}};
        } else if (const auto* input = std::get_if<graph::InputForm>(&node.form)) {
            copy.form = *input;
        } else if (const auto* parameter = std::get_if<graph::ParameterForm>(&node.form)) {
            copy.form = *parameter;
        } else if (const auto* cohort = std::get_if<graph::CohortForm>(&node.form)) {
            copy.form = *cohort;
        } else if (const auto* history = std::get_if<graph::HistoryForm>(&node.form)) {
            copy.form = *history;
        } else if (const auto* years = years_form(node)) {
            copy.form = *years;
        } else if (const auto* context = std::get_if<graph::ContextForm>(&node.form)) {
            copy.form = *context;
        }
        out->nodes.push_back(std::move(copy));
    }
    for (const auto id : graph.order)
        if (needed.contains(id)) out->order.push_back(id);
    out->cohort_when = graph.cohort_when;
    if (graph.assessment_date)
        out->assessment_date = {feel::clone(*graph.assessment_date.expr), graph.assessment_date.source,
                                graph.assessment_date.text};
    out->year = graph.year, out->date = graph.date, out->record = graph.record, out->tested = graph.tested;
    out->names = graph.names;
    out->by_name = graph.by_name;
    return out;
}

}  // namespace

bool reads_several_years(const graph::Graph& graph) {
    return std::any_of(graph.nodes.begin(), graph.nodes.end(), [](const auto& node) { return years_form(node); });
}

std::vector<std::int32_t> years_read(const graph::Graph& graph, const std::vector<std::int32_t>& there) {
    std::vector<std::int32_t> out;
    for (const auto year : there)
        if (std::any_of(graph.nodes.begin(), graph.nodes.end(), [&](const auto& node) {
                const auto* form = years_form(node);
                return form && form->years.cover(year);
            }))
            out.push_back(year);
    return out;
}

/// A year's records by themselves. Its evaluation finds there what was found between years, by row.
class SeveralYears::Year : public History {
  public:
    Year(Table own, const Table* given) : own_(std::move(own)), given_(given) {}

    const Table& table() const { return given_ ? *given_ : own_; }
    std::map<NodeId, std::vector<Value>> found;

    std::optional<Value> value(const graph::Node& node, RecordAt record, std::int32_t) const override {
        const auto there = found.find(node.id);
        const auto row = table().row(record.name, record.row);
        return there == found.end() || !row ? std::nullopt : std::optional(there->second[*row]);
    }

    /// Evaluated anew, as more is found.
    const Evaluation& evaluation(const graph::Graph& graph, const Evaluate& evaluate) {
        if (!evaluation_ || known_ != found.size()) evaluation_ = evaluate(graph, table(), *this);
        known_ = found.size();
        return *evaluation_;
    }

  private:
    Table own_;
    const Table* given_;
    std::optional<Evaluation> evaluation_;
    std::size_t known_ = 0;
};

SeveralYears::SeveralYears(const graph::Graph& graph, const Table& now, std::vector<Table> others,
                           const Evaluate& evaluate)
    : now_(now), evaluate_(evaluate), graph_(part_of(graph)) {
    for (auto& table : others)
        if (table.year != now.year) years_.push_back(std::make_unique<Year>(std::move(table), nullptr));
    const auto later =
        std::find_if(years_.begin(), years_.end(), [&](const auto& year) { return year->table().year > now.year; });
    this_year_ = static_cast<std::size_t>(later - years_.begin());
    years_.insert(later, std::make_unique<Year>(Table{}, &now));
    // Between years first: statistics may be of what was filled in.
    for (const auto id : graph.order)
        if (const auto* form = years_form(graph.node(id)); form && !form->function) between(graph.node(id));
    for (const auto id : graph.order)
        if (const auto* form = years_form(graph.node(id)); form && form->function) statistic(graph.node(id));
}

SeveralYears::~SeveralYears() = default;

/// x = a + (b - a) (t - s) / (u - s), of the nearest years s before and u after t that have a value.
void SeveralYears::between(const graph::Node& of) {
    const auto& form = std::get<YearsForm>(of.form);
    std::vector<std::vector<Value>> known;  // [year][row], before anything is filled in
    for (const auto& year : years_) {
        const auto& e = year->evaluation(*graph_, evaluate_);
        auto& column = known.emplace_back(year->table().records.size());
        for (std::size_t i = 0; i < e.size(); ++i) column[e.rows[i]] = e.value(form.value, i);
    }
    const auto at = [&](std::size_t year, const std::string& record) -> const Decimal* {
        const auto row = years_[year]->table().row(record);
        return row ? known[year][*row].number() : nullptr;
    };
    std::vector<std::vector<Value>> out(years_.size());
    for (std::size_t y = 0; y < years_.size(); ++y) {
        const auto& table = years_[y]->table();
        for (const auto& record : table.records) {
            auto before = y, after = y + 1;
            while (before > 0 && !at(before - 1, record)) --before;
            while (after < years_.size() && !at(after, record)) ++after;
            if (before == 0 || after == years_.size()) {
                out[y].push_back(
                    Value::missing(feel::Missing::not_reported,
                                   reasons::none_before_and_after(graph_->node(form.value).name, table.year)));
                continue;
            }
            const auto first = years_[before - 1]->table().year, last = years_[after]->table().year;
            const auto a = *at(before - 1, record), b = *at(after, record);
            out[y].emplace_back(a + (b - a) * Decimal(table.year - first) / Decimal(last - first));
        }
    }
    for (std::size_t y = 0; y < years_.size(); ++y) years_[y]->found.emplace(of.id, std::move(out[y]));
    values_.emplace(of.id, years_[this_year_]->found.at(of.id));
}

/// Of the values of all records of the years together; in groups, of those that had the record's own.
void SeveralYears::statistic(const graph::Node& of) {
    const auto& form = std::get<YearsForm>(of.form);
    std::vector<Value> values, groups;
    const auto add = [&](Year& year, bool counts) {
        const auto& e = year.evaluation(*graph_, evaluate_);
        for (std::size_t i = 0; i < e.size(); ++i) {
            values.push_back(counts ? e.value(form.value, i) : Value());
            if (form.group) groups.push_back(e.value(*form.group, i));
        }
    };
    for (auto& year : years_)
        if (form.years.cover(year->table().year)) add(*year, true);
    const auto first = values.size();
    auto& now = *years_[this_year_];
    add(now, false);  // whom the result is handed to
    const graph::CohortForm pooled{*form.function, form.value, form.group, form.smallest, {}};
    const auto result = evaluate_cohort(pooled, values, groups);
    const bool any = std::any_of(values.begin(), values.end(), [](const Value& v) { return v.number() != nullptr; });
    const auto nobody = Value::missing(
        feel::Missing::not_reported, reasons::no_data_of_years(graph_->node(form.value).name, form.years.to_string()));
    auto& out = values_[of.id];
    out.assign(now_.records.size(), nobody);
    const auto& e = now.evaluation(*graph_, evaluate_);
    for (std::size_t i = 0; i < e.size(); ++i)
        if (any) out[e.rows[i]] = result[first + i];
}

std::optional<Value> SeveralYearsHistory::value(const graph::Node& node, RecordAt record, std::int32_t year) const {
    if (!years_form(node)) return earlier_->value(node, record, year);
    const auto row = now_.row(record.name, record.row);
    return row ? std::optional(years_->values(node.id)[*row]) : std::nullopt;
}

std::optional<Reopened> SeveralYearsHistory::reopened(const graph::Node& node, RecordAt record,
                                                      std::int32_t year) const {
    return years_form(node) ? std::nullopt : earlier_->reopened(node, record, year);
}

bool SeveralYearsHistory::may_be_reopened(const graph::Node& node, std::int32_t year) const {
    return !years_form(node) && earlier_->may_be_reopened(node, year);
}

std::optional<EarlierColumn> SeveralYearsHistory::column(const graph::Node& node, const Table& now,
                                                         std::int32_t year) const {
    if (!years_form(node)) return earlier_->column(node, now, year);
    EarlierColumn out;
    out.values = &years_->values(node.id);
    out.places = places_in(now_, now);
    return out;
}

}  // namespace zoneval::exec
