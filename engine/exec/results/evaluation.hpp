// What an evaluation takes and gives, whoever makes it: the reference evaluator or columns.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "engine/exec/results/earlier_column.hpp"
#include "engine/graph/graph.hpp"
#include "engine/table/table.hpp"

namespace zoneval::exec {

/// Where a node stands in what is kept for each node.
constexpr std::size_t at(graph::NodeId id) { return static_cast<std::size_t>(id); }

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

/// A record of this year, and the row in which it stands: in other years it mostly stands in the same.
struct RecordAt {
    const std::string& name;
    std::size_t row = SIZE_MAX;
    RecordAt(const std::string& of, std::size_t at = SIZE_MAX) : name(of), row(at) {}  // NOLINT: a name is one
    operator const std::string&() const { return name; }                               // NOLINT
};

/// What earlier years hold.
class History {
  public:
    virtual ~History() = default;
    /// The value of a node (an input, or a kept definition) for a record in an earlier year; nullopt when the record
    /// took no part in that year. A value that was undetermined is a null whose cause says so.
    virtual std::optional<feel::Value> value(const graph::Node& node, RecordAt record, std::int32_t year) const = 0;
    /// What that value comes to with the blanks put back that it rested on then; nullopt: it rested on none.
    virtual std::optional<Reopened> reopened(const graph::Node&, RecordAt /*record*/, std::int32_t /*year*/) const {
        return std::nullopt;
    }
    /// False: no record's value of that year rested on blanks, so nobody need ask them one by one.
    virtual bool may_be_reopened(const graph::Node&, std::int32_t /*year*/) const { return true; }
    /// All of that for every row of a table at once; nullopt: only record by record.
    virtual std::optional<EarlierColumn> column(const graph::Node&, const Table& /*now*/, std::int32_t /*year*/) const {
        return std::nullopt;
    }
};

/// What a decision came to for one record; the value stands with the node's values.
struct Outcome {
    struct NothingFired {};  ///< no rule holds, and there is no default: the value is null
    struct Fired {
        std::size_t rule;  ///< the first that holds, where several may
    };
    struct Default {};
    /// It cannot be told yet: data are missing, or an operation failed.
    struct Open {
        std::vector<feel::Value> possible;     ///< the outcomes still possible, in declared order; null: nothing fires
        bool anything = false;                 ///< others too: the decision declares no values
        std::vector<std::string> waiting_for;  ///< the missing data, by name
        std::vector<std::string> failed;       ///< operations that failed on data that are there
    };
    /// Two rules hold that the hit policy does not allow together: a mistake of the rules, not a want of data.
    struct Conflict {
        std::size_t first, second;
    };
    std::variant<NothingFired, Fired, Default, Open, Conflict> ending;
    enum class Kind : std::uint8_t { nothing_fired, fired, by_default, open, conflict };  ///< as in `ending`
    Kind kind() const { return static_cast<Kind>(ending.index()); }
    std::string because;  ///< the rule's reason with its expressions filled in
    /// Found by putting back blanks that were made facts of (completions.hpp).
    enum class Filled { no, of_scores, all } filled = Filled::no;
    bool taken_apart = false;  ///< a blank's domain was tried part by part (Guard::split)

    const Open* open() const { return std::get_if<Open>(&ending); }
    const Conflict* conflict() const { return std::get_if<Conflict>(&ending); }
    /// It has a value, or is null because nothing fired.
    bool settled() const { return !open() && !conflict(); }
    std::optional<std::size_t> rule() const {
        const auto* fired = std::get_if<Fired>(&ending);
        return fired ? std::optional(fired->rule) : std::nullopt;
    }
    bool is_default() const { return std::holds_alternative<Default>(ending); }
};

/// Outcomes of a decision as small codes, for whoever reads them all.
struct CodedOutcomes {
    const std::vector<std::uint8_t>* codes = nullptr;  ///< by record; nullptr: there are none, read record by record
    struct Plain {
        feel::Value value;  ///< unless it is open
        Outcome outcome;
        std::optional<Reopened> reopened = std::nullopt;  ///< as Values::reopened
        bool own_reason = false;                          ///< each record has its own `because`
    };
    /// By code: what value() and outcome() give for every record with it, but for its reason where each has its own;
    /// nullopt where records differ.
    std::vector<std::optional<Plain>> plain;
    /// Before that, by record: which of `shared` it has, from 1; 0: none. Empty: none has any.
    const std::vector<std::uint32_t>* which = nullptr;
    const std::vector<Plain>* shared = nullptr;

