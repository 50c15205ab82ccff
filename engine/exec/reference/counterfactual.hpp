// A year as it would be with a figure of one record, or a parameter, another than it is: what hangs on that is computed
// anew, exactly, and nothing else. The answers are those of evaluating the whole year again.
#pragma once

#include <unordered_map>

#include "engine/exec/reference/cells.hpp"

namespace zoneval::exec {

class Counterfactual : private Computed {
  public:
    /// Whether the values of others move with what is supposed of one record, as they do, or are taken as they stand:
    /// in large cohorts, where each of them moves by next to nothing and all together take long. Then the answers are
    /// those of the first order only.
    enum class Others : std::uint8_t { move, stand };
    /// Both must outlive it; not for several threads.
    Counterfactual(const Evaluation& base, const History& history, Others others = Others::move);
    ~Counterfactual() override;
    Counterfactual(const Counterfactual&) = delete;
    Counterfactual& operator=(const Counterfactual&) = delete;

    /// Whether an input's figures can be supposed: not where they say who belongs to the cohort, or where records of
    /// other kinds read them.
    bool can_suppose(graph::NodeId input) const;
    /// Beside what is supposed already. Precondition: can_suppose(input).
    void suppose(graph::NodeId input, std::size_t record, feel::Value value);
    void suppose(graph::NodeId parameter, feel::Value value);
    /// What the record reads of earlier years is read from the history anew, which may say something else of it than it
    /// said when the year was evaluated. Precondition: can_look_back_anew().
    bool can_look_back_anew() const;
    void look_back_anew(std::size_t record);
    void forget();

    /// Throw as evaluate() does.
    const feel::Value& value(graph::NodeId node, std::size_t record);
    const Outcome& outcome(graph::NodeId decision, std::size_t record);
    /// Whether what is supposed can reach anybody's value of the node but that of the records it was supposed of.
    bool reaches_others(graph::NodeId node) const { return reach_[at(node)] == Reach::others; }
    /// Whether the node hangs on values of others that may be others now: then each of them is computed anew.
    bool moves_others(graph::NodeId node) const;

  private:
    enum class Reach : std::uint8_t { none, own, others };
    struct Supposed {
        graph::NodeId node;
        std::optional<std::size_t> record;  ///< nullopt: a parameter
        feel::Value value;
    };
    /// Records by the group they are in as things are.
    struct Groups {
        std::map<std::string, std::vector<std::size_t>> members;
        std::vector<std::string> of;  ///< by record; "" is nobody's group
    };
    class OwnMembers;
    /// By record: in their places where records are few, else only those that were asked for.
    template <class T>
    class Remembered {
      public:
        const T* find(std::size_t record) const {
            if (record < places_.size() && places_[record]) return &*places_[record];
            const auto found = rest_.find(record);
            return found == rest_.end() ? nullptr : &found->second;
        }
        const T& put(std::size_t record, std::size_t records, T value) {
            constexpr std::size_t few = 5000;
            if (records > few) return rest_.insert_or_assign(record, std::move(value)).first->second;
            if (places_.empty()) places_.resize(records);
            touched_.push_back(record);
            return places_[record].emplace(std::move(value));
        }
        void clear() {
            for (const auto record : touched_) places_[record].reset();
            touched_.clear();
            rest_.clear();
        }

      private:
        std::vector<std::optional<T>> places_;
        std::vector<std::size_t> touched_;
        std::unordered_map<std::size_t, T> rest_;
    };

    void spread();
    bool is_own(std::size_t record) const;
    /// The record of which alone something is supposed; nullopt: of several, or a parameter.
    std::optional<std::size_t> only_record() const;
    const feel::Value& as_it_is(graph::NodeId node, std::size_t record);
    bool same_as_before(graph::NodeId node, std::size_t record);
    const feel::Value* supposed_value(graph::NodeId node, std::size_t record) const;
    void compute(const graph::Node& node, std::size_t record, feel::Value& out);
    feel::Value cohort_value(const graph::Node& node, const graph::CohortForm& form, std::size_t record);
    std::optional<feel::Value> among_peers(const graph::Node& node, const graph::CohortForm& form, std::size_t record);
    feel::Decimal total_with(const graph::Node& node, const feel::Value& group, std::size_t record);
    /// As things are, in a large cohort in which nobody else's operand or group moves; nullptr: they are gathered.
    const CohortMembers* members_at_hand(const graph::CohortForm& form) const;
    const Groups& groups(std::optional<graph::NodeId> by);
    std::string group_of(const graph::CohortForm& form, std::size_t record);
    std::vector<std::size_t> members_now(const graph::CohortForm& form, const std::string& group, bool& moved);
    // Computed, for decisions that look again at what is missing.
    const feel::Value& now(graph::NodeId node, std::size_t record) override;
    feel::Value of(graph::NodeId node, std::size_t record) override { return now(node, record); }
    std::size_t size() const override { return base_.size(); }
    const Reopened* put_back(graph::NodeId history, std::size_t record) override;

    const graph::Graph& graph_;
    const Evaluation& base_;
    const Others others_;
    std::unique_ptr<OwnMembers> members_;
    CellEvaluator cells_;
    std::vector<bool> held_;  ///< by node: inputs that cannot be supposed
    int in_cell_ = 0;
    std::vector<Supposed> supposed_;
    std::optional<std::size_t> anew_;                         ///< whose earlier years are read anew
    std::map<graph::NodeId, std::optional<Reopened>> again_;  ///< of that record
    bool blanks_ = false;  ///< a blank comes, goes or is another: a decision may look again though its values are alike
    std::vector<Reach> reach_;                              ///< by node
    std::vector<Remembered<feel::Value>> before_, values_;  ///< by node
    std::vector<Remembered<Outcome>> outcomes_;
    std::map<graph::NodeId, Groups> groups_;
    /// By function and group: all but the record that was asked about last, where it is one of them.
    std::map<std::pair<graph::NodeId, std::string>, std::vector<feel::Decimal>> others_ascending_;
    std::size_t asked_about_ = SIZE_MAX;
    std::map<std::pair<graph::NodeId, std::string>, bool> done_;  ///< groups looked at; whether they have new values
};

}  // namespace zoneval::exec
