#include "engine/exec/columns/open_outcomes.hpp"

#include <algorithm>

namespace zoneval::exec {

namespace {

/// Equal for outcomes of which nothing that can be asked differs.
std::string key_of(const Outcome& o) {
    auto out =
        std::to_string(o.rule) + ' ' + std::to_string(static_cast<int>(o.filled)) + ' ' + feel::quoted(o.because);
    for (const auto& value : o.possible) out += ' ' + value.to_feel();
    for (const auto& name : o.waiting_for) out += " | " + feel::quoted(name);
    return out;
}

}  // namespace

void OpenOutcomes::put(std::uint32_t record, const Outcome& outcome) {
    const auto [place, is_new] = known_.try_emplace(key_of(outcome), static_cast<std::uint32_t>(outcomes_.size()));
    if (is_new) outcomes_.push_back(outcome);
    records_.push_back(record);
    which_.push_back(place->second);
}

const Outcome* OpenOutcomes::find(std::size_t record) const {
    const auto place = std::lower_bound(records_.begin(), records_.end(), record);
    if (place == records_.end() || *place != record) return nullptr;
    return &outcomes_[which_[static_cast<std::size_t>(place - records_.begin())]];
}

}  // namespace zoneval::exec
