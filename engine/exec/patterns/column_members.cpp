#include "engine/exec/patterns/column_members.hpp"

namespace zoneval::exec {

using feel::Decimal;
using feel::Value;
using graph::NodeId;

class ColumnMembers::OfGroup : public Members {
  public:
    OfGroup(const GroupedNumbers& numbers, std::size_t group) : numbers_(numbers), group_(group) {}
    std::size_t size() const override { return numbers_.size(group_); }
    std::int64_t below(const Decimal& value) const override { return numbers_.below(group_, value); }
    std::int64_t above(const Decimal& value) const override { return numbers_.above(group_, value); }
    Decimal ascending(std::size_t place) const override { return numbers_.ascending(group_, place); }
    Decimal total() const override {
        std::call_once(added_up_, [this] { total_ = numbers_.total(group_); });
        return total_;
    }

  private:
    const GroupedNumbers& numbers_;
    std::size_t group_;
    mutable std::once_flag added_up_;
    mutable Decimal total_;
};

namespace {

class Nobody : public Members {
  public:
    std::size_t size() const override { return 0; }
    std::int64_t below(const Decimal&) const override { return 0; }
    std::int64_t above(const Decimal&) const override { return 0; }
    Decimal ascending(std::size_t) const override { return {}; }
    Decimal total() const override { return {}; }
};

}  // namespace

struct ColumnMembers::Grouped {
    std::optional<Operand> operand;
    std::unique_ptr<GroupedNumbers> numbers;  ///< nullptr: there is no column
    std::map<std::string, std::unique_ptr<OfGroup>> by_name;
    bool named = false;
};

ColumnMembers::Grouped& ColumnMembers::grouped(const graph::CohortForm& form) const {
    constexpr NodeId no_group = -1;
    auto& place = made_[{form.value, form.group.value_or(no_group)}];
    if (place) return *place;
    place = std::make_shared<Grouped>();
    place->operand = find_(form.value, form.group);
    if (place->operand)
        place->numbers = std::make_unique<GroupedNumbers>(*place->operand->values, *place->operand->grouping,
                                                          [this, value = form.value](std::size_t record) {
                                                              const std::scoped_lock lock(making_);
                                                              return *reader_.get(value, record).number();
                                                          });
    return *place;
}

const GroupedNumbers* ColumnMembers::numbers(const graph::CohortForm& form) const {
    const std::scoped_lock lock(making_);
    return grouped(form).numbers.get();
}

/// Groups go by the text of their value, as one record of each has it.
void ColumnMembers::name_groups(Grouped& grouped, NodeId group) const {
    grouped.named = true;
    const auto& all = *grouped.operand->grouping;
    std::vector<bool> seen(all.groups);
    std::size_t left = all.groups;
    for (std::size_t i = 0; i < all.group.size() && left > 0; ++i) {
        const auto g = all.group[i];
        if (g == Grouping::none || seen[g]) continue;
        seen[g] = true;
        --left;
        grouped.by_name[reader_.get(group, i).to_feel()] = std::make_unique<OfGroup>(*grouped.numbers, g);
    }
}

const Members& ColumnMembers::of(const graph::Node& cohort, const Value& group) const {
    const std::scoped_lock lock(making_);
    const auto& form = std::get<graph::CohortForm>(cohort.form);
    auto& found = grouped(form);
    if (!found.numbers) return gathered_.of(cohort, group);
    if (form.group && !found.named) name_groups(found, *form.group);
    auto& members = found.by_name[form.group ? group.to_feel() : ""];
    if (!members && !form.group) members = std::make_unique<OfGroup>(*found.numbers, 0);
    static const Nobody nobody;
    return members ? static_cast<const Members&>(*members) : nobody;
}

}  // namespace zoneval::exec
