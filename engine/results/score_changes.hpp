// How scores changed, in parts that add up, and what each indicator had to do with it.
#pragma once

#include "engine/results/changes.hpp"
#include "engine/results/worlds.hpp"

namespace zoneval::results {

/// The first score; nullptr: there is none.
const graph::Node* score_of(const graph::Graph& graph);

/// Of records with one in both, the largest change first; not parted yet.
std::vector<Changes::Score> changed_scores(const assess::Assessment& from, const assess::Assessment& to);

struct Stages {
    /// As in changes.cpp; equal ones are the same object. `weights` and `methods`: middle with the later weights, and
    /// with the later methods, too.
    const assess::Assessment &from, &corrected, &middle, &weights, &methods, &to;
};
/// `worlds`: between corrected and middle.
void part_scores(const Stages& stages, Worlds& worlds, wording::Language language, std::vector<Changes::Score>& scores);

}  // namespace zoneval::results
