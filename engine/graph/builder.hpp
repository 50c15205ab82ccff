// The work of build_graph, shared by its files; not for others.
#pragma once

#include <map>
#include <memory>
#include <set>

#include "engine/graph/graph.hpp"

namespace zoneval::graph {

/// An argument by position or by the parameter's name.
const feel::Expr* argument(const feel::Call& call, std::size_t position);

class Builder {
  public:
    /// What measures come to, by kind and name: found by building a first time, where kinds read measures of owners.
    using Types = std::map<std::pair<std::string, std::string>, feel::TypePtr>;
    Builder(std::shared_ptr<const model::RuleSet> rules, Diagnostics& diagnostics, const Types& types);
    Graph build();
    Builder(const Builder&) = delete;
    ~Builder();

    /// What a score is made of: a node and its weight.
    struct WeightedNode {
        NodeId id;
        feel::Decimal weight;
        std::optional<NodeId> by = std::nullopt;  ///< the weight, where it is no number
    };
    using WeightedNodes = std::vector<WeightedNode>;

  private:
    // declare.cpp: one node for each visible name
    void declare_context();
    void declare_definitions();
    void declare_other(const model::OtherOutcome& other);
    void declare_groups(const model::Score& score, const model::IndicatorGroup& whole);
    /// Gives a declared name its formula; a name that could not be declared is passed over (already reported).
    void define_visible(const std::string& name, Formula formula);
    NodeId add_node(NodeKind kind, std::string name, const model::Definition* definition);
    void declare(NodeKind kind, const model::Definition& definition);

    // formulas.cpp: text to resolved trees without cohort or history calls
    bool gives_up(const feel::ExpressionText& text);
    Formula parse(const feel::ExpressionText& text);
    Formula parse_tests(const feel::ExpressionText& text);
    Template parse_template(const feel::ExpressionText& text);
    OutcomeForm parse_outcome(const feel::ExpressionText& text, bool is_value, const model::Decision& decision);
    void lower_calls(feel::ExprPtr& expr, const feel::ExpressionText& text);
    bool lower_call(feel::ExprPtr& expr, const feel::ExpressionText& text);
    std::optional<NodeId> lower_cohort(const feel::Call& call, Span span, const feel::ExpressionText& text);
    /// The node of a function over the cohort: one for equal operands.
    NodeId cohort_node(CohortFunction function, NodeId value, std::optional<NodeId> group,
                       std::vector<feel::Decimal> parameters = {});
    /// The node an operand names, or a hidden node for the operand's expression.
    NodeId operand_node(const feel::Expr& operand, const feel::ExpressionText& text);
    NodeId operand_node(Formula operand);
    NodeId tuple_node(const feel::Expr& tuple, const feel::ExpressionText& text);
    NodeId cohort_operand(const feel::Expr& operand, const feel::ExpressionText& text);
    NodeId hidden(const std::string& name);  ///< new, or the one of that name
    /// To the decimals of a definition, where it has any.
    void round(Formula& formula, const model::Definition& definition);

    // lookback.cpp: `prior` and `over`, and how far they look
    std::optional<NodeId> lower_history(const feel::Call& call, Span span, const feel::ExpressionText& text);
    NodeId history_node(NodeId of, int years, bool list);
    std::optional<NodeId> history_by(NodeId of, bool list, NodeId parameter, Span span,
                                     const feel::ExpressionText& text);
    /// The most that a parameter can say, all of whose values are whole numbers of years from `least`; nullopt: they
    /// are not, which is told.
    std::optional<int> most_years(NodeId parameter, int least);
    /// The node of a parameter that a ladder names for a number of years; nullptr: none is written, or it cannot be.
    const Node* years_parameter(const model::Years& years, int least, const std::string& what);

    // in_force.cpp: rules that hold between two days
    void hold_in_force(std::vector<Condition>& conditions, const model::Rule& rule);

