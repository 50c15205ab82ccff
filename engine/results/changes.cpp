#include "engine/results/changes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/assess/rulings.hpp"
#include "engine/assess/stale.hpp"
#include "engine/audit/explain.hpp"
#include "engine/feel/evaluation/from_feel.hpp"
#include "engine/results/halfway.hpp"
#include "engine/results/score_changes.hpp"
#include "engine/results/table.hpp"
#include "engine/wording/pages.hpp"

namespace zoneval::results {

using assess::Assessment;
using feel::Value;

namespace {

std::string value_text(const Value& value) { return value.is_null() ? "" : list_text(value); }

std::string outcome_text(const exec::Evaluation& e, graph::NodeId decision, std::size_t record,
                         const std::string& undetermined) {
    return e.outcome(decision, record).settled() ? value_text(e.value(decision, record)) : undetermined;
}

/// Outcomes as they stand: by a ruling, where there is one.
class Standing {
  public:
    Standing(const Assessment& assessment, const graph::Node& decision, const std::string& undetermined)
        : e_(assessment.evaluation), decision_(decision), undetermined_(undetermined), rulings_(assessment.rulings) {}

    std::string outcome(std::size_t record) const {
        const auto* ruling = ruled(record);
        return ruling ? value_text(feel::from_feel(ruling->outcome))
                      : outcome_text(e_, decision_.id, record, undetermined_);
    }
    const store::Ruling* ruled(std::size_t record) const {
        if (!rulings_.any(e_.year, decision_.name)) return nullptr;
        return rulings_.standing(e_.year, e_.record(record), decision_.name,
                                 e_.outcome(decision_.id, record).settled());
    }

  private:
    const exec::Evaluation& e_;
    const graph::Node& decision_;
    const std::string& undetermined_;
    const assess::Rulings rulings_;
};

struct Found {
    const Assessment& from;
    const Assessment& corrected;  ///< the same with what the later run knew of that year; else `from` itself
    const Assessment& middle;     ///< the later figures under the earlier rules; else `to` itself
    const Assessment& to;
    const graph::Node *decision_from, *decision_middle, *decision_to;
    std::string undetermined;

