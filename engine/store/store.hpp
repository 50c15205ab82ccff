// The ledger: data as imported, and assessments, in one SQLite file. Append-only.
//
// observation data   batch (one imported file, a revision) and batch_column (the cells of a column in one JSON text:
//                    exact, compact, and readable with plain sqlite3 through the view `observation`)
// rule sets          ruleset (hash) and ruleset_file (path, text): everything a run needs to be run again
// logbook            in which order all of it came, by whom, and with which libraries runs were made
// runs               run (year, rule-set hash, snapshot, engine version, the runs it built on, hash, previous hash),
//                    run_cohort, run_decision and run_measure: what it decided and kept, by column
// schemas/*.sql hold the DDL with a comment on every table and column.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/io/reading/import.hpp"
#include "engine/store/damage.hpp"
#include "engine/table/table.hpp"
#include "engine/table/texts.hpp"
#include "engine/table/work.hpp"

namespace zoneval::store {

struct RuleSetFile {
    std::string path, text;
};
struct RuleSetText {
    std::string id;
    std::string entry;  ///< path of the file that was given; others are its imports
    std::vector<RuleSetFile> files;
    std::string hash() const;  ///< SHA-256 over paths (relative to the entry) and texts
};

/// A state of the data: every batch up to and including a revision.
struct Snapshot {
    std::int64_t revision = 0;  ///< 0: no data
    std::string hash;           ///< over the hashes of the batches
};

/// What a decision came to.
struct Outcome {
    /// How it came about; before version 4 of the store it was told by which texts are empty (run_columns.cpp).
    enum class Ending : std::uint8_t { fired, by_default, nothing_fired, open, conflict };
    Ending ending = Ending::nothing_fired;
    std::string value;        ///< FEEL text of the value; empty while open or in conflict
    std::string rule;         ///< id of the rule that fired; of a conflict, a FEEL list of the two that hold
    std::string because;      ///< the reason as shown; empty when none
    std::string possible;     ///< open: FEEL list of the outcomes still possible; "" when they are not known
    std::string waiting_for;  ///< open: FEEL list of the inputs that would settle it
    std::string failed = "";  ///< open: FEEL list of what failed on data that are there; "" when nothing did
    /// Where it rests on blanks that were made facts of: what it comes to with them put back, for later years.
    std::string with_blanks = "";
    friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// One decision about every record of a run.
class Decisions {
  public:
    explicit Decisions(std::string decision = "") : name(std::move(decision)) {}
    std::string name;
    std::vector<Outcome> outcomes;     ///< the different ones, in order of appearance
    std::vector<std::uint32_t> codes;  ///< of each record: index into outcomes

    const Outcome& of(std::size_t record) const { return outcomes[codes[record]]; }
    /// The code of an outcome, entered if new.
    std::uint32_t code(Outcome outcome);
    void append(Outcome outcome) { codes.push_back(code(std::move(outcome))); }

  private:
    RowIndex index_;
};

/// A measure or score kept for every record: the exact FEEL texts, as the store holds them.
class Measured {
  public:
    explicit Measured(std::string measure = "") : name(std::move(measure)) {}
    std::string name;
    /// JSON: "91.2"; where there is no value ["why"]; where it left blanks out also what it comes to with them:
    /// ["91.2", "[80..95]"]
    std::string cells = "[]";

    void append(std::string_view value);
    void append(std::string_view value, std::string_view with_blanks);
    void append(Scaled number);
    void append(Scaled number, std::string_view with_blanks);
    void append_null(std::string_view cause);
};

/// A definition that results show, for every record. Nothing is decided on it: what later years read is Measured.
struct Published {
    std::string name, unit;
    std::optional<int> decimals;
    /// As an imported column has them (cell_text.hpp), null where there is no value for another reason than data; or of
    /// what form `packed` is.
    std::string cells;
    std::string packed = {};  ///< as PackedNumbers::cells
    friend bool operator==(const Published&, const Published&) = default;
};

/// Reads Measured::cells front to back; std::runtime_error when they are not of that form.
class MeasuredReader {
  public:
    explicit MeasuredReader(std::string_view cells);
    ~MeasuredReader();
    /// The value, or why there is none; and for a value that left blanks out, what it comes to with them. Until the
    /// next call.
    struct Cell {
        bool is_value = false;
        std::string_view text, with_blanks;
    };
    std::optional<Cell> next();

