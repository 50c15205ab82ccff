// How the formulas of one record are read: with its blanks blank, or over all its completions.
#pragma once

#include <optional>

#include "engine/exec/results/evaluation.hpp"
#include "engine/wording/language.hpp"

namespace zoneval::exec {

struct Bounds {
    std::optional<feel::Decimal> low, high;
};

/// How formulas of one record are read: with the blanks blank, or over every way to fill them.
class Reading {
  public:
    virtual ~Reading() = default;
    virtual feel::Value value(const feel::Expr& expression, const SourcePtr& source) const = 0;
    /// Of a condition: where it is sure never to be true, false, though it may be null.
    virtual feel::Value truth(const feel::Expr& expression, const SourcePtr& source) const {
        return value(expression, source);
    }
    /// Tests of a table's cell against what its input gives.
    virtual feel::Value cell(const graph::Formula& tests, const graph::Formula& tested) const = 0;
    virtual const feel::Value& node(graph::NodeId id) const = 0;
    /// What a rule's `if missing` makes of an unknown condition.
    virtual std::optional<bool> counts_as(const graph::DecisionForm::Rule& rule, const feel::Value& condition) const;
    /// Of a number that is unknown: what it cannot go beyond, where that is more than its definition says.
    virtual std::optional<Bounds> bounds(graph::NodeId) const { return std::nullopt; }
    /// Of an expression that gives an unknown number: what it cannot go beyond.
    virtual std::optional<Bounds> bounds(const feel::Expr&, const SourcePtr&) const { return std::nullopt; }
    /// Whether part of a condition is known beyond what its names are; only asked when `sees_more`.
    virtual std::optional<feel::Value> settled(const feel::Expr&, const SourcePtr&) const { return std::nullopt; }
    virtual bool sees_more() const { return false; }

    /// Whether all conditions of a rule hold: true, false, or a null with its cause.
    feel::Value condition(const graph::DecisionForm::Rule& rule) const;
    /// The same before `if missing` has its say.
    feel::Value raw_condition(const graph::DecisionForm::Rule& rule) const;
};

/// Fills a frame only where it is read.
class FrameSource {
  public:
    virtual ~FrameSource() = default;
    /// What the expression names, before it is evaluated.
    virtual void fill(const feel::Expr& expression) = 0;
    virtual void fill(graph::NodeId node) = 0;
    /// What it came to. Values hang on these results alone, and on which branch they lead to.
    virtual void found(const feel::Expr& expression, const SourcePtr& source, const feel::Value& result) = 0;
};

/// As things are: what is missing is unknown. The frame must outlive it. With a `source` the parts of an `if`, an `and`
/// or an `or` are read one after the other, and only those that matter.
class FrameReading : public Reading {
  public:
    FrameReading(const graph::Graph& graph, std::vector<feel::Value>& frame, FrameSource* source = nullptr)
        : graph_(graph), frame_(frame), source_(source) {}
    feel::Value value(const feel::Expr& expression, const SourcePtr& source) const override;
    feel::Value cell(const graph::Formula& tests, const graph::Formula& tested) const override;
    const feel::Value& node(graph::NodeId id) const override {
        if (source_) source_->fill(id);
        return frame_[static_cast<std::size_t>(id)];
    }
    using Reading::bounds;
    std::optional<Bounds> bounds(graph::NodeId id) const override;

  private:
    feel::Value in_parts(const feel::Expr& expression, const SourcePtr& source) const;
    feel::Value whole(const feel::Expr& expression, const SourcePtr& source) const;

    const graph::Graph& graph_;
    std::vector<feel::Value>& frame_;  ///< by node; the slot of `?` is set for each cell
    FrameSource* source_;
};
/// The frame of one record of a finished evaluation.
std::vector<feel::Value> frame_of(const Evaluation& evaluation, std::size_t record);

/// A formula's own null: its value is missing, and no data of the record would change that.
feel::Value given_null(const graph::Node& node);
/// The values an undetermined outcome is open between, where its cause has them on record.
std::vector<feel::Value> still_possible(const feel::Value& unknown);

/// The bounds of an unknown number, where its cause has them on record.
std::optional<Bounds> bounds_known(const feel::Value& unknown);

/// A reason with its expressions filled in, as runs record it.
std::string fill(const graph::Template& reason, const Reading& reading, const graph::Graph& graph);
/// Whether a rule fired that says why.
bool has_reason(const graph::Node& node, const Outcome& outcome);
/// Whether a rule that fired does not hold as things are, and so does with the blanks put back.
bool rests_on_blanks(const graph::Node& decision, const graph::DecisionForm::Rule& fired, const Reading& as_things_are);
/// Why a rule gives what it gives, in a language, with the labels of outcomes and the words for what is missing; where
/// the rule has no reason in it, as recorded.
std::string reason_in(const Evaluation& evaluation, const graph::Node& decision, const graph::DecisionForm::Rule& fired,
                      std::size_t record, wording::Language language);
/// The clause that a rule cites, of that record; empty: none.
std::string cite_of(const Evaluation& evaluation, const graph::DecisionForm::Rule& rule, std::size_t record,
                    wording::Language language);
/// Whom a decision's outcome about the record is about; nullopt: the record itself.
std::optional<std::string> about_whom(const Evaluation& evaluation, const graph::Node& decision, std::size_t record,
                                      wording::Language language);

}  // namespace zoneval::exec
