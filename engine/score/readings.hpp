// A reading: the same rules with other plausible choices.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/score/score_tree.hpp"

namespace zoneval::score {

/// What varies; each choice drawn on its own, all alternatives alike.
struct Choices {
    double weights = 0;                                  ///< every weight up to this share up or down; 0: as written
    bool leave_out = false;                              ///< any one indicator
    std::vector<model::Indicator::Normalise> normalise;  ///< beside what is written: for all indicators
    std::vector<model::Aggregation::How> aggregate;      ///< the same, for all groups
    std::vector<model::Impute> impute;                   ///< of every blank of an indicator
    std::vector<int> winsorise;                          ///< of every indicator: at most so many, until it passes
    double data_error = 0;                               ///< every amount of the year up to this share up or down
};

enum class Choice : std::uint8_t { weights, leave_out, normalise, aggregate, impute, winsorise, data_error };

/// Choices among a few; -1: as written.
struct Variant {
    int left_out = -1;   ///< which indicator
    int normalise = -1;  ///< index into Choices::normalise
    int aggregate = -1;  ///< index into Choices::aggregate
    int impute = -1;     ///< the same of Choices::impute
    int winsorise = -1;  ///< and of Choices::winsorise
    friend auto operator<=>(const Variant&, const Variant&) = default;
};

struct Reading {
    Variant variant;
    std::vector<double> weights;  ///< by node of the tree
    std::uint64_t error = 0;      ///< key of the errors of data; 0: none
};

/// Weights as the engine takes them: a group whose only indicator is left out counts for nothing.
std::vector<double> weights_of(const Reading& reading, const ScoreTree& tree);
/// Places of drawn weights, as a power of ten.
double digits_of(const ScoreTree& tree);
/// The leaf that does not count, if it has siblings; else -1, as its group counts for nothing.
int left_out_in(const Reading& reading, const ScoreTree& tree);
/// How a group of the score aggregates in a variant. A mean of logarithms or reciprocals, where it is not the author's,
/// has a floor: a hundredth of the scale above its lower end.
model::Aggregation aggregated(const Choices& choices, const Variant& variant, const model::Score& score,
                              model::Aggregation written);

/// From points of the unit cube to readings.
class Readings {
  public:
    /// Both must outlive it.
    Readings(const Choices& choices, const ScoreTree& tree);
    std::size_t dimensions() const { return owner_.size(); }
    const std::vector<Choice>& varied() const { return varied_; }  ///< choices that have alternatives here
    const std::vector<int>& may_be_left_out() const { return may_be_left_out_; }
    Reading as_written() const;
    Reading at(std::span<const double> point) const;
    /// All of the first point, but for one choice, which is of the second.
    Reading at(std::span<const double> point, std::span<const double> other, Choice from_other) const;
    /// That choice alone; the others as written.
    Reading alone(std::span<const double> point, Choice choice) const;

  private:
    Reading only(std::span<const double> point, const std::vector<std::uint8_t>& dimensions) const;

    const Choices& choices_;
    const ScoreTree& tree_;
    const double digits_;        ///< of drawn weights: their places as a power of ten
    std::vector<Choice> owner_;  ///< by dimension
    std::vector<Choice> varied_;
    std::vector<int> may_be_left_out_;
};

}  // namespace zoneval::score
