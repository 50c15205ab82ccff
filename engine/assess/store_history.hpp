// What earlier years hold, from a store: data as known in the snapshot, outcomes and scores as earlier runs recorded
// them. For assessment.cpp.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <unordered_set>

#include "engine/assess/assessment.hpp"
#include "engine/assess/earlier_run.hpp"

namespace zoneval::assess {

class StoreHistory : public exec::History {
  public:
    /// All must outlive it. Throws StoreError when an earlier run is not as it was recorded.
    StoreHistory(const graph::Graph& graph, const store::Store& store, const Basis& basis, std::int32_t year,
                 const Work& work);

    std::optional<feel::Value> value(const graph::Node& node, exec::RecordAt record, std::int32_t year) const override;
    std::optional<exec::Reopened> reopened(const graph::Node& node, exec::RecordAt record,
                                           std::int32_t year) const override;
    bool may_be_reopened(const graph::Node& node, std::int32_t year) const override;
    std::optional<exec::EarlierColumn> column(const graph::Node& node, const Table& now,
                                              std::int32_t year) const override;

    /// By year: the inputs that the rules look back at.
    const std::map<std::int32_t, Table>& tables() const { return tables_; }

  private:
    void find_first_run(const Basis& basis, std::int32_t year);
    bool before_the_rules(std::int32_t year) const;
    bool before_everything(std::int32_t year) const;
    bool was_there(const std::string& record, std::int32_t year) const;
    bool had_a_gap(const std::string& record, std::int32_t year) const;
    std::optional<feel::Value> input(const graph::Node& node, exec::RecordAt record, std::int32_t year) const;
    exec::EarlierColumn input_column(const graph::Node& node, const Table& now, std::int32_t year) const;
    void index_run(const store::Run& run, const std::set<std::string>& names);

    const model::RuleSet& rules_;
    const store::Store& store_;
    const store::Snapshot snapshot_;
    std::optional<std::int32_t> first_run_;   ///< the first year assessed, of those before this one
    std::optional<std::int32_t> first_year_;  ///< of which there are data
    mutable std::mutex rosters_in_use_;
    mutable std::map<std::int32_t, std::unordered_set<std::string>> rosters_;  ///< read when first asked
    mutable std::map<std::int32_t, std::unordered_set<std::string>> rows_;     ///< of a year; the same
    std::map<std::int32_t, EarlierRun> runs_;
    std::map<std::int32_t, Table> tables_;
};

}  // namespace zoneval::assess
