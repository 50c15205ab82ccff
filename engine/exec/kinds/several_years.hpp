// What the data of several years come to (graph::YearsForm): each year's records evaluated by themselves.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "engine/exec/results/evaluation.hpp"

namespace zoneval::exec {

/// Whether the rule set asks for data of years beside its own.
bool reads_several_years(const graph::Graph& graph);
/// The years that it asks for, of those there are.
std::vector<std::int32_t> years_read(const graph::Graph& graph, const std::vector<std::int32_t>& there);

class SeveralYears {
  public:
    using Evaluate = std::function<Evaluation(const graph::Graph&, const Table&, const History&)>;
    /// `others`: the data of the years that are read, in ascending order; this year's are `now`, which must outlive it.
    SeveralYears(const graph::Graph& graph, const Table& now, std::vector<Table> others, const Evaluate& evaluate);
    ~SeveralYears();

    /// By row of `now`.
    const std::vector<feel::Value>& values(graph::NodeId of) const { return values_.at(of); }

  private:
    class Year;
    void between(const graph::Node& of);
    void statistic(const graph::Node& of);

    const Table& now_;
    Evaluate evaluate_;
    std::unique_ptr<const graph::Graph> graph_;  ///< what the operands need, and no more
    std::vector<std::unique_ptr<Year>> years_;   ///< ascending, with this year
    std::size_t this_year_ = 0;
    std::map<graph::NodeId, std::vector<feel::Value>> values_;
};

/// Earlier years, and what several years come to.
class SeveralYearsHistory : public History {
  public:
    SeveralYearsHistory(std::unique_ptr<History> earlier, std::shared_ptr<const SeveralYears> years, const Table& now)
        : earlier_(std::move(earlier)), years_(std::move(years)), now_(now) {}

    std::optional<feel::Value> value(const graph::Node& node, RecordAt record, std::int32_t year) const override;
    std::optional<Reopened> reopened(const graph::Node& node, RecordAt record, std::int32_t year) const override;
    bool may_be_reopened(const graph::Node& node, std::int32_t year) const override;
    std::optional<EarlierColumn> column(const graph::Node& node, const Table& now, std::int32_t year) const override;

  private:
    std::unique_ptr<History> earlier_;
    std::shared_ptr<const SeveralYears> years_;
    const Table& now_;
};

}  // namespace zoneval::exec
