// Whether earlier assessments still stand on the data of today.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/assess/assessment.hpp"

namespace zoneval::assess {

struct Stale {
    std::int32_t first_year = 0, last_year = 0;  ///< to assess again, in this order, before the year that looks back
    std::vector<std::string> reasons;            ///< one for each run that no longer stands, oldest year first
};

/// Years whose data an assessment of `year` reads: its own, those it looks back to, and those it compares with or fills
/// blanks between.
std::vector<std::int32_t> years_of_data(const graph::Graph& graph, const store::Store& store, std::int32_t year);

/// Looks through the runs that an assessment of `year` builds on, and those they were built on: data of their years
/// that came later (also of years they compare with), and runs that have been replaced. nullopt: all stand.
std::optional<Stale> stale_history(const graph::Graph& graph, const store::Store& store, const Basis& basis,
                                   std::int32_t year);

}  // namespace zoneval::assess
