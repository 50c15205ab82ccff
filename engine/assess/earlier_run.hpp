// What a stored run said, found by record and name. For assessment.cpp.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/exec/results/evaluation.hpp"
#include "engine/feel/value/value.hpp"
#include "engine/store/store.hpp"

namespace zoneval::assess {

class EarlierRun {
  public:
    /// The run must outlive it. Throws std::runtime_error when the run's columns are not as the store writes them.
    explicit EarlierRun(const store::Run& run);
    EarlierRun(const EarlierRun&) = delete;
    EarlierRun& operator=(const EarlierRun&) = delete;

    /// nullopt: the record took no part.
    std::optional<feel::Value> value(const std::string& name, const std::string& record) const;
    /// What the value comes to with the blanks put back that it left out; nullopt: it left none out.
    std::optional<exec::AbstractValue> reopened(const std::string& name, const std::string& record) const;
    /// Whether any record's value left blanks out.
    bool left_out(const std::string& name) const;

  private:
    void index(const store::Decisions& decisions);
    void index(const store::Measured& measured);

    const store::Run& run_;
    RowIndex rows_;
    struct Column {
        const std::vector<std::uint32_t>* codes = nullptr;  ///< nullptr: a value for each record
        std::vector<feel::Value> values;
        std::unordered_map<std::size_t, exec::AbstractValue> reopened;  ///< by row
    };
    std::unordered_map<std::string, Column> columns_;
};

}  // namespace zoneval::assess
