// Progress towards plan targets: the ratio of observed to required growth (the method of Open SDG), and what a
// cumulative reduction needs instead.
#pragma once

#include <functional>
#include <optional>
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
    const model::Target::Goal* goal = nullptr;  ///< in force at the assessment of that year; nullptr: none yet
};

/// The day on which a year is assessed; empty, or nullopt: its last.
using DayOf = std::function<std::optional<feel::Date>(std::int32_t)>;

/// Against the goal in force on the day of that year's assessment.
Progress measure_progress(const model::Target& target, std::int32_t year, const feel::Value& value,
                          const DayOf& day_of = {});

/// All published observations up to `year`, oldest first.
std::vector<Progress> published_progress(const model::Target& target, std::int32_t year, const DayOf& day_of = {});

}  // namespace zoneval::exec
