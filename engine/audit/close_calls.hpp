// How close an outcome was: by how many points another would follow, and what a figure that is missing would lead to.
#pragma once

#include "engine/assess/assessment.hpp"
#include "engine/audit/conditions.hpp"

namespace zoneval::audit {

struct CloseCalls {
    Subject score;  ///< behind the decision
    std::string unit;
    int decimals = 0;
    /// INVARIANT (verified): with so many points the outcome is another, with one step less it is not; all else, and
    /// the others' points, stand.
    struct ByPoints {
        bool more = false;
        feel::Decimal points;
        std::string outcome;  ///< as it is written; empty: undetermined
    };
    std::vector<ByPoints> by_points;  ///< none: no score alone decides, or blanks behind it do, too
    /// A figure that was not reported, from the least to the greatest that was tried; or words, each by itself.
    struct Figure {
        Subject of;
        std::string unit;
        int decimals = 0;
        exec::Labels labels;  ///< of words
        struct Stretch {
            feel::Value from, to;                               ///< figures that lead to one outcome
            std::string outcome;                                ///< as it is written; empty: undetermined
            std::optional<feel::Decimal> score_from, score_to;  ///< the least and the greatest that were seen there
        };
        std::vector<Stretch> stretches;
        bool others_missing = false;  ///< other figures that are waited for stay missing
    };
    std::vector<Figure> figures;
};

/// `waiting_for`: the names of what an open outcome waits for. Precondition: the record is in the cohort.
CloseCalls close_calls(const assess::Assessment& assessment, const graph::Node& decision, std::size_t record,
                       const std::vector<std::string>& waiting_for, std::string_view language);

}  // namespace zoneval::audit
