#include "engine/audit/explain.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/assess/rulings.hpp"
#include "engine/audit/derivations.hpp"
#include "engine/audit/score_parts.hpp"
#include "engine/exec/decisions/completions.hpp"
#include "engine/feel/evaluation/from_feel.hpp"
#include "engine/wording/answers.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::audit {

using exec::Outcome;
using feel::Value;
using graph::Node;
using wording::Answer;

namespace {

class Explainer {
  public:
    Explainer(const assess::Assessment& assessment, std::size_t record, std::string_view language)
        : at_(assessment, record, language),
          a_(assessment),
          graph_(at_.graph),
          e_(at_.e),
          record_(record),
          language_(language),
          tongue_(at_.tongue),
          derivations_(at_),
          rulings_(assessment.rulings) {}

    Explanation run(const Node& decision) {
        Explanation out;
        const auto outcome = e_.outcome(decision.id, record_);
        at_.put_back(outcome.filled);
        head(out, decision, outcome);
        rules(out, std::get<graph::DecisionForm>(decision.form), outcome);
        decided(out);
        for (const auto id : scores_behind()) add_score(out, graph_.node(id));
        for (const auto id : relevant_) out.from.push_back(derivations_.derive(graph_.node(id)));
        out.hangs_on = hangs_on(a_, decision, record_);
        for (const auto id : e_.decisions)
            if (id != decision.id) add_other(out, id);
        out.assumptions = derivations_.assumptions();
        return out;
    }

    Explanation of_values(const std::vector<const Node*>& nodes) {
        Explanation out;
        about(out);
        for (const auto* node : nodes) {
            add_score(out, *node);
            if (auto found = Standings(a_, *node).of(record_, language_)) out.strengths.push_back(std::move(*found));
            out.from.push_back(derivations_.derive(*node));
        }
        for (const auto id : e_.decisions) add_other(out, id);
        out.assumptions = derivations_.assumptions();
        return out;
    }

  private:
    void add_other(Explanation& out, graph::NodeId decision) const {
        const bool settled = e_.outcome(decision, record_).settled();
        const auto& name = graph_.node(decision).name;
        if (const auto* ruling = rulings_.standing(e_.year, e_.record(record_), name, settled))
            return out.others.push_back({name, by_ruling(*ruling, assess::shown_outcome(ruling->outcome)),
                                         by_ruling(*ruling, label(decision, assess::shown_outcome(ruling->outcome)))});
        const auto open = e_.outcome(decision, record_).conflict() ? Answer::rules_in_conflict : Answer::undetermined;
        const auto value = settled ? told(e_.value(decision, record_)) : say(open, tongue_);
        out.others.push_back({name, value, settled ? label(decision, value) : value});
    }

    std::string by_ruling(const store::Ruling& ruling, const std::string& outcome) const {
        return say(Answer::value_by_ruling, tongue_, {{"value", outcome}, {"n", std::to_string(ruling.id)}});
    }

    std::string label(graph::NodeId decision, const std::string& value) const {
        return graph::decision_of(graph_.node(decision))->label(value, language_);
    }

    void about(Explanation& out) {
        const auto& rules = *graph_.rules;
        out.record = e_.record(record_);
        if (const auto* label = graph_.find(rules.label_input)) out.label = e_.value(label->id, record_).to_string();
        out.ruleset_title = rules.title.in(language_).empty() ? rules.id : rules.title.in(language_);
        out.authority = rules.authority.document;
        out.year = e_.year;
        out.language = tongue_;
        out.run = a_.run.id;
        out.seal = a_.run.hash;
        out.standing = a_.run.standing;
        out.revision = a_.basis.snapshot.revision;
        out.notes = a_.notes;
    }

