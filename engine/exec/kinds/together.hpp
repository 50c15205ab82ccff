// What the records of a kind come to together, for the one record that they belong to.
#pragma once

#include <optional>
#include <vector>

#include "engine/exec/results/reopened.hpp"
#include "engine/graph/graph.hpp"

namespace zoneval::exec {

/// One record's part in a function over its kind.
struct KindTerm {
    enum class In : std::uint8_t { no, maybe, yes } in = In::yes;  ///< whether the condition behind `where` holds
    AbstractValue value;                                           ///< what stands in the brackets comes to
    std::optional<feel::Date> day;                                 ///< of a kind with dates
};

/// Known, or open with bounds or the values it can have; an open value has a bare cause. Clauses: docs/rule-files.md,
/// "Records of several kinds". What is not applicable counts as nothing; a term that is not known is never left out.
/// Of no terms `sum` and `count` are 0, `any` is false and `every` true, the others are not applicable.
/// INVARIANT (sound): whatever the open terms turn out to be, the result is in it.
AbstractValue together(graph::KindFunction function, const std::vector<KindTerm>& terms, const std::string& kind);

}  // namespace zoneval::exec
