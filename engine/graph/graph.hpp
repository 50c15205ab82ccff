// A rule set as a graph of named, typed, cited definitions.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "engine/diag/diagnostic.hpp"
#include "engine/feel/parsing/parse.hpp"
#include "engine/feel/syntax/ast.hpp"
#include "engine/model/ruleset.hpp"

namespace zoneval::graph {

/// Index into Graph::nodes, and the slot of the node's name in every expression.
using NodeId = int;

/// An expression as authored (or as lowered from sugar), parsed.
struct Formula {
    feel::ExprPtr expr;
    SourcePtr source;  ///< causes point into it
    std::string text;  ///< as authored, or the lowered text
    explicit operator bool() const { return expr != nullptr; }
};

/// A fact of the assessment itself. `tested` is the slot of `?` in decision-table cells.
struct ContextForm {
    enum class What { year, assessment_date, record, tested } what;
};
struct InputForm {
    const model::Input* input;
};
struct ParameterForm {
    const model::Parameter* parameter;
};
struct ExpressionForm {
    Formula formula;
};
enum class CohortFunction : std::uint8_t {
    rank,
    dense_rank,
    average_rank,
    percent_rank,
    sum,
    mean,
    median,
    min,
    max,
    count,
    stddev,
    // Statistics: the reference evaluator alone computes them. docs/scores.md
    quantile,
    skewness,
    kurtosis,
    correlation,        ///< Pearson's; the value is a list of two numbers
    rank_correlation,   ///< Spearman's
    concordance,        ///< Kendall's tau-b
    alpha,              ///< Cronbach's; the value is a list of numbers
    component_share,    ///< of the variance that the first principal component has; the value is a list of numbers
    component_loading,  ///< of the first of the list on it
    diversity,          ///< 1 less the entropy of shares: a weight
    component,          ///< square of a loading on the first principal component; the value is a list of numbers
    balance,            ///< weight that makes the sum correlate equally with each; the value is a list of numbers
    treated,            ///< each record's value, outliers treated: parameters as treatment_parameters() gives them
    copeland,           ///< of a list: parts won less parts lost against each other record; parameters: weights
    component_score     ///< of a list: on its first principal component
};
std::string_view to_string(CohortFunction function);  ///< as FEEL writes it: "cohort sum"
std::optional<CohortFunction> cohort_function(std::string_view feel_name);
/// Ranks give each record its place; the others are one value for each group.
inline bool is_rank(CohortFunction function) { return function <= CohortFunction::percent_rank; }
inline bool is_statistic(CohortFunction function) { return function > CohortFunction::stddev; }
/// Of values beside each other, which authors write as a list.
inline bool is_of_several(CohortFunction function) {
    return (function >= CohortFunction::correlation && function <= CohortFunction::component_loading) ||
           function == CohortFunction::component_score;
}
/// Each record has its own: the others are one value for each group.
inline bool of_each(CohortFunction function) { return is_rank(function) || function >= CohortFunction::treated; }

/// What CohortForm::parameters say of a treatment: chained, always, the limits of skewness and kurtosis, then of each
/// step how, and its number.
std::vector<feel::Decimal> treatment_parameters(const model::Treatment& treatment);

/// A function over the cohort; operands are nodes.
struct CohortForm {
    CohortFunction function;
    NodeId value;
    std::optional<NodeId> group;
    int smallest = 0;                            ///< members with a value below which it cannot be told; 0: any
    std::vector<feel::Decimal> parameters = {};  ///< of statistics
};
/// What the records of another kind that belong to a record come to together.
enum class KindFunction : std::uint8_t { sum, mean, min, max, count, any, every, latest, earliest, median };
/// Of records with dates, by their days.
inline bool is_by_date(KindFunction function) {
    return function == KindFunction::latest || function == KindFunction::earliest;
}
std::string_view to_string(KindFunction function);
/// Whether it says something of no records at all: their sum is 0, their mean is not applicable.
inline bool of_none(KindFunction function) {
    return function == KindFunction::sum || function == KindFunction::count || function == KindFunction::any ||
           function == KindFunction::every;
}

/// A function over such records; operands are nodes of that kind's own graph. Nobody evaluates it as part of this
/// graph: its values come from outside, as those of earlier years do, and are read through a HistoryForm of this year.
struct KindForm {
    KindFunction function;
    std::size_t kind = 0;                ///< index into Graph::kinds
    std::optional<NodeId> value, where;  ///< of that graph; `count of parks()` has no value
    std::vector<feel::Value> values;     ///< that it can have, where they are listed
};
/// Of a kind: what a definition of the record that each belongs to comes to; from outside, and read, as that.
struct OwnerForm {
    NodeId of;  ///< of the owner's graph
};
/// What a run of another rule set says of the record; from outside, and read, as that.
struct OtherForm {
    const model::OtherOutcome* other;
};
/// What the data of several years come to: a statistic of their records, or a value between those of the years before
/// and after. As with KindForm its values come from outside and are read through a HistoryForm of this year; the
/// operands are nodes of this graph, evaluated for each of the years by themselves.
struct YearsForm {
    std::optional<CohortFunction> function;  ///< none: between years
    NodeId value;
    std::optional<NodeId> group;
    model::ReferenceYears years;
    int smallest = 0;  ///< as of CohortForm, over all the years
};
/// `prior` (one value) or `over` (a list) of another node; 0 reviews back: what is handed on from outside. Before the
/// first year `prior` is `first`, or not applicable.
struct HistoryForm {
    NodeId of;
    int reviews;  ///< back; of a list: how many, with this one
    bool list;
    std::optional<feel::Value> first = std::nullopt;
    int cycle = 1;  ///< years from one review to the next
    /// How many years back each value is that it reads of earlier years, the nearest first.
    std::vector<int> years_back() const {
        if (!list) return {reviews * cycle};
        std::vector<int> out;
        for (int review = 1; review < reviews; ++review) out.push_back(review * cycle);
        return out;
    }
};

/// A reason with expressions in braces.
struct Template {
    struct Part {
        std::string text;
        Formula formula;
    };  ///< a text, or a formula
    std::vector<Part> parts;
    bool empty() const { return parts.empty(); }
};

/// A rule's reasons by language; the first is the one that runs record.
struct Reasons {
    std::vector<std::pair<std::string, Template>> by_language;
    bool empty() const { return by_language.empty(); }
    const Template& recorded() const { return by_language.front().second; }
    /// In a language, else the plain one, else English, else the first. Precondition: not empty.
    const Template& in(std::string_view language) const;
};

/// An outcome: a declared value or a formula.
struct OutcomeForm {
    std::optional<feel::Value> value;
    Formula formula;
    explicit operator bool() const { return value || formula; }
};

/// What must hold for a rule: a formula that is true, or unary tests of one of the form's inputs.
struct Condition {
    Formula formula;
    const Formula* tested = nullptr;  ///< null: the formula itself is the condition
};

/// Rule lists, decision tables and lifecycles.
struct DecisionForm {
    const model::Decision* decision;
    std::vector<std::unique_ptr<Formula>> inputs;  ///< of a table; conditions point at them
    struct Rule {
        const model::Rule* rule;
        std::vector<Condition> conditions;  ///< all must hold
        OutcomeForm then;
        Reasons because;
        Template clause;  ///< that it cites, where records have their own; else empty
    };
    std::vector<Rule> rules;
    OutcomeForm otherwise;  ///< empty: null when no rule fires
    Formula subject;        ///< whom the outcome is about; empty: the record
};

enum class NodeKind { context, input, parameter, measure, score, group, decision, hidden };
std::string_view to_string(NodeKind kind);

struct Node {
    NodeId id = -1;
    NodeKind kind = NodeKind::hidden;
    std::string name;  ///< hidden nodes: how a reader would write it
    feel::TypePtr type;
    std::string unit;
    std::optional<int> decimals;
    const model::Definition* definition = nullptr;  ///< null for context and hidden nodes
    std::variant<ContextForm, InputForm, ParameterForm, ExpressionForm, CohortForm, HistoryForm, DecisionForm, KindForm,
                 YearsForm, OtherForm, OwnerForm>
        form;
    std::vector<NodeId> uses;  ///< of the same year, ascending, each once
    bool kept = false;         ///< its values are stored with a run
    /// Part of a score: its formula asks for null on the score's behalf, to leave missing parts out.
    bool of_score = false;
    std::optional<NodeId> imputes;  ///< it stands for that value where it is missing
    /// Unknown counts as false, whatever the blanks may turn out to be: `if unknown: stay` of a ladder.
    bool settled_as_is = false;
    std::optional<feel::Decimal> low, high;  ///< bounds that the formula itself does not show
};

/// Its values come from outside; a HistoryForm of no years reads them.
inline bool is_from_outside(const Node& node) {
    return std::holds_alternative<KindForm>(node.form) || std::holds_alternative<YearsForm>(node.form) ||
           std::holds_alternative<OtherForm>(node.form) || std::holds_alternative<OwnerForm>(node.form);
}

/// The decision a node lowers, or nullptr.
const model::Decision* decision_of(const Node& node);

enum class Formulas { all, deciding };  ///< deciding: without what reasons show

/// Calls f(Formula&) for every formula of a node; those of a const one are const.
template <typename AnyNode, typename F>
void for_each_formula(AnyNode& node, F f, Formulas which = Formulas::all) {
    const auto maybe = [&](auto& formula) {
        if (formula) f(formula);
    };
    if (auto* e = std::get_if<ExpressionForm>(&node.form)) maybe(e->formula);
    auto* form = std::get_if<DecisionForm>(&node.form);
    if (!form) return;
    for (auto& input : form->inputs) maybe(*input);
    for (auto& rule : form->rules) {
        for (auto& condition : rule.conditions) maybe(condition.formula);
        maybe(rule.then.formula);
        if (which == Formulas::deciding) continue;
        for (auto& reason : rule.because.by_language)
            for (auto& part : reason.second.parts) maybe(part.formula);
        for (auto& part : rule.clause.parts) maybe(part.formula);
    }
    maybe(form->otherwise.formula);
    if (which == Formulas::all) maybe(form->subject);
}

struct TargetForm {
    const model::Target* target;
    std::optional<NodeId> is;
};

/// What a score was lowered to: for whoever reads its parts, or computes it in other ways.
struct ScoreNodes {
    const model::Score* score = nullptr;
    struct Part {
        const model::Indicator* indicator;
        NodeId value, points;
        std::optional<NodeId> weight;  ///< where it is no number
    };
    struct Group {
        const model::IndicatorGroup* group = nullptr;
        NodeId id = -1;                ///< of the whole: the score's own, which may be rounded
        std::optional<NodeId> weight;  ///< as of a part
        std::vector<Part> parts;
        std::vector<Group> groups;
        std::optional<NodeId> bonus = {}, penalties = {};  ///< points, capped
        std::vector<NodeId> vetoes = {};                   ///< conditions, in the order of the rule set
    } whole;
};

struct Graph;
/// Records of another kind: a graph of their own.
struct KindGraph {
    const model::RecordKind* kind = nullptr;
    std::shared_ptr<const Graph> graph;  ///< never null in a sound graph
    std::vector<NodeId> reads = {};      ///< of the owner's graph
};

struct Graph {
    std::shared_ptr<const model::RuleSet> rules;
    std::vector<KindGraph> kinds;
    std::vector<std::size_t> kind_order;  ///< each kind after those that what it reads of its owner rests on
    std::vector<Node> nodes;
    std::vector<NodeId> order;  ///< each node after what it uses
    std::vector<TargetForm> targets;
    std::vector<ScoreNodes> scores;  ///< in the order of the rule set; those that could be lowered
    std::optional<NodeId> cohort_when;
    Formula assessment_date;                                ///< reads `year` only; empty: 31 December
    NodeId year = -1, date = -1, record = -1, tested = -1;  ///< the context nodes
    int history_reviews = 0;                                ///< how far `prior` and `over` look back
    std::map<NodeId, int> most_years;                       ///< that a parameter says to look back, at most
    /// Years that are read: 1, 2, 3 … cycles back.
    std::vector<int> years_back() const {
        std::vector<int> out;
        for (int review = 1; review <= history_reviews; ++review) out.push_back(review * rules->cycle);
        return out;
    }
    feel::Names names;                                ///< all nodes, slot = id
    std::unordered_map<std::string, NodeId> by_name;  ///< visible nodes

    const Node& node(NodeId id) const { return nodes[static_cast<std::size_t>(id)]; }
    /// The visible node of that name, or nullptr.
    const Node* find(std::string_view name) const;
    std::vector<std::string> visible_names() const;
};

/// The day of the assessment of a year; nullopt: what the rule set says of it gives none.
std::optional<feel::Date> assessment_day(const Graph& graph, std::int32_t year);

/// Parses, resolves, types and orders everything; reports every error it finds (ZV1xx, ZV3xx). The graph must not be
/// used when there are errors.
Graph build_graph(std::shared_ptr<const model::RuleSet> rules, Diagnostics& diagnostics);

}  // namespace zoneval::graph
