// Records of other kinds: evaluated once for a year, and what functions over them come to for each record they belong
// to.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/exec/kinds/together.hpp"
#include "engine/exec/results/evaluation.hpp"

namespace zoneval::exec {

/// The records of one kind, as they were given.
struct KindRecords {
    Table table;                          ///< of a year; of a kind with dates all there are, whenever
    bool supplied = false;                ///< somebody has given data of that kind: who has no record then has none
    std::vector<KindRecords> below = {};  ///< of the kinds whose records belong to these
};

class Kinds {
  public:
    using Evaluate = std::function<Evaluation(const graph::Graph&, const Table&, const History&)>;
    /// `records`: one for each of graph.kinds; `earlier`: what else is handed on to the owners, for kinds that read
    /// what is computed for them. The graph and the owners' table must outlive it.
    Kinds(const graph::Graph& graph, const Table& owners, std::vector<KindRecords> records, const History& earlier,
          const Evaluate& evaluate);
    ~Kinds();

    /// What the function at that node comes to, by row of the owners.
    const std::vector<feel::Value>& values(graph::NodeId of) const { return results_.at(of).values; }
    using Reopenings = std::unordered_map<std::uint32_t, Reopened>;
    /// By row: with the blanks put back that a known value rests on; nullptr: none rests on any.
    const std::shared_ptr<const Reopenings>& reopened(graph::NodeId of) const { return results_.at(of).reopened; }

    /// Not yet, while others are computed that it does not rest on.
    bool has(graph::NodeId of) const { return results_.contains(of); }

    const Evaluation& evaluation(std::size_t kind) const;
    /// The records of the kinds that belong to a kind's own; nullptr: it has none.
    const Kinds* below(std::size_t kind) const;
    /// The records of a kind that belong to an owner, as records of that evaluation.
    std::vector<std::uint32_t> belonging(std::size_t kind, std::size_t row) const;
    /// Whether a record has a part in the function, as things are.
    KindTerm::In takes_part(graph::NodeId of, std::size_t record) const;
    /// Owners that records of a kind name and that are not there, each once.
    std::vector<std::string> strangers(std::size_t kind) const;
    bool supplied(std::size_t kind) const;

  private:
    struct OfKind;
    struct Results {
        std::vector<feel::Value> values;
        std::shared_ptr<const Reopenings> reopened;
    };
    void compute(const graph::Node& of);

    const graph::Graph& graph_;
    const Table& owners_;
    std::vector<std::unique_ptr<OfKind>> kinds_;
    std::map<graph::NodeId, Results> results_;
};

/// Earlier years, and this one's records of other kinds: all that is handed on to an evaluation.
class KindsHistory : public History {
  public:
    KindsHistory(std::unique_ptr<History> earlier, std::shared_ptr<const Kinds> kinds, const Table& owners)
        : kept_(std::move(earlier)),
          kept_kinds_(std::move(kinds)),
          earlier_(*kept_),
          kinds_(*kept_kinds_),
          owners_(owners) {}
    /// Both must outlive it.
    KindsHistory(const History& earlier, const Kinds& kinds, const Table& owners)
        : earlier_(earlier), kinds_(kinds), owners_(owners) {}

    std::optional<feel::Value> value(const graph::Node& node, RecordAt record, std::int32_t year) const override;
    std::optional<Reopened> reopened(const graph::Node& node, RecordAt record, std::int32_t year) const override;
    bool may_be_reopened(const graph::Node& node, std::int32_t year) const override;
    std::optional<EarlierColumn> column(const graph::Node& node, const Table& now, std::int32_t year) const override;

  private:
    std::unique_ptr<History> kept_;
    std::shared_ptr<const Kinds> kept_kinds_;
    const History& earlier_;
    const Kinds& kinds_;
    const Table& owners_;
};

/// EarlierColumn::places of a table's records among those of another, by whose rows values are handed on.
std::vector<std::uint32_t> places_in(const Table& there, const Table& now);

}  // namespace zoneval::exec
