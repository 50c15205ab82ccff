// Whose figures were filled in: what stands beside points, groups and scores that rest on them.
#pragma once

#include "engine/assess/assessment.hpp"

namespace zoneval::results {

/// Of a score, a group of it or the points of an indicator: for each record the indicators behind it whose value is
/// made up, as the rule file writes them. Empty: of no record, or the node is none of these.
std::vector<std::vector<std::string>> imputed_behind(const assess::Assessment& assessment, const graph::Node& node);

}  // namespace zoneval::results
