// What compiled formulas and decisions are, and where a compiler finds the values they are made of.
#pragma once

#include <functional>
#include <optional>

#include "engine/exec/columns/cohort_columns.hpp"
#include "engine/exec/columns/program.hpp"
#include "engine/feel/builtins/builtins.hpp"
#include "engine/table/table.hpp"

namespace zoneval::exec {

/// Where a compiler finds the values of inputs, and of nodes that were computed before.
struct Inputs {
    const graph::Graph* graph = nullptr;
    const Table* table = nullptr;
    std::function<const feel::Value*(graph::NodeId)> constant;  ///< parameters, year, date; else nullptr
    std::function<const NodeColumn*(graph::NodeId)> computed;   ///< a finished column; else nullptr
    std::function<const CohortColumn*(graph::NodeId)> cohort;   ///< a finished cohort function; else nullptr
    /// Computes a node without a kernel record by record; nullptr when columns cannot hold its values.
    std::function<const NodeColumn*(graph::NodeId)> by_record;
    /// Records for which a look back left blanks out; nullptr: none.
    std::function<const NodeColumn*(graph::NodeId)> reopened;
    /// Sum, count, least or greatest of a list that looks back at data; nullptr: columns cannot hold it.
    std::function<const NodeColumn*(graph::NodeId, feel::Kernel)> over;
};

/// A compiled formula: the registers its values and masks are in, and what is known of them beforehand.
struct Compiled {
    Shape shape = Shape::number;
    bool days = false;  ///< numbers that are dates
    bool null = false;  ///< a written null: nothing else is set
    Ref data = no_ref;
    Ref mask = no_ref;  ///< no_ref: no nulls
    Mask kinds = 0;     ///< bits that may occur in the mask
    Bound bound;        ///< of numbers
    const feel::Value* constant = nullptr;
    int own = -1;  ///< strings under codes of their own (text_codes.hpp): then `data` is not there yet

    bool is_number() const { return !null && shape == Shape::number && !days; }
    bool is_condition() const { return !null && shape == Shape::truth; }
};
using Maybe = std::optional<Compiled>;  ///< nullopt: there is no kernel

/// A rule of a compiled decision.
struct CompiledRule {
    Compiled condition;
    IfMissing missing;
};

struct CompiledDecision {
    Ref hit = no_ref;   ///< which rule, or set of rules, as in DecisionColumn
    Ref open = no_ref;  ///< of one that gathers (rule_outcomes.hpp): 1 where a rule is unknown
    std::optional<Compiled> value;
    std::vector<CompiledRule> rules;
    std::vector<Ref> doubts;  ///< rows that were put in doubt for it, or need a second look
};

/// What formulas read: definitions compiled before, or now, once each.
class Definitions {
  public:
    virtual ~Definitions() = default;
    virtual Maybe node(graph::NodeId id) = 0;
    virtual const std::optional<CompiledDecision>& decision(graph::NodeId id) = 0;
    virtual Maybe over(graph::NodeId list, feel::Kernel aggregate) = 0;
};

}  // namespace zoneval::exec
