// The reference evaluation of a rule set: every node for every record of one year's cohort.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/exec/spread.hpp"
#include "engine/graph/graph.hpp"
#include "engine/table/table.hpp"

namespace zoneval::exec {

/// The rows of a table that make up a cohort, ascending.
class Rows {
  public:
    Rows() = default;
    static Rows first(std::size_t count) {
        Rows out;
        out.count_ = count;
        return out;
    }  ///< all of a table
    explicit Rows(std::vector<std::uint32_t> picked)
        : picked_(std::move(picked)), count_(picked_.size()), all_(false) {}

    std::size_t size() const { return count_; }
    std::size_t operator[](std::size_t record) const { return all_ ? record : picked_[record]; }
    /// The record that a row is; nullopt when it takes no part.
    std::optional<std::size_t> find(std::size_t row) const;
    /// nullptr when record and row are the same.
    const std::uint32_t* data() const { return all_ ? nullptr : picked_.data(); }
    friend bool operator==(const Rows&, const Rows&) = default;

  private:
    std::vector<std::uint32_t> picked_;
    std::size_t count_ = 0;
    bool all_ = true;
};

/// What earlier years hold.
class History {
  public:
    virtual ~History() = default;
    /// The value of a node (an input, or a kept definition) for a record in an earlier year; nullopt when the record
    /// took no part in that year. A value that was undetermined is a null whose cause says so.
    virtual std::optional<feel::Value> value(const graph::Node& node, const std::string& record,
                                             std::int32_t year) const = 0;
    /// What that value comes to with the blanks put back that it left out then; nullopt: it left none out.
    virtual std::optional<Spread> reopened(const graph::Node&, const std::string& /*record*/,
                                           std::int32_t /*year*/) const {
        return std::nullopt;
    }
    /// False: no record's value of that year left blanks out, so nobody need ask them one by one.
    virtual bool may_have_left_out(const graph::Node&, std::int32_t /*year*/) const { return true; }
};

/// Earlier values that left blanks out: [node that looks back][record].
using Earlier = std::map<graph::NodeId, std::map<std::size_t, Spread>>;

/// What a decision came to for one record.
struct Outcome {
    /// Index of the rule or row that fired; `otherwise` for the default; `none` when nothing fired or it is open.
    static constexpr int otherwise = -1, none = -2;
    int rule = none;
    bool undetermined = false;
    std::vector<feel::Value> possible;     ///< undetermined: the outcomes still possible, in declared order
    std::vector<std::string> waiting_for;  ///< undetermined: the missing data, by name
    std::string because;                   ///< the rule's reason with its expressions filled in
    /// Found by putting back blanks that were made facts of (fillings.hpp).
    enum class Filled { no, of_scores, all } filled = Filled::no;
};

/// Outcomes of a decision as small codes, for whoever reads them all.
struct CodedOutcomes {
    const std::vector<std::uint8_t>* codes = nullptr;  ///< by record; nullptr: there are none, read record by record
    struct Plain {
        feel::Value value;
        Outcome outcome;
    };
    /// By code: what value() and outcome() give for every record with it; nullopt where records differ, or are
    /// undetermined.
    std::vector<std::optional<Plain>> plain;

    const Plain* at(std::size_t record) const {
        if (!codes) return nullptr;
        const auto& found = plain[(*codes)[record]];
        return found ? &*found : nullptr;
    }
};

/// Where an evaluation finds values it has not kept as such.
class Values {
  public:
    virtual ~Values() = default;
    virtual feel::Value value(graph::NodeId node, std::size_t record) = 0;
    virtual Outcome outcome(graph::NodeId decision, std::size_t record) = 0;
    virtual const Spread* earlier(graph::NodeId history, std::size_t record) = 0;
    virtual std::map<graph::NodeId, Spread> reopened(const std::vector<graph::NodeId>& nodes, std::size_t record) = 0;
    /// Stays as long as this does.
    virtual CodedOutcomes coded(graph::NodeId decision) = 0;
};

struct Evaluation {
    const graph::Graph* graph = nullptr;
    const Table* table = nullptr;
    std::int32_t year = 0;
    feel::Date date;
    Rows rows;                             ///< of the table, for each record
    std::vector<graph::NodeId> decisions;  ///< ascending
    std::shared_ptr<Values> values;        ///< of an evaluation by columns
    // Of the reference evaluation:
    std::vector<std::vector<feel::Value>> columns;           ///< [node][record]
    std::map<graph::NodeId, std::vector<Outcome>> outcomes;  ///< [decision][record]
    Earlier earlier;

    std::size_t size() const { return rows.size(); }
    const std::string& record(std::size_t i) const { return table->records[rows[i]]; }
    feel::Value value(graph::NodeId node, std::size_t i) const {
        return values ? values->value(node, i) : columns[static_cast<std::size_t>(node)][i];
    }
    Outcome outcome(graph::NodeId decision, std::size_t i) const {
        return values ? values->outcome(decision, i) : outcomes.at(decision)[i];
    }
    CodedOutcomes coded(graph::NodeId decision) const { return values ? values->coded(decision) : CodedOutcomes{}; }
    std::optional<std::size_t> find(std::string_view record) const;
    /// What an earlier value comes to with the blanks put back that it left out; nullptr: it left none out. Good until
    /// the next question.
    const Spread* earlier_spread(graph::NodeId history, std::size_t record) const;
    /// The same of values of this year, for later ones: of those nodes that rest on blanks that scores left out.
    std::map<graph::NodeId, Spread> reopened(const std::vector<graph::NodeId>& nodes, std::size_t record) const;
};

/// Values set from outside (a rule set's own tests): used instead of computing. [node][row of the table].
using Overrides = std::map<graph::NodeId, std::vector<std::optional<feel::Value>>>;

/// Throws InputError when the assessment cannot be made (ZV306 no value in force, ZV305 an undeclared outcome).
Evaluation evaluate(const graph::Graph& graph, const Table& table, const History& history,
                    const Overrides& overrides = {});

[[noreturn]] void refuse_unknown_membership(const graph::Graph& graph, const Table& table, std::size_t row,
                                            const feel::Value& value);
/// A parameter's entry in force on a day, or nullptr.
const model::Parameter::Dated* in_force(const model::Parameter& parameter, feel::Date day);
/// A number as people read it: with the node's decimals, if it has any; other values as FEEL's string().
std::string display(const feel::Value& value, const std::optional<int>& decimals);

}  // namespace zoneval::exec
