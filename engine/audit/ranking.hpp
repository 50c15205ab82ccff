// Who stands next to a record in the ranking that a decision reads: a rank is a sentence about others.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/audit/conditions.hpp"

namespace zoneval::audit {

/// Places that equal records share, and of how many.
struct Rank {
    std::int64_t first = 0, last = 0, of = 0;
};

/// Whether the node compares records by a score, or by anything where the rule set has no scores. What is part of a
/// score does not.
bool reads_rank(const graph::Graph& graph, const graph::Node& node);
/// The function of the cohort by which it does, the best first; nullptr: none does.
const graph::Node* ranking_behind(const graph::Graph& graph, const graph::Node& node);

/// nullopt: the record is not ranked.
std::optional<Rank> rank_in(const exec::Evaluation& evaluation, const graph::Node& ranking, std::size_t record);

struct Neighbours {
    std::string kind;  ///< what the records are
    Subject of;        ///< what is ranked
    std::string unit;
    int decimals = 2;
    struct One {
        Rank rank;
        std::string record;
        feel::Decimal value;
        std::string outcome;  ///< of the decision that is explained; empty: undetermined
        bool itself = false;
    };
    std::vector<One> near;  ///< the best first, the record among them; empty: there is no ranking
};

/// Two above, one below.
Neighbours neighbours(const exec::Evaluation& evaluation, const graph::Node& decision, const graph::Node& ranking,
                      std::size_t record, std::string_view language);

/// "18.84", then by how much that is more than what the record has itself.
struct Distance {
    std::string value, from_record;
};
Distance distance_of(const Neighbours& neighbours, const Neighbours::One& one, wording::Language language);
/// "56 of 59", "73–174 of 174" where equal ones share it.
std::string rank_text(const Rank& rank, wording::Language language);

}  // namespace zoneval::audit
