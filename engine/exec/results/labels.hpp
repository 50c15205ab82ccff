// What people read in the place of the values of a node: words of data, outcomes, truths.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/graph/graph.hpp"
#include "engine/wording/show.hpp"

namespace zoneval::exec {

/// Whose labels its values have: its own, or, of a value of another year, of another record or under another name, of
/// what that is a value of. nullptr: its values are read as they are.
const model::Definition* labelled_by(const graph::Graph& graph, const graph::Node& node);

using Labels = std::vector<std::pair<std::string, std::string>>;  ///< by value; empty: it has none

/// In one language; of truths its words for them, where the authors have none.
Labels labels_in(const graph::Graph& graph, const graph::Node& node, std::string_view language);
/// The value itself where it has no label.
const std::string& labelled(const Labels& labels, const std::string& value);

/// A value as people read it: a word by its label, also within a list; the rest as wording::show.
std::string shown(const Labels& labels, const feel::Value& value, const wording::Format& format,
                  wording::Language language);
std::string shown(const graph::Graph& graph, const graph::Node& node, const feel::Value& value,
                  const wording::Format& format, wording::Language language);

}  // namespace zoneval::exec
