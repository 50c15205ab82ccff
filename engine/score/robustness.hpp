// How firm is a run? Its records in other plausible readings of the same rules.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/score/readings.hpp"
#include "engine/wording/language.hpp"

namespace zoneval::score {

struct Asked {
    Choices choices;
    std::string score;     ///< empty: what the rule set ranks by
    std::string decision;  ///< empty: the one with adverse outcomes; of a rule set without decisions: none
    bool verdicts = true;  ///< false: scores and ranks alone, which is much faster
    std::size_t replicates = 1000;
    std::uint64_t seed = 1;
    std::string record;    ///< not empty: also each choice alone, for this record
    bool indices = false;  ///< Sobol indices, too
    std::string language = "en";
    unsigned threads = 1;
    std::function<void(std::size_t done, std::size_t total)> tell{};
    std::stop_token stop{};
};

/// In nine of ten readings a value lies within: the 5 % and 95 % quantiles, each a value that occurred.
struct Within {
    double low = 0, high = 0;
};

struct Firmness {
    std::string record, label;
    std::string outcome;  ///< of the decision as things are; empty: undetermined
    bool adverse = false;
    double holds = 0;                                      ///< share of readings with that outcome
    std::vector<std::pair<std::string, double>> outcomes;  ///< and of every outcome, the most frequent first
    std::string class_;                                    ///< among whom it is ranked; empty: all
    std::uint32_t rank = 0, of = 0;                        ///< 0: it has none
    Within ranks;
    double same_rank = 0, median_rank = 0, mean_rank = 0;  ///< same: share of readings with that very rank
    double ranked = 0;                                     ///< share of readings in which it has a rank
    std::optional<double> score;
    Within scores;
};

/// First-order and total effects on what varies (Saltelli 2010, Jansen 1999), each with bounds in which nine of ten
/// resamples of the readings lie.
struct Index {
    Choice choice;
    double first = 0, total = 0;
    Within first_within, total_within;
};

struct Robustness {
    std::string record_name;               ///< "zone"
    std::string decision, decision_title;  ///< empty: verdicts were not looked at
    std::string score, score_title, score_unit;
    std::string rank_title;  ///< empty: ranked among all by the score itself
    bool in_classes = false;
    int decimals = 2;
    std::int32_t year = 0;
    std::size_t replicates = 0, indicators = 0, left_out = 0;  ///< left_out: indicators that may be
    std::uint64_t seed = 0;
    Choices choices;
    std::vector<Choice> varied;
    /// Of each indicator, by title: its share of the whole weight, as written or as the data gave it, where all is
    /// there.
    std::vector<std::pair<std::string, double>> effective;
    std::vector<std::string> amounts;  ///< inputs that errors were made for
    std::vector<Firmness> records;     ///< in the order of the run
    struct Alone {
        Choice choice;
        double holds;  ///< of the record asked for: its outcome; without a decision, its rank
    };
    std::vector<Alone> alone;
    std::vector<Index> indices;           ///< of the mean shift of ranks; of a record asked for, of its rank
    std::vector<std::string> not_varied;  ///< keys of words: "normalise", "classes" …
};

/// The run must be as it was recorded, and the store that it came from. Throws InputError for what cannot be varied,
/// and Stopped.
Robustness robustness(const store::Store& store, const assess::Assessment& run, const Asked& asked);

/// How often each record's outcome of the decision holds in so many readings of the default choices, by record of the
/// run; empty where the rule set has no score or no decision.
std::vector<double> shares_that_hold(const store::Store& store, const assess::Assessment& run,
                                     const std::string& decision, std::size_t replicates, unsigned threads);

struct TextLook {
    bool colour = false, all = false;
    std::size_t width = 100;
    std::string store;  ///< for commands to go on with
};
std::string render_text(const Robustness& found, wording::Language language, const TextLook& look);
std::string render_record(const Robustness& found, const std::string& record, wording::Language language,
                          const TextLook& look);
std::string render_json(const Robustness& found);
std::string render_csv(const Robustness& found);

}  // namespace zoneval::score
