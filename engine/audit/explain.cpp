#include "engine/audit/explain.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "engine/assess/rulings.hpp"
#include "engine/assess/successions.hpp"
#include "engine/exec/decisions/completions.hpp"
#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/evaluation/from_feel.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::audit {

using exec::Outcome;
using feel::Value;
using graph::Node;

namespace {

/// One line for a formula that its author spread over several.
std::string one_line(std::string_view text) {
    std::string out;
    bool gap = false;
    for (const char c : text) {
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            gap = !out.empty();
            continue;
        }
        if (gap) out += ' ';
        gap = false;
        out += c;
    }
    return out;
}

std::string place(const SourcePtr& source, Span span) {
    return fmt::format("{}:{}", source->name(), source->position(span.begin).line);
}

class Explainer {
  public:
    Explainer(const assess::Assessment& assessment, std::size_t record, std::string_view language)
        : a_(assessment),
          graph_(*assessment.graph),
          e_(assessment.evaluation),
          record_(record),
          language_(language),
          frame_(exec::frame_of(e_, record)),
          as_it_is_(graph_, frame_),
          known_(e_),
          gathered_(graph_, known_),
          members_(e_.values->members() ? *e_.values->members() : gathered_),
          memories_(graph_),
          rulings_(assessment.rulings),
          earlier_rulings_(assessment.basis.rulings) {}

    Explanation run(const Node& decision) {
        Explanation out;
        const auto outcome = e_.outcome(decision.id, record_);
        if (outcome.filled != Outcome::Filled::no)
            filled_ = std::make_unique<exec::Completions>(
                graph_, known_, record_,
                outcome.filled == Outcome::Filled::all ? exec::Blanks::all : exec::Blanks::of_scores, members_,
                memories_);
        head(out, decision, outcome);
        rules(out, std::get<graph::DecisionForm>(decision.form), outcome);
        for (const auto id : relevant_) out.from.push_back(derive(graph_.node(id)));
        out.hangs_on = hangs_on(a_, decision, record_);
        for (const auto id : e_.decisions)
            if (id != decision.id) add_other(out, id);
        out.assumptions.assign(assumptions_.begin(), assumptions_.end());
        return out;
    }

    Explanation of_values(const std::vector<const Node*>& nodes) {
        Explanation out;
        about(out);
        for (const auto* node : nodes) out.from.push_back(derive(*node));
        for (const auto id : e_.decisions) add_other(out, id);
        out.assumptions.assign(assumptions_.begin(), assumptions_.end());
        return out;
    }

  private:
    /// How the decision's conditions are read: as things are, or with the blanks put back.
    const exec::Reading& reading() const { return filled_ ? static_cast<const exec::Reading&>(*filled_) : as_it_is_; }

    void add_other(Explanation& out, graph::NodeId decision) const {
        const bool settled = e_.outcome(decision, record_).settled();
        const auto& name = graph_.node(decision).name;
        if (const auto* ruling = rulings_.standing(e_.year, e_.record(record_), name, settled))
            return out.others.push_back(
                {name, fmt::format("{}, by ruling {}", assess::shown_outcome(ruling->outcome), ruling->id)});
        out.others.push_back({name, settled                                    ? e_.value(decision, record_).to_string()
                                    : e_.outcome(decision, record_).conflict() ? "rules in conflict"
                                                                               : "undetermined"});
    }

    void about(Explanation& out) {
        const auto& rules = *graph_.rules;
        out.record = e_.record(record_);
        if (const auto* label = graph_.find(rules.label_input)) out.label = e_.value(label->id, record_).to_string();
        out.ruleset_title = rules.title.in(language_).empty() ? rules.id : rules.title.in(language_);
        out.authority = rules.authority.document;
        out.year = e_.year;
        out.language = wording::language_from_string(language_).value_or(wording::Language::en);
        out.run = a_.run.id;
        out.notes = a_.notes;
    }

