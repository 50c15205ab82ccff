// Statistics of a cohort, in decimals: slow and sure. Formulas: docs/scores.md.
#pragma once

#include <vector>

#include "engine/feel/value/value.hpp"
#include "engine/graph/graph.hpp"

namespace zoneval::exec {

/// Sets the results of the rows of one group. Records without a value (of lists: without all of them) take no part;
/// where a function gives each record its own, they have none.
void evaluate_statistic(const graph::CohortForm& form, const std::vector<std::size_t>& rows,
                        const std::vector<feel::Value>& values, std::vector<feel::Value>& out);

using Numbers34 = std::vector<feel::Decimal>;
/// Adjusted for the sample (G1 and G2); null with its cause where they are not defined.
feel::Value skewness_of(const Numbers34& numbers);
feel::Value kurtosis_of(const Numbers34& numbers);

/// Values with their outliers treated, and what was done.
struct Treated {
    Numbers34 values;
    struct Done {
        model::Treatment::Step step;
        std::vector<std::size_t> winsorised;  ///< which were given another's value
    };
    std::vector<Done> done;  ///< what led to the values, in order
    bool passes = false;
};
/// `parameters`: as graph::treatment_parameters() has them.
Treated treat(const Numbers34& numbers, const std::vector<feel::Decimal>& parameters);

}  // namespace zoneval::exec
