// Cohort functions over columns: the same results as cohort.hpp, by sorting keys instead of decimals.
#pragma once

#include <algorithm>
#include <memory>

#include "engine/exec/columns/grouping.hpp"
#include "engine/exec/results/ranks_and_aggregates.hpp"

namespace zoneval::exec {

/// What a cohort function came to: a place for each record, or a value for each group.
struct CohortColumn {
    CohortFunction function = CohortFunction::rank;
    std::uint32_t smallest = 0;  ///< of rank and percent rank: values a group must have
    const Grouping* grouping = nullptr;
    Bulk<std::uint32_t> places;                ///< rank: the rank; percent rank: how many lie below
    std::vector<std::uint32_t> sizes;          ///< of rank and percent rank: records with a value in each group
    std::vector<feel::Value> results;          ///< of the others, by group
    const std::vector<Mask>* masks = nullptr;  ///< by record; nullptr: no nulls
    Mask kinds = 0;

    // For kernels: a number for each group (the last for records in none), under one bound.
    std::vector<double> by_group;  ///< percent rank: how many others there are
    Bound bound;
    std::vector<Mask> own_masks;  ///< where they are not those of the values

    bool ranks() const { return graph::is_rank(function); }
    /// Of rank and percent rank: the group has too few values to be compared in.
    bool too_few(std::uint32_t group) const {
        return sizes[group] < std::max(smallest, function == CohortFunction::percent_rank ? 2u : 1u);
    }
    /// Exactly, for a record whose value and group are not null.
    feel::Value at(std::size_t record) const;
};

class Ordering;

/// An operand in a grouping. Functions of it share their passes over its values: one order, one search for the least
/// and the greatest.
class Operand {
  public:
    /// Everything must outlive it, and values and grouping its results; `space` is its alone.
    Operand(const NodeColumn& values, const Grouping& grouping, ExactValue exact, SortSpace& space);
    ~Operand();

    /// Fills out.…; false: the function has no column form for such an operand. Ranks first serve the others.
    bool compute(const graph::CohortForm& form, CohortColumn& out);

  private:
    Ordering& ordering();
    void rank(CohortColumn& out);
    void places_in_order(CohortColumn& out, bool from_top);
    void places_by_counting(CohortColumn& out, bool from_top) const;
    std::vector<feel::Value> counts() const;
    std::vector<feel::Value> totals(CohortFunction function);
    std::vector<feel::Value> extremes(bool least);
    void find_extremes();
    void refuse_small(CohortColumn& out) const;
    void set_masks(CohortColumn& out) const;
    template <class F>
    void each_value(F f) const;

    const NodeColumn& values_;
    const Grouping& grouping_;
    ExactValue exact_;
    SortSpace& space_;
    std::size_t records_;
    std::unique_ptr<Ordering> ordering_;
    std::vector<double> least_, greatest_;  ///< by group; empty: not yet looked for
};

}  // namespace zoneval::exec
