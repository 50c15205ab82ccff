// How it came to this: a decision about one record in the years before, beside what it is now.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/assess/assessment.hpp"
#include "engine/audit/ranking.hpp"
#include "engine/store/store.hpp"

namespace zoneval::audit {

struct Course {
    std::string score, unit;  ///< title of the score behind the decision; empty: there is none
    int decimals = 2;
    bool ranked = false;             ///< anybody has a rank in any of the years
    std::vector<std::string> words;  ///< titles of what else decided this year, such as a finding
    struct Year {
        std::int32_t year = 0;
        std::int64_t run = 0;
        std::string outcome, label;  ///< empty: undetermined; label: as people read it
        std::string rule;            ///< that gave it; empty: none, or people did
        std::optional<feel::Decimal> score;
        std::optional<Rank> rank;
        std::vector<std::string> words;  ///< as people read them, each of Course::words
    };
    std::vector<Year> years;  ///< ascending, the one explained last
};

/// Two reviews back, as far as there are runs: those that the run was built on, else the newest. Outcomes and rules are
/// as recorded, with the rulings that stand; scores, ranks and words are computed anew from the same data, and are left
/// out of years with more than `most_recomputed` records. `decided`: the conditions that decided this year.
Course course(const store::Store& store, const assess::Assessment& assessment, const graph::Node& decision,
              std::size_t record, const std::vector<Condition>& decided, std::string_view language);
inline constexpr std::size_t most_recomputed = 20'000;

}  // namespace zoneval::audit
