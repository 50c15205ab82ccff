// INVARIANT (adverse on what is known): an adverse outcome is given only where every way to fill the record's blanks
// leads to it, by one and the same rule. Scores that leave missing parts out, and expressions that ask for null, make
// facts of what is not there; before such a fact leads to an adverse outcome, the blanks behind it are put back.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>

#include "engine/exec/decisions/decision.hpp"
#include "engine/exec/decisions/kept_values.hpp"
#include "engine/feel/evaluation/abstract_evaluation.hpp"
#include "engine/feel/value/null_meaning.hpp"
#include "engine/feel/value/reason.hpp"

namespace zoneval::exec {

using feel::AbstractNames;
using feel::ExpressionParts;
using feel::NullTests;

/// What is computed of the cohort.
class Computed {
  public:
    virtual ~Computed() = default;
    /// Of the record at hand; null where nothing is computed. Good until the next record is at hand.
    virtual const feel::Value& now(graph::NodeId node, std::size_t record) = 0;
    /// The same for whoever asks no more than that.
    virtual bool unknown_now(graph::NodeId node, std::size_t record) { return feel::is_unknown(now(node, record)); }
    /// Whether it is known that nothing behind the node is blank: however blanks are filled, it is what it is now.
    virtual bool without_blanks(graph::NodeId /*node*/, std::size_t /*record*/) { return false; }
    /// Of any record, whichever is at hand.
    virtual feel::Value of(graph::NodeId node, std::size_t record) = 0;
    virtual std::size_t size() const = 0;
    /// What an earlier value comes to with the blanks put back that it rested on; nullptr: it rested on none.
    virtual const Reopened* put_back(graph::NodeId history, std::size_t record) = 0;
};

/// Of a finished evaluation.
class EvaluatedCohort : public Computed {
  public:
    explicit EvaluatedCohort(const Evaluation& evaluation) : evaluation_(evaluation) {}
    const feel::Value& now(graph::NodeId node, std::size_t record) override;
    feel::Value of(graph::NodeId node, std::size_t record) override;
    std::size_t size() const override { return evaluation_.size(); }
    const Reopened* put_back(graph::NodeId history, std::size_t record) override {
        return evaluation_.earlier(history, record);
    }

  private:
    const Evaluation& evaluation_;
    std::map<std::pair<graph::NodeId, std::size_t>, feel::Value> asked_;
};

/// A cohort function's members of one group: the records of it that have a value.
class Members {
  public:
    virtual ~Members() = default;
    virtual std::size_t size() const = 0;
    virtual std::int64_t below(const feel::Decimal& value) const = 0;  ///< how many are strictly below
    virtual std::int64_t above(const feel::Decimal& value) const = 0;
    virtual feel::Decimal ascending(std::size_t place) const = 0;  ///< the least has place 0
    virtual feel::Decimal total() const = 0;
};

/// The members of each group.
class CohortMembers {
  public:
    virtual ~CohortMembers() = default;
    /// Null is the group of a function without one.
    virtual const Members& of(const graph::Node& cohort, const feel::Value& group) const = 0;
};

/// Gathered record by record when first asked for.
class GatheredMembers : public CohortMembers {
  public:
    explicit GatheredMembers(Computed& computed) : computed_(computed) {}
    const Members& of(const graph::Node& cohort, const feel::Value& group) const override;
    void forget() { groups_.clear(); }

  private:
    class Gathered;
    Computed& computed_;
    mutable std::map<graph::NodeId, std::map<std::string, std::shared_ptr<Gathered>>> groups_;
};

/// Values set from outside, which are facts however they would have been computed.
using Fixed = std::function<bool(graph::NodeId, std::size_t record)>;

/// What reading records one after the other keeps from one to the next.
struct CompletionsMemory {
    CompletionsMemory(const graph::Graph& graph, std::shared_ptr<const ExpressionParts> parts);
    std::shared_ptr<const ExpressionParts> parts;  ///< of the graph's formulas
    std::vector<AbstractValue> made;               ///< by node
    std::vector<std::uint64_t> turns;              ///< by node: the reading it was made in
    std::uint64_t turn = 0;
    std::vector<feel::Value> frame;
};

/// As many as are needed at a time: one reading may lead to another.
class CompletionsMemories {
  public:
    /// `kept`: what earlier evaluations made; nullptr: there were none.
    explicit CompletionsMemories(const graph::Graph& graph, KeptValues* kept = nullptr) : graph_(graph), kept_(kept) {}
    KeptValues* kept() const { return kept_; }
    std::unique_ptr<CompletionsMemory> take();
    void give(std::unique_ptr<CompletionsMemory> memory) { free_.push_back(std::move(memory)); }

