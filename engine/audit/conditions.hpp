// The conditions of a rule as they came out for one record: what was found, the limit, and how far the one is from the
// other. Facts only; the words are in engine/wording.
#pragma once

#include <string>
#include <vector>

#include "engine/exec/decisions/completions.hpp"
#include "engine/exec/results/labels.hpp"
#include "engine/wording/language.hpp"

namespace zoneval::audit {

/// What a definition is called in a language, else its name; of what was read from an earlier year the year is said.
struct Subject {
    std::string title, name;            ///< name: short, as authors wrote it, unless there is a title in the language
    std::int32_t year = 0;              ///< of an earlier year; 0: of the year assessed
    const graph::Node* node = nullptr;  ///< the only thing computed or reported that is read; nullptr: several
    std::string shown(wording::Language language) const;
    std::string shown_short(wording::Language language) const;
};
Subject subject_of(const graph::Graph& graph, const graph::Node& node, std::int32_t year, std::string_view language);

/// One comparison, or several joined by `and` (all) or `or` (any). Measures that are themselves conditions are
/// unfolded, and of an `if` only the branch taken.
struct Condition {
    enum class Kind { all, any, one } kind = Kind::one;
    /// What one asks: a limit of a number (or date), to be one of some values, none of them, to be there or not, or
    /// something else that is only true or false.
    enum class Asks { limit, one_of, none_of, there, not_there, truth };

    exec::Holds holds = exec::Holds::no;
    std::vector<Condition> parts;  ///< of all and any

    std::string text;  ///< the comparison in FEEL
    Subject subject;
    exec::Labels labels;  ///< of what is found, where it is an outcome of a decision
    std::string unit;
    std::optional<int> decimals;
    Asks asks = Asks::truth;
    feel::Value found;                                ///< while it is open, null with its cause
    std::optional<feel::Decimal> low, high;           ///< of what is open: what it cannot go beyond
    feel::BinaryOp compared = feel::BinaryOp::equal;  ///< found … limit; of a limit
    feel::Value limit;
    std::optional<feel::Decimal> limit_low, limit_high;  ///< of a limit that is open itself
    std::vector<feel::Value> choices;                    ///< of one_of and none_of
    bool wanted = true;                                  ///< of truth: what it must be
    std::optional<feel::Decimal> margin;                 ///< from found to limit, never negative
    /// Of a share of others that lie below: how many do, of how many, and with how many it would come out otherwise.
    struct Below {
        std::int64_t now = 0, others = 0;
        std::optional<std::int64_t> otherwise;
    };
    std::optional<Below> below;
};

/// Margins of different units beside each other: the share of the limit (or of what was found, where that is more).
/// Something without a margin is farther than anything with one.
feel::Decimal relative_margin(const Condition& condition);
/// Calls f for every single condition, in order.
template <class F>
void for_each_condition(const Condition& condition, const F& f) {
    if (condition.kind == Condition::Kind::one) return f(condition);
    for (const auto& part : condition.parts) for_each_condition(part, f);
}

/// Reads conditions of one record. Everything must outlive it.
class ConditionReader {
  public:
    /// `reading` says what holds; `bounds` what is open cannot go beyond.
    ConditionReader(const exec::Evaluation& evaluation, std::size_t record, const exec::Reading& reading,
                    const exec::Completions& bounds, const exec::CohortMembers& members, std::string_view language)
        : graph_(*evaluation.graph),
          e_(evaluation),
          record_(record),
          reading_(reading),
          bounds_(bounds),
          members_(members),
          language_(language) {}

    Condition of(const graph::DecisionForm::Rule& rule) const;
    /// Nodes that a formula reads for this record: of an `if`, the branch taken.
    std::vector<graph::NodeId> read_by(const graph::Formula& formula) const;

  private:
    Condition of_expression(const feel::Expr& expression, const SourcePtr& source, bool negated) const;
    Condition one_limit(const feel::Expr& about, const SourcePtr& about_source, feel::BinaryOp op,
                        const feel::Expr& limit, const SourcePtr& source) const;
    std::optional<Condition> of_tests(const feel::Expr& about, const SourcePtr& about_source,
                                      const std::vector<feel::Test>& tests, bool negated, const SourcePtr& source,
                                      const std::string& text) const;
    Condition of_cell(const graph::Formula& tests, const graph::Formula& tested) const;
    Condition junction(const feel::Expr& left, const feel::Expr& right, const SourcePtr& source, bool negated,
                       bool all) const;
    Condition comparison(const feel::Expr& at, const feel::Binary& node, const SourcePtr& source, bool negated) const;
    Condition membership(const feel::Expr& at, const feel::In& node, const SourcePtr& source, bool negated) const;
    Condition opaque(const feel::Expr& at, const SourcePtr& source, bool negated) const;
    Condition one(const feel::Expr& about, const SourcePtr& source, std::string text) const;
    void set_limit(Condition& out, feel::BinaryOp op, const feel::Expr& limit, const SourcePtr& source) const;
    void count_below(Condition& out, const feel::Expr& about, const SourcePtr& source) const;
    bool is_limit(const feel::Expr& expression) const;
    bool is_condition(const graph::Node& node) const;
    void collect(const feel::Expr& expression, const SourcePtr& source, std::vector<graph::NodeId>& out) const;

    const graph::Graph& graph_;
    const exec::Evaluation& e_;
    std::size_t record_;
    const exec::Reading& reading_;
    const exec::Completions& bounds_;
    const exec::CohortMembers& members_;
    std::string_view language_;
};

}  // namespace zoneval::audit
