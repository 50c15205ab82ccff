// Points and weights to scores, scores to ranks: what the engine computes of a score, over and over.
#pragma once

#include <span>
#include <vector>

#include "engine/score/score_tree.hpp"

namespace zoneval::score {

/// Of every indicator, a number for each record; NaN where there is none.
struct Points {
    std::size_t records = 0;
    std::vector<double> values;  ///< [leaf][record]
    std::span<const double> of(std::size_t leaf) const { return {values.data() + leaf * records, records}; }
};

/// What a group has on top of its mean, and off it, by record; NaN: unknown.
struct Extras {
    std::vector<double> bonus, penalties;          ///< empty: none
    std::vector<std::vector<std::int8_t>> vetoes;  ///< 1: it holds, 0: it does not, -1: unknown
};
/// By node of the tree; empty: no group has any.
std::vector<Extras> extras_of(const assess::Assessment& run, const ScoreTree& tree);

/// Scores by one way of aggregating. INVARIANT (agrees with the engine): with the weights of a reading, the scores are
/// those that the engine gives for it, but for the last digits.
class Scorer {
  public:
    /// `how`: of every group; as written where it says so. The others must outlive it.
    Scorer(const ScoreTree& tree, const Points& points, const std::vector<Extras>& extras,
           std::vector<model::Aggregation> how);

    /// Memory of one thread.
    struct Space {
        std::vector<double> rows, sum, weight, missing, shares;
        std::vector<double> gathered;
    };
    /// `weights`: by node. `left_out`: a leaf that does not count at all, or -1. Gives NaN where there is no score.
    void scores(std::span<const double> weights, int left_out, Space& space, std::span<double> out) const;

  private:
    struct Part {
        const double* values;  ///< of a leaf; nullptr: of a group, in the space
        int node;
        bool complete;
    };
    void means(std::size_t group, std::span<const double> weights, int left_out, Space& space) const;
    void middle_or_least(std::size_t group, int left_out, Space& space) const;
    void adjust(std::size_t group, int left_out, Space& space) const;
    bool falls_short(std::size_t group, std::size_t record, int left_out, const Space& space) const;
    void refuse_gaps(std::span<const double> weights, int left_out, Space& space, std::span<double> out) const;
    const double* raw(int node, const Space& space) const;

    const ScoreTree& tree_;
    const Points& points_;
    const std::vector<Extras>& extras_;
    const std::vector<model::Aggregation> how_;  ///< by node
    std::vector<double> transformed_;            ///< of leaves, as their group's mean takes them
    std::vector<bool> complete_;                 ///< by leaf: every record has points
};

/// How a rule set aggregates, by node of the tree.
std::vector<model::Aggregation> as_written(const ScoreTree& tree);

/// Whom a record is ranked among.
struct RankedAmong {
    std::vector<std::int32_t> group;  ///< by record; -1: it is not ranked
    std::size_t groups = 0;
};
/// What makes two scores alike: as published, or 12 digits of the scale. NaN stays.
void round_scores(const model::Score& score, feel::Rounding rounding, std::span<double> scores);
/// 1 for the highest of a group, equal scores share the smaller rank; 0: no score, or not ranked.
class Ranker {
  public:
    explicit Ranker(const RankedAmong& among);
    void ranks(std::span<const double> scores, std::span<std::uint32_t> out);

  private:
    std::vector<std::vector<std::uint32_t>> members_;  ///< by group
    std::vector<std::pair<double, std::uint32_t>> order_;
};

}  // namespace zoneval::score
