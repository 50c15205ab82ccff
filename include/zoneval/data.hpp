// Records of one or several years: read from a file, or built row by row. Every cell is checked against the rule set's
// inputs: type, range, declared values, translations and codes of what is missing.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "zoneval/rule_set.hpp"

namespace zoneval {

struct ReadOptions {
    std::string dataset{};   ///< of the rule set; may be empty when it has one or none
    std::string encoding{};  ///< of CSV files, any name iconv knows; empty: what the dataset says, else UTF-8
    std::string sheet{};     ///< of a workbook; empty: what the dataset says, else the first that is not hidden
    char delimiter = 0;      ///< 0: what the dataset says, else a comma
    unsigned threads = 1;    ///< the outcome does not depend on it
};

/// Checked rows, one for each record and year. May be moved, not copied; spent by Store::add.
class ZONEVAL_API Data {
  public:
    /// A CSV or XLSX file, told apart by content. All bad cells are found, each with its line or cell.
    static Result<Data> read(const RuleSet& rules, const std::string& path, const ReadOptions& options = {});
    /// The same of bytes in memory; `name` is shown where a file's name would be.
    static Result<Data> read_bytes(const RuleSet& rules, const std::string& name, const std::string& bytes,
                                   const ReadOptions& options = {});

    std::size_t size() const;                 ///< rows
    std::vector<std::int32_t> years() const;  ///< ascending, each once

    Data(Data&&) noexcept;
    Data& operator=(Data&&) noexcept;
    ~Data();
    class Impl;
    /// Not for callers: made by read, read_bytes and DataBuilder.
    explicit Data(std::unique_ptr<Impl> impl);
    Impl& impl() { return *impl_; }

  private:
    std::unique_ptr<Impl> impl_;
};

/// Builds a table cell by cell. What is not set stays blank, which means what the input's `blank` says (not reported,
/// unless the rules say otherwise). Values are in the input's unit. A cell is checked as if it stood in a file: line 2
/// of a finding is the first row.
class ZONEVAL_API DataBuilder {
  public:
    /// `name` is shown where a file's name would be. `inputs`: the columns there will be, by their names in the rules.
    DataBuilder(const RuleSet& rules, std::string name, std::vector<std::string> inputs, ReadOptions options = {});
    ~DataBuilder();
    DataBuilder(DataBuilder&&) noexcept;
    DataBuilder& operator=(DataBuilder&&) noexcept;

    /// Begins the row of a record in a year.
    DataBuilder& row(const std::string& record, std::int32_t year);
    /// Sets a cell of the row begun last. A double stands for the shortest decimal that reads back as it (0.1 is 0.1);
    /// a number that is not finite is refused by build(). Dates are texts: "2024-05-31".
    DataBuilder& set(const std::string& input, double number);
    DataBuilder& set(const std::string& input, std::int64_t number);
    DataBuilder& set(const std::string& input, int number) { return set(input, static_cast<std::int64_t>(number)); }
    DataBuilder& set(const std::string& input, bool truth);
    DataBuilder& set(const std::string& input, const std::string& text);
    DataBuilder& set(const std::string& input, const char* text) { return set(input, std::string(text)); }

    /// Checks all. An input that is not one of `inputs`, or a cell set before any row, is an error too. The builder is
    /// empty afterwards.
    Result<Data> build();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace zoneval