    void head(Explanation& out, const Node& decision, const Outcome& outcome) {
        about(out);
        out.decision = decision.name;
        out.ending = outcome.kind();
        if (outcome.settled()) out.value = e_.value(decision.id, record_).to_string();
        if (const auto* open = outcome.open()) {
            for (const auto& v : open->possible) out.possible.push_back(v.is_null() ? "no rule holds" : v.to_string());
            if (open->anything) out.possible.emplace_back("any other outcome");
            out.waiting_for = open->waiting_for;
            out.failed = open->failed;
        }
        if (const auto* both = outcome.conflict())
            for (const auto rule : {both->first, both->second})
                out.conflicting_rules.push_back(graph::decision_of(decision)->rules[rule].id);
        out.rule = assess::rule_name(decision, outcome);
        out.because = outcome.because;
        out.continues = outcome.is_default() && graph::decision_of(decision)->lifecycle;
        auto stands = e_.value(decision.id, record_);
        if (const auto* ruling = rulings_.standing(e_.year, out.record, decision.name, outcome.settled())) {
            constexpr std::size_t length_of_day = 10;
            stands = feel::from_feel(ruling->outcome);
            out.ruling = {ruling->id,     stands.to_string(), ruling->by, ruling->created_at.substr(0, length_of_day),
                          ruling->reason, ruling->document};
        }
        out.adverse = graph::decision_of(decision)->is_adverse(stands);
    }

    void needs(const graph::Formula& formula) {
        if (!formula) return;
        for (const auto slot : feel::slots_read(*formula.expr))
            if (slot != graph_.tested && std::find(relevant_.begin(), relevant_.end(), slot) == relevant_.end())
                relevant_.push_back(slot);
    }

    static std::string state_of(const Value& condition) {
        if (condition.is_true()) return "holds";
        return feel::is_unknown(condition) ? "unknown" : "does not hold";
    }

    static std::vector<std::string> reasons(const Value& unknown) {
        std::vector<std::string> out;
        for (const auto& leaf : feel::leaves(unknown.cause()))
            if (leaf->missing != feel::Missing::not_applicable)
                out.push_back(wording::say(*leaf, wording::Language::en));
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
        return out.empty() ? "any record" : out;
    }

    // The values shown are those of the rule that fired and of the rules that are unknown; where the default applies,
    // those of every rule that did not hold; of a table, those of all its inputs.
    void rules(Explanation& out, const graph::DecisionForm& form, const Outcome& outcome) {
        for (const auto& input : form.inputs) needs(*input);
        bool reached = true;
        for (std::size_t i = 0; i < form.rules.size(); ++i) {
            const auto& rule = form.rules[i];
            RuleState state{rule.rule->id,           condition_text(rule),
                            outcome_text(rule.then), rule.rule->cite ? rule.rule->cite->to_string() : "",
                            "not reached",           {}};
            if (reached) {
                const auto condition = reading().condition(rule);
                state.state = state_of(condition);
                if (state.state == "unknown") state.unknown_because = reasons(condition);
                const bool holds = state.state == "holds";
                if (holds || state.state == "unknown" || !outcome.rule())
                    for (const auto& part : rule.conditions) needs(part.formula);
                if (holds) {
                    needs(rule.then.formula);
                    for (const auto& part : rule.because.parts) needs(part.formula);
                    if (outcome.rule() == i) out.cite = state.cite;
                    reached = form.decision->hit_policy != feel::HitPolicy::first;
                }
            }
            out.rules.push_back(std::move(state));
        }
        if (outcome.is_default()) needs(form.otherwise.formula);
    }

