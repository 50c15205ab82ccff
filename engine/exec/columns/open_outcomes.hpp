// Outcomes that wait for data, found once: each different one is kept once, however many records wait for the same.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "engine/exec/results/evaluation.hpp"

namespace zoneval::exec {

class OpenOutcomes {
  public:
    /// Records come in ascending order.
    void put(std::uint32_t record, const Outcome& outcome);
    /// nullptr: it is not kept.
    const Outcome* find(std::size_t record) const;

  private:
    std::vector<Outcome> outcomes_;
    std::map<std::string, std::uint32_t> known_;  ///< by what they say -> outcomes_
    std::vector<std::uint32_t> records_, which_;
};

}  // namespace zoneval::exec
