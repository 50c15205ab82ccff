#include "engine/exec/decisions/decision.hpp"

#include <algorithm>

#include "engine/exec/decisions/possible_answers.hpp"
#include "engine/feel/evaluation/eval.hpp"

namespace zoneval::exec {

using feel::Value;
using graph::Node;

namespace {

/// The rules of one decision under one reading.
class RulesUnderReading : private Candidates {
  public:
    RulesUnderReading(const graph::Graph& graph, const Node& node, const Reading& reading, Settling* settling)
        : graph_(graph),
          node_(node),
          reading_(reading),
          settling_(settling),
          form_(std::get<graph::DecisionForm>(node.form)) {}

    Decided run() const {
        auto decided = decide(*this, *form_.decision);
        if (decided.outcome.open()) look_closer(decided);
        return decided;
    }

  private:
    std::size_t size() const override { return form_.rules.size(); }
    bool has_otherwise() const override { return static_cast<bool>(form_.otherwise); }
    Value condition(std::size_t i) const override { return reading_.condition(form_.rules[i]); }
    Value outcome(std::size_t i) const override {
        const auto& then = outcome_form(i);
        return then.value ? *then.value : reading_.value(*then.formula.expr, then.formula.source);
    }
    Possible possible(std::size_t i) const override {
        const auto& then = outcome_form(i);
        if (then.value) return {{*then.value}};
        return possible(*then.formula.expr, then.formula.source);
    }
    const graph::OutcomeForm& outcome_form(std::size_t i) const {
        return i < size() ? form_.rules[i].then : form_.otherwise;
    }

    // Branches of an undecidable `if` are followed; anything else open may be any declared value.
    Possible possible(const feel::Expr& expr, const SourcePtr& source) const {
        const auto value = reading_.value(expr, source);
        if (!feel::is_unknown(value)) return {{value}};
        const auto* choice = expr.as<feel::If>();
        if (!choice) return {form_.decision->values, form_.decision->values.empty()};
        auto out = possible(*choice->then, source);
        out.add(possible(*choice->otherwise, source));
        return out;
    }

    // Three-valued logic says "unknown" of `x > 5 or x <= 5`; trying the cases says it holds.
    void look_closer(Decided& decided) const {
        auto answers = possible_answers(graph_, node_, reading_, settling_ != nullptr);
        if (!answers.complete || answers.endings.empty()) return;
        Possible outcomes;
        for (const auto& e : answers.endings) outcomes.add(e.value);
        const auto& only = answers.endings.front();
        if (outcomes.values.size() == 1 && (answers.endings.size() == 1 || !form_.decision->is_adverse(only.value))) {
            decided.value = only.value;
            decided.outcome = {};
            decided.outcome.ending = only.ending;
            return;
        }
        auto causes = decided.value.cause() ? decided.value.cause()->because : std::vector<feel::CausePtr>{};
        auto open = leave_open(outcomes, std::move(causes), *form_.decision);
        if (!answers.waiting_for.empty()) {
            keep_shortest(std::get<Outcome::Open>(open.outcome.ending), answers.waiting_for);
            if (settling_) *settling_ = std::move(answers.settling);
        }
        decided = std::move(open);
    }

    /// Of what it waits for only the shortest list that settles it; what failed is in that list, too.
    static void keep_shortest(Outcome::Open& open, const std::vector<std::string>& shortest) {
        const auto failed = std::move(open.failed);
        open.failed.clear();
        open.waiting_for.clear();
        for (const auto& name : shortest) {
            const bool has_failed = std::find(failed.begin(), failed.end(), name) != failed.end();
            (has_failed ? open.failed : open.waiting_for).push_back(name);
        }
    }

    const graph::Graph& graph_;
    const Node& node_;
    const Reading& reading_;
    Settling* settling_;
    const graph::DecisionForm& form_;
};

}  // namespace

Decided decide_node(const graph::Graph& graph, const Node& node, const Reading& reading, Settling* settling) {
    return RulesUnderReading(graph, node, reading, settling).run();
}

}  // namespace zoneval::exec
