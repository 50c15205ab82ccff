// What decisions rest on, for one record after the other: with its blanks blank, and over all its completions. The same
// as Completions (decisions/completions.hpp) says, in machine numbers; where those do not do, a cell is `beyond`.
#pragma once

#include <array>

#include "engine/exec/patterns/cell_program.hpp"

namespace zoneval::exec {

/// Reads records one after the other; for one thread.
class RecordCells {
  public:
    explicit RecordCells(const CellProgram& program);

    void read(std::size_t record);
    std::size_t record() const { return record_; }
    const CellProgram& program() const { return program_; }

    enum Reading : std::uint8_t { now, of_scores, all };
    const Cell& cell(Reading reading, graph::NodeId id) const {
        find(id);
        return cells_[told(reading)][static_cast<std::size_t>(id)];
    }
    /// What a term comes to that is of no node: of a score, or of something else.
    Cell value(Reading reading, const CellTerm& term, bool of_score) const;
    /// Whether it is open, or something else than with the blanks blank (Completions::is_other).
    bool changed(Reading reading, graph::NodeId id) const {
        return changed_[told(reading)][static_cast<std::size_t>(id)] != 0;
    }
    /// A blank: an input, a look back, or one of the list it looks back at; or a function over a cohort in too small a
    /// group, which nobody can fill (why_too_small).
    struct Blank {
        graph::NodeId node;
        int element;  ///< of the list; -1: the node itself
        friend bool operator==(const Blank&, const Blank&) = default;
    };
    /// The blanks behind a node, in the order in which its causes name them. False: not all that is open behind it goes
    /// back to such.
    bool blanks_behind(Reading reading, graph::NodeId id, std::vector<Blank>& out) const;
    /// Blanks of a node that have it in common are called the same, whatever the record; nullopt: nobody has looked.
    std::optional<std::uint32_t> likeness(const Blank& blank) const;
    /// The group of the record in which a cohort function has too few values to compare; nullopt: it has enough.
    std::optional<std::uint32_t> too_small(graph::NodeId cohort) const;
    /// A null that says so; nullopt: this is another function, or has another reason.
    std::optional<feel::Value> why_too_small(graph::NodeId cohort) const;
    /// Where a look back stands in its earlier column, or why not; see EarlierColumn.
    std::uint32_t place(const EarlierColumn& earlier) const { return earlier.places[row_]; }
    std::uint32_t row() const { return row_; }

  private:
    using Step = CellProgram::Step;
    /// Whether the node has a value that nothing filled in changes: then it need not be known before somebody asks.
    bool stays(const Step& step) const;
    /// Has the cells of such a node.
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
    Cell evaluated(Reading reading, const CellTerm& term, const std::vector<int>& uses, bool of_score) const;
    Cell of_formula(const Step& step, Reading reading) const;
    bool reads_changed(const Step& step, Reading reading) const;
    bool may_differ(const Step& step) const;
    void elements(graph::NodeId list, std::vector<Cell>& out) const;
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
