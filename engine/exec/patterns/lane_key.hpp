// Which of many records come to the same, before anybody reads them one by one: those that have in common what kind of
// thing every definition comes to, which data are blank, which branches of formulas they take, and where the values
// that rules read lie among the constants they are compared with. An OutcomeKey of theirs, and what they wait for, are
// then the same.
#pragma once

#include "engine/exec/patterns/lanes.hpp"
#include "engine/exec/patterns/outcome_key.hpp"

namespace zoneval::exec {

class LaneKey {
  public:
    /// For the decisions of these keys together. nullptr: there are too many branches. All must outlive it.
    static std::unique_ptr<LaneKey> of(const CellProgram& program, const std::vector<const OutcomeKey*>& decisions);

    const LaneProgram& program() const { return program_; }
    /// Sets the words of each record that the lanes have read; none: it cannot be told.
    void words(Lanes& lanes, std::span<std::vector<std::uint64_t>> out) const;

  private:
    struct Piece {
        std::optional<LaneTerm> term;  ///< nullopt: it is the name alone, or has no lanes
        std::vector<int> steps;
        bool of_score = false, told = true;
    };
    struct Slot {
        std::size_t step = 0;
        bool by_position = false;
        std::vector<End> constants;
    };
    struct Apart {
        int step = -1;  ///< -1: it is always open
        std::optional<std::vector<Piece>> pieces;
    };
    class Words;

    explicit LaneKey(const CellProgram& program);
    void add(const OutcomeKey& key);
    std::vector<Piece> pieces_of(const std::vector<OutcomeKey::Piece>& pieces);

    LaneProgram program_;
    std::vector<std::pair<LaneProgram::Reading, std::size_t>>
        states_;                      ///< of steps, that the kinds of data do not tell
    std::vector<std::size_t> kinds_;  ///< steps of data
    std::vector<Slot> slots_;
    std::vector<Piece> pieces_;
    std::vector<Apart> apart_;
};

}  // namespace zoneval::exec
