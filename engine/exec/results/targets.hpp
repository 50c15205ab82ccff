// Progress towards plan targets: the ratio of observed to required growth (the method of Open SDG), and what a
// cumulative reduction needs instead.
#pragma once

#include <string>
#include <vector>

#include "engine/model/ruleset.hpp"

namespace zoneval::exec {

struct Progress {
    std::int32_t year = 0;
    feel::Value value;  ///< null with a cause where it could not be measured
    feel::Value ratio;  ///< observed over required; null with a cause where not comparable
    /// "achieved", "on track", "acceleration needed", "limited progress", "deterioration", "not comparable",
    /// "base year", "unknown".
    std::string status;
    bool published = false;  ///< from `observed`, not measured on the assessed records
    const model::Observation* observation = nullptr;
};

Progress measure_progress(const model::Target& target, std::int32_t year, const feel::Value& value);

/// All published observations up to `year`, oldest first.
std::vector<Progress> published_progress(const model::Target& target, std::int32_t year);

}  // namespace zoneval::exec
