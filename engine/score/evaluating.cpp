#include "engine/score/evaluating.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <set>

#include "engine/exec/by_columns/portions.hpp"
#include "engine/exec/decisions/completions.hpp"
#include "engine/table/work.hpp"

namespace zoneval::score {

Evaluating::Evaluating(const Base& base, const RankedAmong& among, unsigned threads, std::stop_token stop,
                       std::function<void(std::size_t, std::size_t)> tell)
    : base_(base),
      among_(among),
      threads_(std::max(1u, threads)),
      stop_(std::move(stop)),
      tell_(std::move(tell)),
      lower_(lower_is_better(base.run, base.tree)),
      extras_(extras_of(base.run, base.tree)) {}

/// What is added, taken off or forbidden hangs on the score itself.
bool Evaluating::feeds_on_itself() const {
    std::set<graph::NodeId> of_score, behind;
    const auto look = [&](graph::NodeId id) {
        const auto more = exec::nodes_behind(*base_.run.graph, base_.run.graph->node(id));
        behind.insert(more.begin(), more.end());
    };
    for (const auto& node : base_.tree.nodes) {
        of_score.insert(node.id);
        for (const auto& id : {node.bonus, node.penalties})
            if (id) look(*id);
        for (const auto id : node.vetoes) look(id);
    }
    return std::any_of(of_score.begin(), of_score.end(), [&](graph::NodeId id) { return behind.contains(id); });
}

/// Of a score that compares records with each other there is no loop, nor of one that asks how much is there in other
/// ways than by the weight of the whole; nor is there of figures that change.
bool Evaluating::has_loop() const {
    const auto& score = *base_.tree.score;
    return base_.choices.data_error <= 0 && !model::has_presence(score.whole) && !score.presence.at_least &&
           !feeds_on_itself_ && !(score.screen && score.on_missing == model::Score::OnMissing::zero) &&
           std::none_of(base_.tree.nodes.begin(), base_.tree.nodes.end(), [](const TreeNode& node) {
               return node.group && node.group->aggregation.how == model::Aggregation::How::copeland;
           });
}

/// Where records are screened by how many of their figures are there, one that is left out says who takes part.
Variant Evaluating::of_scorer(Variant variant) const {
    if (!base_.tree.score->screen) variant.left_out = -1;
    return variant;
}

Variant Evaluating::of_points(const Variant& variant) const {
    auto out = of_scorer(variant);
    out.aggregate = -1;
    return out;
}

/// The leaf that a variant does without; -1: none, also where it stays for being alone in its group.
int Evaluating::left_out_of(const Variant& variant) const {
    Reading reading;
    reading.variant = variant;
    return left_out_in(reading, base_.tree);
}

const Points& Evaluating::points(const Variant& variant) {
    const auto key = of_points(variant);
    const auto found = points_.find(key);
    if (found != points_.end()) return found->second;
    if (key != Variant{})
        return points_.emplace(key, VariantRules(base_, key, lower_).points(left_out_of(key))).first->second;
    Points out{base_.run.evaluation.size(), {}};
    for (const auto leaf : base_.tree.leaves)
        for (std::size_t i = 0; i < out.records; ++i) {
            const auto value = base_.run.evaluation.value(base_.tree.nodes[static_cast<std::size_t>(leaf)].id, i);
            out.values.push_back(value.number() ? value.number()->to_double()
                                                : std::numeric_limits<double>::quiet_NaN());
        }
    return points_.emplace(key, std::move(out)).first->second;
}

const Scorer& Evaluating::scorer(const Variant& variant) {
    auto& place = scorers_[of_scorer(variant)];
    if (!place) {
        auto how = as_written(base_.tree);
        for (auto& each : how) each = aggregated(base_.choices, variant, *base_.tree.score, each);
        place = std::make_unique<Scorer>(base_.tree, points(variant), extras_, std::move(how));
    }
    return *place;
}

void Evaluating::told(std::size_t more, std::size_t total) {
    const std::scoped_lock lock(alone_);
    done_ += more;
    if (tell_) tell_(done_, total);
}

void Evaluating::each(const std::vector<Reading>& readings, bool verdicts, const Take& take) {
    done_ = 0;
    if (!has_loop() || (verdicts && !base_.decision.empty()))
        by_engine(readings, take);
    else
        by_loop(readings, take);
}

void Evaluating::by_loop(const std::vector<Reading>& readings, const Take& take) {
    for (const auto& reading : readings) scorer(reading.variant);  // made before threads ask
    const auto records = base_.run.evaluation.size();
    constexpr std::size_t portion = 64;
    std::atomic<std::size_t> next = 0;
    exec::on_threads(std::min<std::size_t>(threads_, readings.size() / portion + 1), [&] {
        Scorer::Space space;
        Ranker ranker(among_);
        std::vector<double> scores(records);
        std::vector<std::uint32_t> ranks(records);
        for (auto first = next.fetch_add(portion); first < readings.size(); first = next.fetch_add(portion)) {
            if (stop_.stop_requested()) throw Stopped();
            const auto last = std::min(first + portion, readings.size());
            for (auto k = first; k < last; ++k) {
                const auto& reading = readings[k];
                scorers_.at(of_scorer(reading.variant))
                    ->scores(weights_of(reading, base_.tree), left_out_in(reading, base_.tree), space, scores);
                round_scores(*base_.tree.score, base_.run.graph->rules->rounding, scores);
                ranker.ranks(scores, ranks);
                take(k, {scores, ranks, {}});
            }
        }
    });
}

/// Readings of one variant, evaluated one after the other.
struct Evaluating::Unit {
    Variant variant;
    std::vector<std::size_t> readings;
};

void Evaluating::by_engine(const std::vector<Reading>& readings, const Take& take) {
    if (has_loop())
        for (const auto& reading : readings) scorer(reading.variant);
    std::map<Variant, std::vector<std::size_t>> by_variant;
    for (std::size_t k = 0; k < readings.size(); ++k) by_variant[readings[k].variant].push_back(k);
    std::vector<Unit> units;
    constexpr std::size_t worth_a_copy = 100;  // making the rules costs as much as some readings
    for (auto& [variant, all] : by_variant) {
        const auto pieces = std::clamp<std::size_t>(all.size() / worth_a_copy, 1, threads_);
        for (std::size_t p = 0; p < pieces; ++p) {
            Unit unit{variant, {}};
            for (auto i = all.size() * p / pieces; i < all.size() * (p + 1) / pieces; ++i)
                unit.readings.push_back(all[i]);
            units.push_back(std::move(unit));
        }
    }
    std::atomic<std::size_t> next = 0;
    exec::on_threads(std::min<std::size_t>(threads_, units.size()), [&] {
        for (auto u = next++; u < units.size(); u = next++) evaluate(units[u], readings, take);
    });
}

void Evaluating::evaluate(const Unit& unit, const std::vector<Reading>& readings, const Take& take) {
    std::unique_ptr<VariantRules> rules;
    {
        const std::scoped_lock lock(alone_);  // one at a time reads the store
        rules = std::make_unique<VariantRules>(base_, unit.variant, lower_);
    }
    std::vector<std::string> mine{""};
    std::vector<std::uint16_t> shared{0}, outcomes;
    Ranker ranker(among_);
    std::vector<std::uint32_t> ranks(base_.run.evaluation.size());
    for (const auto k : unit.readings) {
        if (stop_.stop_requested()) throw Stopped();
        auto readout = rules->read(readings[k], mine);
        round_scores(*base_.tree.score, base_.run.graph->rules->rounding, readout.scores);
        if (has_loop()) compare(readings[k], readout.scores);
        ranker.ranks(readout.scores, ranks);
        if (mine.size() > shared.size()) {
            const std::scoped_lock lock(alone_);
            while (shared.size() < mine.size()) {
                const auto& text = mine[shared.size()];
                const auto found = std::find(outcomes_.begin(), outcomes_.end(), text);
                shared.push_back(static_cast<std::uint16_t>(found - outcomes_.begin()));
                if (found == outcomes_.end()) outcomes_.push_back(text);
            }
        }
        outcomes.clear();
        for (const auto code : readout.outcomes) outcomes.push_back(shared[code]);
        take(k, {readout.scores, ranks, outcomes});
        told(1, readings.size());
    }
}

/// INVARIANT (agrees with the engine) is looked at wherever both have computed the same.
void Evaluating::compare(const Reading& reading, std::span<const double> engine) {
    std::vector<double> mine(engine.size());
    Scorer::Space space;
    scorers_.at(of_scorer(reading.variant))
        ->scores(weights_of(reading, base_.tree), left_out_in(reading, base_.tree), space, mine);
    const auto& score = *base_.tree.score;
    round_scores(score, base_.run.graph->rules->rounding, mine);
    const auto close = (score.high - score.low).to_double() * 1e-9 +
                       (score.decimals ? std::pow(10.0, -*score.decimals) * 1.001 : 0);  // a half may fall either way
    for (std::size_t i = 0; i < engine.size(); ++i)
        if (std::isnan(mine[i]) != std::isnan(engine[i]) || std::abs(mine[i] - engine[i]) > close)
            throw InputError(
                Diagnostic{Kind::no_run,
                           fmt::format("`{}` of {} comes to {} by the engine and to {} by the loop of `robustness`",
                                       score.name, base_.run.evaluation.record(i), engine[i], mine[i]),
                           {},
                           "the same",
                           "this is a mistake of zoneval: please report it"});
}

}  // namespace zoneval::score
