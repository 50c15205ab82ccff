#include "engine/exec/decisions/decision.hpp"

#include <algorithm>

#include "engine/exec/decisions/possible.hpp"
#include "engine/feel/evaluation/eval.hpp"

namespace zoneval::exec {

using feel::Value;
using graph::Node;

namespace {

/// The candidates of one decision, for one reading.
class Tried : private Candidates {
  public:
    Tried(const graph::Graph& graph, const Node& node, const Reading& reading)
        : graph_(graph),
          node_(node),
          reading_(reading),
          decision_(*graph::decision_of(node)),
          list_(std::get_if<graph::RuleListForm>(&node.form)),
          table_(std::get_if<graph::TableForm>(&node.form)) {}

    Decided run() const {
        auto decided = decide(decision_.policy(), *this, decision_);
        if (decided.outcome.undetermined && decided.outcome.because.empty()) look_closer(decided);
        return decided;
    }

  private:
    std::size_t size() const override { return list_ ? list_->rules.size() : table_->rows.size(); }
    bool has_otherwise() const override {
        return list_ ? static_cast<bool>(list_->otherwise) : static_cast<bool>(table_->otherwise);
    }
    const std::string& id(std::size_t i) const override {
        return list_ ? list_->rules[i].rule->id : table_->rows[i].row->id;
    }
    Value condition(std::size_t i) const override {
        return list_ ? reading_.condition(list_->rules[i]) : reading_.condition(*table_, table_->rows[i]);
    }
    Value outcome(std::size_t i) const override {
        if (const auto* form = of_list(i))
            return form->value ? *form->value : reading_.value(*form->formula.expr, form->formula.source);
        const auto& formula = of_table(i);
        return reading_.value(*formula.expr, formula.source);
    }
    std::vector<Value> possible(std::size_t i) const override {
        const auto* form = of_list(i);
        if (form && form->value) return {*form->value};
        const auto& formula = form ? form->formula : of_table(i);
        return possible(*formula.expr, formula.source);
    }

    const graph::OutcomeForm* of_list(std::size_t i) const {
        if (!list_) return nullptr;
        return i < list_->rules.size() ? &list_->rules[i].then : &list_->otherwise;
    }
    const graph::Formula& of_table(std::size_t i) const {
        return i < table_->rows.size() ? table_->rows[i].outcome : table_->otherwise;
    }

    // Branches of an undecidable `if` are followed; anything else open may be any declared value.
    std::vector<Value> possible(const feel::Expr& expr, const SourcePtr& source) const {
        const auto value = reading_.value(expr, source);
        if (!feel::is_unknown(value)) return {value};
        const auto* choice = expr.as<feel::If>();
        if (!choice) return decision_.values;
        auto out = possible(*choice->then, source);
        for (auto& other : possible(*choice->otherwise, source)) out.push_back(std::move(other));
        return out;
    }

    // Three-valued logic says "unknown" of `x > 5 or x <= 5`; trying the cases says it holds.
    void look_closer(Decided& decided) const {
        auto openness = explore(graph_, node_, reading_);
        if (!openness.complete || openness.endings.empty()) return;
        std::vector<Value> outcomes;
        for (const auto& e : openness.endings)
            if (std::none_of(outcomes.begin(), outcomes.end(),
                             [&](const Value& v) { return feel::identical(v, e.value); }))
                outcomes.push_back(e.value);
        const auto& only = openness.endings.front();
        if (outcomes.size() == 1 && (openness.endings.size() == 1 || !decision_.is_adverse(only.value))) {
            decided.value = only.value;
            decided.outcome = {};
            decided.outcome.rule = only.rule;
            return;
        }
        auto causes = decided.value.cause() ? decided.value.cause()->because : std::vector<feel::CausePtr>{};
        auto undetermined = leave_open(outcomes, std::move(causes), decision_);
        if (!openness.waiting_for.empty()) undetermined.outcome.waiting_for = std::move(openness.waiting_for);
        decided = std::move(undetermined);
    }

    const graph::Graph& graph_;
    const Node& node_;
    const Reading& reading_;
    const model::Decision& decision_;
    const graph::RuleListForm* list_;  ///< one of these
    const graph::TableForm* table_;
};

}  // namespace

Decided decide_node(const graph::Graph& graph, const Node& node, const Reading& reading) {
    return Tried(graph, node, reading).run();
}

}  // namespace zoneval::exec