  private:
    std::unique_ptr<class ArrayReader> reader_;
};

/// Whether a run is what an agency stands by. One of a rule set and year is published at a time.
struct Standing {
    enum class State : std::uint8_t { draft, published, superseded };
    State state = State::draft;
    std::string approver, published_at;  ///< unless a draft
};

/// By name, the versions of what meaning rests on beside zoneval: decimals, regular expressions, time zones.
using Libraries = std::map<std::string, std::string>;

struct Run {
    std::int64_t id = 0;  ///< given by the store
    std::string ruleset, ruleset_hash;
    std::int32_t year = 0;
    Snapshot snapshot;
    std::string engine_version;
    std::string created_at, created_by;  ///< not part of the hash; created_by empty when saved: the user's name
    Libraries libraries;                 ///< not part of the hash; empty: of a store that did not keep them
    Standing standing;                   ///< as the publications have it; not part of the hash
    std::vector<std::int64_t> built_on;  ///< ids of earlier runs read through `prior` and `over`
    std::int64_t last_ruling = 0;        ///< the last it knew; 0: none
    std::string hash, previous_hash;
    Texts records;
    std::vector<Decisions> decisions;
    std::vector<Measured> measured;
    std::vector<Published> published;  ///< to be saved; Store::published reads them
    struct Torn {
        std::string of;                      ///< the decision or measure; empty: who took part
        std::vector<std::size_t> records{};  ///< whose outcome, value or name cannot be read
    };
    std::vector<Torn> torn;  ///< in Mode::as_it_stands

    const Decisions* decision(std::string_view name) const;
};

/// An import that no longer counts.
struct Withdrawal {
    std::int64_t revision = 0, withdrawn = 0;  ///< from this revision on; the import
    std::string by, reason, at;
};

/// What people decided about one record, year and decision.
struct Ruling {
    std::int64_t id = 0;   ///< given by the store
    std::int64_t run = 0;  ///< the run it rules on
    std::string ruleset, ruleset_hash;
    std::int32_t year = 0;
    std::string record, decision;
    std::string outcome;             ///< FEEL text of the value
    std::string by_rules, possible;  ///< what the rules gave, or, where they left it open, among what (FEEL texts)
    bool over_rules = false;         ///< it stands whatever the rules give
    std::string by, reason, document, document_sha256;
    std::string created_at, created_by;  ///< created_by is not part of the hash
    std::string hash, previous_hash;
};

/// A run made public by somebody other than its author.
struct Publication {
    std::int64_t id = 0;                   ///< given by the store
    std::int64_t run = 0, supersedes = 0;  ///< supersedes: the run whose place it takes; 0: none was published
    std::string author, approver, reason;
    std::int64_t last_ruling = 0;        ///< the last one at that time; 0: none
    std::string root;                    ///< of the tree of its verdicts (engine/seal), in hexadecimal
    std::string created_at, created_by;  ///< created_by is not part of the hash
    std::string hash, previous_hash;
};

/// Thrown for what the store itself cannot do (locked, full, newer version, not a store): ZV501 to ZV505.
class StoreError : public InputError {
    using InputError::InputError;
};

std::string to_string(Standing::State state);  ///< draft, published, superseded
std::string now_utc();                         ///< ISO 8601, to the second

class Transaction;
class ReadTransaction;

class Store {
  public:
    /// `to_read`: it must exist, and nothing is written; a small one, and one of an earlier version, is read through a
    /// copy of its state as it was opened. The other two bring it forward.
    /// `to_try`: through such a copy, which may be written to; nothing of it reaches the file.
    /// `as_it_stands`: as `to_read`, and held against no hash: for whoever tells what altered data come to. A cell that
    /// cannot be read is not reported, and what of a run cannot be read is said to be torn.
    enum class Mode { create_or_open, must_exist, to_read, to_try, as_it_stands };
    /// Waits that long where others use the file, then throws StoreError.
    Store(const std::string& path, Mode mode, std::chrono::milliseconds wait = std::chrono::seconds(30));
    ~Store();
    Store(Store&&) noexcept;

    /// While it lives, all that is read is of one state of the store. One inside another, or inside what is written, is
    /// part of it.
    class Reading {
      public:
        explicit Reading(std::unique_ptr<ReadTransaction> transaction);
        ~Reading();
        Reading(Reading&&) noexcept;

      private:
        std::unique_ptr<ReadTransaction> transaction_;
    };
    Reading read() const;
    Reading read_sound() const;  ///< a state that is sound: throws as require_sound() does

    /// While it lives nobody else writes. What is written until it is committed is there whole or not at all.
    class Writing {
      public:
        Writing(Store& store, std::unique_ptr<Transaction> transaction);
        ~Writing();
        Writing(Writing&&) noexcept;
        void commit();

      private:
        Store* store_;
        std::unique_ptr<Transaction> transaction_;
        bool committed_ = false;
    };
    Writing write();

