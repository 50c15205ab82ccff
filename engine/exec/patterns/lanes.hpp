// What RecordCells reads of one record after the other, of a block of records at once. What it tells is the same; where
// it is untold, nothing is said.
#pragma once

#include "engine/exec/patterns/lane_program.hpp"

namespace zoneval::exec {

/// For one thread.
class Lanes {
  public:
    using Reading = RecordCells::Reading;
    explicit Lanes(const LaneProgram& program);

    /// No more than lanes_at_once.
    void read(std::span<const std::uint32_t> records);
    std::size_t size() const { return size_; }

    const Lane& lane(Reading reading, std::size_t step, std::size_t i) const { return lanes_[reading][step][i]; }
    /// Every step is told.
    bool told(std::size_t i) const { return told_[i] != 0; }
    /// What a datum is missing for, or where an earlier one stands.
    std::uint32_t kind_of(std::size_t step, std::size_t i) const { return kinds_[step * lanes_at_once + i]; }
    std::uint64_t branches(std::size_t i) const { return branches_[i]; }
    /// As of cells, of a record that is told.
    std::optional<bool> has_say(const std::vector<graph::NodeId>& makers, std::size_t i) const;
    /// What a term comes to; out[j] of record which[j].
    void eval(const LaneTerm& term, Reading reading, bool of_score, std::span<const std::uint8_t> which, Lane* out);

  private:
    using Step = LaneProgram::Step;
    void load(std::size_t step);
    void load_data(const Step& step, const Column& data, Lane* out, std::uint32_t* kinds) const;
    Lane datum(const Step& step, const Column& data, std::uint32_t row) const;
    Lane earlier(const Step& step, std::uint32_t row, std::uint32_t& kind) const;
    Lane list(const Step& step, std::size_t i) const;
    void load_column(const Step& step, Lane* out) const;
    void load_formula(const Step& step, Lane* out);
    Lane cohort(const Step& step, std::size_t record) const;
    void fill(std::size_t step, Reading reading);
    std::size_t to_fill(std::size_t step, Reading reading, std::uint8_t* out) const;
    Lane filled(const Step& step, const Lane& before, const Lane& found) const;
    Lane of_cohort(const Step& step, Reading reading, std::size_t i) const;
    Lane of_rank(const Step& step, std::size_t group, int scale, const Lane& own, const Lane& mine) const;
    LaneReading reading_of(Reading reading, bool of_score) const;
    bool changed(Reading reading, std::size_t step, std::size_t i) const { return changed_[reading][step][i] != 0; }
    static constexpr std::uint32_t no_place = 1u << 31;  ///< the kinds of earlier values in no place

    const LaneProgram& program_;
    const Rows& rows_;
    std::array<std::vector<Lane>, 3> room_;  ///< by step and record
    std::array<std::vector<std::uint8_t>, 3> changed_room_;
    // By step, of each record; what is the same under another reading stands there.
    std::array<std::vector<const Lane*>, 3> lanes_;
    std::array<std::vector<const std::uint8_t*>, 3> changed_;
    std::vector<std::uint32_t> kinds_;  ///< by step and record
    std::array<std::uint32_t, lanes_at_once> record_{}, row_{};
    std::array<std::uint8_t, lanes_at_once> told_{};
    mutable std::array<std::uint64_t, lanes_at_once> branches_{};
    std::size_t size_ = 0;
    LaneTermEvaluator evaluator_;
    std::array<Lane, lanes_at_once> found_;
};

}  // namespace zoneval::exec
