// Rule files to a graph, wherever the files come from: the one way in for commands, editors and other languages.
#pragma once

#include <memory>
#include <string>

#include "engine/graph/graph.hpp"
#include "engine/model/load.hpp"

namespace zoneval::graph {

/// A rule set as far as its files let it be understood.
struct Compiled {
    std::shared_ptr<const model::RuleSet> rules;  ///< what could be read of it; never null
    /// Null when not even the entry file could be read. With errors it is for looking around, not for evaluating: each
    /// definition that could be declared has its node, place, type and uses; a formula that could not be understood is
    /// empty and its type `any`.
    std::shared_ptr<const Graph> graph;
    Diagnostics found;  ///< of all stages, by file and place

    bool sound() const { return graph && !found.has_errors(); }
};

enum class Findings {
    mistakes,  ///< what reading and building finds
    all        ///< also what analyse() finds in a sound rule set
};

/// `read` gives the text of the entry and of each import (paths relative to the importing file, normalised without
/// looking at any disk): from disk, from a store, from an editor's buffers. What it throws is thrown on.
Compiled compile(const std::string& entry, const model::ReadFile& read, Findings wanted = Findings::mistakes);

/// The graph of a sound rule set. Throws InputError with all that was found when it is not.
std::shared_ptr<const Graph> sound_graph(Compiled compiled);

}  // namespace zoneval::graph