  private:
    const graph::Graph& graph_;
    KeptValues* kept_;
    std::shared_ptr<const ExpressionParts> parts_;
    std::vector<std::unique_ptr<CompletionsMemory>> free_;
};

/// One blank, taken to be within a part of its domain.
struct Assumption {
    graph::NodeId datum;
    AbstractValue part;
};

/// One record read over every way to fill its blanks. What other records scored is taken as it stands.
class Completions : public Reading, public AbstractNames {
  public:
    Completions(const graph::Graph& graph, Computed& computed, std::size_t record, Blanks blanks,
                const CohortMembers& members, CompletionsMemories& memories, const Fixed* fixed = nullptr,
                const Assumption* assumed = nullptr);
    ~Completions() override { memories_.give(std::move(memory_)); }
    Completions(const Completions&) = delete;
    Completions& operator=(const Completions&) = delete;

    const AbstractValue& abstract(int slot) const override;
    const feel::Value& now(int slot) const override;
    bool there_when_filled(int slot) const override;
    std::size_t size() const override { return graph_.nodes.size(); }
    std::vector<feel::Value>& frame() const override { return memory_->frame; }
    const ExpressionParts& parts() const override { return *memory_->parts; }

    feel::Value value(const feel::Expr& expression, const SourcePtr& source) const override;
    feel::Value truth(const feel::Expr& expression, const SourcePtr& source) const override;
    feel::Value cell(const graph::Formula& tests, const graph::Formula& tested) const override;
    const feel::Value& node(graph::NodeId id) const override { return abstract(id).value; }
    std::optional<bool> counts_as(const graph::DecisionForm::Rule& rule, const feel::Value& condition) const override;
    std::optional<Bounds> bounds(graph::NodeId id) const override;
    std::optional<Bounds> bounds(const feel::Expr& expression, const SourcePtr& source) const override;
    std::optional<feel::Value> settled(const feel::Expr& expression, const SourcePtr& source) const override;
    bool sees_more() const override { return true; }
    /// Why what a node reads is open.
    std::vector<feel::CausePtr> open_causes(const graph::Node& node) const;

  private:
    AbstractValue make(const graph::Node& node) const;
    AbstractValue of_input(const graph::Node& node) const;
    AbstractValue of_cohort(const graph::Node& node, const graph::CohortForm& form) const;
    struct Peers;
    AbstractValue in_open_group(const graph::Node& node, const graph::CohortForm& form) const;
    AbstractValue joining(const graph::Node& node, const graph::CohortForm& form, const Peers& peers) const;
    Bounds any_rank(const graph::CohortForm& form) const;
    Bounds of_rank(const graph::CohortForm& form, const Peers& peers) const;
    Bounds of_count(const graph::Node& node, const graph::CohortForm& form) const;
    Bounds of_aggregate(const graph::CohortForm& form, const Peers& peers) const;
    AbstractValue of_history(const graph::Node& node, const graph::HistoryForm& form) const;
    AbstractValue of_expression(const graph::Node& node, const graph::Formula& formula) const;
    AbstractValue of_decision(const graph::Node& node) const;
    NullTests null_tests(bool of_score) const;
    bool is_other(graph::NodeId id) const;
    bool reads_other(const graph::Node& node) const;
    Bounds range_of(graph::NodeId id) const;
    AbstractValue open(const graph::Node& node, feel::Fact fact, Bounds bounds) const;

