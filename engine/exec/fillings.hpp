// INVARIANT (adverse on what is known): an adverse outcome is given only where every way to fill the record's blanks
// leads to it, by one and the same rule. Scores that leave missing parts out, and expressions that ask for null, make
// facts of what is not there; before such a fact leads to an adverse outcome, the blanks behind it are put back.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>

#include "engine/exec/decision.hpp"
#include "engine/exec/spread.hpp"
#include "engine/feel/value/reason.hpp"

namespace zoneval::exec {

/// What is computed of the cohort.
class Known {
  public:
    virtual ~Known() = default;
    /// Of the record at hand; null where nothing is computed. Good until the next record is at hand.
    virtual const feel::Value& value(graph::NodeId node, std::size_t record) = 0;
    /// Of any record, whichever is at hand.
    virtual feel::Value of(graph::NodeId node, std::size_t record) = 0;
    virtual std::size_t size() const = 0;
    /// What an earlier value comes to with the blanks put back that it left out; nullptr: it left none out.
    virtual const Spread* reopened(graph::NodeId history, std::size_t record) = 0;
};

/// Of a finished evaluation.
class EvaluationKnown : public Known {
  public:
    explicit EvaluationKnown(const Evaluation& evaluation) : evaluation_(evaluation) {}
    const feel::Value& value(graph::NodeId node, std::size_t record) override;
    feel::Value of(graph::NodeId node, std::size_t record) override;
    std::size_t size() const override { return evaluation_.size(); }
    const Spread* reopened(graph::NodeId history, std::size_t record) override {
        return evaluation_.earlier_spread(history, record);
    }

  private:
    const Evaluation& evaluation_;
    std::map<std::pair<graph::NodeId, std::size_t>, feel::Value> asked_;
};

/// Numbers of a cohort function's members, sorted, by group; made when first asked for.
class CohortMembers {
  public:
    CohortMembers(const graph::Graph& graph, Known& known) : graph_(graph), known_(known) {}
    const std::vector<feel::Decimal>& of(const graph::Node& cohort, std::size_t record) const;

  private:
    const graph::Graph& graph_;
    Known& known_;
    mutable std::map<graph::NodeId, std::map<std::string, std::vector<feel::Decimal>>> sorted_;
};

/// Values set from outside, which are facts however they would have been computed.
using Fixed = std::function<bool(graph::NodeId, std::size_t record)>;

/// What is filled in: the parts that scores leave out (authors' own `x = null` keeps its answer), or everything
/// missing.
enum class Blanks { of_scores, all };

/// What reading records one after the other keeps from one to the next.
struct FillingsMemory {
    FillingsMemory(const graph::Graph& graph, std::shared_ptr<const ExpressionParts> parts);
    std::shared_ptr<const ExpressionParts> parts;  ///< of the graph's formulas
    std::vector<Spread> made;                      ///< by node
    std::vector<std::uint64_t> turns;              ///< by node: the reading it was made in
    std::uint64_t turn = 0;
    std::vector<feel::Value> frame;
};

/// As many as are needed at a time: one reading may lead to another.
class FillingsMemories {
  public:
    explicit FillingsMemories(const graph::Graph& graph) : graph_(graph) {}
    std::unique_ptr<FillingsMemory> take();
    void give(std::unique_ptr<FillingsMemory> memory) { free_.push_back(std::move(memory)); }

  private:
    const graph::Graph& graph_;
    std::shared_ptr<const ExpressionParts> parts_;
    std::vector<std::unique_ptr<FillingsMemory>> free_;
};

/// One record read over every way to fill its blanks. What other records scored is taken as it stands.
class Fillings : public Reading, public SpreadNames {
  public:
    Fillings(const graph::Graph& graph, Known& known, std::size_t record, Blanks blanks, const CohortMembers& members,
             FillingsMemories& memories, const Fixed* fixed = nullptr);
    ~Fillings() override { memories_.give(std::move(memory_)); }
    Fillings(const Fillings&) = delete;
    Fillings& operator=(const Fillings&) = delete;

    const Spread& spread(int slot) const override;
    const feel::Value& now(int slot) const override;
    bool there_when_filled(int slot) const override;
    std::size_t size() const override { return graph_.nodes.size(); }
    std::vector<feel::Value>& frame() const override { return memory_->frame; }
    const ExpressionParts& parts() const override { return *memory_->parts; }

    feel::Value value(const feel::Expr& expression, const SourcePtr& source) const override;
    feel::Value cell(const graph::Formula& tests, const graph::Formula& tested) const override;
    const feel::Value& node(graph::NodeId id) const override { return spread(id).value; }
    std::optional<bool> counts_as(const graph::RuleListForm::Rule& rule, const feel::Value& condition) const override;
    std::optional<Bounds> bounds(graph::NodeId id) const override;
    std::optional<feel::Value> settled(const feel::Expr& expression, const SourcePtr& source) const override;
    bool sees_more() const override { return true; }
    /// Why what a node reads is open.
    std::vector<feel::CausePtr> open_causes(const graph::Node& node) const;

  private:
    Spread make(const graph::Node& node) const;
    Spread of_input(const graph::Node& node) const;
    Spread of_cohort(const graph::Node& node, const graph::CohortForm& form) const;
    Spread of_history(const graph::Node& node, const graph::HistoryForm& form) const;
    Spread of_expression(const graph::Node& node, const graph::Formula& formula) const;
    Spread of_decision(const graph::Node& node) const;
    NullTests null_tests(bool of_score) const;
    bool reads_open(const graph::Node& node) const;
    Spread open(const graph::Node& node, feel::Fact fact, Bounds bounds) const;

    const graph::Graph& graph_;
    Known& known_;
    std::size_t record_;
    Blanks blanks_;
    const CohortMembers& members_;
    const Fixed* fixed_;
    FillingsMemories& memories_;
    std::unique_ptr<FillingsMemory> memory_;  ///< of this reading alone, as long as it lasts
};

/// A node, and everything of the same year that goes into it.
std::vector<graph::NodeId> nodes_behind(const graph::Graph& graph, const graph::Node& node);
/// Nodes before a decision (and itself) whose formulas make something known of what is missing.
std::vector<graph::NodeId> fact_makers(const graph::Graph& graph, const graph::Node& decision);

/// Looks again at decisions with adverse outcomes, where blanks have been made facts of.
class Guard {
  public:
    Guard(const graph::Graph& graph, Known& known, Fixed fixed)
        : graph_(graph), known_(known), fixed_(std::move(fixed)), members_(graph, known), memories_(graph) {}

    /// Replaces the outcome where an adverse one is possible and not certain. True when it did.
    bool look_again(const graph::Node& decision, std::size_t record, Decided& decided) const;
    /// What known values come to with the blanks put back that scores left out; those that rest on none are not named.
    /// For later years.
    std::map<graph::NodeId, Spread> reopened(const std::vector<graph::NodeId>& nodes, std::size_t record) const;

  private:
    const std::vector<graph::NodeId>& makers(const graph::Node& decision) const;
    bool has_say(const graph::Node& decision, std::size_t record) const;

    const graph::Graph& graph_;
    Known& known_;
    Fixed fixed_;
    CohortMembers members_;
    mutable std::map<graph::NodeId, std::vector<graph::NodeId>> makers_;  ///< by decision
    mutable FillingsMemories memories_;
};

}  // namespace zoneval::exec
