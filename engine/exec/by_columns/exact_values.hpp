// Exact numbers of single records where columns have only near ones: the reference evaluator's results, without its
// causes.
#pragma once

#include <memory>

#include "engine/exec/patterns/record_cells.hpp"

namespace zoneval::exec {

class ExactValues {
  public:
    /// Of one definition, whose columns and cohort functions are finished. The sources must outlive it; for one thread.
    ExactValues(const CellSources& sources, graph::NodeId wanted);

    /// nullopt: it is null or no number, or has a form that only the reference evaluator knows.
    std::optional<feel::Decimal> number(std::size_t record);

  private:
    struct Exact {
        enum class Is : std::uint8_t { number, truth, null, beyond } is = Is::beyond;
        bool truth = false;
        feel::Decimal number;
        static Exact of(const feel::Value& value);
        static Exact of(feel::Decimal number) {
            return number.is_finite() ? Exact{Is::number, false, number} : Exact{Is::null, false, {}};
        }
        static Exact of_truth(bool truth) { return {Is::truth, truth, {}}; }
        bool is_true() const { return is == Is::truth && truth; }
        bool is_false() const { return is == Is::truth && !truth; }
    };
    const Exact& at(graph::NodeId id);
    Exact found(const CellProgram::Step& step);
    Exact of_data(const Column& data, std::size_t place) const;
    Exact of_earlier(const EarlierColumn& earlier) const;
    Exact over(const CellTerm& term);
    Exact of_cohort(const CohortColumn& cohort) const;
    Exact of_column(const NodeColumn& column) const;
    Exact eval(const CellTerm& term);
    Exact sum_of_parts(const CellTerm& term);
    Exact extreme(const CellTerm& term);
    Exact choice(const CellTerm& term);
    Exact junction(const CellTerm& term);

    const CellProgram program_;
    const graph::NodeId wanted_;
    std::vector<Exact> known_;
    std::vector<std::uint64_t> done_;  ///< by node: the turn in which it was found
    std::uint64_t turn_ = 0;
    std::size_t record_ = 0, row_ = 0;
};

}  // namespace zoneval::exec
