// Records in groups, and what ordering them takes.
#pragma once

#include <functional>

#include "engine/exec/columns/program.hpp"

namespace zoneval::exec {

inline bool has_value(const NodeColumn& column, std::size_t record) {
    return column.masks.empty() || column.masks[record] == 0;
}

/// Which group each record is in; a record whose group is null is in none.
struct Grouping {
    static constexpr std::uint32_t none = UINT32_MAX;
    std::vector<std::uint32_t> group;  ///< of each record; empty: all are in group 0
    std::size_t groups = 1;
    std::vector<Mask> masks;  ///< why the group is null; empty: none is

    std::uint32_t of(std::size_t record) const { return group.empty() ? 0 : group[record]; }
};

/// nullopt: the values cannot be told apart by their doubles. Without `by`: one group.
std::optional<Grouping> make_grouping(const NodeColumn* by, std::size_t count);

/// The exact value of the operand for a record, where doubles cannot tell two apart.
using ExactValue = std::function<feel::Decimal(std::size_t record)>;

/// What sorting needs beside its result, kept from one operand to the next.
struct SortSpace {
    Bulk<std::uint64_t> words, spare;
};

}  // namespace zoneval::exec
