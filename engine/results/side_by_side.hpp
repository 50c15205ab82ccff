// Several years or runs in one table, joined by record.
#pragma once

#include "engine/results/table.hpp"

namespace zoneval::results {

/// The columns of each table beside those of the others, named "overall 2023"; the records of all, in the order of the
/// newest. Records and labels come once. Of runs of one year the number of the run stands beside the year.
Table side_by_side(const std::vector<Table>& tables);

/// Adds columns of an earlier stored run: main decision and score, "verdict 2023".
void add_earlier(Table& table, const store::Run& earlier, bool score, wording::Language language);

}  // namespace zoneval::results