    Derivation derive(const Node& node) {
        Derivation out;
        out.name = node.name;
        out.kind = to_string(node.kind);
        out.unit = node.unit;
        const auto& value = e_.value(node.id, record_);
        out.value = value.is_null() ? "unknown" : exec::display(value, node.decimals);
        if (value.is_null())
            null_note(out, value);
        else if (filled_ && filled_->abstract(node.id).open())
            out.note = node.of_score ? wording::say(*filled_->abstract(node.id).value.cause(), wording::Language::en)
                                     : "as things are; it depends on what is missing";
        if (node.definition) {
            const auto title = node.definition->title.in(language_);
            if (!title.empty() && title != node.name) out.name = fmt::format("{} ({})", node.name, title);
            if (node.definition->cite) out.cite = node.definition->cite->to_string();
            out.where = place(node.definition->source, node.definition->span);
        }
        if (const auto* e = std::get_if<graph::ExpressionForm>(&node.form)) out.formula = one_line(e->formula.text);
        if (node.kind == graph::NodeKind::input) out.where = datum_place(*e_.table, e_.rows[record_], node.name);
        if (const auto* p = std::get_if<graph::ParameterForm>(&node.form)) parameter(out, *p->parameter);
        if (const auto* h = std::get_if<graph::HistoryForm>(&node.form)) history(out, node.id, *h);
        if (const auto* c = std::get_if<graph::CohortForm>(&node.form)) cohort(out, *c);
        if (!unfolded_.insert(node.id).second) {
            if (!node.uses.empty()) out.note = "see above";
            return out;
        }
        for (const auto used : node.uses) out.from.push_back(derive(graph_.node(used)));
        if (graph::decision_of(node)) {
            const auto o = e_.outcome(node.id, record_);
            const auto rule = assess::rule_name(node, o);
            if (o.is_default())
                out.formula =
                    graph::decision_of(node)->lifecycle ? "no transition holds: it stays as it was" : "no rule holds";
            else if (!rule.empty())
                out.formula = o.because.empty() ? "rule " + rule : fmt::format("rule {}: {}", rule, o.because);
        }
        return out;
    }

    static void null_note(Derivation& out, const Value& value) {
        const auto kind = feel::missing_kind(value.cause());
        if (kind == feel::Missing::not_applicable) out.value = "not applicable";
        std::vector<std::string> why;
        for (const auto& leaf : feel::leaves(value.cause())) why.push_back(wording::say(*leaf, wording::Language::en));
        out.note = fmt::format("{}", fmt::join(why, "; "));
    }

    static std::string datum_place(const Table& table, std::size_t row, const std::string& input) {
        for (std::size_t c = 0; c < table.columns.size(); ++c) {
            if (table.columns[c].name() != input) continue;
            const auto origin = table.origin(row, c);
            if (origin.line == 0 || origin.batch >= table.batches.size()) return "no row that year";
            const auto& batch = table.batches[origin.batch];
            const auto sheet = batch.sheet.empty() ? "" : fmt::format(" [{}]", batch.sheet);
            return fmt::format("{}{} {} {}, revision {}", batch.file, sheet, batch.sheet.empty() ? "line" : "row",
                               origin.line, batch.revision);
        }
        return "";
    }

    void parameter(Derivation& out, const model::Parameter& parameter) {
        if (const auto* dated = exec::in_force(parameter, e_.date); dated && dated->from && parameter.values.size() > 1)
            out.note = fmt::format("in force from {}", dated->from->to_string());
        if (parameter.assumption.empty()) return;
        out.assumption = parameter.assumption;
        assumptions_.insert(fmt::format("{} = {}{}: {}", parameter.name, out.value,
                                        parameter.unit.empty() ? "" : " " + parameter.unit,
                                        one_line(parameter.assumption)));
    }

    /// The cell that `prior` of an input read.
    void earlier_datum(Derivation& out, const Node& of, std::int32_t year) const {
        const auto table = a_.earlier_data.find(year);
        if (table == a_.earlier_data.end()) return;
        const auto row = table->second->row(e_.record(record_));
        if (row) out.where = datum_place(*table->second, *row, of.name);
        out.kind = to_string(of.kind);
    }

