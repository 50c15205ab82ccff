#include "engine/audit/course.hpp"

#include <algorithm>

#include "engine/assess/rulings.hpp"
#include "engine/assess/successions.hpp"
#include "engine/feel/evaluation/from_feel.hpp"
#include "engine/feel/value/cause.hpp"
#include "engine/wording/explanations.hpp"
#include "engine/wording/say.hpp"

namespace zoneval::audit {

using graph::Graph;
using graph::Node;
using wording::Answer;

namespace {

const Node* score_behind(const Graph& graph, const Node& decision) {
    for (const auto id : exec::nodes_behind(graph, decision))
        if (const auto& node = graph.node(id); node.kind == graph::NodeKind::score) return &node;
    return nullptr;
}

class Reader {
  public:
    Reader(const store::Store& store, const assess::Assessment& a, const Node& decision, std::string_view language)
        : store_(store),
          a_(a),
          decision_(decision),
          rulings_(a.rulings),
          language_(language),
          tongue_(wording::language_from_string(language).value_or(wording::Language::en)) {}

    Course run(std::size_t record, const std::vector<Condition>& decided) {
        Course out;
        if (const auto* score = score_behind(*a_.graph, decision_)) {
            out.score = subject_of(*a_.graph, *score, a_.evaluation.year, language_).title;
            out.unit = score->unit;
            out.decimals = score->decimals.value_or(out.decimals);
        }
        find_words(decided, out);
        out.years.push_back(recorded(a_.run, a_.evaluation.record(record)).value_or(Course::Year()));
        computed(a_, a_.evaluation.record(record), out.years.back());
        earlier(a_.evaluation.record(record), out);
        std::reverse(out.years.begin(), out.years.end());
        out.ranked = std::any_of(out.years.begin(), out.years.end(), [](const auto& year) { return year.rank; });
        return out;
    }

  private:
    /// What words were asked of, each once. An outcome of an earlier year stands in that year's column.
    void find_words(const std::vector<Condition>& decided, Course& out) {
        for (const auto& condition : decided)
            for_each_condition(condition, [&](const Condition& c) {
                const auto* node = c.subject.node;
                const bool of_words = c.asks == Condition::Asks::one_of || c.asks == Condition::Asks::none_of;
                if (!node || !node->definition || c.subject.year != 0 || !of_words) return;
                if (std::find(words_.begin(), words_.end(), node->name) != words_.end()) return;
                words_.push_back(node->name);
                out.words.push_back(c.subject.title);
            });
    }

    void earlier(const std::string& now, Course& out) {
        constexpr int reviews = 2;
        auto run = a_.run;
        auto name = now;
        for (int back = 1; back <= reviews; ++back) {
            const auto year = a_.run.year - back * a_.graph->rules->cycle;
            auto before = run_before(run, year);
            if (!before) return;
            run = std::move(*before);
            if (std::find(run.records.begin(), run.records.end(), name) == run.records.end()) {
                const auto older = assess::Successions(*a_.graph->rules).earlier(name, year);
                if (!older || older->names.size() != 1) return;
                name = older->names.front();
            }
            auto told = recorded(run, name);
            if (!told) return;
            if (run.records.size() <= most_recomputed) computed_anew(run, name, *told);
            out.years.push_back(std::move(*told));
        }
    }

    std::optional<store::Run> run_before(const store::Run& run, std::int32_t year) const {
        for (const auto id : run.built_on)
            if (auto one = store_.run(id); one && one->ruleset == run.ruleset && one->year == year) return one;
        return store_.latest_run(run.ruleset, year);
    }

    /// nullopt: the record took no part, or nothing of the kind was decided.
    std::optional<Course::Year> recorded(const store::Run& run, const std::string& name) const {
        const auto place = std::find(run.records.begin(), run.records.end(), name);
        const auto* decisions = run.decision(decision_.name);
        if (place == run.records.end() || !decisions) return std::nullopt;
        using enum store::Outcome::Ending;
        const auto& by_rules = decisions->of(place.index());
        const bool settled = by_rules.ending != open && by_rules.ending != conflict;
        const auto* ruling = rulings_.standing(run.year, name, decision_.name, settled);
        Course::Year out;
        out.year = run.year;
        out.run = run.id;
        if (!ruling) out.rule = settled ? by_rules.rule : "";
        const auto value = feel::from_feel(ruling ? ruling->outcome : by_rules.value);
        if (value.is_null()) {
            out.label = say(settled ? Answer::none_at_all : Answer::undetermined, tongue_);
            return out;
        }
        out.outcome = value.to_string();
        out.label = exec::shown(*a_.graph, decision_, value, {decision_.decimals, ""}, tongue_);
        if (ruling)
            out.label =
                say(Answer::value_by_ruling, tongue_, {{"value", out.label}, {"n", std::to_string(ruling->id)}});
        return out;
    }

