// Who has no row this year that had one at the last review, and who is new.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/assess/assessment.hpp"

namespace zoneval::assess {

Attendance attendance_of(const graph::Graph& graph, const store::Store& store, const Basis& basis, const Table& table);

}  // namespace zoneval::assess
