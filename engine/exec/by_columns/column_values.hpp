// Everything computed by columns for one cohort, and what it says to whoever asks. Not for other folders.
#pragma once

#include <set>
#include <unordered_map>

#include "engine/exec/by_columns/cohort_functions.hpp"
#include "engine/exec/by_columns/column_evaluation.hpp"
#include "engine/exec/by_columns/exact_values.hpp"
#include "engine/exec/by_columns/open_records.hpp"
#include "engine/exec/columns/history_columns.hpp"
#include "engine/exec/columns/node_columns.hpp"
#include "engine/exec/columns/open_outcomes.hpp"
#include "engine/exec/columns/rule_outcomes.hpp"
#include "engine/exec/compile/compiler.hpp"
#include "engine/exec/decisions/kept_values.hpp"
#include "engine/exec/reference/records.hpp"

namespace zoneval::exec {

class ColumnValues : public Values {
  public:
    /// All but the rows and options must outlive it.
    ColumnValues(const graph::Graph& graph, const Table& table, const History& history, Rows rows,
                 const ColumnOptions& options);
    feel::Date date() const { return reader_->cells().date(); }

    /// Computes the nodes and decisions; their cohort functions first.
    void compute(const std::vector<graph::NodeId>& nodes, const std::vector<graph::NodeId>& decisions);

    /// What is computed again whenever some of it has been forgotten.
    void want(std::vector<graph::NodeId> nodes, std::vector<graph::NodeId> decisions);
    void compute_wanted();

    /// Forgets what does not stay, to be computed again.
    void forget(const KeptValues& kept);
    const NodeColumn* column(graph::NodeId id) const;
    feel::Value value(graph::NodeId id, std::size_t i) override;
    std::optional<feel::Missing> null_kind(graph::NodeId id, std::size_t i) override;
    std::optional<ExactNumbers> exact_numbers(graph::NodeId id) override;
    Outcome outcome(graph::NodeId id, std::size_t i) override;
    const CohortMembers* members() const override { return &members_; }

    CodedOutcomes coded(graph::NodeId id) override;
    const Reopened* earlier(graph::NodeId history, std::size_t i) override;
    void reopen(const std::vector<graph::NodeId>& numbers, const std::vector<std::uint32_t>& records) override;
    std::map<graph::NodeId, Reopened> reopened(const std::vector<graph::NodeId>& nodes, std::size_t i) override;
    std::optional<std::vector<std::uint32_t>> may_be_reopened(graph::NodeId id) override;
    void report(ColumnReport& out) const;

  private:
    /// By the reference evaluator; whoever explains a year asks for the same few records again and again.
    std::optional<feel::Value> decided_value(graph::NodeId id, std::uint8_t code, std::size_t i);
    const feel::Value& asked(graph::NodeId id, std::size_t i);

    /// The cohort functions behind a node that nobody wanted before.
    void prepare(graph::NodeId id);

    /// `members`: nullptr: it gathers them itself.
    std::unique_ptr<RecordEvaluator> make_reader(const ColumnMembers* members) const;
    std::unique_ptr<RecordEvaluator> make_reader() const { return make_reader(&members_); }

    /// Where evaluations follow each other on one thread, the same one for all.
    std::shared_ptr<RecordEvaluator> settling_reader();
    CohortSources cohort_sources();
    CellSources cell_sources();

    /// A number that its column has only nearly.
    std::optional<feel::Decimal> exact(graph::NodeId id, std::size_t i);
    Outcome with_reason(graph::NodeId id, Outcome outcome, std::size_t i);
    static std::vector<std::uint32_t> set_in(const std::vector<std::uint8_t>& truths);

    /// What waited to be asked for: of all records, for somebody asks about all.
    void catch_up();
    /// Not where a decision makes somebody's peers in another.
    bool waits_to_be_asked() const;
    bool decisions_make_peers(const std::vector<graph::NodeId>& wanted) const;
    /// A decision, or something that reads one of the same year.
    bool hangs_on_decisions(graph::NodeId id) const { return hangs_on_decisions_[static_cast<std::size_t>(id)]; }
    static std::vector<bool> hanging_on_decisions(const graph::Graph& graph);
    Inputs inputs();

    /// A node without a kernel: one record after the other. nullptr: its values are not of a kind that columns hold.
    const NodeColumn* by_record(graph::NodeId id);

    /// Records for which a look back left blanks out; nullptr: none.
    const NodeColumn* reopened_lanes(graph::NodeId id);
    const NodeColumn* over(graph::NodeId list, feel::Kernel aggregate);
    std::vector<feel::Value> values_of(graph::NodeId id) const;

    /// Has nodes and decisions written to columns_ and verdicts_, and settles the records in doubt.
    void compile_and_run(const std::vector<graph::NodeId>& nodes, const std::vector<graph::NodeId>& decisions);

    /// Settles the decisions of records that need a second look, and finds what later years may read of blanks.
    void look_again(const std::vector<std::uint32_t>& again, const std::vector<graph::NodeId>& decided);
    void settle(const std::vector<std::uint32_t>& doubts, const std::vector<graph::NodeId>& written,
                const std::vector<graph::NodeId>& decided);

    /// What hangs on decisions that had to be looked at again, from what they have come to.
    void settle_on_decisions(const std::vector<std::uint32_t>& records, std::map<graph::NodeId, NodeColumn>& columns);
    std::uint8_t settled_code(RecordEvaluator& reader, graph::NodeId id, std::size_t i) const;
    const graph::Graph& graph_;
    const Table& table_;
    const History& history_;
    Rows rows_;
    const RuleOutcomes outcomes_;
    struct PutOff {
        std::vector<std::uint32_t> again;
        std::vector<graph::NodeId> decided, with_lanes;
    };
    std::vector<PutOff> put_off_;  ///< arguments of look_again() that waits to be asked for
    bool caught_up_ = false;
    const std::vector<bool> hangs_on_decisions_;  ///< by node
    ColumnOptions options_;
    HistoryColumns earlier_;
    CohortFunctions cohort_;
    std::unique_ptr<RecordEvaluator> peers_;  ///< reads values of other records than the one at hand
    ColumnMembers members_;
    std::unique_ptr<RecordEvaluator> reader_;
    std::shared_ptr<RecordEvaluator> settling_;
    const std::vector<graph::NodeId> read_later_;
    OpenRecords open_records_;
    StringCodes strings_;
    std::map<graph::NodeId, NodeColumn> columns_, fresh_;
    std::map<graph::NodeId, DecisionColumn> verdicts_;
    std::map<graph::NodeId, OpenOutcomes> open_;  ///< by decision
    std::map<graph::NodeId, std::unique_ptr<ExactValues>> exact_;
    std::map<graph::NodeId, NodeColumn> looks_back_;                                    ///< by node that looks back
    std::map<std::pair<graph::NodeId, feel::Kernel>, std::optional<NodeColumn>> over_;  ///< of lists
    std::map<graph::NodeId, NodeColumn> left_out_;  ///< of what later years read: where it may rest on blanks
    std::vector<graph::NodeId>
        with_lanes_;  ///< nobody has looked at their records again yet: that is done once for all
    std::set<graph::NodeId> without_column_;
    Profile profile_;
    std::map<graph::NodeId, double> times_;
    std::map<graph::NodeId, std::size_t> by_record_;
    std::size_t in_doubt_ = 0;
    std::unordered_map<std::uint64_t, feel::Value> asked_;
    std::vector<bool> prepared_;  ///< by node: the cohort functions behind it are computed
    std::vector<graph::NodeId> wanted_, wanted_decisions_;
};

}  // namespace zoneval::exec
