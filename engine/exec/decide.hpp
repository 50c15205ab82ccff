// From rules that hold, do not hold or cannot be told, to an outcome.
#pragma once

#include <functional>

#include "engine/exec/evaluate.hpp"

namespace zoneval::exec {

enum class Holds { no, yes, unknown };

/// A rule or a row of a table, for one record. Functions are called only where their result matters.
struct Candidate {
    std::string id;
    std::function<feel::Value()> condition;              ///< true, false, or a null with a cause
    std::function<feel::Value()> outcome;
    std::function<std::vector<feel::Value>()> possible;  ///< outcomes it may give while data are missing
};

struct Decided { feel::Value value; Outcome outcome; };

/// What an unknown condition counts as under the rule's `if missing`; nullopt when it does not cover everything missing.
std::optional<bool> counts_as(const model::Rule& rule, const feel::Value& unknown);

/// A decision that waits for data: the outcomes still possible, and why each open condition is open.
Decided leave_open(const std::vector<feel::Value>& possible, std::vector<feel::CausePtr> causes,
                   const model::Decision& decision);

/// Applies a hit policy. `values` are the declared outcomes in order (priorities), `adverse` those never given while
/// anything before them is unknown.
Decided decide(const std::string& hit_policy, const std::vector<Candidate>& candidates,
               const std::optional<Candidate>& otherwise, const model::Decision& decision);

}  // namespace zoneval::exec
