// What the stages make of a rule set, as text for people and programs (`zoneval dev`). For whoever works on zoneval:
// the text is English, and may change with any version.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/exec/results/evaluation.hpp"

namespace zoneval::exec {

enum class ListingFormat { text, json };

/// The definitions wanted, in order of evaluation; empty: all.
using Wanted = std::vector<graph::NodeId>;
/// `?` stands for nothing by itself, and is never.
inline bool is_wanted(const graph::Graph& graph, const Wanted& wanted, graph::NodeId id) {
    return id != graph.tested && (wanted.empty() || std::find(wanted.begin(), wanted.end(), id) != wanted.end());
}

/// The syntax tree of each formula, with the line and column of each part.
std::string list_trees(const graph::Graph& graph, const Wanted& wanted, ListingFormat form);
/// Each definition's type, unit, and what its values can be as far as that is declared.
std::string list_types(const graph::Graph& graph, const Wanted& wanted, ListingFormat form);
/// Each definition's stage (one more than the cohort functions it waits for) and what it reads.
std::string list_graph(const graph::Graph& graph, ListingFormat form);
/// The same for Graphviz: an arrow from what is read to what reads it.
std::string graph_as_dot(const graph::Graph& graph);
/// The programs of the column machine for these data (nothing came before), what bounds the columns have, and what has
/// no kernel. Throws InputError like evaluate_columns.
std::string list_plan(const graph::Graph& graph, const Table& table, ListingFormat form);
/// One record's values by columns and by reference; nullopt: it takes no part. Throws InputError like evaluate_columns.
std::optional<std::string> list_trace(const graph::Graph& graph, const Table& table, std::string_view record,
                                      const Wanted& wanted, ListingFormat form);

}  // namespace zoneval::exec
