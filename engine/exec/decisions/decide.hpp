// From rules that hold, do not hold or cannot be told, to an outcome.
#pragma once

#include "engine/exec/results/evaluation.hpp"

namespace zoneval::exec {

enum class Holds { no, yes, unknown };

/// The rules, or the rows of a table, for one record; last what holds otherwise. Each is asked only where its answer
/// matters.
class Candidates {
  public:
    virtual ~Candidates() = default;
    virtual std::size_t size() const = 0;  ///< without `otherwise`, which is of that number
    virtual bool has_otherwise() const = 0;
    virtual const std::string& id(std::size_t i) const = 0;
    virtual feel::Value condition(std::size_t i) const = 0;  ///< true, false, or a null with a cause
    virtual feel::Value outcome(std::size_t i) const = 0;
    /// Outcomes it may give while data are missing.
    virtual std::vector<feel::Value> possible(std::size_t i) const = 0;
    /// Whether anyone reads why a decision is open.
    virtual bool told_why() const { return true; }
};

struct Decided {
    feel::Value value;
    Outcome outcome;
};

/// What an unknown condition counts as under the rule's `if missing`; nullopt when it does not cover everything
/// missing.
std::optional<bool> counts_as(const model::Rule& rule, const feel::Value& unknown);

/// A decision that waits for data: the outcomes still possible, and why each open condition is open.
Decided leave_open(const std::vector<feel::Value>& possible, std::vector<feel::CausePtr> causes,
                   const model::Decision& decision);

/// Applies a hit policy. The decision's `values` are in the order of their priority; those that are `adverse` are never
/// given while anything before them is unknown.
Decided decide(const std::string& hit_policy, const Candidates& candidates, const model::Decision& decision);

}  // namespace zoneval::exec
