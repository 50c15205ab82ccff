// Which columns of results people see unless they say otherwise.
#pragma once

#include <string>
#include <vector>

#include "engine/results/table.hpp"

namespace zoneval::report {

/// Definitions: `publish`, or, on a terminal, scores and decisions alone (measures where there are neither); files also
/// have rule, possible outcomes and what the main decision waits for.
std::vector<std::string> usual_columns(const graph::Graph& graph, bool for_files);

/// Those columns with the parts of decisions that texts below a table and sheets of reasons are made of.
results::Table table_with_reasons(const assess::Assessment& assessment, std::vector<std::string> columns,
                                  wording::Language language, bool all_reasons, bool whys = true);

/// The columns with rank, id and name in front and the earlier year behind, as far as the table has them.
std::vector<std::string> with_ends(const results::Table& table, const std::vector<std::string>& columns);

}  // namespace zoneval::report
