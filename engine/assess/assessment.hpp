// One annual assessment: data and earlier runs in, evaluated cohort and a run to save out.
#pragma once

#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/assess/note.hpp"
#include "engine/exec/by_columns/column_evaluation.hpp"
#include "engine/exec/results/targets.hpp"
#include "engine/graph/graph.hpp"
#include "engine/store/store.hpp"

namespace zoneval::exec {
class Kinds;
}

namespace zoneval::assess {

struct TargetProgress {
    const model::Target* target = nullptr;
    std::vector<exec::Progress> published;      ///< oldest first
    std::optional<exec::Progress> measured;     ///< on the assessed records
    const model::Target::Goal* goal = nullptr;  ///< in force on the day of the assessment; nullptr: none yet
};

/// What an assessment reads beside the rules.
struct Basis {
    store::Snapshot snapshot;
    std::map<std::int32_t, std::shared_ptr<const store::Run>> earlier;  ///< by year, as far back as the rules look
    /// Of other rule sets whose outcomes the rules use, by their id and year.
    std::map<std::pair<std::string, std::int32_t>, std::shared_ptr<const store::Run>> others;
    std::map<std::string, std::vector<store::Ruling>> others_rulings;  ///< of those rule sets, the oldest first
    std::vector<store::Ruling> rulings;                                ///< of the rule set, the oldest first
    std::int64_t last_ruling = 0;                                      ///< of any rule set; 0: none
    std::int64_t last_run = INT64_MAX;                                 ///< runs after it were not there yet
};

/// Who has no row this year that had one at the last review, and who is new.
struct Attendance {
    std::int32_t before = 0;  ///< the year compared with; 0: it has the same records, or none
    struct Left {
        std::string record;
        std::vector<std::pair<std::string, std::string>> stood;  ///< decision and outcome then, as people read it
        bool adverse = false;                                    ///< one of them was
    };
    std::vector<Left> left;                                      ///< those with an adverse outcome first
    std::vector<std::string> entered;                            ///< without those that go on under another name
    std::vector<std::pair<std::string, std::string>> near;       ///< one that entered and one that left, alike
    std::vector<std::pair<std::string, std::string>> succeeded;  ///< as declared: the old name, the new
};

struct Assessment {
    Basis basis;
    std::shared_ptr<const graph::Graph> graph;
    std::unique_ptr<Table> table;
    std::unique_ptr<exec::History> history;             ///< reads the store
    std::shared_ptr<const exec::Kinds> kinds;           ///< records of other kinds; null: there are none
    std::map<std::int32_t, const Table*> earlier_data;  ///< by year: what `prior` of an input read
    exec::Evaluation evaluation;                        ///< points into graph, table and history
    store::Run run;                                     ///< not saved yet
    std::vector<TargetProgress> targets;
    std::vector<Note> notes;  ///< what a reader must know: gaps in history, invented data …
    Diagnostics findings;     ///< what to look into: figures that are old …
    Attendance attendance;
    std::vector<store::Ruling> rulings;  ///< of the rule set, as known to whoever asks; basis.rulings is what was read
};

/// Id of the rule that fired; empty when none did.
std::string rule_name(const graph::Node& decision, const exec::Outcome& outcome);

/// A rule set and everything needed to load it again, from loaded files.
store::RuleSetText ruleset_text(const model::RuleSet& rules);
/// The rule set of a stored run. Throws StoreError when the text is gone or no longer loads.
std::shared_ptr<const graph::Graph> load_stored(const store::RuleSetText& text);

/// The newest data, and the newest run of each earlier year the rules look back to.
Basis newest_basis(const graph::Graph& graph, const store::Store& store, std::int32_t year);
/// The basis a stored run had.
Basis basis_of(const store::Run& run, const store::Store& store);

struct Options {
    bool exact = false;           ///< all in decimals, by the reference evaluator: the same outcome, slower
    exec::ColumnOptions columns;  ///< its threads and progress also serve loading and writing
    std::stop_token stop{};       ///< looked at between stages, and by columns every few thousand records
    /// Definitions whose values are recorded beside those that are now: as a run did that is made again.
    std::vector<std::string> also_recorded = {};
    /// What the year is known to come to: it is taken as it is, and of its records those alone are looked at in full
    /// that somebody asks the evaluation about.
    const store::Run* recorded = nullptr;
};

/// Throws InputError when there are no data for the year, or the evaluation cannot be made, and Stopped when asked to
/// stop. The store must outlive the result.
Assessment assess(std::shared_ptr<const graph::Graph> graph, const store::Store& store, std::int32_t year,
                  const Basis& basis, const Options& options = {});

}  // namespace zoneval::assess