    /// No more of the year than is shown; whether the rest comes out again, too, `verify` says.
    void computed_anew(const store::Run& run, const std::string& name, Course::Year& out) const {
        const auto before = out;
        try {
            const auto graph = run.ruleset_hash == a_.run.ruleset_hash
                                   ? a_.graph
                                   : assess::load_stored(store_.ruleset(run.ruleset_hash));
            assess::Options options;
            options.columns.only = what_is_shown(*graph);
            computed(assess::assess(graph, store_, run.year, assess::basis_of(run, store_), options), name, out);
            if (as_recorded(run, name, *graph, out)) return;
        } catch (const InputError&) {
        }
        out = before;
        out.words.resize(words_.size());
    }

    std::vector<graph::NodeId> what_is_shown(const Graph& graph) const {
        std::vector<graph::NodeId> out;
        for (const auto& word : words_)
            if (const auto* node = graph.find(word)) out.push_back(node->id);
        const auto* decision = graph.find(decision_.name);
        if (!decision) return out;
        if (const auto* score = score_behind(graph, *decision)) out.push_back(score->id);
        if (const auto* ranking = ranking_behind(graph, *decision)) {
            const auto& form = std::get<graph::CohortForm>(ranking->form);
            out.push_back(form.value);
            if (form.group) out.push_back(*form.group);
        }
        return out;
    }

    /// Whether the score is the one that the run recorded.
    bool as_recorded(const store::Run& run, const std::string& name, const Graph& graph,
                     const Course::Year& year) const {
        const auto* decision = graph.find(decision_.name);
        const auto* score = decision ? score_behind(graph, *decision) : nullptr;
        const auto kept = std::find_if(run.measured.begin(), run.measured.end(),
                                       [&](const auto& measured) { return score && measured.name == score->name; });
        if (kept == run.measured.end()) return true;
        store::MeasuredReader cells(kept->cells);
        for (const auto record : run.records) {
            const auto cell = cells.next();
            if (!cell) return false;
            if (record == name)
                return cell->is_value == year.score.has_value() &&
                       (!year.score || feel::Value(*year.score).to_feel() == cell->text);
        }
        return false;
    }

    std::string missing(const feel::Value& value) const {
        const auto kind = feel::missing_kind(value.cause());
        return kind == feel::Missing::none ? say(Answer::no_value, tongue_) : wording::say(kind, tongue_);
    }

    /// The rule set of that year may be another one: what it does not define is left out.
    void computed(const assess::Assessment& a, const std::string& name, Course::Year& out) const {
        const auto record = a.evaluation.find(name);
        const auto* decision = a.graph->find(decision_.name);
        for (const auto& word : words_) {
            const auto* node = a.graph->find(word);
            const auto value = record && node ? a.evaluation.value(node->id, *record) : feel::Value();
            out.words.push_back(value.is_null() ? missing(value) : exec::shown(*a.graph, *node, value, {}, tongue_));
        }
        if (!record || !decision) return;
        if (const auto* score = score_behind(*a.graph, *decision))
            if (const auto value = a.evaluation.value(score->id, *record); value.number()) out.score = *value.number();
        if (const auto* ranking = ranking_behind(*a.graph, *decision))
            out.rank = rank_in(a.evaluation, *ranking, *record);
    }

    const store::Store& store_;
    const assess::Assessment& a_;
    const Node& decision_;
    assess::Rulings rulings_;
    std::string_view language_;
    wording::Language tongue_;
    std::vector<std::string> words_;  ///< names
};

}  // namespace

Course course(const store::Store& store, const assess::Assessment& assessment, const Node& decision, std::size_t record,
              const std::vector<Condition>& decided, std::string_view language) {
    return Reader(store, assessment, decision, language).run(record, decided);
}

}  // namespace zoneval::audit
