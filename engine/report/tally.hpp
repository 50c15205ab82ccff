// Outcomes of a decision, counted.
#pragma once

#include "engine/results/table.hpp"

namespace zoneval::report {

struct Tally {
    struct Entry {
        std::string outcome, label;  ///< label: as people read it
        std::size_t records = 0;
        bool adverse = false, undetermined = false;
    };
    std::vector<Entry> entries;  ///< declared values first, in their order; those that never occur too
    std::size_t total = 0;
};
/// Every record of the column counts once. Precondition: it is an outcome.
Tally tally_of(const results::Column& column, wording::Language language);

}  // namespace zoneval::report
