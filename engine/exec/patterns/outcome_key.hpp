// What the outcome of a decision depends on, for one record, in a few words: records that have them in common come to
// the same. Where the values that its rules read lie among the constants they are compared with, with the blanks blank
// and put back; and which data are blank.
#pragma once

#include "engine/exec/decisions/completions.hpp"
#include "engine/exec/patterns/record_cells.hpp"

namespace zoneval::exec {

class OutcomeKey {
  public:
    /// nullopt: some of it has no cells. All must outlive the key.
    static std::optional<OutcomeKey> of(const graph::Node& decision, const CellProgram& program, const Guard& guard);

    /// Appends size() words, which tell all but what it waits for; false: a cell is out of reach, and they mean
    /// nothing.
    bool append(const RecordCells& cells, std::vector<std::uint64_t>& words) const;
    std::size_t size() const { return size_; }
    /// Which data are blank: with these it is told whole; false: as above.
    bool append_blanks(const RecordCells& cells, std::vector<std::uint64_t>& words) const;
    /// The rules ask why something is missing: nothing is told without the blanks.
    bool asks_why() const { return asks_why_; }

  private:
    /// A name that the rules read.
    struct Slot {
        graph::NodeId id = -1;
        bool by_position = false;            ///< a number that is compared with constants alone
        std::vector<Approximate> constants;  ///< ascending
    };
    class Reads;

    OutcomeKey() = default;
    bool append_slot(const Slot& slot, const RecordCells& cells, std::vector<std::uint64_t>& words) const;
    bool append_leaf(graph::NodeId id, const RecordCells& cells, std::vector<std::uint64_t>& words) const;

    const CellProgram* program_ = nullptr;
    std::vector<Slot> slots_;
    std::vector<graph::NodeId> leaves_, compared_, taken_apart_;  ///< data, cohort functions, and blanks
    std::vector<std::vector<graph::NodeId>> makers_;              ///< of facts, of each decision among those behind it
    std::vector<graph::NodeId> earlier_;                          ///< what the rules read of earlier outcomes
    std::size_t size_ = 0;
    bool asks_why_ = false;
};

/// As Guard::has_say, of a node's makers of facts; nullopt: a cell is out of reach.
std::optional<bool> has_say(const std::vector<graph::NodeId>& makers, const CellProgram& program,
                            const RecordCells& cells);

}  // namespace zoneval::exec
