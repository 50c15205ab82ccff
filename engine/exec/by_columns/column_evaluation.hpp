// The evaluation of a rule set by columns: the outcome of evaluate(), at the speed of columns. docs/exactness.md.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "engine/exec/results/evaluation.hpp"

namespace zoneval::exec {

class KeptValues;
struct Kernels;
struct NodeColumn;
struct Program;
struct Refusal;
class StringCodes;

/// What a run did, for `assess --profile`.
struct ColumnReport {
    struct Entry {
        graph::NodeId node = -1;
        double milliseconds = 0;
        std::size_t records = 0;    ///< that were computed
        std::size_t by_record = 0;  ///< of them by the reference evaluator
        std::string why;            ///< when all were: there is no kernel for it
    };
    std::vector<Entry> entries;             ///< in the order of the graph
    std::string kernels;                    ///< the instruction set
    std::size_t records = 0, in_doubt = 0;  ///< records that decimals had to settle or that wait for data
    /// Records whose blanks may decide, and those of them that were read one by one: the others are like one of these.
    std::size_t open = 0, read_alone = 0;
};

/// What was computed at once: cohort functions stand between one stage and the next.
struct ColumnStage {
    const Program& program;
    const std::vector<graph::NodeId>&written, decided;  ///< definitions it gave columns to, decisions it gave rules to
    const std::map<graph::NodeId, Refusal>& refused;    ///< definitions without a kernel, so far
    std::function<const NodeColumn&(graph::NodeId)> column;  ///< of one that was written; exact where it was in doubt
    const StringCodes& strings;
    const std::vector<std::uint32_t>&in_doubt, again;  ///< records that decimals, or a second look settled; ascending
};

/// The outcome depends on none of this.
struct ColumnOptions {
    unsigned threads = 1;
    ColumnReport* report = nullptr;    ///< filled when set; then one thread works
    std::size_t batch = 1024;          ///< rows at a time
    const Kernels* kernels = nullptr;  ///< nullptr: the machine's best
    /// Told now and then how many of `total` records are done, from the calling thread.
    std::function<void(std::size_t done, std::size_t total)> progress;
    std::function<void(const ColumnStage&)> watch;  ///< told of each stage after it has run
    bool every_definition = false;                  ///< columns for all, not only for what is kept or ranked
    std::vector<graph::NodeId> also{};              ///< columns for these, too: whoever reads them all asks at once
    /// These definitions and decisions, what is behind them, and nothing that later years may read.
    std::optional<std::vector<graph::NodeId>> only{};
    /// Of the decisions of records whose blanks may decide, only those that somebody asks for are computed, each then.
    bool when_asked = false;
    KeptValues* kept = nullptr;  ///< what records came to in earlier evaluations stays; for one thread
};

/// The same outcome as evaluate() without overrides, whatever the number of threads. What it returns keeps references
/// to all arguments and is for one thread.
Evaluation evaluate_columns(const graph::Graph& graph, const Table& table, const History& history,
                            const ColumnOptions& options = {});

}  // namespace zoneval::exec