    const graph::Graph& graph_;
    Computed& computed_;
    std::size_t record_;
    Blanks blanks_;
    const CohortMembers& members_;
    const Fixed* fixed_;
    const Assumption* assumed_;
    CompletionsMemories& memories_;
    std::unique_ptr<CompletionsMemory> memory_;  ///< of this reading alone, as long as it lasts
};

/// A node, and everything of the same year that goes into it.
std::vector<graph::NodeId> nodes_behind(const graph::Graph& graph, const graph::Node& node);
/// What a node comes of: of a decision, without what its reasons show.
std::vector<graph::NodeId> comes_of(const graph::Graph& graph, const graph::Node& node);
/// Nodes before a decision (and itself) whose formulas make something known of what is missing.
std::vector<graph::NodeId> fact_makers(const graph::Graph& graph, const graph::Node& decision);

/// Bounds that are kept for later years have at most so many decimals, rounded outwards: whoever computes them, in
/// decimals or in machine numbers, comes to the same.
inline constexpr int kept_decimals = 9;

/// Looks again at decisions with adverse outcomes, where blanks have been made facts of.
class Guard {
  public:
    /// `members`: of the whole cohort, where somebody has them; nullptr: they are gathered.
    Guard(const graph::Graph& graph, Computed& computed, Fixed fixed, const CohortMembers* members = nullptr,
          KeptValues* kept = nullptr)
        : graph_(graph),
          computed_(computed),
          fixed_(std::move(fixed)),
          gathered_(computed),
          members_(members ? *members : gathered_),
          memories_(graph, kept) {}

    /// Whether blanks have been made facts of before the decision.
    bool has_say(const graph::Node& decision, std::size_t record) const;
    /// Of a list of rules: the last of those that decide, as things are or with blanks filled in any way; nullopt: none
    /// may, or that is not known.
    std::optional<std::size_t> last_to_decide(const graph::Node& decision, std::size_t record,
                                              const Reading& as_things_are) const;
    /// Replaces the outcome where an adverse one is possible and not certain. True when it did.
    bool look_again(const graph::Node& decision, std::size_t record, Decided& decided) const;
    /// The reason of a rule that fired, filled in with what its condition holds for: what things are, or where that
    /// alone would not do, what they may come to with the blanks put back.
    std::string fill(const graph::Node& decision, std::size_t rule, std::size_t record,
                     const Reading& as_things_are) const;
    /// What known values come to with the blanks put back that they rest on; those that rest on none are not named.
    /// For later years.
    std::map<graph::NodeId, Reopened> reopened(const std::vector<graph::NodeId>& nodes, std::size_t record) const;

    /// Narrows an open outcome by trying the parts of the domain of a blank that is asked about in several places: what
    /// one place says of it the others do not know. True when it did.
    bool split(const graph::Node& decision, std::size_t record, Decided& decided) const;
    /// Of the last record whose decision look_again() left open: what would settle it, under which reading. Kept once
    /// somebody has asked for it to be; nullptr: it does not hang on a few nodes.
    struct LeftOpen {
        Settling settling;
        Blanks blanks;
    };
    void keep_settling() const { keeps_settling_ = true; }
    const LeftOpen* left_open(const graph::Node& decision) const {
        const auto found = left_open_.find(decision.id);
        return found == left_open_.end() || found->second.settling.empty() ? nullptr : &found->second;
    }
    /// Blanks that split() takes apart, where they are blank.
    std::vector<graph::NodeId> taken_apart(const graph::Node& decision) const;

  private:
    struct Comparison {
        const feel::Expr *value, *with;
        SourcePtr source;
    };
    /// A datum that reaches a decision in several ways, and where what comes of it by formulas alone is compared.
    struct Repeated {
        graph::NodeId datum;
        std::vector<Comparison> compared;
    };
    const std::vector<Repeated>& repeated(const graph::Node& decision) const;
    bool one_name_tells(const graph::Node& decision, const Repeated& datum) const;
    std::vector<AbstractValue> parts_of(const Repeated& datum, std::size_t record) const;
    void add_changes(graph::NodeId datum, const Comparison& compared, const AbstractValue& whole, std::size_t record,
                     std::set<feel::Decimal>& starts) const;
    bool split_by(const graph::Node& decision, std::size_t record, const Repeated& datum, Decided& decided) const;
    const std::vector<graph::NodeId>& makers(const graph::Node& decision) const;

    const graph::Graph& graph_;
    Computed& computed_;
    Fixed fixed_;
    GatheredMembers gathered_;
    const CohortMembers& members_;
    mutable std::map<graph::NodeId, std::vector<graph::NodeId>> makers_;  ///< by decision
    mutable std::map<graph::NodeId, std::vector<Repeated>> repeated_;     ///< by decision
    mutable CompletionsMemories memories_;
    mutable bool keeps_settling_ = false;
    mutable std::map<graph::NodeId, LeftOpen> left_open_;  ///< by decision
};

}  // namespace zoneval::exec