    void history(Derivation& out, graph::NodeId id, const graph::HistoryForm& form) const {
        const auto& of = graph_.node(form.of);
        out.unit = of.unit;
        if (const auto value = e_.value(id, record_); value.number() && of.decimals)
            out.value = exec::display(value, of.decimals);
        if (form.list) return;
        const auto year = e_.year - form.years_back().front();
        if (of.kind == graph::NodeKind::input) return earlier_datum(out, of, year);
        for (const auto& [earlier_year, run] : earlier_) {
            if (earlier_year != year) continue;
            const auto* decisions = run->decision(of.name);
            auto name = e_.record(record_);
            auto place = std::find(run->records.begin(), run->records.end(), name);
            const auto before = assess::Successions(*graph_.rules).earlier(name, year);
            if (place == run->records.end() && before && before->names.size() == 1) {
                name = before->names.front();
                place = std::find(run->records.begin(), run->records.end(), name);
            }
            if (!decisions || place == run->records.end()) continue;
            const auto& o = decisions->of(place.index());
            const auto as = name == e_.record(record_) ? "" : fmt::format(", as {}", name);
            if (const auto* ruling = earlier_rulings_.standing(year, name, of.name, !o.value.empty())) {
                out.note = fmt::format("ruling {} on the {} of {}{}, by {}: {}", ruling->id, of.name, year, as,
                                       ruling->by, ruling->reason);
                continue;
            }
            const auto because = o.because.empty() ? "" : ": " + o.because;
            const auto rule = o.ending == store::Outcome::Ending::by_default ? ", no rule held"
                              : o.ending == store::Outcome::Ending::fired    ? ", rule " + o.rule
                                                                             : "";
            out.note = fmt::format("assessment of {}, run {}{}{}{}", year, run->id, as, rule, because);
        }
        if (out.note.empty()) out.note = fmt::format("as assessed in {}", year);
    }

    void cohort(Derivation& out, const graph::CohortForm& form) const {
        std::size_t members = 0;
        std::vector<std::string> blank;  // records whose value would count, too
        for (std::size_t i = 0; i < e_.size(); ++i) {
            if (form.group && !feel::identical(e_.value(*form.group, i), e_.value(*form.group, record_))) continue;
            const auto value = e_.value(form.value, i);
            members += !value.is_null();
            if (i != record_ && feel::is_unknown(value)) blank.push_back(e_.record(i));
        }
        out.note = fmt::format("among {} records", members);
        if (form.group)
            out.note +=
                fmt::format(" with {} = {}", graph_.node(*form.group).name, e_.value(*form.group, record_).to_string());
        constexpr std::size_t shown = 3;
        if (blank.empty()) return;
        const auto first =
            std::vector(blank.begin(), blank.begin() + static_cast<std::ptrdiff_t>(std::min(shown, blank.size())));
        out.note += fmt::format("; not yet known of {}{}", fmt::join(first, ", "),
                                blank.size() > shown ? fmt::format(" and {} more", blank.size() - shown) : "");
    }

  public:
    std::map<std::int32_t, const store::Run*> earlier_;

  private:
    const assess::Assessment& a_;
    const graph::Graph& graph_;
    const exec::Evaluation& e_;
    std::size_t record_;
    std::string_view language_;
    std::vector<Value> frame_;
    exec::FrameReading as_it_is_;
    exec::EvaluatedCohort known_;
    exec::GatheredMembers gathered_;
    const exec::CohortMembers& members_;
    exec::CompletionsMemories memories_;
    assess::Rulings rulings_, earlier_rulings_;  ///< on this year as of today; as the run knew them
    std::unique_ptr<exec::Completions> filled_;
    std::vector<graph::NodeId> relevant_;
    std::set<graph::NodeId> unfolded_;
    std::set<std::string> assumptions_;
};

}  // namespace

Explanation explain(const assess::Assessment& assessment, const Node& decision, std::size_t record,
                    std::string_view language) {
    Explainer explainer(assessment, record, language);
    for (const auto& [year, run] : assessment.basis.earlier) explainer.earlier_[year] = run.get();
    return explainer.run(decision);
}

Explanation explain_values(const assess::Assessment& assessment, const std::vector<const Node*>& nodes,
                           std::size_t record, std::string_view language) {
    Explainer explainer(assessment, record, language);
    for (const auto& [year, run] : assessment.basis.earlier) explainer.earlier_[year] = run.get();
    return explainer.of_values(nodes);
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
