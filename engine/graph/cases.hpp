// Case analysis of conditions: values that no condition can tell apart are one case, so finitely many cases stand for
// every record. Used to find gaps, overlaps and dead rules, and to say exactly which outcomes missing data leave open.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/graph/graph.hpp"

namespace zoneval::graph {

/// Something conditions ask about: a node compared with constants, or an atom too complicated to look into, which is then
/// a free yes or no (so an analysis may report a case that cannot arise, but never overlooks one that can).
struct CaseVariable {
    NodeId node = -1;                            ///< -1: an atom
    std::string label;                           ///< the node's name, or the atom as FEEL
    std::vector<feel::Value> cases;              ///< one representative of each class
    int slot = -1;                               ///< in the frame of the analysis
};

/// A condition rewritten over case variables.
struct CaseCondition {
    feel::ExprPtr expr;
    SourcePtr source;
    std::vector<std::size_t> variables;          ///< indices into CaseAnalysis::variables(), ascending
};

class CaseAnalysis {
  public:
    /// Which nodes are known, and their values (parameters on a day; for one record also its data). A node without a value
    /// here is a variable.
    using Known = std::function<std::optional<feel::Value>(NodeId)>;

    CaseAnalysis(const Graph& graph, Known known);

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
    feel::Value evaluate(std::size_t condition, const Choice& choice) const;
    /// The same for any other expression rewritten with the analysis (an outcome).
    const CaseCondition& condition(std::size_t i) const { return conditions_[i]; }

    /// Tries cases depth first. `judge` says yes (a full or partial choice that is what we look for), no (nothing below
    /// can be), or unknown (choose on). `visit` receives each partial choice judged yes and returns false to stop.
    /// Returns false when more than `limit` choices were tried: then nothing may be concluded.
    enum class Judgement { no, yes, unknown };
    bool search(const std::function<Judgement(const Choice&)>& judge, const std::function<bool(const Choice&)>& visit,
                std::size_t limit = 100'000) const;

    /// The chosen cases as "region = \"East\", overall = 61".
    std::string describe(const Choice& choice) const;

  private:
    feel::ExprPtr rewrite(const feel::Expr& expr, bool as_condition);
    bool is_simple(const feel::Expr& expr) const;
    std::optional<feel::Value> constant(const feel::Expr& expr) const;
    const feel::Name* variable_name(const feel::Expr& expr) const;
    feel::ExprPtr keep_simple(const feel::Expr& expr);
    void note_constants(NodeId node, const feel::Expr& expr);
    std::size_t variable_of(NodeId node);
    feel::ExprPtr atom(const feel::Expr& expr);
    void note_variables(CaseCondition& condition) const;
    std::vector<feel::Value> cases_of(const CaseVariable& variable) const;
    bool descend(const std::function<Judgement(const Choice&)>& judge, const std::function<bool(const Choice&)>& visit,
                 Choice& choice, std::size_t next, std::size_t& budget, bool& stopped) const;
    std::vector<feel::Value> frame(const Choice& choice) const;

    const Graph& graph_;
    Known known_;
    std::vector<CaseVariable> variables_;
    std::map<NodeId, std::vector<feel::Value>> constants_;
    std::map<NodeId, bool> tests_null_;
    std::map<std::string, std::size_t> atoms_;
    std::vector<CaseCondition> conditions_;
    std::vector<feel::Value> base_frame_;
};

}  // namespace zoneval::graph