    void head(Explanation& out, const Node& decision, const Outcome& outcome) {
        about(out);
        out.decision = decision.name;
        out.decision_title = subject_of(graph_, decision, e_.year, language_).title;
        if (auto whom = exec::about_whom(e_, decision, record_, tongue_)) {
            out.about = std::move(*whom);
            out.about_title = graph::decision_of(decision)->subject->title.in(language_);
        }
        out.is_main = decision_to_explain(graph_, "") == &decision;
        out.ending = outcome.kind();
        if (outcome.settled()) out.value = told(e_.value(decision.id, record_));
        if (const auto* open = outcome.open()) {
            for (const auto& v : open->possible) out.possible.push_back(told(v));
            if (open->anything) out.possible.push_back(say(Answer::any_other, tongue_));
            out.waiting_for = open->waiting_for;
            for (const auto& name : open->waiting_for) {
                const auto* node = graph_.find(name);
                out.waiting_titles.push_back(node ? subject_of(graph_, *node, e_.year, language_).title : name);
            }
            out.failed = open->failed;
        }
        if (const auto* both = outcome.conflict())
            for (const auto rule : {both->first, both->second})
                out.conflicting_rules.push_back(graph::decision_of(decision)->rules[rule].id);
        out.rule = assess::rule_name(decision, outcome);
        out.because = at_.because(decision, outcome);
        out.labels = labels_in(*graph::decision_of(decision), language_);
        out.continues = outcome.is_default() && graph::decision_of(decision)->lifecycle;
        auto stands = e_.value(decision.id, record_);
        if (const auto* ruling = rulings_.standing(e_.year, out.record, decision.name, outcome.settled())) {
            constexpr std::size_t length_of_day = 10;
            stands = feel::from_feel(ruling->outcome);
            out.ruling = {ruling->id,     stands.to_string(), ruling->by, ruling->created_at.substr(0, length_of_day),
                          ruling->reason, ruling->document};
        }
        out.adverse = graph::decision_of(decision)->is_adverse(stands);
        out.may_be_adverse = !graph::decision_of(decision)->adverse.empty();
    }

    void needs(const graph::Formula& formula) {
        if (!formula) return;
        for (const auto slot : at_.reader().read_by(formula))
            if (slot != graph_.tested && std::find(relevant_.begin(), relevant_.end(), slot) == relevant_.end())
                relevant_.push_back(slot);
    }

    std::string told(const Value& outcome) const {
        if (outcome.list() && outcome.list()->empty()) return say(Answer::none_at_all, tongue_);
        return outcome.is_null() ? say(wording::Phrase::no_rule, tongue_) : outcome.to_string();
    }

    std::vector<std::string> reasons(const Value& unknown) const {
        std::vector<std::string> out;
        for (const auto& leaf : feel::leaves(unknown.cause()))
            if (leaf->missing != feel::Missing::not_applicable) out.push_back(wording::say(*leaf, tongue_));
        return out;
    }

    static std::string outcome_text(const graph::OutcomeForm& outcome) {
        if (outcome.value) return outcome.value->to_string();
        const auto* literal = outcome.formula.expr->as<feel::Literal>();
        return literal ? literal->value.to_string() : one_line(outcome.formula.text);
    }

    /// `when`, or the cells of a row beside what they test.
    static std::string condition_text(const graph::DecisionForm::Rule& rule) {
        std::string out;
        for (const auto& [formula, tested] : rule.conditions) {
            if (tested && formula.text == "-") continue;
            if (!out.empty()) out += ", ";
            out +=
                tested ? fmt::format("{}: {}", one_line(tested->text), one_line(formula.text)) : one_line(formula.text);
        }
        return out;
    }

    // The values shown are those of the rule that fired and of the rules that are unknown; where the default applies,
    // those of every rule that did not hold; of a table, those of all its inputs.
    void rules(Explanation& out, const graph::DecisionForm& form, const Outcome& outcome) {
        for (const auto& input : form.inputs) needs(*input);
        bool reached = true;
        for (std::size_t i = 0; i < form.rules.size(); ++i) {
            const auto& rule = form.rules[i];
            RuleState state{rule.rule->id,
                            condition_text(rule),
                            outcome_text(rule.then),
                            exec::cite_of(e_, rule, record_, tongue_),
                            RuleState::State::not_reached,
                            {},
                            {}};
            state.condition = at_.reader().of(rule);
            if (reached) {
                const auto condition = at_.reading().condition(rule);
                const bool holds = condition.is_true(), open = feel::is_unknown(condition);
                state.state = holds ? RuleState::State::holds : open ? RuleState::State::open : RuleState::State::fails;
                if (open) state.unknown_because = reasons(condition);
                if (holds || open || !outcome.rule())
                    for (const auto& part : rule.conditions) needs(part.formula);
                if (holds || outcome.rule() == i) {
                    needs(rule.then.formula);
                    if (!rule.because.empty())
                        for (const auto& part : rule.because.recorded().parts) needs(part.formula);
                    if (outcome.rule() == i) out.cite = state.cite;
                    reached = form.decision->hit_policy != feel::HitPolicy::first;
                }
            }
            out.rules.push_back(std::move(state));
        }
        if (outcome.is_default()) needs(form.otherwise.formula);
    }