    // kinds.cpp: records of other kinds, each with a graph of its own
    void declare_kinds();
    std::optional<NodeId> lower_over_kind(feel::Call& call, Span span, const feel::ExpressionText& text);
    /// Of the builder of a kind: the node of what stood between brackets outside.
    NodeId node_of(feel::ExprPtr operand, const feel::ExpressionText& text);
    void finish_kinds();
    void declare_of_owner();
    void define_of_owner();
    void order_kinds();
    std::set<std::size_t> kinds_behind(const std::vector<NodeId>& nodes) const;
    struct KindCall {
        NodeId node;
        std::string function;
        SourcePtr source;
        Span span, where;  ///< of the value and of the condition
    };
    void check_kind_call(const KindCall& call);
    void describe_kind_call(Node& of);
    void add_used_by_kinds(std::set<NodeId>& used) const;

    // points.cpp
    std::optional<NodeId> own_value(const model::Indicator& indicator, const std::string& owner, std::size_t number);
    std::optional<NodeId> screened(const model::Score& score);
    void gather_values(const model::IndicatorGroup& group, const std::string& owner, const model::Score& score,
                       std::vector<NodeId>& out);
    NodeId kept_by_screen(NodeId value, const model::Indicator& indicator);
    struct IndicatorParts;
    std::optional<IndicatorParts> read_indicator(const model::Indicator& indicator, const std::string& owner,
                                                 std::size_t number);
    NodeId turned(NodeId value, const model::Indicator& indicator);
    NodeId divided(NodeId value, const model::Indicator& indicator);
    NodeId imputed(NodeId value, const model::Indicator& indicator);
    NodeId treated(NodeId value, const model::Indicator& indicator);
    NodeId reference_value(NodeId value, const model::Indicator& indicator);
    feel::ExprPtr points(const model::Score& score, const model::Indicator& indicator, IndicatorParts& parts);
    feel::ExprPtr category_test(const feel::ExpressionText& written, NodeId value, const model::Indicator& indicator);
    void put_for_tested(feel::Expr& expr, NodeId value) const;
    feel::ExprPtr category_points(const model::Indicator& indicator, NodeId value);
    std::string points_in_words(const model::Score& score, const model::Indicator& indicator,
                                const IndicatorParts& parts);
    std::string points_name(const std::string& value, const std::string& owner, std::size_t number) const;
    std::optional<ScoreNodes::Part> lower_indicator(const model::Score& score, const model::Indicator& indicator,
                                                    const std::string& owner, std::size_t number);

    // years.cpp: what the data of other years come to
    NodeId years_node(YearsForm form, const model::Indicator& indicator);
    NodeId statistic(CohortFunction function, NodeId value, std::optional<NodeId> group,
                     const model::Indicator& indicator);
    void check_years();

    // lower_scores.cpp
    /// What must be there of some parts, where missing ones are left out.
    struct Limit {
        const model::Presence* presence;
        const WeightedNodes* of;
        bool shares = false;  ///< the weights are shares of the whole: they add up to 1
    };
    std::string mean_in_words(const model::Score& score, const model::Aggregation& aggregation,
                              const WeightedNodes& parts, const std::vector<Limit>& limits);
    WeightedNodes lower_parts(const model::Score& score, const model::IndicatorGroup& group, const std::string& owner,
                              ScoreNodes::Group& nodes, WeightedNodes& leaves);
    NodeId together(const std::vector<NodeId>& parts, const model::IndicatorGroup& group);
    void weigh_by_data(const model::IndicatorGroup& group, ScoreNodes::Group& nodes, WeightedNodes& parts);
    feel::ExprPtr aggregated(const model::Score& score, const model::IndicatorGroup& group, const WeightedNodes& parts,
                             const std::vector<Limit>& limits);
    WeightedNode weighted(NodeId id, const model::Weight& weight);
    WeightedNode share_of(const WeightedNode& leaf, const WeightedNodes& parts, std::size_t part, feel::Decimal share,
                          const model::IndicatorGroup& group);
    void lower_score(const model::Score& score);

