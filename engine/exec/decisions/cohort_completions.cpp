// Functions over the cohort for a record with blanks: its own value ranges over its completions, the others' stand as
// they are. RecordCells (patterns/record_cells.hpp) says the same in machine numbers.
#include <algorithm>

#include "engine/exec/decisions/completions.hpp"
#include "engine/exec/results/ranks_and_aggregates.hpp"
#include "engine/feel/evaluation/eval.hpp"

namespace zoneval::exec {

using feel::Decimal;
using feel::Value;
namespace reasons = feel::reasons;
using graph::Node;
using graph::NodeId;

class GatheredMembers::Gathered : public Members {
  public:
    void add(const Decimal& number) { numbers_.push_back(number); }
    void finish() {
        std::sort(numbers_.begin(), numbers_.end());
        for (const auto& number : numbers_) total_ = total_ + number;
    }
    std::size_t size() const override { return numbers_.size(); }
    std::int64_t below(const Decimal& value) const override {
        return std::lower_bound(numbers_.begin(), numbers_.end(), value) - numbers_.begin();
    }
    std::int64_t above(const Decimal& value) const override {
        return numbers_.end() - std::upper_bound(numbers_.begin(), numbers_.end(), value);
    }
    Decimal ascending(std::size_t place) const override { return numbers_[place]; }
    Decimal total() const override { return total_; }

