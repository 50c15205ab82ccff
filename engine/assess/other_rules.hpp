// Earlier years that other rules judged, and verdicts that a run replaces.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/assess/assessment.hpp"

namespace zoneval::assess {

/// Names of what a stored rule set says otherwise than the one in use; empty: nothing that decides.
std::set<std::string> said_otherwise(const graph::Graph& now, const store::Store& store,
                                     const std::string& ruleset_hash);

/// ZV508 for the years an assessment builds on that other rules judged, told by content.
void find_other_rules(const graph::Graph& graph, const store::Store& store, const Basis& basis, std::int32_t year,
                      Diagnostics& found);

/// ZV339 for rulings of this rule set's store whose decision rests on something that the rules say otherwise now.
void find_rulings_under_other_rules(const graph::Graph& graph, const store::Store& store, Diagnostics& found);

/// What a run says otherwise than the one that stood for its rule set and year.
struct Replaced {
    std::int64_t run = 0;  ///< 0: it replaces none, or says the same
    std::size_t records = 0;
    struct Change {
        std::string record, decision, before, now;  ///< as FEEL; "": open
    };
    std::vector<Change> changes;
    std::set<std::string> rules;  ///< what the rules say otherwise now
    bool data = false;            ///< the data are others
    bool stands = false;          ///< the other one is published: it is not replaced, only told apart from
};
Replaced replaced_by(const Assessment& assessment, const store::Store& store);

/// ZV509 where the rules are others.
void find_replaced(const Replaced& replaced, std::int32_t year, Diagnostics& found);
/// The same as a note where only data came, or rulings: nullopt where nothing is to be told.
std::optional<Note> note_of(const Replaced& replaced, std::int32_t year);

/// That a published run stands for the year, so that this one is a draft beside it; nullopt: none does.
std::optional<Note> stands_beside(const store::Store& store, const store::Run& run);

}  // namespace zoneval::assess
