#include "engine/score/robustness.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "engine/audit/explain.hpp"
#include "engine/results/table.hpp"
#include "engine/score/draws.hpp"
#include "engine/score/evaluating.hpp"
#include "engine/score/sensitivity.hpp"

namespace zoneval::score {

namespace {

constexpr std::size_t most_cells = 100'000'000;  // records × readings: 1.4 GB are kept of them

/// Whom the rule set ranks, and how it calls that.
struct Ranking {
    RankedAmong among;
    std::string title;
    std::vector<std::string> classes;  ///< by record; empty: one for all
};

/// A published `rank(x)` or `rank(x, group)` where x is the score, or the score of those who take part.
bool rank_by(const assess::Assessment& run, const graph::Node& node, const ScoreTree& tree, std::string_view language,
             Ranking& out) {
    const auto& graph = *run.graph;
    const auto& e = run.evaluation;
    const auto* form = std::get_if<graph::CohortForm>(&node.form);
    if (!form && node.kind == graph::NodeKind::measure && node.uses.size() == 1)
        form = std::get_if<graph::CohortForm>(&graph.node(node.uses.front()).form);
    if (!form || form->function != graph::CohortFunction::rank) return false;
    Ranking found;
    std::map<std::string, std::int32_t> groups;
    for (std::size_t i = 0; i < e.size(); ++i) {
        const auto value = e.value(form->value, i), score = e.value(tree.id, i);
        const auto group = form->group ? e.value(*form->group, i) : feel::Value(true);
        const bool takes_part = value.number() && !group.is_null();
        // Who has no score now may have one in another reading: it is told by those who have.
        if (value.number() && (!score.number() || *value.number() != *score.number())) return false;
        found.among.group.push_back(-1);
        found.classes.push_back(form->group && !group.is_null() ? group.to_string() : "");
        if (!takes_part) continue;
        const auto id = static_cast<std::int32_t>(groups.size());
        found.among.group.back() = groups.try_emplace(group.to_feel(), id).first->second;
    }
    if (groups.empty()) return false;
    found.among.groups = groups.size();
    if (!form->group) found.classes.clear();
    found.title = node.definition ? node.definition->title.in(language) : "";
    if (found.title.empty()) found.title = node.name;
    out = std::move(found);
    return true;
}

Ranking ranking_of(const assess::Assessment& run, const ScoreTree& tree, std::string_view language) {
    Ranking out;
    for (const auto& name : results::published(*run.graph))
        if (const auto* node = run.graph->find(name); node && rank_by(run, *node, tree, language, out)) return out;
    out.among.group.assign(run.evaluation.size(), 0);
    out.among.groups = 1;
    return out;
}

/// What is kept of every reading.
struct Kept {
    Kept(std::size_t readings, std::size_t of, bool verdicts)
        : records(of), scores(readings * of), ranks(readings * of) {
        if (verdicts) outcomes.resize(readings * of);
    }
    void put(std::size_t reading, const Evaluated& evaluated) {
        const auto at = static_cast<std::ptrdiff_t>(reading * records);
        std::copy(evaluated.scores.begin(), evaluated.scores.end(), scores.begin() + at);
        std::copy(evaluated.ranks.begin(), evaluated.ranks.end(), ranks.begin() + at);
        if (!outcomes.empty()) std::copy(evaluated.outcomes.begin(), evaluated.outcomes.end(), outcomes.begin() + at);
    }
    std::size_t records;
    std::vector<double> scores;
    std::vector<std::uint32_t> ranks;
    std::vector<std::uint16_t> outcomes;
};

class Study {
  public:
    Study(const store::Store& store, const assess::Assessment& run, const Asked& asked)
        : run_(run),
          asked_(asked),
          tree_(tree_of(run, find_score(*run.graph, asked.score))),
          decision_(asked.verdicts ? audit::decision_to_explain(*run.graph, asked.decision) : nullptr),
          base_{store, run, asked.choices, tree_, decision_ ? decision_->name : ""},
          readings_(asked.choices, tree_),
          ranking_(ranking_of(run, tree_, asked.language)),
          evaluating_(base_, ranking_.among, asked.threads, asked.stop, asked.tell) {}

    Robustness run() {
        refuse_nothing_varied();
        if (!asked_.record.empty()) asked_record();  // told before the work
        const auto nominal = evaluated({readings_.as_written()});
        const auto all = evaluated(drawn([&](std::span<const double> point) { return readings_.at(point); }));
        check_nominal(nominal);
        auto out = described();
        for (std::size_t i = 0; i < run_.evaluation.size(); ++i) out.records.push_back(firmness(i, nominal, all));
        if (!asked_.record.empty()) add_alone(nominal, out);
        if (asked_.indices) add_indices(nominal, out);
        return out;
    }

  private:
    std::size_t records() const { return run_.evaluation.size(); }

