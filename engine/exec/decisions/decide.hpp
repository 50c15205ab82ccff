// From rules that hold, do not hold or cannot be told, to an outcome.
#pragma once

#include "engine/exec/results/evaluation.hpp"

namespace zoneval::exec {

enum class Holds { no, yes, unknown };

/// Outcomes that are still possible.
struct Possible {
    std::vector<feel::Value> values;  ///< each once
    bool anything = false;            ///< others too, which nobody has declared

    void add(const feel::Value& value);
    void add(const Possible& more);
};

/// The rules, or the rows of a table, for one record; last what holds otherwise. Each is asked only where its answer
/// matters.
class Candidates {
  public:
    virtual ~Candidates() = default;
    virtual std::size_t size() const = 0;  ///< without `otherwise`, which is of that number
    virtual bool has_otherwise() const = 0;
    virtual feel::Value condition(std::size_t i) const = 0;  ///< true, false, or a null with a cause
    virtual feel::Value outcome(std::size_t i) const = 0;
    /// Outcomes it may give while data are missing.
    virtual Possible possible(std::size_t i) const = 0;
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

/// Whether nothing that anybody could report settles it: a failed operation, or a group too small to compare in.
bool nobody_can_report(const feel::Cause& leaf);

/// A decision that cannot be told yet: the outcomes still possible, and why each open condition is open.
Decided leave_open(const Possible& possible, std::vector<feel::CausePtr> causes, const model::Decision& decision);

/// Applies the decision's hit policy. Its `values` are in the order of their priority; those that are `adverse` are
/// never given while anything before them is unknown.
Decided decide(const Candidates& candidates, const model::Decision& decision);

}  // namespace zoneval::exec
