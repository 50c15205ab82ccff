// What a run decided, with the rulings that stand.
#pragma once

#include "engine/store/store.hpp"

namespace zoneval::assess {

/// The outcomes of a run's decision; where a ruling stands it is the outcome, its number stands for the rule and its
/// reason for the rule's.
store::Decisions as_ruled(const store::Run& run, const store::Decisions& decisions,
                          const std::vector<store::Ruling>& rulings);
/// Of one record.
store::Outcome as_ruled(const store::Run& run, const store::Decisions& decisions, std::size_t record,
                        const std::vector<store::Ruling>& rulings);

}  // namespace zoneval::assess
