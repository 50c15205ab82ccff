// Rules halfway between two: what changed in how a score is made, one kind of choice after the other.
#pragma once

#include "engine/graph/graph.hpp"

namespace zoneval::results {

enum class Choices {
    weights,  ///< of the parts of groups that have the same parts in both
    methods   ///< and how values become points, points one, and what is done about outliers and blanks
};

/// The earlier rules with what the later ones say of the first score of both; parts that only one of them has are the
/// earlier ones'. nullptr: they do not hold together.
std::shared_ptr<const graph::Graph> with_later(const graph::Graph& earlier, const graph::Graph& later, Choices choices);

}  // namespace zoneval::results