    void refuse_nothing_varied() const {
        if (readings_.varied().empty())
            throw InputError(Diagnostic{Kind::wrong_shape,
                                        "nothing is varied: every reading would be the run itself",
                                        {},
                                        "a choice with alternatives",
                                        "such as --weights 25%, or --normalise min-max,z-score"});
        if (asked_.replicates * records() > most_cells)
            throw InputError(Diagnostic{
                Kind::wrong_shape,
                fmt::format("{} readings of {} records are too many to be kept", asked_.replicates, records()),
                {},
                fmt::format("at most {} readings", most_cells / std::max<std::size_t>(1, records())),
                "give fewer with --replicates"});
    }

    /// INVARIANT (as written is the run): the reading in which nothing is changed gives what was recorded.
    void check_nominal(const Kept& nominal) const {
        std::vector<double> scores(records(), std::numeric_limits<double>::quiet_NaN());
        for (std::size_t i = 0; i < records(); ++i)
            if (const auto value = run_.evaluation.value(tree_.id, i); value.number())
                scores[i] = value.number()->to_double();
        round_scores(*tree_.score, run_.graph->rules->rounding, scores);
        const auto close = (tree_.score->high - tree_.score->low).to_double() * 1e-9;
        for (std::size_t i = 0; i < records(); ++i) {
            const bool same_score = std::isnan(scores[i]) ? std::isnan(nominal.scores[i])
                                                          : std::abs(scores[i] - nominal.scores[i]) <= close;
            const bool same_outcome = !decision_ || evaluating_.outcomes()[nominal.outcomes[i]] == own_outcome(i);
            if (!same_score || !same_outcome)
                throw InputError(Diagnostic{
                    Kind::no_run,
                    fmt::format("{} comes to `{}` and {} by its own rules, read as they are written",
                                run_.evaluation.record(i), decision_ ? evaluating_.outcomes()[nominal.outcomes[i]] : "",
                                nominal.scores[i]),
                    {},
                    fmt::format("the recorded `{}` and {}", own_outcome(i), scores[i]),
                    "this is a mistake of zoneval: please report it"});
        }
    }

    template <class Read>
    std::vector<Reading> drawn(const Read& read) const {
        const Draws draws(asked_.replicates, readings_.dimensions(), asked_.seed);
        std::vector<Reading> out;
        for (std::size_t k = 0; k < draws.size(); ++k) out.push_back(read(draws.point(k)));
        return out;
    }

    Kept evaluated(const std::vector<Reading>& readings) {
        Kept out(readings.size(), records(), decision_ != nullptr);
        evaluating_.each(readings, true, [&](std::size_t k, const Evaluated& e) { out.put(k, e); });
        return out;
    }

    std::string own_outcome(std::size_t i) const {
        if (!decision_ || !run_.evaluation.outcome(decision_->id, i).settled()) return "";
        const auto value = run_.evaluation.value(decision_->id, i);
        return value.is_null() ? "null" : value.to_string();
    }

    Firmness firmness(std::size_t i, const Kept& nominal, const Kept& all) const {
        Firmness out;
        const auto& e = run_.evaluation;
        out.record = e.record(i);
        if (const auto* label = run_.graph->find(run_.graph->rules->label_input))
            if (const auto value = e.value(label->id, i); !value.is_null()) out.label = value.to_string();
        if (decision_) add_outcomes(i, all, out);
        if (!ranking_.classes.empty()) out.class_ = ranking_.classes[i];
        out.rank = nominal.ranks[i];
        for (std::size_t k = 0; k < records(); ++k)
            out.of += ranking_.among.group[k] == ranking_.among.group[i] && nominal.ranks[k] != 0;
        if (!std::isnan(nominal.scores[i])) out.score = nominal.scores[i];
        std::vector<double> ranks, scores;
        std::size_t same = 0;
        for (std::size_t at = i; at < all.ranks.size(); at += records()) {
            if (all.ranks[at] != 0) ranks.push_back(all.ranks[at]);
            same += all.ranks[at] == out.rank;
            if (!std::isnan(all.scores[at])) scores.push_back(all.scores[at]);
        }
        const auto readings = static_cast<double>(asked_.replicates);
        out.ranked = static_cast<double>(ranks.size()) / readings;
        out.same_rank = static_cast<double>(same) / readings;
        if (!ranks.empty()) {
            out.ranks = {occurring_quantile(ranks, 0.05), occurring_quantile(ranks, 0.95)};
            out.median_rank = occurring_quantile(ranks, 0.5);
            out.mean_rank = std::accumulate(ranks.begin(), ranks.end(), 0.0) / static_cast<double>(ranks.size());
        }
        if (!scores.empty()) out.scores = {occurring_quantile(scores, 0.05), occurring_quantile(scores, 0.95)};
        return out;
    }

    void add_outcomes(std::size_t i, const Kept& all, Firmness& out) const {
        out.outcome = own_outcome(i);
        const auto value = run_.evaluation.value(decision_->id, i);
        out.adverse = !out.outcome.empty() && graph::decision_of(*decision_)->is_adverse(value);
        std::vector<std::size_t> counts(evaluating_.outcomes().size());
        for (std::size_t at = i; at < all.outcomes.size(); at += records()) ++counts[all.outcomes[at]];
        for (std::size_t c = 0; c < counts.size(); ++c) {
            const auto share = static_cast<double>(counts[c]) / static_cast<double>(asked_.replicates);
            const auto& text = evaluating_.outcomes()[c];
            if (text == out.outcome) out.holds = share;
            if (counts[c] > 0) out.outcomes.emplace_back(text, share);
        }
        std::sort(out.outcomes.begin(), out.outcomes.end(), [](const auto& a, const auto& b) {
            return a.second != b.second ? a.second > b.second : a.first < b.first;
        });
    }

