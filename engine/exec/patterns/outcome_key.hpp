// What the outcome of a decision depends on, for one record, in a few words: records that have them in common come to
// the same. Where the values that its rules read lie among the constants they are compared with, with the blanks blank
// and put back; and which data are blank.
#pragma once

#include "engine/exec/decisions/completions.hpp"
#include "engine/exec/patterns/record_cells.hpp"

namespace zoneval::exec {

class OutcomeKey {
  public:
    /// nullopt: some of it has no cells. All must outlive the key.
    static std::optional<OutcomeKey> of(const graph::Node& decision, const CellProgram& program, const Guard& guard);

    /// Of a number that is a choice: what tells what it comes to with the blanks put back, and what that is called,
    /// where its cell may be a list of values. nullopt: it is no choice, or some of it has no cells.
    static std::optional<OutcomeKey> of_choice(const graph::Node& number, const CellProgram& program);

    /// Appends words that tell all but what it waits for; false: a cell is out of reach, and they mean nothing.
    bool append(const RecordCells& cells, std::vector<std::uint64_t>& words) const;
    /// Which data are blank, and which of them formulas read: with these it is told whole; false: as above.
    bool append_blanks(const RecordCells& cells, std::vector<std::uint64_t>& words) const;
    /// A blank of the record may be taken apart, and the words do not tell what comes of that: where Guard::split() was
    /// at work for one of the decisions, the outcome is the record's own.
    bool may_be_taken_apart(const RecordCells& cells) const;
    /// This one, and those behind it.
    const std::vector<graph::NodeId>& decisions() const { return decisions_; }
    /// The rules ask why something is missing: nothing is told without the blanks.
    bool asks_why() const { return asks_why_; }

  private:
    friend class LaneKey;
    /// A piece of a formula, of which what it comes to tells all, as long as nothing is open that it reads.
    struct Piece {
        CellTerm term;
        bool of_score = false;
    };
    /// A name that the rules read.
    struct Slot {
        graph::NodeId id = -1;
        bool by_position = false;            ///< a number that is compared with constants alone
        std::vector<Approximate> constants;  ///< ascending
        std::vector<Piece> instead;          ///< of a choice, which may be a list of values: where its cell is beyond
    };
    /// A blank whose domain is taken apart, and what comes of each part hangs on; nullopt: that cannot be told.
    struct Apart {
        graph::NodeId blank;
        std::optional<std::vector<Piece>> pieces;
    };
    class Pieces;
    class Reads;

    OutcomeKey() = default;
    void read_back(graph::NodeId id);
    void read_pieces(const std::vector<Piece>& pieces);
    static std::vector<Piece> pieces_of_choice(const graph::Node& node, const CellProgram& program);
    static std::optional<std::vector<Piece>> pieces_around(graph::NodeId blank, const graph::Node& decision,
                                                           const CellProgram& program);
    bool append_slot(const Slot& slot, const RecordCells& cells, std::vector<std::uint64_t>& words) const;
    bool append_pieces(const std::vector<Piece>& pieces, const RecordCells& cells,
                       std::vector<std::uint64_t>& words) const;
    bool append_piece(const Piece& piece, const RecordCells& cells, std::vector<std::uint64_t>& words) const;
    bool append_apart(const Apart& apart, const RecordCells& cells, std::vector<std::uint64_t>& words) const;
    bool is_open(const Apart& apart, const RecordCells& cells) const;
    static void add_conditions(const CellTerm& term, bool of_score, std::vector<Piece>& out);
    /// `named`: with what it is called.
    bool append_leaf(graph::NodeId id, const RecordCells& cells, bool named, std::vector<std::uint64_t>& words) const;

    const CellProgram* program_ = nullptr;
    std::vector<Slot> slots_;
    std::vector<graph::NodeId> leaves_, compared_;  ///< data, and cohort functions
    std::vector<graph::NodeId> between_;            ///< cohort functions and formulas
    std::vector<Apart> apart_;
    std::vector<graph::NodeId> decisions_;
    std::vector<std::vector<graph::NodeId>> makers_;  ///< of facts, of each decision among those behind it
    std::vector<graph::NodeId> earlier_;              ///< what the rules read of earlier outcomes
    std::vector<Piece> pieces_;         ///< of definitions without cells, and of comparisons of names with each other
    std::vector<bool> told_by_pieces_;  ///< by node: without cells, its pieces tell what it comes to
    std::vector<Piece> conditions_;     ///< of choices in formulas: they tell which names are read
    bool asks_why_ = false;
    bool names_tell_ = false;  ///< what blanks are called is told, too
};

/// The same of a record's cells; nullopt: one is out of reach.
std::optional<bool> has_say(const std::vector<graph::NodeId>& makers, const RecordCells& cells,
                            const std::vector<bool>& passed_over = {});

}  // namespace zoneval::exec
