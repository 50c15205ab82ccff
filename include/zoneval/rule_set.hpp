// Rule files, loaded and checked.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "zoneval/findings.hpp"

namespace zoneval {

/// Gives the text of a file, or nothing when it cannot be read. What it throws becomes a finding.
using ReadFile = std::function<std::optional<std::string>(const std::string& path)>;

/// One named thing of a rule set.
struct Definition {
    enum class Kind { input, parameter, measure, score, decision };
    enum class Type { number, text, boolean, date, other };
    Kind kind = Kind::measure;
    Type type = Type::other;  ///< of its values; `other`: lists, times, durations, or not known
    std::string name;         ///< as formulas use it, UTF-8
    std::string title;        ///< in the language asked for, else the name
    std::string unit;         ///< "100 million CNY", "%"; empty: none
    std::string cite;         ///< document and clause; empty: none
    std::optional<int> decimals;
    std::vector<std::string> values;   ///< of a decision or a text input: those declared
    std::vector<std::string> adverse;  ///< of a decision: those never given while data are missing
};

/// A rule set without errors. Copies share one immutable rule set and may be used by several threads.
class ZONEVAL_API RuleSet {
  public:
    /// From disk; imports are read beside the file.
    static Result<RuleSet> load(const std::string& path);
    /// `entry` and its imports from wherever `read` finds them.
    static Result<RuleSet> load(const std::string& entry, const ReadFile& read);
    /// All that `zoneval check` finds, errors, gaps and overlaps, by place. Empty: nothing.
    static Findings check(const std::string& entry, const ReadFile& read);

    const std::string& id() const;
    /// `language`: a code such as "en" or "zh"; a language the rules do not have falls back to one they have.
    std::string title(const std::string& language = "en") const;
    const std::string& record() const;  ///< the kind of record it rates: "zone"
    /// In the order of the files, inputs first.
    std::vector<Definition> definitions(const std::string& language = "en") const;
    std::vector<std::string> datasets() const;  ///< empty: files hold all inputs

    class Impl;
    /// Not for callers: made by load.
    explicit RuleSet(std::shared_ptr<const Impl> impl);
    const Impl& impl() const { return *impl_; }

  private:
    std::shared_ptr<const Impl> impl_;
};

}  // namespace zoneval
