// How the lanes of some nodes are made, found once for all records and threads.
#pragma once

#include "engine/exec/patterns/lane_term.hpp"
#include "engine/exec/patterns/record_cells.hpp"

namespace zoneval::exec {

class LaneProgram {
  public:
    using Reading = RecordCells::Reading;
    /// It must outlive this.
    explicit LaneProgram(const CellProgram& program);

    struct Step {
        const CellProgram::Step* cells = nullptr;
        int scale = 0;
        bool known_form = true;  ///< formula: it has a term
        std::optional<LaneTerm> term;
        std::vector<int> uses;  ///< steps; -1: what has none, and may be anything
        Lane open, constant;
        std::vector<Lane> places, by_group;  ///< earlier, where places are shared; an aggregate
        std::array<std::vector<Lane>, 3>
            put_back;                  ///< earlier, where places are shared: by reading, with blanks put back
        bool may_differ = false;       ///< all blanks may make something else of it than those of scores
        std::optional<End> low, high;  ///< beyond which a formula does not go
        const GroupedNumbers* numbers = nullptr;  ///< of a rank
    };
    const std::vector<Step>& steps() const { return steps_; }
    const std::vector<int>& step_of() const { return step_of_; }  ///< by node; -1: none
    const std::vector<std::uint8_t>& there_when_filled() const { return there_when_filled_; }
    const CellProgram& cells() const { return program_; }
    /// now and of_scores; all too where it differs.
    std::span<const Reading> readings() const { return {readings_.data(), all_differs_ ? 3u : 2u}; }
    int branches() const { return branches_; }
    /// For terms of other formulas; their branches count with the others.
    std::optional<LaneTerm> term(const CellTerm& term);
    /// There are not more branches than a record's words have room for.
    bool has_room() const { return branches_ * static_cast<int>(readings().size()) <= 32; }

  private:
    void make(Step& out);
    static void make_put_back(Step& out);

    const CellProgram& program_;
    std::vector<Step> steps_;
    std::vector<int> step_of_;
    std::vector<std::uint8_t> there_when_filled_;
    std::array<Reading, 3> readings_{Reading::now, Reading::of_scores, Reading::all};
    bool all_differs_ = false;
    int branches_ = 0;
};

}  // namespace zoneval::exec
