// A rule set's own tests.
#pragma once

#include <string>
#include <vector>

#include "engine/diag/diagnostic.hpp"
#include "engine/graph/graph.hpp"

namespace zoneval::assess {

struct TestResult {
    const model::Test* test = nullptr;
    bool passed = true;
};

/// Runs every test; failures add ZV307 at the expectation that failed, names that mean nothing ZV103.
std::vector<TestResult> run_tests(const graph::Graph& graph, Diagnostics& diagnostics);

}  // namespace zoneval::assess