    /// The conditions that decided.
    static void decided(Explanation& out) {
        using State = RuleState::State;
        const bool settled = out.ending != Outcome::Kind::open && out.ending != Outcome::Kind::conflict;
        const auto add = [&](const Condition& condition, auto wanted) {
            for_each_condition(condition, [&](const Condition& one) {
                const bool again = std::any_of(out.decided.begin(), out.decided.end(),
                                               [&](const Condition& c) { return c.text == one.text; });
                if (wanted(one) && !again) out.decided.push_back(one);
            });
        };
        for (const auto& rule : out.rules) {
            if (settled && rule.state == State::open) out.in_every_case = true;
            if (out.ending == Outcome::Kind::open && rule.state == State::open)
                add(rule.condition, [](const Condition& c) { return c.holds != exec::Holds::no; });
            if (rule.state == State::holds || (out.in_every_case && rule.id == out.rule))
                add(rule.condition, [](const Condition& c) { return c.holds != exec::Holds::no; });
        }
        if (out.ending != Outcome::Kind::by_default && out.ending != Outcome::Kind::nothing_fired) return;
        for (const auto& rule : out.rules)
            add(rule.condition,
                [](const Condition& c) { return c.holds == exec::Holds::no && c.asks == Condition::Asks::limit; });
        std::stable_sort(out.decided.begin(), out.decided.end(), [](const Condition& a, const Condition& b) {
            return relative_margin(a) < relative_margin(b);
        });
    }

    /// Scores that what decided was computed from.
    std::vector<graph::NodeId> scores_behind() const {
        std::vector<graph::NodeId> out;
        for (const auto id : relevant_)
            for (const auto behind : exec::nodes_behind(graph_, graph_.node(id)))
                if (graph_.node(behind).kind == graph::NodeKind::score &&
                    std::find(out.begin(), out.end(), behind) == out.end())
                    out.push_back(behind);
        return out;
    }

    void add_score(Explanation& out, const Node& node) const {
        if (auto lost = points_lost(a_, node, record_, at_.members, language_)) out.scores.push_back(std::move(*lost));
    }

    AtRecord at_;
    const assess::Assessment& a_;
    const graph::Graph& graph_;
    const exec::Evaluation& e_;
    std::size_t record_;
    std::string_view language_;
    wording::Language tongue_;
    Derivations derivations_;
    assess::Rulings rulings_;  ///< on this year as of today
    std::vector<graph::NodeId> relevant_;
};

}  // namespace

Explanation explain(const assess::Assessment& assessment, const Node& decision, std::size_t record,
                    std::string_view language) {
    return Explainer(assessment, record, language).run(decision);
}

Explanation explain_values(const assess::Assessment& assessment, const std::vector<const Node*>& nodes,
                           std::size_t record, std::string_view language) {
    return Explainer(assessment, record, language).of_values(nodes);
}

std::vector<const Node*> values_to_explain(const graph::Graph& graph) {
    std::vector<const Node*> out;
    for (const auto kind : {graph::NodeKind::score, graph::NodeKind::measure})
        for (const auto& node : graph.nodes)
            if (node.kind == kind && (out.empty() || out.front()->kind == kind)) out.push_back(&node);
    return out;
}

const Node* decision_to_explain(const graph::Graph& graph, const std::string& name) {
    const Node* chosen = nullptr;
    for (const auto& node : graph.nodes) {
        if (node.kind != graph::NodeKind::decision) continue;
        const auto* decision = graph::decision_of(node);
        const bool adverse = decision && !decision->adverse.empty();
        if (name.empty() ? !chosen || adverse : node.name == name) chosen = &node;
    }
    return chosen;
}

}  // namespace zoneval::audit
