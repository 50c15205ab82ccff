// What a stored run said, found by record and name. For assessment.cpp.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/exec/results/evaluation.hpp"
#include "engine/feel/value/value.hpp"
#include "engine/store/store.hpp"
#include "engine/table/row_finder.hpp"

namespace zoneval::assess {

class EarlierRun {
  public:
    /// Of the decisions and measures named. The run must outlive it. Throws std::runtime_error when the run's columns
    /// are not as the store writes them.
    EarlierRun(const store::Run& run, const std::set<std::string>& names);
    EarlierRun(const EarlierRun&) = delete;
    EarlierRun& operator=(const EarlierRun&) = delete;

    /// nullopt: the record took no part.
    std::optional<feel::Value> value(const std::string& name, exec::RecordAt record) const;
    /// What the value comes to with the blanks put back that it rested on; nullopt: it rested on none.
    std::optional<exec::Reopened> reopened(const std::string& name, exec::RecordAt record) const;
    /// Whether any record's value did.
    bool rests_on_blanks(const std::string& name) const;
    /// All of that for every row of a table.
    exec::EarlierColumn column(const std::string& name, const Table& now) const;

  private:
    void index(const store::Decisions& decisions);
    void index(const store::Measured& measured);

    std::optional<std::uint32_t> row(exec::RecordAt record) const;

    const store::Run& run_;
    RowFinder<Texts> rows_;
    struct Column {
        const std::vector<std::uint32_t>* codes = nullptr;  ///< nullptr: a value for each record
        std::vector<feel::Value> values;
        std::unordered_map<std::size_t, std::string> with_blanks;  ///< as stored, by code or row
        std::size_t place(std::size_t row) const { return codes ? (*codes)[row] : row; }
    };
    std::unordered_map<std::string, Column> columns_;
};

}  // namespace zoneval::assess
