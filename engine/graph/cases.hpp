// Case analysis of conditions: values that no condition can tell apart are one case, so finitely many cases stand for
// every record. Used to find gaps, overlaps and dead rules, and to say exactly which outcomes missing data leave open.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/feel/value/reason.hpp"
#include "engine/graph/graph.hpp"

namespace zoneval::graph {

/// Something conditions ask about: a node compared with constants; two expressions compared with each other (the first
/// is smaller, equal or greater); or an atom too complicated to look into, which is then a free yes or no. So an
/// analysis may report a case that cannot arise, but never overlooks one that can.
struct CaseVariable {
    enum class Kind { node, order, atom } kind = Kind::node;
    NodeId node = -1;                ///< only of Kind::node
    std::string label, other;        ///< the node's name, the atom as FEEL, or the two expressions compared
    std::vector<feel::Value> cases;  ///< one representative of each class; of an order: -1, 0, 1
    int slot = -1;                   ///< in the frame of the analysis
    int null_slot = -1;              ///< answers `x = null`; -1: nobody asks
    std::vector<NodeId> reads;       ///< nodes behind it that are not known
};

/// A condition rewritten over case variables.
struct CaseCondition {
    feel::ExprPtr expr;
    SourcePtr source;
    std::vector<std::size_t> variables;  ///< indices into CaseAnalysis::variables(), ascending
};

class CaseAnalysis {
  public:
    /// Which nodes are known, and their values (parameters on a day; for one record also its data). A node without a
    /// value here is a variable.
    using Known = std::function<std::optional<feel::Value>(NodeId)>;

    /// What `x = null` means: asked of any record, or of this one, whose blanks are blank (then it has one answer).
    enum class NullTests { open, settled };

    CaseAnalysis(const Graph& graph, Known known, NullTests null_tests);
    /// Says of some nodes which values they can still have (an outcome that is open between two). Before close().
    void narrow(std::function<std::vector<feel::Value>(NodeId)> values) { narrowed_ = std::move(values); }
    /// Bounds of a number beyond those of its definition. Before close().
    void bound(std::function<std::pair<std::optional<feel::Decimal>, std::optional<feel::Decimal>>(NodeId)> bounds) {
        bounds_ = std::move(bounds);
    }
    /// Answers parts of conditions that are known although names in them are not. Before the first add.
    using Settle = std::function<std::optional<feel::Value>(const feel::Expr&, const SourcePtr&)>;
    void settle(Settle settle) { settle_ = std::move(settle); }

    /// Adds a condition (or unary tests against `tested`); all conditions must be added before cases are asked for.
    std::size_t add(const Formula& condition);
    std::size_t add_tests(const Formula& tests, const Formula& tested);
    /// Fixes the variables' cases. Call once, after the last add.
    void close();

    const std::vector<CaseVariable>& variables() const { return variables_; }
    std::size_t size() const { return conditions_.size(); }

    /// A choice of case for some variables; -1: left open.
    using Choice = std::vector<int>;
    Choice open_choice() const { return Choice(variables_.size(), -1); }
    /// true, false, or unknown when the open variables matter.
    const feel::Value& evaluate(std::size_t condition, const Choice& choice) const;
    /// The variable to choose next; nullopt: no choice settles what is still unknown, if anything is.
    std::optional<std::size_t> next_variable(const Choice& choice) const;
    /// The same for any other expression rewritten with the analysis (an outcome).
    const CaseCondition& condition(std::size_t i) const { return conditions_[i]; }

    /// Tries cases depth first, starting from `choice`. `judge` says yes (what we look for), no (nothing below can be),
    /// or unknown (choose on: some condition is). `visit` receives each choice judged yes and returns false to stop.
    /// Only variables that an unknown condition asks about are chosen. Takes a unit of `budget` a choice; returns false
    /// when it is used up: then nothing may be concluded.
    enum class Judgement { no, yes, unknown };
    bool search(Choice choice, const std::function<Judgement(const Choice&)>& judge,
                const std::function<bool(const Choice&)>& visit, std::size_t& budget) const;

    /// The chosen cases as "region = \"East\", overall = 61".
    std::string describe(const Choice& choice) const;

  private:
    feel::ExprPtr rewrite(const feel::Expr& expr, bool as_condition);
    feel::ExprPtr rewrite_parts(const feel::Expr& expr, bool as_condition);
    feel::ExprPtr rewrite_tests(const feel::Expr& expr, const feel::Expr& input, const std::vector<feel::Test>& tests,
                                bool negated);
    feel::ExprPtr rewrite_leaf(const feel::Expr& expr, const feel::Binary* comparison, bool as_condition);
    bool is_simple(const feel::Expr& expr) const;
    std::optional<feel::Value> constant(const feel::Expr& expr) const;
    const feel::Name* variable_name(const feel::Expr& expr) const;
    feel::ExprPtr keep_simple(const feel::Expr& expr);
    void note_constants(NodeId node, const feel::Expr& expr);
    std::size_t variable_of(NodeId node);
    int new_slot();
    std::vector<NodeId> unknown_nodes(const feel::Expr& expr) const;
    feel::ExprPtr atom(const feel::Expr& expr);
    feel::ExprPtr order(const feel::Expr& expr, const feel::Binary& comparison);
    feel::ExprPtr null_test(const feel::Expr& expr, const feel::Binary& comparison);
    void note_variables(CaseCondition& condition) const;
    std::vector<feel::Value> cases_of(const CaseVariable& variable) const;
    struct Search;
    void descend(Search& search, Choice& choice) const;
    void enter(std::size_t variable, int chosen) const;
    void make_room_for_answers();
    feel::Value evaluate_afresh(const CaseCondition& condition, const Choice& choice) const;

    const Graph& graph_;
    Known known_;
    std::function<std::vector<feel::Value>(NodeId)> narrowed_;
    std::function<std::pair<std::optional<feel::Decimal>, std::optional<feel::Decimal>>(NodeId)> bounds_;
    Settle settle_;
    SourcePtr source_;  ///< of the condition being added
    std::vector<CaseVariable> variables_;
    std::map<NodeId, std::vector<feel::Value>> constants_;
    std::set<NodeId> ordered_;                    ///< compared by order, not only for equality
    std::map<std::string, std::size_t> derived_;  ///< atoms and orders by label
    NullTests null_tests_;
    int extra_slots_ = 0;
    const feel::Value open_ = feel::Value::missing(feel::Missing::not_reported, feel::reasons::not_chosen());
    std::vector<CaseCondition> conditions_;
    /// What a condition came to for each choice of its own variables: searches ask the same again and again.
    struct Answers {
        std::vector<feel::Value> values;  ///< none: there are too many choices
        std::vector<bool> known;
    };
    mutable std::vector<Answers> answers_;    ///< by condition
    mutable feel::Value answer_;              ///< of a condition without answers kept
    mutable std::vector<feel::Value> frame_;  ///< reused: holds the variables of the condition being evaluated
};

}  // namespace zoneval::graph
