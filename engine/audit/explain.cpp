#include "engine/audit/explain.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/assess/rulings.hpp"
#include "engine/audit/derivations.hpp"
#include "engine/audit/score_parts.hpp"
#include "engine/exec/decisions/completions.hpp"
#include "engine/feel/evaluation/from_feel.hpp"
#include "engine/wording/explanations.hpp"
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
        : at_(assessment, record, language), derivations_(at_), rulings_(assessment.rulings) {}

    Explanation run(const Node& decision) {
        Explanation out;
        const auto outcome = at_.e.outcome(decision.id, at_.record);
        at_.put_back(outcome.filled);
        head(out, decision, outcome);
        rules(out, std::get<graph::DecisionForm>(decision.form), outcome);
        decided(out);
        find_neighbours(out, decision);
        for (const auto id : scores_behind()) add_score(out, at_.graph.node(id));
        for (const auto id : relevant_) out.from.push_back(derivations_.derive(at_.graph.node(id)));
        out.hangs_on = hangs_on(at_.a, decision, at_.record);
        for (const auto id : at_.e.decisions)
            if (id != decision.id) add_other(out, id);
        out.assumptions = derivations_.assumptions();
        return out;
    }

    Explanation of_values(const std::vector<const Node*>& nodes) {
        Explanation out;
        about(out);
        for (const auto* node : nodes) {
            add_score(out, *node);
            if (auto found = Standings(at_.a, *node).of(at_.record, at_.language))
                out.strengths.push_back(std::move(*found));
            out.from.push_back(derivations_.derive(*node));
        }
        for (const auto id : at_.e.decisions) add_other(out, id);
        out.assumptions = derivations_.assumptions();
        return out;
    }

  private:
    void add_other(Explanation& out, graph::NodeId decision) const {
        const bool settled = at_.e.outcome(decision, at_.record).settled();
        const auto& node = at_.graph.node(decision);
        const auto& name = node.name;
        if (const auto* ruling = rulings_.standing(at_.e.year, at_.e.record(at_.record), name, settled))
            return out.others.push_back({name, by_ruling(*ruling, assess::shown_outcome(ruling->outcome)),
                                         by_ruling(*ruling, label(node, feel::from_feel(ruling->outcome)))});
        const auto open =
            at_.e.outcome(decision, at_.record).conflict() ? Answer::rules_in_conflict : Answer::undetermined;
        const auto value = settled ? at_.e.value(decision, at_.record) : Value();
        const auto text = settled ? told(value) : say(open, at_.tongue);
        out.others.push_back({name, text, has_label(value) ? label(node, value) : text});
    }

    std::string by_ruling(const store::Ruling& ruling, const std::string& outcome) const {
        return say(Answer::value_by_ruling, at_.tongue, {{"value", outcome}, {"n", std::to_string(ruling.id)}});
    }

    static bool has_label(const Value& value) { return !value.is_null() && !(value.list() && value.list()->empty()); }
    std::string label(const Node& decision, const Value& value) const {
        return exec::shown(at_.graph, decision, value, {decision.decimals, ""}, at_.tongue);
    }

    void about(Explanation& out) {
        const auto& rules = *at_.graph.rules;
        out.record = at_.e.record(at_.record);
        if (const auto* label = at_.graph.find(rules.label_input))
            out.label = at_.e.value(label->id, at_.record).to_string();
        out.ruleset_title = rules.title.in(at_.language).empty() ? rules.id : rules.title.in(at_.language);
        out.authority = rules.authority.document;
        out.year = at_.e.year;
        out.language = at_.tongue;
        out.run = at_.a.run.id;
        out.seal = at_.a.run.hash;
        out.standing = at_.a.run.standing;
        out.revision = at_.a.basis.snapshot.revision;
        out.notes = assess::told(at_.a.notes, at_.tongue);
    }

    void head(Explanation& out, const Node& decision, const Outcome& outcome) {
        about(out);
        out.decision = decision.name;
        out.decision_title = subject_of(at_.graph, decision, at_.e.year, at_.language).title;
        if (auto whom = exec::about_whom(at_.e, decision, at_.record, at_.tongue)) {
            out.about = std::move(*whom);
            out.about_title = graph::decision_of(decision)->subject->title.in(at_.language);
        }
        out.is_main = decision_to_explain(at_.graph, "") == &decision;
        out.ending = outcome.kind();
        if (outcome.settled()) {
            const auto value = at_.e.value(decision.id, at_.record);
            out.value = told(value);
            if (has_label(value)) out.value_label = label(decision, value);
        }
        if (const auto* open = outcome.open()) {
            for (const auto& v : open->possible) out.possible.push_back(told(v));
            if (open->anything) out.possible.push_back(say(Answer::any_other, at_.tongue));
            out.waiting_for = open->waiting_for;
            for (const auto& name : open->waiting_for) {
                const auto* node = at_.graph.find(name);
                out.waiting_titles.push_back(node ? subject_of(at_.graph, *node, at_.e.year, at_.language).title
                                                  : name);
            }
            out.failed = open->failed;
        }
        if (const auto* both = outcome.conflict())
            for (const auto rule : {both->first, both->second})
                out.conflicting_rules.push_back(graph::decision_of(decision)->rules[rule].id);
        out.rule = assess::rule_name(decision, outcome);
        out.because = at_.because(decision, outcome);
        out.labels = exec::labels_in(at_.graph, decision, at_.language);
        out.continues = outcome.is_default() && graph::decision_of(decision)->lifecycle;
        auto stands = at_.e.value(decision.id, at_.record);
        if (const auto* ruling = rulings_.standing(at_.e.year, out.record, decision.name, outcome.settled())) {
            constexpr std::size_t length_of_day = 10;
            stands = feel::from_feel(ruling->outcome);
            out.ruling = {ruling->id,     stands.to_string(), ruling->by, ruling->created_at.substr(0, length_of_day),
                          ruling->reason, ruling->document};
        }
        out.adverse = graph::decision_of(decision)->is_adverse(stands);
        out.may_be_adverse = !graph::decision_of(decision)->adverse.empty();
        if (const auto* open = outcome.open(); open && !open->anything) {  // something missing may avert one
            const auto adverse = std::count_if(open->possible.begin(), open->possible.end(), [&](const Value& value) {
                return graph::decision_of(decision)->is_adverse(value);
            });
            out.may_be_adverse = adverse > 0 && adverse < std::ssize(open->possible);
        }
    }

    void needs(const graph::Formula& formula) {
        if (!formula) return;
        for (const auto slot : at_.reader().read_by(formula))
            if (slot != at_.graph.tested && std::find(relevant_.begin(), relevant_.end(), slot) == relevant_.end())
                relevant_.push_back(slot);
    }

    std::string told(const Value& outcome) const {
        if (outcome.list() && outcome.list()->empty()) return say(Answer::none_at_all, at_.tongue);
        return outcome.is_null() ? say(wording::Phrase::no_rule, at_.tongue) : outcome.to_string();
    }

    std::vector<std::string> reasons(const Value& unknown) const {
        std::vector<std::string> out;
        for (const auto& leaf : feel::leaves(unknown.cause()))
            if (leaf->missing != feel::Missing::not_applicable) out.push_back(wording::say(*leaf, at_.tongue));
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
                            exec::cite_of(at_.e, rule, at_.record, at_.tongue),
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

    /// What is one of few values is one of many, too: the latter says nothing more.
    static void leave_out_implied(std::vector<Condition>& decided) {
        const auto all = decided;
        const auto among = [](const Value& value, const std::vector<Value>& choices) {
            return std::any_of(choices.begin(), choices.end(),
                               [&](const Value& choice) { return feel::identical(choice, value); });
        };
        std::erase_if(decided, [&](const Condition& wide) {
            if (wide.asks != Condition::Asks::one_of || wide.holds != exec::Holds::yes) return false;
            return std::any_of(all.begin(), all.end(), [&](const Condition& narrow) {
                return narrow.asks == Condition::Asks::one_of && narrow.holds == exec::Holds::yes &&
                       narrow.subject.node == wide.subject.node && narrow.subject.node &&
                       narrow.choices.size() < wide.choices.size() &&
                       std::all_of(narrow.choices.begin(), narrow.choices.end(),
                                   [&](const Value& value) { return among(value, wide.choices); });
            });
        });
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
        leave_out_implied(out.decided);
        if (out.ending != Outcome::Kind::by_default && out.ending != Outcome::Kind::nothing_fired) return;
        for (const auto& rule : out.rules)
            add(rule.condition,
                [](const Condition& c) { return c.holds == exec::Holds::no && c.asks == Condition::Asks::limit; });
        std::stable_sort(out.decided.begin(), out.decided.end(), [](const Condition& a, const Condition& b) {
            return relative_margin(a) < relative_margin(b);
        });
    }

    /// Where a rank decided, and not only the record's own figures.
    void find_neighbours(Explanation& out, const Node& decision) const {
        if (out.ending == Outcome::Kind::open || out.ending == Outcome::Kind::conflict) return;
        const auto* ranking = ranking_behind(at_.graph, decision);
        bool by_rank = false;
        for (const auto& condition : out.decided)
            for_each_condition(condition, [&](const Condition& c) {
                by_rank = by_rank || (c.subject.node && reads_rank(at_.graph, *c.subject.node));
            });
        if (ranking && by_rank) out.neighbours = neighbours(at_.e, decision, *ranking, at_.record, at_.language);
    }

    /// Scores that what decided was computed from.
    std::vector<graph::NodeId> scores_behind() const {
        std::vector<graph::NodeId> out;
        for (const auto id : relevant_)
            for (const auto behind : exec::nodes_behind(at_.graph, at_.graph.node(id)))
                if (at_.graph.node(behind).kind == graph::NodeKind::score &&
                    std::find(out.begin(), out.end(), behind) == out.end())
                    out.push_back(behind);
        return out;
    }

    void add_score(Explanation& out, const Node& node) const {
        if (auto lost = points_lost(at_.a, node, at_.record, at_.members, at_.language))
            out.scores.push_back(std::move(*lost));
    }

    AtRecord at_;
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
