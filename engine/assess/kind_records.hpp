// Records of other kinds, from a store.
#pragma once

#include <string>
#include <vector>

#include "engine/assess/assessment.hpp"
#include "engine/exec/kinds/kinds.hpp"

namespace zoneval::assess {

/// All there are for a year, one entry for each kind of the graph.
std::vector<exec::KindRecords> kind_records(const graph::Graph& graph, const store::Store& store,
                                            const store::Snapshot& snapshot, std::int32_t year, const Work& work);

/// What a reader must know: records whose owner is not there, acts that end before the year.
void note_kinds(const graph::Graph& graph, const exec::Kinds& kinds, std::vector<Note>& out);

/// Whether the records of a kind that count in a year are others in a later state of the data.
bool differ(const model::RecordKind& kind, const store::Store& store, std::int32_t year, const store::Snapshot& before,
            const store::Snapshot& after);

}  // namespace zoneval::assess