    Robustness described() const {
        Robustness out;
        const auto titled = [&](const graph::Node& node) {
            const auto title = node.definition ? node.definition->title.in(asked_.language) : "";
            return title.empty() ? node.name : title;
        };
        const auto& score = run_.graph->node(tree_.id);
        out.record_name = run_.graph->rules->record;
        if (decision_) out.decision = decision_->name, out.decision_title = titled(*decision_);
        out.score = score.name;
        out.score_title = titled(score);
        out.score_unit = score.unit;
        out.rank_title = ranking_.title;
        out.in_classes = !ranking_.classes.empty();
        out.decimals = score.decimals.value_or(2);
        out.year = run_.run.year;
        out.replicates = asked_.replicates;
        out.indicators = tree_.leaves.size();
        out.left_out = readings_.may_be_left_out().size();
        out.seed = asked_.seed;
        out.choices = asked_.choices;
        out.varied = readings_.varied();
        for (const auto leaf : tree_.leaves) {
            const auto& node = tree_.nodes[static_cast<std::size_t>(leaf)];
            const auto* named = run_.graph->find(node.indicator->of.text);
            out.effective.emplace_back(named ? titled(*named) : node.indicator->of.text, node.share);
        }
        if (asked_.choices.data_error > 0) out.amounts = amounts_behind(*run_.graph, tree_);
        return out;
    }

    std::size_t asked_record() const {
        const auto found = run_.evaluation.find(asked_.record);
        if (found) return *found;
        std::vector<std::string> names;
        for (std::size_t i = 0; i < records(); ++i) names.push_back(run_.evaluation.record(i));
        throw InputError(Diagnostic{Kind::unknown_name,
                                    fmt::format("the run has no record `{}`", asked_.record),
                                    {},
                                    fmt::format("one of its {} records", records()),
                                    did_you_mean(asked_.record, names)});
    }

    /// Each choice varied, and the others left as written.
    void add_alone(const Kept& nominal, Robustness& out) {
        const auto i = asked_record();
        const auto own = own_outcome(i);
        for (const auto choice : readings_.varied()) {
            std::atomic<std::size_t> holds = 0;
            const auto readings = drawn([&](std::span<const double> point) { return readings_.alone(point, choice); });
            std::vector<std::uint16_t> codes(readings.size());
            evaluating_.each(readings, true, [&](std::size_t k, const Evaluated& e) {
                if (decision_)
                    codes[k] = e.outcomes[i];
                else
                    holds += e.ranks[i] == nominal.ranks[i];
            });
            if (decision_)
                for (const auto code : codes) holds += evaluating_.outcomes()[code] == own;
            out.alone.push_back({choice, static_cast<double>(holds) / static_cast<double>(readings.size())});
        }
    }

    void add_indices(const Kept& nominal, Robustness& out) {
        const auto design = design_of(readings_, asked_.replicates, asked_.seed);
        std::vector<double> y(design.readings.size());
        const auto one = asked_.record.empty() ? std::optional<std::size_t>() : std::optional(asked_record());
        evaluating_.each(design.readings, false, [&](std::size_t k, const Evaluated& e) {
            if (one) {
                y[k] = e.ranks[*one];
                return;
            }
            double shift = 0, ranked = 0;
            for (std::size_t i = 0; i < e.ranks.size(); ++i) {
                if (e.ranks[i] == 0 || nominal.ranks[i] == 0) continue;
                shift += std::abs(static_cast<double>(e.ranks[i]) - static_cast<double>(nominal.ranks[i]));
                ranked += 1;
            }
            y[k] = ranked > 0 ? shift / ranked : 0;
        });
        out.indices = indices_of(design, readings_.varied(), y, asked_.seed);
    }

    const assess::Assessment& run_;
    const Asked& asked_;
    const ScoreTree tree_;
    const graph::Node* decision_;
    const Base base_;
    const Readings readings_;
    const Ranking ranking_;
    Evaluating evaluating_;
};

}  // namespace

std::vector<double> shares_that_hold(const store::Store& store, const assess::Assessment& run,
                                     const std::string& decision, std::size_t replicates, unsigned threads) {
    std::vector<double> out;
    if (run.graph->scores.empty() || run.graph->rules->decisions.empty()) return out;
    Asked asked;
    constexpr double up_or_down = 0.25;
    asked.choices.weights = up_or_down;
    asked.choices.leave_out = true;
    asked.decision = decision;
    asked.replicates = replicates;
    asked.threads = threads;
    for (const auto& record : robustness(store, run, asked).records) out.push_back(record.holds);
    return out;
}

Robustness robustness(const store::Store& store, const assess::Assessment& run, const Asked& asked) {
    return Study(store, run, asked).run();
}

}  // namespace zoneval::score
