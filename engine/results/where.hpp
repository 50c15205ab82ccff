// The records for which a condition holds.
#pragma once

#include "engine/results/table.hpp"

namespace zoneval::results {

struct Matches {
    std::vector<std::uint8_t> holds;  ///< by record
    std::size_t count = 0;
    std::size_t unknown = 0;  ///< records of which it cannot be told for want of data
};
/// A FEEL condition over the rule set's definitions: `region = "West" and overall < 40`. Throws InputError when it does
/// not parse, names nothing the rule set defines, or gives something else than true and false.
Matches where(const assess::Assessment& assessment, const std::string& condition);

}  // namespace zoneval::results
