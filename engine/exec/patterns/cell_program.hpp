// How the cells of some nodes are made, found once for all records.
#pragma once

#include <functional>

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
        std::vector<std::uint32_t> alike;  ///< the same: which differ only in what is waited for
        graph::NodeId list_of = -1;        ///< earlier_list: what it is a list of
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
        /// Of a look back: whether an earlier value rested on blanks, which are put back.
        bool put_back(std::uint32_t row) const;
    };
    const std::vector<Step>& steps() const { return steps_; }
    const Step* step(graph::NodeId id) const {
        const auto at = place_[static_cast<std::size_t>(id)];
        return at < 0 ? nullptr : &steps_[static_cast<std::size_t>(at)];
    }
    const CellSources& sources() const { return sources_; }
    /// For terms of other formulas over its cells. It must outlive them.
    CellNames names() const;
    /// Whether a record may come to something else with all blanks put back than with those of scores alone.
    bool all_differs() const { return all_differs_; }

  private:
    Step make(const graph::Node& node);
    void of_input(const graph::Node& node, Step& out);
    void of_history(const graph::HistoryForm& form, Step& out);
    const Step* list_picked(const feel::Expr& formula) const;
    void of_cohort(const graph::CohortForm& form, Step& out);
    void of_column(Step& out);
    bool may_be_exact(const CellTerm& term) const;

    const CellSources sources_;
    std::vector<Step> steps_;  ///< in the order of the graph
    std::vector<int> place_;   ///< by node; -1: it has no step
    bool all_differs_ = false;
};

bool is_number(const graph::Node& node);
/// Once the blanks are filled in it is not null: data, and scores.
bool there_when_filled(const graph::Graph& graph, graph::NodeId id);

/// As Guard::has_say, of a node's makers of facts. `is_open`: of a step, with the blanks blank; nullopt: that cannot be
/// told, and then nor can this. `passed_over`: by node, nobody asks about these.
std::optional<bool> has_say(const std::vector<graph::NodeId>& makers, const CellProgram& program, std::uint32_t row,
                            const std::function<std::optional<bool>(graph::NodeId)>& is_open,
                            const std::vector<bool>& passed_over = {});

}  // namespace zoneval::exec
