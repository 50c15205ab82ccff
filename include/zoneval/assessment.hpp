// What a rule set says of the records of one year: outcomes, reasons, explanations, and all of it as columns.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "zoneval/arrow.hpp"
#include "zoneval/findings.hpp"

namespace zoneval {

/// What a decision came to for one record.
struct Outcome {
    /// A conflict is a mistake of the rules: two hold that the hit policy does not allow together.
    enum class Ending { fired, by_default, nothing, open, conflict };
    Ending ending = Ending::nothing;
    bool undetermined = false;             ///< open, or in conflict
    std::string value;                     ///< as text; empty when undetermined or no rule gave one
    std::string rule;                      ///< id of the rule that fired, or the two in conflict; "ruling 3" where
                                           ///< people decided; empty: none fired
    std::string because;                   ///< the rule's reason with its figures; empty: none
    std::vector<std::string> possible;     ///< undetermined: the outcomes still possible
    std::vector<std::string> waiting_for;  ///< undetermined: the data that would settle it
    std::vector<std::string> failed;  ///< undetermined: what failed on data that are there, such as a division by zero
};

struct ExplainOptions {
    std::string decision{};       ///< empty: the one that has adverse outcomes, else the first
    std::string language = "en";  ///< of titles
    bool json = false;            ///< instead of text for people
};

struct ResultOptions {
    std::vector<std::string> definitions{};  ///< by name, in this order; empty: all measures, scores and decisions
    std::string language = "en";             ///< of titles in the schema
    bool exact_numbers = false;              ///< numbers as texts of all their digits instead of the nearest doubles
};

/// One year, assessed. Keeps its store open; for one thread at a time.
class ZONEVAL_API Assessment {
  public:
    std::int32_t year() const;
    std::int64_t run() const;  ///< its number in the store
    const std::string& rule_set() const;
    std::size_t size() const;                       ///< records
    std::string record(std::size_t row) const;      ///< id; precondition: row < size()
    const std::vector<std::string>& notes() const;  ///< what a reader must know: gaps in history, invented data
    std::vector<std::string> decisions() const;     ///< by name

    /// ZV103 for a decision, ZV505 for a record that is not there.
    Result<Outcome> outcome(const std::string& decision, const std::string& record) const;
    /// The derivation of a verdict, down to the file and line of each figure.
    Result<std::string> explain(const std::string& record, const ExplainOptions& options = {}) const;

    /// One row for each record, as a struct array of the Arrow C data interface; gives the number of rows. Both structs
    /// are written only on success; the caller then owns them and calls the `release` of each (or hands them to a
    /// library that does, such as pyarrow's RecordBatch._import_from_c). They hold their own memory and outlive
    /// everything here.
    ///
    /// | column | type | holds |
    /// |---|---|---|
    /// | `record` | utf8 | the id, never null |
    /// | NAME of a number | float64 (utf8 with exact_numbers) | its value; null where there is none |
    /// | NAME of a text or of a decision | dictionary of utf8 by int32 | the same |
    /// | NAME of a truth value, a date | boolean, date32 | the same |
    /// | NAME of anything else | dictionary of utf8 by int32 | its text |
    /// | `NAME.missing`, of what is no decision | dictionary of utf8 | why it is null: "not reported", "not
    /// applicable", …; "null" when a formula gave null | | `NAME.rule`, `NAME.because` of a decision | dictionary of
    /// utf8 | rule and reason; null: none | | `NAME.possible`, `NAME.waiting_for` of a decision | list of utf8 | of an
    /// undetermined outcome; else null |
    ///
    /// The schema's metadata has zoneval.year, zoneval.run, zoneval.rule_set; that of a column zoneval.definition,
    /// zoneval.part ("value", "missing", "rule", …), zoneval.kind, and where there are any zoneval.title, zoneval.unit,
    /// zoneval.decimals, zoneval.cite.
    Result<std::size_t> results(ArrowSchema* schema, ArrowArray* array, const ResultOptions& options = {}) const;

    Assessment(Assessment&&) noexcept;
    Assessment& operator=(Assessment&&) noexcept;
    ~Assessment();
    class Impl;
    /// Not for callers: made by Store.
    explicit Assessment(std::unique_ptr<Impl> impl);

  private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace zoneval
