// A reading as a rule set, evaluated by the engine like any other: what is said of verdicts comes from here alone.
#pragma once

#include <map>
#include <memory>

#include "engine/score/readings.hpp"
#include "engine/score/scoring.hpp"

namespace zoneval::score {

/// The run that is looked at.
struct Base {
    const store::Store& store;
    const assess::Assessment& run;
    const Choices& choices;
    const ScoreTree& tree;
    std::string decision;  ///< empty: there is none
};

/// What a record comes to in a reading.
struct Readout {
    std::vector<double> scores;           ///< by record, unrounded where the rules do not round; NaN: none
    std::vector<std::uint16_t> outcomes;  ///< by record: index into Variants::outcomes; empty: no decision is asked for
};

/// One variant of the rules, with weights that can be set. For one thread at a time.
class VariantRules {
  public:
    /// Throws InputError where the changed rules do not hold together, which is a mistake of ours.
    VariantRules(const Base& base, const Variant& variant, const std::vector<bool>& lower_is_better);
    ~VariantRules();
    /// The points of every indicator as they are; none of the leaf that the variant does without, or -1.
    Points points(int left_out) const;
    /// `outcomes`: texts seen so far, one code each; the first is "", undetermined.
    Readout read(const Reading& reading, std::vector<std::string>& outcomes);

  private:
    void set_weights(const Reading& reading);
    void disturb(const Reading& reading);

    const Base& base_;
    std::shared_ptr<model::RuleSet> rules_;
    std::vector<std::pair<std::size_t, int>> parameters_;  ///< index into the rules' parameters, node of the tree
    assess::Assessment assessed_;
    const graph::ScoreNodes* nodes_ = nullptr;
    std::unique_ptr<exec::KeptValues> kept_;  ///< what weights do not change
    std::optional<exec::Evaluation> last_;    ///< made again for each reading, where weights alone change
    const exec::Evaluation& evaluated();
    struct Amount {
        std::size_t column;
        std::vector<feel::Value> values;  ///< by row, as reported
        std::optional<feel::Decimal> min, max;
    };
    std::vector<Amount> amounts_;
};

/// Of each indicator, whether less of it makes more points: as the run's own values and points say.
std::vector<bool> lower_is_better(const assess::Assessment& run, const ScoreTree& tree);
/// Numbers reported of the year that the indicators are computed of.
std::vector<std::string> amounts_behind(const graph::Graph& graph, const ScoreTree& tree);

}  // namespace zoneval::score
