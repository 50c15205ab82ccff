// Rule sets on data files that are in no store: gaps and overlaps of decisions, counted on real records.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/graph/graph.hpp"
#include "engine/io/reading/import.hpp"

namespace zoneval::assess {

/// One table for each year of the rows; what no file has is not reported.
std::map<std::int32_t, Table> tables_of(const graph::Graph& graph, const std::vector<io::ImportedRows>& rows);

struct DecisionOnData {
    std::string decision;
    std::size_t records = 0;  ///< records of all years in the files
    std::size_t gaps = 0, overlaps = 0, undetermined = 0;
    std::string gap_example, overlap_example;  ///< "Z017 in 2023"
};

/// Evaluates every year of the rows on its own (nothing has a prior value) and counts, for each decision, the records
/// no rule says anything about and those for which rules contradict each other. Throws InputError like exec::evaluate.
std::vector<DecisionOnData> count_on_data(const graph::Graph& graph, const std::vector<io::ImportedRows>& rows);

}  // namespace zoneval::assess
