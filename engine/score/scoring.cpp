#include "engine/score/scoring.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace zoneval::score {

using How = model::Aggregation::How;

namespace {

constexpr auto nothing = std::numeric_limits<double>::quiet_NaN();

double part_of(const model::Aggregation& how, double x) { return how.floor ? std::max(x, how.floor->to_double()) : x; }

/// As the mean of its group takes it; NaN stays, and what has no logarithm becomes one.
void transform(const model::Aggregation& how, std::span<const double> from, double* to) {
    const auto n = from.size();
    const auto exponent = how.exponent.to_double();
    const auto each = [&](auto f) {
        for (std::size_t i = 0; i < n; ++i) {
            const auto x = std::isnan(from[i]) ? from[i] : part_of(how, from[i]);
            to[i] = f(x);
        }
    };
    switch (how.how) {
        case How::geometric: return each([](double x) { return x > 0 ? std::log(x) : nothing; });
        case How::harmonic: return each([](double x) { return x != 0 ? 1 / x : nothing; });
        case How::power: return each([&](double x) { return std::isnan(x) ? x : std::pow(x, exponent); });
        default: return each([](double x) { return x; });
    }
}

double back(const model::Aggregation& how, double mean) {
    switch (how.how) {
        case How::geometric: return std::exp(mean);
        case How::harmonic: return mean != 0 ? 1 / mean : nothing;
        case How::power: return std::isnan(mean) ? mean : std::pow(mean, 1 / how.exponent.to_double());
        default: return mean;
    }
}

bool is_mean(const model::Aggregation& how) { return how.how != How::median && how.how != How::minimum; }

}  // namespace

std::vector<model::Aggregation> as_written(const ScoreTree& tree) {
    std::vector<model::Aggregation> out;
    for (const auto& node : tree.nodes) out.push_back(node.group ? node.group->aggregation : model::Aggregation{});
    return out;
}

std::vector<Extras> extras_of(const assess::Assessment& run, const ScoreTree& tree) {
    const auto& e = run.evaluation;
    std::vector<Extras> out;
    const auto numbers = [&](std::optional<graph::NodeId> id, std::vector<double>& to) {
        for (std::size_t i = 0; id && i < e.size(); ++i) {
            const auto value = e.value(*id, i);
            to.push_back(value.number() ? value.number()->to_double() : nothing);
        }
    };
    if (!model::is_adjusted(tree.score->whole)) return out;
    for (const auto& node : tree.nodes) {
        auto& extras = out.emplace_back();
        numbers(node.bonus, extras.bonus);
        numbers(node.penalties, extras.penalties);
        for (const auto id : node.vetoes) {
            auto& veto = extras.vetoes.emplace_back();
            for (std::size_t i = 0; i < e.size(); ++i) {
                const auto value = e.value(id, i);
                veto.push_back(value.is_null() ? std::int8_t{-1} : value.is_true() ? std::int8_t{1} : std::int8_t{0});
            }
        }
    }
    return out;
}

Scorer::Scorer(const ScoreTree& tree, const Points& points, const std::vector<Extras>& extras,
               std::vector<model::Aggregation> how)
    : tree_(tree), points_(points), extras_(extras), how_(std::move(how)), transformed_(points.values.size()) {
    for (std::size_t leaf = 0; leaf < tree.leaves.size(); ++leaf) {
        const auto& node = tree.nodes[static_cast<std::size_t>(tree.leaves[leaf])];
        const auto from = points.of(leaf);
        transform(how_[static_cast<std::size_t>(node.parent)], from, transformed_.data() + leaf * points.records);
        complete_.push_back(std::none_of(from.begin(), from.end(), [](double x) { return std::isnan(x); }));
    }
}

const double* Scorer::raw(int node, const Space& space) const {
    const auto leaf = tree_.nodes[static_cast<std::size_t>(node)].leaf;
    return leaf >= 0 ? points_.values.data() + static_cast<std::size_t>(leaf) * points_.records
                     : space.rows.data() + static_cast<std::size_t>(node) * points_.records;
}

