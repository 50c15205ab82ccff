#include "engine/exec/reference/counterfactual_cohort.hpp"

#include <algorithm>

#include "engine/exec/results/ranks_and_aggregates.hpp"

namespace zoneval::exec {

using feel::Decimal;
using feel::Value;
using graph::Node;
using graph::NodeId;

namespace {

constexpr std::size_t many = 2000;  ///< members: sums are not made of all of them again
constexpr NodeId no_group = -1;

}  // namespace

/// A group as things are, from which some figures have gone and to which others have come.
class Counterfactual::Cohort::AsSupposed : public Members {
  public:
    AsSupposed(const Members& all, std::vector<Decimal> gone, std::vector<Decimal> come)
        : all_(all), gone_(std::move(gone)), come_(std::move(come)) {
        std::sort(gone_.begin(), gone_.end());
        std::sort(come_.begin(), come_.end());
    }
    std::size_t size() const override { return all_.size() - gone_.size() + come_.size(); }
    std::int64_t below(const Decimal& value) const override {
        return all_.below(value) - below(gone_, value) + below(come_, value);
    }
    std::int64_t above(const Decimal& value) const override {
        return all_.above(value) - above(gone_, value) + above(come_, value);
    }
    Decimal ascending(std::size_t place) const override {
        const auto lower = static_cast<std::int64_t>(place);
        for (const auto& mine : come_)  // the first of those that come and stand there
            if (below(mine) <= lower && lower < size_of_not_above(mine)) return mine;
        // Of the others, those before it are as many as were there, without those that came before.
        std::size_t first = 0, last = all_.size();
        while (first < last) {
            const auto middle = (first + last) / 2;
            const auto value = all_.ascending(middle);
            (size_of_not_above(value) <= lower ? first = middle + 1 : last = middle);
        }
        return all_.ascending(first);
    }
    Decimal total() const override {
        if (all_.size() >= many) {
            auto out = all_.total();
            for (const auto& figure : gone_) out = out - figure;
            for (const auto& figure : come_) out = out + figure;
            return out;
        }
        Decimal out{0};
        auto gone = gone_.begin(), come = come_.begin();
        for (std::size_t i = 0; i < all_.size(); ++i) {
            const auto figure = all_.ascending(i);
            if (gone != gone_.end() && *gone == figure) {
                ++gone;
                continue;
            }
            for (; come != come_.end() && *come < figure; ++come) out = out + *come;
            out = out + figure;
        }
        for (; come != come_.end(); ++come) out = out + *come;
        return out;
    }

  private:
    static std::int64_t below(const std::vector<Decimal>& of, const Decimal& value) {
        return std::lower_bound(of.begin(), of.end(), value) - of.begin();
    }
    static std::int64_t above(const std::vector<Decimal>& of, const Decimal& value) {
        return of.end() - std::upper_bound(of.begin(), of.end(), value);
    }
    std::int64_t size_of_not_above(const Decimal& value) const {
        return static_cast<std::int64_t>(size()) - above(value);
    }

