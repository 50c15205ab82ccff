// Data and assessments, kept in one SQLite file or in memory. Append-only: nothing recorded is changed.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "zoneval/assessment.hpp"
#include "zoneval/data.hpp"

namespace zoneval {

/// Every member has a default: name those you want, `{.threads = 4}`.
struct AssessOptions {
    unsigned threads = 1;    ///< the outcome does not depend on it
    bool exact = false;      ///< all in decimals, record by record: the same outcome, slower
    std::stop_token stop{};  ///< ends the work with finding ZV602; nothing of it is recorded
    /// Told now and then, on the calling thread, how many of `total` records are done. Must not throw.
    std::function<void(std::size_t done, std::size_t total)> progress{};
};

/// Which recorded assessment: by its number, or the newest of a rule set and a year.
struct RunWanted {
    std::int64_t run = 0;    ///< 0: by the others
    std::string rule_set{};  ///< an id; empty: the only one there is
    std::int32_t year = 0;   ///< 0: the last one assessed
};

struct RunHead {
    std::int64_t run = 0;
    std::string rule_set;
    std::int32_t year = 0;
    std::string created_at;  ///< UTC, ISO 8601
    std::string hash;        ///< of all it says and of every run before it
};

/// One store, for one thread at a time. What it makes keeps it open.
class ZONEVAL_API Store {
  public:
    /// Opens the file, or makes it.
    static Result<Store> open(const std::string& path);
    static Result<Store> in_memory();

    /// Records the rows as a revision and gives its number. Rows of bytes that were added before, read under the same
    /// declarations, change nothing, whatever came since: the number is that of then. A later revision counts over
    /// earlier ones cell by cell; a blank cell keeps what was there. `note` is shown wherever the data are shown.
    Result<std::int64_t> add(Data data, const std::string& note = "");
    /// Assesses a year on the newest data and the newest assessment of each earlier year, and records it whole.
    Result<Assessment> assess(const RuleSet& rules, std::int32_t year, const AssessOptions& options = {});
    /// A recorded assessment, made again from the rules and data it was made from. ZV505 when it does not come out
    /// again as recorded.
    Result<Assessment> again(const RunWanted& wanted, const AssessOptions& options = {});
    /// Oldest first.
    Result<std::vector<RunHead>> runs() const;

    Store(Store&&) noexcept;
    Store& operator=(Store&&) noexcept;
    ~Store();

  private:
    class Impl;
    explicit Store(std::shared_ptr<Impl> impl);
    static Result<Store> made(const std::string& path);
    std::shared_ptr<Impl> impl_;
};

}  // namespace zoneval
