// What two rule sets say otherwise: by content, whatever their files look like.
#pragma once

#include <set>
#include <string>

#include "engine/graph/graph.hpp"

namespace zoneval::graph {

/// Names of inputs, parameters, measures, scores and decisions that are not the same in both, or only in one; keys of
/// the head (`rounding`, `cycle`, …) under their own names. Titles, texts of reasons, citations, tests and datasets do
/// not count: they decide nothing.
std::set<std::string> differing(const Graph& one, const Graph& other);

/// The same of what one decision rests on, through everything it reads, of earlier years too.
std::set<std::string> differing_behind(const Graph& one, const Graph& other, const std::string& decision);

}  // namespace zoneval::graph
