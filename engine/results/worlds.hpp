// Years between two years: the figures of a record of the one among those of the other, evaluated again.
#pragma once

#include <array>
#include <memory>

#include "engine/assess/assessment.hpp"

namespace zoneval::results {

/// A hybrid of two years (0: before, 1: after): whose figures the record has, whose the others, and which year it is
/// with its earlier outcomes.
struct World {
    std::size_t own, peers, year;
};

/// Both sides under one rule set.
class Worlds {
  public:
    Worlds(const assess::Assessment& from, const assess::Assessment& to);
    ~Worlds();

    /// What comes of a world for a record; it may be used until the next world is asked for.
    const exec::Evaluation& of(const std::string& record, World world);

  private:
    struct Made;
    struct Apart;
    std::array<const assess::Assessment*, 2> sides_;
    std::unique_ptr<Made> same_[2][2], whole_;
    std::unique_ptr<Apart> apart_[2][2];
};

}  // namespace zoneval::results
