// Records whose blanks leave decisions open, or might change them: outcomes found once for each pattern of blanks and
// values (patterns/outcome_key.hpp), by the reference evaluator.
#pragma once

#include "engine/exec/patterns/outcome_key.hpp"
#include "engine/exec/results/evaluation.hpp"

namespace zoneval::exec {

class OpenRecords {
  public:
    using MakeReader = std::function<std::unique_ptr<RecordEvaluator>()>;
    /// All must outlive it.
    OpenRecords(const CellSources& sources, MakeReader make_reader, unsigned threads,
                const std::vector<graph::NodeId>& read_later)
        : sources_(sources), make_reader_(std::move(make_reader)), threads_(threads), read_later_(read_later) {}

    /// What it leaves to the reference evaluator.
    struct Left {
        std::vector<graph::NodeId> decisions;  ///< of all records
        std::vector<std::uint32_t> records;    ///< of the other decisions
    };
    /// Settles decisions of records, ascending, and finds what numbers come to with the blanks put back. Throws what
    /// the reference evaluator throws.
    Left settle(const std::vector<graph::NodeId>& decisions, const std::vector<graph::NodeId>& numbers,
                const std::vector<std::uint32_t>& records);

    /// One decision of records by the reference evaluator, each for itself.
    void settle_alone(graph::NodeId decision, const std::vector<std::uint32_t>& records);

    /// How many records it has settled, and how many of them it has read one by one.
    struct Count {
        std::size_t records = 0, read_alone = 0;
    };
    const Count& count() const { return count_; }

    /// Whatever it has found of decisions and numbers that are gone.
    void forget(const std::function<bool(graph::NodeId)>& gone) {
        std::erase_if(shared_, [&](const auto& entry) { return gone(entry.first); });
        std::erase_if(put_back_, [&](const auto& entry) { return gone(entry.first); });
    }

    /// nullptr: none of the records of that decision is settled here.
    struct Shared {
        std::vector<std::uint32_t> which;  ///< by record, from 1; 0: none
        std::vector<CodedOutcomes::Plain> outcomes;
    };
    const Shared* shared(graph::NodeId decision) const {
        const auto found = shared_.find(decision);
        return found == shared_.end() ? nullptr : &found->second;
    }
    const CodedOutcomes::Plain* find(graph::NodeId decision, std::size_t record) const {
        const auto* all = shared(decision);
        return all && !all->which.empty() && all->which[record] != 0 ? &all->outcomes[all->which[record] - 1] : nullptr;
    }
    /// Whether somebody has looked for that.
    bool looked_at(graph::NodeId number, std::size_t record) const {
        const auto of_number = put_back_.find(number);
        return of_number != put_back_.end() && of_number->second.place(record);
    }
    /// What a number comes to with the blanks put back; nullopt: nobody has looked, or it could not be told.
    std::optional<std::optional<Reopened>> reopened(graph::NodeId number, std::size_t record) const;

  private:
    /// A decision, and the outcome of each pattern met so far.
    struct Family;
    struct Patterns;
    struct Numbers;
    struct Task;
    class Alike;
    void settle_alike(Task& task, Alike& alike, std::size_t first, std::span<const std::uint32_t> records,
                      std::vector<std::uint32_t>& left);
    void settle_some(Task& task, std::span<const std::uint32_t> records, std::vector<std::uint32_t>& left);
    void read(Task& task, std::span<const std::uint32_t> records);
    void choose(Task& task, std::span<const std::uint32_t> records);
    class BlankNames;
    void name_blanks(Patterns& patterns, std::size_t i, const RecordCells& cells, BlankNames& names) const;
    void meet_families(Task& task);
    void tell_apart(Task& task, std::span<const std::uint32_t> records, const std::vector<std::size_t>& more,
                    std::vector<std::uint32_t>& left);
    CodedOutcomes::Plain ask(RecordEvaluator& reader, graph::NodeId decision, std::uint32_t record) const;
    /// What an open outcome waits for, and what failed, which nobody can report.
    struct Named {
        std::string name;
        bool failed;  ///< nobody can report it
    };
    using Names = std::vector<Named>;
    std::optional<Names> names_of(const Family& family, const RecordCells& cells, BlankNames& names) const;
    static bool are_those_of(const Names& names, const Outcome::Open& open);

    /// A number with the blanks put back, under one reading.
    struct Filled {
        enum class Is : std::uint8_t { as_now, other, open, beyond } is = Is::as_now;
        bool there = false, certainly_null = false, has_low = false, has_high = false;
        feel::Decimal low, high;
        static Filled of(const Cell& filled, const Cell& now);
        std::optional<AbstractValue> value() const;
    };
    struct PutBack {
        std::vector<std::uint32_t> records;
        std::vector<std::array<Filled, 2>> found;  ///< of scores, all
        // Of a choice that may come to one of several values:
        std::vector<std::uint32_t> which;  ///< by place among the records, from 1; 0: `found` tells it
        std::vector<std::optional<Reopened>> shared;
        /// nullopt: it is not among them.
        std::optional<std::size_t> place(std::size_t record) const;
    };

    const CellSources sources_;
    MakeReader make_reader_;
    unsigned threads_;
    const std::vector<graph::NodeId>& read_later_;  ///< ascending
    Count count_;
    std::map<graph::NodeId, Shared> shared_;
    std::map<graph::NodeId, PutBack> put_back_;
};

}  // namespace zoneval::exec
