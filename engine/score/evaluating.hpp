// Readings evaluated one after the other, by several threads.
#pragma once

#include <functional>
#include <map>
#include <mutex>

#include "engine/score/variants.hpp"

namespace zoneval::score {

/// What a reading comes to. Scores are rounded as published; ranks 0: none.
struct Evaluated {
    std::span<const double> scores;
    std::span<const std::uint32_t> ranks;
    std::span<const std::uint16_t> outcomes;  ///< index into Evaluating::outcomes; empty: not asked for
};
/// Called once for each reading, from any thread; what it is given is good only during the call.
using Take = std::function<void(std::size_t reading, const Evaluated& evaluated)>;

class Evaluating {
  public:
    /// All must outlive it.
    Evaluating(const Base& base, const RankedAmong& among, unsigned threads, std::stop_token stop,
               std::function<void(std::size_t, std::size_t)> tell);
    /// `verdicts`: by the engine; else by the loop alone, where there is one for the score.
    void each(const std::vector<Reading>& readings, bool verdicts, const Take& take);
    /// Texts of outcomes seen so far; the first is "", undetermined. Their order says nothing.
    const std::vector<std::string>& outcomes() const { return outcomes_; }

  private:
    struct Unit;
    const Scorer& scorer(const Variant& variant);
    /// What makes other points: the variant without what only weighs or aggregates them.
    Variant of_points(const Variant& variant) const;
    Variant of_scorer(Variant variant) const;
    int left_out_of(const Variant& variant) const;
    const Points& points(const Variant& variant);
    bool has_loop() const;
    bool feeds_on_itself() const;
    void by_loop(const std::vector<Reading>& readings, const Take& take);
    void by_engine(const std::vector<Reading>& readings, const Take& take);
    void evaluate(const Unit& unit, const std::vector<Reading>& readings, const Take& take);
    void compare(const Reading& reading, std::span<const double> engine);
    void told(std::size_t more, std::size_t total);

    const Base& base_;
    const RankedAmong& among_;
    unsigned threads_;
    std::stop_token stop_;
    std::function<void(std::size_t, std::size_t)> tell_;
    const std::vector<bool> lower_;
    const std::vector<Extras> extras_;
    const bool feeds_on_itself_ = feeds_on_itself();
    std::map<Variant, Points> points_;
    std::map<Variant, std::unique_ptr<Scorer>> scorers_;  ///< whatever is left out
    std::vector<std::string> outcomes_{""};
    std::mutex alone_;
    std::size_t done_ = 0;
};

}  // namespace zoneval::score