void Scorer::means(std::size_t group, std::span<const double> weights, int left_out, Space& space) const {
    const auto n = points_.records;
    const auto policy = tree_.score->on_missing;
    const auto& how = how_[group];
    auto* sum = space.sum.data();
    auto* there = space.weight.data();
    std::fill_n(sum, n, 0.0);
    std::fill_n(there, n, 0.0);
    double complete = 0;  // weight of parts that every record has
    for (const auto child : tree_.nodes[group].children) {
        const auto leaf = tree_.nodes[static_cast<std::size_t>(child)].leaf;
        if (leaf >= 0 && leaf == left_out) continue;
        const auto w = weights[static_cast<std::size_t>(child)];
        const auto* x = raw(child, space);
        const auto* g = x;
        if (leaf >= 0) {
            g = transformed_.data() + static_cast<std::size_t>(leaf) * n;
        } else if (how.how != How::arithmetic || how.floor) {
            space.gathered.resize(n);
            transform(how, {x, n}, space.gathered.data());
            g = space.gathered.data();
        }
        if ((leaf >= 0 && complete_[static_cast<std::size_t>(leaf)]) || policy == model::Score::OnMissing::unknown) {
            complete += w;
            for (std::size_t i = 0; i < n; ++i) sum[i] += w * g[i];
        } else if (policy == model::Score::OnMissing::zero) {
            complete += w;
            for (std::size_t i = 0; i < n; ++i) sum[i] += std::isnan(x[i]) ? 0.0 : w * g[i];
        } else {
            for (std::size_t i = 0; i < n; ++i) {
                const bool gap = std::isnan(x[i]);
                sum[i] += gap ? 0.0 : w * g[i];
                there[i] += gap ? 0.0 : w;
            }
        }
    }
    auto* out = space.rows.data() + group * n;
    if (how.how == How::arithmetic)
        for (std::size_t i = 0; i < n; ++i) out[i] = sum[i] / (complete + there[i]);
    else
        for (std::size_t i = 0; i < n; ++i) out[i] = back(how, sum[i] / (complete + there[i]));
}

void Scorer::middle_or_least(std::size_t group, int left_out, Space& space) const {
    const auto n = points_.records;
    const auto& how = how_[group];
    std::vector<const double*> parts;
    for (const auto child : tree_.nodes[group].children)
        if (const auto leaf = tree_.nodes[static_cast<std::size_t>(child)].leaf; leaf < 0 || leaf != left_out)
            parts.push_back(raw(child, space));
    auto* out = space.rows.data() + group * n;
    space.gathered.resize(parts.size());
    for (std::size_t i = 0; i < n; ++i) {
        bool gap = parts.empty();
        for (std::size_t p = 0; p < parts.size(); ++p) {
            gap = gap || std::isnan(parts[p][i]);
            space.gathered[p] = part_of(how, parts[p][i]);
        }
        if (gap) {
            out[i] = nothing;
            continue;
        }
        std::sort(space.gathered.begin(), space.gathered.end());
        const auto middle = parts.size() / 2;
        out[i] = how.how == How::minimum ? space.gathered.front()
                 : parts.size() % 2 == 1 ? space.gathered[middle]
                                         : (space.gathered[middle - 1] + space.gathered[middle]) / 2;
    }
}

/// Some part has fewer points than its minimum. One that is missing makes the mean missing, does not count, or counts
/// as zero: as the score says.
bool Scorer::falls_short(std::size_t group, std::size_t record, int left_out, const Space& space) const {
    for (const auto child : tree_.nodes[group].children) {
        const auto& node = tree_.nodes[static_cast<std::size_t>(child)];
        const auto& least = node.indicator ? node.indicator->minimum : node.group->minimum;
        if (!least || (node.leaf >= 0 && node.leaf == left_out)) continue;
        auto x = raw(child, space)[record];
        if (std::isnan(x) && tree_.score->on_missing == model::Score::OnMissing::zero) x = 0;
        if (x < least->to_double()) return true;
    }
    return false;
}

/// As Builder::adjusted() says it in expressions.
void Scorer::adjust(std::size_t group, int left_out, Space& space) const {
    const auto& a = tree_.nodes[group].group->adjustments;
    const auto& extras = extras_[group];
    const auto low = tree_.score->low.to_double(), high = tree_.score->high.to_double();
    const auto n = points_.records;
    auto* out = space.rows.data() + group * n;
    for (std::size_t i = 0; i < n; ++i) {
        auto x = out[i];
        const auto at_most = [&](double most) { x = x > most ? most : x; };  // NaN stays
        if (!extras.bonus.empty()) {
            x += extras.bonus[i];
            if (!a.bonus.beyond_scale) at_most(high);
        }
        if (!extras.penalties.empty()) {
            x -= extras.penalties[i];
            if (!a.penalties.beyond_scale) x = x < low ? low : x;
        }
        if (falls_short(group, i, left_out, space)) at_most(a.below_minimum.value_or(tree_.score->low).to_double());
        for (std::size_t v = 0; v < extras.vetoes.size(); ++v) {
            const auto most = a.vetoes[v].at_most.to_double();
            if (extras.vetoes[v][i] > 0) at_most(most);
            if (extras.vetoes[v][i] < 0 && x > most) x = nothing;
        }
        out[i] = x;
    }
}

