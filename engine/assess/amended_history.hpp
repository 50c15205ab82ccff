// Earlier years with what people decided and declared: rulings on open outcomes, and records that had other names.
#pragma once

#include <deque>
#include <memory>

#include "engine/assess/rulings.hpp"
#include "engine/assess/successions.hpp"
#include "engine/exec/results/evaluation.hpp"

namespace zoneval::assess {

class AmendedHistory : public exec::History {
  public:
    AmendedHistory(std::unique_ptr<exec::History> recorded, const model::RuleSet& rules, Rulings rulings)
        : recorded_(std::move(recorded)), successions_(rules), rulings_(std::move(rulings)) {}

    std::optional<feel::Value> value(const graph::Node& node, exec::RecordAt record, std::int32_t year) const override;
    std::optional<exec::Reopened> reopened(const graph::Node& node, exec::RecordAt record,
                                           std::int32_t year) const override;
    bool may_be_reopened(const graph::Node& node, std::int32_t year) const override {
        return recorded_->may_be_reopened(node, year);
    }
    std::optional<exec::EarlierColumn> column(const graph::Node& node, const Table& now,
                                              std::int32_t year) const override;

  private:
    /// The names it stood under, all that is asked for; empty: what it was then is unknown.
    std::vector<std::string> names(const graph::Node& node, exec::RecordAt record, std::int32_t year) const;
    // Of a name that was on record then.
    const store::Ruling* ruling(const graph::Node& node, exec::RecordAt name, std::int32_t year) const;
    std::optional<feel::Value> ruled(const graph::Node& node, exec::RecordAt name, std::int32_t year) const;
    std::optional<exec::Reopened> reopened_as(const graph::Node& node, exec::RecordAt name, std::int32_t year) const;
    std::optional<feel::Value> agreed(const graph::Node& node, const std::vector<std::string>& names, std::size_t row,
                                      std::int32_t year) const;

    /// Rows of a table that a plain join does not tell.
    struct Amended {
        std::vector<std::size_t> unknown;
        std::vector<std::pair<std::size_t, feel::Value>> ruled;
    };
    Amended under_earlier_names(const graph::Node& node, const Table& now, std::int32_t year, Table& then) const;

    std::unique_ptr<exec::History> recorded_;
    mutable std::deque<std::vector<feel::Value>> amended_;  ///< what columns point to, as long as this lasts
    Successions successions_;
    Rulings rulings_;
};

}  // namespace zoneval::assess
