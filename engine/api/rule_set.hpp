// What stands behind a public rule set.
#pragma once

#include "engine/graph/graph.hpp"
#include "zoneval/rule_set.hpp"

namespace zoneval {

class RuleSet::Impl {
  public:
    std::shared_ptr<const graph::Graph> graph;
};

}  // namespace zoneval