    const Members& all_;
    std::vector<Decimal> gone_, come_;  ///< ascending
};

Counterfactual::Cohort::Cohort(Counterfactual& of)
    : of_(of),
      nodes_(of.graph_.nodes.size()),
      base_(std::make_unique<EvaluatedCohort>(of.base_)),
      base_members_(std::make_unique<GatheredMembers>(*base_)),
      gathered_(std::make_unique<GatheredMembers>(static_cast<Computed&>(of))) {}

Counterfactual::Cohort::~Cohort() = default;

void Counterfactual::Cohort::reset() {
    for (const auto i : used_) {
        nodes_[i].changes.reset();
        nodes_[i].supposed.clear();
        nodes_[i].computed.clear();
    }
    used_.clear();
    if (std::exchange(gathered_asked_, false))
        gathered_ = std::make_unique<GatheredMembers>(static_cast<Computed&>(of_));
}

// --- Groups --------------------------------------------------------------------------------------------------------

Counterfactual::Cohort::Groups& Counterfactual::Cohort::groups(std::optional<NodeId> by) {
    const auto [place, is_new] = groups_.try_emplace(by.value_or(no_group));
    auto& out = place->second;
    if (!is_new) return out;
    out.of.reserve(of_.size());
    if (!by) out.members.resize(1);  // everybody's
    for (std::size_t i = 0; i < of_.size(); ++i) {
        out.of.push_back(by ? number_of(out, of_.base_.value(*by, i)) : 0);
        if (out.of.back() != nobody) out.members[static_cast<std::size_t>(out.of.back())].push_back(i);
    }
    return out;
}

Counterfactual::Cohort::Group Counterfactual::Cohort::number_of(Groups& groups, const Value& group) {
    if (group.is_null()) return nobody;
    const auto [place, is_new] = groups.numbers.try_emplace(group.to_feel(), static_cast<Group>(groups.members.size()));
    if (is_new) groups.members.emplace_back();
    return place->second;
}

Counterfactual::Cohort::Group Counterfactual::Cohort::group_of(const graph::CohortForm& form, std::size_t record) {
    auto& all = groups(form.group);
    if (!form.group || of_.same_as_before(*form.group, record)) return all.of[record];
    return number_of(all, of_.value(*form.group, record));
}

/// Of those who may have moved, who has.
const std::vector<Counterfactual::Cohort::Change>& Counterfactual::Cohort::changes(const Node& node,
                                                                                   const graph::CohortForm& form) {
    auto& known = nodes_[at(node.id)].changes;
    if (known) return *known;
    std::vector<Change> out;
    const auto number = [](const Value& value) {
        return value.number() ? std::optional(*value.number()) : std::nullopt;
    };
    of_.for_each_reached(form.value, form.group, [&](std::size_t i) {
        const bool stays = !form.group || of_.same_as_before(*form.group, i);
        if (stays && of_.same_as_before(form.value, i)) return;
        out.push_back({i, groups(form.group).of[i], group_of(form, i), number(of_.as_it_is(form.value, i)),
                       number(of_.value(form.value, i))});
    });
    used_.push_back(at(node.id));
    return known.emplace(std::move(out));
}

bool Counterfactual::Cohort::touched(const Node& node, const graph::CohortForm& form, Group group) {
    const auto& all = changes(node, form);
    return std::any_of(all.begin(), all.end(), [&](const Change& c) { return c.was == group || c.is == group; });
}

/// Of a rank, those between where a figure was and where it is; if there are more or fewer figures than there were, and
/// of other functions, all of the group.
void Counterfactual::Cohort::add_movers(const Node& node, const graph::CohortForm& form,
                                        std::vector<std::uint64_t>& movers) {
    const auto add = [&](std::size_t record) { movers[record / 64] |= std::uint64_t{1} << (record % 64); };
    const bool rank =
        form.function == graph::CohortFunction::rank || form.function == graph::CohortFunction::percent_rank;
    for (const auto& change : changes(node, form)) {
        add(change.record);
        if (rank && change.was == change.is && change.was != nobody && change.before && change.now) {
            const auto& [low, high] = std::minmax(*change.before, *change.now);
            const auto& all = ascending(node, change.was);
            auto i = std::lower_bound(all.begin(), all.end(), low,
                                      [](const auto& one, const Decimal& value) { return one.first < value; });
            for (; i != all.end() && i->first <= high; ++i) add(i->second);
            continue;
        }
        for (const auto group : {change.was, change.is})
            if (group != nobody)
                for (const auto record : groups(form.group).members[static_cast<std::size_t>(group)]) add(record);
    }
}

// --- Values --------------------------------------------------------------------------------------------------------

Value Counterfactual::Cohort::value(const Node& node, const graph::CohortForm& form, std::size_t record) {
    const auto group = group_of(form, record);
    if (group == nobody)  // a null, and why
        return evaluate_cohort(form, {of_.value(form.value, record)}, {of_.value(*form.group, record)}).front();
    if (!touched(node, form, group)) return of_.as_it_is(node.id, record);
    if (auto out = placed(node, form, group, record)) return *out;
    auto& computed = nodes_[at(node.id)].computed;
    const auto place = static_cast<std::size_t>(group);
    if (place >= computed.size()) computed.resize(place + 1);
    if (computed[place] == 0) {
        compute_all(node, form, group);
        computed[place] = 1;
    }
    return *of_.values_[at(node.id)].find(record);
}

void Counterfactual::Cohort::compute_all(const Node& node, const graph::CohortForm& form, Group group) {
    auto members = groups(form.group).members[static_cast<std::size_t>(group)];
    for (const auto& change : changes(node, form)) {
        if (change.was == change.is) continue;
        if (change.was == group) std::erase(members, change.record);
        if (change.is == group)
            members.insert(std::lower_bound(members.begin(), members.end(), change.record), change.record);
    }
    std::vector<Value> values;
    values.reserve(members.size());
    for (const auto i : members) values.push_back(of_.value(form.value, i));
    const std::vector<Value> all_alike(form.group ? values.size() : 0, Value(true));
    auto results = evaluate_cohort(form, values, all_alike);
    for (std::size_t k = 0; k < members.size(); ++k)
        of_.values_[at(node.id)].put(members[k], of_.size(), std::move(results[k]));
}

const Members& Counterfactual::Cohort::as_things_are(const Node& node, Group group, const Value& value) {
    auto& known = nodes_[at(node.id)].members;
    const auto place = static_cast<std::size_t>(group);
    if (place >= known.size()) known.resize(place + 1);
    if (!known[place]) {
        const auto* members = of_.size() >= many ? of_.base_.values->members() : nullptr;
        known[place] = &(members ? *members : *base_members_).of(node, value);
    }
    return *known[place];
}

const Members& Counterfactual::Cohort::as_supposed(const Node& node, Group group, const Value& value) {
    const auto& form = std::get<graph::CohortForm>(node.form);
    if (!touched(node, form, group)) return as_things_are(node, group, value);
    auto& known = nodes_[at(node.id)].supposed;
    const auto place = static_cast<std::size_t>(group);
    if (place >= known.size()) known.resize(place + 1);
    if (!known[place]) {
        auto now = peers(node.id, value);
        known[place] =
            std::make_unique<AsSupposed>(as_things_are(node, group, value), std::move(now.gone), std::move(now.come));
    }
    return *known[place];
}

std::pair<std::int64_t, std::int64_t> Counterfactual::Cohort::place_as_things_are(const Node& node, const Value& group,
                                                                                  const Decimal& value) {
    const auto& form = std::get<graph::CohortForm>(node.form);
    const auto& members = as_things_are(node, form.group ? number_of(groups(form.group), group) : 0, group);
    return {members.below(value), members.above(value)};
}

const Counterfactual::Cohort::Ascending& Counterfactual::Cohort::ascending(const Node& node, Group group) {
    auto& known = nodes_[at(node.id)].ascending;
    const auto place = static_cast<std::size_t>(group);
    if (place >= known.size()) known.resize(place + 1);
    if (!known[place]) {
        const auto& form = std::get<graph::CohortForm>(node.form);
        auto& out = known[place].emplace();
        for (const auto record : groups(form.group).members[place])
            if (const auto* number = of_.as_it_is(form.value, record).number()) out.emplace_back(*number, record);
        std::sort(out.begin(), out.end());
    }
    return *known[place];
}

Cases::Answer Counterfactual::Cohort::peers(NodeId cohort, const Value& by) {
    const auto& node = of_.graph_.node(cohort);
    const auto& form = std::get<graph::CohortForm>(node.form);
    const auto group = form.group ? number_of(groups(form.group), by) : 0;
    Cases::Answer out;
    for (const auto& change : changes(node, form)) {
        if (change.was == group && change.before) out.gone.push_back(*change.before);
        if (change.is == group && change.now) out.come.push_back(*change.now);
    }
    return out;
}

const Members& Counterfactual::Cohort::of(const Node& cohort, const Value& group) const {
    const auto& form = std::get<graph::CohortForm>(cohort.form);
    auto& self = const_cast<Cohort&>(*this);  // what is kept is no part of what it says
    const auto number = form.group ? self.number_of(self.groups(form.group), group) : 0;
    if (number == nobody) {
        self.gathered_asked_ = true;
        return gathered_->of(cohort, group);
    }
    if (of_.reads_base_) return self.as_things_are(cohort, number, group);
    if (auto* from = of_.reader_ ? of_.reader_->from : nullptr) {
        const Cases::Question asked{Cases::Question::What::peers, cohort.id, group};
        if (from->is_first(asked)) from->read.push_back({asked, self.peers(cohort.id, group)});
    }
    return self.as_supposed(cohort, number, group);
}

/// Among the figures of the others. nullopt: the function asks for more than its place.
std::optional<Value> Counterfactual::Cohort::placed(const Node& node, const graph::CohortForm& form, Group group,
                                                    std::size_t record) {
    using graph::CohortFunction;
    const bool rank = form.function == CohortFunction::rank || form.function == CohortFunction::percent_rank;
    const bool aggregate = form.function == CohortFunction::sum || form.function == CohortFunction::mean;
    if (!rank && !(aggregate && of_.others_ == Others::stand && of_.size() >= many)) return std::nullopt;
    const auto* mine = of_.value(form.value, record).number();
    if (!mine) return std::nullopt;
    const auto by = form.group ? of_.value(*form.group, record) : Value();
    const auto& all = as_supposed(node, group, by);
    const auto size = static_cast<std::int64_t>(all.size());
    if (size == 1 || size < form.smallest) return std::nullopt;
    switch (form.function) {
        case CohortFunction::rank: return Value(all.above(*mine) + 1);
        case CohortFunction::percent_rank: return Value(Decimal(all.below(*mine)) / Decimal(size - 1));
        case CohortFunction::sum: return Value(total_with(node, group, by, record));
        default: return Value(total_with(node, group, by, record) / Decimal(size));
    }
}

/// In the order of the reference, lowest first: sums of many digits are rounded on the way.
Decimal Counterfactual::Cohort::total_with(const Node& node, Group group, const Value& value, std::size_t record) {
    if (record != asked_about_)
        for (auto& of_node : nodes_) of_node.others_ascending.clear();
    asked_about_ = record;
    const auto& form = std::get<graph::CohortForm>(node.form);
    auto& others = nodes_[at(node.id)].others_ascending[group];
    if (others.empty()) {
        const bool stays = groups(form.group).of[record] == group;
        const auto* before = stays ? of_.as_it_is(form.value, record).number() : nullptr;
        std::vector<Decimal> mine;
        if (before) mine.push_back(*before);
        const AsSupposed without(as_things_are(node, group, value), std::move(mine), {});
        for (std::size_t place = 0; place < without.size(); ++place) others.push_back(without.ascending(place));
    }
    const auto& now = *of_.value(form.value, record).number();
    Decimal out{0};
    const auto place = std::upper_bound(others.begin(), others.end(), now);
    for (auto i = others.begin(); i != place; ++i) out = out + *i;
    out = out + now;
    for (auto i = place; i != others.end(); ++i) out = out + *i;
    return out;
}

}  // namespace zoneval::exec
