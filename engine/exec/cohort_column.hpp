// Cohort functions over columns: the same results as cohort.hpp, by sorting keys instead of decimals.
#pragma once

#include <functional>

#include "engine/exec/cohort.hpp"
#include "engine/exec/program.hpp"

namespace zoneval::exec {

/// Which group each record is in; a record whose group is null is in none.
struct Grouping {
    static constexpr std::uint32_t none = UINT32_MAX;
    std::vector<std::uint32_t> group;            ///< of each record; empty: all are in group 0
    std::size_t groups = 1;
    std::vector<Mask> masks;                     ///< why the group is null; empty: none is

    std::uint32_t of(std::size_t record) const { return group.empty() ? 0 : group[record]; }
};

/// nullopt: the values cannot be told apart by their doubles. Without `by`: one group.
std::optional<Grouping> make_grouping(const NodeColumn* by, std::size_t count);

/// What a cohort function came to: a place for each record, or a value for each group.
struct CohortColumn {
    CohortFunction function = CohortFunction::rank;
    const Grouping* grouping = nullptr;
    std::vector<std::uint32_t> places;           ///< rank: the rank; percent rank: how many lie below
    std::vector<std::uint32_t> sizes;            ///< of rank and percent rank: records with a value in each group
    std::vector<feel::Value> results;            ///< of the others, by group
    std::vector<Mask> masks;                     ///< by record; empty: no nulls
    Mask kinds = 0;

    // For kernels: a number for each group (the last for records in none), under one bound.
    std::vector<double> by_group;                ///< percent rank: how many others there are
    Bound bound;

    bool ranks() const { return function == CohortFunction::rank || function == CohortFunction::percent_rank; }
    /// Exactly, for a record whose value and group are not null.
    feel::Value at(std::size_t record) const;
};

/// The exact value of the operand for a record, where doubles cannot tell two apart.
using ExactValue = std::function<feel::Decimal(std::size_t record)>;

/// What sorting needs beside its result, kept from one function to the next.
struct SortSpace { std::vector<std::uint64_t> words, spare; };

/// False: the function has no column form for such an operand. `grouping` must outlive the result.
bool compute_cohort(CohortFunction function, const NodeColumn& values, const Grouping& grouping, const ExactValue& exact,
                    SortSpace& space, CohortColumn& out);

}  // namespace zoneval::exec