  private:
    std::vector<Decimal> numbers_;  ///< ascending
    Decimal total_{0};
};

const Members& GatheredMembers::of(const Node& cohort, const Value& group) const {
    const auto& form = std::get<graph::CohortForm>(cohort.form);
    auto [place, is_new] = groups_.try_emplace(cohort.id);
    auto& groups = place->second;
    const auto of_group = [&](const std::string& key) -> Gathered& {
        auto& members = groups[key];
        if (!members) members = std::make_shared<Gathered>();
        return *members;
    };
    if (is_new) {
        for (std::size_t i = 0; i < computed_.size(); ++i) {
            const auto value = computed_.of(form.value, i);
            if (const auto* number = value.number())
                of_group(form.group ? computed_.of(*form.group, i).to_feel() : "").add(*number);
        }
        for (auto& [key, members] : groups) members->finish();
    }
    return of_group(form.group ? group.to_feel() : "");
}

/// The group a record is in under its completions: its members as things are, and which of them is the record itself.
struct Completions::Peers {
    const Members& members;
    std::optional<Decimal> mine;
    std::int64_t others() const { return static_cast<std::int64_t>(members.size()) - (mine ? 1 : 0); }
    /// Others strictly below a value.
    std::int64_t below(const Decimal& value) const { return members.below(value) - (mine && *mine < value); }
    std::int64_t above(const Decimal& value) const { return members.above(value) - (mine && *mine > value); }
    /// The least and the greatest of the others, of which there are some.
    Decimal least() const {
        const auto first = members.ascending(0);
        return mine && *mine == first ? members.ascending(1) : first;
    }
    Decimal greatest() const {
        const auto last = members.ascending(members.size() - 1);
        return mine && *mine == last ? members.ascending(members.size() - 2) : last;
    }
};

AbstractValue Completions::of_cohort(const Node& node, const graph::CohortForm& form) const {
    AbstractValue as_it_is{now(node.id), {}, {}, {}};
    if (!reads_other(node)) return as_it_is;
    bool same_group = true;
    Value group;
    if (form.group) {
        const auto& found = abstract(*form.group);
        if (found.open()) return in_open_group(node, form);
        same_group = !is_other(*form.group);
        group = found.value;
        if (group.is_null())
            return same_group
                       ? as_it_is
                       : AbstractValue{
                             Value::missing(feel::Missing::not_applicable, reasons::group_is_null()), {}, {}, {}};
    }
    const auto own = now(form.value);
    const auto* number = same_group ? own.number() : nullptr;
    const Peers peers{members_.of(node, group), number ? std::optional(*number) : std::nullopt};
    const auto why = reasons::text_depends_on_missing(node.name);
    const bool never_null = abstract(form.value).never_null();
    if (graph::is_statistic(form.function)) return open(node, why, {});
    if (form.function == CohortFunction::count) {
        if (!same_group) return joining(node, form, peers);
        const bool counts = !own.is_null() && !own.boolean() && (never_null || graph_.node(form.value).of_score);
        return counts ? as_it_is : open(node, why, of_count(node, form));
    }
    if (peers.others() + 1 < form.smallest) return {group_too_small(peers.members.size(), form.smallest), {}, {}, {}};
    if (!never_null) return open(node, why, {});
    return open(node, why, graph::is_rank(form.function) ? of_rank(form, peers) : of_aggregate(form, peers));
}

/// The count of a group that the record is not among as things are.
AbstractValue Completions::joining(const Node& node, const graph::CohortForm& form, const Peers& peers) const {
    const auto why = reasons::text_depends_on_missing(node.name);
    const auto& of = graph_.node(form.value).type;
    if (!of || of->kind != feel::Type::Kind::number) return open(node, why, {});  // members are gathered of numbers
    const Decimal with_it(static_cast<std::int64_t>(peers.members.size()) + 1);
    if (abstract(form.value).never_null()) return {Value(with_it), {}, {}, {}};
    return open(node, why, {with_it - Decimal(1), with_it});
}

/// Whichever group it is in: a rank is one of those there are.
AbstractValue Completions::in_open_group(const Node& node, const graph::CohortForm& form) const {
    const auto why = reasons::text_depends_on_missing(node.name);
    const bool never_null = abstract(*form.group).never_null() && abstract(form.value).never_null();
    if (!never_null || form.smallest > 0 || !graph::is_rank(form.function)) return open(node, why, {});
    return open(node, why, any_rank(form));
}

Bounds Completions::any_rank(const graph::CohortForm& form) const {
    if (form.function == CohortFunction::percent_rank) return {};  // alone in the group it would be null
    return {Decimal(1), Decimal(static_cast<std::int64_t>(computed_.size()))};
}

Bounds Completions::range_of(NodeId id) const {
    const auto& s = abstract(id);
    if (const auto* number = s.value.number()) return {*number, *number};
    return {s.low, s.high};
}

/// The record itself may count or not; of truth values only those that are true do.
Bounds Completions::of_count(const Node& node, const graph::CohortForm& form) const {
    const auto* counted = now(node.id).number();
    if (!counted) return {};
    const auto& own = now(form.value);
    const auto others = own.is_null() || own.is_false() ? *counted : *counted - Decimal(1);
    return {others, others + Decimal(1)};
}

/// Bounds of an aggregate in which the record's own value takes part with whatever it turns out to be.
Bounds Completions::of_aggregate(const graph::CohortForm& form, const Peers& peers) const {
    const auto others = peers.others();
    const auto with = [&](const Decimal& value) -> std::optional<Decimal> {
        const auto sum = (peers.mine ? peers.members.total() - *peers.mine : peers.members.total()) + value;
        switch (form.function) {
            case CohortFunction::sum: return sum;
            case CohortFunction::mean: return sum / Decimal(others + 1);
            case CohortFunction::min:
            case CohortFunction::max: return value;
            default: return std::nullopt;
        }
    };
    const auto own = range_of(form.value);
    Bounds out;
    if (own.low) out.low = with(*own.low);
    if (own.high) out.high = with(*own.high);
    if (others == 0) return out;
    if (form.function == CohortFunction::min) {  // no greater than the least of the others
        const auto least = peers.least();
        out.high = out.high ? std::min(*out.high, least) : least;
        if (out.low) out.low = std::min(*out.low, least);
    }
    if (form.function == CohortFunction::max) {
        const auto most = peers.greatest();
        out.low = out.low ? std::max(*out.low, most) : most;
        if (out.high) out.high = std::max(*out.high, most);
    }
    return out;
}

Bounds Completions::of_rank(const graph::CohortForm& form, const Peers& peers) const {
    const bool percent = form.function == CohortFunction::percent_rank;
    const auto& of = graph_.node(form.value).type;
    const bool one_number = of && of->kind == feel::Type::Kind::number;  // several keys are a list
    const auto others = peers.others();
    if (percent && others == 0) return {};
    if (!one_number || (!percent && form.function != CohortFunction::rank)) return any_rank(form);
    const auto own = range_of(form.value);
    const auto least = own.low ? peers.below(*own.low) : 0;
    if (percent) {
        const auto most = own.high ? peers.below(*own.high) : others;
        return {Decimal(least) / Decimal(others), Decimal(most) / Decimal(others)};
    }
    // The rank counts those above: at the lowest value at most all that are not below it, at the highest those beyond
    // it.
    const auto beyond = own.high ? peers.above(*own.high) : 0;
    return {Decimal(beyond + 1), Decimal(others - least + 1)};
}

}  // namespace zoneval::exec
