// The members of cohort functions from the columns that these were computed of, made once for all who ask.
#pragma once

#include <map>
#include <mutex>

#include "engine/exec/columns/grouped_numbers.hpp"
#include "engine/exec/reference/records.hpp"

namespace zoneval::exec {

class ColumnMembers : public CohortMembers {
  public:
    /// A finished column of numbers and the groups; nullopt: there is none.
    struct Operand {
        const NodeColumn* values;
        const Grouping* grouping;
    };
    using Find = std::function<std::optional<Operand>(graph::NodeId value, std::optional<graph::NodeId> group)>;
    /// `reader` is used by one thread at a time. All must outlive it.
    ColumnMembers(Find find, RecordEvaluator& reader)
        : find_(std::move(find)), reader_(reader), gathered_(reader.computed()) {}

    const Members& of(const graph::Node& cohort, const feel::Value& group) const override;
    /// Of values and groups that are gone.
    void forget(const std::function<bool(graph::NodeId)>& gone) {
        std::erase_if(made_, [&](const auto& entry) { return gone(entry.first.first) || gone(entry.first.second); });
        gathered_.forget();
    }
    /// nullptr: there is no column.
    const GroupedNumbers* numbers(const graph::CohortForm& form) const;

  private:
    class OfGroup;
    struct Grouped;
    Grouped& grouped(const graph::CohortForm& form) const;
    void name_groups(Grouped& grouped, graph::NodeId group) const;

    Find find_;
    RecordEvaluator& reader_;
    GatheredMembers gathered_;
    mutable std::recursive_mutex making_;
    mutable std::map<std::pair<graph::NodeId, graph::NodeId>, std::shared_ptr<Grouped>> made_;  ///< by value and group
};

}  // namespace zoneval::exec
