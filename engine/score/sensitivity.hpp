// On which choice does a result hang? Shares of its variance, from readings that share all choices but one.
#pragma once

#include <vector>

#include "engine/score/robustness.hpp"

namespace zoneval::score {

/// Readings A and B, and A with each choice from B, as Saltelli et al. (2010) lay them out.
struct Design {
    std::size_t size = 0;           ///< of A, and of B
    std::vector<Reading> readings;  ///< A, then B, then A with the first choice of B …
};
Design design_of(const Readings& readings, std::size_t size, std::uint64_t seed);

/// From a result for each reading of the design. First-order effects by Saltelli (2010): mean(yB (yAB - yA)) / V; total
/// ones by Jansen (1999): mean((yA - yAB)²) / 2V, with V the variance over A and B; 0 where nothing varies. Bounds: the
/// 5 % and 95 % quantiles over 200 resamples of the rows.
std::vector<Index> indices_of(const Design& design, const std::vector<Choice>& choices, const std::vector<double>& y,
                              std::uint64_t seed);

/// The value of which a share of the values lies at or below; the list is sorted.
double occurring_quantile(std::vector<double>& values, double share);

}  // namespace zoneval::score