    bool same_rules() const { return &middle == &to; }
};

std::size_t place_of(std::vector<std::string>& outcomes, const std::string& outcome) {
    const auto found = std::find(outcomes.begin(), outcomes.end(), outcome);
    if (found != outcomes.end()) return static_cast<std::size_t>(found - outcomes.begin());
    outcomes.push_back(outcome);
    return outcomes.size() - 1;
}

Cause cause_of(const Found& f, Worlds& worlds, const Changes::Move& move) {
    if (move.cause == Cause::ruled) return Cause::ruled;
    if (move.from == f.undetermined || move.to == f.undetermined) return Cause::undetermined;
    std::vector<Cause> alone;
    const auto outcome = [&](const exec::Evaluation& e, const graph::Node& decision) {
        const auto record = e.find(move.record);
        return record ? outcome_text(e, decision.id, *record, f.undetermined) : "";
    };
    const auto leads = [&](World world) { return outcome(worlds.of(move.record, world), *f.decision_from) == move.to; };
    if (leads({1, 0, 0})) alone.push_back(Cause::own);
    if (leads({0, 1, 0})) alone.push_back(Cause::peers);
    if (f.from.evaluation.year != f.to.evaluation.year || f.from.run.built_on != f.to.run.built_on)
        if (leads({0, 0, 1})) alone.push_back(Cause::history);
    if (!f.same_rules() && outcome(f.middle.evaluation, *f.decision_middle) == move.from) alone.push_back(Cause::rules);
    // A correction alone is no change of this year: where it was one already, nothing else need be looked for.
    if (&f.corrected != &f.from && outcome(f.corrected.evaluation, *f.decision_from) == move.to)
        return Cause::correction;
    return alone.empty() ? Cause::together : alone.size() == 1 ? alone.front() : Cause::several;
}

void compare_outcomes(const Found& f, Changes& out) {
    const auto& declared = graph::decision_of(*f.decision_to)->values;
    for (const auto& value : declared) out.outcomes.push_back(value.to_string());
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    std::vector<Changes::Move> moves;
    const Standing from(f.from, *f.decision_from, f.undetermined), to(f.to, *f.decision_to, f.undetermined);
    for (std::size_t i = 0; i < f.to.evaluation.size(); ++i) {
        const auto& record = f.to.evaluation.record(i);
        const auto before = f.from.evaluation.find(record);
        if (!before) continue;
        const bool ruled = from.ruled(*before) || to.ruled(i);
        Changes::Move move{record, from.outcome(*before), to.outcome(i), ruled ? Cause::ruled : Cause::unknown};
        pairs.emplace_back(place_of(out.outcomes, move.from), place_of(out.outcomes, move.to));
        if (move.from != move.to) moves.push_back(std::move(move));
    }
    out.matrix.assign(out.outcomes.size() * out.outcomes.size(), 0);
    for (const auto& [row, column] : pairs) ++out.matrix[row * out.outcomes.size() + column];
    out.moved = std::move(moves);
}

/// `middle` with the later weights, or methods too, of the score. nullopt: nothing is between.
std::optional<Assessment> halfway(const Found& f, const store::Store& store, Choices choices) {
    auto graph = f.same_rules() ? nullptr : with_later(*f.from.graph, *f.to.graph, choices);
    if (!graph) return std::nullopt;
    return assess::assess(std::move(graph), store, f.to.run.year, assess::basis_of(f.to.run, store));
}

void find_causes(const Found& f, const store::Store& store, const ChangesOptions& options, Changes& out) {
    Worlds worlds(f.corrected, f.middle);
    const auto work = [&](std::size_t records) { return records * f.to.evaluation.size() <= options.most_work; };
    const bool look = work(out.moved.size());
    for (auto& move : out.moved) {
        if (look) move.cause = cause_of(f, worlds, move);
        ++out.causes[static_cast<std::size_t>(move.cause)];
    }
    out.parted = work(out.scores.size());
    if (!out.parted || out.scores.empty()) return;
    const auto reweighted = halfway(f, store, Choices::weights), with_methods = halfway(f, store, Choices::methods);
    const auto& weights = reweighted ? *reweighted : f.middle;
    part_scores({f.from, f.corrected, f.middle, weights, with_methods ? *with_methods : weights, f.to}, worlds,
                options.language, out.scores);
}

/// What the later run knew of the earlier year, where an import in between says something of it.
std::optional<Assessment> corrected_since(const Assessment& from, const Assessment& to, const store::Store& store) {
    const auto first = from.run.snapshot.revision, last = to.run.snapshot.revision;
    if (from.run.year == to.run.year || first >= last) return std::nullopt;
    const auto years = assess::years_of_data(*from.graph, store, from.run.year);
    const bool any = std::any_of(years.begin(), years.end(), [&](std::int32_t of) {
        const auto revision = store.last_revision(from.graph->rules->record, of, first);
        return revision > 0 && revision <= last;
    });
    if (!any) return std::nullopt;
    auto basis = assess::basis_of(from.run, store);
    basis.snapshot = to.run.snapshot;
    return assess::assess(from.graph, store, from.run.year, basis);
}

Changes::Side side_of(const Assessment& a) { return {a.run.year, a.run.id, a.run.hash, a.run.ruleset_hash}; }

}  // namespace

Changes changes_between(const Assessment& from, const Assessment& to, const store::Store& store,
                        const ChangesOptions& options) {
    Changes out;
    out.from = side_of(from);
    out.to = side_of(to);
    for (std::size_t i = 0; i < to.evaluation.size(); ++i)
        if (from.evaluation.find(to.evaluation.record(i)))
            ++out.both;
        else
            out.entered.push_back(to.evaluation.record(i));
    for (std::size_t i = 0; i < from.evaluation.size(); ++i)
        if (!to.evaluation.find(from.evaluation.record(i))) out.left.push_back(from.evaluation.record(i));
    const bool same_rules = out.from.ruleset_hash == out.to.ruleset_hash;
    std::optional<Assessment> middle;
    if (!same_rules) middle = assess::assess(from.graph, store, to.run.year, assess::basis_of(to.run, store));
    const auto& between = middle ? *middle : to;
    const auto corrected = corrected_since(from, to, store);
    const auto main_of = [](const Assessment& a) { return audit::decision_to_explain(*a.graph, ""); };
    const Found f{from,          corrected ? *corrected : from,
                  between,       to,
                  main_of(from), main_of(between),
                  main_of(to),   wording::say(wording::Page::undetermined, options.language)};
    if (f.decision_from && f.decision_to && f.decision_from->name != f.decision_to->name)
        throw InputError(Diagnostic{Kind::no_run,
                                    fmt::format("run {} decides `{}` and run {} `{}`", from.run.id,
                                                f.decision_from->name, to.run.id, f.decision_to->name),
                                    {},
                                    "two runs of one kind of rule set",
                                    ""});
    if (f.decision_from && f.decision_to) {
        out.decision = f.decision_to->name;
        out.decision_title = title_of(*to.graph, out.decision, options.language);
        compare_outcomes(f, out);
        out.labels = exec::labels_in(*to.graph, *f.decision_to, code(options.language));
    }
    if (const auto* score = score_of(*to.graph); score && score_of(*from.graph)) {
        out.score = score->name;
        out.score_title = title_of(*to.graph, out.score, options.language);
        out.scores = changed_scores(from, to);
    }
    find_causes(f, store, options, out);
    return out;
}

}  // namespace zoneval::results
