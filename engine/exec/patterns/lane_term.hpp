// Formulas over lanes: what CellTerm's evaluation gives (cell_term_value.cpp), form by form, for many records at once;
// untold more often.
#pragma once

#include <span>

#include "engine/exec/patterns/cell_term.hpp"
#include "engine/exec/patterns/lane.hpp"

namespace zoneval::exec {

/// A term whose numbers have scales that are known before any record is read.
struct LaneTerm {
    const CellTerm* term = nullptr;
    int scale = 0;
    int branch = -1;  ///< choice: its place among the branches that a record takes; -1: what is null tells it
    Lane constant;
    std::vector<LaneTerm> of;
    /// add: as CellTerm::parts.
    struct Part {
        int slot = -1;
        bool times = false;
        End absent, there;  ///< under the term's scale; of `there * x`: as it is
        int more = 0;       ///< by how much the scale of `there * x` is to grow
    };
    std::vector<Part> parts;
};
/// `scale_of`: of slots; nullopt: it has no lanes. `branches` counts. nullopt: it has a form without lanes.
std::optional<LaneTerm> lane_term_of(const CellTerm& term, const std::function<std::optional<int>(int slot)>& scale_of,
                                     int& branches);

/// Some records under one reading.
struct LaneReading {
    const Lane* const* lanes = nullptr;       ///< by step, of each record
    const Lane* const* now = nullptr;         ///< with the blanks blank; the same: that is the reading
    const std::vector<int>* steps = nullptr;  ///< by slot
    const std::vector<std::uint8_t>* there_when_filled = nullptr;  ///< by slot
    std::uint64_t* branches = nullptr;                             ///< by record: two bits for each branch
    int first_branch = 0;
    NullTests null_tests = NullTests::filled;
    bool as_it_is() const { return lanes == now; }
};

/// A block of records: no more than that many at once.
inline constexpr std::size_t lanes_at_once = 64;

class LaneTermEvaluator {
  public:
    /// out[j] is of record which[j]; for one thread.
    void eval(const LaneTerm& term, const LaneReading& reading, std::span<const std::uint8_t> which, Lane* out);

  private:
    class Pass;
    std::vector<std::vector<Lane>> spare_;
};

}  // namespace zoneval::exec
