// The reference evaluation of a rule set: every node for every record of one year's cohort.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/exec/spread.hpp"
#include "engine/graph/graph.hpp"
#include "engine/table/table.hpp"

namespace zoneval::exec {

/// What earlier years hold.
class History {
  public:
    virtual ~History() = default;
    /// The value of a node (an input, or a kept definition) for a record in an earlier year; nullopt when the record
    /// took no part in that year. A value that was undetermined is a null whose cause says so.
    virtual std::optional<feel::Value> value(const graph::Node& node, const std::string& record,
                                             std::int32_t year) const = 0;
    /// What that value comes to with the blanks put back that it left out then; nullopt: it left none out.
    virtual std::optional<Spread> reopened(const graph::Node&, const std::string& /*record*/, std::int32_t /*year*/) const { return std::nullopt; }
};

/// Earlier values that left blanks out: [node that looks back][record].
using Earlier = std::map<graph::NodeId, std::map<std::size_t, Spread>>;

/// What a decision came to for one record.
struct Outcome {
    /// Index of the rule or row that fired; `otherwise` for the default; `none` when nothing fired or it is open.
    static constexpr int otherwise = -1, none = -2;
    int rule = none;
    bool undetermined = false;
    std::vector<feel::Value> possible;           ///< undetermined: the outcomes still possible, in declared order
    std::vector<std::string> waiting_for;        ///< undetermined: the missing data, by name
    std::string because;                         ///< the rule's reason with its expressions filled in
    /// Found by putting back blanks that were made facts of (fillings.hpp).
    enum class Filled { no, of_scores, all } filled = Filled::no;
};

struct Evaluation {
    const graph::Graph* graph = nullptr;
    const Table* table = nullptr;
    std::int32_t year = 0;
    feel::Date date;
    std::vector<std::size_t> rows;               ///< the cohort: row of the table for each record, ascending
    std::vector<std::vector<feel::Value>> columns;      ///< [node][record]
    std::map<graph::NodeId, std::vector<Outcome>> outcomes;   ///< [decision][record]
    Earlier earlier;

    std::size_t size() const { return rows.size(); }
    const std::string& record(std::size_t i) const { return table->records[rows[i]]; }
    const feel::Value& value(graph::NodeId node, std::size_t i) const {
        return columns[static_cast<std::size_t>(node)][i];
    }
    std::optional<std::size_t> find(std::string_view record) const;
};

/// Values set from outside (a rule set's own tests): used instead of computing. [node][row of the table].
using Overrides = std::map<graph::NodeId, std::vector<std::optional<feel::Value>>>;

/// Throws InputError when the assessment cannot be made (ZV306 no value in force, ZV305 an undeclared outcome).
Evaluation evaluate(const graph::Graph& graph, const Table& table, const History& history,
                    const Overrides& overrides = {});

/// A parameter's entry in force on a day, or nullptr.
const model::Parameter::Dated* in_force(const model::Parameter& parameter, feel::Date day);
/// A number as people read it: with the node's decimals, if it has any; other values as FEEL's string().
std::string display(const feel::Value& value, const std::optional<int>& decimals);

}  // namespace zoneval::exec