/// Of a reweighted score: too much of the whole weight is missing.
void Scorer::refuse_gaps(std::span<const double> weights, int left_out, Space& space, std::span<double> out) const {
    const auto at_most = tree_.score->presence.at_most.value_or(feel::Decimal(1)).to_double();
    if (tree_.score->on_missing != model::Score::OnMissing::reweight || at_most >= 1) return;
    space.shares.assign(tree_.nodes.size(), 0);
    space.shares[0] = 1;
    for (std::size_t at = 0; at < tree_.nodes.size(); ++at) {
        double all = 0;
        const auto counts = [&](int child) {
            const auto leaf = tree_.nodes[static_cast<std::size_t>(child)].leaf;
            return leaf < 0 || leaf != left_out;
        };
        for (const auto child : tree_.nodes[at].children)
            if (counts(child)) all += weights[static_cast<std::size_t>(child)];
        for (const auto child : tree_.nodes[at].children)
            if (counts(child))
                space.shares[static_cast<std::size_t>(child)] =
                    all > 0 ? space.shares[at] * weights[static_cast<std::size_t>(child)] / all : 0;
    }
    space.missing.assign(points_.records, 0);
    for (std::size_t leaf = 0; leaf < tree_.leaves.size(); ++leaf) {
        if (complete_[leaf] || static_cast<int>(leaf) == left_out) continue;
        const auto share = space.shares[static_cast<std::size_t>(tree_.leaves[leaf])];
        const auto x = points_.of(leaf);
        for (std::size_t i = 0; i < x.size(); ++i) space.missing[i] += std::isnan(x[i]) ? share : 0.0;
    }
    constexpr double exactly_at = 1e-12;
    for (std::size_t i = 0; i < out.size(); ++i)
        if (space.missing[i] > at_most + exactly_at) out[i] = nothing;
}

void Scorer::scores(std::span<const double> weights, int left_out, Space& space, std::span<double> out) const {
    const auto n = points_.records;
    space.rows.resize(tree_.nodes.size() * n);
    space.sum.resize(n);
    space.weight.resize(n);
    for (auto at = tree_.nodes.size(); at-- > 0;) {
        if (tree_.nodes[at].leaf >= 0) continue;
        if (is_mean(how_[at]))
            means(at, weights, left_out, space);
        else
            middle_or_least(at, left_out, space);
        if (!extras_.empty()) adjust(at, left_out, space);
    }
    std::copy_n(space.rows.begin(), n, out.begin());
    refuse_gaps(weights, left_out, space, out);
}

namespace {

/// To whole numbers; what lies within the last digits of a half, or of a whole number, is one.
double whole(double x, feel::Rounding rounding) {
    constexpr double last_digits = 1e-9;
    const auto near = std::nearbyint(x);
    if (std::abs(x - near) < last_digits) return near;
    const auto down = std::floor(x), rest = x - down;
    if (rounding == feel::Rounding::floor) return down;
    if (rounding == feel::Rounding::ceiling) return down + 1;
    if (rounding == feel::Rounding::up) return x < 0 ? down : down + 1;
    if (rounding == feel::Rounding::down) return x < 0 ? down + 1 : down;
    if (std::abs(rest - 0.5) >= last_digits) return rest > 0.5 ? down + 1 : down;
    if (rounding == feel::Rounding::half_even) return std::fmod(down, 2) == 0 ? down : down + 1;
    const bool away = rounding == feel::Rounding::half_up;
    return (x < 0) == away ? down : down + 1;
}

}  // namespace

void round_scores(const model::Score& score, feel::Rounding rounding, std::span<double> scores) {
    // Beyond twelve digits a difference is none.
    const auto unit = score.decimals ? std::pow(10.0, *score.decimals) : 1e12 / (score.high - score.low).to_double();
    for (auto& x : scores)
        if (!std::isnan(x)) x = (score.decimals ? whole(x * unit, rounding) : std::nearbyint(x * unit)) / unit;
}

Ranker::Ranker(const RankedAmong& among) : members_(among.groups) {
    for (std::size_t i = 0; i < among.group.size(); ++i)
        if (among.group[i] >= 0)
            members_[static_cast<std::size_t>(among.group[i])].push_back(static_cast<std::uint32_t>(i));
}

void Ranker::ranks(std::span<const double> scores, std::span<std::uint32_t> out) {
    std::fill(out.begin(), out.end(), 0u);
    for (const auto& members : members_) {
        order_.clear();
        for (const auto i : members)
            if (!std::isnan(scores[i])) order_.emplace_back(-scores[i], i);
        std::sort(order_.begin(), order_.end());
        std::uint32_t place = 0;
        for (std::size_t k = 0; k < order_.size(); ++k) {
            if (k == 0 || order_[k].first != order_[k - 1].first) place = static_cast<std::uint32_t>(k + 1);
            out[order_[k].second] = place;
        }
    }
}

}  // namespace zoneval::score
