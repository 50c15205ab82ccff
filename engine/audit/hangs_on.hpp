// On whose blanks a verdict hangs: it stands as issued, and would be another if a figure of somebody else came.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/assess/assessment.hpp"

namespace zoneval::audit {

/// Among `possible`: what stands for an outcome where no rule holds; people read it in their language.
inline constexpr std::string_view no_rule_holds = "no rule holds";

struct HangsOn {
    std::string record;                 ///< whose blank
    std::vector<std::string> data;      ///< what is blank there
    std::string through;                ///< the comparison they meet in: "percent rank(overall, class)"
    std::vector<std::string> possible;  ///< what the verdict may then come to, with what it is now
    bool alone = true;                  ///< false: only with the others that are named
};

constexpr std::size_t most_looked_through = 20'000;  ///< records of a cohort; in a larger one nobody is looked for

/// Of a settled decision about a record: others whose figures, once known, could change it through a rank or an
/// aggregate. One comparison at a time, and one record of those that could do it alone; where only several together
/// could, all of them, as where trying each would take very long. What is named could change the outcome as far as
/// bounds tell; who is not named cannot alone.
std::vector<HangsOn> hangs_on(const assess::Assessment& assessment, const graph::Node& decision, std::size_t record);

}  // namespace zoneval::audit
