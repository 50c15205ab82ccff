#include "engine/audit/explain.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "engine/assess/other_outcomes.hpp"
#include "engine/assess/rulings.hpp"
#include "engine/assess/successions.hpp"
#include "engine/audit/score_parts.hpp"
#include "engine/exec/decisions/completions.hpp"
#include "engine/exec/kinds/kinds.hpp"
#include "engine/feel/evaluation/eval.hpp"
#include "engine/feel/evaluation/from_feel.hpp"
#include "engine/wording/answers.hpp"
#include "engine/wording/say.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::audit {

using exec::Outcome;
using feel::Value;
using graph::Node;
using wording::Answer;

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
          tongue_(wording::language_from_string(language).value_or(wording::Language::en)),
          frame_(exec::frame_of(e_, record)),
          as_it_is_(graph_, frame_),
          known_(e_),
          gathered_(graph_, known_),
          members_(e_.values->members() ? *e_.values->members() : gathered_),
          memories_(graph_),
          bounds_(graph_, known_, record_, exec::Blanks::all, members_, memories_),
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
        decided(out);
        for (const auto id : scores_behind()) add_score(out, graph_.node(id));
        for (const auto id : relevant_) out.from.push_back(derive(graph_.node(id)));
        out.hangs_on = hangs_on(a_, decision, record_);
        for (const auto id : e_.decisions)
            if (id != decision.id) add_other(out, id);
        add_assumptions(out);
        return out;
    }

    Explanation of_values(const std::vector<const Node*>& nodes) {
        Explanation out;
        about(out);
        for (const auto* node : nodes) {
            add_score(out, *node);
            if (auto found = Standings(a_, *node).of(record_, language_)) out.strengths.push_back(std::move(*found));
            out.from.push_back(derive(*node));
        }
        for (const auto id : e_.decisions) add_other(out, id);
        add_assumptions(out);
        return out;
    }

  private:
    /// Each once, those nearest to the decision first.
    void add_assumptions(Explanation& out) {
        std::stable_sort(assumptions_.begin(), assumptions_.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        for (auto& [depth, assumption] : assumptions_)
            if (std::none_of(out.assumptions.begin(), out.assumptions.end(),
                             [&, &made = assumption](const auto& a) { return a.name == made.name; }))
                out.assumptions.push_back(std::move(assumption));
    }

    /// How the decision's conditions are read: as things are, or with the blanks put back.
    const exec::Reading& reading() const { return filled_ ? static_cast<const exec::Reading&>(*filled_) : as_it_is_; }

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

    /// In the language of the explanation, where the rule has a reason in it.
    std::string because(const Node& decision, const Outcome& outcome) const {
        if (!outcome.rule()) return outcome.because;
        const auto& rule = std::get<graph::DecisionForm>(decision.form).rules[*outcome.rule()];
        if (rule.because.by_language.size() < 2) return outcome.because;
        return exec::reason_in(e_, rule, record_, tongue_);
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
        out.because = because(decision, outcome);
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

    ConditionReader reader() const { return {e_, record_, reading(), bounds_, members_, language_}; }

    void needs(const graph::Formula& formula) {
        if (!formula) return;
        for (const auto slot : reader().read_by(formula))
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
            state.condition = reader().of(rule);
            if (reached) {
                const auto condition = reading().condition(rule);
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
        if (auto lost = points_lost(a_, node, record_, members_, language_)) out.scores.push_back(std::move(*lost));
    }

    /// What a node was computed from, by the branch taken; of a score its indicators, each with its points.
    void derive_from(Derivation& out, const Node& node) {
        if (const auto& scores = graph_.rules->scores; node.of_score && node.definition) {
            const auto score =
                std::find_if(scores.begin(), scores.end(), [&](const auto& s) { return &s == node.definition; });
            const auto parts = score == scores.end() ? std::vector<ScorePart>() : parts_of(graph_, *score);
            const bool plain = std::all_of(parts.begin(), parts.end(), [](const auto& p) { return p.value; });
            for (const auto& part : parts)
                if (plain) {
                    out.from.push_back(derive(*part.value));
                    const auto points = e_.value(part.points->id, record_);
                    const auto note =
                        points.is_null()
                            ? std::string()
                            : say(Answer::points_of, tongue_,
                                  {{"points", exec::display(points, 2)},
                                   {"weight",
                                    exec::display(part.group_weight * part.weight * feel::Decimal(100), {})}});
                    auto& own = out.from.back().note;
                    if (instead_of(a_, part, record_)) own = value_told(a_, part, record_, language_);
                    own = own.empty() || note.empty() ? own + note : note + "; " + own;
                }
            if (plain && !parts.empty()) return;
        }
        if (const auto* form = std::get_if<graph::ExpressionForm>(&node.form)) {
            for (const auto used : reader().read_by(form->formula)) out.from.push_back(derive(graph_.node(used)));
            return;
        }
        for (const auto used : node.uses) out.from.push_back(derive(graph_.node(used)));
    }

    Derivation derive(const Node& node) {
        Derivation out;
        out.name = node.name;
        out.kind = to_string(node.kind);
        out.unit = node.unit;
        const auto& value = e_.value(node.id, record_);
        out.value =
            value.is_null() ? say(Answer::unknown, tongue_) : wording::show(value, {node.decimals, ""}, tongue_);
        out.has_value = !value.is_null();
        if (value.is_null())
            null_note(out, value);
        else if (filled_ && filled_->abstract(node.id).open())
            out.note = node.of_score ? wording::say(*filled_->abstract(node.id).value.cause(), tongue_)
                                     : say(Answer::as_things_are, tongue_);
        if (node.definition) {
            const auto title = node.definition->title.in(language_);
            if (!title.empty() && title != node.name) out.name = fmt::format("{} ({})", node.name, title);
            if (node.definition->cite) out.cite = node.definition->cite->to_string();
            out.where = place(node.definition->source, node.definition->span);
        }
        if (const auto* e = std::get_if<graph::ExpressionForm>(&node.form); e && e->formula.text != node.name)
            out.formula = one_line(e->formula.text);
        if (node.kind == graph::NodeKind::input) out.where = datum_place(*e_.table, e_.rows[record_], node.name);
        if (const auto* p = std::get_if<graph::ParameterForm>(&node.form)) parameter(out, *p->parameter);
        if (const auto* h = std::get_if<graph::HistoryForm>(&node.form)) history(out, node.id, *h);
        if (const auto* c = std::get_if<graph::CohortForm>(&node.form)) cohort(out, *c);
        if (!unfolded_.insert(node.id).second) {
            if (!node.uses.empty()) out.note = say(Answer::see_above, tongue_);
            return out;
        }
        ++depth_;
        derive_from(out, node);
        --depth_;
        if (graph::decision_of(node)) {
            const auto o = e_.outcome(node.id, record_);
            const auto rule = assess::rule_name(node, o);
            if (o.is_default())
                out.formula = say(
                    graph::decision_of(node)->lifecycle ? Answer::no_transition_holds : Answer::no_rule_holds, tongue_);
            else if (!rule.empty())
                out.formula = say(Answer::by_rule, tongue_, {{"rule", rule}}) +
                              (o.because.empty() ? "" : say(Answer::colon, tongue_) + because(node, o));
        }
        return out;
    }

    void null_note(Derivation& out, const Value& value) const {
        const auto kind = feel::missing_kind(value.cause());
        if (kind == feel::Missing::not_applicable) out.value = wording::say(kind, tongue_);
        std::vector<std::string> why;
        for (const auto& leaf : feel::leaves(value.cause())) why.push_back(wording::say(*leaf, tongue_));
        out.note = fmt::format("{}", fmt::join(why, "; "));
    }

    std::string datum_place(const Table& table, std::size_t row, const std::string& input) const {
        for (std::size_t c = 0; c < table.columns.size(); ++c) {
            if (table.columns[c].name() != input) continue;
            const auto origin = table.origin(row, c);
            if (origin.line == 0 || origin.batch >= table.batches.size()) return say(Answer::no_row_that_year, tongue_);
            const auto& batch = table.batches[origin.batch];
            const auto file = batch.sheet.empty() ? batch.file : fmt::format("{} [{}]", batch.file, batch.sheet);
            return say(batch.sheet.empty() ? Answer::line_of_file : Answer::row_of_sheet, tongue_,
                       {{"file", file}, {"line", std::to_string(origin.line)}, {"n", std::to_string(batch.revision)}});
        }
        return "";
    }

    void parameter(Derivation& out, const model::Parameter& parameter) {
        if (const auto* dated = exec::in_force(parameter, e_.date); dated && dated->from && parameter.values.size() > 1)
            out.note = say(Answer::in_force_from, tongue_, {{"date", dated->from->to_string()}});
        if (parameter.assumption.empty()) return;
        out.assumption = parameter.assumption;
        const auto title = parameter.title.in(language_);
        const auto name = title.empty() ? parameter.name : title;
        if (std::any_of(assumptions_.begin(), assumptions_.end(), [&](const auto& a) { return a.second.name == name; }))
            return;  // of another record
        assumptions_.push_back({depth_,
                                {name, parameter.unit.empty() ? out.value : out.value + " " + parameter.unit,
                                 one_line(parameter.assumption)}});
    }

    /// The cell that `prior` of an input read.
    void earlier_datum(Derivation& out, const Node& of, std::int32_t year) const {
        const auto table = a_.earlier_data.find(year);
        if (table == a_.earlier_data.end()) return;
        const auto row = table->second->row(e_.record(record_));
        if (row) out.where = datum_place(*table->second, *row, of.name);
        out.kind = to_string(of.kind);
    }

    /// Which rule had given an outcome on record, and why.
    std::string by_rule_then(const store::Outcome& o) const {
        const auto comma = say(Answer::comma, tongue_);
        const auto rule = o.ending == store::Outcome::Ending::by_default ? comma + say(Answer::no_rule_held, tongue_)
                          : o.ending == store::Outcome::Ending::fired
                              ? comma + say(Answer::by_rule, tongue_, {{"rule", o.rule}})
                              : "";
        return rule + (o.because.empty() ? "" : say(Answer::colon, tongue_) + o.because);
    }

    /// That people ruled on what was on record, `as` whom.
    std::string ruled_then(const store::Ruling& ruling, const std::string& as) const {
        return say(Answer::ruling_on, tongue_,
                   {{"n", std::to_string(ruling.id)},
                    {"decision", ruling.decision},
                    {"year", std::to_string(ruling.year)},
                    {"as", as},
                    {"by", ruling.by},
                    {"reason", ruling.reason}});
    }

    /// The run of another rule set that it was read from.
    void other_outcome(Derivation& out, const model::OtherOutcome& other) const {
        const auto year = e_.year - other.years_back;
        const auto run = a_.basis.others.find({other.ruleset, year});
        if (run == a_.basis.others.end()) return;  // said beside the value
        auto note = say(Answer::said_in_run, tongue_,
                        {{"name", other.outcome},
                         {"year", std::to_string(year)},
                         {"ruleset", other.ruleset},
                         {"run", std::to_string(run->second->id)}});
        const auto name = assess::name_then(assess::Successions(*graph_.rules), other, e_.record(record_), year);
        const auto place = std::find(run->second->records.begin(), run->second->records.end(), name);
        const auto* decisions = run->second->decision(other.outcome);
        if (decisions && place != run->second->records.end()) {
            const auto& o = decisions->of(place.index());
            const auto found = a_.basis.others_rulings.find(other.ruleset);
            const assess::Rulings rulings(found == a_.basis.others_rulings.end() ? std::vector<store::Ruling>()
                                                                                 : found->second);
            const auto* ruling = rulings.standing(year, name, other.outcome, !o.value.empty());
            note += ruling ? "; " + ruled_then(*ruling, "") : by_rule_then(o);
        }
        out.note = out.note.empty() ? note : note + "; " + out.note;
    }

    void history(Derivation& out, graph::NodeId id, const graph::HistoryForm& form) {
        const auto& of = graph_.node(form.of);
        out.unit = of.unit;
        if (const auto value = e_.value(id, record_); value.number() && of.decimals)
            out.value = exec::display(value, of.decimals);
        if (form.list) return;
        if (const auto* of_kind = std::get_if<graph::KindForm>(&of.form))
            return records_of_kind(out, {graph_, *a_.kinds}, of, *of_kind, e_.rows[record_]);
        if (const auto* other = std::get_if<graph::OtherForm>(&of.form)) return other_outcome(out, *other->other);
        if (const auto* years = std::get_if<graph::YearsForm>(&of.form)) {
            out.note = say(Answer::of_data_of, tongue_,
                           {{"years", years->years.from ? years->years.to_string() : say(Answer::all_years, tongue_)}});
            return;
        }
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
            const auto as = name == e_.record(record_) ? "" : say(Answer::under_name, tongue_, {{"name", name}});
            if (const auto* ruling = earlier_rulings_.standing(year, name, of.name, !o.value.empty())) {
                out.note = ruled_then(*ruling, as);
                continue;
            }
            out.note = say(Answer::assessed_in_run, tongue_,
                           {{"year", std::to_string(year)}, {"run", std::to_string(run->id)}}) +
                       as + by_rule_then(o);
        }
        if (out.note.empty()) out.note = say(Answer::as_assessed, tongue_, {{"year", std::to_string(year)}});
    }

    /// Records of other kinds, of the assessment or of a kind whose records have such.
    struct Level {
        const graph::Graph& graph;
        const exec::Kinds& kinds;
    };

    /// Who of the other kind has a part, each with what it gives and where that stands.
    void records_of_kind(Derivation& out, const Level& level, const Node& of, const graph::KindForm& form,
                         std::size_t row) {
        const auto& kind = level.graph.kinds[form.kind];
        const auto& kinds = level.kinds;
        const auto& among = kinds.evaluation(form.kind);
        auto records = kinds.belonging(form.kind, row);
        std::erase_if(records, [&](auto i) { return kinds.takes_part(of.id, i) == exec::KindTerm::In::no; });
        const auto title = kind.kind->title.in(language_);
        const auto& name = title.empty() ? kind.kind->name : title;
        out.kind = kind.kind->name;
        if (out.note.empty())
            out.note =
                say(Answer::of_records_of_kind, tongue_, {{"n", std::to_string(records.size())}, {"kind", name}});
        constexpr std::size_t shown = 12;
        // Those that keep it open come first.
        std::stable_partition(records.begin(), records.end(), [&](auto i) {
            return kinds.takes_part(of.id, i) == exec::KindTerm::In::maybe ||
                   (form.value && feel::is_unknown(among.value(*form.value, i)));
        });
        for (std::size_t k = 0; k < std::min(shown, records.size()); ++k)
            out.from.push_back(record_of_kind(kind, kinds.below(form.kind), form, among, records[k]));
        if (records.size() > shown)
            out.note +=
                " " + say(wording::Phrase::more_of_them, tongue_, {{"n", std::to_string(records.size() - shown)}});
    }

    Derivation record_of_kind(const graph::KindGraph& kind, const exec::Kinds* below, const graph::KindForm& form,
                              const exec::Evaluation& among, std::size_t i) {
        Derivation out;
        out.name = among.record(i);
        out.kind = kind.kind->name;
        const auto row = among.rows[i];
        const auto& table = *among.table;
        const auto asked = form.value ? form.value : form.where;
        if (asked) {
            value_in_kind(out, kind.graph->node(*asked), among, i);
            std::set<graph::NodeId> told;
            behind_in_kind(out, {kind, below, among, i}, *asked, told);
            if (form.value && form.where) behind_in_kind(out, {kind, below, among, i}, *form.where, told);
        }
        if (!kind.kind->dated.empty())
            if (const auto* days = table.column(kind.kind->dated)) out.name += " (" + days->at(row).to_string() + ")";
        const auto* shown = asked ? &kind.graph->node(*asked) : nullptr;
        out.where =
            datum_place(table, row, shown && shown->kind == graph::NodeKind::input ? shown->name : kind.kind->key);
        return out;
    }

    void value_in_kind(Derivation& out, const Node& node, const exec::Evaluation& among, std::size_t i) const {
        const auto value = among.value(node.id, i);
        out.unit = node.unit;
        out.has_value = !value.is_null();
        out.value =
            value.is_null() ? say(Answer::unknown, tongue_) : wording::show(value, {node.decimals, ""}, tongue_);
        if (value.is_null()) null_note(out, value);
    }

    /// A record of a kind.
    struct OfKind {
        const graph::KindGraph& kind;
        const exec::Kinds* below;
        const exec::Evaluation& among;
        std::size_t record;
    };

    /// What was handed on to it: from the record that it belongs to, or from those that belong to it.
    void handed_on(Derivation& out, const OfKind& one, const Node& node) {
        const auto* read = std::get_if<graph::HistoryForm>(&node.form);
        if (!read) return;
        const auto& of = one.kind.graph->node(read->of);
        if (const auto* form = std::get_if<graph::KindForm>(&of.form))
            return records_of_kind(out, {*one.kind.graph, *one.below}, of, *form, one.among.rows[one.record]);
        const auto* owner = std::get_if<graph::OwnerForm>(&of.form);
        if (owner && one.kind.kind->of.empty()) out.from.push_back(derive(graph_.node(owner->of)));
    }

    /// What a value of another kind's record was made of, down to its data and parameters, each once.
    void behind_in_kind(Derivation& out, const OfKind& one, graph::NodeId of, std::set<graph::NodeId>& told) {
        const auto& own = *one.kind.graph;
        handed_on(out, one, own.node(of));
        for (const auto id : own.node(of).uses) {
            const auto& node = own.node(id);
            const bool named = node.kind != graph::NodeKind::hidden && node.kind != graph::NodeKind::context;
            if (!named && !std::holds_alternative<graph::HistoryForm>(node.form)) {
                behind_in_kind(out, one, id, told);
                continue;
            }
            if (!told.insert(id).second) continue;
            Derivation part;
            part.name = node.name;
            part.kind = to_string(node.kind);
            value_in_kind(part, node, one.among, one.record);
            if (const auto* p = std::get_if<graph::ParameterForm>(&node.form)) parameter(part, *p->parameter);
            if (const auto* form = std::get_if<graph::ExpressionForm>(&node.form))
                part.formula = one_line(form->formula.text);
            if (node.kind == graph::NodeKind::input)
                part.where = datum_place(*one.among.table, one.among.rows[one.record], node.name);
            behind_in_kind(part, one, id, told);
            out.from.push_back(std::move(part));
        }
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
        out.note = say(Answer::among_records, tongue_, {{"n", std::to_string(members)}});
        if (form.function == graph::CohortFunction::treated) out.note += treatment_told(e_, form, tongue_);
        if (form.group)
            out.note += say(Answer::of_group, tongue_,
                            {{"name", subject_of(graph_, graph_.node(*form.group), e_.year, language_).title},
                             {"value", e_.value(*form.group, record_).to_string()}});
        constexpr std::size_t shown = 3;
        if (blank.empty()) return;
        const auto first =
            std::vector(blank.begin(), blank.begin() + static_cast<std::ptrdiff_t>(std::min(shown, blank.size())));
        out.note += say(Answer::not_yet_known, tongue_,
                        {{"records", fmt::format("{}", fmt::join(first, say(wording::Phrase::separator, tongue_)))}});
        if (blank.size() > shown)
            out.note +=
                " " + say(wording::Phrase::more_of_them, tongue_, {{"n", std::to_string(blank.size() - shown)}});
    }

  public:
    std::map<std::int32_t, const store::Run*> earlier_;

  private:
    const assess::Assessment& a_;
    const graph::Graph& graph_;
    const exec::Evaluation& e_;
    std::size_t record_;
    std::string_view language_;
    wording::Language tongue_;
    std::vector<Value> frame_;
    exec::FrameReading as_it_is_;
    exec::EvaluatedCohort known_;
    exec::GatheredMembers gathered_;
    const exec::CohortMembers& members_;
    exec::CompletionsMemories memories_;
    exec::Completions bounds_;                   ///< what is open cannot go beyond
    assess::Rulings rulings_, earlier_rulings_;  ///< on this year as of today; as the run knew them
    std::unique_ptr<exec::Completions> filled_;
    std::vector<graph::NodeId> relevant_;
    std::set<graph::NodeId> unfolded_;
    std::vector<std::pair<int, Explanation::Assumption>> assumptions_;  ///< with how deep they were met
    int depth_ = 0;
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