    std::uint32_t which_shared(std::size_t record) const { return which && !which->empty() ? (*which)[record] : 0; }
    /// A number for all that at() or but_for_its_reason() may give, and which of them a record has.
    std::size_t slots() const { return plain.size() + (shared ? shared->size() : 0); }
    std::size_t slot(std::size_t record) const {
        const auto one = which_shared(record);
        return one != 0 ? plain.size() + one - 1 : (*codes)[record];
    }
    const Plain* at(std::size_t record) const {
        const auto* out = but_for_its_reason(record);
        return out && !out->own_reason ? out : nullptr;
    }
    const Plain* but_for_its_reason(std::size_t record) const {
        if (const auto one = which_shared(record)) return &(*shared)[one - 1];
        if (!codes) return nullptr;
        const auto& found = plain[(*codes)[record]];
        return found ? &*found : nullptr;
    }
};

/// Numbers that a column has exactly, for whoever reads them all.
struct ExactNumbers {
    std::span<const double> numbers;   ///< whole numbers of the smallest decimal, by record
    int scale = 0;                     ///< how many decimals
    std::vector<feel::Missing> nulls;  ///< by record: none where there is a number; empty: there are no nulls
    std::vector<std::uint8_t> other;  ///< by record: null for another reason than missing data of one kind; empty: none
};

class CohortMembers;  // decisions/completions.hpp

/// What an evaluation computed, or computes when asked.
class Values {
  public:
    virtual ~Values() = default;
    virtual feel::Value value(graph::NodeId node, std::size_t record) = 0;
    virtual Outcome outcome(graph::NodeId decision, std::size_t record) = 0;
    /// Of a null that goes back to missing data of one kind: that kind. nullopt: value() tells.
    virtual std::optional<feel::Missing> null_kind(graph::NodeId /*node*/, std::size_t /*record*/) {
        return std::nullopt;
    }
    /// Stays as long as this does; nullopt: they are asked for one by one.
    virtual std::optional<ExactNumbers> exact_numbers(graph::NodeId /*node*/) { return std::nullopt; }
    /// What an earlier value comes to with the blanks put back that it rested on; nullptr: it rested on none. Good
    /// until the next question.
    virtual const Reopened* earlier(graph::NodeId history, std::size_t record) = 0;
    /// The same of values of this year, for later ones: of those nodes that rest on blanks.
    virtual std::map<graph::NodeId, Reopened> reopened(const std::vector<graph::NodeId>& nodes, std::size_t record) = 0;
    /// Finds that of numbers for records, ascending, that are asked about next: less work than one by one.
    virtual void reopen(const std::vector<graph::NodeId>& /*numbers*/, const std::vector<std::uint32_t>& /*records*/) {}
    /// Records, ascending, that may have something there; nullopt: any may.
    virtual std::optional<std::vector<std::uint32_t>> may_be_reopened(graph::NodeId /*node*/) { return std::nullopt; }
    /// Of its cohort functions, where it has them at hand; nullptr: they are gathered record by record.
    virtual const CohortMembers* members() const { return nullptr; }
    /// Stays as long as this does.
    virtual CodedOutcomes coded(graph::NodeId /*decision*/) { return {}; }
};

/// A rule set applied to one year's cohort.
struct Evaluation {
    const graph::Graph* graph = nullptr;
    const Table* table = nullptr;
    std::int32_t year = 0;
    feel::Date date;
    Rows rows;                             ///< of the table, for each record
    std::vector<graph::NodeId> decisions;  ///< ascending
    std::shared_ptr<Values> values;

    std::size_t size() const { return rows.size(); }
    const std::string& record(std::size_t i) const { return table->records[rows[i]]; }
    feel::Value value(graph::NodeId node, std::size_t i) const { return values->value(node, i); }
    Outcome outcome(graph::NodeId decision, std::size_t i) const { return values->outcome(decision, i); }
    CodedOutcomes coded(graph::NodeId decision) const { return values->coded(decision); }
    std::optional<std::size_t> find(std::string_view record) const;
    /// See Values.
    const Reopened* earlier(graph::NodeId history, std::size_t record) const {
        return values->earlier(history, record);
    }
    std::map<graph::NodeId, Reopened> reopened(const std::vector<graph::NodeId>& nodes, std::size_t record) const {
        return values->reopened(nodes, record);
    }
};

/// Nodes whose values later years may read: those kept with a run, and decisions that a formula looks back at.
std::vector<graph::NodeId> read_later(const graph::Graph& graph);
/// A parameter's entry in force on a day, or nullptr.
const model::Parameter::Dated* in_force(const model::Parameter& parameter, feel::Date day);
/// A number as people read it: with the node's decimals, if it has any; other values as FEEL's string().
std::string display(const feel::Value& value, const std::optional<int>& decimals);

}  // namespace zoneval::exec