    /// One transaction, whatever was imported before. Returns the revision it is.
    std::int64_t import(const io::ImportedRows& rows, const DatasetSchema& schema, const std::string& note,
                        const Work& work = {});
    /// The newest import that still counts of the same bytes: `same_reading` when the dataset was declared as it is
    /// now, so that it holds the same rows.
    struct Before {
        Batch batch;
        bool same_reading = false;
    };
    std::optional<Before> imported_before(const io::ImportedRows& rows, const DatasetSchema& schema) const;
    std::vector<Batch> batches(const std::string& record_kind) const;

    Snapshot latest() const;
    std::optional<Snapshot> at(std::int64_t revision) const;
    /// Years for which a snapshot holds rows of a kind, ascending.
    std::vector<std::int32_t> years(const std::string& record_kind, const Snapshot&) const;
    /// Rows of one year, later revisions over earlier ones cell by cell: a blank in a later file keeps the earlier
    /// value, a missing code (not applicable, suppressed …) replaces it. `columns` gives names, types and the kinds
    /// of missing of empty cells and of records without a row (see without_row).
    Table load(const std::string& record_kind, std::int32_t year, const Snapshot&,
               const std::vector<ColumnSchema>& columns, const Work& work = {}) const;
    /// From a new revision on, which is returned, an import no longer counts. StoreError where it is none, or
    /// withdrawn.
    std::int64_t withdraw(std::int64_t revision, const std::string& by, const std::string& reason);
    std::vector<Withdrawal> withdrawals() const;  ///< the oldest first
    /// The newest revision that changed what is known of a year since another; 0: none did.
    std::int64_t last_revision(const std::string& record_kind, std::int32_t year, std::int64_t since = 0) const;
    /// The last year for which a snapshot holds cells of a column; nullopt: nobody has supplied it.
    std::optional<std::int32_t> last_year(const std::string& record_kind, const std::string& column,
                                          const Snapshot&) const;
    /// The columns with what a record without a row is: `no_row` where the column has been supplied, else not reported.
    std::vector<ColumnSchema> without_row(const std::string& record_kind, const Snapshot&,
                                          std::vector<ColumnSchema> columns) const;
    /// Every record seen in or before `year`, in order of first appearance.
    std::vector<std::string> roster(const std::string& record_kind, std::int32_t year, const Snapshot&) const;

    void save(const RuleSetText& text);  ///< once for each hash
    RuleSetText ruleset(const std::string& hash) const;

    /// Writes a run in one transaction: sets id, hashes (chained over all earlier runs), created_at.
    void save(Run& run);
    /// The run that stands for a rule set and a year: the published one, or else the newest; nullopt when there is
    /// none.
    std::optional<Run> latest_run(const std::string& ruleset, std::int32_t year) const;
    std::optional<Run> run(std::int64_t id) const;
    /// What a run published; empty for one of a store before version 8.
    std::vector<Published> published(std::int64_t run) const;
    /// Headers only (no records, decisions or measures), oldest first.
    std::vector<Run> runs() const;
    /// Records a ruling: sets id, hashes, created_at.
    void save(Ruling& ruling);
    /// Of a rule set, up to one of the store's rulings; the oldest first.
    std::vector<Ruling> rulings(const std::string& ruleset, std::int64_t up_to = INT64_MAX) const;
    std::int64_t last_ruling() const;                   ///< of any rule set; 0: none
    std::string hash_of_ruling(std::int64_t id) const;  ///< as recorded; "": no such ruling
    /// Makes a run public: sets id, hashes, created_at, author. The caller has seen that it may be.
    void save(Publication& publication);
    std::vector<Publication> publications() const;  ///< the oldest first

    /// Over what a run decided and kept, whenever and on what it did: equal for runs that came out the same.
    std::string content_hash(std::int64_t run) const;
    /// Recomputes the chain; the id of the first run that does not match, if any.
    /// `alone`: whatever the data and rules are that it rests on.
    std::optional<std::int64_t> first_broken_run(bool alone = false) const;
    /// The first ruling that is not as it was recorded, if any.
    std::optional<std::int64_t> first_broken_ruling() const;
    std::optional<std::int64_t> first_broken_publication() const;
    /// Throws StoreError when something that a run rests on, or that decides what is read, is not what was recorded:
    /// nothing in such a store can be relied on. Looks once at what nobody has written to since.
    void require_sound() const;
    /// Everything that is not as it was recorded: also what no run has seen, what only readers with SQL use, and the
    /// file as SQLite sees it.
    std::vector<Damage> damage() const;

  private:
    void look_at_what_is_recorded(std::vector<Damage>& found) const;

    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace zoneval::store
