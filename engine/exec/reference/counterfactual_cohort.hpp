// Functions over the cohort as supposed, for counterfactual.cpp alone.
#pragma once

#include "engine/exec/reference/counterfactual.hpp"

namespace zoneval::exec {

class Counterfactual::Cohort : public CohortMembers {
  public:
    explicit Cohort(Counterfactual& of);
    ~Cohort() override;
    Cohort(const Cohort&) = delete;
    Cohort& operator=(const Cohort&) = delete;

    /// Something else is supposed now.
    void reset();
    feel::Value value(const graph::Node& node, const graph::CohortForm& form, std::size_t record);
    /// As supposed, for decisions that look again at blanks.
    const Members& of(const graph::Node& cohort, const feel::Value& group) const override;

    /// Whose results may be others now, as bits. Precondition: others move.
    void add_movers(const graph::Node& node, const graph::CohortForm& form, std::vector<std::uint64_t>& movers);

    /// How many of a group lie below and above, as things are.
    std::pair<std::int64_t, std::int64_t> place_as_things_are(const graph::Node& node, const feel::Value& group,
                                                              const feel::Decimal& value);
    /// A group as it is supposed to be.
    Cases::Answer peers(graph::NodeId cohort, const feel::Value& group);

  private:
    class AsSupposed;
    using Group = std::int32_t;
    static constexpr Group nobody = -1;
    /// Records by the group they are in as things are; groups that nobody was in come last.
    struct Groups {
        std::unordered_map<std::string, Group> numbers;
        std::vector<Group> of;  ///< by record
        std::vector<std::vector<std::size_t>> members;
    };
    /// A record with another operand, or in another group, than as things are.
    struct Change {
        std::size_t record;
        Group was, is;
        std::optional<feel::Decimal> before, now;  ///< nullopt: no number
    };
    using Ascending = std::vector<std::pair<feel::Decimal, std::size_t>>;
    /// One function over the cohort; all but the last three as things are, by group, where they were asked for.
    struct OfNode {
        std::vector<const Members*> members;
        std::vector<std::optional<Ascending>> ascending;
        std::unordered_map<Group, std::vector<feel::Decimal>> others_ascending;  ///< all but `asked_about_`
        std::optional<std::vector<Change>> changes;
        std::vector<std::unique_ptr<AsSupposed>> supposed;  ///< by group
        std::vector<std::uint8_t> computed;                 ///< by group: its members have their results
    };

    Groups& groups(std::optional<graph::NodeId> by);
    Group number_of(Groups& groups, const feel::Value& group);
    Group group_of(const graph::CohortForm& form, std::size_t record);
    const std::vector<Change>& changes(const graph::Node& node, const graph::CohortForm& form);
    bool touched(const graph::Node& node, const graph::CohortForm& form, Group group);
    void compute_all(const graph::Node& node, const graph::CohortForm& form, Group group);
    const Members& as_things_are(const graph::Node& node, Group group, const feel::Value& value);
    const Members& as_supposed(const graph::Node& node, Group group, const feel::Value& value);
    const Ascending& ascending(const graph::Node& node, Group group);
    std::optional<feel::Value> placed(const graph::Node& node, const graph::CohortForm& form, Group group,
                                      std::size_t record);
    feel::Decimal total_with(const graph::Node& node, Group group, const feel::Value& value, std::size_t record);

    Counterfactual& of_;
    std::map<graph::NodeId, Groups> groups_;
    std::vector<OfNode> nodes_;
    std::vector<std::size_t> used_;  ///< nodes of which something is known that is supposed
    std::unique_ptr<Computed> base_;
    std::unique_ptr<GatheredMembers> base_members_, gathered_;
    bool gathered_asked_ = false;
    std::size_t asked_about_ = SIZE_MAX;
};

}  // namespace zoneval::exec
