// Which outcomes missing data leave open, exactly: every way of filling the blanks is tried, case by case.
#pragma once

#include "engine/exec/decisions/reading.hpp"

namespace zoneval::exec {

/// What the blanks of one record can still do to a decision.
struct PossibleAnswers {
    bool complete = false;  ///< false: too many cases; `possible` is then not known
    struct Ending {
        decltype(Outcome::ending) ending;
        feel::Value value;
    };
    std::vector<Ending> endings;  ///< distinct pairs of ending and value
    /// The shortest list of data that settles the outcome whatever they turn out to be (the first in the order in which
    /// the rules ask, where several are as short).
    std::vector<std::string> waiting_for;
    /// Nodes behind which everything missing would have to be known: first all that matter, then sets that settle the
    /// outcome, in the order in which they are tried. Only where asked for; empty: there are too many.
    std::vector<std::vector<graph::NodeId>> settling;
};

/// Nodes that the reading leaves unknown are the blanks. Outcomes are complete over every way to fill them, and exact
/// wherever conditions compare single data with known values; arithmetic over a blank counts as able to come out either
/// way.
PossibleAnswers possible_answers(const graph::Graph& graph, const graph::Node& decision, const Reading& reading,
                                 bool with_settling = false);

}  // namespace zoneval::exec
