#include "engine/graph/domains.hpp"

#include "engine/feel/evaluation/abstract_evaluation.hpp"
#include "engine/feel/value/reason.hpp"

namespace zoneval::graph {

using feel::AbstractValue;
using feel::Decimal;
using feel::Value;

namespace {

std::size_t at(NodeId id) { return static_cast<std::size_t>(id); }

AbstractValue anything() {
    return {Value::missing(feel::Missing::not_reported, feel::reasons::not_chosen()), {}, {}, {}};
}

class Domains : public feel::AbstractNames {
  public:
    explicit Domains(const Graph& graph) : graph_(graph), frame_(graph.nodes.size()) {
        made_.assign(graph.nodes.size(), anything());
    }

    std::vector<AbstractValue> make(const std::function<std::optional<Value>(NodeId)>& known) {
        for (const auto id : graph_.order) {
            auto value = known(id);
            made_[at(id)] = value ? AbstractValue{std::move(*value), {}, {}, {}} : of(graph_.node(id));
        }
        return std::move(made_);
    }

    std::size_t size() const override { return made_.size(); }
    const AbstractValue& abstract(int slot) const override { return made_[at(slot)]; }
    const Value& now(int slot) const override { return made_[at(slot)].value; }
    bool there_when_filled(int) const override { return false; }
    std::vector<Value>& frame() const override { return frame_; }
    const feel::ExpressionParts& parts() const override { return parts_; }

  private:
    AbstractValue of(const Node& node) const {
        if (const auto* input = std::get_if<InputForm>(&node.form)) return of_input(*input->input);
        if (const auto* cohort = std::get_if<CohortForm>(&node.form)) return of_cohort(*cohort);
        if (const auto* decision = decision_of(node)) return listed(decision->values);
        if (const auto* history = std::get_if<HistoryForm>(&node.form))
            if (const auto& from = graph_.node(history->of); is_from_outside(from)) {
                const auto* other = std::get_if<OtherForm>(&from.form);
                if (other) return of_input(*other->other);
                const auto* of_kind = std::get_if<KindForm>(&from.form);
                if (!of_kind) return anything();
                auto out = listed(of_kind->values);
                out.low = from.low;
                out.high = from.high;
                return out;
            }
        const auto* expression = std::get_if<ExpressionForm>(&node.form);
        if (!expression || !expression->formula) return anything();
        const auto& formula = expression->formula;
        auto out = feel::abstract_value_of(*formula.expr, *this, feel::NullTests::of_any_record, formula.source);
        if (!out.open()) return out.value.is_null() ? anything() : out;
        if (node.low && (!out.low || *out.low < *node.low)) out.low = node.low;
        if (node.high && (!out.high || *out.high > *node.high)) out.high = node.high;
        return out;
    }

    static AbstractValue of_input(const model::Input& input) {
        auto out = anything();
        out.low = input.min;
        out.high = input.max;
        for (const auto& text : input.values) out.options.emplace_back(text);
        return out;
    }

    static AbstractValue listed(const std::vector<Value>& values) {
        auto out = anything();
        out.options = values;
        return out;
    }

    AbstractValue of_cohort(const CohortForm& form) const {
        auto out = anything();
        const auto within = [&](std::optional<Decimal> low, std::optional<Decimal> high) {
            out.low = std::move(low);
            out.high = std::move(high);
            return out;
        };
        const auto& member = made_[at(form.value)];
        switch (form.function) {
            case CohortFunction::rank:
            case CohortFunction::dense_rank:
            case CohortFunction::average_rank: return within(Decimal(1), {});
            case CohortFunction::percent_rank: return within(Decimal(0), Decimal(1));
            case CohortFunction::count:
            case CohortFunction::stddev: return within(Decimal(0), {});
            case CohortFunction::mean:
            case CohortFunction::median:
            case CohortFunction::min:
            case CohortFunction::max: return within(member.low, member.high);
            case CohortFunction::quantile: return within(member.low, member.high);
            case CohortFunction::correlation:
            case CohortFunction::rank_correlation:
            case CohortFunction::concordance:
            case CohortFunction::component_loading: return within(Decimal(-1), Decimal(1));
            case CohortFunction::component_share:
            case CohortFunction::diversity:
            case CohortFunction::balance:
            case CohortFunction::component: return within(Decimal(0), Decimal(1));
            default: return out;
        }
        return out;
    }

    const Graph& graph_;
    std::vector<AbstractValue> made_;
    mutable std::vector<Value> frame_;
    feel::ExpressionParts parts_;
};

}  // namespace

std::vector<AbstractValue> domains_of(const Graph& graph, const std::function<std::optional<Value>(NodeId)>& known) {
    return Domains(graph).make(known);
}

}  // namespace zoneval::graph