    // adjustments.cpp
    Formula adjusted(const model::Score& score, const model::IndicatorGroup& group, const std::string& name,
                     const WeightedNodes& parts, Formula mean, ScoreNodes::Group& nodes);
    feel::ExprPtr extra_points(const model::Adjustments::Extras& extras, const model::IndicatorGroup& group);
    feel::ExprPtr below_minimum(const model::Score& score, const model::IndicatorGroup& group,
                                const WeightedNodes& parts);
    void define_score(const std::string& name, Formula formula);

    // sets.cpp: what a decision collects, over time
    void declare_set(const model::Decision& decision);
    void define_set(const model::Decision& decision);

    // lifecycles.cpp
    void define_years_in(const model::Decision& decision);
    void declare_lifecycle(const model::Decision& decision);
    using LeastYears = std::set<std::pair<int, NodeId>>;  ///< a number, or (not -1) the parameter that says it
    LeastYears least_years(const model::Rule& rule, const model::Lifecycle::State& state);
    void guard_transition(Formula& when, const model::Rule& rule, const model::Decision& decision);
    void check_lifecycles();

    // build.cpp
    void declare();
    Graph finish();
    void parse_definitions();
    void parse_decision(const model::Decision& decision);
    void parse_rest();
    void collect_uses();
    void order();
    bool visit(NodeId id, std::vector<int>& state, std::vector<NodeId>& path);
    void report_cycle(const std::vector<NodeId>& path, NodeId back);
    void infer_types();
    std::map<NodeId, feel::TypePtr> types_of_earlier_years();
    void check_decision(const DecisionForm& form);
    void check_condition(const Formula& formula, const std::string& what);
    void mark_kept();
    void name_sources();
    void set_cycle();

    /// Where the author wrote what a hidden node was made of. Findings about its formula are told there, not in the
    /// formula.
    struct Place {
        SourcePtr source;
        Span span;
        std::string what;
    };
    void tell_at_place(NodeId id, Diagnostics found);
    /// Cohort functions compute with numbers: what an author gave them, once types are known.
    void check_cohort_operands();
    struct CohortCall {
        std::string function;
        NodeId operand;
        SourcePtr source;
        Span span;  ///< of the operand
    };

    // check_values.cpp
    void check_values();
    void check_group_sizes(const Node& decision, const model::Decision& written);
    void check_citations();
    void check_published();
    void report_unused();
    void report_unused(const std::vector<const Node*>& unused);

    // check_units.cpp
    void check_units();

    Node& node(NodeId id) { return graph_.nodes[static_cast<std::size_t>(id)]; }

    std::shared_ptr<const model::RuleSet> rules_;
    Diagnostics& diagnostics_;
    bool gave_up_ = false;
    Graph graph_;
    feel::Names visible_;  ///< what authors may use; the slot of `?` has no name
    feel::Names testing_;  ///< the same with `?`
    std::map<NodeId, Place> places_;
    std::vector<std::pair<NodeId, const model::Indicator*>> years_;  ///< nodes of several years' data, and whose
    std::map<const model::Indicator*, std::optional<NodeId>> own_values_;
    std::optional<NodeId> screen_;             ///< of the score at hand: whether a record takes part
    int smallest_group_ = 0;                   ///< of the definition at hand
    bool size_is_stated_ = true;               ///< by the author, where it is more than 0
    std::set<NodeId> any_size_;                ///< comparisons in groups of whose size authors say nothing
    std::vector<CohortCall> cohort_calls_;     ///< as authors wrote them
    const model::RecordKind* kind_ = nullptr;  ///< whose graph this is; null: that of the rule set itself
    Builder* owner_ = nullptr;                 ///< of the record that each of the kind belongs to
    std::map<NodeId, NodeId> of_owner_;        ///< names for definitions of the owner, and what they are there
    std::set<NodeId> read_by_kinds_;           ///< what kinds read of this graph
    const Types& types_;
    std::vector<std::unique_ptr<Builder>> kinds_;
    std::vector<KindCall> kind_calls_;
    std::set<NodeId> read_outside_;         ///< of a kind: nodes that functions over it read
    std::map<std::string, NodeId> hidden_;  ///< by printed text, so that equal calls are one node
};

}  // namespace zoneval::graph
