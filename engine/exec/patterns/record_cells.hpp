// What decisions rest on, for one record after the other: with its blanks blank, and over all its completions. The same
// as Completions (decisions/completions.hpp) says, in machine numbers; where those do not do, a cell is `beyond`.
#pragma once

#include <array>

#include "engine/exec/columns/cohort_columns.hpp"
#include "engine/exec/columns/history_columns.hpp"
#include "engine/exec/patterns/cell_term.hpp"
#include "engine/exec/patterns/column_members.hpp"

namespace zoneval::exec {

/// Where cells come from. All must outlive whoever reads them; finished columns may be asked for from any thread.
struct CellSources {
    const graph::Graph& graph;
    const Table& table;
    const Rows& rows;
    HistoryColumns& earlier;
    const ColumnMembers& members;
    std::function<const feel::Value*(graph::NodeId)> constant;  ///< the same for every record; else nullptr
    std::function<const NodeColumn*(graph::NodeId)> column;     ///< of a finished node; else nullptr
    std::function<const CohortColumn*(graph::NodeId)> cohort;   ///< of a finished cohort function; else nullptr
    std::function<const DecisionColumn*(graph::NodeId)> rules;  ///< of a finished decision; else nullptr
};

/// How to make the cells of some nodes, found once.
class CellProgram {
  public:
    /// For the nodes and all that is behind them.
    CellProgram(const CellSources& sources, const std::vector<graph::NodeId>& wanted);

    enum class Kind : std::uint8_t {
        none,
        constant,
        number,
        coded,
        earlier,
        earlier_list,
        cohort,
        formula,
        computed,
        decision
    };
    struct Step {
        graph::NodeId id = -1;
        Kind kind = Kind::none;
        bool of_score = false, as_it_is = false;
        Cell constant;
        const Column* data = nullptr;  ///< number, coded: nullptr: nobody has supplied any
        Cell open;                     ///< of an input, or an earlier one: what may fill a blank
        const std::vector<EarlierColumn>* earlier = nullptr;
        std::vector<Cell> earlier_values;  ///< by place, where places are shared
        const graph::CohortForm* cohort = nullptr;
        const CohortColumn* cohort_column = nullptr;
        std::vector<Cell> by_group;  ///< of an aggregate
        CellTerm term;
        bool asks_null = false;                ///< a formula, of no score: it asks whether something is null
        bool may_be_exact = false;             ///< a formula, in machine numbers
        bool may_fail = false;                 ///< a formula: it may be null though nothing that it reads is
        std::optional<Approximate> low, high;  ///< beyond which a formula does not go
        const NodeColumn* column = nullptr;    ///< computed; of a formula: nullptr, or as it is
        const DecisionColumn* rules = nullptr;
        const std::vector<graph::NodeId>* uses = nullptr;
    };
    const std::vector<Step>& steps() const { return steps_; }
    const Step* step(graph::NodeId id) const {
        const auto at = place_[static_cast<std::size_t>(id)];
        return at < 0 ? nullptr : &steps_[static_cast<std::size_t>(at)];
    }
    const CellSources& sources() const { return sources_; }
    /// Whether a record may come to something else with all blanks put back than with those of scores alone.
    bool all_differs() const { return all_differs_; }

  private:
    Step make(const graph::Node& node);
    void of_input(const graph::Node& node, Step& out);
    void of_history(const graph::HistoryForm& form, Step& out);
    void of_cohort(const graph::CohortForm& form, Step& out);
    void of_column(Step& out);
    bool may_be_exact(const CellTerm& term) const;
    CellNames names();

    const CellSources sources_;
    std::vector<Step> steps_;  ///< in the order of the graph
    std::vector<int> place_;   ///< by node; -1: it has no step
    bool all_differs_ = false;
};

/// Reads records one after the other; for one thread.
class RecordCells {
  public:
    explicit RecordCells(const CellProgram& program);

    void read(std::size_t record);
    std::size_t record() const { return record_; }

    enum Reading : std::uint8_t { now, of_scores, all };
    const Cell& cell(Reading reading, graph::NodeId id) const {
        find(id);
        return cells_[told(reading)][static_cast<std::size_t>(id)];
    }
    /// Whether it is open, or something else than with the blanks blank (Completions::is_other).
    bool changed(Reading reading, graph::NodeId id) const {
        return changed_[told(reading)][static_cast<std::size_t>(id)] != 0;
    }
    /// A blank: an input, a look back, or one of the list it looks back at.
    struct Blank {
        graph::NodeId node;
        int element;  ///< of the list; -1: the node itself
        friend bool operator==(const Blank&, const Blank&) = default;
    };
    /// The blanks behind a node, in the order in which its causes name them. False: not all that is open behind it goes
    /// back to such.
    bool blanks_behind(Reading reading, graph::NodeId id, std::vector<Blank>& out) const;
    /// The group of the record in which a cohort function has too few values to compare; nullopt: it has enough.
    std::optional<std::uint32_t> too_small(graph::NodeId cohort) const;
    /// Where a look back stands in its earlier column, or why not; see EarlierColumn.
    std::uint32_t place(const EarlierColumn& earlier) const { return earlier.places[row_]; }
    std::uint32_t row() const { return row_; }

  private:
    using Step = CellProgram::Step;
    /// Has the cells of a node that no blank is behind, which nobody has asked for yet.
    void find(graph::NodeId id) const;
    Reading told(Reading reading) const { return reading == all && !program_.all_differs() ? of_scores : reading; }
    Cell as_it_is(const Step& step) const;
    std::optional<Cell> filled(const Step& step, Reading reading);
    Cell of_computed(const Step& step) const;
    Cell of_earlier(const Step& step) const;
    Cell of_list(const Step& step, Reading reading) const;
    Cell cohort_now(const Step& step) const;
    Cell of_cohort(const Step& step, Reading reading);
    Cell of_rank(const Step& step, const GroupedNumbers& numbers, std::size_t group, const Cell& own,
                 const std::optional<Approximate>& mine) const;
    Cell of_aggregate(const Step& step, const GroupedNumbers& numbers, std::size_t group, const Cell& own,
                      const std::optional<Approximate>& mine) const;
    Cell of_formula(const Step& step, Reading reading) const;
    bool reads_changed(const Step& step, Reading reading) const;
    bool may_differ(const Step& step) const;
    void elements(graph::NodeId list, std::vector<Cell>& out) const;
    bool put_back(const Step& step) const;
    bool blank_elements(graph::NodeId list, bool first_only, std::vector<Blank>& out) const;

    const CellProgram& program_;
    mutable std::array<std::vector<Cell>, 3> cells_;  ///< by reading and node
    mutable std::vector<std::uint8_t> to_find_;       ///< by node: its cells are those of another record
    std::array<std::vector<std::uint8_t>, 3> changed_;
    std::vector<std::uint8_t> differs_;  ///< by node: all blanks may make something else of it than those of scores
    mutable std::array<CellReading, 3> readings_;
    std::size_t record_ = 0;
    std::uint32_t row_ = 0;
};

}  // namespace zoneval::exec
